"""No link that somebody is shown ends in 403 or 404 for them: every role walks every link, by GET, from where it arrives."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Collection
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client
from django.urls import Resolver404, resolve

from catalog.models import ItemImplementation, Matter, MatterItem
from catalog.packages.importing import import_package
from portal.accounts.login_redirects import login_redirect_url
from portal.accounts.models import User
from tests.rights.table import EVERYBODY, TABLE
from tests.rights.town import Everything, build_everything
from tests.worlds.cast import LI, ZHAO, logged_in, user_of
from tests.worlds.tiny import TINY, write_package

ROLES = {
    "clerk": "收件台",
    "clerk_of_police": "收件台",
    "reviewer": "待办",
    "lead": "待办",
    "supervisor": "效能监察",
    "manager": "目录编写",
    "catalog_reviewer": "发布审核",
    "administrator": "系统运行",
    "dismissed_reviewer": "您现在没有岗位",
    "applicant": "我的办件",
}
# Public pages that offer an application, which begins in somebody's own name. They are walked on a catalog that was
# imported and published: the town of the roles has one matter, written by hand, whose items have no pages of their own.
OFFERS_TO_APPLY = {"catalog:matter", "catalog:checklist", "catalog:basket"}
_LINK = re.compile(r'<a\s[^>]*?href="([^"#]+)')
# Of the addresses of one route so many are walked for each role: a list leads to hundreds of rows, in thousands of ways.
WAYS = 1


def walk(client: Client, start: str, *, without: Collection[str] = ()) -> dict[str, str]:
    """Follow every link from a page, but to the routes ``without``; return those that did not end on a page, with what came instead and where the link stands."""
    waiting, seen, broken = deque([(start, "")]), {start}, dict[str, str]()
    ways: dict[str, int] = {}
    while waiting:
        address, found_on = waiting.popleft()
        answer: Any = client.get(address, follow=True)
        last = answer.redirect_chain[-1][0] if answer.redirect_chain else address
        if answer.status_code >= 400 or "/login/" in last:
            broken[address] = f"{answer.status_code} {last} (on {found_on})"
            continue
        if answer.streaming or "html" not in answer.headers["Content-Type"] or (found_on and is_open_to_all(address)):
            continue
        for link in _LINK.findall(answer.content.decode()):
            place = urlsplit(urljoin(last, link.replace("&amp;", "&")))
            target = place.path + (f"?{place.query}" if place.query else "")
            if place.netloc not in ("", "testserver") or place.scheme not in ("", "http") or target in seen:
                continue
            seen.add(target)
            route = route_of(target)
            ways[route] = ways.get(route, 0) + 1
            if ways[route] <= WAYS and not place.path.startswith("/static/") and route not in without:
                waiting.append((target, address))
    return broken


def route_of(address: str) -> str:
    """Return the name of an address's route; the address itself where there is none."""
    try:
        return resolve(urlsplit(address).path).view_name or address
    except Resolver404:
        return address


def is_open_to_all(address: str) -> bool:
    """Return whether the page is the same for everybody: it is walked once, as the applicant."""
    rows = TABLE.get(route_of(address), ())
    return bool(rows) and rows[0].get == EVERYBODY and route_of(address) not in OFFERS_TO_APPLY


@pytest.fixture
def everything(db: None) -> Everything:
    return build_everything()


@pytest.mark.parametrize("role", sorted(ROLES))
def test_every_role_arrives_at_its_work_and_no_link_leads_nowhere(everything: Everything, role: str) -> None:
    client = Client()
    client.cookies = everything.cookies[role]
    user = User.objects.get(pk=client.session["_auth_user_id"])
    landing = login_redirect_url(user)
    assert ROLES[role] in client.get(landing, follow=True).content.decode()
    assert walk(client, "/admin/" if user.is_staff else "/bundles/", without=OFFERS_TO_APPLY) == {}


@pytest.mark.parametrize("is_staff", [True, False])
def test_a_guide_offers_an_application_to_whoever_can_make_it(db: None, tmp_path: Path, is_staff: bool) -> None:
    import_package(write_package(tmp_path, TINY))
    user = user_of(ZHAO) if is_staff else user_of(LI)
    client = logged_in(user)
    offered = 'href="/apply/opening/'
    for address in ("/matters/opening/", "/matters/opening/checklist/?invoices=yes"):
        page = client.get(address, follow=True).content.decode()
        assert (offered in page, "要用本人的账户" in page) == (not is_staff, is_staff), address
        assert offered in Client().get(address, follow=True).content.decode()
        assert walk(client, address) == {}
    client.post("/basket/", {"chosen": ["opening", "opening/invoicing"]})
    assert ("一起办理</button>" in client.get("/basket/").content.decode()) is not is_staff


def test_a_reviewer_of_the_catalog_is_shown_no_way_to_propose(everything: Everything) -> None:
    client = Client()
    Matter.objects.update(is_listed=True)
    MatterItem.objects.create(matter=Matter.objects.get(), item=ItemImplementation.objects.get().item)
    for role, may in (("manager", True), ("catalog_reviewer", False)):
        client.cookies = everything.cookies[role]
        row = ItemImplementation.objects.get()
        for address in ("/admin/catalog/itemimplementation/", f"/admin/catalog/itemimplementation/{row.pk}/change/"):
            assert ("proposal/new/" in client.get(address).content.decode()) is may, (role, address)
