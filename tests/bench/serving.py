"""A real web server for the measurements, and a client that costs next to nothing."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence

from tests.processes import ROOT

WORKERS = 2
CLIENTS = 4


class Server:
    """gunicorn on a free port, as ``make run`` starts it."""

    def __init__(self) -> None:
        listener = socket.socket()
        listener.bind(("127.0.0.1", 0))
        listener.listen(256)
        self.port = listener.getsockname()[1]
        command = [sys.executable, "-m", "gunicorn", "portal.wsgi", "--worker-class", "gthread"]
        command += ["--workers", str(WORKERS), "--threads", "4", "--keep-alive", "60", "--log-level", "error"]
        command += ["--bind", f"fd://{listener.fileno()}"]
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=os.environ, pass_fds=[listener.fileno()], start_new_session=True
        )
        listener.close()

    def cpu_seconds(self) -> float:
        """Return the processor time that the server's processes have used."""
        return sum(_cpu_seconds(pid) for pid in _descendants(self.process.pid))

    def send(self, requests: Sequence[bytes], *, expect: bytes) -> float:
        """Send the requests over ``CLIENTS`` kept connections; return how many were answered a second.

        Raises ``AssertionError`` with the answer if one does not begin with ``expect``.
        """
        wrong: list[bytes] = []

        def work(share: Sequence[bytes]) -> None:
            with socket.create_connection(("127.0.0.1", self.port), timeout=60) as connection:
                for request in share:
                    connection.sendall(request)
                    answer = _answer(connection)
                    if not answer.startswith(expect):
                        wrong.append(answer)
                        return

        threads = [threading.Thread(target=work, args=[requests[number::CLIENTS]]) for number in range(CLIENTS)]
        begun = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not wrong, wrong[0][:2000].decode(errors="replace")
        return len(requests) / (time.perf_counter() - begun)


@contextlib.contextmanager
def server() -> Iterator[Server]:
    """Start the server and end it afterwards."""
    running = Server()
    try:
        yield running
    finally:
        running.process.terminate()
        running.process.wait(timeout=20)


def request(method: str, path: str, session: str, form: str = "") -> bytes:
    """Return the bytes of a request by somebody who is logged in, with a valid CSRF token."""
    token = "b" * 32
    body = f"csrfmiddlewaretoken={token}&{form}".encode() if method == "POST" else b""
    head = [
        f"{method} {path} HTTP/1.1",
        "Host: 127.0.0.1",
        f"Cookie: sessionid={session}; csrftoken={token}",
        "Content-Type: application/x-www-form-urlencoded",
        f"Content-Length: {len(body)}",
    ]
    return "\r\n".join([*head, "", ""]).encode() + body


def _answer(connection: socket.socket) -> bytes:
    received = b""
    while b"\r\n\r\n" not in received:
        received += _more(connection)
    head, _separator, body = received.partition(b"\r\n\r\n")
    length = next(
        int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")
    )
    while len(body) < length:
        body += _more(connection)
    return head + b"\r\n\r\n" + body


def _more(connection: socket.socket) -> bytes:
    found = connection.recv(65536)
    assert found, "the server closed the connection"
    return found


def _descendants(pid: int) -> list[int]:
    with open(f"/proc/{pid}/task/{pid}/children") as file:
        children = [int(word) for word in file.read().split()]
    return [pid, *(each for child in children for each in _descendants(child))]


def _cpu_seconds(pid: int) -> float:
    with open(f"/proc/{pid}/stat") as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
