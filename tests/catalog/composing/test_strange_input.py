"""Whatever is sent to the forms of the catalog is answered beside its field, never by a crash."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from catalog.staff.managers import MANAGERS
from tests.worlds.cast import TANG, cataloguer, logged_in

pytestmark = pytest.mark.django_db

CHOSEN = {
    "searchphrase": ("target",),
    "department": ("division", "parent"),
    "translation": ("matter",),
    "itemimplementation": ("item", "division", "department"),
}


@pytest.fixture
def manager(db: None) -> Client:
    return logged_in(cataloguer(TANG, MANAGERS))


@pytest.mark.parametrize("sent", ["a\x07b", "测" * 5000, "😀", "'; drop table x; --", "9" * 30])
@pytest.mark.parametrize("model", CHOSEN)
def test_what_is_no_key_is_refused_beside_its_field(manager: Client, model: str, sent: str) -> None:
    answer = manager.post(reverse(f"admin:catalog_{model}_add"), dict.fromkeys(CHOSEN[model], sent))
    assert answer.status_code == 200
    assert set(CHOSEN[model]) <= set(answer.context["adminform"].form.errors)


def test_answers_that_are_nested_without_end_are_refused(manager: Client) -> None:
    sent = {"ask": "哪一种", "candidates": "[" * 100_000, "phrases": "[]"}
    answer = manager.post(reverse("admin:catalog_searchquestion_add"), sent)
    assert answer.status_code == 200
    assert "candidates" in answer.context["adminform"].form.errors
