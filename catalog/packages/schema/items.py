"""What an item's file may hold."""

from __future__ import annotations

from catalog.definitions import DEFERRED_DAYS, FIELD_TYPES, LONGEST_DEFERRED, PROCEDURE_KINDS
from catalog.models import FormLine, ItemMaterial, MaterialExemption, ServiceItem
from catalog.packages.format.specs import (
    Constraints,
    DecidingRule,
    Dictionary,
    Field,
    Flag,
    Integer,
    Many,
    Rule,
    Table,
    Text,
)
from catalog.packages.schema.common import (
    ELEMENT,
    FACTS,
    FAQS,
    FIELD_KEY,
    NAME,
    OPTIONS,
    OWN_CODE,
    SLUG,
    SLUG_TEXT,
    SOURCED,
    records,
)

LINE = records(
    "code",
    code=Field(Text(60, OWN_CODE), True),
    role=Field(Text(40, SLUG), True),
    element=Field(Text(60, ELEMENT), True),
    label=Field(Text(100), True),
    required=Field(Flag(), default=True),
    required_when=Field(Rule()),
    condition=Field(Rule()),
    section=Field(Text(40, SLUG), True),
    reuse=Field(Text(choices=FormLine.Reuse.values), default=FormLine.Reuse.REUSE.value),
    constraints=Field(Constraints()),
    help=Field(Text(200)),
    reason=Field(Text(200)),
    **SOURCED,
)

NEED = records(
    ("material", "role"),
    material=Field(SLUG_TEXT, True),
    role=Field(Text(40, SLUG)),
    necessity=Field(Text(choices=ItemMaterial.Necessity.values), default=ItemMaterial.Necessity.REQUIRED.value),
    condition=Field(Rule()),
    form=Field(Text(choices=ItemMaterial.Form.values), default=ItemMaterial.Form.EITHER.value),
    deferred_days=Field(Integer(1, LONGEST_DEFERRED), default=DEFERRED_DAYS),
    result_waits=Field(Flag(), default=True),
    copies=Field(Integer(1, 20), default=1),
    exemptions=records(
        ("kind", "reference"),
        kind=Field(Text(choices=MaterialExemption.Kind.values), True),
        reference=Field(Text(80)),
        **SOURCED,
    ),
    excludes=Field(Many(SLUG_TEXT, unique="")),
    reason=Field(Text(200)),
    **SOURCED,
)

OUTPUT = records(
    "code",
    code=Field(Text(60, OWN_CODE), True),
    label=Field(Text(100), True),
    type=Field(Text(choices=FIELD_TYPES), True),
    options=OPTIONS,
    constraints=Field(Constraints()),
    required=Field(Flag(), default=True),
    feeds=Field(Text(100, FIELD_KEY)),
    repeats=Field(Many(Text(100, FIELD_KEY), unique="")),
    series=Field(SLUG_TEXT),
    **SOURCED,
)

RESULT = records(
    "certificate_type",
    certificate_type=Field(SLUG_TEXT, True),
    holder=Field(Text(40, SLUG)),
    co_holders=Field(Many(Text(40, SLUG), unique="")),
    holder_name=Field(Text(200, r"(field|output):.+")),
    founds=Field(Text(40, SLUG)),
    face=Field(Dictionary(Text(200, r"(field|output|const):.+"), OWN_CODE), True),
    **SOURCED,
)

CONSENT = records(
    "code",
    code=Field(SLUG_TEXT, True),
    text=Field(Text(1000), True),
    required=Field(Flag(), default=True),
    **SOURCED,
)

CROSS_RULE = records(
    "code",
    code=Field(SLUG_TEXT, True),
    violated=Field(Rule(), True),
    message=Field(Text(200), True),
    fields=Field(Many(Text(100, FIELD_KEY), unique=""), True),
    **SOURCED,
)

REVIEW_POINT = records(
    "code",
    code=Field(SLUG_TEXT, True),
    text=Field(Text(200), True),
    message=Field(Text(200)),
    fields=Field(Many(Text(100, FIELD_KEY), unique="")),
    materials=Field(Many(SLUG_TEXT, unique="")),
    **SOURCED,
)

ITEM = Table(
    {
        "slug": Field(SLUG_TEXT, True),
        "name": Field(NAME, True),
        "short_name": Field(Text(40)),
        "department": Field(Text(40, SLUG), True),
        "catalog_code": Field(Text(12, r"[0-9]{12}")),
        "task_code": Field(Text(36, r"[0-9A-Z]{31}")),
        "local_code": Field(Text(50)),
        "item_type": Field(Text(choices=ServiceItem.Type.values)),
        "exercise_level": Field(Text(choices=ServiceItem.ExerciseLevel.values)),
        "status": Field(Text(choices=ServiceItem.Status.values), default=ServiceItem.Status.IN_USE.value),
        "theme": Field(Text(30)),
        "subjects": Field(Many(Text(40), unique="")),
        "handling": Field(Text(choices=ServiceItem.Handling.values), default=ServiceItem.Handling.PROMISED.value),
        "statutory_limit_days": Field(Integer(0, 999)),
        "promised_limit_days": Field(Integer(0, 999)),
        "limit_unit": Field(
            Text(choices=ServiceItem.LimitUnit.values), default=ServiceItem.LimitUnit.WORKING_DAYS.value
        ),
        "limit_note": Field(Text(200)),
        "legal_basis": records(law=Field(Text(200), True), article=Field(Text(60)), text=Field(Text(2000))),
        "conditions": Field(Many(Text(300))),
        "flow": Field(Many(Text(200))),
        "fees": Field(
            Many(Table({"name": Field(Text(80), True), "amount": Field(Text(80), True), "basis": Field(Text(200))})),
            may_be_unknown=True,
        ),
        "visits": Field(Integer(0, 20)),
        "visits_together": Field(Integer(0, 20)),
        "steps": Field(Integer(1, 50), default=1),
        "identity_level": Field(Integer(0, 2), default=0),
        "in_person_only": Field(Flag(), default=False),
        "visit_reason": Field(Text(200)),
        "online_depth": Field(Many(Text(40), unique="")),
        "cross_region": Field(Text(40)),
        "special_procedures": records(
            name=Field(Text(80), True),
            kind=Field(Text(choices=PROCEDURE_KINDS)),
            days=Field(Text(40)),
            counted=Field(Flag()),
            basis=Field(Text(200)),
        ),
        "places": records(
            name=Field(Text(80), True),
            address=Field(Text(200)),
            hours=Field(Text(200)),
            phone=Field(Text(40)),
        ),
        "consulting": Field(Text(200)),
        "complaints": Field(Text(200)),
        "locked": Field(Many(SLUG_TEXT, unique="")),
        "decision_rule": Field(DecidingRule()),
        "result_note": Field(Text(200)),
        "remark": Field(Text(300)),
        "facts": FACTS,
        "lines": LINE,
        "materials": NEED,
        "outputs": OUTPUT,
        "results": RESULT,
        "consents": CONSENT,
        "cross_rules": CROSS_RULE,
        "review_points": REVIEW_POINT,
        "faqs": FAQS,
    }
)
