"""The harness itself: an undefined variable fails in our templates, and other people's still render."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.template import Context, Engine, Origin, Template
from django.test import Client

from portal.accounts.models import User


def render(source: str, path: str) -> str:
    engine = Engine(string_if_invalid=settings.TEMPLATES[0]["OPTIONS"]["string_if_invalid"])
    return Template(source, origin=Origin(path), engine=engine).render(Context({"known": {}}))


@pytest.mark.parametrize(
    "source", ["{{ missing }}", "{{ known.missing|default:'x' }}", "{% if 1 %}{{ missing }}{% endif %}"]
)
def test_it_fails_in_our_templates(source: str) -> None:
    with pytest.raises(NameError, match="missing"):
        render(source, str(settings.BASE_DIR / "templates" / "page.html"))


def test_it_lets_our_templates_ask() -> None:
    source = "{% if missing %}yes{% else %}no{% endif %}"
    assert render(source, str(settings.BASE_DIR / "templates" / "page.html")) == "no"


def test_it_leaves_other_templates_as_they_are() -> None:
    assert render("[{{ missing }}{{ missing|default:'x' }}]", "/elsewhere/admin/page.html") == "[x]"


@pytest.mark.django_db
def test_the_console_of_django_renders() -> None:
    client = Client()
    client.force_login(User.objects.create_superuser("root", password="a long pass phrase"))
    assert client.get("/admin/").status_code == 200
