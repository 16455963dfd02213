"""Officers at work: claiming, accepting, deciding, and what follows from it."""

from __future__ import annotations

import importlib
from dataclasses import replace
from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from catalog.compiling import compile_matter
from catalog.models import MatterVersion
from certificates.models import Certificate
from matters.cases.department_view import gather_outputs, open_outputs, read_case
from matters.core.states import State, replay
from matters.integrity.checking import check_integrity
from matters.integrity.plans import compare_with_plans
from matters.models import Bundle, Decision, ReviewTask, SubItem
from matters.reviewing import review
from matters.reviewing.holding import claim_of
from matters.reviewing.reassigning import claim_next
from matters.reviewing.withdrawal import withdraw
from matters.tracking.progress import expected_ends, progress_of
from matters.wording.refusals import (
    AlreadyDecided,
    NotAllowed,
    OutputsInvalid,
    ReasonMissing,
    StateChanged,
    TakenByAnother,
)
from portal.ledger.chain import verify_chain
from portal.ledger.models import Event
from portal.outbox.models import OutboxMessage
from tests.worlds.reading import reading
from tests.worlds.town import CHILD_NUMBER, ELEMENTS, ITEMS, MATERIALS, MATTER, Town, advance

OUTPUTS = {"id_number": CHILD_NUMBER, "registered_on": "2026-11-20"}


@pytest.fixture
def birth_cert(town: Town) -> SubItem:
    """The health department's sub-item, freshly in its queue."""
    return town.part(town.submit(), "birth_cert")


def approve_birth(town: Town, sub_item: SubItem) -> Decision:
    """Accept and approve the birth certificate, and let what waits for it move on."""
    review.accept(town.zhao, sub_item)
    decision = review.decide(town.zhao, sub_item, "approved", "", {"number": "P360000001"})
    advance([sub_item.bundle_id])
    return decision


def test_a_later_claim_is_told_who_was_first(town: Town, birth_cert: SubItem) -> None:
    approve_birth(town, birth_cert)
    hukou = town.part(birth_cert.bundle, "hukou")
    review.claim(town.wang, hukou)
    with pytest.raises(TakenByAnother, match="王警官"):
        review.claim(town.zhang, hukou)
    with pytest.raises(TakenByAnother):
        review.accept(town.zhang, hukou)
    assert town.part(birth_cert.bundle, "hukou").state == State.QUEUED


def test_claiming_ones_own_again_changes_nothing(town: Town, birth_cert: SubItem) -> None:
    first = review.claim(town.zhao, birth_cert)
    assert review.claim(town.zhao, birth_cert).claimed_at == first.claimed_at
    assert Event.objects.filter(chain_id=birth_cert.bundle_id, kind="claimed").count() == 1


def test_handing_back_frees_the_task(town: Town, birth_cert: SubItem) -> None:
    approve_birth(town, birth_cert)
    hukou = town.part(birth_cert.bundle, "hukou")
    review.claim(town.wang, hukou)
    with pytest.raises(StateChanged):
        review.hand_back(town.zhang, hukou)
    review.hand_back(town.wang, hukou)
    assert review.claim(town.zhang, hukou).claimed_by == town.zhang


def test_a_lead_may_take_a_task_from_a_colleague(town: Town, birth_cert: SubItem) -> None:
    approve_birth(town, birth_cert)
    hukou = town.part(birth_cert.bundle, "hukou")
    review.claim(town.wang, hukou)
    review.hand_back(town.zhou, hukou)
    assert ReviewTask.objects.get(sub_item=hukou, closed_at=None).claimed_by is None


def test_the_next_case_is_the_oldest_that_nobody_has(town: Town) -> None:
    first, second = (town.part(town.submit(), "birth_cert") for _ in range(2))
    ReviewTask.objects.filter(sub_item=first).update(**claim_of(town.sun, first.department))
    assert claim_next(town.zhao, town.departments["health"]) == second
    assert claim_next(town.zhao, town.departments["health"]) is None


def test_acceptance_starts_the_clock_in_working_days(town: Town, birth_cert: SubItem) -> None:
    approve_birth(town, birth_cert)
    hukou = town.part(birth_cert.bundle, "hukou")
    with time_machine.travel("2026-11-19T10:00:00+08:00", tick=False):  # a Thursday
        accepted = review.accept(town.wang, hukou)
    assert accepted.state == State.ACCEPTED
    assert accepted.due_on == date(2026, 11, 26)
    task = ReviewTask.objects.get(sub_item=hukou, closed_at=None)
    assert (task.stage, task.due_on, task.claimed_by) == ("review", accepted.due_on, town.wang)


def test_a_limit_in_calendar_days_gives_one_day_before_and_after_acceptance(town: Town) -> None:
    birth = next(item for item in ITEMS if item.slug == "birth_cert")
    changed = [replace(birth, promised_limit_days=30, limit_unit="calendar_days"), *(i for i in ITEMS if i != birth)]
    plan = compile_matter(MATTER, changed, ELEMENTS, MATERIALS)
    town.version = MatterVersion.objects.create(
        matter=town.version.matter, number=2, content=plan, content_hash="1" * 64
    )
    with time_machine.travel("2026-11-19T10:00:00+08:00", tick=False):  # thirty days later it is Saturday
        sub_item = town.part(town.submit(), "birth_cert")
        assert (sub_item.promised_limit_days, sub_item.limit_unit) == (30, "calendar_days")
        expected = expected_ends(sub_item.bundle, [sub_item], timezone.now())["birth_cert"]
        accepted = review.accept(town.zhao, sub_item)
        assert accepted.due_on == timezone.localdate(expected) == date(2026, 12, 21)
        assert expected_ends(sub_item.bundle, [accepted], timezone.now())["birth_cert"] == expected
    assert not list(compare_with_plans())


def test_where_no_limit_is_published_nobody_is_promised_a_day(town: Town, client: Client) -> None:
    birth = next(item for item in ITEMS if item.slug == "birth_cert")
    changed = [replace(birth, promised_limit_days=None), *(i for i in ITEMS if i != birth)]
    plan = compile_matter(MATTER, changed, ELEMENTS, MATERIALS)
    town.version = MatterVersion.objects.create(
        matter=town.version.matter, number=2, content=plan, content_hash="2" * 64
    )
    sub_item = town.part(town.submit(), "birth_cert")
    bundle = sub_item.bundle
    assert (sub_item.promised_limit_days, bundle.promised_on) == (None, None)
    assert "还定不下来" in progress_of(Bundle.objects.for_page().get(pk=bundle.pk)).promised_sentence
    client.force_login(town.li)
    receipt = client.get(reverse("matters:bundle_receipt", args=[bundle.number])).content.decode()
    assert "未公布" in receipt
    assert "当场办结" not in receipt
    client.force_login(town.zhao)
    accepted = client.post(
        reverse("matters:case_action", args=[sub_item.number, "accept"]), reading(sub_item), follow=True
    ).content.decode()
    assert "没有公布承诺时限" in accepted
    assert "应在" not in accepted
    task = ReviewTask.objects.get(sub_item=sub_item, closed_at=None)
    assert (task.stage, task.due_on, town.part(bundle, "birth_cert").due_on) == ("review", None, None)
    page = progress_of(Bundle.objects.for_page().get(pk=bundle.pk))
    assert "没有公布承诺时限" in page.steps[0].sentence
    review.decide(town.zhao, town.part(bundle, "birth_cert"), "approved", "", {"number": "P360000001"})
    advance([bundle.pk])
    assert town.part(bundle, "hukou").state == State.QUEUED
    assert not list(compare_with_plans())


def test_what_a_window_clerk_accepts_is_left_for_the_reviewers(town: Town, birth_cert: SubItem) -> None:
    review.accept(town.sun, birth_cert)
    assert ReviewTask.objects.get(sub_item=birth_cert, closed_at=None).claimed_by is None
    with pytest.raises(NotAllowed):
        review.decide(town.sun, birth_cert, "approved", "", {"number": "P360000001"})


def test_approval_leaves_decision_event_promises_and_certificate_in_one_transaction(
    town: Town, birth_cert: SubItem
) -> None:
    review.accept(town.zhao, birth_cert)
    decision = review.decide(town.zhao, birth_cert, "approved", "信息一致", {"number": "P360000001"})
    assert birth_cert.state == State.APPROVED
    assert open_outputs(decision) == {"number": "P360000001"}
    assert b"P360000001" not in bytes(decision.outputs_sealed or b"")
    certificate = Certificate.objects.get(decision_reference=birth_cert.number)
    assert (certificate.applicant, certificate.holder_name) == (town.li_person, "李小满")
    subjects = set(OutboxMessage.objects.values_list("kind", "subject"))
    assert ("fan_out", f"{birth_cert.bundle_id}:{birth_cert.pk}") in subjects
    assert ("render_certificate", str(certificate.pk)) in subjects
    kinds = Event.objects.filter(chain_id=birth_cert.bundle_id, sub_item="birth_cert").order_by("sequence")
    assert replay(kinds.values_list("kind", flat=True)) == State.APPROVED
    assert verify_chain(birth_cert.bundle_id) == []
    assert not ReviewTask.objects.filter(sub_item=birth_cert, closed_at=None).exists()


def test_missing_or_malformed_outputs_are_refused_and_nothing_has_happened(town: Town, birth_cert: SubItem) -> None:
    review.accept(town.zhao, birth_cert)
    for outputs in ({}, {"number": "12"}):
        with pytest.raises(OutputsInvalid) as refused:
            review.decide(town.zhao, birth_cert, "approved", "", outputs)
        assert set(refused.value.problems) == {"number"}
    assert not Decision.objects.exists()
    assert town.part(birth_cert.bundle, "birth_cert").state == State.ACCEPTED


def test_a_rejection_states_its_grounds(town: Town, birth_cert: SubItem) -> None:
    review.accept(town.zhao, birth_cert)
    with pytest.raises(ReasonMissing):
        review.decide(town.zhao, birth_cert, "rejected", "  ")
    decision = review.decide(town.zhao, birth_cert, "rejected", "分娩记录查不到")
    assert (decision.outcome, decision.reason) == ("rejected", "分娩记录查不到")
    assert not Certificate.objects.exists()


def test_rejection_ends_what_waits_for_it(town: Town, birth_cert: SubItem) -> None:
    review.accept(town.zhao, birth_cert)
    review.decide(town.zhao, birth_cert, "rejected", "分娩记录查不到")
    advance([birth_cert.bundle_id])
    assert town.part(birth_cert.bundle, "hukou").state == State.TERMINATED


def test_refusing_to_accept_is_not_possible_after_acceptance(town: Town, birth_cert: SubItem) -> None:
    review.accept(town.zhao, birth_cert)
    with pytest.raises(StateChanged):
        review.refuse_acceptance(town.zhao, birth_cert, "不属于本机关")


def test_a_refusal_to_accept_is_no_rejection(town: Town, birth_cert: SubItem) -> None:
    decision = review.refuse_acceptance(town.zhao, birth_cert, "不属于本机关")
    part = town.part(birth_cert.bundle, "birth_cert")
    assert (part.state, decision.outcome, part.accepted_at) == (State.NOT_ACCEPTED, "not_accepted", None)
    advance([birth_cert.bundle_id])
    assert town.part(birth_cert.bundle, "hukou").state == State.TERMINATED
    assert check_integrity(with_files=False).breaches == []


def test_what_was_refused_before_acceptance_reads_so_once_migrated(town: Town, birth_cert: SubItem) -> None:
    """By its event: what was accepted and then rejected stays a rejection."""
    review.refuse_acceptance(town.zhao, birth_cert, "不属于本机关")
    rejected = town.part(town.submit(), "birth_cert")
    review.accept(town.zhao, rejected)
    review.decide(town.zhao, rejected, "rejected", "分娩记录查不到")
    migration = importlib.import_module("matters.migrations.0052_not_accepted")
    with connection.cursor() as cursor:
        cursor.execute(migration.TAKEN_BACK)
        assert set(SubItem.objects.filter(key="birth_cert").values_list("state", flat=True)) == {"rejected"}
        cursor.execute(migration.REFUSED)
    for part, state in ((birth_cert, "not_accepted"), (rejected, "rejected")):
        assert SubItem.objects.get(pk=part.pk).state == Decision.objects.get(sub_item=part).outcome == state


def test_the_second_decision_is_told_who_decided_and_how(town: Town, birth_cert: SubItem) -> None:
    stale = town.part(birth_cert.bundle, "birth_cert")
    approve_birth(town, birth_cert)
    with pytest.raises(AlreadyDecided, match=r"赵医生.*准予"):
        review.decide(town.zhao, stale, "rejected", "改主意了")
    assert Decision.objects.get().outcome == "approved"


def test_officers_of_another_department_may_do_nothing(town: Town, birth_cert: SubItem) -> None:
    for act in (review.claim, review.accept, review.start_review):
        with pytest.raises((NotAllowed, StateChanged)):
            act(town.wang, birth_cert)
    assert town.part(birth_cert.bundle, "birth_cert").state == State.QUEUED


def test_nobody_handles_their_own_application(town: Town, birth_cert: SubItem) -> None:
    from catalog.staff.memberships import enroll

    enroll(town.li, town.departments["health"], "reviewer")
    with pytest.raises(NotAllowed, match="本人"):
        review.accept(town.li, birth_cert)


def test_what_was_decided_upstream_is_read_downstream(town: Town, birth_cert: SubItem) -> None:
    bundle = birth_cert.bundle
    approve_birth(town, birth_cert)
    hukou = town.part(bundle, "hukou")
    review.accept(town.wang, hukou)
    review.decide(town.wang, hukou, "approved", "", OUTPUTS)
    advance([bundle.pk])
    assert gather_outputs(bundle)["hukou"]["id_number"] == CHILD_NUMBER
    form = read_case(town.part(bundle, "medical_ins"))
    assert form.record["idno"] == CHILD_NUMBER
    row = next(row for section in form.sections for row in section.rows if row.code == "idno")
    assert (row.text, row.source) == (CHILD_NUMBER, "户口登记")
    [earlier] = form.earlier
    assert [(output.label, output.text) for output in earlier.outputs] == [("公民身份号码", CHILD_NUMBER)]


def test_the_certificate_shows_the_number_that_was_just_decided(town: Town, birth_cert: SubItem) -> None:
    from certificates.activities.rendering_work import render_certificates  # noqa: F401
    from portal.lib.vault import unseal

    approve_birth(town, birth_cert)
    hukou = town.part(birth_cert.bundle, "hukou")
    review.accept(town.wang, hukou)
    review.decide(town.wang, hukou, "approved", "", OUTPUTS)
    certificate = Certificate.objects.get(decision_reference=hukou.number)
    face = str(unseal(certificate.face_sealed, certificate.face_context))
    for text in (CHILD_NUMBER, "李小满", "男", "2026年11月20日", "家庭户"):
        assert text in face


def test_withdrawing_takes_all_that_is_open_and_leaves_what_is_decided(town: Town, birth_cert: SubItem) -> None:
    bundle = birth_cert.bundle
    approve_birth(town, birth_cert)
    withdrawn = withdraw(town.li, bundle)
    assert {one.key for one in withdrawn} == {"hukou", "medical_ins"}
    assert town.part(bundle, "birth_cert").state == State.APPROVED
    assert not ReviewTask.objects.filter(sub_item__bundle=bundle, closed_at=None).exists()
    with pytest.raises(AlreadyDecided):
        withdraw(town.li, bundle)


def test_only_the_applicant_withdraws(town: Town, birth_cert: SubItem) -> None:
    for user in (town.stranger, town.zhao, town.sun):
        with pytest.raises(NotAllowed):
            withdraw(user, birth_cert.bundle)


def test_the_database_refuses_a_rejection_without_grounds_and_a_second_open_task(
    town: Town, birth_cert: SubItem
) -> None:
    from django.db import IntegrityError, transaction

    with pytest.raises(IntegrityError, match="decision_rejection_states_grounds"), transaction.atomic():
        Decision.objects.create(sub_item=birth_cert, outcome="rejected", decided_at=timezone.now())
    with pytest.raises(IntegrityError, match="review_task_one_open"), transaction.atomic():
        ReviewTask.objects.create(sub_item=birth_cert, department=birth_cert.department, opened_at=timezone.now())
    with pytest.raises(IntegrityError, match="sub_item_concluded_exactly_when_final"), transaction.atomic():
        SubItem.objects.filter(pk=birth_cert.pk).update(state="approved")
