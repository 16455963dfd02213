"""A copy of one's file to take along (PIPL art. 45): as JSON and as PDF, made by a worker, kept sealed for some days and then forgotten."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.accounts.models import FileExport, Handler, Organisation, Person, User
from portal.accounts.own_file.parts import FileLine, FilePart, FileSubject, file_of
from portal.accounts.own_file.reading_groups import ReadCase, read_cases
from portal.ledger.chain import NewEvent, append_events, open_chain
from portal.lib.document_pages import printed
from portal.lib.documents import Document, Passage
from portal.notices.inbox import send_messages
from portal.notices.models import Message
from portal.outbox.claiming import Claim, complete
from portal.outbox.enqueueing import enqueue

log = structlog.get_logger(__name__)

KIND = "export_file"
SCHEMA = "yijian-file/1"
# Of a part, and of cases that were read; the paper has fewer and says so.
MOST_LINES = 5000
PRINTED_LINES = 200


@transaction.atomic
def ask_for_export(person: Person, by: User, organisation: Organisation | None = None) -> FileExport:
    """Have a copy of a person's own file made, or of an organisation's that the person acts for; one that is being made already is returned as it is (a constraint sees to it)."""
    whose = {"person": person} if organisation is None else {}
    export, is_new = FileExport.objects.get_or_create(
        **whose,
        organisation=organisation,
        made_at=None,
        defaults={
            "person": person,
            "asked_by": by,
            "asked_at": timezone.now(),
            "language": translation.get_language() or settings.LANGUAGE_CODE,
        },
    )
    if not is_new:
        return export
    open_chain(export.pk)
    append_events(export.pk, [NewEvent("export_asked", actor_id=by.pk)])
    enqueue(KIND, export.pk)
    return export


def exports_of(subject: FileSubject) -> QuerySet[FileExport]:
    """Return the copies of a person's own file, or those of an organisation's, whoever of its people asked for them."""
    if subject.organisation is not None:
        return FileExport.objects.filter(organisation=subject.organisation)
    return FileExport.objects.filter(person=subject.person, organisation=None)


def make_exports(claims: Sequence[Claim]) -> None:
    """Handle ``export_file``: the subject is the export's id. Safe to run any number of times. Raises ``StaleLease``."""
    for claim in claims:
        waiting = FileExport.objects.select_related("person__user", "organisation")
        export = waiting.filter(pk=UUID(claim.subject), made_at=None).first()
        if export is not None:
            now = timezone.now()
            export.made_at = export.until = now
            if (subject := _subject_of(export)) is not None:
                with translation.override(export.language):
                    export.keep(_contents(subject, now))
                export.until = now + timedelta(days=settings.YIJIAN_EXPORT_DAYS)
        with transaction.atomic():
            complete([claim])
            if export is None:
                continue
            export.save(update_fields=["content_sealed", "made_at", "until"])
            append_events(export.pk, [NewEvent("export_made")])
            if export.content_sealed is not None:
                _tell(export)


def opened_export(export: FileExport, kind: str, by: User) -> bytes:
    """Return a copy to its owner, ``json`` or ``pdf``, and write that it was taken."""
    content = export.content(kind)
    with transaction.atomic():
        append_events(export.pk, [NewEvent("export_taken", actor_id=by.pk, data={"as": kind})])
    return content


def forget_exports() -> int:
    """Forget the contents of copies whose term is over; that they were made stays. One statement. Returns 0: it enqueues nothing."""
    gone = FileExport.objects.filter(content_sealed__isnull=False, until__lte=timezone.now())
    if count := gone.update(content_sealed=None):
        log.info("exports_forgotten", count=count)
    return 0


def _subject_of(export: FileExport) -> FileSubject | None:
    """Return whose file is copied; None where whoever asked acts for the organisation no more."""
    if export.organisation is None:
        return FileSubject(export.person, limit=MOST_LINES)
    acting = Handler.objects.in_force().filter(organisation=export.organisation, person=export.person)
    handler = acting.select_related("organisation").first()
    if handler is None or not handler.manages or export.person.user is None:
        return None
    export.person.user.acting_as = handler  # as in the request in which it was asked for
    return FileSubject(export.person, export.organisation, limit=MOST_LINES)


def _tell(export: FileExport) -> None:
    told = Message.about(
        {},
        recipient_id=export.asked_by_id,
        key=f"export:{export.pk}",
        kind="export_made",
        link=reverse("dossier:exports"),
        principal=export.organisation_id,
    )
    send_messages([told])


def _contents(subject: FileSubject, now: datetime) -> dict[str, bytes]:
    parts = file_of(subject)
    cases, _older = read_cases(subject, limit=MOST_LINES)
    made = {
        "schema": SCHEMA,
        "made_at": timezone.localtime(now).isoformat(timespec="seconds"),
        "person": str(subject.person.pk),
        **({"organisation": subject.organisation.credit_code} if subject.organisation is not None else {}),
        "parts": [
            {"key": part.key, "title": str(part.title), "lines": [_line(line) for line in part.lines]} for part in parts
        ],
        "readings": [_case(case) for case in cases],
    }
    document = Document(_("我的档案"), tuple(_passages(parts, cases)))
    state = _("按系统里的记录生成于 %(at)s，只列出有记录的内容。") % {
        "at": date_format(timezone.localtime(now), "Y-m-d H:i")
    }
    shown = {"digest": document.digest, "facts": (), "state": state}
    text = json.dumps(made, ensure_ascii=False, indent=1)
    return {"json": text.encode(), "pdf": printed(document, shown)}


def _line(line: FileLine) -> dict[str, Any]:
    told = {
        "label": line.label,
        "value": line.value,
        "source": line.source,
        "at": line.at.isoformat() if line.at is not None else None,
        "state": line.state,
        "note": line.note,
        "row": line.reference,
    }
    return {name: value if value is None else str(value) for name, value in told.items()}


def _case(case: ReadCase) -> dict[str, Any]:
    return {
        "about": str(case.about),
        "times": case.times,
        "last": case.at.isoformat(),
        "visits": [
            {
                "day": visit.day.isoformat(),
                "department": visit.department,
                "reader": visit.reader,
                "purposes": [str(purpose) for purpose in visit.purposes],
                "times": visit.times,
            }
            for visit in case.visits
        ],
    }


def _passages(parts: Sequence[FilePart], cases: Sequence[ReadCase]) -> list[Passage]:
    found = []
    for part in parts:
        lines = part.lines[:PRINTED_LINES]
        facts = tuple((str(line.label), _printed(line)) for line in lines)
        more = len(part.lines) - len(lines)
        told = (str(part.empty),) if not lines and part.empty else ()
        if more:
            told = (_("另有 %(count)s 条，见 JSON 副本。") % {"count": more},)
        found.append(Passage(str(part.title), told, facts))
    read = tuple((str(case.about), _printed_case(case)) for case in cases[:PRINTED_LINES])
    none = () if read else (_("还没有人看过您的信息。工作人员每次查看，都会在这里留下一行。"),)
    return [*found, Passage(_("谁看过我的信息"), none, read)]


def _printed(line: FileLine) -> str:
    day = date_format(line.at, "Y-m-d") if line.at is not None else ""
    origin = " · ".join(each for each in (str(line.source), day, str(line.state)) if each)
    return "\n".join(each for each in (str(line.value), origin, str(line.note)) if each)


def _printed_case(case: ReadCase) -> str:
    between = pgettext("between names", "、")
    lines = [
        f"{visit.day:%Y-%m-%d} {visit.department} {visit.reader} · {between.join(map(str, visit.purposes))} ×{visit.times}"
        for visit in case.visits
    ]
    return "\n".join(lines[:50])
