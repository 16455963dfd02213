"""Notes of a department about its own part, and messages between it and the applicant or the window that speaks for them.

A message changes nothing of a case: what has to be changed is asked for by a correction. Who may write is said in ``matters.core.states``.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.staff.memberships import who_may
from catalog.staff.telling import tell_staff
from matters.cases.access import still_represents, whose_own
from matters.core.states import OPEN, Party
from matters.models import CaseMessage, CaseNote, ReviewTask, SubItem
from matters.reviewing.transitions import applicant_notice, event, parties_to, require_step, stale_state_refusal
from matters.wording.refusals import Invalid, NotAllowed
from portal.accounts.models import User
from portal.ledger.chain import append_events
from portal.outbox.enqueueing import enqueue_many

NOTED, TOLD, ANSWERED = "note_written", "message_sent", "message_received"
MOST_MESSAGES = 100  # of one part; whoever has more to say to each other telephones


@transaction.atomic
def write_note(user: User, sub_item: SubItem, text: str) -> CaseNote:
    """Keep a note for the colleagues of the part's department. Raises ``Invalid`` (key ``note``), ``NotAllowed``."""
    require_step(user, sub_item, "write_note")
    now = timezone.now()
    said = _checked(text, "note", CaseNote.NOTE_LENGTH)
    note = CaseNote.objects.create(sub_item=sub_item, text=said, written_by=user, written_at=now)
    append_events(sub_item.bundle_id, [event(NOTED, sub_item, user)])
    return note


def notes_on(sub_item: SubItem) -> list[CaseNote]:
    """Return a department's notes about its part, oldest first. One query."""
    return list(CaseNote.objects.filter(sub_item=sub_item).select_related("written_by").order_by("pk"))


def messages_on(sub_items: Iterable[SubItem]) -> list[CaseMessage]:
    """Return what was written about parts, oldest first. One query."""
    found = CaseMessage.objects.filter(sub_item__in=list(sub_items)).select_related("sent_by")
    return list(found.order_by("pk"))


@transaction.atomic
def write_to_applicant(user: User, sub_item: SubItem, text: str) -> CaseMessage:
    """Write to the applicant, who is told by message. Raises ``Invalid`` (key ``message``), ``StateChanged``, ``NotAllowed``."""
    require_step(user, sub_item, "write_to_applicant")
    message = _write(user, sub_item, CaseMessage.Side.DEPARTMENT, text)
    enqueue_many([applicant_notice(sub_item, TOLD, message.sent_at)])
    append_events(sub_item.bundle_id, [event(TOLD, sub_item, user)])
    return message


@transaction.atomic
def write_to_department(user: User, sub_item: SubItem, text: str) -> CaseMessage:
    """Write to the department as the applicant, who acts for them, or the window where it was entered; who handles it is told.

    Raises ``Invalid`` (key ``message``), ``StateChanged``, ``NotAllowed``.
    """
    parties = parties_to(user, sub_item)
    if Party.APPLICANT in parties and not still_represents(user, sub_item.bundle):
        raise NotAllowed(_("您已不能替对方办事，消息没有发出。"))
    if parties.isdisjoint({Party.APPLICANT, Party.WINDOW}) or Party.OFFICER in parties:
        raise NotAllowed(_("只有申请人本人，或者收下这件申请的窗口，可以在这里给部门写消息。"))
    side = CaseMessage.Side.APPLICANT if Party.APPLICANT in parties else CaseMessage.Side.WINDOW
    message = _write(user, sub_item, side, text)
    append_events(sub_item.bundle_id, [event(ANSWERED, sub_item, user)])
    told = {"item": sub_item.name, "number": sub_item.number}
    able = who_may(sub_item.department, "review") - whose_own(sub_item.bundle)
    key, link = f"{ANSWERED}:{message.pk}", reverse("matters:case", args=[sub_item.number])
    tell_staff(ANSWERED, told, key=key, link=link, accounts=_holders(sub_item) & able or able, now_may=able)
    return message


def _write(user: User, sub_item: SubItem, side: str, text: str) -> CaseMessage:
    """Write it while the part is open. Its row is held, so that nothing is written to what is decided at this moment."""
    locked = SubItem.objects.select_for_update(of=("self",), no_key=True).select_related("department")
    now = locked.get(pk=sub_item.pk)
    if now.state not in OPEN:
        raise stale_state_refusal(sub_item)
    if CaseMessage.objects.filter(sub_item=sub_item).count() >= MOST_MESSAGES:
        sentence = _("这一件已经写了 %(most)s 条消息，请打电话联系。") % {"most": MOST_MESSAGES}
        raise Invalid(sentence, {"message": sentence})
    said = _checked(text, "message", CaseMessage.MESSAGE_LENGTH)
    return CaseMessage.objects.create(sub_item=sub_item, side=side, text=said, sent_by=user, sent_at=timezone.now())


def _checked(text: str, key: str, longest: int) -> str:
    said = text.replace("\0", "").strip()
    if not said:
        sentence = _("请写内容，再保存。") if key == "note" else _("请写内容，再发送。")
    elif len(said) > longest:
        sentence = _("最多 %(limit)s 个字，请写短一些。") % {"limit": longest}
    else:
        return said
    raise Invalid(sentence, {key: sentence})


def _holders(sub_item: SubItem) -> set[int]:
    held = ReviewTask.objects.filter(sub_item=sub_item, closed_at__isnull=True, claimed_by__isnull=False)
    return {*held.values_list("claimed_by", flat=True)}
