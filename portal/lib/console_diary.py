"""What the console writes down about each change (Django's ``LogEntry``): the kind of row and its key, never what it is called.

Django keeps the text of a row, which for most rows is somebody's name, in clear and for ever.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Final

from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.http import HttpRequest

# Definitions: their parts are named by a catalog's own words, and nobody is named in them.
OF_DEFINITIONS: Final = "catalog"


class NamesNobodyInTheDiary:
    """The console puts it before every page it registers."""

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> LogEntry:
        return _write(request, [obj], ADDITION, message)[0]

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> LogEntry:
        return _write(request, [obj], CHANGE, message)[0]

    def log_deletions(self, request: HttpRequest, queryset: Iterable[Model]) -> list[LogEntry]:
        return _write(request, queryset, DELETION, "")


def _write(request: Any, rows: Iterable[Model], flag: int, message: Any) -> list[LogEntry]:
    return LogEntry.objects.bulk_create(
        [
            LogEntry(
                user_id=request.user.pk,
                content_type_id=ContentType.objects.get_for_model(row, for_concrete_model=False).pk,
                object_id=row.pk,
                object_repr=f"{row._meta.model_name} {row.pk}"[:200],
                action_flag=flag,
                change_message=message if isinstance(message, str) else json.dumps(_unnamed(message, row)),
            )
            for row in rows
        ]
    )


def _unnamed(message: list[dict[str, dict[str, Any]]], row: Model) -> list[dict[str, dict[str, Any]]]:
    """Return what was done to a row and its parts without what the parts are called."""
    if row._meta.app_label == OF_DEFINITIONS:
        return message
    return [
        {
            done: {key: value for key, value in what.items() if key not in {"name", "object"}}
            for done, what in one.items()
        }
        for one in message
    ]
