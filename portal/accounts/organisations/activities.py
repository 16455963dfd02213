"""Organisations and their people: entered from a row that shows what they are, invited by a one-time code, removed at once.

Every step is an event of the organisation's own chain, and told to those who manage it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from portal.accounts.models import Handler, Invitation, Organisation, OrganisationCheck, Person, User
from portal.accounts.one_time_codes import in_groups, make_code, plain
from portal.accounts.people import is_same_name
from portal.identifiers.normalising import credit_code
from portal.ledger.chain import append_events, open_chain
from portal.ledger.core.hashing import NewEvent
from portal.lib.vault import blind_index
from portal.notices.inbox import send_messages
from portal.notices.models import Message

Kind, Role = Organisation.Kind, Handler.Role
CODE_DAYS: Final = 7
# GB 32100: the first character names who registers, the second what; together they say what a body can be.
_KINDS: Final = {
    "91": (Kind.COMPANY, Kind.BRANCH, Kind.FOREIGN),
    "92": (Kind.SOLE_TRADER,),
    "93": (Kind.COOPERATIVE,),
}


class OrganisationConflict(Exception):
    """It cannot be so. ``code``: ``not_proved``, ``already_known``, ``kind_differs``, ``not_yours``, ``no_such_code``, ``already_acts``,
    ``not_removable``, ``term_over``, ``name_differs``, ``other_representative``."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Evidence:
    """On what it rests what an organisation is (`OrganisationCheck`)."""

    source: str
    fetch: UUID | None = None
    reference: str = ""
    officer: User | None = None
    named_index: bytes | None = None


def kinds_of(code: str) -> tuple[str, ...]:
    """Return what a body with this credit code can be, the most likely first."""
    if code[:1] == "1":
        return (Kind.PUBLIC_BODY,)
    return _KINDS.get(code[:2], (Kind.OTHER,))


def find_organisation(code: str) -> Organisation | None:
    """Return the organisation with this credit code, or None."""
    return Organisation.objects.filter(credit_code=code).first()


@transaction.atomic
def register_organisation(
    *,
    name: str,
    code: str,
    legal_representative: Person | None,
    evidence: Evidence,
    kind: str = "",
    by: User | None = None,
) -> Organisation:
    """Enter an organisation with its legal representative, who may act for it at once; return it. Known already, it is brought up to date.

    Where another person represents it now, the one before acts for it no more, and who manages it and who was replaced are told; where nobody
    says who does (``None``), nobody new acts for it. What one clerk saw at a window brings nothing up to date: there an organisation that is
    known is only found to be as it is. Raises `InvalidIdentifier`; `OrganisationConflict`: ``not_proved`` (a legal representative whose
    identity nobody proved), ``kind_differs`` (from what the code says), ``already_known`` (founded, though it is there and is or belongs to
    another), and at a window ``name_differs`` or ``other_representative`` (than the row says).
    """
    code = credit_code(code)
    possible = kinds_of(code)
    if kind and kind not in possible:
        raise OrganisationConflict("kind_differs")
    if legal_representative is not None and not legal_representative.is_proved:
        raise OrganisationConflict("not_proved")
    try:
        with transaction.atomic():
            organisation = Organisation.objects.create(
                name=name, credit_code=code, kind=kind or possible[0], legal_representative=legal_representative
            )
            open_chain(organisation.pk)
            event = "organisation_registered"
    except IntegrityError:
        organisation = Organisation.objects.select_for_update(no_key=True).get(credit_code=code)
        if evidence.source == OrganisationCheck.Source.FOUNDED and _is_another(
            organisation, name, legal_representative
        ):
            raise OrganisationConflict("already_known") from None
        if evidence.source == OrganisationCheck.Source.COUNTER:
            _refuse_change(organisation, name, legal_representative)
            name = organisation.name
        event = "organisation_checked"
    OrganisationCheck.objects.create(
        organisation=organisation,
        source=evidence.source,
        name=name,
        legal_representative=legal_representative,
        fetch=evidence.fetch,
        reference=evidence.reference,
        officer=evidence.officer,
        named_index=evidence.named_index,
    )
    organisation.name = name
    organisation.legal_representative = legal_representative or organisation.legal_representative
    organisation.save(update_fields=["name", "legal_representative"])
    _write(organisation, event, by, source=evidence.source)
    if legal_representative is not None:
        _seat(organisation, legal_representative, evidence, by)
    return organisation


def _is_another(organisation: Organisation, name: str, person: Person | None) -> bool:
    """Tell whether what is founded is not this organisation: it has another name, or somebody else represents it."""
    known = organisation.legal_representative_id
    return organisation.name != name or (person is not None and known is not None and known != person.pk)


def _refuse_change(organisation: Organisation, name: str, person: Person | None) -> None:
    """Raise `OrganisationConflict` where what a clerk typed would rename a known organisation or replace who represents it."""
    if not is_same_name(organisation.name, name):
        raise OrganisationConflict("name_differs")
    known = {organisation.legal_representative_id} - {None}
    seated = Handler.objects.filter(organisation=organisation, ended_at=None, role=Role.LEGAL_REPRESENTATIVE)
    if (known | set(seated.values_list("person_id", flat=True))) - {person and person.pk}:
        raise OrganisationConflict("other_representative")
    latest = organisation.checks.order_by("-at", "-pk").first()
    is_free = not known and latest is not None and latest.source == OrganisationCheck.Source.FOUNDED
    if is_free and latest is not None and (person is None or not _is_named(latest, person)):
        raise OrganisationConflict("other_representative")


def _is_named(check: OrganisationCheck, person: Person) -> bool:
    return check.named_index is not None and bytes(check.named_index) == named_as(
        person.name, bytes(person.document_index)
    )


def named_as(name: str, document: bytes) -> bytes:
    """Return how `OrganisationCheck` keeps whom a founding names. ``document``: the index of their document."""
    return blind_index("named_representative", f"{document.hex()} {name}")


def claimable_by(person: Person) -> list[Organisation]:
    """Return the organisations that a founding names this proved person the representative of, and that nobody represents yet. One query."""
    if not person.is_proved:
        return []
    named = OrganisationCheck.objects.filter(
        source=OrganisationCheck.Source.FOUNDED, named_index=named_as(person.name, bytes(person.document_index))
    )
    free = Organisation.objects.filter(legal_representative=None, pk__in=named.values("organisation"))
    return list(free.order_by("name"))


@transaction.atomic
def claim_founded(person: Person, organisation: UUID) -> Organisation:
    """Let whom its founding names represent an organisation that nobody represents yet. Raises `OrganisationConflict` ``not_yours``, ``not_proved``."""
    if not person.is_proved:
        raise OrganisationConflict("not_proved")
    found = (
        Organisation.objects.select_for_update(no_key=True).filter(pk=organisation, legal_representative=None).first()
    )
    check = found.checks.order_by("-at", "-pk").first() if found is not None else None
    if (
        found is None
        or check is None
        or check.source != OrganisationCheck.Source.FOUNDED
        or not _is_named(check, person)
    ):
        raise OrganisationConflict("not_yours")
    evidence = Evidence(check.source, reference=check.reference, named_index=bytes(check.named_index or b""))
    return register_organisation(
        name=found.name, code=found.credit_code, legal_representative=person, evidence=evidence, by=person.user
    )


def _seat(organisation: Organisation, person: Person, evidence: Evidence, by: User | None) -> None:
    """Let the legal representative act for the organisation, and nobody else as such; tell its people, and who was replaced."""
    current = Handler.objects.filter(organisation=organisation, ended_at=None)
    if current.filter(person=person, role=Role.LEGAL_REPRESENTATIVE).exists():
        return
    gone = list(
        (current.filter(role=Role.LEGAL_REPRESENTATIVE) | current.filter(person=person)).select_related("person")
    )
    for handler in gone:
        _end(handler, by)
    handler = Handler.objects.create(organisation=organisation, person=person, role=Role.LEGAL_REPRESENTATIVE)
    _write(organisation, "handler_joined", by, handler=str(handler.pk), role=handler.role)
    if evidence.source == OrganisationCheck.Source.DEMO:
        return
    about = {"organisation": organisation.name, "name": person.name}
    _tell(organisation, "representative_seated", f"{handler.pk}", about)
    for each in gone:
        if each.person.user_id is not None and each.person_id != person.pk:
            _tell_gone(each, "representative_replaced", about)


@transaction.atomic
def invite(
    by: Handler,
    *,
    for_whom: str,
    role: str = Role.HANDLER,
    matters: Iterable[str] | None = None,
    until: date | None = None,
) -> tuple[Invitation, str]:
    """Return an invitation and its code, which is shown this once and kept by nobody. The people who manage the organisation are told.

    Raises `OrganisationConflict`: ``not_yours`` for whoever does not manage it, ``term_over``.
    """
    by = _managing(by)
    if until is not None and until < timezone.localdate():
        raise OrganisationConflict("term_over")
    code = make_code()
    account = by.person.user
    assert account is not None
    invitation = Invitation.objects.create(
        organisation=by.organisation,
        code_index=_index(code),
        for_whom=for_whom,
        role=role,
        matters=None if matters is None or role != Role.HANDLER else sorted(set(matters)),
        until=until,
        invited_by=account,
        expires_at=timezone.now() + timedelta(days=CODE_DAYS),
    )
    _write(by.organisation, "handler_invited", account, invitation=str(invitation.pk), role=role)
    _tell(by.organisation, "handler_invited", f"{invitation.pk}", {"name": for_whom, "by": by.person.name})
    return invitation, in_groups(code)


@transaction.atomic
def join(person: Person, code: str) -> Handler:
    """Use an invitation's code: the person acts for the organisation from now on. A code works once, within its term.

    Raises `OrganisationConflict`: ``not_proved``, ``no_such_code`` (also used, taken back or over, or of an organisation whose inviter
    does not manage it any more), ``already_acts``.
    """
    if not person.is_proved:
        raise OrganisationConflict("not_proved")
    invitation = (
        Invitation.objects.select_for_update(of=("self",))
        .filter(code_index=_index(plain(code)), ended_at=None, expires_at__gt=timezone.now())
        .select_related("organisation")
        .first()
    )
    if invitation is None or not _still_manages(invitation):
        raise OrganisationConflict("no_such_code")
    organisation = invitation.organisation
    lapsed = Handler.objects.filter(organisation=organisation, person=person, ended_at=None).first()
    if lapsed is not None and (lapsed.until is None or lapsed.until >= timezone.localdate()):
        raise OrganisationConflict("already_acts")
    if lapsed is not None:
        _end(lapsed, person.user)
    handler = Handler.objects.create(
        organisation=organisation,
        person=person,
        role=invitation.role,
        matters=invitation.matters,
        until=invitation.until,
        invited_by=invitation.invited_by,
    )
    invitation.handler, invitation.ended_at, invitation.ended_by = handler, timezone.now(), person.user
    invitation.save(update_fields=["handler", "ended_at", "ended_by"])
    _write(organisation, "handler_joined", person.user, handler=str(handler.pk), role=handler.role)
    _tell(organisation, "handler_joined", f"{handler.pk}", {"name": person.name})
    return handler


@transaction.atomic
def withdraw_invitation(by: Handler, invitation: UUID) -> None:
    """Take an invitation back before it is used. Raises `OrganisationConflict` ``not_yours`` or ``no_such_code``."""
    by = _managing(by)
    found = (
        Invitation.objects.select_for_update()
        .filter(pk=invitation, organisation=by.organisation_id, ended_at=None)
        .first()
    )
    if found is None:
        raise OrganisationConflict("no_such_code")
    found.ended_at, found.ended_by = timezone.now(), by.person.user
    found.save(update_fields=["ended_at", "ended_by"])
    _write(by.organisation, "invitation_withdrawn", by.person.user, invitation=str(found.pk))


@transaction.atomic
def remove(by: Handler, handler: UUID) -> Handler:
    """Let somebody act for the organisation no more, from their next request on; everybody may remove themselves but the legal representative.

    Raises `OrganisationConflict`: ``not_yours``, ``not_removable`` (the legal representative, or who is removed already).
    """
    own = by.pk == handler
    by = by if own else _managing(by)
    found = (
        Handler.objects.select_for_update(of=("self",))
        .filter(pk=handler, organisation=by.organisation_id, ended_at=None)
        .select_related("person", "organisation")
        .first()
    )
    if found is None or found.role == Role.LEGAL_REPRESENTATIVE:
        raise OrganisationConflict("not_removable")
    _end(found, by.person.user)
    _tell(found.organisation, "handler_removed", f"{found.pk}", {"name": found.person.name, "by": by.person.name})
    if found.person.user_id is not None and not own:
        _tell_gone(found, "handler_ended", {"organisation": found.organisation.name})
    return found


def _tell_gone(handler: Handler, kind: str, data: dict[str, Any]) -> None:
    """Tell somebody, as themselves, that they do not act for the organisation any more."""
    account, link = handler.person.user_id, reverse("accounts:organisations")
    send_messages([Message.about(data, recipient_id=account, key=f"{kind}:{handler.pk}", kind=kind, link=link)])


def _end(handler: Handler, by: User | None) -> None:
    handler.ended_at, handler.ended_by = timezone.now(), by
    handler.save(update_fields=["ended_at", "ended_by"])
    _write(handler.organisation, "handler_removed", by, handler=str(handler.pk))


def _managing(handler: Handler) -> Handler:
    """Return the handler's row as it stands now, locked; raise ``not_yours`` unless they manage the organisation."""
    found = (
        Handler.objects.in_force()
        .select_for_update(of=("self",), no_key=True)
        .filter(pk=handler.pk)
        .select_related("person__user", "organisation")
        .first()
    )
    if found is None or not found.manages:
        raise OrganisationConflict("not_yours")
    return found


def _still_manages(invitation: Invitation) -> bool:
    inviters = Handler.objects.in_force().filter(
        organisation=invitation.organisation_id, person__user_id=invitation.invited_by_id
    )
    return any(inviter.manages for inviter in inviters)


def _tell(organisation: Organisation, kind: str, key: str, data: dict[str, Any]) -> None:
    """Tell those who manage an organisation what became of its people."""
    told = Handler.objects.in_force().filter(organisation=organisation).exclude(role=Role.HANDLER)
    accounts = told.exclude(person__user=None).values_list("person__user_id", flat=True)
    data = {"organisation": organisation.name, **data}
    send_messages(
        Message.about(
            data,
            recipient_id=account,
            principal=organisation.pk,
            key=f"{kind}:{key}",
            kind=kind,
            link=reverse("accounts:organisation"),
        )
        for account in accounts
    )


def _write(organisation: Organisation, kind: str, by: User | None, **data: Any) -> None:
    append_events(organisation.pk, [NewEvent(kind, by.pk if by is not None else None, data=data)])


def _index(code: str) -> bytes:
    return blind_index("invitation", code)
