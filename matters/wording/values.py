"""A value in words: a fact on the form, an answer to be checked, a line a reviewer reads, an entry of a certificate's face."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.identifiers.divisions import full_name
from portal.identifiers.masking import mask_document, mask_phone

DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}")
NO_LABELS: Mapping[str, str] = MappingProxyType({})


def value_in_words(
    value: Any, kind: str = "", labels: Mapping[str, str] = NO_LABELS, *, unit: str = "", masked: bool = False
) -> str:
    """Return a value as people read it; empty text for nothing.

    ``kind``: the type of the element. ``labels``: option value → label; a division without one goes by its whole name. ``unit``: what a number counts.
    ``masked`` hides the middle of numbers that identify a person.
    """
    if value in (None, "", []):
        return ""
    if isinstance(value, bool):
        return pgettext("answer", "是") if value else pgettext("answer", "否")
    if isinstance(value, list):
        return pgettext("between names", "、").join(labels.get(each, each) for each in value)
    text = labels.get(str(value), str(value))
    if kind == "division":
        return full_name(text) or text
    if kind in {"date", "datetime"}:
        return moment_in_words(text)
    if masked and kind == "id_number":
        return mask_document(text)
    if masked and kind == "phone":
        return mask_phone(text)
    return f"{text} {unit}" if unit else text


def moment_in_words(text: str) -> str:
    """Return a date or moment in words; what is not one stays as typed."""
    try:
        if MOMENT.fullmatch(text):
            moment = datetime.fromisoformat(text)
            return _("%(day)s %(time)s") % {"day": date_format(moment, "DATE_FORMAT"), "time": f"{moment:%H:%M}"}
        if DATE.fullmatch(text):
            return date_format(date.fromisoformat(text), "DATE_FORMAT")
    except ValueError:
        pass
    return text
