"""Official documents (文书) of a case: for the applicant all of the bundle's, for a department its own; each opened through here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet, UUIDField
from django.http import Http404

from matters.core.letters import LetterKind
from matters.models import Bundle, OfficialDocument, SubItem
from matters.wording.letters import KIND_LABELS
from portal.accounts.models import User
from portal.ledger.access import record_access
from portal.ledger.models import Event
from portal.lib.prepared import BuiltOnce, Slot


@dataclass(frozen=True, slots=True)
class LetterLine:
    """A document in a list. ``label``: what it is."""

    row: OfficialDocument
    label: str

    @property
    def is_proof(self) -> bool:
        """Whether it proves that another was opened: nobody waits for it to be opened itself."""
        return self.row.kind == LetterKind.DELIVERY


_OF_BUNDLE = BuiltOnce(lambda: _listed().filter(bundle=Slot("bundle", UUIDField())))


def letters_of(bundle: Bundle) -> list[LetterLine]:
    """Return what was drawn up in a bundle, in the order of what happened, words still sealed. One query."""
    return _lines(_OF_BUNDLE(bundle=bundle.pk))


def lines_of_events(events: Iterable[Event]) -> list[LetterLine]:
    """Return the documents that rest on a part's events, which were read with them (``letter``). No query."""
    return _lines([event.letter for event in events if hasattr(event, "letter")])


def letter_of(bundle: Bundle, letter: UUID) -> OfficialDocument:
    """Return one document of a bundle, whose applicant has been let in; Http404 for any other."""
    return _one(OfficialDocument.objects.filter(bundle=bundle), letter)


def open_letter_as_department(user: User, sub_item: SubItem, letter: UUID) -> OfficialDocument:
    """Return one document of this part, and record that it was read; Http404 for any other."""
    found = _one(OfficialDocument.objects.filter(sub_item=sub_item), letter)
    record_access(user, sub_item.bundle_id, "review", ["letters"], department=sub_item.department.code)
    return found


def _listed() -> QuerySet[OfficialDocument]:
    return OfficialDocument.objects.select_related("sub_item").defer("content_sealed").order_by("event_id", "id")


def _lines(rows: list[OfficialDocument]) -> list[LetterLine]:
    return [LetterLine(row, str(KIND_LABELS[LetterKind(row.kind)])) for row in rows]


def _one(rows: QuerySet[OfficialDocument], letter: UUID) -> OfficialDocument:
    found = rows.filter(pk=letter).select_related("sub_item", "department").first()
    if found is None:
        raise Http404
    return found
