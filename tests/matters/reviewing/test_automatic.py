"""An item's rule decides without a person where every fact is told by a row; everything else is a person's, who sees why."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from django.db import IntegrityError, connections, transaction
from pytest_django import Settings as SettingsWrapper

from catalog.versions.matters import compiled
from certificates.models import Certificate
from matters.core.states import State, replay
from matters.models import Decision, PersonCheck, ReviewTask, RuleEvaluation, RuleSwitch, SubItem
from matters.reviewing import review
from matters.reviewing.automatic import decide_by_rule
from matters.reviewing.switching import answer_check, ask_for_person, switch_rule
from matters.wording.refusals import NotAllowed, ReasonMissing, Refusal
from portal.accounts.models import Level, Person
from portal.ledger.models import Event
from portal.outbox.processing import process
from portal.sharing.consents import withdraw_consents
from tests.processes import PATIENCE_SECONDS
from tests.worlds.ruled import BORN, Ruled, build_ruled
from tests.worlds.sources import ADAPTERS, Listed


@pytest.fixture(autouse=True)
def register(settings: SettingsWrapper) -> Iterator[None]:
    settings.YIJIAN_SHARING_ADAPTERS = ADAPTERS
    Listed.forget()
    yield
    Listed.forget()


@pytest.fixture
def ruled(db: None) -> Ruled:
    return build_ruled()


def evaluated(part: SubItem) -> RuleEvaluation:
    process("decide_by_rule")
    part.refresh_from_db()
    return RuleEvaluation.objects.get(sub_item=part)


def kinds(part: SubItem) -> list[str]:
    return list(
        Event.objects.filter(chain_id=part.bundle_id, sub_item=part.key)
        .order_by("sequence")
        .values_list("kind", flat=True)
    )


class TestDecided:
    def test_all_told_and_true_is_decided_without_a_person(self, ruled: Ruled) -> None:
        part = ruled.submit()
        found = evaluated(part)
        decision = Decision.objects.get(sub_item=part)
        assert (part.state, found.why, found.decision_id) == ("approved", "decided", decision.pk)
        assert decision.is_automatic
        assert decision.decided_by is None
        assert part.accepted_at == part.concluded_at == decision.decided_at
        assert not ReviewTask.objects.filter(sub_item=part, closed_at=None).exists()
        assert Certificate.objects.filter(decision_reference=part.number).count() == 1

    def test_the_log_says_that_it_was_automatic_and_nobody_acted(self, ruled: Ruled) -> None:
        part = ruled.submit()
        evaluated(part)
        assert kinds(part) == ["submitted", "queued", "decided_by_rule", "certificate_issued"]
        later = Event.objects.filter(chain_id=part.bundle_id).exclude(kind="submitted")
        assert {event.actor_id for event in later} == {None}
        assert replay(kinds(part)) == State.APPROVED

    def test_the_trace_names_each_value_and_its_row(self, ruled: Ruled) -> None:
        trace = evaluated(ruled.submit()).trace
        born, sex = trace["clauses"]
        assert born["verdict"] is True
        read = next(each for each in born["reads"] if each["name"] == "facts.born")
        assert (read["value"], read["origin"]) == (BORN, "row")
        assert read["fetch"]
        assert [each["origin"] for each in sex["reads"]] == ["form"]

    def test_a_second_run_changes_nothing(self, ruled: Ruled) -> None:
        part = ruled.submit()
        evaluated(part)
        assert decide_by_rule(SubItem.objects.for_case().get(pk=part.pk)) is None
        assert Decision.objects.filter(sub_item=part).count() == 1

    def test_the_rows_are_never_changed(self, ruled: Ruled) -> None:
        found = evaluated(ruled.submit())
        with pytest.raises(IntegrityError), transaction.atomic():
            RuleEvaluation.objects.filter(pk=found.pk).update(why="false")
        with pytest.raises(IntegrityError), transaction.atomic():
            found.delete()

    def test_two_get_two_numbers(self, ruled: Ruled) -> None:
        for part in (ruled.submit(), ruled.submit()):
            evaluated(part)
        assert Certificate.objects.count() == 2


class TestLeftToPerson:
    @pytest.mark.parametrize(
        ("told", "values", "why"),
        [
            ((), {}, "missing"),
            (({},), {}, "missing"),
            (({"birth.time": "2026-11-03T08:15"},), {}, "differs"),
            (({"birth.time": "yesterday"},), {}, "missing"),
            (({"birth.time": BORN},), {"child:person.sex": ""}, "unclear"),
            (({"birth.time": "1826-11-02T08:15"},), {"child:birth.time": "1826-11-02T08:15"}, "false"),
        ],
        ids=["nobody asked", "not told", "told otherwise", "no date", "not filled in", "does not hold"],
    )
    def test_and_the_row_says_why(self, ruled: Ruled, told: tuple, values: dict, why: str) -> None:  # type: ignore[type-arg]
        part = ruled.submit(told, **values)
        assert evaluated(part).why == why
        assert part.state == "queued"
        assert ReviewTask.objects.filter(sub_item=part, closed_at=None).count() == 1
        assert kinds(part)[-1] == "left_to_person"
        assert not Decision.objects.filter(sub_item=part).exists()

    def test_after_the_consent_is_withdrawn_nothing_is_read(self, ruled: Ruled) -> None:
        part = ruled.submit()
        withdraw_consents(ruled.li_person, case=part.bundle.idempotency_key)
        assert evaluated(part).why == "missing"

    def test_somebody_whom_nobody_has_checked_is_not_decided_about(self, ruled: Ruled) -> None:
        part = ruled.submit()
        Person.objects.filter(pk=ruled.li_person.pk).update(level=Level.CLAIMED)
        assert evaluated(part).why == "identity"

    def test_what_a_person_has_claimed_is_theirs(self, ruled: Ruled) -> None:
        part = ruled.submit()
        review.claim(ruled.wang, part)
        assert evaluated(part).why == "taken"
        assert part.state == "queued"
        review.accept(ruled.wang, SubItem.objects.for_case().get(pk=part.pk))

    def test_what_a_person_has_accepted_is_not_evaluated(self, ruled: Ruled) -> None:
        part = ruled.submit()
        review.accept(ruled.wang, part)
        process("decide_by_rule")
        assert not RuleEvaluation.objects.exists()


class TestSwitch:
    def test_switched_off_is_effective_for_what_waits(self, ruled: Ruled) -> None:
        part = ruled.submit()
        switch_rule(ruled.zhou, ruled.departments["police"], "record", is_on=False, reason="登记库在维护")
        assert evaluated(part).why == "off"
        switch_rule(ruled.zhou, ruled.departments["police"], "record", is_on=True, reason="维护完了")
        assert evaluated(ruled.submit()).why == "decided"
        assert RuleSwitch.objects.count() == 2

    def test_only_the_lead_switches_and_says_why(self, ruled: Ruled) -> None:
        with pytest.raises(NotAllowed):
            switch_rule(ruled.wang, ruled.departments["police"], "record", is_on=False, reason="不想用")
        with pytest.raises(ReasonMissing):
            switch_rule(ruled.zhou, ruled.departments["police"], "record", is_on=False, reason=" ")


class TestPersonChecks:
    def test_what_is_drawn_is_on_record_and_checked_once(self, ruled: Ruled) -> None:
        found = evaluated(ruled.submit())
        check = PersonCheck.objects.get(evaluation=found)
        assert (check.cause, found.share, found.draw in range(100)) == ("drawn", 100, True)
        answer_check(ruled.wang, check, is_right=False, note="登记有误")
        with pytest.raises(Refusal):
            answer_check(ruled.zhou, check, is_right=True, note="")
        assert kinds(found.sub_item)[-1] == "person_checked"

    def test_an_applicant_asks_for_a_person_once(self, ruled: Ruled) -> None:
        part = ruled.submit()
        evaluated(part)
        part = SubItem.objects.for_case().get(pk=part.pk)
        assert ask_for_person(ruled.li, part)
        assert not ask_for_person(ruled.li, part)
        assert PersonCheck.objects.filter(cause="asked").count() == 1
        with pytest.raises(NotAllowed):
            ask_for_person(ruled.stranger, part)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_after_switching_off_nothing_is_decided_not_even_what_was_under_way() -> None:
    compiled.cache_clear()
    ruled = build_ruled()
    parts = [ruled.submit() for _each in range(8)]
    barrier = threading.Barrier(3)
    decided_when_off: list[int] = []

    def decide(some: list[SubItem]) -> None:
        barrier.wait(timeout=PATIENCE_SECONDS)
        for part in some:
            decide_by_rule(SubItem.objects.for_case().get(pk=part.pk))
        connections.close_all()

    def switch_off() -> None:
        barrier.wait(timeout=PATIENCE_SECONDS)
        switch_rule(ruled.zhou, ruled.departments["police"], "record", is_on=False, reason="停用")
        decided_when_off.append(Decision.objects.count())
        connections.close_all()

    threads = [threading.Thread(target=decide, args=(some,)) for some in (parts[:4], parts[4:])]
    threads.append(threading.Thread(target=switch_off))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=PATIENCE_SECONDS)
    assert decided_when_off == [Decision.objects.count()]
    off = RuleEvaluation.objects.filter(why="off").count()
    assert Decision.objects.count() + off == 8
