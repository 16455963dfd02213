"""A hundred thousand requests that nobody means well, to every route and every form, as everybody there is: no 500.

Most go through WSGI in this process, each undone after it was answered, so that the same people, cases and drafts are there for the next;
the last ones go byte by byte to gunicorn. A failure names its request: ``YIJIAN_FUZZ_SEED`` makes the same ones again,
``YIJIAN_FUZZ_REQUESTS`` fewer or more.
"""

from __future__ import annotations

import os
import random
import socket
import subprocess
import sys
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.cache import cache
from django.core.signals import got_request_exception
from django.db import connection, transaction
from django.test import Client

from catalog.packages.importing import import_package
from catalog.staff.managers import MANAGERS
from certificates.models import Certificate
from matters.models import SubmittedMaterial
from matters.reviewing import review
from matters.reviewing.corrections import Gap, request_correction
from portal.accounts.models import User
from tests.addresses import PARAMETER, addresses, routes
from tests.chaos.requests_at_random import Form, Mischief, Sent, forms_of
from tests.matters.reviewing.test_review import approve_birth
from tests.processes import ROOT, eventually
from tests.worlds.cast import TANG, cataloguer, logged_in
from tests.worlds.tiny import write_package
from tests.worlds.town import Town, build_town

pytestmark = pytest.mark.slow

TOTAL = int(os.environ.get("YIJIAN_FUZZ_REQUESTS", "100000"))
SEED = int(os.environ.get("YIJIAN_FUZZ_SEED", "1"))
ROLES = ("nobody", "applicant", "stranger", "reviewer", "window", "cataloguer", "administrator")
TO_GUNICORN = TOTAL // 20


def report(who: str, statuses: Counter[Any], more: str = "") -> None:
    """Say what was answered; ``-s`` shows it, and the report of a failed run."""
    sys.stdout.write(f"\n{who}: {statuses.total()} requests, {dict(statuses)}{more}\n")


class Site:
    """The town with something at every address, and who goes there."""

    def __init__(self, folder: Path) -> None:
        import_package(write_package(folder))
        town = self.town = build_town()
        self.returned = town.submit()
        part = town.part(self.returned, "birth_cert")
        self.asked = request_correction(town.zhao, part, [Gap("field", "child:person.name", "请核对")])
        self.open = town.submit()
        approve_birth(town, town.part(self.open, "birth_cert"))
        hukou = self.hukou = town.part(self.open, "hukou")
        review.accept(town.wang, hukou)
        self.draft, self.counter_draft = _draft(town, at_window=False), _draft(town, at_window=True)
        self.people: dict[str, User | None] = {
            "nobody": None,
            "applicant": town.li,
            "stranger": town.stranger,
            "reviewer": town.wang,
            "window": town.sun,
            "cataloguer": cataloguer(TANG, MANAGERS),
            "administrator": User.objects.create_superuser("root", password="correct horse battery"),
        }

    def given(self, role: str) -> dict[str, str]:
        """Return what stands for each parameter of a route, so that most addresses of this role lead somewhere."""
        draft = self.counter_draft if role == "window" else self.draft
        return {
            "number": self.returned.number if role in ("applicant", "window") else self.open.number,
            "request_id": str(self.asked.pk),
            "draft_id": str(draft.pk),
            "paper_id": str(
                SubmittedMaterial.objects.filter(draft=draft).values_list("pk", flat=True).first() or draft.pk
            ),
            "paper": str(SubmittedMaterial.objects.filter(bundle=self.open).values_list("pk", flat=True)[0]),
            "department": "police",
            "action": random.choice(
                ("claim", "hand-back", "accept", "start", "approve", "reject", "refuse", "correct")
            ),
            "id": str(Certificate.objects.values_list("pk", flat=True)[0]),
            "token": str(Certificate.objects.values_list("identifier", flat=True)[0]),
        }

    def addresses(self, role: str) -> list[str]:
        """Return the addresses this role tries: every route, those of the console with an object where there is one."""
        given = self.given(role)
        found = [
            place
            for place in addresses(given)
            if not place.startswith(("/matters/newborn/", "/items/newborn/", "/api/v1/matters/newborn"))
        ]
        # What the public reads of a matter comes from a whole definition.
        for slug in ("opening", "registration"):
            found += [place for place in addresses({**given, "slug": slug}) if f"/{slug}/" in place]
        cases = {"1": self.hukou.number}
        found += [f"/review/cases/{number}/{rest}" for number in cases.values() for rest in ("", "reject/", "correct/")]
        if role in ("cataloguer", "administrator"):
            for route, _pattern in routes():
                if route.startswith("admin/") and "object_id" in route and "content_type" not in route:
                    _admin, app, model, *_rest = route.split("/")
                    first = apps.get_model(app, model)._default_manager.values_list("pk", flat=True).first()
                    if first is not None:
                        found.append("/" + PARAMETER.sub(str(first), route))
        return found


def _draft(town: Town, *, at_window: bool) -> Any:
    from matters.drafts.saving import save_values, start_draft
    from matters.drafts.uploads import take_upload
    from matters.models import Channel
    from tests.worlds.town import VALUES, picture

    draft = start_draft(
        version=town.version,
        applicant=town.li_person,
        entered_by=town.sun if at_window else town.li,
        answers={},
        profile={},
        channel=Channel.COUNTER if at_window else Channel.ONLINE,
    )
    save_values(draft, VALUES, seen=draft.revision)
    take_upload(draft, "household_book", picture(), accept=("image/png",))
    return draft


class Watch:
    """Notes what went wrong, once a place."""

    def __init__(self) -> None:
        self.statuses: Counter[int] = Counter()
        self.failures: dict[str, str] = {}
        self.raised = ""

    def note(self, **given: Any) -> None:
        self.raised = traceback.format_exc()

    def judge(self, sent: Sent, status: int) -> None:
        self.statuses[status] += 1
        if status >= 500:
            lines = [line for line in self.raised.splitlines() if line.strip()]
            place = "\n".join(line for line in lines if str(ROOT) in line and ".venv" not in line)[-400:]
            self.failures.setdefault(
                f"{lines[-1][:200] if lines else status} {place}", f"{sent}\n{self.raised[-1500:]}"
            )


@pytest.fixture
def watch() -> Iterator[Watch]:
    watching = Watch()
    got_request_exception.connect(watching.note)
    yield watching
    got_request_exception.disconnect(watching.note)


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


@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES)
def test_nothing_that_is_sent_ends_in_an_error_of_ours(role: str, watch: Watch, tmp_path: Path) -> None:
    site, mischief = Site(tmp_path), Mischief(SEED * 100 + ROLES.index(role))
    random.seed(SEED)
    user = site.people[role]
    client = logged_in(user) if user is not None else Client()
    client.raise_request_exception = False
    # As everybody has it outside of tests: what cannot be read is read by the check of the token, too.
    client.handler.enforce_csrf_checks = True
    client.cookies["csrftoken"] = "a" * 32
    places = site.addresses(role)
    console = [place for place in places if place.startswith("/admin/")]
    # The console has most of the routes; who may not enter it tries them all the same, now and then.
    weights = [1.0 if role == "administrator" or place not in console else 0.15 for place in places]
    cookies = client.cookies.copy()
    known: dict[str, list[Form]] = {}
    for number in range((TOTAL - TO_GUNICORN) // len(ROLES)):
        [place] = mischief.random.choices(places, weights)
        client.cookies = cookies.copy()
        if place not in known:
            with transaction.atomic():
                page = client.get(place)
                html = b"" if page.streaming or "html" not in page.headers.get("content-type", "") else page.content
                known[place] = forms_of(html, place)
                transaction.set_rollback(True)
            watch.judge(Sent("GET", place, b"", "", {}), page.status_code)
        client.cookies = cookies.copy()
        sent = mischief.request(place, known[place])
        watch.judge(sent, send(client, sent, f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"))
        if number % 500 == 0:
            cache.clear()
    report(role, watch.statuses, f", {sum(map(len, known.values()))} forms")
    assert list(watch.failures) == [], "\n\n".join(watch.failures.values())


# Byte by byte to a real server


RAW = (
    b"Content-Length: -1\r\n",
    b"Content-Length: 99999999999999999999\r\n",
    b"Content-Length: 5\r\nContent-Length: 6\r\n",
    b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
    b"Transfer-Encoding: chunked, chunked\r\n",
    b"Transfer-Encoding : chunked\r\n",
    b"Host: a\r\nHost: b\r\n",
    b"X: \x00\r\n",
    b"X: a\nY: b\r\n",
    b" folded: x\r\n",
    b"X" * 9_000 + b": x\r\n",
    b"Content_Length: 5\r\n",
    b"Expect: 100-continue\r\n",
    b"Upgrade: h2c\r\nConnection: Upgrade\r\n",
)


def as_bytes(sent: Sent, mischief: Mischief, cookie: str) -> bytes:
    """Return the request as it goes over the wire, with some of its bytes changed."""
    choice = mischief.random
    lines = [
        f"{sent.method} {sent.path} HTTP/1.1".encode(errors="replace"),
        b"Host: 127.0.0.1",
        b"Connection: close",
        f"Content-Type: {sent.content_type}".encode(errors="replace"),
        f"Content-Length: {len(sent.body)}".encode(),
        f"Cookie: sessionid={cookie}; csrftoken={'a' * 32}".encode(),
        b"X-CSRFToken: " + b"a" * 32,
        *(f"{name}: {value}".encode("latin-1", errors="replace") for name, value in sent.headers.items()),
    ]
    head = b"\r\n".join(lines) + b"\r\n"
    if choice.random() < 0.2:
        head += choice.choice(RAW)
    raw = bytearray(head + b"\r\n" + sent.body)
    if choice.random() < 0.3:
        mischief._damage(raw)
    return bytes(raw)


def answer_of(port: int, raw: bytes) -> bytes:
    """Return the first line of what the server answers; nothing where it closes the connection."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connected:
        try:
            connected.sendall(raw)
            connected.shutdown(socket.SHUT_WR)
            return connected.makefile("rb").readline()
        except (ConnectionError, TimeoutError):
            return b""


@pytest.fixture
def gunicorn(transactional_db: None, tmp_path: Path) -> Iterator[Callable[[], int]]:
    """Start gunicorn on the test's database, and return its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.worker_settings",
        "YIJIAN_TEST_DATABASE": str(connection.settings_dict["NAME"]),
        "YIJIAN_TEST_BROKER": "redis://127.0.0.1:1/0",
    }
    log = tmp_path / "gunicorn.log"
    command = [sys.executable, "-m", "gunicorn", "portal.wsgi", "--bind", f"127.0.0.1:{port}", "--threads", "4"]
    with log.open("wb") as output:
        process = subprocess.Popen(command, env=environment, stdout=output, stderr=subprocess.STDOUT, cwd=ROOT)
        try:

            def answers() -> bool:
                try:
                    return b"200" in answer_of(
                        port, b"GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
                    )
                except OSError:
                    return False

            eventually(answers)
            yield lambda: port
        finally:
            process.terminate()
            process.wait(30)


@pytest.mark.django_db(transaction=True)
def test_a_real_server_answers_any_bytes_without_an_error_of_ours(gunicorn: Callable[[], int], tmp_path: Path) -> None:
    site, mischief, port = Site(tmp_path), Mischief(SEED + 77), gunicorn()
    cookie = logged_in(site.town.li).cookies["sessionid"].value
    statuses: Counter[bytes] = Counter()
    failures = {}
    places = site.addresses("applicant")
    for _number in range(TO_GUNICORN):
        sent = mischief.request(mischief.random.choice(places), [])
        raw = as_bytes(sent, mischief, cookie)
        status = answer_of(port, raw).split(b" ")[1:2]
        statuses[status[0] if status else b"closed"] += 1
        # 501 is the server's own: a transfer coding or a method it does not know.
        if status and status[0].startswith(b"5") and status[0] != b"501":
            failures[raw[:60]] = raw[:1_000]
    log = (tmp_path / "gunicorn.log").read_text(errors="replace")
    report("gunicorn", statuses)
    assert not failures, f"{list(failures.values())[:5]}\n{log[-5_000:]}"
    assert b"200" in answer_of(port, b"GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
