"""A department's own system: handed over once, its word applied once and in order, what it does not answer a person's, what differs a row."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from pytest_django import Settings as SettingsWrapper

from certificates.models import Certificate
from matters.core.states import replay
from matters.handing_over.comparing import ask_systems, write_differences
from matters.handing_over.events import EventMalformed, apply_event
from matters.handing_over.pushing import hand_over_queued, record_of
from matters.models import Decision, DepartmentSystem, HandedOver, ReviewTask, SubItem, SystemDifference, SystemEvent
from matters.reviewing import review
from portal.ledger.models import Event
from portal.lib.message_signatures import OutgoingRequest, sign
from portal.outbox.models import OutboxMessage
from portal.outbox.processing import process
from portal.settings.connections import sharing_connections
from tests.matters.handing_over.conftest import SITE
from tests.pages import page_of
from tests.portal.registers.running import running_registers
from tests.worlds.cast import logged_in
from tests.worlds.ruled import BORN, Ruled

OUTPUTS = {"number": "YM900000000001", "born": BORN, "issued_on": "2026-11-30"}


@pytest.fixture
def desk(ruled: Ruled, settings: SettingsWrapper, tmp_path: Path) -> Iterator[Any]:
    """The simulated system, on a port of its own; it reaches no site, so that what happened there is fetched."""
    with running_registers(tmp_path) as file:
        settings.YIJIAN_SHARING_CONNECTIONS = sharing_connections(str(file))
        yield file


def waiting(ruled: Ruled) -> SubItem:
    """Return a part that no rule decides: nobody was asked."""
    part = ruled.submit(())
    process("decide_by_rule")
    return part


def handed(part: SubItem) -> HandedOver:
    hand_over_queued()
    return HandedOver.objects.get(sub_item=part)


def told(row: HandedOver, sequence: int, kind: str, **more: Any) -> dict[str, Any]:
    return {"event": str(uuid.uuid4()), "key": str(row.pk), "sequence": sequence, "kind": kind, **more}


def approved(row: HandedOver, sequence: int = 2) -> dict[str, Any]:
    return told(row, sequence, "approved", outputs=OUTPUTS)


def long_ago() -> None:
    """Let what was handed over have been so for an hour."""
    HandedOver.objects.update(sent_at=timezone.now() - timedelta(hours=1))
    SubItem.objects.update(state_since=timezone.now() - timedelta(hours=1))


def kinds(part: SubItem) -> list[str]:
    events = Event.objects.filter(chain_id=part.bundle_id, sub_item=part.key).order_by("sequence")
    return list(events.values_list("kind", flat=True))


class TestHandingOver:
    def test_off_nothing_is_handed_over(self, ruled: Ruled, system: DepartmentSystem) -> None:
        call_command("department_system", "police_desk", "off")
        waiting(ruled)
        assert hand_over_queued() == 0
        ask_systems()
        assert not OutboxMessage.objects.filter(kind__in=("hand_over", "pull_system", "compare_system")).exists()

    def test_what_stands_in_the_queue_is_handed_over_once(self, ruled: Ruled, system: DepartmentSystem) -> None:
        part = waiting(ruled)
        assert [hand_over_queued() for _each in range(3)] == [1, 0, 0]
        assert kinds(part)[-1] == "handed_over"

    def test_what_a_person_has_claimed_stays_theirs(self, ruled: Ruled, system: DepartmentSystem) -> None:
        review.claim(ruled.wang, waiting(ruled))
        assert hand_over_queued() == 0

    def test_only_its_own_departments_record_is_sent_under_its_own_codes(
        self, ruled: Ruled, system: DepartmentSystem
    ) -> None:
        part = waiting(ruled)
        sent = record_of(handed(part), SubItem.objects.for_case().get(pk=part.pk))
        assert sent["record"] == {"XM": "李小满", "XB": "2", "CSSJ": BORN}
        assert ruled.li_person.name not in json.dumps(sent | {"applies": None}, ensure_ascii=False)
        assert sent["answer_to"] == f"{SITE}/systems/police_desk/events/"

    def test_sent_twice_it_is_one_case_there(self, ruled: Ruled, system: DepartmentSystem, desk: Any) -> None:
        row = handed(waiting(ruled))
        process("hand_over")
        row.refresh_from_db()
        assert row.reference == "YB00000001"
        HandedOver.objects.update(sent_at=None)  # the answer was lost
        OutboxMessage.objects.filter(kind="hand_over").update(done_at=None, lease_until=None)
        process("hand_over")
        row.refresh_from_db()
        assert row.reference == "YB00000001"
        system.refresh_from_db()
        assert system.is_well

    def test_away_it_waits_without_counting_a_start(self, ruled: Ruled, system: DepartmentSystem) -> None:
        row = handed(waiting(ruled))
        process("hand_over")
        message = OutboxMessage.objects.get(kind="hand_over")
        assert (message.attempts, message.done_at, message.quarantined_at) == (0, None, None)
        row.refresh_from_db()
        assert row.sent_at is None


class TestEvents:
    def test_accepted_and_approved_without_a_clerk_typing_anything(
        self, ruled: Ruled, system: DepartmentSystem
    ) -> None:
        part = waiting(ruled)
        row = handed(part)
        assert apply_event(system, told(row, 1, "accepted")) == "applied"
        assert ReviewTask.objects.get(sub_item=part, closed_at=None).stage == "review"
        assert apply_event(system, approved(row)) == "applied"
        part.refresh_from_db()
        assert part.state == replay(kinds(part)) == "approved"
        decision = Decision.objects.get(sub_item=part)
        assert (decision.decided_by, decision.is_automatic) == (None, False)
        assert Certificate.objects.filter(decision_reference=part.number).count() == 1
        assert Event.objects.get(chain_id=part.bundle_id, kind="approved_by_system").data["system"] == "police_desk"

    def test_twice_it_counts_once(self, ruled: Ruled, system: DepartmentSystem) -> None:
        row = handed(waiting(ruled))
        event = approved(row)
        assert [apply_event(system, event) for _each in range(2)] == ["applied", "repeated"]
        assert SystemEvent.objects.count() == 1

    def test_what_comes_late_counts_no_more(self, ruled: Ruled, system: DepartmentSystem) -> None:
        part = waiting(ruled)
        row = handed(part)
        apply_event(system, approved(row, 2))
        assert apply_event(system, told(row, 1, "accepted")) == "late"
        part.refresh_from_db()
        assert part.state == "approved"

    def test_what_does_not_fit_changes_nothing_and_is_kept(self, ruled: Ruled, system: DepartmentSystem) -> None:
        part = waiting(ruled)
        row = handed(part)
        assert apply_event(system, told(row, 1, "approved", outputs={"number": "x"})) == "refused"
        assert apply_event(system, told(row, 2, "rejected")) == "refused"  # without grounds
        review.claim(ruled.wang, SubItem.objects.for_case().get(pk=part.pk))
        assert apply_event(system, approved(row, 3)) == "refused"  # a person has begun
        part.refresh_from_db()
        assert part.state == "queued"
        assert SystemEvent.objects.filter(outcome="refused").count() == 3
        with pytest.raises(IntegrityError), transaction.atomic():
            SystemEvent.objects.update(outcome="applied")

    @pytest.mark.parametrize(
        "change",
        [
            {"kind": "deleted"},
            {"sequence": 0},
            {"sequence": True},
            {"key": "x"},
            {"event": ""},
            {"outputs": []},
            {"key": str(uuid.uuid4())},
            {"event": "a\0b"},
            {"reason": "\ud800"},
            {"outputs": {"number": ["\udfff"]}},
            {"outputs": {"\0": ""}},
        ],
    )
    def test_what_is_no_event_is_refused(self, ruled: Ruled, system: DepartmentSystem, change: dict[str, Any]) -> None:
        row = handed(waiting(ruled))
        with pytest.raises(EventMalformed):
            apply_event(system, {**approved(row), **change})

    def test_another_system_has_no_say(self, ruled: Ruled, system: DepartmentSystem) -> None:
        row = handed(waiting(ruled))
        other = DepartmentSystem.objects.create(
            code="other", name="别的系统", department=ruled.departments["health"], items=["record"], address="other"
        )
        with pytest.raises(EventMalformed):
            apply_event(other, approved(row))

    def test_what_no_callback_brought_is_fetched_by_the_cursor(
        self, ruled: Ruled, system: DepartmentSystem, desk: Any
    ) -> None:
        part = waiting(ruled)
        handed(part)
        process("hand_over")
        for _each in range(2):
            ask_systems()
            process("pull_system")
        part.refresh_from_db()
        system.refresh_from_db()
        # The simulated insurance knows nothing of this item's outputs: accepted is applied, approved is refused and kept.
        assert (part.state, system.cursor) == ("accepted", "2")
        assert list(SystemEvent.objects.order_by("sequence").values_list("outcome", flat=True)) == [
            "applied",
            "refused",
        ]


class TestCallback:
    def send(self, row: HandedOver, event: dict[str, Any], key: bytes, **headers: str) -> Any:
        body = json.dumps(event).encode()
        address = f"{SITE}/systems/police_desk/events/"
        message = OutgoingRequest("POST", address, {"host": "testserver", "content-type": "application/json"}, body)
        sign(message, key)
        return self.post(message)

    def post(self, message: OutgoingRequest) -> Any:
        headers = {name: value for name, value in message.headers.items() if name != "content-type"}
        return Client().post(
            "/systems/police_desk/events/", message.body, content_type="application/json", headers=headers
        )

    @pytest.fixture
    def key(self, settings: SettingsWrapper) -> bytes:
        import base64

        raw = bytes(range(32))
        settings.YIJIAN_SHARING_CONNECTIONS = sharing_connections(
            json.dumps({"insurance_desk": {"url": "http://127.0.0.1:9/x", "key": base64.b64encode(raw).decode()}})
        )
        return raw

    def test_signed_it_is_applied_and_a_replay_is_not(self, ruled: Ruled, system: DepartmentSystem, key: bytes) -> None:
        row = handed(waiting(ruled))
        body = json.dumps(approved(row)).encode()
        message = OutgoingRequest(
            "POST",
            f"{SITE}/systems/police_desk/events/",
            {"host": "testserver", "content-type": "application/json"},
            body,
        )
        sign(message, key)
        assert self.post(message).json() == {"outcome": "applied"}
        assert self.post(message).status_code == 409
        assert self.send(row, json.loads(body), key).json() == {"outcome": "repeated"}

    @pytest.mark.parametrize("unstorable", ["a\0b", "\ud800"])
    def test_what_cannot_be_kept_is_refused_with_the_reason(
        self, ruled: Ruled, system: DepartmentSystem, key: bytes, unstorable: str
    ) -> None:
        row = handed(waiting(ruled))
        for name in ("event", "reason"):
            answer = self.send(row, {**approved(row), name: unstorable}, key)
            assert (answer.status_code, answer.json()) == (400, {"error": "text"})
        assert not SystemEvent.objects.exists()

    def test_unsigned_or_wrongly_signed_it_is_nothing(self, ruled: Ruled, system: DepartmentSystem, key: bytes) -> None:
        row = handed(waiting(ruled))
        assert self.send(row, approved(row), bytes(32)).status_code == 401
        plain = Client().post(
            "/systems/police_desk/events/", json.dumps(approved(row)), content_type="application/json"
        )
        assert plain.status_code == 401
        nobody = Client().post("/systems/nobody/events/", "{}", content_type="application/json")
        assert (nobody.status_code, nobody.content) == (401, plain.content)
        assert not SystemEvent.objects.exists()


class TestFallBack:
    def test_what_is_not_accepted_in_time_is_a_persons_and_the_case_says_so(
        self, ruled: Ruled, system: DepartmentSystem
    ) -> None:
        part = waiting(ruled)
        row = handed(part)
        HandedOver.objects.update(at=timezone.now() - timedelta(minutes=61))
        assert hand_over_queued() == 1
        assert kinds(part)[-1] == "taken_back"
        assert "转由人工办理" in page_of(logged_in(ruled.wang).get(f"/review/cases/{part.number}/"))
        assert apply_event(system, approved(row)) == "refused"
        own = page_of(logged_in(ruled.li).get(f"/bundles/{part.bundle.number}/"))
        assert "公安业务系统" in own
        assert "起转由工作人员办理" in own
        review.accept(ruled.wang, SubItem.objects.for_case().get(pk=part.pk))

    def test_switched_off_all_that_waits_comes_back(self, ruled: Ruled, system: DepartmentSystem) -> None:
        part = waiting(ruled)
        handed(part)
        call_command("department_system", "police_desk", "off")
        assert hand_over_queued() == 1
        assert kinds(part)[-1] == "taken_back"


class TestDifferences:
    def test_what_moved_just_now_is_no_difference_yet(self, ruled: Ruled, system: DepartmentSystem) -> None:
        handed(waiting(ruled))
        HandedOver.objects.update(sent_at=timezone.now())
        assert write_differences(system, []) == 0

    def test_each_is_a_row_with_an_owner_until_both_say_the_same(self, ruled: Ruled, system: DepartmentSystem) -> None:
        parts = [waiting(ruled) for _each in range(2)]
        rows = [handed(part) for part in parts]
        long_ago()
        theirs = [
            {"key": str(rows[0].pk), "number": parts[0].number, "state": "approved"},
            {"key": str(uuid.uuid4()), "number": "YB9", "state": "received"},
        ]
        assert [write_differences(system, theirs) for _each in range(2)] == [3, 3]
        found = set(SystemDifference.objects.values_list("number", "kind", "here", "there", "owner__username"))
        assert found == {
            (parts[0].number, "state", "received", "approved", "zhou"),
            (parts[1].number, "missing_there", "received", "", "zhou"),
            ("YB9", "missing_here", "", "received", "zhou"),
        }
        same = [
            {"key": str(row.pk), "number": part.number, "state": "received"}
            for row, part in zip(rows, parts, strict=True)
        ]
        assert write_differences(system, same) == 0
        assert not SystemDifference.objects.filter(settled_at=None).exists()

    def test_the_department_sees_them_and_somebody_takes_one(self, ruled: Ruled, system: DepartmentSystem) -> None:
        write_differences(system, [{"key": str(uuid.uuid4()), "number": "YB9", "state": "received"}])
        row = SystemDifference.objects.get()
        client = logged_in(ruled.wang)
        page = page_of(client.get("/review/police/system/"))
        assert "YB9" in page
        assert "公安业务系统" in page
        client.post(f"/review/police/system/differences/{row.pk}/")
        row.refresh_from_db()
        assert row.owner == ruled.wang
        assert logged_in(ruled.zhao).get("/review/police/system/").status_code == 404

    def test_once_a_day_the_system_is_asked_for_all_its_cases(
        self, ruled: Ruled, system: DepartmentSystem, desk: Any
    ) -> None:
        handed(waiting(ruled))
        process("hand_over")
        long_ago()
        ask_systems()
        process("compare_system")
        assert SystemDifference.objects.get().there == "approved"
        assert not OutboxMessage.objects.filter(kind="compare_system", done_at=None).exists()
        system.refresh_from_db()
        assert system.compared_on is not None
