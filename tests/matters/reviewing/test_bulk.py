"""One step for many cases: each is done or refused by itself, and its line says why."""

from __future__ import annotations

import pytest
from django.urls import reverse

from catalog.staff.memberships import enroll
from matters.models import BulkAction, BulkLine, Bundle, Decision, ReviewTask, SubItem
from matters.reviewing import bulk, review
from matters.reviewing.bulk import start_bulk_action
from matters.reviewing.corrections import Gap, request_correction
from matters.wording.refusals import Invalid
from portal.ledger.chain import verify_chain
from portal.notices.models import Message
from portal.outbox.models import OutboxMessage
from portal.outbox.processing import process
from tests.matters.reviewing.test_review import OUTPUTS, approve_birth
from tests.worlds.cast import logged_in
from tests.worlds.town import Town, advance


def cases(town: Town, count: int) -> list[SubItem]:
    return [town.part(town.submit(), "birth_cert") for _case in range(count)]


def work() -> None:
    while process("bulk")[0]:
        pass


def done(action: BulkAction) -> dict[str, str]:
    return {line.sub_item.number: line.outcome for line in action.lines.select_related("sub_item").order_by("pk")}


def started(town: Town, kind: str, parts: list[SubItem], **more: object) -> BulkAction:
    numbers = [part.number for part in parts]
    return start_bulk_action(town.zhao, town.departments["health"], kind, numbers, **more)  # type: ignore[arg-type]


def test_one_refused_stops_no_other_and_says_why(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "CHUNK", 2)  # so that the worker comes several times
    parts = cases(town, 5)
    review.claim(town.sun, parts[1])
    review.accept(town.zhao, parts[3])
    action = started(town, "accept", parts)
    work()
    action.refresh_from_db()
    assert action.finished_at is not None
    assert list(done(action).values()) == ["done", "refused", "done", "refused", "done"]
    taken = BulkLine.objects.get(action=action, sub_item=parts[1])
    assert "孙窗口" in taken.sentence
    assert "已受理" in BulkLine.objects.get(action=action, sub_item=parts[3]).sentence
    for part in parts:
        assert verify_chain(part.bundle_id) == []


def test_it_is_done_once_however_often_the_worker_comes(town: Town) -> None:
    parts = cases(town, 2)
    action = started(town, "accept", parts)
    bulk._run(action, action.lines.order_by("pk")[0].pk)  # a worker that was killed after the first case
    work()
    assert set(done(action).values()) == {"done"}


def test_only_what_is_clean_is_approved(town: Town) -> None:
    [birth] = cases(town, 1)
    action = started(town, "approve", [birth])
    work()
    line = BulkLine.objects.get(action=action)
    assert line.outcome == "refused"
    assert "要填写决定内容：出生医学证明编号" in line.sentence
    assert SubItem.objects.get(pk=birth.pk).state == "queued"  # nor was it accepted on the way
    assert not Decision.objects.filter(sub_item=birth).exists()


def test_a_clean_case_is_accepted_and_approved_in_one_step(turn_of_the_police: tuple[Town, Bundle]) -> None:
    town, bundle = turn_of_the_police
    hukou = review.accept(town.wang, town.part(bundle, "hukou"))
    review.decide(town.wang, hukou, "approved", "", OUTPUTS)
    advance([bundle.pk])
    part = town.part(bundle, "medical_ins")
    action = start_bulk_action(town.qian, town.departments["insurance"], "approve", [part.number])
    work()
    assert [(line.outcome, line.sentence) for line in action.lines.all()] == [("done", "")]
    decision = Decision.objects.get(sub_item=part)
    assert (decision.outcome, decision.decided_by) == ("approved", town.qian)
    assert verify_chain(bundle.pk) == []


def test_cases_are_handed_over_and_the_colleague_told(town: Town) -> None:
    enroll(town.wang, town.departments["health"], "reviewer")
    parts = cases(town, 2)
    review.claim(town.zhao, parts[0])
    action = started(town, "hand_over", parts, to=town.wang)
    work()
    assert list(done(action).values()) == ["done", "refused"]
    assert ReviewTask.objects.get(sub_item=parts[0], closed_at=None).claimed_by == town.wang
    assert Message.objects.filter(recipient=town.wang, kind="case_reassigned").count() == 1


def test_an_applicant_is_reminded_once_a_day(town: Town) -> None:
    returned, other = cases(town, 2)
    request_correction(town.zhao, returned, [Gap("field", "child:person.name", "请核对")])
    for outcome in ("done", "refused"):
        action = started(town, "remind", [returned, other])
        work()
        assert list(done(action).values()) == [outcome, "refused"]
    process("notify")
    told = Message.objects.get(recipient=town.li, kind="correction_reminded")
    assert told.data["count"] == 1
    page = logged_in(town.li).get(reverse("accounts:notices")).content.decode()
    assert "提醒您：还有内容等您补正" in page


def test_what_cannot_be_asked_for_is_said(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    parts = cases(town, 2)
    monkeypatch.setattr(bulk, "MOST", 1)
    for kind, chosen, wrong in (
        ("accept", [], {"case"}),
        ("accept", parts, {"case"}),
        ("hand_over", parts[:1], {"to"}),
    ):
        with pytest.raises(Invalid) as refused:
            started(town, kind, chosen)
        assert set(refused.value.problems) == wrong
    other = town.departments["police"]
    with pytest.raises(Invalid):
        start_bulk_action(town.wang, other, "accept", [parts[0].number])  # another department's
    assert not OutboxMessage.objects.filter(kind="bulk").exists()


def test_the_pages_confirm_do_and_tell(town: Town) -> None:
    parts = cases(town, 2)
    zhao, address = logged_in(town.zhao), reverse("matters:bulk", args=["health"])
    sent = {"kind": "accept", "case": [part.number for part in parts], "filter": "all"}
    asked = zhao.post(address, sent).content.decode()
    assert "您选了 2 件" in asked
    assert not BulkAction.objects.exists()
    begun = zhao.post(address, {**sent, "sure": "1"})
    page = zhao.get(begun["Location"]).content.decode()
    assert "还有 2 件" in page
    work()
    page = zhao.get(begun["Location"]).content.decode()
    assert "2 件已办，0 件没有办成" in page
    assert logged_in(town.sun).get(begun["Location"]).status_code == 404
    whole = zhao.post(address, {"kind": "hand_over", "whole": "1", "filter": "mine"})
    assert "您选了 2 件" in whole.content.decode()
    refused = zhao.post(address, {"kind": "hand_over", "whole": "1", "filter": "mine", "sure": "1"})
    assert refused.status_code == 422
    assert "请选择转交给哪位同事" in refused.content.decode()


def test_what_is_concluded_is_said_to_be_and_other_departments_cases_are_counted(town: Town) -> None:
    bundle = town.submit()
    birth, hukou = town.part(bundle, "birth_cert"), town.part(bundle, "hukou")
    approve_birth(town, birth)
    sent = {"kind": "approve", "case": [birth.number, hukou.number], "sure": "1"}
    page = logged_in(town.zhao).post(reverse("matters:bulk", args=["health"]), sent, follow=True).content.decode()
    assert "1 件不归您办，没有办。" in page
    work()
    line = BulkLine.objects.get(sub_item=birth)
    assert (line.outcome, "要人看过" in line.sentence, "赵医生" in line.sentence) == ("refused", False, True)
