"""What only looks like a contradiction is compiled."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from catalog.compiling import compile_matter, examine
from catalog.definitions import (
    Dependency,
    Finding,
)
from tests.catalog.compiling.changed_family import findings, line, question, the_one
from tests.worlds.family import (
    CERTIFICATE,
    ELEMENTS,
    INSURANCE,
    ITEMS,
    MATERIALS,
    MATTER,
    ONE,
    REGISTRATION,
    compiled,
    var,
)


def test_it_finds_nothing_wrong_with_a_sound_matter() -> None:
    assert findings() == []


def test_it_allows_demands_that_never_meet() -> None:
    """Items of one exactly-one-of group, or under answers or values that exclude each other, may demand what they like."""
    long = line(REGISTRATION, "name", constraints={"min_length": 3})
    short = line(INSURANCE, "xm", constraints={"max_length": 2})
    items = {"registration": long, "insurance": short}
    assert [f.code for f in findings(**items)] == ["contradiction"]

    def apart(one: dict[str, Any], other: dict[str, Any]) -> list[Finding]:
        return findings(
            replace(
                MATTER, items=(MATTER.items[0], replace(MATTER.items[1], **one), replace(MATTER.items[2], **other))
            ),
            **items,
        )

    married, single = {"==": [var("answers.marriage"), "married"]}, {"==": ["single", var("answers.marriage")]}
    assert apart({"group": "way"}, {"group": "way"}) == []
    assert [f.code for f in apart({"group": "way"}, {"group": "other"})] == ["contradiction"]
    assert apart({"condition": married}, {"condition": single}) == []
    assert apart({"condition": married}, {"condition": {"!": [married]}}) == []
    assert (
        apart(
            {"condition": {"and": [married, {">": [var("answers.children"), 1]}]}},
            {"condition": {"<": [var("answers.children"), 2]}},
        )
        == []
    )
    assert apart({"condition": {"in": [var("answers.marriage"), ["married"]]}}, {"condition": single}) == []
    assert apart({"condition": {"!=": [var("answers.marriage"), "single"]}}, {"condition": single}) == []
    assert [f.code for f in apart({"condition": married}, {"condition": {"!!": [var("answers.marriage")]}})] == [
        "contradiction"
    ]
    sex = var("child:person.sex")
    boys = line(long, "name", condition={"==": [sex, "1"]})
    named = replace(short, lines=(*short.lines, replace(REGISTRATION.lines[1], code="sex")))
    girls = line(named, "xm", condition={"in": [sex, ["2"]]})
    either = line(named, "xm", condition={"in": [sex, ["1", "2"]]})
    assert findings(registration=boys, insurance=girls) == []
    assert [f.code for f in findings(registration=boys, insurance=either)] == ["contradiction"]


def test_it_allows_rings_of_items_that_exclude_each_other() -> None:
    ring = replace(
        MATTER,
        items=(
            replace(
                MATTER.items[0],
                after=(Dependency("insurance"),),
                condition={"==": [var("answers.marriage"), "married"]},
            ),
            MATTER.items[1],
            replace(MATTER.items[2], condition={"==": [var("answers.marriage"), "single"]}),
        ),
    )
    assert findings(ring) == []
    still = replace(
        ring, items=(ring.items[0], replace(ring.items[1], after=(Dependency("certificate"),)), *ring.items[2:])
    )
    again = replace(
        still,
        items=(replace(still.items[0], after=(Dependency("insurance"), Dependency("registration"))), *still.items[1:]),
    )
    (finding,) = findings(again)
    assert finding.params == {"items": ["certificate", "registration"]}


def test_it_never_merges_signatures_so_they_cannot_contradict() -> None:
    one = line(CERTIFICATE, "QM", constraints={"max_length": 2})
    other = line(REGISTRATION, "sign", constraints={"min_length": 3})
    assert findings(certificate=one, registration=other) == []
    assert compiled(certificate=one, registration=other).plan_for(ONE)


def test_it_takes_lists_of_definitions_as_well() -> None:
    plan = compile_matter(MATTER, list(ITEMS.values()), list(ELEMENTS.values()), list(MATERIALS.values()))
    assert plan == compile_matter(MATTER, ITEMS, ELEMENTS, MATERIALS)
    assert examine(MATTER, list(ITEMS.values()), list(ELEMENTS.values()), list(MATERIALS.values())) == []


def test_it_allows_a_number_with_one_answer_only() -> None:
    assert findings(question(2, minimum=3)) == []


def test_it_does_not_take_a_comparison_of_two_fields_for_a_demand() -> None:
    birth, name = var("child:person.birth"), var("child:person.name")
    boys = line(CERTIFICATE, "XB", constraints={"options": ["1"]}, condition={"==": [birth, name]})
    other = line(
        REGISTRATION, "sex", constraints={"options": ["2"]}, condition={"==": [name, var("child:person.ethnicity")]}
    )
    assert [finding.code for finding in findings(certificate=boys, registration=other)] == ["contradiction"]
    listed = line(other, "sex", condition={"in": [name, [var("child:person.ethnicity")]]})
    assert [finding.code for finding in findings(certificate=boys, registration=listed)] == ["contradiction"]

    plainly = line(boys, "XB", condition={"==": [name, "甲"]})
    assert [finding.code for finding in findings(certificate=plainly, registration=listed)] == ["contradiction"]
    within = line(other, "sex", condition={"in": [name, "甲乙"]})
    assert [finding.code for finding in findings(certificate=plainly, registration=within)] == ["contradiction"]
    apart = line(other, "sex", condition={"in": [name, ["乙", "丙"]]})
    assert findings(certificate=plainly, registration=apart) == []


def test_it_does_not_look_for_contradictions_in_demands_it_cannot_read() -> None:
    elements = {**ELEMENTS, "person.name": replace(ELEMENTS["person.name"], constraints={"min_length": 1})}
    unreadable = line(INSURANCE, "xm", constraints={"max_length": "many"})
    assert the_one(elements=elements, insurance=unreadable)[0] == "bad_constraint"
    broken = {**ELEMENTS, "person.name": replace(ELEMENTS["person.name"], constraints={"min_length": "some"})}
    assert (
        the_one(elements=broken, insurance=line(INSURANCE, "xm", constraints={"max_length": 9}))[0] == "bad_constraint"
    )
