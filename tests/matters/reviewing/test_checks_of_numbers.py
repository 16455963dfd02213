"""A reviewer is told where an identity number and the form say different things of the same person."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from catalog.definitions import LineDefinition
from matters.reviewing.checks import checks_of
from tests.worlds.family import CERTIFICATE, ONE, VALUES, compiled

NUMBER = "360102199003079991"  # a man's, born on 7 March 1990
SEX, KIND = "mother:person.sex", "mother:person.id_kind"


@pytest.mark.parametrize(
    ("change", "told"),
    [({SEX: "1"}, False), ({SEX: "2"}, True), ({}, False), ({SEX: "2", KIND: "414"}, False)],
)
def test_a_number_that_tells_another_sex_is_marked(db: None, change: dict[str, Any], told: bool) -> None:
    lines = (*CERTIFICATE.lines, LineDefinition("MXB", "mother", "person.sex", "母亲性别", required=False))
    plan = compiled(certificate=replace(CERTIFICATE, lines=lines)).plan_for(ONE)
    values = {**VALUES, "mother:person.id_number": NUMBER, **change}
    checks = checks_of(plan, "certificate", values, [], [])
    assert any(check.note == "与性别不符" and check.passed is False for check in checks) is told
