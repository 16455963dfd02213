"""Return for correction: everything named at once, answered exactly, and the sub-item back in its queue."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from matters.cases.department_view import read_case
from matters.cases.sealed_form import open_bundle_form
from matters.core.states import State
from matters.models import Bundle, CorrectionRequest, ReviewTask, SubItem, SubmittedMaterial
from matters.reviewing import review
from matters.reviewing.amending import agree_to_amendment
from matters.reviewing.corrections import Gap, answer_correction, request_correction
from matters.wording.refusals import CorrectionInvalid, CorrectionUnchanged, NotAllowed, StateChanged
from portal.ledger.models import Event
from portal.outbox.models import OutboxMessage
from tests.matters.reviewing.test_review import approve_birth
from tests.worlds.town import VALUES, Town, advance, picture

NAME = Gap("field", "child:person.name", "与出生医学证明不一致")
BOOK = Gap("material", "household_book", "照片不清楚，请重拍")


@pytest.fixture
def town(turn_of_the_police: tuple[Town, Bundle]) -> Town:
    return turn_of_the_police[0]


@pytest.fixture
def hukou(turn_of_the_police: tuple[Town, Bundle]) -> SubItem:
    """The police's sub-item, in their queue."""
    town, bundle = turn_of_the_police
    return town.part(bundle, "hukou")


def values_of(bundle: Bundle) -> dict[str, Any]:
    return open_bundle_form(Bundle.objects.get(pk=bundle.pk)).values


def test_it_lists_every_gap_at_once_and_tells_the_applicant(town: Town, hukou: SubItem) -> None:
    request = request_correction(town.wang, hukou, [NAME, BOOK])
    assert [(item.target, item.key, item.reason) for item in request.items.order_by("pk")] == [
        ("field", NAME.key, NAME.reason),
        ("material", BOOK.key, BOOK.reason),
    ]
    assert hukou.state == State.RETURNED
    assert not ReviewTask.objects.filter(sub_item=hukou, closed_at=None).exists()
    told = OutboxMessage.objects.filter(kind="notify", payload__event="correction_requested")
    assert told.filter(payload__sub_item=str(hukou.pk)).count() == 1


@pytest.mark.parametrize(
    ("gap", "place"),
    [
        (Gap("field", "child:birth.hospital", "别的部门的内容"), "field:child:birth.hospital"),
        (Gap("field", "child:person.id_number", "由前项决定"), "field:child:person.id_number"),
        (Gap("material", "no_such_paper", "没有这项材料"), "material:no_such_paper"),
        (Gap("field", "child:person.name", "  "), "field:child:person.name"),
        (Gap("field", "child:person.name", "长" * 301), "field:child:person.name"),
        (Gap("decision", "child:person.name", "不是字段"), "decision:child:person.name"),
    ],
)
def test_it_refuses_what_is_not_the_departments_to_ask(town: Town, hukou: SubItem, gap: Gap, place: str) -> None:
    with pytest.raises(CorrectionInvalid) as refused:
        request_correction(town.wang, hukou, [gap])
    assert set(refused.value.problems) == {place}
    assert not CorrectionRequest.objects.exists()


def test_it_refuses_a_request_that_names_nothing(town: Town, hukou: SubItem) -> None:
    with pytest.raises(CorrectionInvalid):
        request_correction(town.wang, hukou, [])


def test_it_refuses_a_second_open_request(town: Town, hukou: SubItem) -> None:
    request_correction(town.wang, hukou, [NAME])
    with pytest.raises(StateChanged):
        request_correction(town.wang, hukou, [BOOK])


def test_a_window_clerk_returns_before_acceptance_only(town: Town, hukou: SubItem) -> None:
    review.accept(town.sun, hukou)
    with pytest.raises(NotAllowed):
        request_correction(town.sun, hukou, [NAME])


def test_the_answer_changes_exactly_what_was_named(town: Town, hukou: SubItem) -> None:
    request = request_correction(town.wang, hukou, [NAME, BOOK])
    before = SubmittedMaterial.objects.get(bundle=hukou.bundle, replaced_at=None)
    typed = {"child:person.name": "李小滿", "child:person.sex": "2", "household:hukou.address": "别处"}
    answer_correction(town.li, request, typed, {"household_book": [picture("新的.png", "red")]})
    after = values_of(hukou.bundle)
    assert after["child:person.name"] == "李小滿"
    assert {key: after[key] for key in VALUES if key != "child:person.name"} == {
        key: value for key, value in VALUES.items() if key != "child:person.name"
    }
    current = SubmittedMaterial.objects.get(bundle=hukou.bundle, replaced_at=None)
    assert current.pk != before.pk
    before.refresh_from_db()
    assert before.replaced_at is not None


def test_the_answer_puts_the_sub_item_back_as_a_new_task(town: Town, hukou: SubItem) -> None:
    request = request_correction(town.wang, hukou, [NAME])
    answer_correction(town.li, request, {"child:person.name": "李小滿"}, {})
    sub_item = town.part(hukou.bundle, "hukou")
    assert sub_item.state == State.RESUBMITTED
    task = ReviewTask.objects.get(sub_item=sub_item, closed_at=None)
    assert (task.stage, task.claimed_by) == ("acceptance", town.wang)  # back to whoever asked
    bundle = Bundle.objects.get(pk=sub_item.bundle_id)
    assert bundle.form_revision == 2
    event = Event.objects.get(chain_id=bundle.pk, kind="resubmitted")
    told = {name: event.data[name] for name in ("fields", "materials", "form_revision", "from", "to")}
    moved = {"from": "returned", "to": "resubmitted"}
    assert told == {"fields": ["child:person.name"], "materials": [], "form_revision": 2} | moved


def test_before_and_after_are_kept_sealed_and_shown_to_the_reviewer(town: Town, hukou: SubItem) -> None:
    request = request_correction(town.wang, hukou, [NAME])
    answer_correction(town.li, request, {"child:person.name": "李小滿"}, {})
    item = request.items.get()
    assert "李小满".encode() not in bytes(item.before_sealed or b"")
    form = read_case(town.part(hukou.bundle, "hukou"))
    row = next(row for section in form.sections for row in section.rows if row.code == "XM")
    assert (row.text, row.is_corrected, row.before) == ("李小滿", True, "李小满")


def test_what_cannot_stand_is_refused_with_a_sentence_and_nothing_changes(town: Town, hukou: SubItem) -> None:
    request = request_correction(town.wang, hukou, [NAME, BOOK])
    with pytest.raises(CorrectionInvalid) as refused:
        answer_correction(town.li, request, {"child:person.name": "李1"}, {"household_book": [picture()]})
    assert set(refused.value.problems) == {"child:person.name"}
    renamed = SimpleUploadedFile("户口簿.png", b"MZ this is a program", content_type="image/png")
    with pytest.raises(CorrectionInvalid) as refused:
        answer_correction(town.li, request, {"child:person.name": "李小滿"}, {"household_book": [renamed]})
    assert set(refused.value.problems) == {"material:household_book"}
    assert values_of(hukou.bundle)["child:person.name"] == "李小满"
    assert town.part(hukou.bundle, "hukou").state == State.RETURNED


def test_an_answer_that_changes_nothing_must_be_meant(town: Town, hukou: SubItem) -> None:
    request = request_correction(town.wang, hukou, [NAME, BOOK])
    with pytest.raises(CorrectionUnchanged) as refused:
        answer_correction(town.li, request, {"child:person.name": "李小满"}, {})
    assert refused.value.labels == ["姓名", "户口簿"]
    answer_correction(town.li, request, {"child:person.name": "李小满"}, {}, unchanged_is_right=True)
    bundle = Bundle.objects.get(pk=hukou.bundle_id)
    assert bundle.form_revision == 1


def test_only_the_applicant_answers_and_only_once(town: Town, hukou: SubItem) -> None:
    request = request_correction(town.wang, hukou, [NAME])
    for user in (town.stranger, town.wang, town.sun):
        with pytest.raises(NotAllowed):
            answer_correction(user, request, {"child:person.name": "李小滿"}, {})
    answer_correction(town.li, request, {"child:person.name": "李小滿"}, {})
    with pytest.raises(StateChanged):
        answer_correction(town.li, request, {"child:person.name": "李大满"}, {})


def test_at_the_counter_the_clerk_enters_the_answer(town: Town) -> None:
    bundle = town.submit(channel="counter")
    request = request_correction(town.zhao, town.part(bundle, "birth_cert"), [NAME])
    answer_correction(town.sun, request, {"child:person.name": "李小滿"}, {})
    assert town.part(bundle, "birth_cert").state == State.RESUBMITTED


def test_a_corrected_answer_may_need_more_answers_and_drop_others(town: Town) -> None:
    bundle = town.submit()
    approve_birth(town, town.part(bundle, "birth_cert"))
    hukou = town.part(bundle, "hukou")
    review.accept(town.wang, hukou)
    review.decide(town.wang, hukou, "approved", "", {"id_number": "360103202611120019", "registered_on": "2026-11-20"})
    advance([bundle.pk])
    insurance = town.part(bundle, "medical_ins")
    kind = Gap("field", "child:insurance.kind", "应为城乡居民")
    request = request_correction(town.qian, insurance, [kind])
    answer_correction(town.li, request, {"child:insurance.kind": "resident"}, {})
    assert "child:insurance.note" not in values_of(bundle)
    request = request_correction(town.qian, town.part(bundle, "medical_ins"), [kind])
    with pytest.raises(CorrectionInvalid) as refused:
        answer_correction(town.li, request, {"child:insurance.kind": "other"}, {})
    assert set(refused.value.problems) == {"child:insurance.note"}
    answer_correction(town.li, request, {"child:insurance.kind": "other", "child:insurance.note": "灵活就业"}, {})
    assert values_of(bundle)["child:insurance.note"] == "灵活就业"


def test_a_clock_that_runs_is_kept_through_a_correction(town: Town, hukou: SubItem) -> None:
    due_on = review.accept(town.wang, hukou).due_on
    request = request_correction(town.wang, hukou, [NAME])
    answer_correction(town.li, request, {"child:person.name": "李小滿"}, {})
    sub_item = town.part(hukou.bundle, "hukou")
    assert ReviewTask.objects.get(sub_item=sub_item, closed_at=None).due_on == due_on
    assert review.accept(town.wang, sub_item).due_on == due_on


def test_the_whole_loop_ends_in_a_decision(town: Town, hukou: SubItem) -> None:
    request = request_correction(town.wang, hukou, [NAME])
    answer_correction(town.li, request, {"child:person.name": "李小滿"}, {})
    agree_to_amendment(town.zhao, town.part(hukou.bundle, "birth_cert"))
    sub_item = town.part(hukou.bundle, "hukou")
    review.accept(town.wang, sub_item)
    review.start_review(town.wang, sub_item)
    review.decide(
        town.wang, sub_item, "approved", "", {"id_number": "360103202611120019", "registered_on": "2026-11-20"}
    )
    advance([hukou.bundle_id])
    assert town.part(hukou.bundle, "medical_ins").state == State.QUEUED
