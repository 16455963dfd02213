"""Running sandbox registers, for any test that asks sources for real."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from portal.registers.connections import NAME, read_connections, write_connections
from portal.registers.modes import Modes
from portal.registers.server import Registers
from portal.registers.town import Town

TODAY = date(2026, 11, 30)


@contextlib.contextmanager
def running_registers(folder: Path) -> Iterator[Path]:
    """Run the registers in threads of this process until the block ends; yield the file of connections (``SHARING_CONNECTIONS``)."""
    listener = socket.create_server(("127.0.0.1", 0))
    file = folder / NAME
    write_connections(file, listener.getsockname()[1])
    registers = Registers(listener, Town(TODAY), read_connections(file)[1], Modes())
    serving = threading.Thread(target=registers.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    serving.start()
    try:
        yield file
    finally:
        registers.shutdown()
        serving.join()
        registers.server_close()
