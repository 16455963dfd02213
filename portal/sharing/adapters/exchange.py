"""One HTTP request and its answer, within a time and a size that the other side cannot stretch.

`http.client` reads the answer from a connection that looks at the clock before every byte it waits for: a server that sends one byte
a second is cut off as one that sends none. No redirect is followed, no proxy of the environment is used, nothing but the address
of the connection is asked.
"""

from __future__ import annotations

import http.client
import io
import queue
import socket
import ssl
import threading
import time
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final
from urllib.parse import urlsplit

from portal.lib.message_signatures import OutgoingRequest
from portal.settings.connections import Connection

CONNECT_SECONDS: Final = 1.0
MOST_BYTES: Final = 256 * 1024
MOST_HEAD_BYTES: Final = 32 * 1024


class NoAnswer(Exception):
    """The other side was not reached, went away or took too long. The text is a word for the log."""


class AnswerTooLong(Exception):
    """More came than anybody would answer."""


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    status: int
    content_type: str
    body: bytes = field(repr=False)


def send(connection: Connection, message: OutgoingRequest, deadline: float) -> HttpAnswer:
    """Send a message and return the whole answer before `deadline` (of the monotonic clock). Raises `NoAnswer`, `AnswerTooLong`."""
    parts = urlsplit(connection.url)
    try:
        with _connected(connection, parts.hostname or "", parts.port or _port(parts.scheme), deadline) as wire:
            lines = [f"{message.method} {parts.path or '/'} HTTP/1.1"]
            lines += [f"{name}: {value}" for name, value in message.headers.items()]
            wire.settimeout(_left(deadline))
            wire.sendall("\r\n".join([*lines, "", ""]).encode("latin-1") + message.body)
            return _read(wire, message.method, deadline)
    except TimeoutError:
        raise NoAnswer("too_slow") from None
    except ssl.SSLError as trouble:
        raise NoAnswer(f"tls_{trouble.reason or 'error'}".lower()) from None
    except (OSError, http.client.HTTPException) as trouble:
        raise NoAnswer(type(trouble).__name__) from None


def _read(wire: socket.socket, method: str, deadline: float) -> HttpAnswer:
    response = http.client.HTTPResponse(_Wire(wire, deadline), method=method)  # type: ignore[arg-type]
    with response:
        response.begin()
        body = response.read(MOST_BYTES + 1)
        if len(body) > MOST_BYTES:
            raise AnswerTooLong
        if response.length:
            raise http.client.IncompleteRead(b"", response.length)
        if response.getheader("Content-Encoding", "identity").lower() != "identity":
            return HttpAnswer(response.status, "", body)
        return HttpAnswer(response.status, response.headers.get_content_type(), body)


class _Wire:
    """What `http.client` takes for a socket: all it does is give a file to read from."""

    def __init__(self, wire: socket.socket, deadline: float) -> None:
        self.reader = _Reader(wire, deadline)

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(self.reader)


class _Reader(io.RawIOBase):
    """Reads from a connection until the deadline, and no more than anybody would answer."""

    def __init__(self, wire: socket.socket, deadline: float) -> None:
        self.wire, self.deadline, self.allowed = wire, deadline, MOST_BYTES + MOST_HEAD_BYTES

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self.wire.settimeout(_left(self.deadline))
        count = self.wire.recv_into(buffer)
        self.allowed -= count
        if self.allowed < 0:
            raise AnswerTooLong
        return count


def _connected(connection: Connection, host: str, port: int, deadline: float) -> socket.socket:
    """Return an open connection, with TLS where the address says so: every address of the host is tried within the time for all."""
    until = min(deadline, time.monotonic() + CONNECT_SECONDS)
    trouble: OSError = TimeoutError()
    for family, kind, protocol, _name, address in _addresses(host, port, until):
        wire = socket.socket(family, kind, protocol)
        try:
            wire.settimeout(_left(until))
            wire.connect(address)
            wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if connection.url.startswith("https:"):
                wire.settimeout(_left(deadline))
                return _tls(connection).wrap_socket(wire, server_hostname=host)
            return wire
        except OSError as error:
            wire.close()
            trouble = error
    raise trouble


def _addresses(host: str, port: int, until: float) -> list[Any]:
    """Look up a host, waiting no longer than `until`: the resolver knows no time of its own."""
    found: queue.SimpleQueue[list[Any] | OSError] = queue.SimpleQueue()

    def look() -> None:
        try:
            found.put(list(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))
        except OSError as error:
            found.put(error)
        except UnicodeError:  # a name that cannot be one
            found.put(OSError("no such name"))

    threading.Thread(target=look, daemon=True).start()
    try:
        answer = found.get(timeout=_left(until))
    except queue.Empty:
        raise TimeoutError from None
    if isinstance(answer, OSError):
        raise answer
    return answer


@lru_cache(maxsize=64)
def _tls(connection: Connection) -> ssl.SSLContext:
    """Return who vouches for the other side, and who we are to it."""
    context = ssl.create_default_context(cafile=connection.authority or None)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if connection.certificate:
        context.load_cert_chain(connection.certificate, connection.certificate_key)
    return context


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _port(scheme: str) -> int:
    return 443 if scheme == "https" else 80
