"""The last of the hundred thousand requests go byte by byte to gunicorn, as everybody there is; see ``test_fuzz``.

What they do is done: a session that was ended is begun again, and each part has a town and a server of its own.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.db import connection

from portal.accounts.models import User
from tests.chaos.fuzzed import ROLES, Site
from tests.chaos.requests_at_random import Mischief, Sent
from tests.chaos.test_fuzz import BY_BYTES, SEED
from tests.processes import ROOT, eventually
from tests.worlds.cast import logged_in

pytestmark = pytest.mark.slow

PARTS = 5


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


def as_bytes(sent: Sent, mischief: Mischief, session: str) -> bytes:
    """Return the request as it goes over the wire, with some of its bytes changed."""
    choice = mischief.random
    lines = [
        f"{sent.method} {sent.path} HTTP/1.1".encode(errors="replace"),
        b"Host: 127.0.0.1",
        b"Connection: close",
        f"Content-Type: {sent.content_type}".encode(errors="replace"),
        f"Content-Length: {len(sent.body)}".encode(),
        f"Cookie: sessionid={session}; csrftoken={'a' * 32}".encode(),
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


def answer_of(port: int, raw: bytes) -> str:
    """Return the status of what the server answers; nothing where it closes the connection."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connected:
        try:
            connected.sendall(raw)
            connected.shutdown(socket.SHUT_WR)
            answer = connected.makefile("rb").read()
        except OSError:  # closed before or while it was sent, too slow, or (ENOTCONN) before it was ended
            return ""
    while answer.startswith(b"HTTP/1.1 100 "):
        answer = answer.partition(b"\r\n\r\n")[2]
    return answer[9:12].decode(errors="replace")


def is_alive(port: int) -> bool:
    try:
        return answer_of(port, b"GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n") == "200"
    except OSError:
        return False


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
            eventually(lambda: is_alive(port))
            yield lambda: port
        finally:
            process.terminate()
            process.wait(30)


class Sessions:
    """The session of each role; one that a request has ended is begun again."""

    def __init__(self, site: Site) -> None:
        self.keys = {role: cookies["sessionid"].value for role in ROLES if (cookies := site.cookies(role))}
        self.users = {
            role: Session.objects.get(pk=key).get_decoded()["_auth_user_id"] for role, key in self.keys.items()
        }

    def of(self, role: str) -> str:
        if role not in self.keys:
            return ""
        if not Session.objects.filter(pk=self.keys[role]).exists():
            user = User.objects.get(pk=self.users[role])
            self.keys[role] = logged_in(user).cookies["sessionid"].value
        return self.keys[role]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("part", range(PARTS))
def test_a_real_server_answers_any_bytes_without_an_error_of_ours(
    part: int, gunicorn: Callable[[], int], tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    site, mischief, port = Site(tmp_path), Mischief(SEED * 100 + 50 + part), gunicorn()
    sessions = Sessions(site)
    places = {role: site.places(role) for role in ROLES}
    statuses: Counter[str] = Counter()
    failures: dict[bytes, bytes] = {}
    for _number in range(BY_BYTES // PARTS):
        role = mischief.random.choice(ROLES)
        [place] = mischief.random.choices(list(places[role]), list(places[role].values()))
        raw = as_bytes(mischief.request(place, []), mischief, sessions.of(role))
        status = answer_of(port, raw)
        statuses[status or "closed"] += 1
        # 501 is the server's own: a transfer coding or a method it does not know.
        if status.startswith("5") and status != "501":
            failures[raw[:60]] = raw[:1_000]
    log = (tmp_path / "gunicorn.log").read_text(errors="replace")
    record_property(f"gunicorn {part}", f"{statuses.total()} requests {dict(sorted(statuses.items()))}; seed {SEED}")
    assert not failures, f"{list(failures.values())[:5]}\n{log[-5_000:]}"
    assert is_alive(port)
    assert log.count("Booting worker") == 1  # the same one as at the beginning
