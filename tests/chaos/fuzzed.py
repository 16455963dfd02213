"""What is fuzzed: the town of the matrix of rights with something at every address, who goes there, and what came of it."""

from __future__ import annotations

import logging
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

from django.core.signals import got_request_exception
from django.test import Client

from catalog.packages.importing import import_package
from matters.models import SubItem
from matters.reviewing.review import accept
from portal.accounts.models import User
from portal.lib.logs import StandardError
from tests.addresses import addresses
from tests.chaos.requests_at_random import Sent
from tests.processes import ROOT
from tests.rights.routes import routes
from tests.rights.table import TABLE
from tests.rights.town import ANONYMOUS, Everything, build_everything
from tests.worlds.tiny import write_package

# Who is fuzzed, by the names of the matrix.
ROLES = (
    *("administrator", "clerk", "reviewer", "lead", "supervisor", "manager", "applicant", "citizen"),
    ANONYMOUS,
)
# Who may not come in tries all the same, now and then.
WEIGHT_OUTSIDE = 0.12
REPORT = ROOT / "var" / "fuzz-failures.txt"
ACTIONS = ("claim", "hand-back", "accept", "start", "approve", "reject", "refuse", "correct")
# What the public reads of a matter comes from a whole definition: one of a package.
WRITTEN = ("opening", "registration")


class Site:
    """The town, and the addresses that lead somewhere in it."""

    def __init__(self, folder: Path) -> None:
        self.everything: Everything = build_everything()
        import_package(write_package(folder))
        # One case further than the matrix has it, so that it can be decided.
        part = SubItem.objects.for_case().get(**self.everything.objects["case of the police"])
        accept(User.objects.get(username="wang"), part)

    def cookies(self, role: str) -> SimpleCookie:
        return copy_of(self.everything.cookies[role])

    def places(self, role: str) -> dict[str, float]:
        """Return every address of the table of rights, on everything it has a row for, with how often this role goes there."""
        known, objects = routes(), self.everything.objects
        found: dict[str, float] = {}
        for name, rows in TABLE.items():
            for row in rows:
                if row.on == "matter" and name.startswith(("catalog:", "catalog_api:")):
                    continue  # the guide of the town's matter was never written
                takes = objects[row.on] if row.on else {}
                lets_in = role in (row.get or ()) or role in (row.post or ())
                variants = [{**takes, "action": action} for action in ACTIONS] if "action" in takes else [takes]
                for variant in variants:
                    place = known[name].address(**variant)
                    weight = (1.0 if lets_in else WEIGHT_OUTSIDE) / len(variants)
                    found[place] = max(weight, found.get(place, 0))
        for slug in WRITTEN:
            found |= {place: 1.0 for place in addresses({"slug": slug}) if f"/{slug}/" in place}
        return found


class Watch(logging.Handler):
    """Notes what went wrong, once a place; lines of the log that cannot be written as well. Nothing else of the log is kept."""

    def __init__(self) -> None:
        super().__init__()
        self.statuses: Counter[int] = Counter()
        self.failures: dict[str, str] = {}
        self.slowest = (0.0, "")
        self._raised = ""
        self._unwritten = ""
        self._since = time.perf_counter()

    @contextmanager
    def watching(self) -> Iterator[Watch]:
        """Hear of every exception of a request, and write every line of the log, to nowhere."""
        root = logging.getLogger()
        before = root.handlers[:]
        [writer] = [handler for handler in before if isinstance(handler, StandardError)]
        self.setFormatter(writer.formatter)
        root.handlers[:] = [self]
        got_request_exception.connect(self._note)
        try:
            yield self
        finally:
            got_request_exception.disconnect(self._note)
            root.handlers[:] = before

    def emit(self, record: logging.LogRecord) -> None:
        try:
            self.format(record)
        except Exception:
            self._unwritten = traceback.format_exc()

    def _note(self, **given: Any) -> None:
        self._raised = traceback.format_exc()

    def judge(self, sent: Sent, status: int) -> None:
        """Count an answer, and keep what failed."""
        now = time.perf_counter()
        self.slowest = max(self.slowest, (now - self._since, f"{sent.method} {sent.path[:80]}"))
        self.statuses[status] += 1
        raised = self._raised if status >= 500 else ""
        for what in filter(None, (raised or ("" if status < 500 else str(status)), self._unwritten)):
            lines = [line for line in what.splitlines() if line.strip()]
            place = "\n".join(line for line in lines if str(ROOT) in line and ".venv" not in line)[-400:]
            if (failure := f"{lines[-1][:200]} {place}") not in self.failures:
                self.failures[failure] = f"{sent}\n{what[-1500:]}"
                self._write_down(self.failures[failure])
        self._raised = self._unwritten = ""
        self._since = time.perf_counter()

    def _write_down(self, failure: str) -> None:
        """Keep it where it can be read before the run ends."""
        REPORT.parent.mkdir(exist_ok=True)
        with REPORT.open("a") as report:
            report.write(f"{failure}\n\n")

    def __str__(self) -> str:
        answered = ", ".join(f"{status}: {count}" for status, count in sorted(self.statuses.items()))
        return f"{self.statuses.total()} requests ({answered}), the slowest {self.slowest[0]:.1f} s: {self.slowest[1]}"


def copy_of(cookies: SimpleCookie) -> SimpleCookie:
    """Return the same cookies in a jar of their own."""
    copied = SimpleCookie()
    copied.update(cookies)
    return copied


def client_of(cookies: SimpleCookie) -> Client:
    """Return a client that answers like a server: with the check of the token, and with a page for what is raised."""
    client = Client(raise_request_exception=False, enforce_csrf_checks=True)
    client.cookies = cookies
    client.cookies["csrftoken"] = "a" * 32
    return client
