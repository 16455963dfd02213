"""Whoever has no licence yet registers the shop in the same application, and everything else follows with its credit code."""

from __future__ import annotations

from typing import Any

import pytest

from catalog.merging.compiled import CompiledMatter
from catalog.merging.typical import typical_answers

CODE, REGISTERS = "shop:company.credit_code", "shop_register"


@pytest.mark.django_db
def test_a_licence_that_is_missing_is_granted_first_and_founds_the_company(
    content_plans: dict[str, dict[str, Any]],
) -> None:
    matter = CompiledMatter(content_plans["restaurant"])
    answers = {**typical_answers(matter), "applicant": "principal", "scale": "regular", "tobacco": "yes"}
    have, none = (matter.plan_for(matter.clean_answers({**answers, "licence": each})) for each in ("have", "none"))
    assert not none.stops
    assert next(item.slug for item in have.items) == "licence_check"
    assert REGISTERS not in [item.slug for item in have.items]
    assert have.fields[CODE].supplied_by is None

    registering = next(item for item in none.items if item.slug == REGISTERS)
    assert "licence_check" not in [item.slug for item in none.items]
    assert none.fields[CODE].supplied_by.item == registering.key
    assert {paper.code for paper in none.materials if paper.exemption and paper.exemption.kind == "result"} >= {
        "business_licence"
    }
    (licence,) = registering.results
    assert (licence.certificate_type, licence.holder, licence.founds) == ("business_licence", "shop", "principal")
    later = [item.key for item in none.items if item.slug in ("food_permit", "tobacco_retail")]
    assert {wait.item for wait in none.dependencies if wait.after == registering.key} >= set(later)
