"""Mandates given, recorded and ended. Every step is an event of the mandate's own chain, and both sides are told.

Terms of the law: Civil Code art. 161-165 (a mandate names agent, matters, authority and term), 173 (it ends when withdrawn, when
its term is over, and by death), 23, 27 and 34 (guardians act for who cannot), PIPL art. 31 (children under 14).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from portal.accounts.models import MAJORITY, Death, Handler, Mandate, MandateOffer, Organisation, Person, User
from portal.accounts.one_time_codes import in_groups, make_code, plain
from portal.accounts.people import birth_date, is_same_name
from portal.ledger.chain import append_events, open_chain
from portal.ledger.core.hashing import NewEvent
from portal.lib.vault import blind_index
from portal.notices.inbox import send_messages
from portal.notices.models import Message

CODE_DAYS: Final = 7
Kind, Source = Mandate.Kind, Mandate.Source


class MandateConflict(Exception):
    """It cannot be so. ``code``: ``not_proved``, ``dead``, ``oneself``, ``term_over``, ``no_such_code``, ``not_yours``, ``no_paper``,
    ``not_of_age``, ``of_age``, ``no_decision``, ``no_reason``.
    """

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class MandateScope:
    """What a mandate lets its agent do. ``matters``: their slugs; None: all. ``uses_certificates``: None where the words that let them be seen say that they
    are used as well."""

    matters: tuple[str, ...] | None
    until: date | None
    begins_on: date | None = None
    sees_certificates: bool = False
    consents: bool = False
    uses_certificates: bool | None = None

    def columns(self) -> dict[str, Any]:
        """Return it as the columns of a row, but for the day on which it begins."""
        matters = None if self.matters is None else sorted(set(self.matters))
        return {
            "matters": matters,
            "until": self.until,
            "sees_certificates": self.sees_certificates,
            "uses_certificates": self.sees_certificates if self.uses_certificates is None else self.uses_certificates,
            "consents": self.consents,
        }


def scope(
    matters: Iterable[str] | None, until: date | None, *, sees_certificates: bool = False, consents: bool = False
) -> MandateScope:
    """Return a scope; of no matters, all."""
    return MandateScope(tuple(matters or ()) or None, until, None, sees_certificates, consents)


@transaction.atomic
def offer(
    principal: Person, scope: MandateScope, *, agent_name: str, to_organisation: bool = False
) -> tuple[MandateOffer, str]:
    """Return an offer and its code, which is shown this once and kept by nobody; whoever uses it must be whom it names.

    Raises `MandateConflict`: ``not_proved``, ``dead``, ``not_of_age``, ``term_over``.
    """
    _require_able(principal)
    _require_capacity(principal, Kind.AUTHORISED)
    if scope.until is None or scope.until < timezone.localdate():
        raise MandateConflict("term_over")
    code = make_code()
    made = MandateOffer.objects.create(
        principal=principal,
        code_index=_index(code),
        agent_name=agent_name,
        to_organisation=to_organisation,
        expires_at=timezone.now() + timedelta(days=CODE_DAYS),
        **scope.columns(),
    )
    return made, in_groups(code)


@transaction.atomic
def accept(person: Person, code: str, handler: Handler | None = None) -> Mandate:
    """Use the code of an offer: the person, or the organisation that they act for, is its agent from now on. A code works once.

    An organisation is bound by those who manage it, as they end it.
    Raises `MandateConflict`: ``not_proved``, ``dead``, ``not_manager``, ``oneself``, ``no_such_code`` (also used, taken back, over, or for somebody of
    another name).
    """
    _require_able(person)
    if handler is not None and not handler.manages:
        raise MandateConflict("not_manager")
    found = (
        MandateOffer.objects.select_for_update(of=("self",))
        .filter(code_index=_index(plain(code)), ended_at=None, expires_at__gt=timezone.now())
        .select_related("principal")
        .first()
    )
    named = handler.organisation.name if handler is not None else person.name
    if (
        found is None
        or found.to_organisation != (handler is not None)
        or not is_same_name(found.agent_name, named)
        or found.until < timezone.localdate()
    ):
        raise MandateConflict("no_such_code")
    mandate = write_mandate(
        found.principal,
        None if handler is not None else person,
        handler.organisation if handler is not None else None,
        MandateScope(
            None if found.matters is None else tuple(found.matters),
            found.until,
            None,
            found.sees_certificates,
            found.consents,
            found.uses_certificates,
        ),
        by=person.user,
        source=Source.ONLINE,
    )
    found.mandate, found.ended_at, found.ended_by = mandate, timezone.now(), person.user
    found.save(update_fields=["mandate", "ended_at", "ended_by"])
    return mandate


@transaction.atomic
def withdraw_offer(principal: Person, offer: UUID) -> None:
    """Take an offer back before it is used. Raises `MandateConflict` ``no_such_code``."""
    found = MandateOffer.objects.select_for_update().filter(pk=offer, principal=principal, ended_at=None).first()
    if found is None:
        raise MandateConflict("no_such_code")
    found.ended_at, found.ended_by = timezone.now(), principal.user
    found.save(update_fields=["ended_at", "ended_by"])


@transaction.atomic
def record_from_paper(
    principal: Person,
    agent: Person | Organisation,
    scope: MandateScope,
    *,
    officer: User,
    paper: str,
    sites: Iterable[str] = (),
) -> Mandate:
    """Record at a window what a signed mandate says. Both sides are told. A guardianship takes two officers (`two_people`).

    Raises `MandateConflict`: ``not_proved``, ``dead``, ``not_of_age``, ``oneself``, ``term_over``, ``no_paper``.
    """
    if not paper.strip():
        raise MandateConflict("no_paper")
    person = agent if isinstance(agent, Person) else None
    organisation = agent if isinstance(agent, Organisation) else None
    evidence = {"officer": officer, "paper": paper.strip(), "sites": list(sites)}
    return write_mandate(principal, person, organisation, scope, by=officer, source=Source.PAPER, evidence=evidence)


@transaction.atomic
def record_parent(child: Person, parent: Person, fetch: UUID, *, born: date) -> Mandate:
    """Record that a register named somebody as parent of a child; until the child is of age (Civil Code art. 17, 27). Once for each child.

    Raises `MandateConflict`: ``not_proved``, ``dead``, ``oneself``, ``term_over`` for whom is of age.
    """
    known = Mandate.objects.in_force().filter(principal=child, agent=parent, kind=Kind.PARENT).first()
    if known is not None:
        return known
    scope = MandateScope(None, last_day_as_child(born), None, sees_certificates=True, consents=True)
    evidence = {"fetch": fetch}
    return write_mandate(
        child, parent, None, scope, by=parent.user, source=Source.REGISTER, kind=Kind.PARENT, evidence=evidence
    )


@transaction.atomic
def end(mandate: UUID, *, by: Person | None = None, officer: User | None = None, why: str = "") -> Mandate:
    """End a mandate at once: by the person acted for, by the agent, or, for a reason, at a window. What lies open under it is the
    principal's alone.

    Raises `MandateConflict`: ``not_yours`` (also ended already), ``no_reason``.
    """
    if officer is not None and not why.strip():
        raise MandateConflict("no_reason")
    found = (
        Mandate.objects.select_for_update(of=("self",))
        .filter(pk=mandate, ended_at=None)
        .select_related("principal", "agent", "agent_organisation")
        .first()
    )
    if found is None or (officer is None and (by is None or not _may_end(found, by))):
        raise MandateConflict("not_yours")
    account = officer or (by.user if by is not None else None)
    found.ended_at, found.ended_by, found.ended_why = timezone.now(), account, why.strip()
    found.save(update_fields=["ended_at", "ended_by", "ended_why"])
    how = {"by": "window"} if officer is not None else {}
    append_events(found.pk, [NewEvent("mandate_ended", account.pk if account is not None else None, data=how)])
    if officer is not None:
        tell_both(found, "mandate_ended_by_window", "mandate_ended_agent_by_window", why=why.strip())
    else:
        tell_both(found, "mandate_ended", "mandate_ended_agent")
    return found


def may_be_ended(mandate: UUID, by: Person) -> Mandate | None:
    """Return a mandate that is this person's to end; None where it is not, or has ended already. At most two queries."""
    rows = Mandate.objects.filter(pk=mandate, ended_at=None).select_related("principal", "agent", "agent_organisation")
    found = rows.first()
    return found if found is not None and _may_end(found, by) else None


def is_dead(person: Person) -> bool:
    """Return whether a standing row says that somebody has died. One query."""
    return Death.objects.standing().filter(person=person).exists()


def _may_end(mandate: Mandate, by: Person) -> bool:
    """Whether it is theirs to end: the principal's unless a guardian acts for them, the agent's, an intermediary's who manage it."""
    if mandate.principal_id == by.pk:
        return mandate.kind == Kind.AUTHORISED
    if mandate.agent_id == by.pk:
        return mandate.kind == Kind.AUTHORISED
    handlers = Handler.objects.in_force().filter(organisation=mandate.agent_organisation_id, person=by)
    return mandate.agent_organisation_id is not None and any(handler.manages for handler in handlers)


def require_possible(
    principal: Person, agent: Person | None, scope: MandateScope, kind: str, source: str, basis: str = ""
) -> None:
    """See that a mandate can be so. Raises `MandateConflict` as those do who write one."""
    _require_able(principal)
    if agent is not None:
        _require_able(agent)
    if agent is not None and agent.pk == principal.pk:
        raise MandateConflict("oneself")
    if source != Source.REGISTER:  # a register knows when its child was born, and says until when
        _require_capacity(principal, kind, basis)
    today = timezone.localdate()
    if scope.until is not None and scope.until < max(today, scope.begins_on or today):
        raise MandateConflict("term_over")
    born = birth_date(principal) if kind == Kind.PARENT else None
    if scope.until is not None and born is not None and scope.until > last_day_as_child(born):
        raise MandateConflict("term_over")
    if scope.until is None and kind != Kind.GUARDIAN:
        raise MandateConflict("term_over")


def write_mandate(
    principal: Person,
    agent: Person | None,
    organisation: Organisation | None,
    scope: MandateScope,
    *,
    by: User | None,
    source: str,
    kind: str = Kind.AUTHORISED,
    evidence: Mapping[str, Any] = MappingProxyType({}),
    window: str = "",
) -> Mandate:
    """Write a mandate with its event and tell both sides. ``window``: where to object to a guardianship. Raises `MandateConflict`."""
    require_possible(principal, agent, scope, kind, source, evidence.get("basis", ""))
    today = timezone.localdate()
    mandate = Mandate.objects.create(
        number=f"SQ{today:%Y%m%d}{make_code(6)}",
        principal=principal,
        agent=agent,
        agent_organisation=organisation,
        kind=kind,
        begins_on=scope.begins_on or today,
        source=source,
        **scope.columns(),
        **evidence,
    )
    open_chain(mandate.pk)
    data: dict[str, Any] = {"kind": str(kind), "source": str(source)}
    if (confirmed_by := evidence.get("confirmed_by")) is not None:
        data["confirmed_by"] = confirmed_by.pk
    append_events(mandate.pk, [NewEvent("mandate_given", by.pk if by is not None else None, data=data)])
    if source == Source.DEMO:
        return mandate
    if kind == Kind.AUTHORISED:
        tell_both(mandate, "mandate_given", "mandate_given_agent")
    else:
        tell_both(mandate, "guardian_given" if window else "parent_given", "mandate_given_agent", window=window)
    return mandate


def _require_capacity(principal: Person, kind: str, basis: str = "") -> None:
    """See that who gives a mandate is of age (Civil Code art. 18-20), who has parents acting for them is not, and that a decision says
    so where an adult has a guardian (art. 24, 28, 31, 36). Of whom no number says when they were born, only a decision proves it.
    """
    born = birth_date(principal)
    is_child = born is not None and timezone.localdate() <= last_day_as_child(born)
    if kind == Kind.AUTHORISED and is_child:
        raise MandateConflict("not_of_age")
    if kind == Kind.PARENT and not is_child:
        raise MandateConflict("of_age")
    if kind == Kind.GUARDIAN and not is_child and basis not in Mandate.OF_ADULTS:
        raise MandateConflict("no_decision")


def _require_able(person: Person) -> None:
    """See that somebody is proved and alive."""
    if not person.is_proved:
        raise MandateConflict("not_proved")
    if is_dead(person):
        raise MandateConflict("dead")


def tell_both(mandate: Mandate, to_principal: str, to_agent: str, **more: str) -> None:
    """Tell both sides, each as themselves or as the organisation whose people they are."""
    data = {"principal": mandate.principal.name, "agent": mandate.agent_name, "number": mandate.number, **more}
    link = reverse("accounts:mandates")
    told: list[tuple[int, UUID | None, str]] = []
    if mandate.principal.user_id is not None:
        told.append((mandate.principal.user_id, None, to_principal))
    if mandate.agent is not None and mandate.agent.user_id is not None:
        told.append((mandate.agent.user_id, None, to_agent))
    if mandate.agent_organisation_id is not None:
        handlers = Handler.objects.in_force().filter(organisation=mandate.agent_organisation_id)
        accounts = handlers.exclude(person__user=None).values_list("person__user_id", flat=True)
        told += [(account, mandate.agent_organisation_id, to_agent) for account in accounts]
    send_messages(
        Message.about(data, recipient_id=account, principal=principal, key=f"{kind}:{mandate.pk}", kind=kind, link=link)
        for account, principal, kind in told
    )


def last_day_as_child(born: date) -> date:
    """Return the last day on which somebody is not of age: until then their parents act for them (Civil Code art. 17, 27)."""
    return birthday(born, MAJORITY) - timedelta(days=1)


def birthday(born: date, age: int) -> date:
    """Return the day on which somebody becomes so old; who was born on 29 February on 1 March of a common year."""
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        return date(born.year + age, 3, 1)


def _index(code: str) -> bytes:
    return blind_index("mandate_code", code)
