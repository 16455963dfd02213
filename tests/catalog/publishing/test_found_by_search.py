"""What has been published is found by the search at once, without an import."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from catalog.models import Matter, SearchPhrase, SearchTarget
from catalog.publishing.proposing import approve, propose
from catalog.publishing.publishing import publish
from catalog.search.content import load_search_content
from catalog.search.engine import ENGINE, search
from portal.accounts.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_engine() -> Iterator[None]:
    ENGINE.forget()
    yield
    ENGINE.forget()


def found(query: str) -> str:
    ENGINE.forget()
    answer = search(query)
    return answer.results[0].target.slug if answer.found else ""


def test_a_matter_published_from_the_console_is_found_by_its_name_and_items(
    opening: Matter, tang: User, deng: User
) -> None:
    SearchTarget.objects.all().delete()
    assert found("开办民宿") == ""
    Matter.objects.update(name="开办民宿")
    approve(propose(opening, by=tang, note="改名"), by=deng)
    assert found("开办民宿") == "opening"
    for name in opening.items.values_list("item__name", flat=True):
        assert found(name) == "opening"
    target = SearchTarget.objects.get()
    assert (target.name, target.department) == ("开办民宿", opening.lead_department and opening.lead_department.name)


def test_a_new_name_is_found_beside_the_words_that_were_there(opening: Matter) -> None:
    target = SearchTarget.objects.get(slug="opening")
    SearchPhrase.objects.create(target=target, text="我要当老板", origin="manager")
    Matter.objects.update(name="开办民宿")
    publish(opening)
    assert found("开办民宿") == found("我要当老板") == "opening"


def test_what_is_not_listed_is_not_found(opening: Matter) -> None:
    SearchTarget.objects.all().delete()
    Matter.objects.update(is_listed=False, name="开办民宿")
    publish(opening)
    assert not SearchTarget.objects.exists()


def test_an_import_of_the_words_keeps_what_was_published(opening: Matter) -> None:
    load_search_content()
    items = set(opening.items.values_list("item__name", flat=True))
    phrases = SearchPhrase.objects.filter(target__slug="opening").order_by("text")
    assert set(phrases.values_list("text", flat=True)) == {opening.name, *items}
    again = load_search_content()
    assert (again.created, again.changed, again.deleted) == (0, 0, 0)
