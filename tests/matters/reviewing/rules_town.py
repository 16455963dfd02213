"""The town with rules over several fields, and papers that only some answers need: what a correction may set off."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from catalog.definitions import CrossRule, ElementDefinition, LineDefinition, MaterialDefinition, MaterialNeed, Option
from matters.models import CorrectionRequest
from matters.reviewing.corrections import Gap, request_correction
from tests.matters.reviewing.test_review import approve_birth
from tests.worlds import town
from tests.worlds.building import publish
from tests.worlds.keeping import kept

RELATION = "child:hukou.relation"
SEX = "child:person.sex"
HOSPITAL = "child:birth.hospital"
VALUES: dict[str, Any] = {RELATION: "son"}
RULE = "与户主关系和孩子的性别对不上，请核对"
HEALTH_RULE = "女孩的出生医院没有写“女院”"


def _is(key: str, value: str) -> dict[str, Any]:
    return {"==": [{"var": key}, value]}


ELEMENTS = (
    *town.ELEMENTS,
    ElementDefinition(
        "hukou.relation",
        "与户主关系",
        "select",
        (Option("son", "儿子"), Option("daughter", "女儿"), Option("other", "其他")),
    ),
    ElementDefinition("hukou.relation_note", "关系说明", "text"),
)
MATERIALS = (
    *town.MATERIALS,
    MaterialDefinition("kinship", "亲属关系证明"),
    MaterialDefinition("girl_note", "女孩说明", accept=("pdf",)),
)
_HEALTH, _POLICE, _INSURANCE = town.ITEMS
ITEMS = (
    replace(
        _HEALTH,
        cross_rules=(
            CrossRule(
                "girls_hospital",
                {"and": [_is(SEX, "2"), _is(HOSPITAL, "男院")]},
                HEALTH_RULE,
                (HOSPITAL, SEX),
            ),
        ),
    ),
    replace(
        _POLICE,
        lines=(
            *_POLICE.lines,
            LineDefinition("GX", "child", "hukou.relation", "与户主关系", section="household", order=5),
            LineDefinition(
                "GXSM",
                "child",
                "hukou.relation_note",
                "关系说明",
                condition=_is(RELATION, "other"),
                section="household",
                order=6,
            ),
        ),
        materials=(
            *_POLICE.materials,
            MaterialNeed("kinship", condition=_is(RELATION, "other")),
            MaterialNeed("girl_note", necessity="optional", condition=_is(RELATION, "daughter")),
        ),
        cross_rules=(
            CrossRule(
                "relation_fits_sex",
                {
                    "or": [
                        {"and": [_is(SEX, "1"), _is(RELATION, "daughter")]},
                        {"and": [_is(SEX, "2"), _is(RELATION, "son")]},
                    ]
                },
                RULE,
                (RELATION, SEX),
            ),
        ),
    ),
    _INSURANCE,
)


@dataclass
class RulesTown(town.Town):
    """A town whose police ask how the child is related to the head of the household."""

    def asked(self, *gaps: Gap, **values: Any) -> CorrectionRequest:
        """Return what Wang asks to be corrected of an application whose birth certificate is there."""
        bundle = self.submit(**{**VALUES, **values})
        approve_birth(self, self.part(bundle, "birth_cert"))
        return request_correction(self.wang, self.part(bundle, "hukou"), gaps)


def build_rules_town() -> RulesTown:
    """Create the town."""

    def build() -> RulesTown:
        version = publish(town.MATTER, *ITEMS, elements=ELEMENTS, materials=MATERIALS)
        return RulesTown.build(version, town.POSTS, town.CERTIFICATE_TYPES)

    return kept("town of rules", build)
