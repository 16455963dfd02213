"""No list, count, search, saved view, bulk action or table of the console shows an officer their own application, by whatever way it is theirs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from catalog.staff.memberships import enroll
from matters.cases.access import whose_own
from matters.models import Bundle, DeadlineCard, SavedView, SubItem
from matters.models.querysets import own_bundles
from matters.reviewing import review
from matters.reviewing.inspection import LISTS as SUPERVISED
from matters.reviewing.queueing.lists import LISTS
from matters.reviewing.supervising import give_order
from portal.accounts.models import User
from portal.accounts.organisations.activities import remove
from tests.matters.cases.test_mandates import filed_under, mandate_of
from tests.worlds.cast import logged_in
from tests.worlds.companies import build_companies
from tests.worlds.town import Town

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(town: Town) -> Town:
    """The town, in which Li and a colleague hold every post of every department."""
    for user in (town.li, town.zhou):
        for department in town.departments.values():
            for role in ("reviewer", "lead", "supervisor", "clerk"):
                enroll(user, department, role)
    town.li, town.zhou = (User.objects.get(pk=user.pk) for user in (town.li, town.zhou))
    return town


@pytest.fixture
def part(town: Town) -> SubItem:
    """Health's part of Li's application, accepted, late, with a card and an order: in as many lists as one case can be."""
    part = review.accept(town.zhao, town.part(town.submit(), "birth_cert"))
    give_order(town.zhou, part, "请说明为什么至今没有办结", "3")
    DeadlineCard.objects.create(
        sub_item=part, department=part.department, colour="red", due_on="2026-01-01", given_at=part.accepted_at
    )
    return part


def addresses(patterns: Any = None, prefix: str = "/") -> Iterator[str]:
    """Yield every address of the desk and the console that needs no more than a department."""
    for each in get_resolver().url_patterns if patterns is None else patterns:
        path = prefix + str(each.pattern).removeprefix("^").removesuffix("$")
        if isinstance(each, URLResolver):
            yield from addresses(each.url_patterns, path)
        elif isinstance(each, URLPattern) and path.startswith(("/review/", "/admin/")):
            path = path.replace("<slug:department>", "health").replace("<department>", "health")
            if "<" not in path and "(?P" not in path and "logout" not in path:
                yield path


def pages(user: User, part: SubItem) -> dict[str, str]:
    """Return address → what a member of staff reads there, of all lists, searches and confirmations that could name a case."""
    client, found = logged_in(user), {}
    view = SavedView.objects.create(
        user=user, department=part.department, name="我的", list_name="all", sort="since", columns=["item"], item="出生"
    )
    wanted = [*addresses(), f"/review/health/?view={view.pk}"]
    wanted += [f"/review/health/?filter={name}" for name in LISTS]
    wanted += [f"/review/inspection/?department=health&list={name}" for name in SUPERVISED]
    for path in wanted:
        answer = client.get(path)
        found[path] = answer.content.decode() if answer.status_code == 200 and not answer.streaming else ""
    for typed in (part.number, part.bundle.number, "李晓", "出生"):
        found[f"find {typed}"] = client.post("/review/health/find/", {"q": typed}, follow=True).content.decode()
        found[f"counter {typed}"] = client.post("/admin/counter/", {"q": typed}, follow=True).content.decode()
    whole = {"kind": "accept", "whole": "1", "filter": "all"}
    found["bulk"] = client.post(reverse("matters:bulk", args=["health"]), whole).content.decode()
    # What was typed stands in its box again.
    return {
        path: text.replace(f'value="{part.number}"', "").replace(f'value="{part.bundle.number}"', "")
        for path, text in found.items()
    }


def test_a_colleague_finds_it_and_its_applicant_in_no_list(town: Town, part: SubItem) -> None:
    named = {path for path, text in pages(town.zhou, part).items() if part.number in text}
    assert len(named) > 8, named  # what follows is worth something only where others read it
    own = {path for path, text in pages(town.li, part).items() if part.number in text}
    assert own == set()


def test_the_condition_of_lists_and_the_word_of_one_case_agree(db: None) -> None:
    """As applicant, under a mandate, as one of an organisation's people, also one who was removed."""
    world = build_companies()
    filed = [
        world.submit(world.li_person, None, "本人"),
        world.submit(world.zhang_person, world.noodles, "单位"),
        filed_under(world, mandate_of(world, world.stranger.person), "代办"),
    ]
    remove(world.handler(world.li_person, world.noodles), world.handler(world.qian_person, world.noodles).pk)
    seen = set()
    for user in (world.li, world.zhang, world.qian, world.stranger, world.wang):
        listed = set(Bundle.objects.filter(pk__in=own_bundles(user)))
        assert listed == {one for one in filed if user.pk in whose_own(Bundle.objects.for_page().get(pk=one.pk))}
        seen.add(len(listed))
    assert seen == {0, 1, 2}
