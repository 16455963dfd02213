"""The language of conditions: one meaning on the server and in the browser."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.rules.language import ARITY, MAX_NODES, check, evaluate, explain, holds, rename, variables
from catalog.rules.values import MAX_DEPTH
from tests.catalog.merging.examples import examples

ROOT = Path(__file__).parents[3]
VECTORS = json.loads((ROOT / "tests/vectors/rules.json").read_text())

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=5),
    st.sampled_from(["2024-02-29", "2023-02-28T23:59", "12.50", "7", "\ud800", "𠮷"]),
)
values = st.dictionaries(
    st.sampled_from(["a", "b", "c"]),
    st.recursive(scalars, lambda inner: st.lists(inner, max_size=3), max_leaves=6) | st.just({"an": "object"}),
)


def rules(sound: bool) -> st.SearchStrategy[Any]:
    operators = [operator for operator in ARITY if operator != "var"] + ([] if sound else ["nonsense", ""])
    leaf = scalars | st.sampled_from([{"var": "a"}, {"var": "b"}, {"var": ["c", 1]}])

    def grow(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
        def operation(operator: str) -> st.SearchStrategy[Any]:
            least, most = ARITY.get(operator, (0, 2))
            size = (least, most or 4) if sound else (0, 4)
            return st.lists(inner, min_size=size[0], max_size=size[1]).map(lambda given: {operator: given})

        return st.sampled_from(operators).flatmap(operation) | st.lists(inner, max_size=3)

    return st.recursive(leaf, grow, max_leaves=12)


def identical(one: Any, other: Any) -> bool:
    """Return whether two results are the same JSON, 1 and 1.0 alike, true and 1 not."""
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(identical, one, other))
    return one == other and isinstance(one, bool) == isinstance(other, bool)


# No backslash in a name: pytest escapes it again at each collection of one process, and mutmut asks for tests by their names.
@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: json.dumps(case["rule"]).replace("\\", "")[:60])
def test_it_gives_the_agreed_answer(case: dict[str, Any]) -> None:
    assert identical(evaluate(case["rule"], VECTORS["values"]), case["expected"])


def test_it_is_agreed_on_many_cases_most_of_them_thought_of_by_hand() -> None:
    assert len(VECTORS["cases"]) >= 300
    assert sum(case["by"] == "hand" for case in VECTORS["cases"]) >= 140


@examples(300)
@given(rules(sound=False), values)
def test_it_never_raises(rule: Any, given_values: dict[str, Any]) -> None:
    evaluate(rule, given_values)
    assert holds(rule, given_values) in (True, False)
    explain(rule, given_values)
    check(rule)
    variables(rule)


@examples(150)
@given(rules(sound=True), values)
def test_it_reads_only_the_variables_it_names(rule: Any, given_values: dict[str, Any]) -> None:
    named = variables(rule)
    only = {key: value for key, value in given_values.items() if key in named}
    assert repr(evaluate(rule, only)) == repr(evaluate(rule, given_values))
    renamed = rename(rule, lambda name: f"new:{name}")
    assert variables(renamed) == {f"new:{name}" for name in named}
    moved = {f"new:{key}": value for key, value in given_values.items()}
    assert repr(evaluate(renamed, moved)) == repr(evaluate(rule, given_values))
    assert {ground.variable for ground in explain(rule, given_values)} <= named


def nested(depth: int) -> Any:
    rule: Any = True
    for _ in range(depth):
        rule = {"!!": [rule]}
    return rule


def test_it_finds_nothing_wrong_with_a_sound_rule() -> None:
    assert (
        check({"and": [{"==": [{"var": "answers.marriage"}, "married"]}, {"<": [1, {"var": ["n", 2]}, 3.5]}, None]})
        == []
    )
    assert check(nested(MAX_DEPTH - 1)) == []
    assert check("甲" * 500) == []
    assert check([1] * (MAX_NODES - 1)) == []


@pytest.mark.parametrize(
    ("rule", "code", "path"),
    [
        ({"nonsense": [1]}, "unknown_operator", ()),
        ({"and": [{"nonsense": [1]}]}, "unknown_operator", ("and", 0)),
        ({"==": [1]}, "wrong_arity", ("==",)),
        ({"==": [1, 2, 3]}, "wrong_arity", ("==",)),
        ({"<": [1, 2, 3, 4]}, "wrong_arity", ("<",)),
        ({"and": []}, "wrong_arity", ("and",)),
        ({"var": []}, "wrong_arity", ("var",)),
        ({"var": [1]}, "bad_variable", ("var",)),
        ({"var": ""}, "bad_variable", ("var",)),
        ({}, "not_one_operator", ()),
        ({"==": [1, 1], "!=": [1, 1]}, "not_one_operator", ()),
        ({"==": [2**53, 1]}, "bad_literal", ("==", 0)),
        ([float("nan")], "bad_literal", (0,)),
        ([float("inf")], "bad_literal", (0,)),
        ([b"bytes"], "bad_literal", (0,)),
        ("甲" * 501, "text_too_long", ()),
        ([1] * MAX_NODES, "too_large", ()),
    ],
)
def test_it_says_what_is_not_in_the_language_and_where(rule: Any, code: str, path: tuple[Any, ...]) -> None:
    (problem,) = check(rule)
    assert (problem.code, problem.path) == (code, path)


def test_it_refuses_any_nesting_without_falling_over() -> None:
    (problem,) = check(nested(MAX_DEPTH))
    assert (problem.code, problem.params) == ("too_deep", {"limit": MAX_DEPTH})
    rule: Any = 1
    for _ in range(100_000):
        rule = [rule]
    assert [problem.code for problem in check(rule)] == ["too_deep"]
    assert evaluate(nested(500), {}) is not None  # too deep reads as null, and null has a truth value
    deep: Any = []
    for _ in range(50_000):
        deep = [deep]
    assert evaluate({"==": [{"var": "x"}, {"var": "x"}]}, {"x": deep}) is False


def test_it_explains_by_the_variables_that_decided() -> None:
    chose = {"answers.a": "yes", "answers.b": "no", "answers.c": "x"}

    def names(rule: Any) -> list[str]:
        return [ground.variable for ground in explain(rule, chose)]

    yes, no = {"==": [{"var": "answers.a"}, "yes"]}, {"==": [{"var": "answers.b"}, "yes"]}
    assert [(g.variable, g.value) for g in explain(yes, chose)] == [("answers.a", "yes")]
    assert names({"or": [yes, no]}) == ["answers.a"]
    assert names({"and": [yes, no]}) == ["answers.b"]
    assert names({"and": [yes, {"!": [no]}, yes]}) == ["answers.a", "answers.b"]
    assert names({"or": [no, {"==": [{"var": "answers.c"}, "y"]}]}) == ["answers.b", "answers.c"]
    assert names({"if": [yes, {"var": "answers.c"}, no]}) == ["answers.a", "answers.c"]
    assert names({"if": [no, {"var": "answers.c"}, yes]}) == ["answers.b", "answers.a"]
    assert names({"if": [yes, {"var": "answers.c"}]}) == ["answers.a", "answers.c"]
    assert names({"if": [no, 1, yes, {"var": "answers.c"}]}) == ["answers.b", "answers.a", "answers.c"]
    assert names({"if": [no, 1, no, 2, {"var": "answers.c"}]}) == ["answers.b", "answers.c"]
    assert names({"if": [no, {"var": "answers.c"}]}) == ["answers.b"]
    assert names({"in": ["x", [{"var": "answers.c"}]]}) == ["answers.c"]
    assert names(True) == []
    assert names({"and": [yes], "or": [no]}) == []


def test_it_tells_the_limits_it_holds_to() -> None:
    assert [problem.params for problem in check("甲" * 501)] == [{"limit": 500}]
    assert [problem.params for problem in check([1] * MAX_NODES)] == [{"limit": MAX_NODES}]
    assert [problem.params for problem in check({"==": [1]})] == [{"operator": "==", "given": 1}]
    assert [problem.params for problem in check({"x" * 100: 1})] == [{"operator": "x" * 60}]


def test_it_always_holds_without_a_condition() -> None:
    assert holds(None, {})
    assert not holds({"var": "a"}, {})
    assert holds({"var": "a"}, {"a": 1})


def test_it_reads_no_variable_where_none_is_named() -> None:
    for rule in ({"var": []}, {"var": [5]}, {"var": [None, 1]}, {"and": [{"var": [["a"]]}]}):
        assert variables(rule) == frozenset()
        assert explain(rule, {"a": 1}) == []
        assert rename(rule, str.upper) == rule
    assert variables({"var": ["a", {"var": "b"}]}) == {"a", "b"}
    assert rename({"var": ["a", {"var": "b"}]}, str.upper) == {"var": ["A", {"var": "B"}]}
    assert rename([{"!": {"var": "a"}}, "a"], str.upper) == [{"!": {"var": "A"}}, "a"]


def in_node(script: str, data: Any) -> Any:
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed; the browser journey runs the same vectors")
    done = subprocess.run(
        [node, "--input-type=module", "-e", script], input=json.dumps(data), capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


RUN = f"""
import {{ readFileSync }} from "node:fs";
const {{ evaluate }} = await import({json.dumps((ROOT / "static/js/rules.js").as_uri())});
const cases = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify(cases.map(([rule, values]) => evaluate(rule, values))));
"""


def test_it_is_the_same_language_in_the_browser() -> None:
    answers = in_node(RUN, [[case["rule"], VECTORS["values"]] for case in VECTORS["cases"]])
    different = [
        (case["rule"], answer)
        for case, answer in zip(VECTORS["cases"], answers, strict=True)
        if not identical(answer, case["expected"])
    ]
    assert different == []


def test_it_is_the_same_language_in_the_browser_for_rules_nobody_thought_of() -> None:
    cases: list[Any] = []

    @examples(400)
    @given(rules(sound=False), values)
    def collect(rule: Any, given_values: dict[str, Any]) -> None:
        try:
            text = json.dumps([rule, given_values], allow_nan=False)
        except ValueError:
            return  # not JSON: no browser ever sees it
        cases.append(json.loads(text))

    collect()
    answers = in_node(RUN, cases)
    for (rule, given_values), answer in zip(cases, answers, strict=True):
        expected = json.loads(json.dumps(evaluate(rule, given_values)))
        if "e+" in json.dumps([rule, given_values]) or any(
            len(part) > 16 for part in json.dumps([rule, given_values]).split()
        ):
            continue  # a literal beyond a browser's number prints differently; comparing it is null on both sides
        assert identical(answer, expected), (rule, given_values)


def test_it_is_small_enough_for_every_page() -> None:
    assert (ROOT / "static/js/rules.js").stat().st_size < 4352


@pytest.mark.parametrize(
    "wrap",
    [
        lambda rule: {"and": [rule]},
        lambda rule: {"or": [rule]},
        lambda rule: {"if": [True, rule]},
        lambda rule: {"if": [False, 1, rule]},
        lambda rule: [rule],
    ],
)
def test_it_explains_as_deep_as_it_evaluates(wrap: Any) -> None:
    rule: Any = {"var": "a"}
    for _ in range(MAX_DEPTH - 1):
        rule = wrap(rule)
    assert [ground.variable for ground in explain(rule, {"a": True})] == ["a"]
    assert explain(wrap(rule), {"a": True}) == []
