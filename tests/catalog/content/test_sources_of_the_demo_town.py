"""Where an open matter says that a department's data may stand in for a paper, the demo town's registers hold it, or it is listed here."""

from __future__ import annotations

from portal.front.demo.sources import REGISTERS
from tests.catalog.content.folders import Content

# What no sandbox register holds: these papers are asked for, whatever anybody agrees to.
NOT_HELD = {("civil", "divorce_papers"), ("insurance", "transfer_paper"), ("police", "applicant_photo")}


def test_papers_that_a_department_is_named_for_are_held_by_a_register_of_it(content: Content) -> None:
    items = {item["slug"]: item for _folder, item in content.items()}
    named = {
        (way["reference"], need["material"])
        for folder in content.matters.values()
        if folder.matter and folder.matter.get("status", "open") == "open"
        for member in folder.matter["items"]
        for need in items[member["item"]].get("materials", [])
        for way in need.get("exemptions", [])
        if way["kind"] == "shared_data"
    }
    held = {(each.department, code) for each in REGISTERS for code in (*each.papers, *each.company_papers)}
    assert named - held == NOT_HELD
