"""A virus scanner's daemon that speaks ClamAV's protocol on a real port: what is sent to it is looked at for a mark."""

from __future__ import annotations

import contextlib
import socketserver
import threading
from collections.abc import Iterator

MARK = b"THIS-IS-A-VIRUS"


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    seen: list[bytes]
    says: bytes | None


class _Handler(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        server = self.server
        assert isinstance(server, _Server)
        command = b""
        while not command.endswith(b"\0"):
            command += self.request.recv(1)
        if command == b"zPING\0":
            self.request.sendall(server.says or b"PONG\0")
            return
        assert command == b"zINSTREAM\0"
        content = b""
        while length := int.from_bytes(self._exactly(4), "big"):
            content += self._exactly(length)
        server.seen.append(content)
        found = b"stream: Test.Mark FOUND\0" if MARK in content else b"stream: OK\0"
        self.request.sendall(server.says if server.says is not None else found)

    def _exactly(self, length: int) -> bytes:
        data = b""
        while len(data) < length:
            part = self.request.recv(length - len(data))
            assert part
            data += part
        return data


@contextlib.contextmanager
def clamd(says: bytes | None = None, port: int = 0) -> Iterator[_Server]:
    """Run the daemon; ``says``: what it answers to everything, in place of a verdict."""
    with _Server(("127.0.0.1", port), _Handler) as server:
        server.seen, server.says = [], says
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def address(server: _Server) -> str:
    """Return where the daemon listens, as the setting says it."""
    return f"tcp://127.0.0.1:{server.server_address[1]}"
