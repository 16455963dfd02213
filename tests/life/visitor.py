"""Somebody with a browser's cookies: asks for pages, fills in their forms, and notes what each answer cost."""

from __future__ import annotations

import re
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import requests
from lxml import html

from portal.front.demo.people import PASSWORD

PATIENCE_SECONDS = 60
COST = re.compile(r'total;dur=([\d.]+), cpu;dur=([\d.]+), sql;dur=([\d.]+);desc="(\d+)')


class Ledger:
    """What all visitors of a measurement have seen: a line an answer, and every error."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.answers: defaultdict[str, list[tuple[float, float, int, float]]] = defaultdict(list)
        self.errors: Counter[str] = Counter()

    def note(self, kind: str, wall_ms: float, answers: Iterable[requests.Response]) -> None:
        """Add up what an answer and the redirects before it cost: one kind of request is what somebody waited for once."""
        processor = sql = 0.0
        statements = 0
        for answer in answers:
            if answer.status_code >= 400 and answer.status_code != 422:
                self.fail(f"{kind}: {answer.status_code} {answer.request.method}")
            if found := COST.search(answer.headers.get("Server-Timing", "")):
                processor += float(found[2])
                sql += float(found[3])
                statements += int(found[4])
        with self.lock:
            self.answers[kind].append((wall_ms, processor, statements, sql))

    def fail(self, what: str) -> None:
        with self.lock:
            self.errors[what[:300]] += 1


class Visitor:
    """A session of one user name, or of nobody. The last page is kept as ``page``, parsed, with its address ``url``."""

    def __init__(self, base: str, ledger: Ledger, username: str = "") -> None:
        self.base = base
        self.ledger = ledger
        self.session = requests.Session()
        self.session.headers["Accept-Language"] = "zh-CN"
        self.page: Any = None
        self.url = ""
        if username:
            self.get("/accounts/login/", "login page")
            self.post("/accounts/login/", {"username": username, "password": PASSWORD}, "login")
            if "/login/" in self.url:
                raise RuntimeError(f"{username} could not log in: {self.text()[:300]}")

    def get(self, url: str, kind: str) -> requests.Response:
        return self._ask("GET", url, kind)

    def post(self, url: str, data: Mapping[str, Any], kind: str, files: Any = None) -> requests.Response:
        sent = {**data, "csrfmiddlewaretoken": self.session.cookies.get("csrftoken") or ""}
        return self._ask("POST", url, kind, data=sent, files=files)

    def post_json(self, url: str, data: Any, kind: str) -> requests.Response:
        token = self.session.cookies.get("csrftoken") or ""
        return self._ask("POST", url, kind, json=data, headers={"X-CSRFToken": token}, keep=False)

    def form(self, action: str = "") -> Any:
        """Return the page's form whose address holds ``action``; without one the form with most controls."""
        found = [each for each in self.page.forms if action in (each.get("action") or "")]
        if not found:
            raise RuntimeError(f"no form {action!r} on {self.url}: {self.text()[:600]}")
        return max(found, key=lambda each: len(each.inputs.keys()))

    def text(self) -> str:
        main = self.page.xpath("//main")
        return " ".join((main[0] if main else self.page).text_content().split())

    def _ask(self, method: str, url: str, kind: str, *, keep: bool = True, **sent: Any) -> requests.Response:
        url = self.base + url if url.startswith("/") else url
        sent["headers"] = {"Referer": url, **sent.get("headers", {})}
        begun = time.perf_counter()
        answer = self.session.request(method, url, timeout=PATIENCE_SECONDS, **sent)
        wall = (time.perf_counter() - begun) * 1000
        self.ledger.note(kind, wall, (*answer.history, answer))
        if keep and "html" in answer.headers.get("Content-Type", ""):
            self.page, self.url = html.fromstring(answer.text), answer.url
        return answer
