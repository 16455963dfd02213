"""Whatever is posted after the session has ended leads, over the login, to a page: never to an address that only takes posts."""

from __future__ import annotations

import re
import uuid
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import NoReverseMatch

from portal.accounts.models import User
from tests.rights.routes import Route, routes
from tests.rights.table import EVERYBODY, TABLE
from tests.worlds.cast import logged_in, remember

_TAKES = re.compile(r"<(?:(\w+):)?(\w+)>")
_ANY = {"uuid": str(uuid.UUID(int=1)), "int": "1"}

# Everything that somebody known may post.
POSTED = [
    name
    for name, rows in TABLE.items()
    if any(row.post for row in rows) and not any(row.post == EVERYBODY for row in rows)
]


def address_of(route: Route) -> str:
    """Return an address of the route; "" where it takes what only the town knows."""
    try:
        return route.address(**{name: _ANY.get(kind, "x") for kind, name in _TAKES.findall(route.pattern)})
    except NoReverseMatch:
        return ""


@pytest.mark.django_db
def test_every_post_leads_back_to_a_page() -> None:
    root = User.objects.create_superuser("root")
    known, lost = routes(), {}
    expired, again = Client(), logged_in(root)
    remember(expired, root)
    tried = 0
    for name in POSTED:
        address = address_of(known[name])
        if not address:
            continue
        answer = expired.post(address, {"reason": "写好的理由"})
        if answer.status_code != 302:  # a script's address
            continue
        place = urlsplit(answer["Location"])
        target = parse_qs(place.query).get("next", [""])[0]
        if place.path != "/accounts/login/" or not target:
            continue
        tried += 1
        status = again.get(target).status_code
        if status == 405 or status >= 500:
            lost[name] = f"{status} at {target}"
    assert lost == {}
    assert tried > 60
