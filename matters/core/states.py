"""The states of a sub-item and the one table of transitions.

Buttons, guards, the API and the tests read this table; nothing else decides what may follow what.
Who may take a step is here as well: by the rights that an officer holds, and by what somebody is to the case.
Pure: no Django model, no clock.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Where a sub-item stands. The Chinese label is given by ``matters.wording.states``."""

    WAITING = "waiting"  # a prerequisite is not decided yet
    QUEUED = "queued"  # in the department's queue, not accepted
    RETURNED = "returned"  # the applicant must correct
    RESUBMITTED = "resubmitted"  # corrected, in the queue again
    ACCEPTED = "accepted"  # the clock runs
    UNDER_REVIEW = "under_review"
    APPROVED = "approved"
    REJECTED = "rejected"
    NOT_ACCEPTED = "not_accepted"  # refused before acceptance: nothing was decided on the matter itself
    WITHDRAWN = "withdrawn"
    TERMINATED = "terminated"


AFTER_ACCEPTANCE = frozenset({State.ACCEPTED, State.UNDER_REVIEW})
OPEN = frozenset({State.WAITING, State.QUEUED, State.RETURNED, State.RESUBMITTED, State.ACCEPTED, State.UNDER_REVIEW})
CONCLUDED = frozenset({State.APPROVED, State.REJECTED, State.NOT_ACCEPTED, State.WITHDRAWN, State.TERMINATED})
# What a department cannot go on with before another has done its part: the queue's list of that name and its index read it here.
WAITS_FOR_OTHERS = frozenset({State.WAITING})
# States in which a review task stands open in the department's queue.
IN_QUEUE = frozenset({State.QUEUED, State.RESUBMITTED, State.ACCEPTED, State.UNDER_REVIEW})


class Party(StrEnum):
    """What somebody is to a sub-item, besides the rights they hold in its department."""

    APPLICANT = "applicant"
    WINDOW = "window"  # entered the case, or serves where it was entered
    OFFICER = "officer"  # may review or decide it, and does not apply
    ASKER = "asker"  # asked for the correction that is open
    ANSWERER = "answerer"  # answered a correction in the applicant's name
    ENTERER = "enterer"  # had a hand in entering the case at a window in the applicant's name
    VOUCHER = "voucher"  # saw the applicant's document at a window, at whatever time: their level rests on it
    PROPOSER = "proposer"  # proposed the decision that waits for others, or has signed it
    ACCEPTOR = "acceptor"  # accepted it, where its department keeps accepting and approving apart
    RELATED = "related"  # acted for the applicant on the draft, or has a mandate with them in whichever direction


@dataclass(frozen=True, slots=True)
class Facts:
    """What the table reads of a sub-item: where it stands, and what its conditions name."""

    state: State
    was_accepted: bool = False
    grants_certificates: bool = False
    awaits_amendment: bool = False  # another department has to say whether a fact in it is amended
    awaits_signatures: bool = False  # others have to sign what is proposed before it is a decision
    in_procedure: bool = False  # a hearing, an inspection or the like is under way
    awaits_paper: bool = False  # a paper that the result waits for is to be handed in later, or was not looked at yet

    @property
    def is_accepted(self) -> bool:
        return self.state in AFTER_ACCEPTANCE


# Of each group of rights one is needed.
_Rights = tuple[tuple[str, ...], ...]


def bar_of(barred: Collection[Party], parties: Collection[Party]) -> Party | None:
    """Return what bars somebody who is all of ``parties`` to a sub-item, or None."""
    return next((party for party in Party if party in barred and party in parties), None)


@dataclass(frozen=True, slots=True)
class OfficerStep:
    """What an officer does with a sub-item that moves no state. ``rights``: of each group one is needed; ``barred`` as in `Transition`."""

    name: str
    rights: _Rights
    barred: frozenset[Party]

    def bar(self, parties: Collection[Party]) -> Party | None:
        """Return what bars somebody who is all of ``parties`` to the sub-item from this step, or None."""
        return bar_of(self.barred, parties)


@dataclass(frozen=True, slots=True)
class Transition:
    """One legal step.

    ``event`` is the kind of the one ledger event it writes. ``rights`` are the grants on the department that a person
    needs, all of them; none for the system or the applicant. ``rights_where``: further ones, each where a fact holds.
    ``unless`` are the facts each of which forbids it. ``parties``: who may take what is not an officer's step, one of them is enough;
    ``barred``: who may never take it, whatever else they are. ``rests_on``: what its event names as the reason — the row in which the words
    stand, sealed, because an event is for ever and holds nobody's data; else an article, or who took it.
    """

    name: str
    sources: frozenset[State]
    target: State
    event: str
    rights: tuple[str, ...] = ()
    rights_where: tuple[tuple[str, str], ...] = ()
    unless: tuple[str, ...] = ()
    parties: frozenset[Party] = frozenset()
    barred: frozenset[Party] = frozenset()
    rests_on: str = ""

    def reason(self) -> str:
        """Return what its event names as the reason."""
        return self.rests_on or ("officer" if self.rights else "applicant" if self.parties else "system")

    def bar(self, parties: Collection[Party]) -> Party | None:
        """Return what bars somebody who is all of ``parties`` to the sub-item from this step, or None."""
        return bar_of(self.barred, parties)

    def is_for(self, parties: Collection[Party]) -> bool:
        """Return whether somebody who is all of ``parties`` may take it; their rights in the department are another question."""
        return self.bar(parties) is None and (not self.parties or not self.parties.isdisjoint(parties))

    def is_possible(self, facts: Facts) -> bool:
        """Return whether the sub-item may take it, whoever asks."""
        return facts.state in self.sources and not any(getattr(facts, fact) for fact in self.unless)

    def rights_for(self, facts: Facts) -> list[str]:
        """Return the rights that a person needs for it here; none where it is not an officer's step."""
        return [*self.rights, *(right for fact, right in self.rights_where if getattr(facts, fact))]


# Nobody handles their own application or that of whom they act for, and nobody decides on what they said in the applicant's name or of who that is.
_OWN = frozenset({Party.APPLICANT})
_NEAR = _OWN | {Party.RELATED}
_OWN_WORD = _NEAR | {Party.ANSWERER, Party.ENTERER, Party.VOUCHER}
_BEFORE_ACCEPTANCE = frozenset({State.QUEUED, State.RESUBMITTED})
_ROWS = (
    Transition("queue", frozenset({State.WAITING}), State.QUEUED, "queued", rests_on="turn"),
    Transition("accept", _BEFORE_ACCEPTANCE, State.ACCEPTED, "accepted", ("accept",), barred=_NEAR),
    # The system's own step, where a licensing authority did not answer in time (``matters.reviewing.deeming``).
    Transition(
        "deem_accepted",
        _BEFORE_ACCEPTANCE,
        State.ACCEPTED,
        "deemed_accepted",
        unless=("was_accepted",),
        rests_on="art. 32",
    ),
    Transition(
        "start_review", frozenset({State.ACCEPTED}), State.UNDER_REVIEW, "review_started", ("review",), barred=_OWN_WORD
    ),
    # Before acceptance the window's work or the reviewer's, afterwards the reviewer's.
    Transition(
        "request_correction",
        IN_QUEUE,
        State.RETURNED,
        "correction_requested",
        ("accept",),
        rights_where=(("is_accepted", "review"),),
        barred=_NEAR,
        rests_on="correction",
    ),
    # The applicant's answer: never of who asked for it, nor of who reviews or decides it.
    Transition(
        "resubmit",
        frozenset({State.RETURNED}),
        State.RESUBMITTED,
        "resubmitted",
        parties=frozenset({Party.APPLICANT, Party.WINDOW}),
        barred=frozenset({Party.ASKER, Party.OFFICER}),
        rests_on="correction",
    ),
    Transition(
        "approve",
        AFTER_ACCEPTANCE,
        State.APPROVED,
        "approved",
        ("decide",),
        rights_where=(("grants_certificates", "issue"),),
        unless=("awaits_amendment", "in_procedure", "awaits_paper", "awaits_signatures"),
        barred=_OWN_WORD,
        rests_on="decision",
    ),
    # Some of what was applied for is granted, the rest is not, with its grounds: what waits for it goes on.
    Transition(
        "approve_in_part",
        AFTER_ACCEPTANCE,
        State.APPROVED,
        "approved_in_part",
        ("decide",),
        rights_where=(("grants_certificates", "issue"),),
        unless=("awaits_amendment", "in_procedure", "awaits_paper", "awaits_signatures"),
        barred=_OWN_WORD,
        rests_on="decision",
    ),
    # The system's own step: the item's rule holds, by what sources said (``matters.reviewing.automatic``). What a person has begun is theirs.
    Transition(
        "decide_by_rule",
        frozenset({State.QUEUED}),
        State.APPROVED,
        "decided_by_rule",
        unless=("was_accepted", "awaits_paper"),
        rests_on="rule",
    ),
    # Of a department's own system, to which the sub-item was handed over (``matters.handing_over``).
    Transition("accept_by_system", _BEFORE_ACCEPTANCE, State.ACCEPTED, "accepted_by_system"),
    Transition(
        "approve_by_system",
        _BEFORE_ACCEPTANCE | AFTER_ACCEPTANCE,
        State.APPROVED,
        "approved_by_system",
        unless=("awaits_amendment",),
    ),
    Transition(
        "reject_by_system",
        _BEFORE_ACCEPTANCE | AFTER_ACCEPTANCE,
        State.REJECTED,
        "rejected_by_system",
        rests_on="decision",
    ),
    Transition(
        "reject",
        AFTER_ACCEPTANCE,
        State.REJECTED,
        "rejected",
        ("decide",),
        unless=("in_procedure", "awaits_signatures"),
        barred=_OWN_WORD,
        rests_on="decision",
    ),
    # What was accepted once stays accepted, also after its correction: it can only be decided.
    Transition(
        "refuse_acceptance",
        _BEFORE_ACCEPTANCE,
        State.NOT_ACCEPTED,
        "acceptance_refused",
        ("accept",),
        unless=("was_accepted",),
        barred=_OWN_WORD,
        rests_on="decision",
    ),
    # The system's own step: a paper that was promised did not come, or what was promised is not so (``matters.reviewing.breaking``).
    Transition(
        "end_unkept", AFTER_ACCEPTANCE, State.TERMINATED, "ended_unkept", unless=("in_procedure",), rests_on="promise"
    ),
    Transition("withdraw", OPEN, State.WITHDRAWN, "withdrawn", parties=_OWN),
    Transition("terminate", frozenset({State.WAITING}), State.TERMINATED, "terminated", rests_on="prerequisite"),
)
TRANSITIONS: dict[str, Transition] = {transition.name: transition for transition in _ROWS}
_MOVING: dict[str, Transition] = {transition.event: transition for transition in _ROWS}

# An approval stays what it is; whether a fact it rests on is amended is for who may decide. It moves no state.
AMENDING = Transition(
    "amend",
    frozenset({State.APPROVED}),
    State.APPROVED,
    "amended",
    ("decide",),
    rights_where=(("grants_certificates", "issue"),),
    barred=_OWN_WORD,
)

_HANDLES: _Rights = (("review", "accept"),)
_REVIEWS: _Rights = (("review",),)
_HEADS: _Rights = (("supervise",), ("decide",))
_SIGNERS = _OWN_WORD | {Party.PROPOSER, Party.ACCEPTOR}
# Every other step of an officer with one case. Who is near to the applicant takes none; who said something in the case judges nothing of it.
STEPS: dict[str, OfficerStep] = {
    name: OfficerStep(name, rights, barred)
    for name, rights, barred in (
        ("claim", _HANDLES, _NEAR | {Party.PROPOSER}),
        ("hand_back", _HANDLES, _NEAR),  # what a colleague holds; one's own is given back by whoever holds it
        ("reassign", _HANDLES, _NEAR),
        ("check_points", _REVIEWS, _OWN_WORD),
        ("take_back_marks", _HANDLES, _NEAR),
        ("remind_applicant", _HANDLES, _NEAR),
        ("ask_advice", _REVIEWS, _OWN_WORD),
        ("revoke_advice", _REVIEWS, _OWN_WORD),
        ("remind_of_advice", _REVIEWS, _OWN_WORD),
        ("answer_advice", _REVIEWS, _NEAR),  # in the department that is asked
        ("ask_extension", _REVIEWS, _OWN_WORD),
        ("settle_extension", _HEADS, _OWN_WORD),
        ("settle_extra_round", _HEADS, _OWN_WORD),
        ("start_procedure", _REVIEWS, _OWN_WORD),
        ("end_procedure", _REVIEWS, _OWN_WORD),
        ("check_rule", _REVIEWS, _OWN_WORD),
        ("propose", _REVIEWS, _OWN_WORD),
        ("sign", _REVIEWS, _SIGNERS),  # what its transition needs besides counts for who signs last
        ("send_back", _REVIEWS, _SIGNERS),
        ("write_note", _HANDLES, _NEAR),
        ("write_to_applicant", _HANDLES, _NEAR),
        ("check_promise", _REVIEWS, _OWN_WORD),
        ("give_order", (("supervise",),), _NEAR),
        ("answer_order", _REVIEWS, _NEAR),
        ("settle_contradiction", (("decide",),), _NEAR),  # in the lead department, and so is what follows
        ("remind_department", (("decide",),), _NEAR),
    )
}

# Ledger events that are facts about a bundle or its sub-items without moving a state.
OTHER_EVENTS = frozenset(
    {
        "submitted",
        "restored",
        "claimed",
        "points_checked",
        "handed_back",
        "reassigned",
        "correction_reminded",
        "notice_sent",
        "extension_asked",
        "extended",
        "extension_refused",
        "rest_begun",
        *("advice_asked", "advice_answered", "advice_revoked", "advice_reminded"),
        "procedure_started",
        "procedure_ended",
        "claim_released",
        "deficiencies_marked",
        "deficiencies_dropped",
        "contradiction_settled",
        "contradiction_lapsed",
        "department_reminded",
        *("decision_proposed", "proposal_signed", "proposal_sent_back", "proposal_taken_back"),
        *("note_written", "message_sent", "message_received"),
        "extra_round_asked",
        "extra_round_granted",
        "extra_round_refused",
        "claim_lapsed",
        "inspection_drawn",
        "left_to_person",
        "handed_over",
        "taken_back",
        "person_check_asked",
        "person_checked",
        "certificate_issued",
        "card_given",
        "order_given",
        "order_answered",
        "document_opened",
        "document_delivered",
        "amendment_opened",
        "amendment_agreed",
        "amended",
        "amendment_refused",
        "amendment_dropped",
        "papers_deferred",
        "commitments_taken",
        "paper_reminded",
        "paper_handed_in",
        "promise_kept",
        "paper_asked_again",
        "promise_broken",
        "promise_struck",
        "concluded",
    }
)


def can(name: str, facts: Facts) -> bool:
    """Return whether the transition is possible: the same predicate for a button and its guard."""
    return TRANSITIONS[name].is_possible(facts)


def transitions_from(facts: Facts) -> list[Transition]:
    """Return the possible transitions, in the order of the table."""
    return [transition for transition in TRANSITIONS.values() if transition.is_possible(facts)]


def step_of(event: str, source: str) -> dict[str, str]:
    """Return what an event of this kind stores of its step: ``from``, ``to`` and ``reason``; nothing where it moves no state."""
    transition = _MOVING.get(event)
    if transition is None:
        return {}
    return {"from": State(source).value, "to": transition.target.value, "reason": transition.reason()}


def replay(events: Iterable[str], start: State = State.WAITING) -> State:
    """Return the state that the event kinds of one sub-item lead to, in their order.

    Kinds of ``OTHER_EVENTS`` change nothing. Raises ``ValueError`` naming the first event
    that was not possible where it stands.
    """
    state = start
    for event in events:
        if event in OTHER_EVENTS:
            continue
        for transition in TRANSITIONS.values():
            if transition.event == event and state in transition.sources:
                state = transition.target
                break
        else:
            raise ValueError(f"{event} is not possible in state {state.value}")
    return state
