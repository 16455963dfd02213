"""No matter that can be applied for leads to a department of the demo town in which nobody decides."""

from __future__ import annotations

from typing import Any

import pytest

from catalog.definitions import OPEN
from catalog.merging.compiled import CompiledMatter
from portal.front.demo.people import OFFICERS

pytestmark = pytest.mark.django_db


def test_somebody_decides_in_every_department_of_an_open_matter(content_plans: dict[str, dict[str, Any]]) -> None:
    needed = {
        code
        for content in content_plans.values()
        if content["matter"]["status"] == OPEN
        for code in CompiledMatter(content).departments
    }
    decide = {code for officer in OFFICERS for code, role in officer.roles if role == "reviewer"}
    assert needed - decide == set()
    assert {"market", "tax", "civil"} <= needed
