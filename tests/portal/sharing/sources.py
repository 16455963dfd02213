"""Sources as they really are: small servers of a test's own, with every bad habit."""

from __future__ import annotations

import contextlib
import json
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from typing import Any

from portal.sharing.core.inquiry import DataSubject, Inquiry, Wanted

KEY = "8Jm0n3cRr1bq0cJt1xkq7yQmN0u2pQy4m3bJ0o5m1Ws="
SUBJECT = DataSubject("111", "360103199506159962", "李婉清")
FOUND = {"found": True, "as_of": "2026-11-30", "record": {"name": "李婉清", "card": {"number": "36"}}}

Behaviour = Callable[[socket.socket, bytes], None]


def inquiry(source: str, address: str = "here") -> Inquiry:
    wanted = (Wanted("element:person.name", "record.name"), Wanted("material:card", "record.card"))
    return Inquiry(source, address, SUBJECT, wanted, ("hukou",), "办理出生登记", "the-consent", "the-fetch")


class Source:
    """A server that meets each connection with the next of its behaviours, the last one again and again."""

    def __init__(self, behaviours: tuple[Behaviour, ...], context: ssl.SSLContext | None) -> None:
        self.behaviours, self.context = list(behaviours), context
        self.requests: list[bytes] = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.listener.getsockname()[1]
        self.ended = threading.Event()
        self.threads = [threading.Thread(target=self._serve, daemon=True)]
        self.threads[0].start()

    @property
    def asked(self) -> int:
        return len(self.requests)

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                wire, _address = self.listener.accept()
                behaviour = self.behaviours.pop(0) if len(self.behaviours) > 1 else self.behaviours[0]
                self.threads.append(threading.Thread(target=self._meet, args=(wire, behaviour), daemon=True))
                self.threads[-1].start()

    def _meet(self, wire: socket.socket, behaviour: Behaviour) -> None:
        with contextlib.suppress(OSError):
            if self.context is not None:
                wire = self.context.wrap_socket(wire, server_side=True)
            with wire:
                request = _request(wire)
                self.requests.append(request)
                behaviour(wire, request)

    def close(self) -> None:
        self.ended.set()
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()


@contextlib.contextmanager
def source(*behaviours: Behaviour, context: ssl.SSLContext | None = None) -> Iterator[Source]:
    running = Source(behaviours, context)
    try:
        yield running
    finally:
        running.close()


def _request(wire: socket.socket) -> bytes:
    received = b""
    while b"\r\n\r\n" not in received:
        piece = wire.recv(65536)
        if not piece:
            return received
        received += piece
    head, _end, body = received.partition(b"\r\n\r\n")
    length = next(int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:"))
    while len(body) < length:
        body += wire.recv(65536)
    return head + b"\r\n\r\n" + body


def http(body: bytes, status: str = "200 OK", *headers: str, kind: str = "application/json") -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


def answer(told: Any = None, status: str = "200 OK", *headers: str, kind: str = "application/json") -> Behaviour:
    body = told if isinstance(told, bytes) else json.dumps(FOUND if told is None else told).encode()
    return lambda wire, request: wire.sendall(http(body, status, *headers, kind=kind))


def raw(sent: bytes) -> Behaviour:
    return lambda wire, request: wire.sendall(sent)


def cut(wire: socket.socket, request: bytes) -> None:
    """Break the connection off without a word."""
    wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def silent(wire: socket.socket, request: bytes) -> None:
    """Say nothing until the other side has gone."""
    wire.recv(1)


def drip(sent: bytes, seconds: float = 0.02) -> Behaviour:
    """Send byte after byte, until the other side has gone."""

    def behave(wire: socket.socket, request: bytes) -> None:
        wire.settimeout(seconds)
        for place in range(len(sent)):
            wire.sendall(sent[place : place + 1])
            with contextlib.suppress(TimeoutError):
                if not wire.recv(1):
                    return

    return behave


def flood(wire: socket.socket, request: bytes) -> None:
    """Send ten megabytes, if anybody takes them."""
    wire.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 10000000\r\n\r\n")
    for _piece in range(153):
        wire.sendall(b" " * 65536)
