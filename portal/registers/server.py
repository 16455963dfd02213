"""The sandbox registers' server: a question is answered to who signs it, in the mode that its register is in. No Django, no database."""

from __future__ import annotations

import contextlib
import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

from portal.lib.message_signatures import TERM, BadSignature, OutgoingRequest, as_headers, verify
from portal.lib.whole_numbers import whole_number
from portal.registers.desk import DESKS, Desk
from portal.registers.modes import Mode, Modes
from portal.registers.town import REGISTERS, Town, contradicted

MOST_QUESTION_BYTES: Final = 16 * 1024
HUGE_BYTES: Final = 10_000_000
CONTROL: Final = "/_control"
READY: Final = "/readyz"
BEIJING: Final = timezone(timedelta(hours=8))


class Registers(ThreadingHTTPServer):
    """All registers behind one port, a path each."""

    daemon_threads = True

    def __init__(self, listener: socket.socket, town: Town, key: bytes, modes: Modes) -> None:
        super().__init__(listener.getsockname()[:2], RegisterRequestHandler, bind_and_activate=False)
        self.socket.close()
        self.socket = listener
        self.server_port = listener.getsockname()[1]
        self.town, self.key, self.modes = town, key, modes
        self.ending = threading.Event()
        self.desks = {name: Desk(key) for name in DESKS}
        self._used: dict[str, float] = {}
        self._used_lock = threading.Lock()

    def is_first(self, nonce: str) -> bool:
        """Return whether a number used once is used for the first time, within the term of a signature."""
        now = time.monotonic()
        with self._used_lock:
            self._used = {each: until for each, until in self._used.items() if until > now}
            if nonce in self._used:
                return False
            self._used[nonce] = now + 2 * TERM.total_seconds()
            return True

    def shutdown(self) -> None:
        self.ending.set()
        super().shutdown()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: a client that goes away in mid answer is what is tried here."""


class RegisterRequestHandler(BaseHTTPRequestHandler):
    server: Registers
    server_version = "registers"
    sys_version = ""
    timeout = 10

    def do_GET(self) -> None:
        self._say(200 if self.path == READY else 404, {})

    def do_POST(self) -> None:
        question = self._question()
        if question is None:
            return
        if self.path == CONTROL:
            self._control(question)
        elif self.path.split("/")[1] in self.server.desks:
            self._at_desk(self.path.split("/")[1], self.path.split("/")[-1], question)
        elif self.path.removeprefix("/") in REGISTERS:
            self._meet(self.path.removeprefix("/"), question)
        else:
            self._say(404, {})

    def _question(self) -> dict[str, Any] | None:
        """Return what was asked by somebody with the key; None if the answer was given already."""
        size = whole_number(self.headers.get("Content-Length", ""))
        if size is None or size > MOST_QUESTION_BYTES:
            self._say(413, {})
            return None
        body = self.rfile.read(size)
        url = f"http://{self.headers.get('Host', '')}{self.path}"
        try:
            nonce = verify(OutgoingRequest("POST", url, as_headers(dict(self.headers.items())), body), self.server.key)
        except BadSignature:
            self._say(401, {"error": "signature"})
            return None
        if not self.server.is_first(nonce):
            self._say(409, {"error": "used before"})
            return None
        try:
            question = json.loads(body)
        except ValueError:
            question = None
        if not isinstance(question, dict):
            self._say(400, {"error": "form"})
            return None
        return question

    def _control(self, told: Mapping[str, Any]) -> None:
        """Change modes: ``{"modes": {"population": "slow:5"}}``; the answer says how all registers stand."""
        modes = told.get("modes", {})
        try:
            for register, mode in dict(modes).items():
                self.server.modes.set(str(register), str(mode))
        except (ValueError, TypeError) as fault:
            self._say(400, {"error": str(fault)})
            return
        self._say(200, {"modes": self.server.modes.all()})

    def _at_desk(self, desk: str, action: str, question: Mapping[str, Any]) -> None:
        """Answer as a department's own system: take a case, tell what happened, list all."""
        mode, system = self.server.modes.of(desk), self.server.desks[desk]
        if mode.name == "slow":
            self.server.ending.wait(mode.seconds)
        if mode.name in ("down", "dead", "garbage"):
            self._say(503, {})
        elif action == "cases":
            self._say(200, system.take(question))
        elif action == "events":
            self._say(200, system.since(str(question.get("after", ""))))
        else:
            self._say(200, system.listed(mode.name == "contradictory"))

    def _meet(self, register: str, question: Mapping[str, Any]) -> None:
        mode = self.server.modes.of(register)
        subject = question.get("subject")
        if not isinstance(subject, dict) or not all(isinstance(subject.get(key), str) for key in ("kind", "number")):
            self._say(400, {"error": "subject"})
            return
        behave: dict[str, Callable[[], None]] = {
            "down": lambda: self._say(503, {}),
            "dead": self._break_off,
            "garbage": lambda: self._send(200, b"<html>\xff it works!"),
            "huge": lambda: self._send(200, b'{"found": true, "record": {"name": "' + b"a" * HUGE_BYTES + b'"}}'),
        }
        if mode.name == "slow":
            self.server.ending.wait(mode.seconds)
        if mode.name in behave:
            behave[mode.name]()
        else:
            self._answer(register, subject, mode)

    def _answer(self, register: str, subject: Mapping[str, str], mode: Mode) -> None:
        town = self.server.town
        kind, number, name = subject["kind"], subject["number"], str(subject.get("name") or "")
        record = town.answer(register, kind, number, name)
        if mode.name == "wrong":
            number, record = town.somebody_else(register, kind, number) or (number, None)
        if mode.name == "contradictory" and record is not None:
            record = contradicted(record)
        today = datetime.now(BEIJING).date().isoformat()
        told = {"found": record is not None, "as_of": today, "subject": {"kind": kind, "number": number}}
        if record is not None:
            told["record"] = record
        if mode.name == "drip":
            self._drip(json.dumps(told).encode())
        else:
            self._say(200, told)

    def _say(self, status: int, told: Any) -> None:
        self._send(status, json.dumps(told, ensure_ascii=False).encode())

    def _send(self, status: int, body: bytes) -> None:
        self._head(status, len(body))
        with contextlib.suppress(OSError):
            self.wfile.write(body)

    def _head(self, status: int, length: int) -> None:
        self.close_connection = True
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(length))
        self.send_header("Connection", "close")
        self.end_headers()

    def _drip(self, body: bytes) -> None:
        self._head(200, len(body))
        with contextlib.suppress(OSError):
            for place in range(len(body)):
                self.wfile.write(body[place : place + 1])
                if self.server.ending.wait(0.1):
                    return

    def _break_off(self) -> None:
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: whom somebody asked about is nobody else's business."""
