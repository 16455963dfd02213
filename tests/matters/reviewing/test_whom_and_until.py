"""A certificate says about whom it was decided, and until when, the same on every page."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from catalog.definitions import (
    DepartmentDefinition,
    ElementDefinition,
    GuideOption,
    GuideQuestion,
    ItemDefinition,
    LineDefinition,
    MatterDefinition,
    MatterItemDefinition,
    OutputDefinition,
    ResultDefinition,
    RoleDefinition,
    SectionDefinition,
)
from catalog.models import CertificateType
from certificates.activities.library import certificates_of, open_face
from certificates.models import Certificate
from matters.drafts.saving import plan_of, save_values, start_draft
from matters.models import GivenNumber, SubItem
from matters.reviewing import review
from matters.submitting.submission import submit_bundle
from matters.wording.refusals import OutputsInvalid
from portal.accounts.people import document_number
from tests.worlds.building import publish
from tests.worlds.town import Town, advance

CODE = "91360100MA35K0000X"
ELEMENTS = (
    ElementDefinition("company.name", "名称", "organisation_name"),
    ElementDefinition("company.credit_code", "统一社会信用代码", "text"),
    ElementDefinition("person.name", "姓名", "person_name"),
    ElementDefinition("person.id_number", "证件号码", "text"),
)
PERMIT = ItemDefinition(
    slug="permit",
    name="食品经营许可",
    department="health",
    lines=(
        LineDefinition("mc", "shop", "company.name", section="shop", order=1),
        LineDefinition("dm", "shop", "company.credit_code", section="shop", order=2),
        LineDefinition("xm", "employee", "person.name", section="shop", order=3),
        LineDefinition("hm", "employee", "person.id_number", section="shop", order=4),
        LineDefinition("jb", "agent", "person.name", section="shop", order=5),
    ),
    outputs=(
        OutputDefinition("number", "许可证编号", series="food_permit"),
        OutputDefinition("valid_until", "有效期至", "date", required=False),
    ),
    results=(
        ResultDefinition(
            "food_permit", {"name": "field:shop:company.name", "valid_until": "output:valid_until"}, holder="shop"
        ),
        ResultDefinition("health_card", {"name": "field:employee:person.name"}, holder="employee"),
    ),
    promised_limit_days=5,
)
EATERY = MatterDefinition(
    slug="eatery",
    name="开餐馆",
    lead_department="health",
    roles=(RoleDefinition("shop", "店"), RoleDefinition("employee", "员工"), RoleDefinition("agent", "经办人", True)),
    items=(MatterItemDefinition("permit"),),
    sections=(SectionDefinition("shop", "店"),),
    departments=(DepartmentDefinition("health", "市卫生健康委员会", "卫健"),),
)


@pytest.fixture
def types(town: Town) -> list[CertificateType]:
    health = town.departments["health"]
    return [
        CertificateType.objects.create(
            slug=slug,
            code=f"{health.credit_code}{number}",
            name=name,
            department=health,
            subject=subject,
            valid_years=years,
            face=[{"code": code, "label": code} for code in ("name", "valid_until")],
        )
        for number, (slug, name, subject, years) in enumerate(
            [("food_permit", "食品经营许可证", "organisation", 5), ("health_card", "健康证明", "person", 1)], start=901
        )
    ]


@pytest.fixture
def permit(town: Town, types: list[CertificateType]) -> SubItem:
    """Li applies for an eatery in which the stranger works."""
    return apply_for(town)


def apply_for(
    town: Town, matter: MatterDefinition = EATERY, permit: ItemDefinition = PERMIT, **answers: str
) -> SubItem:
    version = publish(matter, permit, elements=ELEMENTS, materials=())
    draft = start_draft(version=version, applicant=town.li_person, entered_by=town.li, answers=answers, profile={})
    values: dict[str, Any] = {
        "shop:company.name": "一家小面馆有限公司",
        "shop:company.credit_code": CODE,
        "employee:person.name": town.stranger.person.name,
        "employee:person.id_number": document_number(town.stranger.person),
        "agent:person.name": town.li_person.name,
    }
    asked = plan_of(draft).fields
    save_values(draft, {key: value for key, value in values.items() if key in asked}, seen=draft.revision)
    bundle = submit_bundle(draft=draft, by=town.li)
    advance([bundle.pk])
    return review.accept(town.zhao, town.part(bundle, "permit"))


def approved(town: Town, permit: SubItem, **outputs: str) -> tuple[Certificate, Certificate]:
    review.decide(town.zhao, permit, "approved", "", {"number": "JY1", **outputs})
    found = {one.certificate_type.slug: one for one in Certificate.objects.filter(decision_reference=permit.number)}
    return found["food_permit"], found["health_card"]


def page_of(user: Any, address: str) -> str:
    client = Client()
    if user is not None:
        client.force_login(user)
    return client.get(address).content.decode()


def test_a_companys_certificate_is_the_companys_on_every_page(town: Town, permit: SubItem) -> None:
    certificate, _card = approved(town, permit)
    assert (certificate.holder_kind, certificate.holder_name) == ("organisation", "一家小面馆有限公司")
    (holder,) = certificate.holders.all()
    assert (holder.name, holder.number_kind, holder.number) == ("一家小面馆有限公司", "credit_code", CODE)
    verified = page_of(None, reverse("certificates:verify", args=[certificate.verification_token]))
    library = page_of(town.li, reverse("certificates:library"))
    for page in (verified, library):
        assert "一家小面馆有限公司" in page
    assert town.li_person.name not in verified
    assert "身份证件" not in verified
    assert "营业执照" in verified
    assert "由您申请" in library


def test_what_is_not_asked_in_this_situation_is_empty_on_the_face_or_names_the_holder(
    town: Town, types: list[CertificateType]
) -> None:
    CertificateType.objects.filter(slug="food_permit").update(
        subject="", face=[{"code": code, "label": code} for code in ("name", "code")]
    )
    a_company = {"==": [{"var": "answers.who"}, "company"]}
    lines = tuple(replace(line, condition=a_company) if line.role == "shop" else line for line in PERMIT.lines)
    face = {"name": "field:shop:company.name", "code": "field:shop:company.credit_code"}
    permit = replace(PERMIT, lines=lines, results=(ResultDefinition("food_permit", face, holder="shop"),))
    who = GuideQuestion("who", "谁开", options=(GuideOption("company", "公司"), GuideOption("resident", "居民")))
    part = apply_for(town, replace(EATERY, questions=(who,)), permit, who="resident")
    review.decide(town.zhao, part, "approved", "", {"number": "JY1"})
    certificate = Certificate.objects.get(decision_reference=part.number)
    assert certificate.holder_name == town.li_person.name
    assert {line.code: line.value for line in open_face(certificate).lines} == {
        "name": town.li_person.name,
        "code": "",
    }


def test_a_persons_certificate_is_found_by_that_person_once_proved(town: Town, permit: SubItem) -> None:
    _permit, card = approved(town, permit)
    stranger = town.stranger.person
    assert card.holder_name == stranger.name
    assert list(certificates_of(stranger)) == [card]
    assert certificates_of(stranger).get().is_own
    assert "健康证明" in page_of(town.stranger, card.get_absolute_url())
    stranger.level = 0
    assert not certificates_of(stranger).exists()


@pytest.mark.parametrize(("decided", "expected"), [("", 5 * 365), ("2029-11-29", None)])
def test_a_certificate_has_one_term(town: Town, permit: SubItem, decided: str, expected: int | None) -> None:
    certificate, _card = approved(town, permit, **({"valid_until": decided} if decided else {}))
    term = certificate.expires_on
    assert term is not None
    assert term == (date(2029, 11, 29) if decided else term)
    assert expected is None or abs((term - timezone.localdate()).days - expected) < 3
    said = f"{term.year}年{term.month}月{term.day}日"
    face = open_face(Certificate.objects.get(pk=certificate.pk))
    assert face.expires_on == term.isoformat()
    assert [line.value for line in face.lines if line.code == "valid_until"] == [said]
    addresses = (
        certificate.get_absolute_url(),
        reverse("certificates:verify", args=[certificate.verification_token]),
        reverse("certificates:library"),
    )
    for address in addresses:
        assert said in page_of(town.li, address)
    with time_machine.travel(term + timedelta(days=2), tick=False):
        for address in addresses:
            page = page_of(town.li, address)
            assert "已过期" in page
            assert "已到期" in page


@pytest.mark.parametrize(("day", "said"), [("2020-01-01", "早于今天"), ("2099-01-01", "最长有效期")])
def test_a_term_that_cannot_be_is_refused_at_its_box(town: Town, permit: SubItem, day: str, said: str) -> None:
    with pytest.raises(OutputsInvalid) as refusal:
        approved(town, permit, valid_until=day)
    assert said in refusal.value.problems["valid_until"]


def test_a_number_is_given_once(town: Town, permit: SubItem) -> None:
    approved(town, permit)
    other = apply_for(town)
    with pytest.raises(OutputsInvalid) as refusal:
        approved(town, other)
    assert "已经给出过" in refusal.value.problems["number"]
    assert GivenNumber.objects.filter(series="food_permit").count() == 1
    assert not Certificate.objects.filter(decision_reference=other.number).exists()
