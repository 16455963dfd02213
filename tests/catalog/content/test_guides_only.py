"""The matters that are only described: whatever is answered, the guide says what to do, in which order and with which papers."""

from __future__ import annotations

from typing import Any

import pytest

from catalog.linting.coverage import cover
from catalog.merging.compiled import CompiledMatter, Plan
from catalog.merging.typical import typical_answers
from tests.catalog.content.texts import untranslated

pytestmark = pytest.mark.django_db

GUIDES = (
    "credit",
    "ss_card",
    "bankrupt",
    "ipo_check",
    "relocate",
    "oversize",
    "fund_house",
    "startup",
    "ge2qi",
    "invest",
    "car_plate",
    "car_tradein",
)


def plan_for(plans: dict[str, dict[str, Any]], slug: str, **answers: Any) -> Plan:
    """Return the plan of a situation; questions not answered take their first answer."""
    matter = CompiledMatter(plans[slug])
    typical = typical_answers(matter)
    return matter.plan_for(matter.clean_answers({**typical, **matter.clean_answers({**typical, **answers})}))


def items(plan: Plan) -> list[str]:
    return [item.slug for item in plan.items]


def waits(plan: Plan) -> dict[str, set[str]]:
    return {item.slug: set(item.after) for item in plan.items if item.after}


def to_hand_in(plan: Plan) -> list[str]:
    """Return what is still asked for on paper; a power of attorney also where no mandate is recorded."""
    return [paper.code for paper in plan.materials if paper.exemption is None or paper.exemption.kind == "mandate"]


@pytest.mark.parametrize("slug", GUIDES)
def test_every_combination_of_answers_leads_to_items_or_says_where_to_turn(
    content_plans: dict[str, dict[str, Any]], slug: str
) -> None:
    matter = CompiledMatter(content_plans[slug])
    for answers in cover(matter.questions).answers:
        plan = matter.plan_for(answers)
        assert plan.items or plan.stops, answers


@pytest.mark.parametrize("slug", GUIDES)
def test_every_text_that_people_read_is_there_in_english(content_plans: dict[str, dict[str, Any]], slug: str) -> None:
    assert untranslated(content_plans[slug]) == []


def test_the_department_that_repairs_a_penalty_record_follows_its_field(
    content_plans: dict[str, dict[str, Any]],
) -> None:
    market = plan_for(content_plans, "credit")
    other = plan_for(content_plans, "credit", area="other", who="agent")
    assert [(item.slug, item.department) for item in market.items] == [("credit_penalty_market", "market")]
    assert [(item.slug, item.department) for item in other.items] == [("credit_penalty", "development")]
    assert "power_of_attorney" in to_hand_in(other)
    assert "power_of_attorney" not in to_hand_in(market)


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"kind": "court"}, "人民法院"),
        ({"fulfilled": "no"}, "先履行义务"),
        ({"degree": "medium", "three_months": "no"}, "满 3 个月"),
        ({"degree": "serious", "one_year": "no"}, "满 1 年"),
    ],
)
def test_a_record_that_cannot_be_repaired_yet_says_why(
    content_plans: dict[str, dict[str, Any]], answers: dict[str, str], words: str
) -> None:
    plan = plan_for(content_plans, "credit", **answers)
    assert any(words in stop.sentence for stop in plan.stops)


def test_a_lost_card_is_replaced_and_then_activated_before_benefits_are_paid_to_it(
    content_plans: dict[str, dict[str, Any]],
) -> None:
    plan = plan_for(content_plans, "ss_card", state="lost", items=["ssc_subsidy"])
    assert items(plan) == ["ssc_replace", "ssc_activate", "ssc_subsidy"]
    assert waits(plan) == {"ssc_activate": {"ssc_replace"}, "ssc_subsidy": {"ssc_activate"}}


def test_a_change_of_phone_needs_no_new_card(content_plans: dict[str, dict[str, Any]]) -> None:
    assert items(plan_for(content_plans, "ss_card", state="contact")) == ["ssc_info"]


def test_an_administrator_hands_in_one_set_of_papers_for_nine_departments(
    content_plans: dict[str, dict[str, Any]],
) -> None:
    plan = plan_for(content_plans, "bankrupt")
    assert len({item.department for item in plan.items}) == 9
    assert to_hand_in(plan) == ["bankrupt_ruling", "bankrupt_appointment", "bankrupt_mandate"]
    some = plan_for(content_plans, "bankrupt", scope="part", kinds=["vehicle", "tax"])
    assert items(some) == ["bk_vehicle", "bk_tax"]


def test_subsidiaries_are_named_in_the_same_report(content_plans: dict[str, dict[str, Any]]) -> None:
    alone = plan_for(content_plans, "ipo_check")
    three = plan_for(content_plans, "ipo_check", others=2)
    assert items(alone) == items(three) == ["ipo_report"]
    assert len(three.fields) == len(alone.fields) + 4


def test_the_move_waits_for_nobody_and_what_needs_the_new_licence_waits_for_the_move(
    content_plans: dict[str, dict[str, Any]],
) -> None:
    plan = plan_for(content_plans, "relocate", items=["reloc_social", "reloc_fund"])
    assert waits(plan) == {"reloc_social": {"reloc_in"}, "reloc_fund": {"reloc_in"}}


def test_only_the_largest_loads_need_an_escort_and_a_drawing(content_plans: dict[str, dict[str, Any]]) -> None:
    small = plan_for(content_plans, "oversize")
    large = plan_for(content_plans, "oversize", size="three")
    assert items(small) == ["oversize_permit"]
    assert items(large) == ["oversize_permit", "oversize_escort"]
    assert set(to_hand_in(large)) - set(to_hand_in(small)) == {"oversize_outline", "oversize_escort_plan"}


def test_the_mortgage_waits_for_loan_and_tax_and_both_for_the_contract(
    content_plans: dict[str, dict[str, Any]],
) -> None:
    plan = plan_for(content_plans, "fund_house", house="used", marital="married")
    assert waits(plan) == {
        "fh_loan": {"fh_contract"},
        "fh_tax": {"fh_contract"},
        "fh_mortgage": {"fh_loan", "fh_tax"},
    }
    assert "spouse:person.name" in plan.fields


@pytest.mark.parametrize(
    ("answers", "has_grant"),
    [
        ({"group": "graduate", "running": "yes"}, True),
        ({"group": "graduate", "running": "no"}, False),
        ({"group": "other"}, False),
    ],
)
def test_the_grant_is_for_first_businesses_of_certain_groups_after_a_year(
    content_plans: dict[str, dict[str, Any]], answers: dict[str, str], has_grant: bool
) -> None:
    assert ("startup_grant" in items(plan_for(content_plans, "startup", **answers))) is has_grant


def test_the_certificate_waits_for_the_registration_of_employment(content_plans: dict[str, dict[str, Any]]) -> None:
    plan = plan_for(content_plans, "startup", licence="no", staff="employer")
    assert waits(plan)["startup_cert"] == {"startup_employ"}
    assert waits(plan)["startup_employ"] == {"startup_licence"}


def test_permits_are_changed_with_the_same_code_and_applied_for_again_with_a_new_one(
    content_plans: dict[str, dict[str, Any]],
) -> None:
    assert "ge2qi_permit_change" in items(plan_for(content_plans, "ge2qi", mode="change", permits="yes"))
    assert "ge2qi_permit_new" in items(plan_for(content_plans, "ge2qi", mode="rebuild", permits="yes"))


def test_land_and_site_come_before_an_approval_but_not_before_a_filing(
    content_plans: dict[str, dict[str, Any]],
) -> None:
    assert waits(plan_for(content_plans, "invest", kind="approval")) == {"invest_approval": {"invest_land"}}
    assert waits(plan_for(content_plans, "invest", kind="record")) == {}


def test_a_project_of_little_effect_needs_no_environmental_approval(content_plans: dict[str, dict[str, Any]]) -> None:
    assert "invest_environment" not in items(plan_for(content_plans, "invest", environment="register"))
    assert "invest_environment_table" in to_hand_in(plan_for(content_plans, "invest", environment="table"))
    assert "invest_environment_report" in to_hand_in(plan_for(content_plans, "invest", environment="report"))


def test_a_car_inspected_at_the_factory_needs_no_papers_and_no_visit(
    content_plans: dict[str, dict[str, Any]],
) -> None:
    checked = plan_for(content_plans, "car_plate")
    other = plan_for(content_plans, "car_plate", vehicle="other", exempt="no")
    assert to_hand_in(checked) == []
    assert "plate_examine" not in items(checked)
    assert to_hand_in(other) == ["plate_inspection"]
    assert waits(other)["plate_register"] >= {"plate_duty", "plate_cover", "plate_examine"}


def test_a_scrapped_car_and_a_sold_one_lead_to_different_subsidies(content_plans: dict[str, dict[str, Any]]) -> None:
    assert items(plan_for(content_plans, "car_tradein", kind="scrap")) == ["tradein_scrap"]
    assert items(plan_for(content_plans, "car_tradein", kind="replace")) == ["tradein_replace"]
