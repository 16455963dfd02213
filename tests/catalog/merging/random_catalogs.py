"""Random matters to hold the laws against: conditions, persons that repeat (children, employees), roles under other names, one person in
two roles, groups, optional items, facts and papers that decisions supply, limits in both kinds of days or unknown, contradictions, cycles."""

from __future__ import annotations

import functools
import json
import random
from dataclasses import dataclass, replace
from typing import Any

from hypothesis import strategies as st

from catalog.compiling import CompileRefused, compile_matter
from catalog.definitions import (
    ConsentDefinition,
    CrossRule,
    Dependency,
    ElementDefinition,
    Exemption,
    GuideOption,
    GuideQuestion,
    ItemDefinition,
    LineDefinition,
    MaterialDefinition,
    MaterialNeed,
    MatterDefinition,
    MatterItemDefinition,
    Option,
    OutputDefinition,
    ResultDefinition,
    RoleDefinition,
)
from catalog.merging.compiled import CompiledMatter

ELEMENTS = {
    element.code: element
    for element in (
        ElementDefinition("fact.word", "词", "text", constraints={"max_length": 12}),
        ElementDefinition("fact.other", "别的词", "text", known_from=("profile",)),
        ElementDefinition("fact.number", "数", "integer", constraints={"min": -50, "max": 50}),
        ElementDefinition("fact.day", "日", "date", constraints={"not_future": True}),
        ElementDefinition("fact.choice", "选", "select", (Option("x", "甲"), Option("y", "乙"), Option("z", "丙"))),
        ElementDefinition("fact.several", "多选", "multiselect", (Option("p", "一"), Option("q", "二"))),
        ElementDefinition("fact.flag", "是否", "boolean", known_from=("shared:police",)),
        ElementDefinition("fact.id", "编号", "text"),
        ElementDefinition("fact.sign", "签名", "signature"),
    )
}
MATERIALS = {code: MaterialDefinition(code, f"材料{code}") for code in ("photo", "deed", "book", "proof")}
ROLES = ("applicant", "child", "firm", "agent", "employee")
REPEATED = {"child": "count", "employee": "staff"}  # role → the question how many there are
OWN_WORD = "handler"  # what some departments call the agent
TODAY = "2025-06-01"


@dataclass(frozen=True)
class Catalog:
    seed: int
    matter: MatterDefinition
    items: dict[str, ItemDefinition]

    def __repr__(self) -> str:
        return f"random_catalog({self.seed}, {len(self.items)}, …)"

    def compile(self) -> CompiledMatter:
        return CompiledMatter(compile_matter(self.matter, self.items, ELEMENTS, MATERIALS))


def atom(pick: random.Random, names: list[str]) -> Any:
    """Return a small condition on one of the names."""
    name = pick.choice(names)
    var = {"var": name}
    if name.startswith("answers."):
        if name.removeprefix("answers.") in REPEATED.values():
            return {pick.choice([">", "<="]): [var, pick.choice([0, 1, 2])]}
        if name == "answers.extras":
            return {"in": [pick.choice("mn"), var]}
        return {pick.choice(["==", "!="]): [var, pick.choice("abc")]}
    element = name.partition(":")[2]
    if element == "fact.number":
        return {pick.choice(["<", "<=", ">", ">=", "=="]): [var, pick.randint(-10, 10)]}
    if element == "fact.day":
        return pick.choice([{">": [var, "2024-01-01"]}, {">=": [{"years_between": [var, TODAY]}, 1]}])
    if element == "fact.choice":
        return pick.choice([{"==": [var, pick.choice("xyz")]}, {"in": [var, ["x", "y"]]}])
    if element == "fact.several":
        return pick.choice([{"in": ["p", var]}, {">": [{"count": [var]}, 1]}])
    return pick.choice([{"!!": [var]}, {"!": [var]}, {"==": [var, None]}])


def condition(pick: random.Random, names: list[str], chance: float) -> Any:
    if not names or pick.random() > chance:
        return None
    one = atom(pick, names)
    kind = pick.random()
    if kind < 0.6:
        return one
    if kind < 0.75:
        return {"and": [one, atom(pick, names)]}
    if kind < 0.9:
        return {"or": [one, atom(pick, names)]}
    return {"if": [one, {"!": [atom(pick, names)]}, atom(pick, names)]}


def constraints(pick: random.Random, element: str, wild: bool) -> dict[str, Any]:
    """Return demands that agree with each other unless ``wild``."""
    if pick.random() < 0.5:
        return {}
    if element == "fact.number":
        low, high = (
            (pick.randint(-60, 60), pick.randint(-60, 60)) if wild else (pick.randint(-40, -1), pick.randint(1, 40))
        )
        return pick.choice([{"min": low}, {"max": high}, {"min": min(low, high), "max": max(low, high)}])
    if element in ("fact.word", "fact.other"):
        return pick.choice([{"max_length": pick.randint(4, 9)}, {"min_length": pick.randint(1, 14 if wild else 3)}])
    if element == "fact.day":
        return pick.choice([{"not_before": "2010-01-01"}, {"max_age_years": pick.randint(5, 20)}, {"min_age_years": 2}])
    if element == "fact.choice":
        return {
            "options": pick.choice([["x"], ["y", "z"], ["z"]]) if wild else pick.choice([["x", "y"], ["x", "z"], ["x"]])
        }
    if element == "fact.several":
        return {"max_items": 1}
    return {}


def random_item(pick: random.Random, slug: str, wild: bool, feeds: str) -> ItemDefinition:
    facts = [(role, element) for role in ROLES for element in ELEMENTS if f"{role}:{element}" != feeds]
    chosen = pick.sample(facts, pick.randint(0, 7))
    earlier = ["answers.first", "answers.second", "answers.count", "answers.extras", "answers.staff"]
    names = [*earlier]
    lines = []
    shuffled = [f"{role}:{element}" for role, element in chosen]
    for role, element in chosen:
        key = f"{role}:{element}"
        readable = names if not wild else earlier + shuffled
        lines.append(
            LineDefinition(
                code=f"{slug}_{len(lines)}",
                role=role,
                element=element,
                label=pick.choice(["", "名称一", "名称二"]),
                required=pick.choice([True, False, False, condition(pick, readable, 1)]),
                condition=condition(pick, readable, 0.5),
                section=pick.choice(["", "one", "two"]),
                reuse=pick.choice(["reuse", "confirm", "ask"]),
                constraints=constraints(pick, element, wild),
                order=pick.randint(0, 3),
            )
        )
        names.append(key)
    pick.shuffle(lines)  # the order on paper is not the order in which conditions read
    own = earlier + [f"{line.role}:{line.element}" for line in lines]
    materials = tuple(
        MaterialNeed(
            code,
            pick.choice(["required", "optional", "deferrable"]),
            condition(pick, own, 0.4),
            copies=pick.randint(1, 3),
            exemptions=tuple(
                Exemption(*each)
                for each in pick.sample(
                    [
                        ("certificate", "card"),
                        ("shared_data", "police"),
                        ("commitment", ""),
                        ("result", "i0"),
                        ("result", "i1"),
                    ],
                    pick.randint(0, 2),
                )
                if each[1] != slug
            ),
            role=pick.choice(["", "", "child", "applicant", "employee"]),
        )
        for code in pick.sample(sorted(MATERIALS), pick.randint(0, 2))
    )
    cross = ()
    if len(own) > 6 and pick.random() < 0.3:
        cross = (CrossRule("together", {"and": [atom(pick, own[5:]), atom(pick, own[5:])]}, "矛盾", (lines[0].code,)),)
    return ItemDefinition(
        slug,
        f"事项{slug}",
        pick.choice(["police", "health", "labour"]),
        tuple(lines),
        materials,
        outputs=(OutputDefinition("decided", "结果", "text", feeds=feeds),) if feeds else (),
        results=(ResultDefinition(f"certificate_{slug}"),),
        consents=(ConsentDefinition("share", f"同意{slug}"),) if pick.random() < 0.5 else (),
        cross_rules=cross,
        promised_limit_days=None if pick.random() < 0.1 else pick.randint(0, 15),
        limit_unit="calendar_days" if pick.random() < 0.2 else "working_days",
        visits=pick.randint(0, 2),
    )


def asked_of_all(pick: random.Random, item: ItemDefinition, per: str) -> ItemDefinition:
    """Return the item with its rules asking all persons of a role, wherever they do not speak of a certain one."""

    def rule(node: Any, *given: str) -> Any:
        for role in REPEATED:
            if f'"{role}:' in json.dumps(node) and role not in given:
                asked = {pick.choice(["any", "all", "none", "count"]): [role, node]}
                node = {">": [asked, 1]} if "count" in asked else asked
        return node

    return replace(
        item,
        lines=tuple(
            replace(line, condition=rule(line.condition, line.role, per), required=rule(line.required, line.role, per))
            for line in item.lines
        ),
        materials=tuple(replace(need, condition=rule(need.condition, need.role, per)) for need in item.materials),
        cross_rules=tuple(replace(cross, violated=rule(cross.violated, per)) for cross in item.cross_rules),
    )


def renamed(item: ItemDefinition, old: str, new: str) -> ItemDefinition:
    """Return the item with a role under another name, wherever it stands."""

    def rule(node: Any) -> Any:
        return json.loads(json.dumps(node).replace(f'"{old}:', f'"{new}:'))

    return replace(
        item,
        lines=tuple(
            replace(
                line,
                role=new if line.role == old else line.role,
                condition=rule(line.condition),
                required=rule(line.required),
            )
            for line in item.lines
        ),
        materials=tuple(replace(need, condition=rule(need.condition)) for need in item.materials),
        cross_rules=tuple(replace(cross, violated=rule(cross.violated)) for cross in item.cross_rules),
    )


def random_catalog(seed: int, size: int, wild: bool) -> Catalog:
    pick = random.Random(seed)
    slugs = [f"i{n}" for n in range(size)]
    feeders = pick.sample(slugs, min(size, pick.choice([0, 1, 1, 2])))
    fed = dict(zip(feeders, pick.sample(["child:fact.id", "applicant:fact.id", "employee:fact.id"], 2), strict=False))
    items = {}
    uses = []
    members = pick.choice([0, 0, 0, 2, 3]) if size >= 3 else 0
    shared = condition(pick, ["answers.first", "answers.second"], 0.6)
    for at, slug in enumerate(slugs):
        feeds = fed.get(slug, "")
        items[slug] = random_item(pick, slug, wild and pick.random() < 0.3, feeds)
        per = feeds.partition(":")[0] if feeds else pick.choice(["", "", "child", "employee"])
        per = per if per in REPEATED else ""
        items[slug] = asked_of_all(pick, items[slug], per)
        roles = {}
        if pick.random() < 0.3:
            items[slug], roles = renamed(items[slug], "agent", OWN_WORD), {OWN_WORD: "agent"}
        applies = condition(pick, ["answers.first", "answers.second", "answers.extras", "answers.staff"], 0.4)
        if at < members and shared is not None:
            applies = shared if applies is None else {"and": [shared, applies]}
        before = slugs if wild else slugs[:at]
        after = tuple(
            Dependency(other, pick.choice(["must_finish_first", "result_feeds", "parallel"]))
            for other in pick.sample(before, min(len(before), pick.choice([0, 0, 1, 2])))
            if other != slug
        )
        uses.append(
            MatterItemDefinition(
                slug,
                applies,
                optional=pick.random() < 0.25,
                group="way" if at < members else "",
                per=per,
                after=after,
                roles=roles,
            )
        )
    first = {"var": "answers.first"}
    same_as = {"if": [{"==": [first, "a"]}, "applicant", {"==": [first, "b"]}, "firm", None]}
    matter = MatterDefinition(
        "random",
        "随机一件事",
        roles=(
            RoleDefinition("applicant", "申请人", is_applicant=True),
            RoleDefinition("child", "孩子", count={"var": "answers.count"}, maximum=3),
            RoleDefinition("firm", "单位"),
            RoleDefinition("agent", "经办人", same_as=same_as),
            RoleDefinition("employee", "员工", count={"var": "answers.staff"}, maximum=3),
        ),
        questions=(
            GuideQuestion("first", "一", options=tuple(GuideOption(v, v) for v in "abc")),
            GuideQuestion(
                "second",
                "二",
                options=tuple(GuideOption(v, v) for v in "ab"),
                condition=condition(pick, ["answers.first"], 0.5),
            ),
            GuideQuestion("count", "几个", minimum=0, maximum=3),
            GuideQuestion("staff", "几名员工", minimum=0, maximum=3, condition={"!=": [first, "c"]}),
            GuideQuestion(
                "extras", "另外", options=tuple(GuideOption(v, v) for v in "mn"), multiple=True, required=False
            ),
        ),
        items=tuple(uses),
    )
    return Catalog(seed, matter, items)


POOL = 600  # different catalogs; compiled once per run, tried with ever new answers and values


@functools.cache
def sound_catalog(seed: int) -> tuple[Catalog, CompiledMatter]:
    """Return a catalog of one to five items that compiles, with what it compiles to."""
    refusals = []
    for attempt in range(seed, seed + POOL * 5 * 40, POOL * 5):
        catalog = random_catalog(attempt, 1 + attempt % 5, wild=False)
        try:
            return catalog, catalog.compile()
        except CompileRefused as refusal:
            refusals.append(str(refusal))
    raise AssertionError(refusals)


def compiled_catalogs() -> st.SearchStrategy[tuple[Catalog, CompiledMatter]]:
    return st.integers(0, POOL - 1).map(sound_catalog)


def wild_catalogs() -> st.SearchStrategy[Catalog]:
    """Catalogs that may contradict themselves."""
    return st.builds(random_catalog, st.integers(0, 2**40), st.integers(1, 5), st.just(True))


def random_answers(pick: random.Random, matter: CompiledMatter) -> dict[str, Any]:
    """Return valid answers, complete most of the time."""
    answers: dict[str, Any] = {}
    while True:
        open_questions = [q for q in matter.questions_for(answers) if q.key not in answers]
        if not open_questions or pick.random() < 0.02:
            return {key: value for key, value in answers.items() if value != []}
        question = open_questions[0]
        values = [option.value for option in question.options]
        if question.multiple:
            answers[question.key] = [value for value in values if pick.random() < 0.6]
        else:
            answers[question.key] = (
                pick.choice(values) if values else pick.randint(question.minimum, question.maximum or 0)
            )


def random_value(pick: random.Random, element: str) -> Any:
    """Return what somebody might type: mostly sound, sometimes out of bounds, sometimes nonsense, sometimes nothing."""
    kind = pick.random()
    if kind < 0.12:
        return pick.choice([None, "", "  "])
    if kind < 0.17:
        return pick.choice([True, 10**30, "\x00", [], ["x"], "甲" * 40, "2023-02-30", {"a": 1}, 1.5])
    if element == "fact.number":
        return pick.choice([pick.randint(-12, 12), str(pick.randint(-60, 60)), "１２"])
    if element == "fact.day":
        return pick.choice(["2024-02-29", "2020/5/6", "2030-01-01", "1999-12-31", "20230101"])
    if element == "fact.choice":
        return pick.choice("xyzw")
    if element == "fact.several":
        return pick.choice([["p"], ["q", "p"], "q", ["p", "nothing"]])
    if element == "fact.flag":
        return pick.choice([True, False, "true", "否"])
    if element == "fact.sign":
        return pick.choice(["李雷", "韩梅梅", "李1"])
    return pick.choice(["一", "二三", "  四 五 ", "六七八九十一二三", "ＡＢ", "e\u0301"])


def random_values(pick: random.Random, matter: CompiledMatter, answers: dict[str, Any]) -> dict[str, Any]:
    """Return a filled form, with some keys that the plan does not know."""
    plan = matter.plan_for(answers)
    values = {key: random_value(pick, field.element) for key, field in plan.fields.items() if pick.random() < 0.95}
    values["nobody:fact.word"] = "多余"
    return values
