"""What a department's system says that cannot be kept stops nothing of the rest: set aside, it is a difference with an owner."""

from __future__ import annotations

import base64
import json
import threading
import uuid
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, ClassVar

import pytest
from pytest_django import Settings as SettingsWrapper

from matters.handing_over.comparing import ask_systems, write_differences
from matters.models import DepartmentSystem, SystemDifference
from portal.outbox.models import OutboxMessage
from portal.outbox.processing import process
from portal.settings.connections import sharing_connections
from tests.matters.handing_over.test_department_systems import approved, handed, told, waiting
from tests.pages import page_of
from tests.worlds.cast import logged_in
from tests.worlds.ruled import Ruled


class Told(BaseHTTPRequestHandler):
    """Answers whatever it is asked with what stands in ``said``."""

    said: ClassVar[dict[str, Any]] = {}

    def do_POST(self) -> None:
        body = json.dumps(self.said).encode()
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture(autouse=True)
def _reached(ruled: Ruled, settings: SettingsWrapper) -> Iterator[None]:
    with HTTPServer(("127.0.0.1", 0), Told) as server:
        serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        serving.start()
        key = base64.b64encode(bytes(32)).decode()
        settings.YIJIAN_SHARING_CONNECTIONS = sharing_connections(
            json.dumps({"insurance_desk": {"url": f"http://127.0.0.1:{server.server_port}", "key": key}})
        )
        yield
        server.shutdown()
        serving.join()


@pytest.mark.parametrize("unstorable", ["a\0b", "\ud800"])
def test_fetched_the_one_is_set_aside_and_the_rest_counts(
    ruled: Ruled, system: DepartmentSystem, unstorable: str
) -> None:
    part = waiting(ruled)
    row = handed(part)
    Told.said = {
        "events": [
            {**told(row, 1, "accepted"), "event": unstorable},
            {"event": unstorable, "key": str(uuid.uuid4())},
            unstorable,
            approved(row),
        ],
        "cursor": "4",
    }
    for _each in range(2):
        ask_systems()
        process("pull_system")
    system.refresh_from_db()
    part.refresh_from_db()
    assert (part.state, system.cursor) == ("approved", "4")
    assert OutboxMessage.objects.get(kind="pull_system").done_at is not None
    found = SystemDifference.objects.order_by("pk").values_list("number", "kind", "owner__username")
    of_none = unstorable.replace("\0", "\ufffd").replace("\ud800", "\ufffd")
    assert list(found) == [(number, "unreadable", "zhou") for number in (part.number, of_none, "—")]


def test_it_stays_until_a_person_says_that_it_is_dealt_with(ruled: Ruled, system: DepartmentSystem) -> None:
    Told.said = {"events": [{"event": "\0"}], "cursor": "1"}
    ask_systems()
    process("pull_system")
    write_differences(system, [])
    row = SystemDifference.objects.get(settled_at=None)
    client = logged_in(ruled.wang)
    assert "消息读不懂" in page_of(client.get("/review/police/system/"))
    client.post(f"/review/police/system/differences/{row.pk}/", {"settle": "1"})
    row.refresh_from_db()
    assert (row.settled_at is not None, row.owner) == (True, ruled.wang)
    assert "消息读不懂" not in page_of(client.get("/review/police/system/"))


def test_a_difference_that_is_compared_is_settled_by_no_hand(ruled: Ruled, system: DepartmentSystem) -> None:
    write_differences(system, [{"key": str(uuid.uuid4()), "number": "YB9", "state": "received"}])
    row = SystemDifference.objects.get()
    logged_in(ruled.wang).post(f"/review/police/system/differences/{row.pk}/", {"settle": "1"})
    row.refresh_from_db()
    assert (row.settled_at, row.owner) == (None, ruled.wang)


def test_a_reference_and_a_list_that_cannot_be_kept_are_kept_readable(ruled: Ruled, system: DepartmentSystem) -> None:
    row = handed(waiting(ruled))
    Told.said = {"reference": "YB\0", "cases": [{"key": str(uuid.uuid4()), "number": "YB\ud800", "state": "\0"}]}
    process("hand_over")
    row.refresh_from_db()
    assert row.reference == "YB\ufffd"
    ask_systems()
    process("compare_system")
    assert list(SystemDifference.objects.values_list("number", "there")) == [("YB\ufffd", "\ufffd")]
