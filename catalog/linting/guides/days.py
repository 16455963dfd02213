"""Declared days against the limits of the sub-items, against waiting, and against the law. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from catalog.definitions import Finding
from catalog.linting.grouping import grouped
from catalog.linting.guides.facts import GuideFacts, GuideSubItem, number, strings
from catalog.linting.guides.finding import finding

_NOTICE = re.compile(
    r"(?:公示|公告)(?:期)?(?:不少于|不得少于|满|至少|为)?\s*(\d{1,3})\s*(?:个)?(?:工作日|自然日|日|天)"
)
_PROMISE = re.compile(r"承诺(?:办结)?(?:时限|期限|时间)?[为:：]?\s*(\d{1,3})\s*(?:个)?(?:工作日|自然日|日|天)")


def lint(guide: GuideFacts) -> Iterator[Finding]:
    """Yield what the days contradict."""
    if guide.is_item:
        yield from _item(guide)
        return
    declared = guide.after("days")
    path = ("declared", "days")
    if declared is not None and guide.completed_limit is not None and declared != guide.completed_limit:
        yield finding("days_two_values", "error", path, declared, guide.completed_limit)
    promise = declared if declared is not None else guide.completed_limit
    if promise is not None:
        yield from _against_items(guide, promise)
        yield from _notices(guide, promise)
    yield from _other_promises(guide, {declared, guide.completed_limit} - {None})
    limits = [each for each in guide.sub_items or () if each.days is None]
    if guide.sub_items and 0 < len(limits) < len(guide.sub_items):
        for each in limits:
            found = [each.title]
            yield finding("limit_missing", "warning", (*each.path, "promised_days"), None, found)


def _item(guide: GuideFacts) -> Iterator[Finding]:
    promised, legal = number(guide.raw.get("promised_days")), number(guide.raw.get("legal_days"))
    if promised is not None and legal is not None and promised > legal:
        yield finding("promise_beyond_statute", "error", ("promised_days",), promised, legal)


def _against_items(guide: GuideFacts, declared: int) -> Iterator[Finding]:
    timed = [each for each in guide.sub_items or () if each.days is not None]
    if not timed:
        return
    longest = max(each.days or 0 for each in timed)
    names = [each.title for each in timed if each.days == longest]
    path = ("declared", "days")
    waiting = critical_days(guide)
    if declared < longest:
        least = least_days(guide)
        variant = "only_sometimes" if least is not None and least <= declared else ""
        severity = "warning" if variant else "error"
        params = {"items": names, "least": least}
        yield finding("days_shorter_than_item", severity, path, declared, longest, variant, params)
    elif declared > longest and len(timed) == len(guide.sub_items or ()):
        explained = waiting is not None and waiting >= declared
        params = {"waiting": waiting}
        severity = "note" if explained else "warning"
        variant = "explained" if explained else ""
        yield finding("days_longer_than_items", severity, path, declared, longest, variant, params)
    if waiting is not None and waiting > declared and waiting > longest:
        yield finding("serial_dependency", "warning", path, declared, waiting)


def least_days(guide: GuideFacts) -> int | None:
    """Return how long the simplest situation takes at least: without conditional sub-items, of a group the shortest; None where unknown."""
    groups: dict[str, list[int]] = {}
    for place, each in enumerate(guide.sub_items or ()):
        if not each.condition and each.days is not None:
            groups.setdefault(each.group or f"#{place}", []).append(each.days)
    return max((min(days) for days in groups.values()), default=None)


def critical_days(guide: GuideFacts) -> int | None:
    """Return the longest sum of limits along what waits for what; None without waits or where the waits go round."""
    numbered = guide.numbered()
    if not any(each.waits or each.waits_group for each in numbered.values()):
        return None
    groups = grouped(numbered, lambda no: numbered[no].group)
    finish: dict[int, int] = {}
    for _round in range(len(numbered) + 1):
        changed = False
        for no, each in numbered.items():
            ends = _finish(each, finish, groups, numbered)
            if finish.get(no) != ends:
                finish[no] = ends
                changed = True
        if not changed:
            return max(finish.values())
    return None  # a cycle, which is found elsewhere


def _finish(
    each: GuideSubItem, finish: Mapping[int, int], groups: Mapping[str, list[int]], numbered: Mapping[int, GuideSubItem]
) -> int:
    starts = [finish.get(no, 0) for no in each.waits if no in numbered]
    if each.waits_group in groups:
        # Whoever is promised the days may be the one of the group that takes longest.
        starts.append(max(finish.get(no, 0) for no in groups[each.waits_group]))
    return max(starts, default=0) + (each.days or 0)


def _notices(guide: GuideFacts, declared: int) -> Iterator[Finding]:
    """Yield a notice period that the law or the conditions require and the declared days cannot hold."""
    spans = [int(days) for said in guide.conditions or () for days in _NOTICE.findall(said)]
    spans += [int(days) for each in guide.sub_items or () for days in _NOTICE.findall(each.condition)]
    if spans and max(spans) > declared:
        yield finding("statutory_wait_ignored", "warning", ("declared", "days"), declared, max(spans))


def _other_promises(guide: GuideFacts, known: set[int | None]) -> Iterator[Finding]:
    """Yield a promise in words that differs from those in figures."""
    if not known:
        return
    spoken = {key: guide.raw.get(key) for key in ("declared", "flow", "limit_note", "result_delivery", "conditions")}
    for path, said in strings(spoken):
        for days in _PROMISE.findall(said):
            if int(days) not in known:
                yield finding("days_two_values", "error", path, max(each or 0 for each in known), int(days))
                return
