"""No condition is called impossible because it was not tried: combinations of many answers."""

from __future__ import annotations

from dataclasses import replace

from catalog.definitions import (
    GuideOption,
    GuideQuestion,
    LineDefinition,
    MaterialNeed,
    MatterItemDefinition,
)
from tests.catalog.linting.many_questions import MANY, RARE, codes, is_, item, lint, question
from tests.worlds.family import var


def test_what_four_answers_together_lead_to_is_not_called_unreachable() -> None:
    rare_line = LineDefinition("rare", "applicant", "person.sex", condition=RARE)
    rare_paper = MaterialNeed("x", condition=RARE)
    found = lint(
        MatterItemDefinition("always"),
        MatterItemDefinition("rare", RARE),
        items=[item("always", lines=(*item("x").lines, rare_line), materials=(rare_paper,))],
        questions=(*MANY, question("last", condition=RARE), question("other", condition=None)),
    )
    assert codes(found) == ["not_all_tried"]


def test_it_still_finds_among_many_answers_what_none_of_them_leads_to() -> None:
    never = {"and": [RARE, is_("q3", "a")]}
    never_line = LineDefinition("never", "applicant", "person.sex", condition=never)
    found = lint(
        MatterItemDefinition("always"),
        MatterItemDefinition("never", never),
        items=[item("always", lines=(*item("x").lines, never_line), materials=(MaterialNeed("x", condition=never),))],
        questions=(
            *MANY,
            question("last", condition=never),
            replace(question("more"), options=(GuideOption("a", "a"), GuideOption("b", "b", condition=never))),
        ),
    )
    assert [(each.code, each.sources[0].item, each.sources[0].code) for each in found] == [
        ("unreachable_item", "never", "condition"),
        ("unreachable_question", "", "question:last"),
        ("unreachable_option", "", "question:more"),
        ("dead_line", "always", "never"),
        ("material_never_needed", "always", "material:x"),
        ("not_all_tried", "", "questions"),
    ]
    assert found[3].params == {"field": "applicant:person.sex"}
    assert found[4].params == {"material": "x"}


def test_a_line_needs_its_item_to_be_reached_as_well() -> None:
    line = LineDefinition("line", "applicant", "person.sex", condition=is_("q1", "b"))
    use = MatterItemDefinition("often", is_("q1", "a"))
    found = lint(MatterItemDefinition("always"), use, items=[item("often", lines=(line,))])
    assert codes(found) == ["dead_line", "not_all_tried"]


def test_it_finds_the_one_combination_of_many_that_leads_nowhere() -> None:
    (found, note) = lint(MatterItemDefinition("nearly", {"!": [RARE]}))
    assert (found.code, note.code) == ("leads_nowhere", "not_all_tried")
    assert {key: found.params["answers"][key] for key in ("q0", "q3", "q5", "q8")} == {
        "q0": "b",
        "q3": "c",
        "q5": "b",
        "q8": "c",
    }


def test_a_combination_that_leads_nowhere_but_stops_the_applicant_is_told_already() -> None:
    stopping = replace(MANY[8], options=(*MANY[8].options[:2], replace(MANY[8].options[2], stops="请到窗口办理")))
    assert codes(lint(MatterItemDefinition("nearly", {"!": [RARE]}), questions=(*MANY[:8], stopping))) == [
        "not_all_tried"
    ]


def test_numbers_and_choices_of_several_are_tried_where_a_condition_names_them() -> None:
    number = GuideQuestion("number", "?", minimum=0, maximum=9)
    large = GuideQuestion("large", "?", minimum=0, maximum=10_000)
    several = question("several", "abcd", multiple=True)
    both = {"and": [{"in": ["b", var("answers.several")]}, {"in": ["c", var("answers.several")]}]}
    only_two = {"and": [both, {"!": [{"in": ["a", var("answers.several")]}]}]}
    found = lint(
        MatterItemDefinition("always"),
        MatterItemDefinition("four", is_("number", 4)),
        MatterItemDefinition(
            "hundred", {"and": [{">": [var("answers.large"), 99]}, {"<": [var("answers.large"), 101]}]}
        ),
        MatterItemDefinition("two", only_two),
        questions=(number, large, several),
    )
    assert codes(found) == []


def test_nothing_is_claimed_where_too_much_would_have_to_be_tried() -> None:
    wide = tuple(question(f"w{n}", "abcdef") for n in range(8))
    never = {"and": [*(is_(f"w{n}", "a") for n in range(8)), is_("w0", "b")]}
    found = lint(MatterItemDefinition("always"), MatterItemDefinition("never", never), questions=wide)
    assert codes(found) == ["not_all_tried"]
    several = question("several", "abcdefghijk", multiple=True)
    unknown = {"and": [{"in": ["a", var("answers.several")]}, {"in": ["b", var("answers.several")]}, is_("w0", "f")]}
    found = lint(MatterItemDefinition("always"), MatterItemDefinition("some", unknown), questions=(wide[0], several))
    assert codes(found) in ([], ["not_all_tried"])


def test_each_gap_and_each_thing_never_reached_is_told_with_its_place() -> None:
    never, other = {"and": [is_("q0", "a"), is_("q0", "b")]}, {"and": [is_("q1", "a"), is_("q1", "b")]}
    part = {"==": [var("answers.q0"), "b"]}
    options = (GuideOption("a", "a"), GuideOption("b", "b", condition=part), GuideOption("c", "c", condition=never))
    found = lint(
        MatterItemDefinition("one", {"!=": [var("answers.q0"), "c"]}),
        MatterItemDefinition("gone", never),
        MatterItemDefinition("lost", other),
        MatterItemDefinition("x", is_("q0", "a"), group="first"),
        MatterItemDefinition("y", is_("q0", "b"), group="second"),
        MatterItemDefinition("z", is_("q0", "b"), group="second"),
        MatterItemDefinition("w", is_("q1", "b"), group="first"),
        questions=(
            *MANY[:2],
            question("nine", condition=never),
            question("ten", condition=other),
            replace(question("more", condition=is_("q0", "a")), options=options),
        ),
    )
    assert [(each.code, [(s.item, s.code) for s in each.sources]) for each in found] == [
        ("group_without_choice", [("x", "group"), ("w", "group")]),
        ("leads_nowhere", [("", "questions")]),
        ("unreachable_item", [("gone", "condition")]),
        ("unreachable_item", [("lost", "condition")]),
        ("unreachable_question", [("", "question:nine")]),
        ("unreachable_question", [("", "question:ten")]),
        ("unreachable_option", [("", "question:more")]),
        ("unreachable_option", [("", "question:more")]),
    ]
    assert [each.params.get("option") for each in found[-2:]] == ["b", "c"]
    assert set(found[1].params) == {"answers"}


def test_a_matter_that_is_only_announced_need_not_lead_anywhere() -> None:
    rare = MatterItemDefinition("rare", is_("q0", "a"))
    assert codes(lint(rare, questions=MANY[:1], status="guide")) == ["leads_nowhere"]
    assert codes(lint(rare, questions=MANY[:1], status="coming")) == []
    assert codes(lint(questions=(), status="coming")) == []
