"""No page of the console sends JSON to the database that it cannot keep."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django import forms
from django.contrib import admin
from django.test import RequestFactory

from catalog.composing.fields.rules import DecisionRuleField
from portal.accounts.models import User

pytestmark = pytest.mark.django_db
NEVER = (
    "Infinity",
    "[NaN]",
    '{"a": -Infinity}',
    "1e999",
    '"\\u0000',
    "[" * 99 + "]" * 99,
    '{"a": 1, "a": 2}',
    '"\ud800"',
)


def json_fields() -> Iterator[tuple[str, forms.JSONField]]:
    """Return every JSON field of every row's page and of the rows in it."""
    request = RequestFactory().get("/admin/")
    request.user = User(is_superuser=True)
    for model, page in admin.site._registry.items():
        inlines = [inline(model, admin.site) for inline in page.inlines]
        made: list[Any] = [page.get_form(request, change=True)]
        made += [inline.get_formset(request).form for inline in inlines]
        for form in made:
            for name, field in form.base_fields.items():
                if isinstance(field, forms.JSONField):
                    yield f"{model.__name__}.{name} of {form.__name__}", field


def test_what_the_database_cannot_keep_is_refused_at_its_field() -> None:
    """``sources=Infinity`` went through the form and ended as an error of the database."""
    taken = []
    for name, field in json_fields():
        for typed in NEVER:
            try:
                field.clean(typed)
            except forms.ValidationError:
                continue
            taken.append((name, typed[:20]))
    assert taken == []


def test_there_are_such_fields() -> None:
    assert any(name.startswith("ItemImplementation.sources") for name, _field in json_fields())


@pytest.mark.parametrize("typed", ["[]", '{"a": [1, 2.5, "x", null]}', '"文"'])
def test_what_it_can_keep_is_taken(typed: str) -> None:
    for _name, field in json_fields():
        if isinstance(field, DecisionRuleField):
            continue  # takes rules alone: tests/catalog/composing
        field.required = False
        field.clean(typed)
