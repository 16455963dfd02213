"""Several matters become one, and nothing any department asks for is lost, doubled or given to the wrong person."""

from __future__ import annotations

import dataclasses
import random
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from catalog.combining import ChosenPart, CombiningRefused, Namesake, combine, namesakes
from catalog.compiling import CompileRefused, compile_matter
from catalog.definitions import GuideOption, GuideQuestion, LineDefinition, MatterItemDefinition, RoleDefinition
from catalog.merging.compiled import CompiledMatter
from catalog.wording.translating import translator_for
from tests.catalog.merging.random_catalogs import (
    ELEMENTS,
    MATERIALS,
    Catalog,
    random_answers,
    random_values,
    sound_catalog,
)

SETTINGS = settings(max_examples=80, deadline=None)


def renamed_items(catalog: Catalog, mark: str) -> Catalog:
    """Return the same matter with items (and name) of its own, as two matters of one catalog have."""
    new = {slug: f"{mark}_{slug}" for slug in catalog.items}

    def reference(text: str) -> str:
        return new.get(text, text)

    items = {
        new[slug]: dataclasses.replace(
            item,
            slug=new[slug],
            materials=tuple(
                dataclasses.replace(
                    need,
                    exemptions=tuple(
                        dataclasses.replace(way, reference=reference(way.reference)) for way in need.exemptions
                    ),
                )
                for need in item.materials
            ),
        )
        for slug, item in catalog.items.items()
    }
    uses = tuple(
        dataclasses.replace(
            use,
            item=new[use.item],
            after=tuple(dataclasses.replace(wait, item=new[wait.item]) for wait in use.after),
        )
        for use in catalog.matter.items
    )
    return Catalog(catalog.seed, dataclasses.replace(catalog.matter, slug=mark, items=uses), items)


def compiled(parts: list[ChosenPart], same: tuple[Namesake, ...] = ()) -> CompiledMatter:
    made = combine(parts, slug="both", name="一起办", same=same)
    return CompiledMatter(compile_matter(*made))


def own_answers(answers: dict[str, Any], mark: str, part: ChosenPart, whole: CompiledMatter) -> dict[str, Any]:
    """Return what one matter's own guide would have been told."""
    keys = {question.key for question in whole.questions}
    implied = {"items", "group.way"}
    found: dict[str, Any] = {}
    for question in part.matter.questions:
        name = f"{mark}_{question.key}"
        given = answers.get(name) if name in keys else answers.get(question.key)
        if question.key == "group.way":
            given = answers.get(f"group.{mark}_way", answers.get("group.way"))
        if question.key in implied and given is not None:
            options = {option.value for option in question.options}
            given = [each for each in given if each in options] if isinstance(given, list) else given
        if given not in (None, []):
            found[question.key] = given
    return found


@SETTINGS
@given(st.integers(0, 599), st.integers(0, 599), st.integers(0, 2**32))
@example(first=21, second=358, seed=448)  # a question kept apart that nobody answered
def test_each_item_is_included_as_in_its_own_matter(first: int, second: int, seed: int) -> None:
    catalogs = [renamed_items(sound_catalog(at)[0], mark) for at, mark in ((first, "one"), (second, "two"))]
    parts = [ChosenPart(catalog.compile()) for catalog in catalogs]
    try:
        whole = compiled(parts)
    except CompileRefused:
        return  # Two departments' demands on the applicant's own facts may contradict each other.
    answers = whole.clean_answers(random_answers(random.Random(seed), whole))
    plan = whole.plan_for(answers)
    for part, mark in zip(parts, ("one", "two"), strict=True):
        given = part.matter.clean_answers(own_answers(answers, mark, part, whole))
        alone = part.matter.plan_for(given)
        assert [item.key for item in plan.items if item.slug.startswith(f"{mark}_")] == [
            item.key for item in alone.items
        ]


@SETTINGS
@given(st.integers(0, 599), st.integers(0, 599), st.integers(0, 2**32))
def test_each_department_receives_what_its_own_form_would_have_held(first: int, second: int, seed: int) -> None:
    catalogs = [renamed_items(sound_catalog(at)[0], mark) for at, mark in ((first, "one"), (second, "two"))]
    parts = [ChosenPart(catalog.compile()) for catalog in catalogs]
    try:
        whole = compiled(parts)
    except CompileRefused:
        return
    pick = random.Random(seed)
    answers = whole.clean_answers(random_answers(pick, whole))
    plan = whole.plan_for(answers)
    values = random_values(pick, whole, answers)
    keys = {role.key for role in whole.roles}
    for part, mark in zip(parts, ("one", "two"), strict=True):
        alone = part.matter.plan_for(part.matter.clean_answers(own_answers(answers, mark, part, whole)))
        for item in alone.items:
            fields = {field.key for field in alone.fields.values()}
            theirs = {}
            for key in fields:
                role, _, element = key.partition(":")
                plain, hash_, instance = role.partition("#")
                named = f"{mark}_{plain}" if f"{mark}_{plain}" in keys else plain
                theirs[key] = values.get(f"{named}{hash_}{instance}:{element}")
            decided = any(field.supplied_by for field in alone.fields.values()) or any(
                field.supplied_by for field in plan.fields.values()
            )
            if not decided:  # What one matter decides may feed the other: that is what combining is for.
                assert plan.project(values, item.key) == alone.project(theirs, item.key)


def matter(slug: str, *, label: str = "母亲", subject: str = "person", options: str = "ab") -> CompiledMatter:
    """A small matter of two items about the applicant and one other person; the second item depends on an answer."""
    element = ELEMENTS["fact.word"].code
    line = LineDefinition("W", "applicant", element, "申请人的词")
    base = sound_catalog(0)[0]
    item = dataclasses.replace(
        next(iter(base.items.values())),
        slug=f"{slug}_a",
        department="police",
        materials=(),
        outputs=(),
        results=(),
        cross_rules=(),
        consents=(),
        lines=(line, LineDefinition("M", "mother", element, "母亲的词")),
    )
    other = dataclasses.replace(
        item, slug=f"{slug}_b", lines=(dataclasses.replace(line, condition={"==": [{"var": "answers.way"}, "a"]}),)
    )
    definition = dataclasses.replace(
        base.matter,
        slug=slug,
        subject=subject,
        roles=(RoleDefinition("applicant", "本人", is_applicant=True), RoleDefinition("mother", label)),
        questions=(
            GuideQuestion("way", "怎么办", options=tuple(GuideOption(each, each) for each in options)),
            GuideQuestion("idle", "随便问问", options=(GuideOption("x", "x"),)),
        ),
        items=(MatterItemDefinition(item.slug), MatterItemDefinition(other.slug, optional=True)),
    )
    items = {each.slug: each for each in (item, other)}
    return CompiledMatter(compile_matter(definition, items, ELEMENTS, MATERIALS))


def test_the_applicant_is_one_person_and_is_asked_once() -> None:
    whole = compiled([ChosenPart(matter("one")), ChosenPart(matter("two"))])
    keys = list(whole.plan_for({"way": "a", "idle": "x"}).fields)
    assert keys.count("applicant:fact.word") == 1
    assert {"mother:fact.word", "two_mother:fact.word"} <= set(keys)


def test_people_of_one_name_are_one_person_only_where_the_applicant_says_so() -> None:
    parts = [ChosenPart(matter("one")), ChosenPart(matter("two"))]
    pairs = namesakes(parts)
    assert [(pair.first, pair.second, pair.label) for pair in pairs] == [(("one", "mother"), ("two", "mother"), "母亲")]
    keys = set(compiled(parts, tuple(pairs)).plan_for({"way": "a", "idle": "x"}).fields)
    assert "mother:fact.word" in keys
    assert "two_mother:fact.word" not in keys


def test_people_of_different_names_are_never_taken_for_one() -> None:
    assert namesakes([ChosenPart(matter("one")), ChosenPart(matter("two", label="父亲"))]) == []


def test_a_question_that_two_matters_ask_alike_is_asked_once_and_another_is_kept_apart() -> None:
    alike = compiled([ChosenPart(matter("one")), ChosenPart(matter("two"))])
    assert [question.key for question in alike.questions if not question.implied] == ["way", "idle"]
    apart = compiled([ChosenPart(matter("one")), ChosenPart(matter("two", options="abc"))])
    assert [question.key for question in apart.questions if not question.implied] == ["way", "idle", "two_way"]


def test_questions_worded_alike_are_told_apart_by_their_matter_in_every_language() -> None:
    one, two = matter("one"), matter("two", options="abc")
    text = next(question.text for question in one.questions if question.key == "way")
    two = CompiledMatter({**two.content, "translations": {"en": {text: "Which way?", two.name: "The second"}}})
    apart = compiled([ChosenPart(one), ChosenPart(two)])
    assert [question.text for question in apart.questions if question.key in ("way", "two_way")] == [
        f"{text}（{one.name}）",
        f"{text}（{two.name}）",
    ]
    assert translator_for(apart, "en")(f"{text}（{two.name}）") == "Which way? (The second)"
    alike = compiled([ChosenPart(one), ChosenPart(matter("two"))])
    assert [question.text for question in alike.questions if question.key == "way"] == [text]


def test_single_items_bring_only_the_questions_they_depend_on() -> None:
    first, second = matter("one"), matter("two")
    whole = compiled([ChosenPart(first, frozenset({"one_a"})), ChosenPart(second, frozenset({"two_b"}))])
    assert [question.key for question in whole.questions] == ["way"]
    assert [item.slug for item in whole.plan_for({"way": "a"}).items] == ["one_a", "two_b"]


def test_choosing_an_item_answers_the_question_which_things_are_wanted() -> None:
    one = matter("one")
    which = GuideQuestion("which", "要办哪些", options=(GuideOption("x", "甲"), GuideOption("y", "乙")), multiple=True)
    asks = [{"in": [option, {"var": "answers.which"}]} for option in "xy"]
    definition = dataclasses.replace(
        sound_catalog(0)[0].matter,
        slug="several",
        roles=one.roles,
        questions=(which, next(question for question in one.questions if question.key == "way")),
        items=(
            MatterItemDefinition("one_a", condition=asks[0]),
            MatterItemDefinition("one_b", condition={"or": [asks[0], asks[1]]}),
        ),
    )
    several = CompiledMatter(compile_matter(definition, one.items, ELEMENTS, MATERIALS))
    whole = compiled([ChosenPart(several, frozenset({"one_a"}))])
    assert "which" not in {question.key for question in whole.questions}
    assert [item.slug for item in whole.plan_for({}).items] == ["one_a"]
    # 乙 leads to nothing else that has a name of its own, and nothing hangs on 甲: there is nothing to ask.
    settled = compiled([ChosenPart(several, frozenset({"one_b"}))])
    assert "which" not in {question.key for question in settled.questions}
    assert [item.slug for item in settled.plan_for({}).items] == ["one_b"]
    # Where something on its form depends on what else is wanted, only the applicant knows.
    line = dataclasses.replace(one.items["one_b"].lines[0], condition=asks[0])
    items = {**one.items, "one_b": dataclasses.replace(one.items["one_b"], lines=(line,))}
    several = CompiledMatter(compile_matter(definition, items, ELEMENTS, MATERIALS))
    asked = compiled([ChosenPart(several, frozenset({"one_b"}))])
    assert "which" in {question.key for question in asked.questions}
    assert [item.slug for item in asked.plan_for({"which": ["y"]}).items] == ["one_b"]


YES_NO = (GuideOption("no", "不办"), GuideOption("yes", "办"))


@pytest.mark.parametrize(
    ("options", "condition", "asked"),
    [
        (YES_NO, {"==": [{"var": "answers.want"}, "yes"]}, None),
        (YES_NO, {"!=": [{"var": "answers.want"}, "no"]}, None),
        (YES_NO, {"and": [{"==": [{"var": "answers.want"}, "yes"]}, {"==": [{"var": "answers.way"}, "a"]}]}, None),
        # How it is to be done is asked, whether is not.
        ((*YES_NO, GuideOption("later", "以后办")), {"!=": [{"var": "answers.want"}, "no"]}, ["yes", "later"]),
        # Facts are asked: 有没还清的贷款吗, 户口在哪里.
        (YES_NO, {"==": [{"var": "answers.want"}, "no"]}, ["no", "yes"]),
        (
            (GuideOption("here", "本市"), GuideOption("away", "外省")),
            {"==": [{"var": "answers.want"}, "here"]},
            ["here", "away"],
        ),
        ((YES_NO[0], GuideOption("yes", "办", stops="不行")), {"==": [{"var": "answers.want"}, "yes"]}, ["no", "yes"]),
    ],
)
def test_whether_a_chosen_item_is_wanted_is_not_asked(
    options: tuple[GuideOption, ...], condition: Any, asked: list[str] | None
) -> None:
    one = matter("one")
    definition = dataclasses.replace(
        sound_catalog(0)[0].matter,
        slug="several",
        roles=one.roles,
        questions=(
            GuideQuestion("want", "要办吗", options=options),
            next(question for question in one.questions if question.key == "way"),
        ),
        items=(MatterItemDefinition("one_a", condition=condition), MatterItemDefinition("one_b")),
    )
    several = CompiledMatter(compile_matter(definition, one.items, ELEMENTS, MATERIALS))
    whole = compiled([ChosenPart(several, frozenset({"one_a"}))])
    found = {question.key: [option.value for option in question.options] for question in whole.questions}
    assert found.get("want") == asked
    assert asked is not None or [item.slug for item in whole.plan_for({"way": "a"}).items] == ["one_a"]


def test_an_item_of_two_matters_is_done_once() -> None:
    one = matter("one")
    again = CompiledMatter({**one.content, "matter": {**one.content["matter"], "slug": "again"}})
    pair = namesakes([ChosenPart(one), ChosenPart(again)])
    whole = compiled([ChosenPart(one), ChosenPart(again)], tuple(pair))
    assert [use.item for use in whole.uses] == ["one_a", "one_b"]


def test_it_refuses_an_item_that_would_be_for_two_different_people() -> None:
    one = matter("one")
    again = CompiledMatter({**one.content, "matter": {**one.content["matter"], "slug": "again"}})
    with pytest.raises(CombiningRefused) as refusal:
        combine([ChosenPart(one), ChosenPart(again)], slug="both", name="一起办")
    assert refusal.value.code == "item_for_different_people"


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ([], "nothing_chosen"),
        ([ChosenPart(matter("one"), frozenset())], "nothing_chosen"),
        ([ChosenPart(matter("one")), ChosenPart(matter("two", subject="organisation"))], "subjects_differ"),
    ],
)
def test_it_refuses_what_cannot_be_one_application(parts: list[ChosenPart], code: str) -> None:
    with pytest.raises(CombiningRefused) as refusal:
        combine(parts, slug="both", name="一起办")
    assert refusal.value.code == code
