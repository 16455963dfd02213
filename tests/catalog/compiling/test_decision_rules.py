"""A rule that decides reads only what its item declares, compares only what can be compared, and leaves no output open."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from catalog.compiling.compiling import by_code, by_slug
from catalog.compiling.deciding import check_decision
from catalog.definitions import DecisionClause, DecisionFact, DecisionRule
from catalog.definitions.deciding import DecisionRuleMalformed, read_decision_rule
from catalog.wording.findings import in_words
from tests.worlds.ruled import DEFINITION, ELEMENTS, RECORD, RULE


def codes(**changes: Any) -> list[str]:
    item = replace(RECORD, decision_rule=replace(RULE, **changes))
    found = list(check_decision(item, DEFINITION, by_code(ELEMENTS)))
    assert all("（decision" not in in_words(each).sentence for each in found)  # each has a sentence
    return [finding.code for finding in found]


def clause(rule: Any) -> dict[str, Any]:
    return {"clauses": (DecisionClause("one", "一条", rule),)}


def test_a_sound_rule_has_nothing_wrong() -> None:
    assert codes() == []
    assert by_slug([RECORD])["record"].decision_rule.share == 100


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ({"==": [{"var": "facts.wages"}, "1"]}, "decision_unknown_name"),
        ({"==": [{"var": "applicant:person.phone"}, "1"]}, "decision_unknown_name"),
        ({"<": [{"var": "child:person.name"}, 3]}, "decision_wrong_kind"),
        ({"==": [{"var": "child:person.sex"}, ""]}, "decision_empty_literal"),
        ({"var": "child:person.sex"}, "decision_not_a_truth"),
        ({"all": ["child", {"==": [{"var": "child:person.sex"}, "1"]}]}, "decision_of_persons"),
        ({"almost": [1, 2]}, "bad_rule"),
    ],
)
def test_what_a_condition_may_not_do(rule: Any, code: str) -> None:
    assert codes(**clause(rule)) == [code]


def test_a_fact_is_of_a_line_or_paper_of_the_item() -> None:
    facts = (*RULE.facts, DecisionFact("phone", "element:person.phone", "health", "applicant"))
    assert codes(facts=facts) == ["decision_not_declared"]
    facts = (*RULE.facts, DecisionFact("card", "material:resident_id_card", "nobody"))
    assert codes(facts=facts) == ["decision_not_declared", "unknown_reference"]
    assert codes(facts=(replace(RULE.facts[0], about=("uncle",)),)) == ["unknown_reference"]


def test_every_output_has_a_source_of_its_kind() -> None:
    assert codes(outputs={"number": "serial:YM", "born": "fact:born"}) == ["decision_output_missing"]
    assert codes(outputs={**RULE.outputs, "issued_on": "field:child:person.name"}) == ["decision_wrong_kind"]
    assert codes(outputs={**RULE.outputs, "number": "field:mother:person.name"}) == ["decision_unknown_name"]
    assert codes(outputs={**RULE.outputs, "more": "today"}) == ["decision_unknown_name"]


@pytest.mark.parametrize(
    ("data", "place"),
    [
        ([], ""),
        ({}, "clauses"),
        ({"clauses": []}, "clauses"),
        ({"clauses": [{"code": "a", "text": "一", "rule": True}], "unknown": 1}, "unknown"),
        ({"clauses": [{"code": "A!", "text": "一", "rule": True}]}, "clauses.0.code"),
        ({"clauses": [{"code": "a", "text": "一", "rule": True}], "share": 101}, "share"),
        ({"clauses": [{"code": "a", "text": "一", "rule": True}], "outputs": {"n": "eval:x"}}, "outputs.n"),
        ({"clauses": [{"code": "a", "text": "一", "rule": True}], "facts": [{"code": "b"}]}, "facts.0"),
    ],
)
def test_what_is_no_rule_is_named_with_its_place(data: Any, place: str) -> None:
    with pytest.raises(DecisionRuleMalformed) as fault:
        read_decision_rule(data)
    assert str(fault.value).startswith(place)


def test_nothing_written_decides_nothing() -> None:
    assert read_decision_rule(None) == DecisionRule()
