"""A department's own system, simulated: it takes cases once by their key, decides them, and tells so by callback and to whoever asks.

It behaves in the modes of registers: slow and down like them, ``contradictory`` says in its list that every case stands otherwise. No Django.
"""

from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any, Final
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from portal.lib.message_signatures import OutgoingRequest, sign
from portal.lib.whole_numbers import whole_number

DESKS: Final = ("insurance_desk",)
MOST_CASES: Final = 10_000


class Desk:
    """The cases of one system and the events it tells, in the order in which they happened."""

    def __init__(self, key: bytes) -> None:
        self.key = key
        self.cases: dict[str, dict[str, Any]] = {}
        self.events: list[dict[str, Any]] = []
        self._lock = threading.Lock()

    def take(self, told: Mapping[str, Any]) -> dict[str, Any]:
        """Take a case; sent again it is the same. It is accepted and approved at once, and both are told."""
        key, number = str(told.get("key", "")), str(told.get("number", ""))
        with self._lock:
            known = self.cases.get(key)
            if known is not None or len(self.cases) >= MOST_CASES:
                return {"reference": known["reference"] if known else ""}
            serial = len(self.cases) + 1
            self.cases[key] = {"key": key, "number": number, "reference": f"YB{serial:08d}", "state": "approved"}
            outputs = {"insurance_number": f"3601{serial:010d}", "effective_on": date.today().isoformat()}  # noqa: DTZ011
            happened = [
                self._event(key, 1, {"kind": "accepted"}),
                self._event(key, 2, {"kind": "approved", "outputs": outputs}),
            ]
        if isinstance(told.get("answer_to"), str):
            threading.Thread(target=self._tell, args=(told["answer_to"], happened), daemon=True).start()
        return {"reference": self.cases[key]["reference"]}

    def since(self, cursor: str) -> dict[str, Any]:
        """Return the events after a cursor, and the next one."""
        start = whole_number(cursor) or 0
        with self._lock:
            found = self.events[start : start + 100]
        return {"events": found, "cursor": str(start + len(found))}

    def listed(self, contradicted: bool = False) -> dict[str, Any]:
        """Return all cases with where they stand."""
        with self._lock:
            cases = [dict(case) for case in self.cases.values()]
        return {"cases": [{**case, "state": "rejected"} if contradicted else case for case in cases]}

    def _event(self, key: str, sequence: int, more: dict[str, Any]) -> dict[str, Any]:
        event = {"event": str(uuid.uuid4()), "key": key, "sequence": sequence, **more}
        self.events.append(event)
        return event

    def _tell(self, address: str, events: list[dict[str, Any]]) -> None:
        """Tell the site; what does not reach it is found by its cursor."""
        for event in events:
            body = json.dumps(event, ensure_ascii=False).encode()
            headers = {"host": urlsplit(address).netloc, "content-type": "application/json"}
            message = OutgoingRequest("POST", address, headers, body)
            sign(message, self.key)
            request = Request(address, data=body, headers=message.headers, method="POST")  # noqa: S310  the site that sent it
            try:
                with urlopen(request, timeout=5):  # noqa: S310
                    pass
            except (URLError, OSError):
                return
