"""A review point names fields and papers of its own item, follows them into a matter, or is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest

from catalog.compiling import CompileRefused, compile_matter
from catalog.definitions import ItemDefinition, MaterialDefinition, MaterialNeed, ReviewPoint
from catalog.definitions.codec import from_json
from catalog.merging.compiled import CompiledMatter
from catalog.rules.renaming import rename_roles
from tests.catalog.compiling.test_founding import ELEMENTS, ITEM, MATTER

POINT = ReviewPoint("agrees", "名称与章程一致", "请照章程改正", ("company:company.name",), ("charter",))
PLAIN = replace(ITEM, results=(), materials=(MaterialNeed("charter"),), review_points=(POINT,))
PAPERS = (MaterialDefinition("charter", "章程"),)


def test_it_is_kept_in_the_version() -> None:
    matter = CompiledMatter(compile_matter(MATTER, (PLAIN,), ELEMENTS, PAPERS))
    assert matter.plan_for({}).items[0].review_points == (POINT,)


def test_its_fields_follow_a_renamed_role() -> None:
    (point,) = rename_roles(PLAIN, {"company": "shop"}).review_points
    assert point.fields == ("shop:company.name",)


@pytest.mark.parametrize(
    ("change", "kind"),
    [({"fields": ("company:company.scope",)}, "field"), ({"materials": ("licence",)}, "material")],
)
def test_what_the_item_does_not_ask_for_is_refused(change: dict[str, tuple[str, ...]], kind: str) -> None:
    with pytest.raises(CompileRefused) as refused:
        compile_matter(MATTER, (replace(PLAIN, review_points=(replace(POINT, **change),)),), ELEMENTS, PAPERS)  # type: ignore[arg-type]
    (finding,) = refused.value.findings
    assert (finding.code, finding.params["kind"]) == ("unknown_reference", kind)


def test_two_points_of_one_code_are_refused() -> None:
    with pytest.raises(CompileRefused) as refused:
        compile_matter(
            MATTER, (replace(PLAIN, review_points=(POINT, replace(POINT, text="又一条"))),), ELEMENTS, PAPERS
        )
    assert refused.value.findings[0].code == "duplicate_code"


def test_a_version_that_held_the_text_alone_is_read() -> None:
    read = from_json(ItemDefinition, {"slug": "a", "name": "甲", "department": "police", "review_points": ["照片清楚"]})
    assert read.review_points == (ReviewPoint(text="照片清楚"),)
    assert read.review_points[0].key == "照片清楚"
