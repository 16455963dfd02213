"""Tell the sandbox registers of a running site how to behave.

python -m portal.registers.tell VAR/registers.json population slow:5
python -m portal.registers.tell VAR/registers.json '*' normal
python -m portal.registers.tell VAR/registers.json           # only say how they stand
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from portal.lib.message_signatures import OutgoingRequest, sign
from portal.registers.connections import read_connections


def tell(file: Path, modes: Mapping[str, str]) -> dict[str, str]:
    """Change modes (register → mode), and return how all registers stand. Raises `ValueError` for a mode that is none."""
    asked = control_request(file, modes)
    request = Request(asked.url, data=asked.body, headers=asked.headers, method=asked.method)  # noqa: S310  on this machine
    try:
        with urlopen(request, timeout=5) as answer:  # noqa: S310
            stand: dict[str, str] = json.load(answer)["modes"]
            return stand
    except HTTPError as refused:
        with refused:
            raise ValueError(json.load(refused).get("error", refused.reason)) from None


def control_request(file: Path, modes: Mapping[str, str]) -> OutgoingRequest:
    """Return the signed request that changes modes (register → mode); without any the answer only says how they stand."""
    address, key = read_connections(file)
    headers = {"host": address.removeprefix("http://"), "content-type": "application/json"}
    request = OutgoingRequest("POST", f"{address}/_control", headers, json.dumps({"modes": dict(modes)}).encode())
    sign(request, key)
    return request


def main() -> None:
    file, *words = sys.argv[1:] or ["var/registers.json"]
    if len(words) % 2:
        sys.exit(__doc__)
    try:
        stand = tell(Path(file), dict(zip(words[::2], words[1::2], strict=True)))
    except (ValueError, OSError) as fault:
        sys.exit(str(fault))
    for register, mode in stand.items():
        print(f"{register:18} {mode}")  # noqa: T201


if __name__ == "__main__":
    main()
