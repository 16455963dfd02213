"""How the demo site finds the sandbox registers: a file of connections, as ``SHARING_CONNECTIONS`` names one. No Django."""

from __future__ import annotations

import base64
import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from portal.registers.desk import DESKS
from portal.registers.town import REGISTERS

NAME: Final = "registers.json"


def write_connections(file: Path, port: int) -> None:
    """Write how each register is reached on this machine, with a key of this start's own; readable by its owner alone."""
    key = base64.b64encode(secrets.token_bytes(32)).decode()
    connections = {name: {"url": f"http://127.0.0.1:{port}/{name}", "key": key} for name in (*REGISTERS, *DESKS)}
    fresh = file.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as written:
        json.dump(connections, written, indent=1)
    fresh.replace(file)


def read_connections(file: Path) -> tuple[str, bytes]:
    """Return the registers' address without a path, and their key."""
    connections: Mapping[str, Mapping[str, str]] = json.loads(file.read_text(encoding="utf-8"))
    first = connections[REGISTERS[0]]
    return first["url"].removesuffix(f"/{REGISTERS[0]}"), base64.b64decode(first["key"])
