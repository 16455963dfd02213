"""The officers' half of a life: every part taken up and granted, each by its own department, in the order of the plan."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from matters.core.numbering import sub_item_number
from tests.life.visitor import Ledger, Visitor

PATIENCE_SECONDS = 120
Outputs = Mapping[str, Callable[[int], str]]


class Hall:
    """The officers of one client, logged in once; which of them a part belongs to is learnt from the first life."""

    owners: dict[tuple[str, int], str] = {}  # noqa: RUF012  of all clients: (matter, position) → user name
    _own = threading.local()

    def __init__(self, base: str, ledger: Ledger) -> None:
        self.base, self.ledger = base, ledger

    def officer(self, username: str) -> Visitor:
        officers = self._own.__dict__.setdefault("officers", {})
        if username not in officers:
            officers[username] = Visitor(self.base, self.ledger, username)
        return officers[username]  # type: ignore[no-any-return]

    def decide(
        self, matter: str, number: str, serial: int, officers: tuple[str, ...], parts: int, outputs: Outputs
    ) -> None:
        """Grant all parts. A part that waits for another is tried again when the round has moved; raises after two minutes."""
        left = set(range(1, parts + 1))
        end = time.monotonic() + PATIENCE_SECONDS
        while left:
            granted = {each for each in sorted(left) if self._grant(matter, number, each, serial, officers, outputs)}
            left -= granted
            if not granted:
                if time.monotonic() > end:
                    raise RuntimeError(f"{number}: nobody decides {sorted(left)}")
                time.sleep(0.2)

    def _grant(
        self, matter: str, number: str, position: int, serial: int, officers: tuple[str, ...], outputs: Outputs
    ) -> bool:
        url = f"/review/cases/{sub_item_number(number, position)}/"
        owner = self._owner(matter, url, position, officers)
        if owner is None:
            return False
        officer = self.officer(owner)
        officer.get(url, "case")
        if not officer.page.xpath('//form[contains(@action, "/accept/")]'):
            return False
        officer.post(url + "accept/", dict(officer.form("/accept/").form_values()), "accept")
        form, points = officer.form("/approve/"), _passed(officer.page)
        officer.post(url + "approve/", dict(form.form_values()) | points | _granted(form, serial, outputs), "approve")
        if not any(word in officer.text() for word in ("已办结", "已准予")):
            raise RuntimeError(f"{url} was not granted: {officer.text()[:900]}")
        return True

    def _owner(self, matter: str, url: str, position: int, officers: tuple[str, ...]) -> str | None:
        if (matter, position) not in self.owners:
            for username in officers:
                visitor = self.officer(username)
                answer = visitor.session.get(visitor.base + url, timeout=60)  # not measured: 404 is an answer here
                if answer.status_code == 200:
                    self.owners[matter, position] = username
        return self.owners.get((matter, position))


def office_today() -> date:
    """Return the calendar day where the offices are."""
    return datetime.now(ZoneInfo("Asia/Shanghai")).date()


def _passed(page: Any) -> dict[str, str]:
    """Return each review point of a case as passed."""
    return dict.fromkeys(page.xpath('//input[@type="radio"][starts-with(@name, "point.")]/@name'), "pass")


def _granted(form: Any, serial: int, outputs: Outputs) -> dict[str, str]:
    """Return what the reviewer types into the results: dates are today's unless the story says which, what is filled in stays."""
    typed = {}
    for control in form.xpath('.//*[starts-with(@name, "output.")]'):
        name = control.get("name")
        code = name.removeprefix("output.")
        if code in outputs:
            typed[name] = outputs[code](serial)
        elif control.get("type") == "date":
            typed[name] = office_today().isoformat()
    return typed
