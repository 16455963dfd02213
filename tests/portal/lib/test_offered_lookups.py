"""The lists of the console take from an address what they offer, and nothing else: no column that they hide answers, nothing breaks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib import admin
from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.contrib.admin.filters import FieldListFilter
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import get_fields_from_path
from django.db.models import Field, Model
from django.test import Client, RequestFactory
from django.urls import reverse

from matters.console import Console
from portal.accounts.models import User
from portal.lib.admin_lists import OfferedChangeList
from tests.rights.asking import undrawn
from tests.rights.town import build_everything

__all__ = ["undrawn"]

SHARDS = 2
LOOKUPS = {
    "": "abc",
    "__range": "1",
    "__regex": "(",
    "__startswith": "a",
    "__year": "99999999999",
    "__isnull": "maybe",
    "__in": "1,x",
    "__a__b": "1",
}


@pytest.fixture
def sessions(db: None) -> dict[str, Client]:
    """The people of the matrix of rights, among a row of every kind."""
    sessions = {}
    for name, cookies in build_everything().cookies.items():
        sessions[name] = Client(raise_request_exception=False)
        sessions[name].cookies = cookies
    return sessions


def list_of(model: type[Model]) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def offered(model: type[Model], shown: Any) -> set[str]:
    """Return what the filters of a list take, said by the filters themselves."""
    request = RequestFactory().get("/")
    request.user = User.objects.get(username="administrator")
    dates = shown.date_hierarchy
    names = {f"{dates}__{part}" for part in ("year", "month", "day")} if dates else set()
    for one in shown.get_list_filter(request):
        if callable(one):
            names.update(one(request, {}, model, shown).expected_parameters())
            continue
        path, kind = one if isinstance(one, tuple) else (one, FieldListFilter.create)
        field = get_fields_from_path(model, path)[-1]
        names.update(kind(field, request, {}, model, shown, field_path=path).expected_parameters())
    return names


def columns(model: type[Model]) -> Iterator[str]:
    """Name the columns of a model, and one of each row that it refers to."""
    for field in model._meta.get_fields():
        yield field.name
        if isinstance(field, Field) and field.related_model:
            yield f"{field.name}__{field.related_model._meta.pk.name}"
            yield from (
                f"{field.name}__{one}" for one in ("name", "username", "number") if has(field.related_model, one)
            )


def has(model: Any, name: str) -> bool:
    return any(field.name == name for field in model._meta.get_fields())


def asked(client: Client, address: str, query: dict[str, str]) -> int:
    return client.get(f"{address}?{urlencode(query)}").status_code


@pytest.mark.parametrize("shard", range(SHARDS))
def test_no_list_answers_about_a_column_that_it_does_not_offer(
    sessions: dict[str, Client], undrawn: None, shard: int
) -> None:
    unexpected = []
    for model, shown in list(admin.site._registry.items())[shard::SHARDS]:
        known = offered(model, shown)
        for who in ("administrator", "supervisor", "reviewer", "manager"):
            if asked(sessions[who], list_of(model), {}) != 200:
                continue
            for number, column in enumerate([*columns(model), "nothing"]):
                # The administrator asks in two ways for every column, whoever else sees the list in one.
                turns = [(2 * number) % len(LOOKUPS), (2 * number + 1) % len(LOOKUPS)]
                for turn in turns if who == "administrator" else turns[:1]:
                    lookup, value = list(LOOKUPS.items())[turn]
                    if (name := column + lookup) in known:
                        continue
                    if (status := asked(sessions[who], list_of(model), {name: value})) != 400:
                        unexpected.append(f"{who} {list_of(model)}?{name}={value}: {status}")
    assert unexpected == [], "\n".join(unexpected)


class ByDate(admin.ModelAdmin):
    """A list with a date hierarchy: the console has none so far."""

    date_hierarchy = "date_joined"


@pytest.mark.parametrize(
    ("query", "is_taken"),
    [
        ({"date_joined__year": "2001"}, True),
        ({"date_joined__year": "2001", "date_joined__month": "2", "date_joined__day": "3"}, True),
        ({"date_joined__gte": "2026-01-01"}, False),
        ({"date_joined__year": "2026", "username__startswith": "a"}, False),
        ({"date_joined__month": "2"}, False),
        ({"date_joined__year": "9999"}, False),
        ({"date_joined__year": "9" * 30}, False),
    ],
)
def test_a_list_by_dates_takes_dates(db: None, rf: RequestFactory, query: dict[str, str], is_taken: bool) -> None:
    console = Console("another")
    console.register(User, ByDate)
    shown: Any = console.get_model_admin(User)
    assert issubclass(shown.get_changelist(None), OfferedChangeList)
    request = rf.get("/", query)
    request.user = User.objects.create_superuser("administrator", password="x")
    if is_taken:
        assert shown.get_changelist_instance(request).result_count == 0
        return
    with pytest.raises((DisallowedModelAdminLookup, IncorrectLookupParameters)):
        shown.get_changelist_instance(request)
