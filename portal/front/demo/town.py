"""Settle the demo town: its people, their departments, and applications in every state, through the portal's own activities."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.auth.hashers import make_password
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from catalog.merging.compiled import Plan
from catalog.models import Department
from catalog.staff.managers import appoint
from catalog.staff.memberships import enroll
from catalog.versions.matters import open_version
from matters.cases.department_view import plan_of
from matters.drafts.profile import profile_of
from matters.drafts.saving import plan_of as plan_of_draft
from matters.drafts.saving import save_answers, save_consents, save_values, start_draft
from matters.drafts.uploads import accepted_types, take_upload
from matters.models import Bundle, Channel, CorrectionNotice, SubItem
from matters.reviewing.corrections import Gap, request_correction
from matters.reviewing.gathering import close_due
from matters.reviewing.points import Judgement, check_points
from matters.reviewing.review import accept, claim, decide
from matters.submitting.submission import submit_bundle
from portal.accounts.models import DocumentKind, IdentityCheck, Person, User
from portal.accounts.people import find_person, prove, register_person
from portal.accounts.second_factor import keep_printed_seed
from portal.front.demo.births import (
    ANSWERS,
    BIRTHS,
    BORN,
    CONCLUDED,
    REGISTERED,
    RETURNED,
    Birth,
    form_values,
    scanned_page,
)
from portal.front.demo.companies import open_companies
from portal.front.demo.people import CITIZENS, OFFICERS, PASSWORD, seed_of, with_check_digit
from portal.front.demo.policies import offer_benefits
from portal.front.demo.sources import open_sources
from portal.front.demo.systems import connect_systems
from portal.outbox.processing import process


def settle() -> list[str]:
    """Bring the town about, once: what is there already stays as it is. Returns one line per thing that was added."""
    added = [*_people(), *_officers(), *open_sources(), *open_companies(), *offer_benefits(), *connect_systems()]
    for birth in BIRTHS:
        person, user, channel = _applicant(birth)
        if not Bundle.objects.filter(applicant=person).exists():
            added.append(f"{_apply(birth, person, user, channel).number} {birth.child}")
    return added


def _people() -> list[str]:
    added = []
    password = make_password(PASSWORD)
    for citizen in CITIZENS:
        user, is_new = User.objects.get_or_create(
            username=citizen.username, defaults={"name": citizen.name, "password": password}
        )
        if is_new:
            register_person(
                name=citizen.name,
                document_kind=DocumentKind.RESIDENT_ID,
                number=citizen.number,
                phone=citizen.phone,
                user=user,
                method=IdentityCheck.Method.DEMO,
            )
            added.append(citizen.name)
        elif not user.person.is_proved and find_person(DocumentKind.RESIDENT_ID, citizen.number) is None:
            prove(user.person, IdentityCheck.Method.DEMO)  # settled before identities were proved
    return added


def _officers() -> list[str]:
    added = []
    password = make_password(PASSWORD)
    departments = {department.code: department for department in Department.objects.all()}
    for officer in OFFICERS:
        user, is_new = User.objects.get_or_create(
            username=officer.username,
            defaults={
                "name": officer.name,
                "password": password,
                "is_staff": True,
                "is_superuser": officer.is_superuser,
            },
        )
        keep_printed_seed(user, seed_of(officer.username))
        if is_new:
            for code, role in officer.roles:
                enroll(user, departments[code], role)
            for office in officer.offices:
                appoint(user, office)
            added.append(officer.name)
    return added


def _apply(birth: Birth, person: Person, user: User, channel: str) -> Bundle:
    """Fill in, submit and move one family's application as far as it has come."""
    draft = start_draft(
        version=open_version("newborn"), applicant=person, entered_by=user, answers={}, profile={}, channel=channel
    )
    save_answers(draft, ANSWERS | {"relation": birth.relation, "claim": birth.claim}, profile_of(person))
    plan = plan_of_draft(draft)
    born_on = timezone.localdate() - timedelta(days=birth.born_days_ago)
    values = {key: value for key, value in form_values(birth, born_on).items() if key in plan.fields}
    save_values(draft, values, seen=draft.revision)
    for material in plan.materials_for(values):
        if material.is_owed:
            accepted = accepted_types(material.accept)
            kind = "JPEG" if "image/jpeg" in accepted else "PDF"
            page = SimpleUploadedFile(f"{material.name}.{kind.lower()}", scanned_page(material.code, kind))
            take_upload(draft, material.key, page, accept=accepted)
    save_consents(draft, [consent.key for consent in plan.consents])
    bundle = submit_bundle(draft=draft, by=user)
    process("fan_out")
    _advance(bundle, birth, plan, born_on.isoformat())
    return bundle


def _applicant(birth: Birth) -> tuple[Person, User, str]:
    if birth.username:
        user = User.objects.get(username=birth.username)
        return user.person, user, Channel.ONLINE
    parent = birth.applicant
    person = register_person(
        name=parent.name,
        document_kind=DocumentKind.RESIDENT_ID,
        number=parent.number,
        phone=parent.phone,
        method=IdentityCheck.Method.DEMO,
    )
    return person, User.objects.get(username="sun"), Channel.COUNTER


def _advance(bundle: Bundle, birth: Birth, plan: Plan, born_on: str) -> None:
    serial = BIRTHS.index(birth) + 1
    child_number = with_check_digit(
        f"{birth.district}{born_on.replace('-', '')}{900 + serial * 2 + (birth.sex == '1'):03d}"
    )
    if birth.stage >= BORN:
        _approve(bundle, "birth_cert", "wang", {"certificate_number": f"Z36{serial:07d}"})
        _approve(bundle, "vaccine_cert", "wang", {"booklet_number": f"3601{serial:06d}"})
    if birth.stage == RETURNED:
        sub_item = _taken(bundle, "hukou", "zhao")
        gap = Gap("field", "household:household.number", "户号与户口簿首页不一致，请照户口簿首页右上角填写。")
        request_correction(User.objects.get(username="zhao"), sub_item, [gap])
        # As if the time of the gathering were over: the town shows an applicant who was told.
        CorrectionNotice.objects.filter(bundle=bundle, sent_at=None).update(closes_at=timezone.now())
        close_due()
    if birth.stage >= REGISTERED:
        _approve(bundle, "hukou", "zhao", {"id_number": child_number})
    if birth.stage >= CONCLUDED:
        _approve(bundle, "medical_ins", "qian", {"insurance_number": f"3601{serial:08d}"})
        _approve(bundle, "ss_card", "liu", {"card_number": f"A{serial:08d}"})
        if birth.claim == "yes":
            _approve(bundle, "maternity_claim", "qian", {"approved_amount": "2600.00"})


def _taken(bundle: Bundle, key: str, username: str) -> SubItem:
    officer = User.objects.get(username=username)
    sub_item = SubItem.objects.for_case().get(bundle=bundle, key=key)
    claim(officer, sub_item)
    return accept(officer, sub_item)


def _approve(bundle: Bundle, key: str, username: str, outputs: dict[str, Any]) -> None:
    """Accept and approve, filling in every date with today and what ``outputs`` does not name with a plain word."""
    today = timezone.localdate().isoformat()
    sub_item = _taken(bundle, key, username)
    planned = next(item for item in plan_of(bundle).items if item.key == key)
    for output in planned.outputs:
        if output.repeats:
            continue
        if output.code not in outputs and output.type == "date":
            outputs[output.code] = today
        elif output.code not in outputs and output.required and output.options:
            outputs[output.code] = output.options[0].value
        elif output.code not in outputs and output.required:
            outputs[output.code] = "南昌市演示妇幼保健院"
    officer = User.objects.get(username=username)
    check_points(officer, sub_item, {point.key: Judgement(True) for point in planned.review_points})
    decide(officer, sub_item, "approved", outputs=outputs)
    process("fan_out")
