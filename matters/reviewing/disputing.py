"""Asking the owner of a fact to correct it, and the answer: each an event and, for the person, a message."""

from __future__ import annotations

from typing import Any

import structlog
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.db.models import DateTimeField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from catalog.models import Department
from catalog.staff.memberships import Right, department_ids_for
from matters.calendars.limits import due_after
from matters.cases.promises import RECORD
from matters.models import FactDispute
from matters.reviewing.breaking import strike_record
from matters.wording.refusals import Refusal
from portal.accounts.models import Handler, Mandate, User
from portal.accounts.own_file.parts import FileLine, FileSubject, file_of
from portal.ledger.chain import NewEvent, append_events, open_chain
from portal.notices.inbox import send_messages
from portal.notices.models import Message

log = structlog.get_logger(__name__)

LONGEST = 1000
# Who only supervises answers for no department and reads nothing of a person: of what is late they see the times (`overdue`).
RIGHTS: tuple[Right, ...] = ("review",)


class NoSuchFact(Refusal):
    """The fact is not in the person's file, or has no owner to ask."""

    code = "no_such_fact"
    text = gettext_lazy("您的档案里没有这一条，或者它已经变了。请回到档案看最新的内容。")


class AlreadyDisputed(Refusal):
    """The person has asked already and waits for the answer."""

    code = "already_disputed"
    text = gettext_lazy("这一条您已经提出过，正在等答复。")


class NothingSaid(Refusal):
    """What is wrong, or the reason of an answer, was left empty or is too long."""

    code = "nothing_said"
    text = gettext_lazy("请写明哪里不对、应该是什么，不超过 1000 字。")


class AlreadyAnswered(Refusal):
    """Somebody answered first."""

    code = "already_answered"
    text = gettext_lazy("这项请求已经有人答复，没有改动。")


class OwnRequest(Refusal):
    """Nobody answers what they asked for themselves."""

    code = "own_request"
    text = gettext_lazy("这是您自己提出的请求，要由同事答复。")


def fact_of(subject: FileSubject, fact: str) -> FileLine:
    """Return the line of one's own file, or of the organisation's that one manages, that a fact is. Raises `NoSuchFact`."""
    if not subject.is_whole:
        raise NoSuchFact
    lines = (line for part in file_of(subject) for line in part.lines)
    found = next((line for line in lines if line.owner and line.fact == fact), None)
    if found is None:
        raise NoSuchFact
    return found


def open_dispute(subject: FileSubject, fact: str, wanted: str, by: User) -> FactDispute:
    """Ask the owner of a fact of one's own file to correct it. Raises `NoSuchFact`, `NothingSaid`, `AlreadyDisputed`."""
    line, wanted = fact_of(subject, fact), wanted.strip()
    if not wanted or len(wanted) > LONGEST:
        raise NothingSaid
    now = timezone.now()
    dispute = FactDispute(
        person=subject.person,
        organisation=subject.organisation,
        department=Department.objects.get(pk=line.owner),
        fact=fact,
        label=line.label[:160],
        source=line.source[:240],
        said=line.value[:2000],
        wanted=wanted,
        opened_by=by,
        opened_at=now,
        due_on=due_after(timezone.localdate(now), settings.YIJIAN_DISPUTE_DAYS).date,
    )
    try:
        with transaction.atomic():
            dispute.save(force_insert=True)
            open_chain(dispute.pk)
            _event(dispute, "dispute_opened", by)
    except IntegrityError:
        raise AlreadyDisputed from None
    log.info("dispute_opened", department=dispute.department.code)
    return dispute


def disputes_for(user: User | AnonymousUser) -> QuerySet[FactDispute]:
    """Return the requests to the departments where this user reviews; none that they asked for or that is about them or whom they are near to."""
    ids = department_ids_for(user, *RIGHTS)
    rows = (
        FactDispute.objects.filter(department__in=ids).exclude(pk__in=_own(user)) if ids else FactDispute.objects.none()
    )
    return rows.select_related("department", "organisation")


def _own(user: User | AnonymousUser) -> QuerySet[Any, Any]:
    """Return the keys of the requests that somebody made, or that are about them, about whom a mandate ties them to (in whichever direction, at
    any time since it was asked), or about an organisation for which they act, or ever did."""
    theirs = Handler.objects.filter(person__user=user.pk).values("organisation")
    own = Q(opened_by=user.pk) | Q(person__user=user.pk) | Q(organisation__in=theirs)
    asked_at = ExpressionWrapper(OuterRef("opened_at"), DateTimeField())
    ties = Mandate.objects.between(user.pk, OuterRef("person"), asked_at, since_day=TruncDate(asked_at))
    return FactDispute.objects.filter(own | Exists(ties)).values("pk")


def overdue(user: User | AnonymousUser, department: Department) -> QuerySet[FactDispute]:
    """Return the requests to a department whose day has passed without an answer, the oldest first; none of the user's own."""
    late = FactDispute.objects.filter(department=department, outcome="", due_on__lt=timezone.localdate())
    late = late.exclude(pk__in=_own(user))
    return late.order_by("due_on", "id")


def answer_dispute(dispute: FactDispute, outcome: str, answer: str, by: User) -> None:
    """Answer a request once: corrected or not, with what was done or why not. Raises `NothingSaid`, `OwnRequest`, `AlreadyAnswered`.

    Who may: the caller has found it by `disputes_for`.
    """
    answer = answer.strip()
    if not answer or len(answer) > LONGEST or outcome not in {FactDispute.Outcome.CORRECTED, FactDispute.Outcome.KEPT}:
        raise NothingSaid
    if is_party(dispute, by):
        raise OwnRequest
    with transaction.atomic():
        locked = (
            FactDispute.objects.select_for_update(of=("self",))
            .select_related("department", "person")
            .get(pk=dispute.pk)
        )
        if locked.outcome:
            raise AlreadyAnswered
        locked.outcome, locked.answer = outcome, answer
        locked.answered_by, locked.answered_at = by, timezone.now()
        locked.save(update_fields=["outcome", "answer", "answered_by", "answered_at"])
        if outcome == FactDispute.Outcome.CORRECTED and locked.fact.startswith(RECORD):
            strike_record(int(locked.fact.removeprefix(RECORD)), by)
        _event(locked, "dispute_answered", by, outcome=str(outcome))
        _tell(locked)


def is_party(dispute: FactDispute, user: User) -> bool:
    """Whether somebody asked for it, or it is about them or whom they are near to, as `disputes_for` leaves it out. One query."""
    return _own(user).filter(pk=dispute.pk).exists()


def _tell(dispute: FactDispute) -> None:
    """Tell whom it is about what was answered: the person, or those who manage the organisation."""
    principal = dispute.organisation_id
    accounts = [dispute.person.user_id] if dispute.person.user_id is not None else []
    if principal is not None:
        told = Handler.objects.in_force().filter(organisation=principal).exclude(role=Handler.Role.HANDLER)
        accounts = list(told.exclude(person__user=None).values_list("person__user_id", flat=True))
    send_messages(
        Message.about(
            {"department": dispute.department.name, "fact": dispute.label},
            recipient_id=account,
            principal=principal,
            key=f"dispute:{dispute.pk}",
            kind=f"dispute_{dispute.outcome}",
            link=reverse("dossier:own_file"),
        )
        for account in accounts
    )


def _event(dispute: FactDispute, kind: str, by: User, **data: str) -> None:
    append_events(dispute.pk, [NewEvent(kind, actor_id=by.pk, department=dispute.department.code, data=data)])
