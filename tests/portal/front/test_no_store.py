"""Whatever is somebody's own is kept by no cache; public pages are."""

from __future__ import annotations

import re
from collections import deque
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from matters.models import Draft
from tests.worlds.cast import logged_in
from tests.worlds.town import Town, build_town

pytestmark = pytest.mark.django_db
LINK = re.compile(r'(?:href|action)="(/[^"#]*)"')
MOST_PAGES = 120


@pytest.fixture
def town(db: None) -> Town:
    return build_town()


def crawl(client: Client, *first: str) -> dict[str, Any]:
    """Follow every link from `first`, one page of a kind (numbers and ids aside); return the answers by address."""
    waiting, seen, answers = deque(first), set(), {}
    while waiting and len(answers) < MOST_PAGES:
        address = waiting.popleft()
        kind = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+", "#", address.split("?")[0])
        if kind in seen or address.startswith(("/static/", "/matters/newborn/")):  # the town has no guide to show
            continue
        seen.add(kind)
        answer = answers[address] = client.get(address)
        if answer.status_code in (301, 302):
            waiting.append(answer["Location"])
        elif not answer.streaming and "html" in answer.get("Content-Type", ""):
            waiting.extend(address.replace("&amp;", "&") for address in LINK.findall(answer.content.decode()))
    return answers


def kept(answers: dict[str, Any]) -> list[str]:
    return [address for address, answer in answers.items() if "no-store" not in answer.get("Cache-Control", "")]


def test_nothing_that_somebody_logged_in_sees_is_kept(town: Town) -> None:
    bundle = town.submit()
    draft = Draft.objects.filter(submitted_at=None).first()
    first = ["/", reverse("matters:bundle", args=[bundle.number])]
    first += [reverse("matters:form", args=[draft.pk])] if draft else []
    for user in (town.li, town.wang, town.sun):
        answers = crawl(logged_in(user), *first)
        assert len(answers) > 12
        assert kept(answers) == [], user


@pytest.mark.parametrize(
    "page", ["catalog:basket", "accounts:login", "accounts:register", "matters:bundle_list", "certificates:verify_form"]
)
def test_a_personal_page_is_not_kept_even_without_a_session(page: str) -> None:
    assert kept({page: Client().get(reverse(page))}) == []


def test_where_an_application_begins_is_not_kept(town: Town) -> None:
    assert kept({"start": Client().get(reverse("matters:start", args=[town.version.matter.slug]))}) == []


def test_a_visitor_with_a_basket_leaves_no_page_behind(town: Town) -> None:
    visitor = Client()
    slug = town.version.matter.slug
    visitor.post(reverse("catalog:add_to_basket"), {"chosen": slug})
    assert "sessionid" in visitor.cookies
    assert kept({address: visitor.get(address) for address in ("/", "/matters/", "/items/")}) == []


def test_public_pages_may_be_kept_by_whoever_has_no_session(town: Town) -> None:
    public = ("/", "/matters/", "/items/", "/search/?q=x", "/api/v1/matters/")
    assert kept({address: Client().get(address) for address in public}) == list(public)
