"""An item in other words: its roles renamed to those of the matter, or to the person who plays several."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from catalog.definitions import ItemDefinition, LineDefinition
from catalog.definitions.naming import rename_role
from catalog.rules.language import rename


def rename_roles(item: ItemDefinition, roles: Mapping[str, str]) -> ItemDefinition:
    """Return an item as if its department had named the roles so."""

    def new(rule: Any) -> Any:
        return rename(rule, lambda variable: rename_role(variable, roles), roles)

    def key(text: str) -> str:
        return rename_role(text, roles)

    def face(source: str) -> str:
        return f"field:{key(source[6:])}" if source.startswith("field:") else source

    def line(each: LineDefinition) -> LineDefinition:
        role = roles.get(each.role, each.role)
        return dataclasses.replace(each, role=role, condition=new(each.condition), required=new(each.required))

    return dataclasses.replace(
        item,
        lines=tuple(line(each) for each in item.lines),
        materials=tuple(
            dataclasses.replace(need, role=roles.get(need.role, need.role), condition=new(need.condition))
            for need in item.materials
        ),
        outputs=tuple(
            dataclasses.replace(
                output, feeds=key(output.feeds), repeats=tuple(dict.fromkeys(key(each) for each in output.repeats))
            )
            for output in item.outputs
        ),
        results=tuple(
            dataclasses.replace(
                result,
                holder=roles.get(result.holder, result.holder),
                co_holders=tuple(roles.get(role, role) for role in result.co_holders),
                holder_name=face(result.holder_name),
                founds=roles.get(result.founds, result.founds),
                face={code: face(source) for code, source in result.face.items()},
            )
            for result in item.results
        ),
        cross_rules=tuple(
            dataclasses.replace(rule, violated=new(rule.violated), fields=tuple(key(name) for name in rule.fields))
            for rule in item.cross_rules
        ),
        review_points=tuple(
            dataclasses.replace(point, fields=tuple(key(name) for name in point.fields)) for point in item.review_points
        ),
        decision_rule=dataclasses.replace(
            item.decision_rule,
            clauses=tuple(dataclasses.replace(each, rule=new(each.rule)) for each in item.decision_rule.clauses),
            facts=tuple(
                dataclasses.replace(
                    fact,
                    role=roles.get(fact.role, fact.role),
                    about=tuple(roles.get(role, role) for role in fact.about),
                )
                for fact in item.decision_rule.facts
            ),
            outputs={code: face(source) for code, source in item.decision_rule.outputs.items()},
        ),
    )
