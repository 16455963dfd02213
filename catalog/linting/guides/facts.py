"""What a guide states, read tolerantly from its data: what is missing, null or of another shape is simply not known. Pure.

``read_guide`` takes a guide of a matter (with ``declared`` and ``sub_items``) or of a single item (with ``visits``, ``promised_days``); the keys
are documented in ``docs/regions.md``. Unknown keys are kept in ``raw`` and read by nobody.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from catalog.definitions.finding import Path

T = TypeVar("T")

_NUMBER = re.compile(r"\s*(\d{1,6})(?:\.0+)?\s*(?:个)?(?:工作日|自然日|天|日|次|份|项|个|环节)?\s*")


@dataclass(frozen=True, slots=True)
class GuidePaper:
    """One line of the list of papers. ``users``: numbers of sub-items, None where not known; ``for_all``: every sub-item uses it."""

    index: int
    no: int | None
    name: str
    standard_code: str
    necessity: str
    exempt: str
    source: str
    form: str
    original: str
    copies: int | None
    submit: str
    users: tuple[int, ...] | None
    for_all: bool
    conditional: bool
    note: str
    claims: str
    internal_no: str
    group: str
    branch: str

    @property
    def path(self) -> Path:
        return ("materials", self.index)

    @property
    def required(self) -> bool:
        return self.necessity == "required"


@dataclass(frozen=True, slots=True)
class GuideSubItem:
    """One sub-item. ``waits``: numbers of those that must be done first; ``waits_group``: or one of this group."""

    index: int
    no: int | None
    name: str
    business: str
    department: str
    days: int | None
    result: str
    condition: str
    group: str
    waits: tuple[int, ...]
    waits_group: str
    items: tuple[str, ...]

    @property
    def path(self) -> Path:
        return ("sub_items", self.index)

    @property
    def title(self) -> str:
        return f"{self.name}（{self.business}）" if self.business else self.name


@dataclass(frozen=True, slots=True)
class GuideFacts:
    """A guide as a value. ``declared``: metric → (before, after). ``is_item``: of a single item."""

    key: str
    name: str
    is_item: bool
    raw: Mapping[str, Any]
    papers: tuple[GuidePaper, ...] | None
    sub_items: tuple[GuideSubItem, ...] | None
    declared: Mapping[str, tuple[int | None, int | None]]
    completed_limit: int | None
    ahead_trips: int | None
    online_text: str
    conditions: tuple[str, ...] | None
    faqs: tuple[tuple[str, str], ...] | None
    cooperating: tuple[str, ...] | None
    lead: str
    lead_department: str
    subject: str
    region_name: str
    region_code: str
    theme_code: str
    flow: str
    item_refs: tuple[str, ...] = field(default=())

    def after(self, metric: str) -> int | None:
        """Return the figure declared for after the change, or None."""
        return self.declared.get(metric, (None, None))[1]

    def numbered(self) -> dict[int, GuideSubItem]:
        """Return the sub-items by number; of a repeated number the first."""
        found: dict[int, GuideSubItem] = {}
        for each in self.sub_items or ():
            if each.no is not None:
                found.setdefault(each.no, each)
        return found


def read_guide(raw: Mapping[str, Any]) -> GuideFacts:
    """Return what a guide states. Never raises: whatever cannot be read is not known."""
    declared = _map(raw.get("declared"))
    region = raw.get("region")
    refs = [ref for each in _rows(raw.get("sub_items")) for ref in texts(each.get("item_refs"))]
    return GuideFacts(
        key=text(raw.get("id") or raw.get("key")),
        name=text(raw.get("name")),
        is_item=is_item(raw),
        raw=raw,
        papers=_each(raw.get("materials"), _paper),
        sub_items=_each(raw.get("sub_items"), _sub_item),
        declared={metric: _pair(declared.get(metric)) for metric in ("materials", "days", "trips", "steps")},
        completed_limit=number(_first(declared, raw, "completed_limit")),
        ahead_trips=number(_first(declared, raw, "ahead_trips")),
        online_text=text(_first(declared, raw, "online_text")),
        conditions=_said(raw.get("conditions")),
        faqs=_faqs(raw.get("faq")),
        cooperating=_said(raw.get("cooperating")),
        lead=text(raw.get("lead")),
        lead_department=text(raw.get("lead_department") or raw.get("lead")),
        subject=text(raw.get("subject")),
        region_name=text(_map(region).get("name")) or (region if isinstance(region, str) else ""),
        region_code=_short(text(_map(region).get("code") or raw.get("division_code"))),
        theme_code=text(raw.get("theme_code")),
        flow=text(raw.get("flow")),
        item_refs=tuple(dict.fromkeys(refs)),
    )


def is_item(raw: Mapping[str, Any]) -> bool:
    """Tell a single item's guide from a matter's."""
    return "sub_items" not in raw and "declared" not in raw


def number(value: Any) -> int | None:
    """Return a whole number, also from “3” or “3 个工作日”; else None."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        return int(value) if value == value and abs(value) < 1e9 else None
    if isinstance(value, str) and (found := _NUMBER.fullmatch(value)):
        return int(found[1])
    return None


def text(value: Any) -> str:
    """Return text without outer spaces; numbers as written; anything else as empty."""
    if isinstance(value, str):
        return value.strip()
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def texts(value: Any) -> tuple[str, ...]:
    """Return a list of texts, or of the one text given; what is not text is left out."""
    if isinstance(value, str):
        return (value.strip(),) if value.strip() else ()
    if not isinstance(value, Sequence):
        return ()
    return tuple(text(each) for each in value if text(each))


def strings(value: Any, path: Path = (), depth: int = 0) -> Iterator[tuple[Path, str]]:
    """Yield every text within the data, with its path."""
    if isinstance(value, str):
        yield path, value
    elif depth < 12 and isinstance(value, Mapping):
        for key, each in value.items():
            if key != "contradictions":
                yield from strings(each, (*path, str(key)), depth + 1)
    elif depth < 12 and isinstance(value, Sequence):
        for index, each in enumerate(value):
            yield from strings(each, (*path, index), depth + 1)


def _short(code: str) -> str:
    """Return a division's code of twelve digits as the six it begins with, where nothing below the county is meant."""
    return code[:6] if len(code) == 12 and code.endswith("000000") else code


def _said(value: Any) -> tuple[str, ...] | None:
    return texts(value) if isinstance(value, list | tuple | str) else None


def _map(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _first(first: Mapping[str, Any], second: Mapping[str, Any], key: str) -> Any:
    return first[key] if first.get(key) is not None else second.get(key)


def _rows(value: Any) -> list[Mapping[str, Any]]:
    if not isinstance(value, list | tuple):
        return []
    return [each if isinstance(each, Mapping) else {"name": text(each)} for each in value]


def _pair(value: Any) -> tuple[int | None, int | None]:
    if isinstance(value, Mapping):
        return number(value.get("before")), number(value.get("after"))
    return None, number(value)


def _numbers(value: Any) -> tuple[int, ...]:
    rows = value if isinstance(value, list | tuple) else [value]
    return tuple(each for each in map(number, rows) if each is not None)


def _faqs(value: Any) -> tuple[tuple[str, str], ...] | None:
    if not isinstance(value, list | tuple):
        return None
    rows = [_map(each) for each in value]
    return tuple((text(row.get("q") or row.get("question")), text(row.get("a") or row.get("answer"))) for row in rows)


def _each(value: Any, read: Callable[[int, Mapping[str, Any]], T]) -> tuple[T, ...] | None:
    """Return what each row of a list says, by its place; None where there is no list."""
    if not isinstance(value, list | tuple):
        return None
    return tuple(read(index, row) for index, row in enumerate(_rows(value)))


def _paper(index: int, row: Mapping[str, Any]) -> GuidePaper:
    used = row.get("used_by")
    for_all = "all" in texts(used) if isinstance(used, str | list | tuple) else False
    group, _colon, branch = text(row.get("exclusive_group")).partition(":")
    notes = dict.fromkeys([text(row.get("condition_note")), text(row.get("note"))])
    return GuidePaper(
        index=index,
        no=number(row.get("no")),
        name=text(row.get("name")),
        standard_code=text(row.get("standard_code")),
        necessity=text(row.get("necessity")),
        exempt=text(row.get("exempt")),
        source=text(row.get("source")),
        form=text(row.get("form")),
        original=text(row.get("original")),
        copies=number(row.get("copies")),
        submit=text(row.get("submit")),
        users=None if used is None else _numbers(used),
        for_all=for_all,
        conditional=row.get("conditional") is True,
        note="; ".join(each for each in notes if each),
        claims=text(row.get("note_claims")),
        internal_no=text(row.get("internal_no") or row.get("item_material_code")),
        group=group,
        branch=branch,
    )


def _sub_item(index: int, row: Mapping[str, Any]) -> GuideSubItem:
    after = row.get("after")
    group = row.get("alternative_group")
    return GuideSubItem(
        index=index,
        no=number(row.get("no")),
        name=text(row.get("name")),
        business=text(row.get("business_item")),
        department=text(row.get("department")),
        days=number(row.get("promised_days")),
        result=text(row.get("result")),
        condition=text(row.get("condition")),
        group=text(_map(group).get("id")) or text(group),
        waits=_numbers(_map(after).get("items")) if isinstance(after, Mapping) else _numbers(after),
        waits_group=text(_map(after).get("any_of_group")),
        items=texts(row.get("item_refs")),
    )
