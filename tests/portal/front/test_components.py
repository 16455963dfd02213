"""The page of components: every one of them is on it, and it is nowhere but where people work on the site."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from portal.front.component_examples import examples

FOLDER = Path(settings.BASE_DIR) / "templates/components"
FILES = sorted(str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*.html"))


def test_every_component_has_an_example() -> None:
    names = [example.name for example in examples()]
    assert sorted(set(names)) == FILES
    assert names == sorted(names)


@pytest.mark.parametrize("name", FILES)
def test_every_component_states_its_inputs(name: str) -> None:
    text = (FOLDER / name).read_text(encoding="utf-8")
    assert text.startswith("{% comment %}")
    assert "Required: " in text.partition("{% endcomment %}")[0]


@pytest.mark.django_db
def test_the_page_shows_them_where_the_site_is_being_worked_on(client: Client, settings: object) -> None:
    settings.DEBUG = True  # type: ignore[attr-defined]
    page = client.get(reverse("components"))
    text = page.content.decode()
    for name in FILES:
        assert f"<code>{name}</code>" in text
    assert "出生医学证明" in text
    assert "不清楚的，可拨打" in text


@pytest.mark.django_db
def test_elsewhere_there_is_no_such_page(client: Client) -> None:
    assert client.get(reverse("components")).status_code == 404


def test_a_code_to_scan_is_dark_on_white_on_every_page() -> None:
    """Of a component that pages of several sheets show, the look is in the sheet of all: without a ground it is a black square."""
    sheet = (Path(settings.BASE_DIR) / "static/css/site.css").read_text(encoding="utf-8")
    assert re.search(r"\.code-ground {\s*fill: #fff;", sheet)
    assert re.search(r"\.code path {\s*fill: #1b2733;", sheet)
