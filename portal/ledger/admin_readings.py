"""Pages of the console that show something of a person: opening a row leaves a line that the person reads."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple
from uuid import UUID

from django.http import HttpRequest

from portal.ledger.access import record_access


class RowReading(NamedTuple):
    """What a row's page shows: of whom or what, which fields, for which purpose, in which department's name."""

    subject: UUID
    fields: Iterable[str]
    purpose: str = "console"
    department: str = ""


class RecordsReadings:
    """Writes the line where the row itself is read, before anything of it is shown; what cannot be written down is not shown.

    Never from the key in the address: Django reads a key in more than one spelling, and whoever looks a row up a second time may find none.
    """

    def shown_of(self, request: HttpRequest, found: Any) -> RowReading | None:
        """Return what the page of this row shows of a person; None where it shows nothing of anybody."""
        raise NotImplementedError

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Return the row as Django does, once a request with its line."""
        found = super().get_object(request, object_id, from_field)  # type: ignore[misc]
        written: set[tuple[str, Any]] = request.__dict__.setdefault("_readings_written", set())
        if found is None or (found._meta.label, found.pk) in written:
            return found
        shown = self.shown_of(request, found)
        if shown is not None:
            reader: Any = request.user
            record_access(reader, shown.subject, shown.purpose, shown.fields, shown.department)
            written.add((found._meta.label, found.pk))
        return found
