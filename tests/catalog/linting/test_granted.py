"""Lints of what an item grants: about whom, until when, and what is typed though the form says it."""

from __future__ import annotations

from catalog.definitions import ElementDefinition, ItemDefinition, LineDefinition, OutputDefinition, ResultDefinition
from catalog.linting.items import granted

ELEMENTS = {
    "company.name": ElementDefinition("company.name", "名称", "organisation_name"),
    "household.number": ElementDefinition("household.number", "户号"),
}
LINES = (LineDefinition("a", "shop", "company.name"), LineDefinition("b", "household", "household.number"))


def codes(*results: ResultDefinition, outputs: tuple[OutputDefinition, ...] = ()) -> set[str]:
    item = ItemDefinition("permit", "许可", "market", lines=LINES, outputs=outputs, results=results)
    return {finding.code for finding in granted(item, ELEMENTS)}


def test_a_certificate_about_nobody_is_found() -> None:
    assert codes(ResultDefinition("permit")) == {"holder_missing"}
    assert codes(ResultDefinition("permit", holder="household")) == {"holder_unnamed"}
    assert codes(ResultDefinition("permit", holder="shop", co_holders=("household",))) == {"holder_unnamed"}
    assert codes(ResultDefinition("permit", holder="shop")) == set()


def test_a_term_that_is_printed_and_does_not_count_is_found() -> None:
    until = (OutputDefinition("until", "有效期至", "date"),)
    assert codes(ResultDefinition("permit", {"end": "output:until"}, holder="shop"), outputs=until) == {
        "term_not_declared"
    }
    assert codes(ResultDefinition("permit", {"valid_until": "output:until"}, holder="shop"), outputs=until) == set()


def test_what_the_form_says_and_the_department_types_again_is_found() -> None:
    assert codes(outputs=(OutputDefinition("number", "户号"),)) == {"typed_again"}
    assert codes(outputs=(OutputDefinition("number", "户号", repeats=("household:household.number",)),)) == set()
