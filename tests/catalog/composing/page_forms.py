"""The form on a page as a browser without scripts would send it."""

from __future__ import annotations

from html.parser import HTMLParser


class _Reader(HTMLParser):
    """Collects the successful controls of the page's main form, in order; what lies in templates is not part of it."""

    def __init__(self, form_id: str) -> None:
        super().__init__()
        self.form_id = form_id
        self.inside = False
        self.templates = 0
        self.disabled = 0
        self.pairs: list[tuple[str, str]] = []
        self._select: tuple[str, list[str]] | None = None
        self._first: str | None = None
        self._option: str | None = None
        self._area: tuple[str, list[str]] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self.inside = given.get("id") == self.form_id
        elif tag == "template":
            self.templates += 1
        elif not self.inside or self.templates:
            return
        elif tag == "input" and given.get("name"):
            kind = given.get("type", "text")
            if kind in ("checkbox", "radio") and "checked" not in given:
                return
            if kind in ("submit", "button", "file"):
                return
            default = "on" if kind in ("checkbox", "radio") else ""
            self.pairs.append((str(given["name"]), str(given.get("value", default) or "")))
        elif tag == "select":
            self._select = (str(given.get("name")), [])
            self._first = None
        elif tag == "option" and self._select is not None:
            value = str(given.get("value") or "")
            self._first = value if self._first is None else self._first
            if "selected" in given:
                self._select[1].append(value)
        elif tag == "textarea":
            self._area = (str(given.get("name")), [])

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        elif tag == "template":
            self.templates -= 1
        elif tag == "select" and self._select is not None:
            name, chosen = self._select
            self.pairs += [(name, value) for value in chosen or ([self._first] if self._first is not None else [])]
            self._select = None
        elif tag == "textarea" and self._area is not None:
            text = "".join(self._area[1])
            self.pairs.append((self._area[0], text.removeprefix("\n")))
            self._area = None

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._area[1].append(data)


def page_form(html: str, form_id: str) -> dict[str, list[str]]:
    """Return name → values, ready for the test client's ``post``."""
    reader = _Reader(form_id)
    reader.feed(html)
    found: dict[str, list[str]] = {}
    for name, value in reader.pairs:
        found.setdefault(name, []).append(value)
    return found
