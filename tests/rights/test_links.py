"""No link that somebody is shown ends in 403 or 404 for them: every role walks every link, by GET, from where it arrives."""

from __future__ import annotations

import re
from collections import deque
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client
from django.urls import Resolver404, resolve

from portal.accounts.login_redirects import login_redirect_url
from portal.accounts.models import User
from tests.rights.table import EVERYBODY, TABLE
from tests.rights.town import Everything, build_everything

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
# The town's matter is composed for the matrix and tells nothing that a guide shows: links of guides are tried in tests/catalog/guides.
ELSEWHERE = {"catalog:matter", "catalog:situation", "catalog:checklist"}
_LINK = re.compile(r'<a\s[^>]*?href="([^"#]+)')
# Of the addresses of one route so many are walked for each role: a list leads to hundreds of rows, in thousands of ways.
WAYS = 1


def walk(client: Client, start: str) -> dict[str, str]:
    """Follow every link from a page; return those that did not end on a page, with what came instead and where the link stands."""
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
            if ways[route] <= WAYS and route not in ELSEWHERE and not place.path.startswith("/static/"):
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
    return bool(rows) and rows[0].get == EVERYBODY


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
    assert walk(client, "/admin/" if user.is_staff else "/bundles/") == {}
