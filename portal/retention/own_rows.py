"""Classes of the ground floors: who people are, copies of files, messages, sessions, who has read what."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.sessions.models import Session
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import FileExport, Person
from portal.accounts.own_file.parts import FileSubject
from portal.ledger.models import AccessRecord, SecurityEvent
from portal.notices.models import Message
from portal.outbox.models import OutboxMessage
from portal.retention.holds import under_hold
from portal.retention.schedule import Kept


def kept() -> list[Kept]:
    """Return the classes of this floor."""
    copies = FileExport.objects.filter(content_sealed__isnull=False).annotate(since=F("until"))
    return [
        Kept(
            "copies",
            _("档案副本"),
            copies.all,
            lambda subject: copies.filter(person=subject.person, organisation=None),
            _forget_copies,
            under_hold(person="person_id", organisation="organisation_id"),
            is_own=True,
            keeps=("accounts.FileExport",),
        ),
        Kept(
            "messages",
            _("站内消息"),
            _messages,
            _messages_of,
            _delete_messages,
            under_hold(person="recipient__person", organisation="principal"),
            keeps=("notices.Message",),
        ),
        Kept(
            "people",
            _("身份、单位和授权的登记"),
            lambda: Person.objects.annotate(since=F("created_at")),
            keeps=(
                "accounts.Death",
                "accounts.DeathWithdrawal",
                "accounts.Handler",
                "accounts.IdentityCheck",
                "accounts.Invitation",
                "accounts.Mandate",
                "accounts.MandateOffer",
                "accounts.Organisation",
                "accounts.OrganisationCheck",
                "accounts.Person",
                "accounts.PersonMerge",
                "accounts.User",
                "accounts.WindowProposal",
                "sharing.PhoneCheck",
            ),
        ),
        Kept(
            "proofs",
            _("操作、安全和处理个人信息的记录"),
            lambda: SecurityEvent.objects.annotate(since=F("at")),
            keeps=(
                "ledger.Event",
                "ledger.SecurityEvent",
                "retention.ClosedAccount",
                "retention.DeletionRequest",
                "retention.LegalHold",
            ),
        ),
        Kept(
            "readings",
            _("查看记录"),
            lambda: AccessRecord.objects.annotate(since=F("at")),
            lambda subject: AccessRecord.objects.filter(subject=subject.person.pk).annotate(since=F("at")),
            keeps=("ledger.AccessRecord",),
        ),
        Kept(
            "sessions",
            _("登录状态"),
            lambda: Session.objects.annotate(since=F("expire_date")),
            destroy=_end_sessions,
            keeps=("sessions.Session",),
        ),
    ]


def _messages() -> QuerySet[Message]:
    """Messages whose job is gone as well: while its row says that somebody was told, the message is there to read."""
    job = OutboxMessage.objects.filter(kind="notify", subject=OuterRef("key"))
    return Message.objects.filter(~Exists(job)).annotate(since=F("created_at"))


def _messages_of(subject: FileSubject) -> QuerySet[Message]:
    mine = Message.objects.filter(recipient__person=subject.person, principal=None)
    return mine.annotate(since=F("created_at"))


def _delete_messages(rows: Sequence[Message]) -> None:
    Message.objects.filter(pk__in=[row.pk for row in rows]).delete()


def _forget_copies(rows: Sequence[FileExport]) -> None:
    FileExport.objects.filter(pk__in=[row.pk for row in rows]).update(content_sealed=None)


def _end_sessions(rows: Sequence[Session]) -> None:
    Session.objects.filter(pk__in=[row.pk for row in rows]).delete()
