"""Whom the sandbox platform knows: the people of the sandbox registers, as their records have them."""

from __future__ import annotations

import uuid
from datetime import date
from functools import cache
from typing import NamedTuple

from portal.registers.town import RESIDENT, Town

PASSWORD = "yijian-demo-2026"  # noqa: S105 - as public as the demo town's own
_NAMESPACE = uuid.UUID("6f1a6e1c-5d0b-4f0e-9a43-1f8d3a5c7e10")


class PlatformAccount(NamedTuple):
    """Somebody with an account at the platform."""

    number: str
    name: str
    phone: str

    @property
    def subject(self) -> str:
        """What the platform calls them: it tells nothing of who they are."""
        return str(uuid.uuid5(_NAMESPACE, self.number))


@cache
def everybody() -> dict[str, PlatformAccount]:
    """Return number → person, children left out: they have no telephone."""
    town = Town(date.today())  # noqa: DTZ011 - only births hang on the day
    found = {}
    for (kind, number), record in town.known.items():
        phone = record.get("population", {}).get("phone")
        if kind == RESIDENT and phone:
            found[number] = PlatformAccount(number, record["name"], phone)
    return found
