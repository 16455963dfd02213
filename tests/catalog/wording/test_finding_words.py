"""A finding names questions, answers, fields and papers as people call them, never by their codes."""

from __future__ import annotations

import pytest
from django.utils import translation

from catalog.definitions import (
    ElementDefinition,
    Finding,
    GuideOption,
    GuideQuestion,
    ItemDefinition,
    LineDefinition,
    MaterialDefinition,
    MatterDefinition,
    MatterItemDefinition,
    RoleDefinition,
    Source,
)
from catalog.models import DeclaredFigure
from catalog.wording.findings import in_words
from catalog.wording.names import METRICS, Names, names_of

ITEMS = (
    ItemDefinition(
        "permit", "食品经营许可", "market", (LineDefinition("name", "applicant", "person.name"),), short_name="许可"
    ),
    ItemDefinition("promise", "食品经营许可（告知承诺）", "market", ()),
)
MATTER = MatterDefinition(
    "shop",
    "开店",
    roles=(RoleDefinition("boss", "经营者"),),
    questions=(
        GuideQuestion(
            "food", "卖什么", options=(GuideOption("cold", "凉菜"), GuideOption("hot", "热菜")), multiple=True
        ),
        GuideQuestion("size", "有几张桌子", maximum=9),
    ),
    items=(MatterItemDefinition("permit", roles={"applicant": "boss"}), MatterItemDefinition("promise")),
)
NAMES = names_of(
    MATTER,
    ITEMS,
    [ElementDefinition("person.name", "姓名")],
    [MaterialDefinition("lease", "租赁合同"), MaterialDefinition("deed", "房产证")],
)


def said(code: str, *sources: Source, **params: object) -> str:
    with translation.override("zh-hans"):
        return in_words(Finding(code, sources or (Source("", "questions"),), params=params), NAMES).sentence


def test_answers_are_told_as_question_and_option() -> None:
    assert (
        said("leads_nowhere", answers={"food": ["cold", "hot"], "size": 3})
        == "有一组答案一个事项也得不到：“卖什么”答“凉菜、热菜”；“有几张桌子”答“3”"
    )
    assert said("leads_nowhere", answers={"food": []}).endswith("“卖什么”答“都不选”")
    assert said("leads_nowhere", answers={}) == "还没有一定要办的事项"


def test_chosen_items_are_told_by_their_names() -> None:
    answers = {"group.way": "promise", "items": ["permit"]}
    assert said("group_without_choice", group="way", answers=answers).endswith(
        "“way”答“食品经营许可（告知承诺）”；“选办的事项”答“许可”"
    )


def test_fields_and_papers_are_told_by_their_names() -> None:
    assert said("dead_line", Source("permit", "name"), field="boss:person.name").endswith("“经营者的姓名”")
    assert said("material_never_needed", Source("permit", "material:lease"), material="lease").endswith("“租赁合同”")


def test_questions_and_options_are_told_by_their_words() -> None:
    place = Source("", "question:food")
    assert said("unreachable_option", place, question="food", option="cold").endswith("“凉菜”")
    assert "“有几张桌子”" in said("question_order", place, variable="answers.size")


def test_places_are_told_by_their_names() -> None:
    sources = (Source("permit", "material:lease"), Source("promise", "material:deed"))
    assert said("exclusive_papers", *sources, materials=["deed", "lease"], answers={}) == (
        "互相排斥的材料被同时要求：房产证、租赁合同：许可的“租赁合同”、食品经营许可（告知承诺）的“房产证”"
    )
    assert said(
        "contradiction", Source("permit", "name"), Source("", "person.name"), field="boss:person.name", constraint="min"
    ) == ("对“经营者的姓名”的要求互相矛盾（min）：许可的“姓名”、数据元“姓名”")
    assert said("dependency_cycle", Source("permit", "after"), Source("promise", "after"), items=["permit"]) == (
        "几个事项互相等待，谁也办不了：许可、食品经营许可（告知承诺）"
    )


@pytest.mark.parametrize("metric", DeclaredFigure.Metric.values)
def test_each_figure_is_told_as_the_form_calls_it(metric: str) -> None:
    with translation.override("zh-hans"):
        name = str(METRICS[metric])
        assert name == str(DeclaredFigure.Metric(metric).label)
    assert f"“{name}”" in said("declared_differs", place="某县", metric=metric, declared="5", computed="3")


def test_what_has_no_name_is_told_by_its_code() -> None:
    with translation.override("zh-hans"):
        text = in_words(Finding("dead_line", (Source("x", "y"),), params={"field": "a:b"}), Names())
    assert text.sentence.endswith("“a:b”")
