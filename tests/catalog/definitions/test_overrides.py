"""What a division may do in its own way, and what it may not."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.definitions import ItemDefinition, MaterialNeed
from catalog.definitions.overrides import OPEN, Standard, check_overrides, implement, implement_facts, parents

STANDARD = Standard(
    slug="hukou",
    statutory_limit_days=20,
    promised_limit_days=10,
    visits=2,
    visits_together=1,
    fees=["工本费"],
    materials={"id_card"},
    locked=("places",),
)
MATERIALS = {"id_card", "lease", "photo"}
ITEM = ItemDefinition("hukou", "落户", "police", materials=(MaterialNeed("id_card"),), promised_limit_days=10, visits=2)
LEASE = {"material": "lease", "reason": "核实住处", "basis": "某市户口登记办法第三条"}


@pytest.mark.parametrize(
    "overrides",
    [
        {"promised_limit_days": 10},
        {"promised_limit_days": 0, "handling": "immediate"},
        {"visits": 2, "visits_together": 0},
        {"consulting": "0791-12345"},
        {"fees": [{"name": "工本费", "amount": "20 元以上部分减半"}]},
        {"extra_materials": [LEASE]},
    ],
)
def test_it_lets_a_division_do_what_is_open(overrides: dict[str, Any]) -> None:
    assert check_overrides(STANDARD, overrides, MATERIALS) == []


@pytest.mark.parametrize(
    ("overrides", "code"),
    [
        ({"name": "别的名字"}, "not_open"),
        ({"statutory_limit_days": 30}, "not_open"),
        ({"conditions": []}, "not_open"),
        ({"legal_basis": []}, "not_open"),
        ({"places": [{"name": "大厅"}]}, "locked"),
        ({"promised_limit_days": 11}, "longer_than_standard"),
        ({"promised_limit_days": 21}, "longer_than_statute"),
        ({"promised_limit_days": "10"}, "bad_value"),
        ({"promised_limit_days": True}, "bad_value"),
        ({"promised_limit_days": -1}, "bad_value"),
        ({"visits_together": 2}, "more_than_standard"),
        ({"handling": "promised"}, "not_immediate"),
        ({"complaints": ""}, "bad_value"),
        ({"fees": [{"name": "加急费", "amount": "50 元"}]}, "fee_of_its_own"),
        ({"fees": [{"name": "工本费"}]}, "bad_value"),
        ({"fees": [{"name": "工本费", "amount": "1"}, {"name": "工本费", "amount": "2"}]}, "repeated"),
        ({"extra_materials": [{**LEASE, "material": "id_card"}]}, "material_of_the_standard"),
        ({"extra_materials": [{**LEASE, "material": "moon_deed"}]}, "unknown_material"),
        ({"extra_materials": [{**LEASE, "reason": " "}]}, "reason_missing"),
        ({"extra_materials": [{"material": "lease", "reason": "核实"}]}, "basis_missing"),
        ({"extra_materials": [LEASE, LEASE]}, "repeated"),
        ({"extra_materials": [{**LEASE, "necessity": "maybe"}]}, "bad_value"),
        ({"extra_materials": ["lease"]}, "bad_value"),
        ({"extra_materials": {}}, "bad_value"),
    ],
)
def test_it_refuses_what_is_not(overrides: dict[str, Any], code: str) -> None:
    assert [each.code for each in check_overrides(STANDARD, overrides, MATERIALS)] == [code]


def test_a_limit_that_no_standard_gives_is_bound_by_the_law_alone() -> None:
    unknown = Standard("hukou", statutory_limit_days=20)
    assert check_overrides(unknown, {"promised_limit_days": 20}, ()) == []
    assert [each.code for each in check_overrides(unknown, {"promised_limit_days": 21}, ())] == ["longer_than_statute"]


def test_an_implementation_changes_what_it_names_and_nothing_else() -> None:
    overrides = {"promised_limit_days": 3, "extra_materials": [LEASE]}
    own = implement(ITEM, overrides, "police_dh")
    assert (own.department, own.promised_limit_days) == ("police_dh", 3)
    assert [need.material for need in own.materials] == ["id_card", "lease"]
    assert own.materials[1].reason == "核实住处（某市户口登记办法第三条）"
    assert (own.slug, own.name, own.visits, own.lines) == (ITEM.slug, ITEM.name, 2, ITEM.lines)
    assert implement(ITEM, {}) == ITEM


def test_the_guide_says_what_the_division_says() -> None:
    facts = {
        "handling": "承诺件",
        "places": [],
        "fees": [{"name": "工本费", "amount": "20 元", "basis": "某办法"}],
        "flow": ["受理"],
    }
    own = implement_facts(
        facts,
        {"handling": "immediate", "places": [{"name": "大厅"}], "fees": [{"name": "工本费", "amount": "10 元"}]},
        "即办件",
    )
    assert own == {
        "handling": "即办件",
        "places": [{"name": "大厅"}],
        "fees": [{"name": "工本费", "amount": "10 元", "basis": "某办法"}],
        "flow": ["受理"],
    }


def test_the_divisions_around_one_come_nearest_first() -> None:
    assert parents("360102") == ("360102", "360100", "360000")
    assert parents("360100") == ("360100", "360000")
    assert parents("36010２") == parents("") == parents("36010") == ()


@given(
    st.dictionaries(
        st.sampled_from([*OPEN, "name", "x"]),
        st.none()
        | st.booleans()
        | st.integers()
        | st.text(max_size=5)
        | st.lists(st.dictionaries(st.text(max_size=4), st.integers())),
    )
)
def test_no_value_stops_the_check(overrides: dict[str, Any]) -> None:
    refused = {each.element for each in check_overrides(STANDARD, overrides, MATERIALS)}
    assert refused <= set(overrides)
    assert {"name", "x"} & set(overrides) <= refused
