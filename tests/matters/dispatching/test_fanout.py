"""Dispatch: each sub-item reaches its department's queue when its turn has come, once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from matters.dispatching.fanout import advance_bundles, dispatch_sub_items
from matters.dispatching.missing import enqueue_missing_fan_outs
from matters.dispatching.notifying import MESSAGE_OF_EVENT, deliver_notices
from matters.models import Bundle, ReviewTask, SubItem
from matters.reviewing.corrections import Gap, request_correction
from matters.reviewing.review import claim
from portal.ledger.chain import verify_chain
from portal.ledger.models import Event
from portal.notices.models import Message
from portal.notices.wording import KINDS as WORDS
from portal.outbox.claiming import StaleLease, claim_batch
from portal.outbox.models import OutboxMessage
from portal.outbox.processing import process, run
from tests.worlds.town import Town, advance

pytestmark = pytest.mark.django_db


def _states(bundle: Bundle) -> dict[str, str]:
    return dict(SubItem.objects.filter(bundle=bundle).values_list("key", "state"))


def _conclude(bundle: Bundle, key: str, state: str) -> None:
    """Bring a sub-item to its end by hand, for dispatch to follow."""
    part = SubItem.objects.get(bundle=bundle, key=key)
    now = timezone.now()
    SubItem.objects.filter(pk=part.pk).update(state=state, concluded_at=now)
    ReviewTask.objects.filter(sub_item=part).update(closed_at=now)
    advance([bundle.pk])


class TestQueueing:
    def test_what_waits_for_nothing_enters_its_departments_queue(self, town: Town) -> None:
        bundle = town.submit(dispatch=False)
        assert process("fan_out") == (1, False)
        assert _states(bundle) == {"birth_cert": "queued", "hukou": "waiting", "medical_ins": "waiting"}
        task = ReviewTask.objects.get()
        assert (task.sub_item.key, task.department.code, task.stage) == ("birth_cert", "health", "acceptance")
        assert Event.objects.filter(chain_id=bundle.pk, kind="queued", sub_item="birth_cert").count() == 1
        assert verify_chain(bundle.pk) == []

    def test_an_approval_gives_the_next_its_turn(self, town: Town) -> None:
        bundle = town.submit()
        _conclude(bundle, "birth_cert", "approved")
        assert _states(bundle)["hukou"] == "queued"
        assert _states(bundle)["medical_ins"] == "waiting"

    @pytest.mark.parametrize("outcome", ["rejected", "withdrawn", "terminated"])
    def test_a_failure_ends_what_waited_for_it_and_concludes_the_bundle(self, town: Town, outcome: str) -> None:
        bundle = town.submit()
        _conclude(bundle, "birth_cert", outcome)
        assert _states(bundle) == {"birth_cert": outcome, "hukou": "terminated", "medical_ins": "terminated"}
        events = Event.objects.filter(chain_id=bundle.pk, kind="terminated").order_by("sequence")
        assert [(event.sub_item, event.data) for event in events] == [
            ("hukou", {"from": "waiting", "to": "terminated", "reason": "prerequisite", "because": "birth_cert"}),
            ("medical_ins", {"from": "waiting", "to": "terminated", "reason": "prerequisite", "because": "hukou"}),
        ]
        bundle.refresh_from_db()
        assert bundle.concluded_at is not None
        assert verify_chain(bundle.pk) == []

    def test_the_last_approval_concludes_the_bundle_once(self, town: Town) -> None:
        bundle = town.submit()
        for key in ("birth_cert", "hukou", "medical_ins"):
            assert Bundle.objects.get(pk=bundle.pk).concluded_at is None
            _conclude(bundle, key, "approved")
        concluded_at = Bundle.objects.get(pk=bundle.pk).concluded_at
        assert concluded_at is not None
        advance([bundle.pk])
        assert Bundle.objects.get(pk=bundle.pk).concluded_at == concluded_at
        assert Event.objects.filter(chain_id=bundle.pk, kind="concluded").count() == 1


class TestRepeating:
    def test_handling_it_twice_changes_nothing(self, town: Town) -> None:
        bundle = town.submit(dispatch=False)
        claims = claim_batch("fan_out")
        dispatch_sub_items(claims)
        before = (_states(bundle), ReviewTask.objects.count(), Event.objects.count(), OutboxMessage.objects.count())
        with pytest.raises(StaleLease):
            dispatch_sub_items(claims)
        OutboxMessage.objects.filter(kind="fan_out").update(done_at=None, attempts=0, lease_until=None)
        assert run(claim_batch("fan_out")) == 1
        after = (_states(bundle), ReviewTask.objects.count(), Event.objects.count(), OutboxMessage.objects.count())
        assert after == before

    def test_a_missing_sub_item_is_written_again_from_the_version(self, town: Town) -> None:
        bundle = town.submit(dispatch=False)
        lost = SubItem.objects.get(bundle=bundle, key="hukou")
        SubItem.objects.filter(pk=lost.pk).delete()
        process("fan_out")
        found = SubItem.objects.get(bundle=bundle, key="hukou")
        assert (found.number, found.name, found.department_id, found.after) == (
            lost.number,
            lost.name,
            lost.department_id,
            lost.after,
        )
        assert found.state == "waiting"
        assert Event.objects.filter(chain_id=bundle.pk, kind="restored", sub_item="hukou").count() == 1

    def test_a_task_that_vanished_is_opened_again(self, town: Town) -> None:
        bundle = town.submit()
        ReviewTask.objects.all().delete()
        advance([bundle.pk])
        assert ReviewTask.objects.get().sub_item.key == "birth_cert"

    def test_a_batch_takes_the_same_few_statements_as_one(self, town: Town) -> None:
        def statements(count: int) -> int:
            ids = [town.submit(dispatch=False).pk for _ in range(count)]
            with CaptureQueriesContext(connection) as queries, transaction.atomic():
                advance_bundles(ids, received=ids)
            return len([query for query in queries if "SAVEPOINT" not in query["sql"]])

        statements(1)
        one, many = statements(1), statements(6)
        assert one == many
        assert many <= 10


class TestMending:
    @pytest.fixture
    def bundle(self, town: Town) -> Bundle:
        bundle = town.submit()
        Bundle.objects.update(submitted_at=timezone.now() - timedelta(hours=1))
        SubItem.objects.update(state_since=timezone.now() - timedelta(hours=1))
        OutboxMessage.objects.all().delete()
        assert enqueue_missing_fan_outs() == 0
        return bundle

    def test_it_finds_what_waits_although_its_turn_has_come(self, bundle: Bundle) -> None:
        SubItem.objects.filter(key="birth_cert").update(state="approved", concluded_at=timezone.now())
        assert enqueue_missing_fan_outs() == 1
        process("fan_out")
        assert _states(bundle)["hukou"] == "queued"

    def test_it_finds_what_waits_for_what_can_no_longer_come(self, bundle: Bundle) -> None:
        SubItem.objects.filter(key="hukou").update(state="withdrawn", concluded_at=timezone.now())
        assert enqueue_missing_fan_outs() == 1
        process("fan_out")
        assert _states(bundle)["medical_ins"] == "terminated"

    def test_it_finds_what_stands_in_no_queue(self, bundle: Bundle) -> None:
        ReviewTask.objects.all().delete()
        assert enqueue_missing_fan_outs() == 1
        process("fan_out")
        assert ReviewTask.objects.count() == 1

    def test_it_finds_sub_items_that_are_missing(self, bundle: Bundle) -> None:
        SubItem.objects.filter(key="medical_ins").delete()
        assert enqueue_missing_fan_outs() == 1
        process("fan_out")
        assert "medical_ins" in _states(bundle)

    def test_it_finds_a_bundle_that_should_have_concluded(self, bundle: Bundle) -> None:
        ReviewTask.objects.all().delete()
        SubItem.objects.update(state="withdrawn", concluded_at=timezone.now())
        assert enqueue_missing_fan_outs() == 1
        process("fan_out")
        bundle.refresh_from_db()
        assert bundle.concluded_at is not None

    def test_it_opens_a_promise_again_that_was_kept_before(self, bundle: Bundle) -> None:
        ReviewTask.objects.all().delete()
        enqueue_missing_fan_outs()
        process("fan_out")
        ReviewTask.objects.all().delete()
        assert enqueue_missing_fan_outs() == 1
        assert process("fan_out") == (1, False)


class TestNotices:
    def test_the_applicant_is_told_once_that_it_arrived(self, town: Town) -> None:
        bundle = town.submit(dispatch=False)
        process("fan_out")
        claims = claim_batch("notify")
        deliver_notices(claims)
        with pytest.raises(StaleLease):
            deliver_notices(claims)
        OutboxMessage.objects.filter(kind="notify").update(done_at=None, attempts=0, lease_until=None)
        process("notify")
        message = Message.objects.get()
        assert (message.recipient, message.kind, message.data["number"]) == (town.li, "bundle_received", bundle.number)
        assert bundle.number in message.link

    def test_the_applicant_is_told_what_ended_and_that_all_is_concluded(self, town: Town) -> None:
        bundle = town.submit()
        _conclude(bundle, "birth_cert", "rejected")
        process("notify")
        assert sorted(Message.objects.values_list("kind", flat=True)) == [
            "bundle_concluded",
            "sub_item_terminated",
            "sub_item_terminated",
        ]
        assert Message.objects.filter(kind="sub_item_terminated").first().data["department"]  # type: ignore[union-attr]

    def test_a_correction_says_how_much_and_leads_to_where_it_is_made(self, town: Town) -> None:
        bundle = town.submit()
        claim(town.zhao, town.part(bundle, "birth_cert"))
        request = request_correction(
            town.zhao, town.part(bundle, "birth_cert"), [Gap("field", "child:person.name", "与证件不符")]
        )
        process("notify")
        message = Message.objects.get(kind="correction_requested")
        assert message.data["count"] == 1
        assert message.link.endswith(f"/corrections/{request.pk}/")

    def test_every_message_has_words_of_its_own(self, town: Town) -> None:
        assert set(MESSAGE_OF_EVENT.values()) <= set(WORDS)

    def test_an_applicant_without_an_account_gets_no_message(self, town: Town) -> None:
        town.submit(dispatch=False)
        type(town.li_person).objects.update(user=None)
        process("fan_out")
        assert process("notify") == (1, False)
        assert not Message.objects.exists()
