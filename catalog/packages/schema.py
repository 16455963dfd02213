"""What each file of a package may hold: the one schema of the catalog, schema number 1.

``docs/catalog-packages.md`` explains every key to people who write packages.
"""

from __future__ import annotations

from catalog.definitions import DEPENDENCY_KINDS, FIELD_TYPES
from catalog.models import (
    Confidence,
    DeclaredFigure,
    FormLine,
    ItemMaterial,
    MaterialExemption,
    Matter,
    ServiceItem,
)
from catalog.packages.specs import Dictionary, Field, Flag, Integer, Json, Many, Rule, Spec, Table, Text

SCHEMA = 1

SLUG = r"[a-z][a-z0-9_]{0,59}"
ELEMENT = r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)+"
FIELD_KEY = r"[a-z][a-z0-9_]*(#[0-9]+)?:[a-z][a-z0-9_]*(\.[a-z0-9_]+)+"
OWN_CODE = r"[A-Za-z][A-Za-z0-9_]{0,59}"

_slug = Text(60, SLUG)
_short = Text(120)
_sentence = Text(300)
_sourced = {
    "sources": Field(Many(Text(40), unique="")),
    "confidence": Field(Text(choices=Confidence.values), default=Confidence.GENERAL.value),
}
_facts = Field(Dictionary(Table({**_sourced, "note": Field(Text(300))}), SLUG))
_options = Field(Dictionary(Text(80), r"[A-Za-z0-9_.\-]{1,40}"))
_faqs = Field(Many(Table({"question": Field(Text(200), True), "answer": Field(Text(2000), True), **_sourced})))

SOURCES = Dictionary(Text(2000), r"[A-Za-z0-9_\-]{1,40}")

DIVISIONS = Many(
    Table(
        {
            "code": Field(Text(6, r"[0-9]{6}"), True),
            "name": Field(Text(60), True),
            "level": Field(Text(choices=["province", "prefecture", "county", "township"]), True),
            "parent": Field(Text(6, r"[0-9]{6}")),
        }
    ),
    unique="code",
    maximum=5000,
)

DEPARTMENTS = Many(
    Table(
        {
            "code": Field(Text(40, SLUG), True),
            "name": Field(Text(100), True),
            "short_name": Field(Text(20), True),
            "credit_code": Field(Text(18, r"[0-9A-HJ-NPQRTUWXY]{18}")),
            "division": Field(Text(6, r"[0-9]{6}")),
            "phone": Field(Text(40)),
        }
    ),
    unique="code",
)

ELEMENTS = Many(
    Table(
        {
            "code": Field(Text(60, ELEMENT), True),
            "name": Field(Text(60), True),
            "type": Field(Text(choices=FIELD_TYPES), True),
            "options": _options,
            "constraints": Field(Json()),
            "sensitive": Field(Flag()),
            "authority": Field(Text(100)),
            "known_from": Field(Many(Text(80, r"profile|shared:[a-z0-9_]+|certificate:[a-z0-9_]+"), unique="")),
            **_sourced,
        }
    ),
    unique="code",
)

MATERIALS = Many(
    Table(
        {
            "code": Field(_slug, True),
            "name": Field(_short, True),
            "standard_code": Field(Text(20, r"[A-Z][0-9A-Z]{4,19}")),
            "accept": Field(Many(Text(choices=["pdf", "jpeg", "png"]), unique="")),
            "issued_by": Field(Text(60)),
            "note": Field(_sentence),
            **_sourced,
        }
    ),
    unique="code",
)

CERTIFICATE_TYPES = Many(
    Table(
        {
            "slug": Field(_slug, True),
            "code": Field(Text(21, r"[0-9A-HJ-NPQRTUWXY]{18}[0-9]{3}"), True),
            "name": Field(Text(100), True),
            "name_en": Field(Text(200)),
            "department": Field(Text(40, SLUG), True),
            "valid_years": Field(Integer(1, 100)),
            "face": Field(
                Many(
                    Table(
                        {
                            "code": Field(Text(40, OWN_CODE), True),
                            "label": Field(Text(60), True),
                            "label_en": Field(Text(100), True),
                        }
                    ),
                    unique="code",
                ),
                True,
            ),
            **_sourced,
        }
    ),
    unique="slug",
)

TRANSLATIONS = Dictionary(Text(4000))

LINE = Table(
    {
        "code": Field(Text(60, OWN_CODE), True),
        "role": Field(Text(40, SLUG), True),
        "element": Field(Text(60, ELEMENT), True),
        "label": Field(Text(100), True),
        "required": Field(Flag(), default=True),
        "required_when": Field(Rule()),
        "condition": Field(Rule()),
        "section": Field(Text(40, SLUG), True),
        "reuse": Field(Text(choices=FormLine.Reuse.values), default=FormLine.Reuse.REUSE.value),
        "constraints": Field(Json()),
        "help": Field(Text(200)),
        "reason": Field(Text(200)),
        **_sourced,
    }
)

NEED = Table(
    {
        "material": Field(_slug, True),
        "role": Field(Text(40, SLUG)),
        "necessity": Field(Text(choices=ItemMaterial.Necessity.values), default=ItemMaterial.Necessity.REQUIRED.value),
        "condition": Field(Rule()),
        "form": Field(Text(choices=ItemMaterial.Form.values), default=ItemMaterial.Form.EITHER.value),
        "copies": Field(Integer(1, 20), default=1),
        "exemptions": Field(
            Many(
                Table(
                    {
                        "kind": Field(Text(choices=MaterialExemption.Kind.values), True),
                        "reference": Field(Text(80)),
                        **_sourced,
                    }
                )
            )
        ),
        "excludes": Field(Many(_slug, unique="")),
        "reason": Field(Text(200)),
        **_sourced,
    }
)

OUTPUT = Table(
    {
        "code": Field(Text(60, OWN_CODE), True),
        "label": Field(Text(100), True),
        "type": Field(Text(choices=FIELD_TYPES), True),
        "options": _options,
        "constraints": Field(Json()),
        "required": Field(Flag(), default=True),
        "feeds": Field(Text(100, FIELD_KEY)),
        **_sourced,
    }
)

RESULT = Table(
    {
        "certificate_type": Field(_slug, True),
        "holder": Field(Text(40, SLUG)),
        "face": Field(Dictionary(Text(200, r"(field|output|const):.+"), OWN_CODE), True),
        **_sourced,
    }
)

CONSENT = Table(
    {
        "code": Field(_slug, True),
        "text": Field(Text(1000), True),
        "required": Field(Flag(), default=True),
        **_sourced,
    }
)

CROSS_RULE = Table(
    {
        "code": Field(_slug, True),
        "violated": Field(Rule(), True),
        "message": Field(Text(200), True),
        "fields": Field(Many(Text(100, FIELD_KEY), unique=""), True),
        **_sourced,
    }
)

ITEM = Table(
    {
        "slug": Field(_slug, True),
        "name": Field(_short, True),
        "short_name": Field(Text(40)),
        "department": Field(Text(40, SLUG), True),
        "catalog_code": Field(Text(12, r"[0-9]{12}")),
        "task_code": Field(Text(36, r"[0-9A-Z]{31}")),
        "local_code": Field(Text(50)),
        "item_type": Field(Text(choices=ServiceItem.Type.values)),
        "exercise_level": Field(Text(choices=ServiceItem.ExerciseLevel.values)),
        "standing": Field(Text(choices=ServiceItem.Standing.values), default=ServiceItem.Standing.IN_USE.value),
        "theme": Field(Text(30)),
        "subjects": Field(Many(Text(40), unique="")),
        "handling": Field(Text(choices=ServiceItem.Handling.values), default=ServiceItem.Handling.PROMISED.value),
        "statutory_limit_days": Field(Integer(0, 999)),
        "promised_limit_days": Field(Integer(0, 999)),
        "limit_unit": Field(
            Text(choices=ServiceItem.LimitUnit.values), default=ServiceItem.LimitUnit.WORKING_DAYS.value
        ),
        "limit_note": Field(Text(200)),
        "legal_basis": Field(
            Many(Table({"law": Field(Text(200), True), "article": Field(Text(60)), "text": Field(Text(2000))}))
        ),
        "conditions": Field(Many(Text(300))),
        "flow": Field(Many(Text(200))),
        "fees": Field(
            Many(Table({"name": Field(Text(80), True), "amount": Field(Text(80), True), "basis": Field(Text(200))}))
        ),
        "visits": Field(Integer(0, 20), default=0),
        "visits_together": Field(Integer(0, 20), default=0),
        "steps": Field(Integer(1, 50), default=1),
        "visit_reason": Field(Text(200)),
        "online_depth": Field(Many(Text(40), unique="")),
        "cross_region": Field(Text(40)),
        "special_procedures": Field(
            Many(Table({"name": Field(Text(80), True), "days": Field(Text(40)), "basis": Field(Text(200))}))
        ),
        "places": Field(
            Many(
                Table(
                    {
                        "name": Field(Text(80), True),
                        "address": Field(Text(200)),
                        "hours": Field(Text(200)),
                        "phone": Field(Text(40)),
                    }
                )
            )
        ),
        "consulting": Field(Text(200)),
        "complaints": Field(Text(200)),
        "locked": Field(Many(_slug, unique="")),
        "result_note": Field(Text(200)),
        "remark": Field(Text(300)),
        "facts": _facts,
        "lines": Field(Many(LINE, unique="code")),
        "materials": Field(Many(NEED)),
        "outputs": Field(Many(OUTPUT, unique="code")),
        "results": Field(Many(RESULT, unique="certificate_type")),
        "consents": Field(Many(CONSENT, unique="code")),
        "cross_rules": Field(Many(CROSS_RULE, unique="code")),
        "review_points": Field(
            Many(Table({"code": Field(_slug, True), "text": Field(Text(200), True), **_sourced}), unique="code")
        ),
        "faqs": _faqs,
    }
)

QUESTION = Table(
    {
        "key": Field(Text(40, SLUG), True),
        "text": Field(Text(120), True),
        "help": Field(Text(200)),
        "options": Field(
            Many(
                Table(
                    {
                        "value": Field(Text(40, r"[a-z0-9][a-z0-9_\-]*"), True),
                        "label": Field(Text(80), True),
                        "note": Field(_sentence),
                        "stops": Field(_sentence),
                        "condition": Field(Rule()),
                        **_sourced,
                    }
                ),
                unique="value",
            )
        ),
        "condition": Field(Rule()),
        "multiple": Field(Flag()),
        "required": Field(Flag(), default=True),
        "minimum": Field(Integer(), default=0),
        "maximum": Field(Integer(1)),
        **_sourced,
    }
)

MATTER_ITEM = Table(
    {
        "item": Field(_slug, True),
        "condition": Field(Rule()),
        "optional": Field(Flag()),
        "group": Field(Text(40, SLUG)),
        "per": Field(Text(40, SLUG)),
        "roles": Field(Dictionary(Text(40, SLUG), SLUG)),
        "reason": Field(Text(200)),
        "after": Field(
            Many(
                Table(
                    {
                        "item": Field(_slug, True),
                        "kind": Field(Text(choices=DEPENDENCY_KINDS), True),
                        "what": Field(Text(200)),
                        **_sourced,
                    }
                ),
                unique="item",
            )
        ),
        **_sourced,
    }
)

MATTER = Table(
    {
        "schema": Field(Integer(SCHEMA, SCHEMA), True),
        "slug": Field(_slug, True),
        "name": Field(Text(100), True),
        "subject": Field(Text(choices=Matter.Subject.values), True),
        "stage": Field(Text(20), True),
        "theme": Field(Text(30)),
        "standing": Field(Text(choices=Matter.Standing.values), default=Matter.Standing.OPEN.value),
        "lead_department": Field(Text(40, SLUG)),
        "division": Field(Text(6, r"[0-9]{6}")),
        "position": Field(Integer(), default=0),
        "summary": Field(Text(200)),
        "conditions": Field(Many(Text(300))),
        "facts": _facts,
        "roles": Field(
            Many(
                Table(
                    {
                        "key": Field(Text(40, SLUG), True),
                        "label": Field(Text(40), True),
                        "is_applicant": Field(Rule()),
                        "count": Field(Rule()),
                        "maximum": Field(Integer(1, 50), default=1),
                        **_sourced,
                    }
                ),
                unique="key",
            )
        ),
        "sections": Field(
            Many(
                Table(
                    {
                        "key": Field(Text(40, SLUG), True),
                        "label": Field(Text(60), True),
                        "help": Field(Text(200)),
                        **_sourced,
                    }
                ),
                unique="key",
            )
        ),
        "questions": Field(Many(QUESTION, unique="key")),
        "items": Field(Many(MATTER_ITEM, unique="item")),
        "labels": Field(Dictionary(Text(100), FIELD_KEY)),
        "placement": Field(Dictionary(Text(40, SLUG), FIELD_KEY)),
        "declared_figures": Field(
            Many(
                Table(
                    {
                        "place": Field(Text(60), True),
                        "metric": Field(Text(choices=DeclaredFigure.Metric.values), True),
                        "before": Field(Text(40), True),
                        "after": Field(Text(40), True),
                        **_sourced,
                    }
                )
            )
        ),
        "faqs": _faqs,
    }
)

DICTIONARIES: dict[str, Spec] = {
    "sources": SOURCES,
    "divisions": DIVISIONS,
    "departments": DEPARTMENTS,
    "elements": ELEMENTS,
    "materials": MATERIALS,
    "certificate_types": CERTIFICATE_TYPES,
    "en": TRANSLATIONS,
}
