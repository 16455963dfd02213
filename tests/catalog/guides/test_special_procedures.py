"""Time that does not count is told where the days are told."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.template.loader import render_to_string

TEMPLATES = Path(__file__).parents[3] / "templates/catalog"
STEPS = [{"name": "专家评审", "days": 30}, {"name": "公示"}]


def test_each_procedure_is_named_with_its_days() -> None:
    said = " ".join(render_to_string("catalog/guides/_special.html", {"steps": STEPS}).split())
    assert "另有不计入时限的程序：专家评审 30 日 、公示 </p>" in said
    assert "<p" not in render_to_string("catalog/guides/_special.html", {"steps": []})


@pytest.mark.parametrize("page", ["guides/_limits.html", "guides/item.html", "questions/checklist.html"])
def test_it_stands_where_the_days_stand(page: str) -> None:
    assert 'include "catalog/guides/_special.html"' in (TEMPLATES / page).read_text(encoding="utf-8")
