"""Numbers that point nowhere, waits that go round, groups with one member. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from catalog.definitions import Finding
from catalog.linting.grouping import grouped
from catalog.linting.guides.facts import GuideFacts
from catalog.linting.guides.finding import finding


def lint(guide: GuideFacts) -> Iterator[Finding]:
    """Yield what the references between sub-items and papers contradict."""
    subs = guide.sub_items
    if subs is None:
        return
    numbered = guide.numbered()
    groups = grouped(subs, lambda each: each.group)
    for group, members in groups.items():
        if len(members) == 1:
            yield finding("group_of_one", "note", members[0].path, group, [members[0].title], "sub_items")
    if numbered:
        yield from _papers(guide)
    for each in subs:
        path = (*each.path, "after")
        for no in each.waits:
            if no not in numbered:
                yield finding("wait_unknown", "error", path, no, [each.title])
            elif no != each.no and each.group and numbered[no].group == each.group:
                yield finding("wait_exclusive", "error", path, numbered[no].title, [each.title])
        if each.waits_group and each.waits_group not in groups:
            yield finding("wait_unknown", "error", path, each.waits_group, [each.title])
    yield from _cycles(guide, {group: [each.no for each in members] for group, members in groups.items()})


def _papers(guide: GuideFacts) -> Iterator[Finding]:
    numbered = guide.numbered()
    for paper in guide.papers or ():
        unknown = [no for no in paper.users or () if no not in numbered]
        if unknown:
            path = (*paper.path, "used_by")
            yield finding("used_by_unknown", "error", path, unknown, [paper.name])
        if paper.users == () and not paper.for_all:
            yield finding("material_unused", "warning", (*paper.path, "used_by"), [], [paper.name])


def _cycles(guide: GuideFacts, groups: dict[str, list[int | None]]) -> Iterator[Finding]:
    """Yield the sub-items left when all whose turn can come have gone."""
    left = guide.numbered()
    done: set[int | None] = set()
    while left:
        ready = [
            no
            for no, each in left.items()
            if all(other in done or other not in guide.numbered() for other in each.waits)
            and (not groups.get(each.waits_group) or any(other in done for other in groups[each.waits_group]))
        ]
        if not ready:
            break
        for no in ready:
            done.add(no)
            del left[no]
    if left:
        numbers = sorted(left)
        path = (*left[numbers[0]].path, "after")
        yield finding("wait_cycle", "error", path, numbers, [left[no].title for no in numbers])
