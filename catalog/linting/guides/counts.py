"""Declared figures against each other and against the list of papers. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from catalog.definitions import Finding
from catalog.linting.guides.facts import GuideFacts
from catalog.linting.guides.finding import finding

HANDED_IN = "none"  # the exemption of a paper that is not exempt


def lint(guide: GuideFacts) -> Iterator[Finding]:
    """Yield what declared figures contradict."""
    for metric, (before, after) in guide.declared.items():
        if before is not None and after is not None and after > before:
            params = {"metric": metric}
            yield finding("after_exceeds_before", "error", ("declared", metric), after, before, params=params)
    yield from _materials(guide)
    yield from _steps(guide)


def _materials(guide: GuideFacts) -> Iterator[Finding]:
    """Yield a declared number of papers that the list does not have; only a remark where it is how many must be handed in."""
    declared = guide.after("materials")
    if declared is None or guide.papers is None or declared == len(guide.papers):
        return
    required = [paper for paper in guide.papers if paper.required]
    counts = {
        "required": len(required),
        "to_hand_in": sum(paper.exempt == HANDED_IN for paper in guide.papers),
        "both": sum(paper.exempt == HANDED_IN for paper in required),
    }
    explained = declared in (counts["to_hand_in"], counts["both"]) or 0 < declared == counts["required"]
    yield finding(
        "materials_count",
        "note" if explained else "error",
        ("declared", "materials"),
        declared,
        len(guide.papers),
        "explained" if explained else "",
        counts,
    )


def _steps(guide: GuideFacts) -> Iterator[Finding]:
    if guide.after("steps") != 0:
        return
    path = ("declared", "steps")
    if guide.papers:
        names = [paper.name for paper in guide.papers]
        yield finding("proactive_vs_material", "warning", path, 0, names)
        results = any(each.result for each in guide.sub_items or ())
        if guide.sub_items and not results and all(paper.for_all for paper in guide.papers):
            found = [each.name for each in guide.sub_items]
            yield finding("not_transactional", "note", ("sub_items",), 0, found)
    elif guide.sub_items:
        yield finding("steps_zero", "note", path, 0, [each.name for each in guide.sub_items])
