"""Requests that nobody means well, made from a seed: every route of the resolver, every form of its pages, every byte of them.

A request is what a browser would have sent, changed in a few places: a value, a name, a header, the kind of the body, or its bytes.
"""

from __future__ import annotations

import json
import random
import string
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import tinyhtml5

METHODS = ("GET",) * 4 + ("POST",) * 12 + ("HEAD", "OPTIONS", "PUT", "DELETE", "TRACE", "PATCH", "get", "X-A")
TEXTS = (
    "",
    " ",
    "\x00",
    "a\x00b",
    "0",
    "-1",
    "1e999",
    "NaN",
    "9" * 19,
    "9" * 5_000,
    "٣",
    "²",
    "１２",
    "½",
    "0000-00-00",
    "9999-12-31",
    "2026-02-30",
    "2026-W01-1",
    "24:61",
    "x" * 300,
    "字" * 5_001,
    "\u202eabc",
    "\ufeff",
    "\ud7ff\ue000\uffff",
    "\ud800",
    "x\udfff",
    "𬱖",
    "e\u0301" * 200,
    "<script>alert(1)</script>",
    "\"'><img src=x onerror=alert(1)>",
    "{{7*7}}{% load x %}",
    "%s%n%(x)s{0}{x.__class__}",
    "'; DROP TABLE x; --",
    "\\",
    "../../../../etc/passwd",
    "//evil.example",
    "javascript:alert(1)",
    "http://[::1",
    "a\r\nSet-Cookie: x=1",
    "\u2028\u2029\x85\x0b",
    "=1+1",
    "null",
    "[]",
    "{}",
    '{"a": [' + "[" * 200,
    "[" * 3_000,
    '{"==": [{"var": "answers.x"}, "y"]}',
    "true",
    "undefined",
    "00000000-0000-0000-0000-000000000000",
    "not-a-uuid",
    "item:x",
    "child:person.name",
    "child#99:person.name",
    "admin",
    "1,2,3",
    "1;2",
    "a" * 64 + "@" + "b." * 60 + "cn",
    "*",
    "(a|a)*b",
    "?" * 400,
    "#",
    "%",
    "%00",
    "%zz",
    "+",
    "&=&=",
)
CONTENT_TYPES = (
    "application/x-www-form-urlencoded",
    "application/x-www-form-urlencoded; charset=utf-16",
    "application/x-www-form-urlencoded; charset=no-such",
    "application/json",
    "application/json; charset=utf-32",
    "multipart/form-data",
    "multipart/form-data; boundary=",
    "multipart/form-data; boundary=x",
    "multipart/form-data; boundary=" + "x" * 300,
    'multipart/form-data; boundary="a b"',
    "multipart/form-data; boundary=é",
    "multipart/mixed; boundary=x",
    "text/plain",
    "text/xml",
    "",
    "/",
    "a/b; c",
    ";;;;",
    "application/octet-stream",
)
HEADERS = (
    "accept",
    "accept-language",
    "accept-encoding",
    "cookie",
    "host",
    "origin",
    "referer",
    "range",
    "if-modified-since",
    "if-none-match",
    "if-match",
    "user-agent",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-requested-with",
    "x-csrftoken",
    "x-http-method-override",
    "content-encoding",
    "content-language",
    "transfer-encoding",
    "expect",
    "authorization",
    "hx-request",
)
HEADER_TEXTS = (
    "zh-hans",
    "en;q=999999999999999999999",
    "x" * 4_000,
    ",;=",
    "bytes=0-,5-1,-0,99999999999999999999-",
    "Thu, 99 Foo 99999 99:99:99 GMT",
    'sessionid="\\000"; csrftoken=a; sessionid=b',
    "messages=x; display=care; django_language=../../x",
    "evil.example",
    "[::1",
    "testserver:99999",
    "a@b",
    "null",
    "Basic Og==",
    "Basic !!!",
    "gzip",
    "\xff\xfe",
    "1.1.1.1, ::1, x",
    "application/json;q=x, */*",
    "*/*;q=",
    "true",
    "DELETE",
)


@dataclass(slots=True)
class Form:
    """A form of a page, as a browser would fill it in."""

    action: str
    method: str = "POST"
    fields: list[tuple[str, str]] = field(default_factory=list)
    files: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Sent:
    """One request."""

    method: str
    path: str
    body: bytes
    content_type: str
    headers: dict[str, str]

    def __str__(self) -> str:
        return f"{self.method} {self.path[:300]!r} {self.content_type!r} {self.headers!r} {self.body[:600]!r}"


def forms_of(html: bytes, page: str) -> list[Form]:
    """Return the forms of a page, by an HTML5 parser."""
    root = tinyhtml5.parse(html.decode(errors="replace"), namespace_html_elements=False)
    found = []
    for element in root.iter("form"):
        form = Form(urlsplit(element.get("action") or page).path or page, (element.get("method") or "get").upper())
        for control in element.iter():
            name = control.get("name")
            if not name or control.tag not in ("input", "textarea", "select", "button"):
                continue
            if control.get("type") == "file":
                form.files.append(name)
            elif control.tag == "select":
                values = [option.get("value", option.text or "") for option in control.iter("option")]
                form.fields.append((name, values[-1] if values else ""))
            else:
                form.fields.append((name, control.get("value") or (control.text or "").strip()))
        found.append(form)
    return found


class Mischief:
    """Makes requests from a seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def request(self, address: str, forms: list[Form]) -> Sent:
        """Return one request to an address, or of one of the forms."""
        method = self.random.choice(METHODS)
        form = self.random.choice(forms) if forms and self.random.random() < 0.7 else None
        if form is not None:
            address, method = form.action, form.method if self.random.random() < 0.9 else method
        path = self._path(address)
        fields = self._fields(form.fields if form else [])
        body, content_type = b"", "application/x-www-form-urlencoded"
        if method in ("GET", "HEAD"):
            path += self._query(fields)
        else:
            path += self._query([]) if self.random.random() < 0.1 else ""
            body, content_type = self._body(fields, form.files if form else [])
        headers = {
            name: self.random.choice(HEADER_TEXTS)
            for name in self.random.sample(HEADERS, self.random.choice((0, 0, 0, 1, 2)))
        }
        return Sent(method, path, body, content_type, headers)

    def text(self) -> str:
        if self.random.random() < 0.8:
            return self.random.choice(TEXTS)
        alphabet = self.random.choice((string.printable, "\x00\x01\x1f\x7f\x80\xa0", "字𠮷é\u0301\u200d\ufe0f"))
        return "".join(self.random.choices(alphabet, k=self.random.randrange(40)))

    def _chance(self, probability: float) -> bool:
        return self.random.random() < probability

    def _path(self, address: str) -> str:
        if self._chance(0.12):
            parts = address.split("/")
            place = self.random.randrange(1, len(parts)) if len(parts) > 1 else 0
            parts[place] = quote(self.text()[:300], errors="replace")
            return "/" + "/".join(parts).lstrip("/")
        if self._chance(0.05):
            raw = bytearray(address.encode())
            self._damage(raw)
            return "/" + quote(bytes(raw).lstrip(b"/"), safe="/%")
        return address

    def _query(self, fields: list[tuple[str, str]]) -> str:
        extra = [
            (
                self.random.choice(
                    (
                        "q",
                        "next",
                        "before",
                        "page",
                        "o",
                        "p",
                        "division",
                        "since",
                        "edit",
                        "new",
                        "all",
                        "_popup",
                        "_to_field",
                        "_facets",
                        "e",
                    )
                ),
                self.text(),
            )
            for _ in range(self.random.choice((0, 1, 1, 2)))
        ]
        query = urlencode([*fields, *extra], errors="replace")
        if self._chance(0.1):
            raw = bytearray(query.encode())
            self._damage(raw)
            query = quote(bytes(raw), safe="=&%+")
        return f"?{query}" if query else ""

    def _fields(self, fields: list[tuple[str, str]]) -> list[tuple[str, str]]:
        changed = list(fields)
        for _ in range(self.random.choice((0, 1, 1, 1, 2, 3, 8))):
            act = self.random.randrange(6)
            if not changed or act == 0:
                changed.append((self.text()[:80], self.text()))
                continue
            place = self.random.randrange(len(changed))
            name, value = changed[place]
            if act == 1:
                del changed[place]
            elif act == 2:
                changed.append((name, self.text()))
            else:
                changed[place] = (name, self.text() if act < 5 else value + self.text())
        return changed

    def _body(self, fields: list[tuple[str, str]], files: list[str]) -> tuple[bytes, str]:
        kind = self.random.randrange(20)
        if files and kind < 14:
            body, content_type = self._multipart(fields, files)
        elif kind < 12:
            body, content_type = urlencode(fields, errors="replace").encode(), "application/x-www-form-urlencoded"
        elif kind < 15:
            body, content_type = self._multipart(fields, ["file", "upload"])
        elif kind < 18:
            body, content_type = self._json(fields), "application/json"
        else:
            body, content_type = self.random.randbytes(self.random.randrange(300)), self.random.choice(CONTENT_TYPES)
        if self._chance(0.15):
            raw = bytearray(body)
            self._damage(raw)
            body = bytes(raw)
        if self._chance(0.07):
            content_type = self.random.choice(CONTENT_TYPES)
        return body, content_type

    def _json(self, fields: list[tuple[str, str]]) -> bytes:
        deep: Any = "x"
        for _ in range(self.random.choice((0, 1, 5, 200))):
            deep = {"a": deep} if self._chance(0.5) else [deep]
        values: dict[str, Any] = dict(fields) | {"child:person.name": self.text(), self.text(): deep}
        whole = self.random.choice(
            ({"values": values, "revision": 1}, {"answers": values}, values, [values], deep, {"answers": deep})
        )
        return json.dumps(whole).encode()

    def _multipart(self, fields: list[tuple[str, str]], files: list[str]) -> tuple[bytes, str]:
        boundary = self.random.choice(("x", "----WebKitFormBoundaryA", "a'b", "-" * 70))
        parts = [self._part(name, value.encode(errors="replace")) for name, value in fields]
        for name in files:
            content = self.random.choice(
                (b"", b"%PDF-1.4\n", b"\x89PNG\r\n\x1a\n", b"PK\x03\x04", b"\xff\xd8\xff", self.random.randbytes(200))
            )
            filename = quote(self.text()[:300], errors="replace") if self._chance(0.3) else self.text()[:300]
            kind = self.random.choice(
                ("image/png", "application/pdf", "application/zip", "", "x", "text/html; charset=x")
            )
            parts.append(self._part(name, content, f'; filename="{filename}"', kind))
        if self._chance(0.05):
            parts = parts * 60
        marker = boundary.encode()
        body = b"".join(b"--" + marker + b"\r\n" + part for part in parts) + b"--" + marker + b"--\r\n"
        return body, f"multipart/form-data; boundary={boundary}"

    def _part(self, name: str, content: bytes, more: str = "", kind: str = "") -> bytes:
        head = f'Content-Disposition: form-data; name="{name}"{more}\r\n'
        if kind:
            head += f"Content-Type: {kind}\r\n"
        if self._chance(0.05):
            head += self.random.choice(
                (
                    "Content-Transfer-Encoding: base64\r\n",
                    "Content-Transfer-Encoding: x\r\n",
                    "no colon\r\n",
                    "Content-Disposition: attachment\r\n",
                    "X: " + "y" * 2_000 + "\r\n",
                )
            )
        return head.encode(errors="replace") + b"\r\n" + content + b"\r\n"

    def _damage(self, raw: bytearray) -> None:
        acts: tuple[Callable[[int], None], ...] = (
            lambda at: raw.__setitem__(at, self.random.randrange(256)),
            lambda at: raw.insert(at, self.random.randrange(256)),
            lambda at: raw.__delitem__(slice(at, at + self.random.randrange(1, 9))),
            lambda at: raw.__setitem__(
                slice(at, at), self.random.choice((b"%00", b"\x00", b"\r\n", b"%", b"&", b"\xf0\x9f"))
            ),
        )
        for _ in range(self.random.choice((1, 1, 2, 5))):
            if raw:
                self.random.choice(acts)(self.random.randrange(len(raw)))
