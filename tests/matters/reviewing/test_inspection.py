"""A supervisor sees cases and times; what stands in a case only in a sample that the system drew, with a purpose the applicant reads."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from catalog.staff.memberships import dismiss, enroll
from certificates.models import Certificate
from matters.models import Inspection, SubItem, SubmittedMaterial
from matters.reviewing.corrections import Gap, request_correction
from matters.reviewing.inspection import InspectionRefused, counts_of_lists, draw_sample, most_of, work_of
from matters.wording.refusals import NotAllowed
from portal.accounts.mandates.activities import accept as accept_mandate
from portal.accounts.mandates.activities import end, offer, scope
from portal.accounts.models import User
from portal.accounts.people import register_person
from portal.ledger.chain import verify_chain
from portal.ledger.models import AccessRecord, Event
from tests.matters.reviewing.test_review import approve_birth
from tests.worlds.cast import LI, logged_in
from tests.worlds.town import CANARY_HEALTH, VALUES, Town

WHY = "核查出生登记时限"
CHILD = VALUES["child:person.name"]
PERSONAL = (LI.name, CHILD, CANARY_HEALTH, LI.number, LI.phone)


@pytest.fixture
def wu(town: Town) -> User:
    """Who supervises health and the police, and nothing else."""
    user = User.objects.create_user("wu", name="吴清", is_staff=True)
    for code in ("health", "police"):
        enroll(user, town.departments[code], "supervisor")
    return user


@pytest.fixture
def cases(town: Town) -> list[SubItem]:
    """Three cases of health; the first was approved."""
    found = [town.part(town.submit(), "birth_cert") for _ in range(3)]
    approve_birth(town, found[0])
    return found


def addresses_of_staff(sub_item: SubItem) -> list[str]:
    """Return every page of the desk and the console on which something of a case may stand."""
    bundle, certificate = sub_item.bundle, Certificate.objects.get()
    decision, request = sub_item.decision, sub_item.bundle.sub_items.get(key="hukou").correction_requests.get()
    listed = (
        "matters_bundle",
        "matters_subitem",
        "matters_reviewtask",
        "matters_decision",
        "matters_correctionrequest",
    )
    opened = zip(listed, (bundle, sub_item, sub_item.review_tasks.first(), decision, request), strict=True)
    return [
        reverse("matters:review_home"),
        reverse("matters:inspection"),
        *(reverse(f"admin:{name}_changelist") for name in listed),
        *(reverse(f"admin:{name}_change", args=[row.pk]) for name, row in opened),  # type: ignore[union-attr]
        reverse("admin:certificates_certificate_changelist"),
        reverse("admin:certificates_certificate_change", args=[certificate.pk]),
        reverse("certificates:pdf", args=[certificate.pk]),
        reverse("certificates:detail", args=[certificate.pk]),
        reverse("matters:case", args=[sub_item.number]),
        reverse("matters:queue", args=["health"]),
        reverse("matters:inspected_case", args=[sub_item.number]),
        reverse("matters:case_paper", args=[sub_item.number, SubmittedMaterial.objects.filter(bundle=bundle)[0].pk]),
    ]


def test_a_supervisor_reads_nothing_of_a_person_anywhere(town: Town, wu: User, cases: list[SubItem]) -> None:
    hukou = town.part(cases[0].bundle, "hukou")
    request_correction(town.wang, hukou, [Gap("field", "child:person.name", f"请核对{CHILD}")])
    client = logged_in(wu)
    before = AccessRecord.objects.filter(reader=wu).count()
    for address in addresses_of_staff(town.part(cases[0].bundle, "birth_cert")):
        answer = client.get(address, follow=True)
        text = answer.content.decode()
        assert answer.status_code in (200, 403, 404), address
        assert not [one for one in PERSONAL if one in text], address
    assert AccessRecord.objects.filter(reader=wu).count() == before
    page = client.get(reverse("matters:inspection"), {"department": "health"}).content.decode()
    assert all(one.number in page for one in cases)


def test_it_opens_where_work_is_and_says_how_much_in_each_list(town: Town, wu: User, cases: list[SubItem]) -> None:
    late = timezone.localdate() - timedelta(days=3)
    SubItem.objects.filter(pk=cases[1].pk).update(due_on=late)
    first, second = work_of(wu, [town.departments["police"], town.departments["health"]])
    assert (first.department.code, first.open, first.late) == ("health", 2, 1)
    assert second.open == 3
    assert counts_of_lists(wu, town.departments["health"]) | {"all": "3", "late": "1"} == counts_of_lists(
        wu, first.department
    )
    page = logged_in(wu).get(reverse("matters:inspection")).content.decode()
    assert cases[1].number in page
    assert "超期未办结 <b>1</b>" in page


def test_a_reviewer_and_a_clerk_read_on_as_before(town: Town, cases: list[SubItem]) -> None:
    page = reverse("admin:matters_bundle_change", args=[cases[0].bundle_id])
    assert LI.name in logged_in(town.zhao).get(page).content.decode()
    certificate = reverse("admin:certificates_certificate_change", args=[Certificate.objects.get().pk])
    assert CHILD in logged_in(town.zhao).get(certificate).content.decode()


def test_the_drawn_sample_is_read_with_its_purpose_and_the_applicant_reads_that(
    town: Town, wu: User, cases: list[SubItem]
) -> None:
    client = logged_in(wu)
    for _ in range(3):
        sent = {"department": "health", "purpose": WHY, "size": "1"}
        assert client.post(reverse("matters:inspection"), sent).status_code == 302
    drawn = set(Inspection.objects.values_list("cases__number", flat=True))
    for one in cases:
        answer = client.get(reverse("matters:inspected_case", args=[one.number]))
        assert answer.status_code == (200 if one.number in drawn else 404)
        assert (CANARY_HEALTH in answer.content.decode()) == (one.number in drawn)
    records = AccessRecord.objects.filter(reader=wu, purpose="inspection")
    assert {record.note for record in records} == {WHY}
    chosen = next(one for one in cases if one.number in drawn)
    shown = logged_in(town.li).get(reverse("matters:bundle_readings", args=[chosen.bundle.number])).content.decode()
    assert WHY in shown
    assert "效能监察抽查" in shown
    event = Event.objects.filter(chain_id=chosen.bundle_id, kind="inspection_drawn").first()
    assert event is not None
    assert event.actor == wu
    assert verify_chain(chosen.bundle_id) == []


def test_a_face_is_read_in_the_sample_alone(town: Town, wu: User) -> None:
    only = town.part(town.submit(), "birth_cert")
    approve_birth(town, only)
    draw_sample(wu, town.departments["health"], WHY, 1)
    page = logged_in(wu).get(reverse("matters:inspected_case", args=[only.number])).content.decode()
    certificate = Certificate.objects.get()
    assert certificate.serial in page
    assert AccessRecord.objects.filter(subject=certificate.pk, reader=wu).latest("pk").note == WHY
    other_department = town.part(only.bundle, "hukou")
    assert logged_in(wu).get(reverse("matters:inspected_case", args=[other_department.number])).status_code == 404


@pytest.mark.parametrize(
    ("purpose", "size"), [("", "1"), ("看看", "1"), (WHY, "0"), (WHY, "2"), (WHY, "一"), (WHY, "-1")]
)
def test_what_is_not_drawn_is_said_beside_the_form(
    town: Town, wu: User, cases: list[SubItem], purpose: str, size: str
) -> None:
    sent = {"department": "health", "purpose": purpose, "size": size}
    answer = logged_in(wu).post(reverse("matters:inspection"), sent)
    assert answer.status_code == 422
    assert 'id="draw-problem"' in answer.content.decode()
    assert not Inspection.objects.exists()


def test_nobody_draws_until_the_wanted_one_comes_up(town: Town, wu: User, cases: list[SubItem]) -> None:
    assert [most_of(count) for count in (1, 10, 11, 99, 5000)] == [1, 1, 2, 10, 10]
    for _ in range(3):
        draw_sample(wu, town.departments["health"], WHY, 1)
    with pytest.raises(InspectionRefused, match="明天"):
        draw_sample(wu, town.departments["health"], WHY, 1)


def test_a_draw_closes_and_ends_with_the_post(town: Town, wu: User) -> None:
    only = town.part(town.submit(), "birth_cert")
    draw_sample(wu, town.departments["health"], WHY, 1)
    page = reverse("matters:inspected_case", args=[only.number])
    colleague = User.objects.create_user("colleague", is_staff=True)
    enroll(colleague, town.departments["health"], "supervisor")
    assert logged_in(colleague).get(page).status_code == 404
    with time_machine.travel(timezone.now() + timedelta(days=15)):
        assert logged_in(wu).get(page).status_code == 404
    assert logged_in(wu).get(page).status_code == 200
    dismiss(wu, town.departments["health"], "supervisor")
    assert logged_in(wu).get(page).status_code == 404


def test_only_supervisors_draw_and_never_their_own(town: Town, wu: User) -> None:
    town.submit()
    with pytest.raises(NotAllowed):
        draw_sample(town.zhao, town.departments["health"], WHY, 1)
    for user in (town.zhao, town.sun, town.li):
        assert logged_in(user).get(reverse("matters:inspection")).status_code == 404
    assert Client().get(reverse("matters:inspection")).status_code == 302
    enroll(town.li, town.departments["health"], "supervisor")
    with pytest.raises(InspectionRefused, match="没有办件"):
        draw_sample(town.li, town.departments["health"], WHY, 1)


def test_a_draw_cannot_be_changed_later(town: Town, wu: User, cases: list[SubItem]) -> None:
    drawn = draw_sample(wu, town.departments["health"], WHY, 1)
    for change in (
        lambda: Inspection.objects.filter(pk=drawn.pk).update(population=9),
        lambda: Inspection.cases.through.objects.all().delete(),
    ):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            change()


@pytest.mark.parametrize("is_agent", [True, False])
def test_a_mandate_that_comes_after_the_draw_closes_the_case(
    town: Town, wu: User, cases: list[SubItem], is_agent: bool
) -> None:
    """Whoever acts for the applicant, or lets them act, reads nothing of them as a supervisor: nor once it has ended, nor in another draw."""
    draw_sample(wu, town.departments["health"], WHY, 1)
    [case] = Inspection.objects.get().cases.all()
    client, page = logged_in(wu), reverse("matters:inspected_case", args=[case.number])
    assert client.get(page).status_code == 200
    mine = register_person(name="吴清", document_kind="414", number="E10000002", user=wu, method="demo")
    principal, agent = (town.li_person, mine) if is_agent else (mine, town.li_person)
    until = timezone.localdate() + timedelta(days=30)
    mandate = accept_mandate(agent, offer(principal, scope(None, until), agent_name=agent.name)[1])
    paper = SubmittedMaterial.objects.filter(bundle=case.bundle_id)[0]
    paper_page = reverse("matters:inspected_paper", args=[case.number, paper.pk])
    assert (client.get(page).status_code, client.get(paper_page).status_code) == (404, 404)
    end(mandate.pk, by=principal)
    assert client.get(page).status_code == 404
    with pytest.raises(InspectionRefused):
        draw_sample(wu, town.departments["health"], WHY, 1)
