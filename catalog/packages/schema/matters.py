"""What a matter's file may hold."""

from __future__ import annotations

from catalog.definitions import DEPENDENCY_KINDS
from catalog.models import DeclaredFigure, Matter, MatterRole
from catalog.packages.format.specs import Dictionary, Field, Flag, Integer, Many, Rule, Table, Text
from catalog.packages.schema.common import FACTS, FAQS, FIELD_KEY, SENTENCE, SLUG, SLUG_TEXT, SOURCED, records

SCHEMA = 1

QUESTION = records(
    "key",
    key=Field(Text(40, SLUG), True),
    text=Field(Text(120), True),
    help=Field(Text(200)),
    options=records(
        "value",
        value=Field(Text(40, r"[a-z0-9][a-z0-9_\-]*"), True),
        label=Field(Text(80), True),
        note=Field(SENTENCE),
        stops=Field(SENTENCE),
        condition=Field(Rule()),
        **SOURCED,
    ),
    condition=Field(Rule()),
    multiple=Field(Flag()),
    required=Field(Flag(), default=True),
    minimum=Field(Integer(), default=0),
    maximum=Field(Integer(1)),
    **SOURCED,
)

MATTER_ITEM = records(
    "item",
    item=Field(SLUG_TEXT, True),
    condition=Field(Rule()),
    optional=Field(Flag()),
    group=Field(Text(40, SLUG)),
    per=Field(Text(40, SLUG)),
    roles=Field(Dictionary(Text(40, SLUG), SLUG)),
    reason=Field(Text(200)),
    after=records(
        "item",
        item=Field(SLUG_TEXT, True),
        kind=Field(Text(choices=DEPENDENCY_KINDS), True),
        what=Field(Text(200)),
        **SOURCED,
    ),
    **SOURCED,
)

MATTER = Table(
    {
        "schema": Field(Integer(SCHEMA, SCHEMA), True),
        "slug": Field(SLUG_TEXT, True),
        "name": Field(Text(100), True),
        "subject": Field(Text(choices=Matter.Subject.values), True),
        "stage": Field(Text(20), True),
        "theme": Field(Text(30)),
        "status": Field(Text(choices=Matter.Status.values), default=Matter.Status.OPEN.value),
        "lead_department": Field(Text(40, SLUG)),
        "division": Field(Text(6, r"[0-9]{6}")),
        "position": Field(Integer(), default=0),
        "summary": Field(Text(200)),
        "conditions": Field(Many(Text(300))),
        "facts": FACTS,
        "roles": records(
            "key",
            key=Field(Text(40, SLUG), True),
            label=Field(Text(40), True),
            is_applicant=Field(Rule()),
            count=Field(Rule()),
            maximum=Field(Integer(1, 50), default=1),
            same_as=Field(Rule()),
            kin=Field(Text(choices=MatterRole.Kin.values)),
            kin_of=Field(Rule()),
            **SOURCED,
        ),
        "sections": records(
            "key",
            key=Field(Text(40, SLUG), True),
            label=Field(Text(60), True),
            help=Field(Text(200)),
            **SOURCED,
        ),
        "questions": QUESTION,
        "items": MATTER_ITEM,
        "labels": Field(Dictionary(Text(100), FIELD_KEY)),
        "placement": Field(Dictionary(Text(40, SLUG), FIELD_KEY)),
        "declared_figures": records(
            ("place", "metric"),
            place=Field(Text(60), True),
            metric=Field(Text(choices=DeclaredFigure.Metric.values), True),
            before=Field(Text(40), True),
            after=Field(Text(40), True),
            **SOURCED,
        ),
        "faqs": FAQS,
    }
)
