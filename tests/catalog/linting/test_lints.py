"""What is found before publishing, situation by situation."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from catalog.definitions import (
    Exemption,
    GuideOption,
    GuideQuestion,
    MaterialDefinition,
    MaterialNeed,
    SectionDefinition,
)
from catalog.linting.coverage import cover
from catalog.linting.matters import lint_matter
from tests.worlds.family import CERTIFICATE, ELEMENTS, INSURANCE, ITEMS, MATERIALS, MATTER, var, with_line

SOUND = {**ITEMS, "insurance": replace(INSURANCE, legal_basis="《社会保险法》")}


def lint(
    matter: Any = MATTER, limit: int = 4096, materials: Any = MATERIALS, **items: Any
) -> list[tuple[str, str, str, str]]:
    found = lint_matter(matter, {**SOUND, **items}, ELEMENTS, materials, limit)
    return [(f.severity, f.code, f.sources[0].item, f.sources[0].code) for f in found]


def uses(*changes: dict[str, Any]) -> Any:
    return replace(
        MATTER, items=tuple(replace(use, **change) for use, change in zip(MATTER.items, changes, strict=True))
    )


NEVER = {"==": [var("answers.marriage"), "divorced"]}
MARRIED = {"==": [var("answers.marriage"), "married"]}


def test_it_finds_nothing_in_a_sound_matter() -> None:
    assert lint() == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"promised_limit_days": 6}, ("error", "promise_beyond_statute", "certificate", "promised_limit_days")),
        ({"promised_limit_days": 5}, None),
        ({"promised_limit_days": None}, ("warning", "limit_missing", "certificate", "promised_limit_days")),
        ({"promised_limit_days": None, "handling": "immediate"}, None),
        ({"legal_basis": ""}, ("warning", "legal_basis_missing", "certificate", "legal_basis")),
    ],
)
def test_it_reads_limits_and_grounds(change: dict[str, Any], expected: Any) -> None:
    assert lint(certificate=replace(CERTIFICATE, **change)) == ([expected] if expected else [])


def test_it_lets_a_matter_be_described_whose_limits_are_not_known() -> None:
    unknown = replace(CERTIFICATE, promised_limit_days=None)
    described = replace(MATTER, status="guide")
    assert lint(described, certificate=unknown) == [("warning", "limit_missing", "certificate", "promised_limit_days")]


def test_it_wants_a_department() -> None:
    found = lint(replace(MATTER, departments=()), certificate=replace(CERTIFICATE, department=""))
    assert found == [("error", "department_missing", "certificate", "department")]


def test_it_finds_what_no_answer_reaches() -> None:
    assert lint(uses({}, {}, {"condition": NEVER})) == [("error", "unreachable_item", "insurance", "condition")]
    unasked = replace(MATTER, questions=(*MATTER.questions, GuideQuestion("why", "?", maximum=1, condition=NEVER)))
    assert lint(unasked) == [("error", "unreachable_question", "", "question:why")]
    questions = list(MATTER.questions)
    questions[0] = replace(
        questions[0], options=(*questions[0].options, GuideOption("widowed", "x", condition={"==": [1, 2]}))
    )
    assert lint(replace(MATTER, questions=tuple(questions))) == [
        ("error", "unreachable_option", "", "question:marriage")
    ]
    dead = with_line(CERTIFICATE, "XB", condition={"and": [NEVER, {"!!": [var("answers.children")]}]})
    assert lint(certificate=dead) == [
        ("error", "no_such_value", "certificate", "XB"),
        ("warning", "dead_line", "certificate", "XB"),
    ]


def test_it_finds_answers_that_lead_nowhere_unless_they_say_so() -> None:
    two = {"==": [var("answers.children"), 2]}
    many = uses({"condition": two}, {"condition": two}, {"condition": two})
    found = lint_matter(many, SOUND, ELEMENTS, MATERIALS)
    assert [(f.code, f.params["answers"]["children"], f.params["answers"]["marriage"]) for f in found] == [
        ("leads_nowhere", 1, "married")
    ]
    married = uses({"condition": MARRIED}, {"condition": MARRIED}, {"condition": MARRIED})
    assert lint(married) == []  # unmarried parents are told why and where to go


def test_it_finds_a_group_in_which_nothing_qualifies() -> None:
    two, three = {"==": [var("answers.children"), 2]}, {"==": [var("answers.children"), 3]}
    found = lint_matter(
        uses(
            {}, {"group": "way", "condition": two, "after": ()}, {"group": "way", "condition": three, "optional": False}
        ),
        SOUND,
        ELEMENTS,
        MATERIALS,
    )
    (finding,) = found
    assert (finding.code, finding.params["group"], finding.params["answers"]["children"]) == (
        "group_without_choice",
        "way",
        1,
    )
    assert [source.item for source in finding.sources] == ["registration", "insurance"]
    assert lint(uses({}, {}, {"group": "way"})) == [("warning", "group_of_one", "", "group.way")]


def test_it_finds_papers_that_exclude_each_other() -> None:
    first = replace(INSURANCE, legal_basis="x", materials=(MaterialNeed("photo", excludes=("form",)),))
    assert lint(insurance=first) == [("error", "exclusive_papers", "insurance", "material:photo")]
    assert lint(insurance=replace(first, materials=(MaterialNeed("photo", "optional", excludes=("form",)),))) == []
    assert lint(insurance=replace(first, materials=(MaterialNeed("photo", excludes=("moon",)),))) == []


def test_it_finds_untidy_definitions() -> None:
    assert lint(replace(MATTER, sections=(*MATTER.sections, SectionDefinition("empty", "空")))) == [
        ("warning", "unused_section", "", "section:empty")
    ]
    twice = {**MATERIALS, "photo2": MaterialDefinition("photo2", "照片")}
    both = replace(INSURANCE, legal_basis="x", materials=(MaterialNeed("photo"), MaterialNeed("photo2")))
    assert lint(materials=twice, insurance=both) == [("warning", "material_twice", "insurance", "material:photo")]
    assert lint(certificate=with_line(CERTIFICATE, "MHM", reuse="ask")) == [
        ("warning", "identity_asked_again", "certificate", "MHM")
    ]


def test_it_finds_papers_that_are_said_to_serve_again_and_do_not() -> None:
    again = (MaterialNeed("photo", exemptions=(Exemption("earlier_upload"),)),)
    serving = {**MATERIALS, "photo": replace(MATERIALS["photo"], valid_days=90)}
    expected = [("warning", "earlier_upload_never_serves", "insurance", "material:photo")]
    asking = replace(INSURANCE, legal_basis="x", materials=again)
    assert lint(insurance=asking) == expected
    assert lint(insurance=asking, materials=serving) == []


def test_it_puts_errors_first_and_still_lints_what_cannot_compile() -> None:
    broken = replace(with_line(CERTIFICATE, "XB", element="moon"), legal_basis="", promised_limit_days=9)
    assert [code for _, code, _, _ in lint(certificate=broken)] == [
        "unknown_reference",
        "promise_beyond_statute",
        "legal_basis_missing",
    ]


def test_it_says_when_not_all_combinations_were_tried() -> None:
    questions = tuple(
        GuideQuestion(f"q{n}", "?", options=(GuideOption("a", "a"), GuideOption("b", "b"))) for n in range(12)
    )
    wide = replace(MATTER, questions=(*MATTER.questions, *questions))
    assert lint(wide, limit=1000) == [("note", "not_all_tried", "", "questions")]
    coverage = cover(wide.questions, limit=1000)
    assert not coverage.complete
    pairs = {(k, v, m, w) for a in coverage.answers for k, v in a.items() for m, w in a.items() if k < m}
    assert ("q1", "a", "q2", "b") in pairs
    assert ("children", 3, "q11", "b") in pairs
    for n in range(12):
        for m in range(n + 1, 12):
            first, second = sorted((f"q{n}", f"q{m}"))
            assert {(first, v, second, w) for v in "ab" for w in "ab"} <= pairs


def test_it_tries_each_number_that_matters_and_each_choice_of_several() -> None:
    several = GuideQuestion(
        "several", "?", options=tuple(GuideOption(v, v) for v in "abc"), multiple=True, required=False
    )
    number = GuideQuestion("number", "?", minimum=2, maximum=9)
    assert [a.get("several") for a in cover([several]).answers] == [None, ["a"], ["b"], ["c"], ["a", "b", "c"]]
    assert [a["number"] for a in cover([number]).answers] == [2, 3, 9]
    assert [a["several"] for a in cover([replace(several, required=True, options=several.options[:1])]).answers] == [
        ["a"]
    ]
    assert cover([]).answers == ({},)
    dependent = GuideQuestion(
        "more", "?", options=(GuideOption("x", "x"),), condition={"==": [var("answers.number"), 9]}
    )
    assert list(cover([number, dependent]).answers) == [{"number": 2}, {"number": 3}, {"number": 9, "more": "x"}]
    assert cover([number], limit=3).complete
    assert not cover([number], limit=2).complete
