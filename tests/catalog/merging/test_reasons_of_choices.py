"""Of several choices a reason names the one that led there, and no other."""

from __future__ import annotations

from typing import Any

from catalog.compiling import compile_matter
from catalog.definitions import (
    ElementDefinition,
    GuideOption,
    GuideQuestion,
    ItemDefinition,
    LineDefinition,
    MaterialDefinition,
    MatterDefinition,
    MatterItemDefinition,
    RoleDefinition,
)
from catalog.merging.compiled import CompiledMatter
from catalog.rules.language import explain

KINDS = GuideQuestion(
    "kinds",
    "要接什么",
    options=(GuideOption("water", "水"), GuideOption("power", "电"), GuideOption("gas", "气")),
    multiple=True,
)


def wants(kind: str) -> dict[str, Any]:
    return {"in": [kind, {"var": "answers.kinds"}]}


def plan(answers: dict[str, Any]) -> Any:
    items = [
        ItemDefinition(slug, slug, "health", (LineDefinition("A", "p", "person.name"),))
        for slug in ("water", "power", "either", "swim", "skate")
    ]
    uses = (
        MatterItemDefinition("water", wants("water")),
        MatterItemDefinition("power", {"and": [wants("power"), {"!": wants("gas")}]}),
        MatterItemDefinition("either", {"or": [wants("water"), wants("power"), wants("gas")]}),
        MatterItemDefinition("swim", optional=True),
        MatterItemDefinition("skate", optional=True),
    )
    matter = MatterDefinition("m", "试", roles=(RoleDefinition("p", "人"),), questions=(KINDS,), items=uses)
    name = ElementDefinition("person.name", "姓名", "person_name")
    return CompiledMatter(compile_matter(matter, items, [name], list[MaterialDefinition]())).plan_for(answers)


def test_an_item_names_the_choice_that_brought_it() -> None:
    made = plan({"kinds": ["water", "power"], "items": ["swim", "skate"]})
    said = {item.slug: [reason.answer for reason in item.reasons] for item in made.items}
    assert said == {"water": ["水"], "power": ["电"], "either": ["水、电"], "swim": ["swim"], "skate": ["skate"]}


def test_a_choice_that_was_not_made_is_no_reason() -> None:
    rule = {"!": wants("gas")}
    assert [(each.variable, each.value) for each in explain(rule, {"answers.kinds": ["water"]})] == [
        ("answers.kinds", [])
    ]
    assert explain(wants("gas"), {"answers.kinds": "gas"})[0].value == "gas"
