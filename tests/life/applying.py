"""An applicant's half of a life: from the guide to the number of the application."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from portal.front.demo.births import scanned_page
from tests.life.visitor import Visitor

NUMBER = re.compile(r"\d{8}-\d{6}-\d{7}-\d")
AUTOSAVES = 6
PAGES = {kind: scanned_page("life", kind.upper()) for kind in ("jpeg", "pdf")}
MATERIALS = '//section[contains(concat(" ", @class, " "), " material ")]'
PARTS = (".year", ".month", ".day", ".hour", ".minute")


def apply(visitor: Visitor, answers: Mapping[str, str], values: Mapping[str, Any]) -> str:
    """Go from the page 选择情形, where the visitor is, to the submitted application; return its number."""
    sent = dict(visitor.form().form_values()) | dict(answers)
    visitor.post(visitor.url, sent | {"action": "next"}, "situation")
    _expect(visitor, "/form/")
    fill(visitor, values)
    _expect(visitor, "/materials/")
    hand_in(visitor)
    _expect(visitor, "/check/")
    return submit(visitor)


def fill(visitor: Visitor, values: Mapping[str, Any]) -> None:
    """Fill in the merged form as somebody types: saved in the background now and then, sent at the end."""
    form = visitor.form()
    asked = _typed(values, set(form.inputs.keys()))
    url, revision = visitor.url, int(dict(form.form_values())["revision"])
    whole = [key for key in asked if not key.endswith(PARTS)]
    for number in range(AUTOSAVES):
        part = {key: asked[key] for key in whole[number::AUTOSAVES]}
        answer = visitor.post_json(
            url.replace("/form/", "/autosave/"), {"revision": revision, "values": part}, "autosave"
        )
        revision = answer.json().get("revision", revision)
    sent = dict(form.form_values()) | asked | {"revision": str(revision), "action": "next"}
    visitor.post(url, sent, "form")


def hand_in(visitor: Visitor) -> None:
    """Upload each paper that must be handed in, one by one, also what might follow later and would hold the result up."""
    url = visitor.url
    while needed := _needed(visitor):
        code = needed[0].xpath('.//input[@name="material"]')[0].get("value")
        accepted = (needed[0].xpath(".//input[@type='file']")[0].get("accept") or "").lower()
        kind = "jpeg" if "jp" in accepted else "pdf"
        before = len(needed)
        visitor.post(
            url, {"material": code}, "upload", files={"files": (f"page.{kind}", PAGES[kind], _media_type(kind))}
        )
        visitor.get(url, "papers page")
        if len(_needed(visitor)) >= before:
            raise RuntimeError(f"{code} was not taken: {visitor.text()[:600]}")
    visitor.post(url, {"action": "next"}, "papers")


def _needed(visitor: Visitor) -> list[Any]:
    return [
        each
        for each in visitor.page.xpath(MATERIALS)
        if any(word in each.text_content() for word in ("必交", "可以后补"))
    ]


def submit(visitor: Visitor) -> str:
    form = visitor.form("/submit/")
    sent = dict(form.form_values()) | {
        "consent": [each.get("value") for each in form.xpath('.//input[@name="consent"]')],
        "truth": "1",
    }
    visitor.post(form.get("action"), sent, "submit")
    found = NUMBER.search(visitor.text())
    if found is None:
        raise RuntimeError(f"not submitted: {visitor.url} {visitor.text()[:600]}")
    return found[0]


def _typed(values: Mapping[str, Any], names: set[str]) -> dict[str, str]:
    """Return what the form asks of the values, under the names of its controls: a moment has one for each part."""
    typed = {}
    for key, value in values.items():
        if f"{key}.year" in names:
            day, _separator, time = str(value).partition("T")
            parts = dict(zip(PARTS, (*day.split("-"), *time.split(":")), strict=False))
            typed |= {key + part: text.lstrip("0") or "0" for part, text in parts.items() if key + part in names}
        elif key in names:
            typed[key] = str(value)
    return typed


def _media_type(kind: str) -> str:
    return "application/pdf" if kind == "pdf" else "image/jpeg"


def _expect(visitor: Visitor, part: str) -> None:
    if part not in visitor.url:
        raise RuntimeError(f"{part} was expected, not {visitor.url}: {visitor.text()[:900]}")
