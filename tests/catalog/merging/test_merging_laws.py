"""The laws of merging, held against random catalogs and an independent reading of each department's own form."""

from __future__ import annotations

import json
import random
from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from catalog.compiling import compile_matter
from catalog.definitions import NEVER_MERGED, WAITING_KINDS
from catalog.linting.coverage import cover
from catalog.merging.compiled import CompiledMatter
from catalog.merging.plan_json import plan_as_json
from tests.catalog.merging.examples import examples
from tests.catalog.merging.own_forms import items_for, own_forms
from tests.catalog.merging.random_catalogs import (
    ELEMENTS,
    MATERIALS,
    REPEATED,
    TODAY,
    Catalog,
    compiled_catalogs,
    random_answers,
    random_values,
)

Compiled = tuple[Catalog, CompiledMatter]
seeds = st.integers(0, 2**32)
FEW = examples(120)
MANY = examples(300)


def filled(compiled: Compiled, seed: int) -> tuple[dict[str, Any], dict[str, Any]]:
    pick = random.Random(seed)
    answers = random_answers(pick, compiled[1])
    return answers, random_values(pick, compiled[1], answers)


@FEW
@given(compiled_catalogs(), seeds)
def test_it_asks_each_fact_once_and_forgets_none(compiled: Compiled, seed: int) -> None:
    """Law 1: every line of every chosen item is in exactly one field."""
    answers, _ = filled(compiled, seed)
    plan = compiled[1].plan_for(answers)
    placed = [(asker.item, asker.code) for field in plan.fields.values() for asker in field.asked_by]
    assert len(placed) == len(set(placed))
    facts = [(f.role, f.instance, f.element) for f in plan.fields.values() if f.type not in NEVER_MERGED]
    assert len(facts) == len(set(facts))
    assert [f.key for section in plan.sections for f in section.fields] == list(plan.fields)
    expected = set()
    for form in own_forms(compiled[0], answers):
        for line, _person, code, _key in form.rows():
            reads = json.dumps(line.condition)
            nobody = any(not number and f'["{role}", ' in reads for role, number in form.counts.items())
            if line.condition is None or ("fact." in reads and not nobody):
                expected.add((form.key, code))
    # Lines that the answers alone rule out may be left out; all others must be there.
    assert expected <= set(placed)


@FEW
@given(compiled_catalogs(), seeds)
def test_it_does_not_ask_what_is_known(compiled: Compiled, seed: int) -> None:
    """Law 1, second half: a decision answers for the applicant; the profile and shared data prefill unless a line must always be asked."""
    answers, values = filled(compiled, seed)
    plan = compiled[1].plan_for(answers)
    decided = {key for key, field in plan.fields.items() if field.supplied_by}
    assert not decided & plan.visible(values)
    assert plan.required(values) <= plan.visible(values)
    known = plan.known({"fact.other": "某某", "fact.flag": True}, dict.fromkeys(plan.fields, "共享"))
    for key, field in plan.fields.items():
        fetched = field.type == "text" and key not in decided and field.reuse != "ask"
        assert (known.get(key) == "共享") == fetched
        if field.element == "fact.flag":
            assert (key in known) == (field.role == "applicant" and field.reuse != "ask")
    cleaned, _ = plan.clean({**values, **dict.fromkeys(decided, "冒充")}, date.fromisoformat(TODAY))
    assert not decided & cleaned.keys()


@MANY
@given(compiled_catalogs(), seeds)
def test_it_gives_each_department_the_record_its_own_form_would_have_given(compiled: Compiled, seed: int) -> None:
    """Law 2: projections are lossless, and the merged form is valid exactly when every own form is."""
    answers, values = filled(compiled, seed)
    plan = compiled[1].plan_for(answers)
    cleaned, problems = plan.clean(values, date.fromisoformat(TODAY))
    forms = own_forms(compiled[0], answers)
    assert [form.key for form in forms] == [item.key for item in plan.items]
    outcomes = {form.key: form.fill(values) for form in forms}
    for key, (record, _) in outcomes.items():
        assert plan.project(values, key) == record
        assert plan.project(cleaned, key) == record
    assert (not problems) == all(valid for _, valid in outcomes.values())


@MANY
@given(compiled_catalogs(), seeds)
def test_it_loses_nothing_of_a_valid_form_and_adds_nothing(compiled: Compiled, seed: int) -> None:
    """Law 2 from the other side: repair a form until it is valid; every own form then accepts it, and together they hold all of it."""
    answers, values = filled(compiled, seed)
    plan = compiled[1].plan_for(answers)
    today = date.fromisoformat(TODAY)
    pick = random.Random(seed)
    for _ in range(25):
        cleaned, problems = plan.clean(values, today)
        if not problems:
            break
        wrong = {problem.field for problem in problems} | {f for p in problems for f in p.params.get("fields", [])}
        values = {**values, **{k: v for k, v in random_values(pick, compiled[1], answers).items() if k in wrong}}
    else:
        return
    received: set[str] = set()
    for form in own_forms(compiled[0], answers):
        record, valid = form.fill(values)
        assert valid
        assert plan.project(cleaned, form.key) == record
        received |= {key for _, _, code, key in form.rows() if code in record}
    assert received == set(cleaned)
    again, none = plan.clean(cleaned, today)
    assert (again, none) == (cleaned, [])


@MANY
@given(compiled_catalogs(), seeds)
def test_it_gives_no_department_a_trace_of_what_it_does_not_ask(compiled: Compiled, seed: int) -> None:
    """Law 3: changing every field that an item does not declare changes nothing it receives, in values or in their absence."""
    answers, values = filled(compiled, seed)
    plan = compiled[1].plan_for(answers)
    other = random_values(random.Random(seed + 1), compiled[1], answers)
    for item in plan.items:
        declared = {key for key, field in plan.fields.items() if any(a.item == item.key for a in field.asked_by)}
        mixed = {key: (values if key in declared else other).get(key) for key in plan.fields}
        record = plan.project(values, item.key)
        assert plan.project(mixed, item.key) == record
        codes = {line.code for line in compiled[0].items[item.slug].lines}
        assert {code.partition("#")[0] for code in record} <= codes


@FEW
@given(compiled_catalogs(), seeds)
def test_it_keeps_consents_and_signatures_apart(compiled: Compiled, seed: int) -> None:
    """Law 4: one consent and one signature per sub-item, never shared."""
    answers, _ = filled(compiled, seed)
    plan = compiled[1].plan_for(answers)
    expected = [(form.key, consent.code) for form in own_forms(compiled[0], answers) for consent in form.item.consents]
    assert [(consent.item, consent.code) for consent in plan.consents] == expected
    assert len(plan.consents_missing(set())) == len({consent.key for consent in plan.consents}) == len(expected)
    assert plan.consents_missing({consent.key for consent in plan.consents}) == []
    for key, field in plan.fields.items():
        if field.type in NEVER_MERGED:
            (item,) = {asker.item for asker in field.asked_by}
            assert key.endswith(f"@{item}")


@FEW
@given(compiled_catalogs(), seeds)
def test_it_takes_papers_and_facts_from_decisions_only_while_their_item_is_chosen(
    compiled: Compiled, seed: int
) -> None:
    """Law 5: a result is not asked for and makes the asker wait; without its item it is asked again."""
    answers, _ = filled(compiled, seed)
    plan = compiled[1].plan_for(answers)
    chosen = {item.key: item for item in plan.items}
    waits = {(wait.item, wait.after) for wait in plan.dependencies}
    for field in plan.fields.values():
        deciders = [
            use.item
            for use in items_for(compiled[0].matter, answers)
            if use.item in {item.slug for item in chosen.values()}
            and f"{field.role}:{field.element}" in [o.feeds for o in compiled[0].items[use.item].outputs]
        ]
        assert bool(field.supplied_by) == bool(deciders)
        if field.supplied_by:
            assert chosen[field.supplied_by.item].slug in deciders
            assert field.known_from == f"result:{field.supplied_by.item}.decided"
            for asker in field.asked_by:
                assert (asker.item, field.supplied_by.item) in waits
    for material in plan.materials:
        for asker in material.asked_by:
            references = [e.reference for e in asker.need.exemptions if e.kind == "result"]
            present = [key for key, item in chosen.items() if item.slug in references]
            assert bool(asker.supplied_by) >= bool(present) or any(key == asker.item for key in present)
            assert {(asker.item, source) for source in asker.supplied_by} <= waits
            if not references and not asker.supplied_by:
                assert asker.exemption is None or asker.exemption.kind != "result"
        named = {e.reference for asker in material.asked_by for e in asker.need.exemptions if e.kind == "result"}
        assert {chosen[source].slug for source in material.supplied_by} <= named
        if all(asker.supplied_by for asker in material.asked_by):
            assert material.exemption is not None
            assert material.is_met
        elif not any(e.kind == "result" for asker in material.asked_by for e in asker.need.exemptions):
            assert material.supplied_by == ()
        accepted = [set(a.need.exemptions) for a in material.asked_by if not a.supplied_by]
        if accepted:
            common = {e for e in set.intersection(*accepted) if e.kind != "result"}
            assert set(material.alternatives) == common
            assert material.must_be_uploaded == (
                not common and any(a.need.necessity == "required" for a in material.asked_by if not a.supplied_by)
            )


@FEW
@given(compiled_catalogs(), seeds)
def test_it_needs_the_papers_whose_conditions_the_items_own_record_meets(compiled: Compiled, seed: int) -> None:
    answers, values = filled(compiled, seed)
    plan = compiled[1].plan_for(answers)
    needed = {(material.key, asker.item) for material in plan.materials_for(values) for asker in material.asked_by}
    possible = {(material.key, asker.item) for material in plan.materials for asker in material.asked_by}
    assert needed <= possible
    unconditional = {(m.key, a.item) for m in plan.materials for a in m.asked_by if a.need.condition is None}
    assert unconditional <= needed


@FEW
@given(compiled_catalogs())
def test_it_leads_somewhere_with_every_combination_of_answers(compiled: Compiled) -> None:
    """Law 6: every combination is accepted as it stands and gives one defined set of items."""
    catalog, matter = compiled
    coverage = cover(matter.questions, limit=400)
    distinct = {json.dumps(answers, sort_keys=True) for answers in coverage.answers}
    assert len(distinct) == len(coverage.answers) > 0
    for answers in coverage.answers[:: max(1, len(coverage.answers) // 8)]:
        assert matter.check_answers(answers) == []
        assert matter.clean_answers(answers) == answers
        slugs = list(dict.fromkeys(item.slug for item in matter.plan_for(answers).items))
        expected = [
            use.item
            for use in items_for(catalog.matter, dict(answers))
            if not (use.per and answers.get(REPEATED[use.per]) == 0)
        ]
        assert slugs == expected


def most_working_days(limit: int, unit: str) -> int:
    """Return the most working days there can be until a limit is over, by trying a week's beginnings on a calendar without holidays."""
    if unit == "working_days":
        return limit
    found = []
    for start in range(5):
        days = range(start + 1, start + limit + 1)
        worked = sum(day % 7 < 5 for day in days)
        found.append(worked + (limit > 0 and (start + limit) % 7 >= 5))
    return max(found)


@FEW
@given(compiled_catalogs(), seeds)
def test_it_promises_the_longest_path(compiled: Compiled, seed: int) -> None:
    answers, _ = filled(compiled, seed)
    plan = compiled[1].plan_for(answers)
    definitions = {item.key: compiled[0].items[item.slug] for item in plan.items}
    days = {key: most_working_days(item.promised_limit_days or 0, item.limit_unit) for key, item in definitions.items()}
    assert set(plan.unknown_limits) == {key for key, item in definitions.items() if item.promised_limit_days is None}
    assert plan.figures.days.before == sum(days.values())
    assert plan.figures.days.after == plan.working_days

    def longest(key: str) -> int:
        return days[key] + max((longest(before) for before in plan.item(key).after), default=0)

    assert plan.working_days == max((longest(key) for key in days), default=0)
    assert sum(days[key] for key in plan.critical_path) == plan.working_days
    for item in plan.items:
        assert item.ends_after_days == longest(item.key)
        assert item.ends_after_days - item.starts_after_days == days[item.key]
        assert 0 <= item.slack_days <= plan.working_days - item.ends_after_days
        assert all(plan.item(before).ends_after_days <= item.starts_after_days for before in item.after)
        assert item.slack_days == 0 or item.key not in plan.critical_path
    declared = {
        (item.key, other.key)
        for item in plan.items
        for use in compiled[0].matter.items
        if use.item == item.slug
        for dependency in use.after
        if dependency.kind in WAITING_KINDS
        for other in plan.items
        if other.slug == dependency.item and (item.role != other.role or item.instance == other.instance)
    }
    assert declared <= {(item.key, before) for item in plan.items for before in item.after}


@FEW
@given(compiled_catalogs(), seeds)
def test_it_compiles_to_the_same_bytes_whatever_the_order_of_its_dictionaries(compiled: Compiled, seed: int) -> None:
    catalog, matter = compiled
    pick = random.Random(seed)

    def shuffled(mapping: dict[str, Any]) -> dict[str, Any]:
        return dict(pick.sample(sorted(mapping.items(), key=lambda pair: pair[0]), len(mapping)))

    again = compile_matter(catalog.matter, shuffled(catalog.items), shuffled(ELEMENTS), shuffled(MATERIALS))
    assert json.dumps(again) == json.dumps(matter.content)
    # A database may give objects back in another order of keys.
    stored = CompiledMatter(json.loads(json.dumps(matter.content, sort_keys=True)))
    answers, values = filled(compiled, seed)
    one, other = matter.plan_for(answers), stored.plan_for(answers)
    assert json.dumps(plan_as_json(one), sort_keys=True) == json.dumps(plan_as_json(other), sort_keys=True)
    today = date.fromisoformat(TODAY)
    assert one.clean(values, today) == other.clean(values, today)
