"""What a list of the console offers in its address takes any value: it narrows, or leads back, and nothing breaks or warns."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from itertools import cycle
from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib import admin
from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import transaction
from django.http import HttpRequest
from django.test import RequestFactory
from django.utils import timezone

from catalog.models import Proposal
from matters.console import Console
from portal.accounts.models import User
from tests.portal.lib.test_offered_lookups import ByDate, offered

REFUSED = (DisallowedModelAdminLookup, IncorrectLookupParameters, SuspiciousOperation, PermissionDenied)
VALUES = ("abc", "9" * 30, "0001-01-01", "9999-12-31 23:59:59+14:00", "2026-02-30", "٣", "", "-1", "2026-11-30")
FRAME = (
    *({"o": order} for order in ("1-1", "99.-1.abc", "9" * 30 + ".²", "1" + ".1" * 40, "-", ".", "-9")),
    *({"p": page} for page in ("0", "-1", "²", "abc", "9" * 30, "")),
    *({"q": words} for words in ("(", '"', "%\\", "9" * 30, "a" * 3000, "~nobody", "::1/")),
    *({"all": "", "_facets": facets, "_popup": "1", "_to_field": "id"} for facets in ("", "x", "1")),
    {"e": "1", "_source_model": "x.y"},
    {"_to_field": "password"},
    {
        "_to_field": "",
        "_popup": "",
        "_changelist_filters": "",
        "_facets": "",
        "o": "",
        "p": "",
        "all": "",
        "e": "",
        "q": "",
    },
)


@pytest.fixture
def administrator(db: None) -> User:
    return User.objects.create_superuser("administrator", password="x")


def asked(shown: Any, user: User, query: dict[str, str]) -> None:
    """Find and draw what a list would show, with the facets of its filters."""
    request = RequestFactory().get("/", query)
    request.user = user
    request.session = {}  # type: ignore[assignment]
    with transaction.atomic():
        listed = shown.get_changelist_instance(request)
        list(listed.result_list)
        for spec in listed.filter_specs:
            list(spec.choices(listed))


def queries(names: set[str], start: int) -> Iterator[dict[str, str]]:
    """Every parameter with two of the values, and a quarter of the frame: each list takes its own turns."""
    values = cycle(VALUES[start % len(VALUES) :] + VALUES[: start % len(VALUES)])
    yield from FRAME[start % 4 :: 4]
    for number, name in enumerate(sorted(names)):
        for _ in range(2):
            yield {name: next(values), **({"_facets": "1"} if number % 2 else {})}


def faults(shown: Any, user: User, asking: Iterator[dict[str, str]]) -> Iterator[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for query in asking:
            try:
                asked(shown, user, query)
            except REFUSED:
                pass
            except Exception as error:
                yield f"{shown.opts.label}?{urlencode(query)}: {error!r}"


def test_no_query_string_breaks_a_list(administrator: User) -> None:
    found: list[str] = []
    for number, (model, shown) in enumerate(admin.site._registry.items()):
        found.extend(faults(shown, administrator, queries(offered(model, shown), number)))
    assert found == [], "\n".join(found)


def test_a_row_named_by_no_field_is_found_by_its_key(administrator: User) -> None:
    request = RequestFactory().get("/", {"_to_field": ""})
    request.user = administrator
    for model, shown in admin.site._registry.items():
        row = model._default_manager.first()
        found = shown.get_object(request, "nothing" if row is None else str(row.pk), "")
        assert found is None or found == row, model


def test_no_query_string_breaks_a_list_by_dates(administrator: User) -> None:
    console = Console("another")
    console.register(User, ByDate)
    parts = [f"date_joined__{part}" for part in ("year", "month", "day")]
    asking = ({"date_joined__year": "2026", name: value} for name in parts for value in VALUES)
    assert list(faults(console.get_model_admin(User), administrator, asking)) == []


def test_a_day_without_a_time_means_that_day_here(administrator: User) -> None:
    shown: Any = admin.site.get_model_admin(Proposal)
    request: HttpRequest = RequestFactory().get("/", {"proposed_at__gte": "2026-11-30"})
    request.user = administrator
    (spec,) = [one for one in shown.get_changelist_instance(request).filter_specs if one.title == "提出时间"]
    (moment,) = spec.used_parameters["proposed_at__gte"]
    assert timezone.localtime(moment).isoformat() == "2026-11-30T00:00:00+08:00"
