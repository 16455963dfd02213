"""A certificate shows no empty line for what the form knows under another name."""

from __future__ import annotations

from tests.catalog.content.folders import Content

# What nobody knows where it is not asked: a company's name (the person's stands there instead), a wish that was not made.
UNKNOWN = {"company:company.name", "applicant:rent.wanted_division"}


def test_a_face_reads_no_line_that_a_situation_leaves_out(content: Content) -> None:
    empty = [
        (item["slug"], source)
        for folder in [content.shared, *content.matters.values()]
        for item in folder.items.values()
        for result in item.get("results") or []
        for source in result["face"].values()
        for line in item["lines"]
        if source == f"field:{line['role']}:{line['element']}"
        and line.get("condition")
        and f"{line['role']}:{line['element']}" not in UNKNOWN
    ]
    assert empty == []
