"""Run the sandbox registers on a socket that whoever starts them has opened: ``python -m portal.registers --fd 3 --connections FILE``.

``REGISTERS_MODES`` in the environment says how they behave from the start: ``population=slow:5,marriage=down``, or ``*=down``.
"""

from __future__ import annotations

import argparse
import os
import signal
import socket
import threading
from datetime import date
from pathlib import Path

from portal.registers.connections import read_connections
from portal.registers.modes import Modes
from portal.registers.server import Registers
from portal.registers.town import Town


def main() -> None:
    parser = argparse.ArgumentParser(description="Answer as other departments' registers would, for the demo town.")
    parser.add_argument("--fd", type=int, required=True, help="the listening socket")
    parser.add_argument("--connections", type=Path, required=True, help="the file with the key")
    parser.add_argument("--as-of", type=date.fromisoformat, default=date.today(), help="the day the town was settled")  # noqa: DTZ011
    options = parser.parse_args()
    listener = socket.socket(fileno=options.fd)
    _address, key = read_connections(options.connections)
    registers = Registers(listener, Town(options.as_of), key, Modes(os.environ.get("REGISTERS_MODES", "")))

    def end(number: int, frame: object) -> None:
        threading.Thread(target=registers.shutdown).start()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    registers.serve_forever(poll_interval=0.2)


if __name__ == "__main__":
    main()
