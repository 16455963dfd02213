"""A hundred thousand requests that nobody means well, to every route and every form, as everybody there is: no 500.

These go through WSGI in this process, each undone after it was answered, so that the same people, cases and drafts are there for the next;
the last ones go byte by byte to gunicorn (``test_fuzz_by_bytes``). A failure names its request: ``YIJIAN_FUZZ_SEED`` makes the same ones
again, ``YIJIAN_FUZZ_REQUESTS`` fewer or more, ``-k`` those of one role.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from pytest_django import Settings

from tests.chaos.fuzzed import ROLES, Site, Watch, client_of, copy_of
from tests.chaos.requests_at_random import Form, Mischief, Sent, forms_of

pytestmark = pytest.mark.slow

TOTAL = int(os.environ.get("YIJIAN_FUZZ_REQUESTS", "100000"))
SEED = int(os.environ.get("YIJIAN_FUZZ_SEED", "1"))
BY_BYTES = TOTAL // 20
OF_ONE_ROLE = -(-(TOTAL - BY_BYTES) // len(ROLES))


@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES)
def test_nothing_that_is_sent_ends_in_an_error_of_ours(
    role: str, tmp_path: Path, settings: Settings, record_property: Callable[[str, object], None]
) -> None:
    # A third of the statements were those of sessions in the database, where they are when gunicorn is asked.
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
    site, mischief = Site(tmp_path), Mischief(SEED * 100 + ROLES.index(role))
    client = client_of(site.cookies(role))
    cookies = client.cookies
    places = site.places(role)
    known: dict[str, list[Form]] = {}
    with Watch().watching() as watch:
        for number in range(OF_ONE_ROLE):
            [place] = mischief.random.choices(list(places), list(places.values()))
            if place not in known:
                client.cookies = copy_of(cookies)
                known[place] = _forms_at(client, place, watch)
            client.cookies = copy_of(cookies)
            sent = mischief.request(place, known[place])
            watch.judge(sent, send(client, sent, f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"))
            if number % 500 == 0:
                cache.clear()
    record_property(role, f"{watch}; {len(places)} places, {sum(map(len, known.values()))} forms; seed {SEED}")
    assert list(watch.failures) == [], "\n\n".join(watch.failures.values())


def _forms_at(client: Client, place: str, watch: Watch) -> list[Form]:
    with transaction.atomic():
        page = client.get(place)
        html = b"" if page.streaming or "html" not in page.headers.get("content-type", "") else page.content
        transaction.set_rollback(True)
    watch.judge(Sent("GET", place, b"", "", {}), page.status_code)
    return forms_of(html, place)


def send(client: Client, sent: Sent, address: str) -> int:
    """Send one request and return its status, with the whole answer read, and everything it did undone."""
    with transaction.atomic():
        answer = client.generic(
            sent.method,
            sent.path,
            sent.body,
            content_type=sent.content_type,
            headers={"x-csrftoken": "a" * 32, **sent.headers},
            REMOTE_ADDR=address,
        )
        if answer.streaming:
            b"".join(answer)
        transaction.set_rollback(True)
    return answer.status_code
