"""How each field of the merged form is asked: its control, its hint, who gets it, and what the browser may help with."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from catalog.definitions import NEVER_MERGED
from catalog.definitions.naming import numbered
from catalog.fields.constraints import NUMBERS, is_anywhere
from catalog.fields.examples import SOME_DECIMAL, whole_number
from catalog.fields.patterns import may_run_in_a_browser
from catalog.merging.compiled import Plan
from catalog.merging.fewer import answers_with_one_less
from catalog.merging.planned import PlannedField, PlannedSection
from catalog.wording.problems import format_in_words
from matters.form_page.pieces import (
    SLOT,
    FieldView,
    GroupView,
    OptionGroup,
    OptionView,
    PartView,
    Recipient,
    SectionView,
    Translate,
)

CONTROLS = {
    "longtext": "area",
    "multiselect": "boxes",
    "boolean": "buttons",
    "date": "moment",
    "datetime": "moment",
    "select": "buttons",
    "id_kind": "buttons",
    "division": "division",
}
# Up to so many options are shown as buttons, all in sight; more become a list.
BUTTONS_LIMIT = 5
ROOMY_TYPES = frozenset({"address", "division", "organisation_name", "bank_account", "email", "longtext"})

INPUTS: Mapping[str, dict[str, str]] = {
    "phone": {"type": "tel", "inputmode": "tel"},
    "email": {"type": "email", "inputmode": "email", "autocapitalize": "none", "spellcheck": "false"},
    "integer": {"inputmode": "numeric"},
    "decimal": {"inputmode": "decimal"},
    "postcode": {"inputmode": "numeric"},
    "bank_account": {"inputmode": "numeric"},
    "id_number": {"autocapitalize": "characters", "spellcheck": "false"},
    "credit_code": {"autocapitalize": "characters", "spellcheck": "false"},
    "person_name": {"spellcheck": "false"},
}
# Browsers may fill in the applicant's own facts; other people's are never offered (WCAG 1.3.5).
AUTOCOMPLETE = {
    "person_name": "name",
    "phone": "tel",
    "email": "email",
    "address": "street-address",
    "postcode": "postal-code",
}


def html_id(key: str) -> str:
    """Return the id of a field's control: ``child#2:person.name`` → ``f-child-2-person-name``."""
    return "f-" + re.sub(r"[^A-Za-z0-9]+", "-", key)


def section_views(
    plan: Plan, translate: Translate, divisions: Mapping[str, list[tuple[str, str]]]
) -> list[SectionView]:
    """Return the plan's sections ready for their template.

    ``translate`` puts a text of the catalog into the reader's language. ``divisions``: city → [(code, name)], for fields that
    ask for an administrative division.
    """
    views: list[SectionView] = []
    offered: set[tuple[str, int]] = set()  # whoever can be left out is so where they come first
    for section in plan.sections:
        if section.fields:
            views.append(_section_view(plan, section, translate, divisions, offered))
    return views


def person_label(plan: Plan, role: str, instance: int, translate: Translate) -> str:
    """Return whose facts these are: 新生儿, or 新生儿（第 2 位） where there are several."""
    found = next((each for each in plan.roles if each.key == role), None)
    label = translate(found.label) if found else ""
    if found is not None and found.count > 1:
        return _("%(person)s（第 %(number)s 位）") % {"person": label, "number": instance}
    return label


def count_of(plan: Plan, role: str) -> int:
    """Return how many play a role."""
    return next((each.count for each in plan.roles if each.key == role), 1)


def _one_of_several(plan: Plan, role: str, instance: int, translate: Translate) -> str:
    """Return whose facts these are where several play the role; empty where the field's own name says it."""
    return person_label(plan, role, instance, translate) if count_of(plan, role) > 1 else ""


def _section_view(
    plan: Plan,
    section: PlannedSection,
    translate: Translate,
    divisions: Mapping[str, list[tuple[str, str]]],
    offered: set[tuple[str, int]],
) -> SectionView:
    runs: dict[tuple[str, int], list[PlannedField]] = {}
    for field in section.fields:
        runs.setdefault(_whose(field), []).append(field)
    groups = []
    for (role, instance), fields in runs.items():
        may_go = (role, instance) not in offered and answers_with_one_less(plan, role) is not None
        offered.add((role, instance))
        groups.append(
            GroupView(
                title=person_label(plan, role, instance, translate) if len(runs) > 1 else "",
                fields=[_field_view(plan, field, translate, divisions) for field in fields],
                removes=f"{numbered(role, instance)}/{count_of(plan, role)}" if may_go else "",
                whose=person_label(plan, role, instance, translate),
            )
        )
    title = translate(section.title)
    if _is_repeated(plan, section):
        title = _("%(section)s（第 %(number)s 位）") % {"section": title, "number": section.instance}
    return SectionView(
        id=html_id(section.key).replace("f-", "s-", 1), title=title, help=translate(section.help), groups=groups
    )


def _whose(field: PlannedField) -> tuple[str, int]:
    return field.role, field.instance


def _is_repeated(plan: Plan, section: PlannedSection) -> bool:
    """Whether the same section is asked for several persons (its key is then ``newborn``, ``newborn#2`` …)."""
    name = section.key.partition("#")[0]
    return sum(1 for other in plan.sections if other.key.partition("#")[0] == name) > 1


def _field_view(
    plan: Plan, field: PlannedField, translate: Translate, divisions: Mapping[str, list[tuple[str, str]]]
) -> FieldView:
    control = _control(field, divisions)
    is_applicant = any(role.key == field.role and role.is_applicant for role in plan.roles)
    recipients = _recipients(plan, field, translate)
    supplier = plan.item(field.supplied_by.item) if field.supplied_by is not None else None
    return FieldView(
        key=field.key,
        id=html_id(field.key),
        label=translate(field.label),
        control=control,
        kind=field.type,
        hint=translate(field.help),
        unit=translate(field.unit),
        is_known=field.supplied_by is None and field.reuse != "ask" and field.type not in NEVER_MERGED,
        supplied=translate(supplier.name) if supplier else "",
        attributes=_attributes(field, is_applicant=is_applicant and field.instance == 1),
        groups=list(_option_groups(field, translate, divisions)),
        parts=list(_parts(field)) if control == "moment" else [],
        recipients=recipients,
        departments=pgettext("between names", "、").join(dict.fromkeys(each.department for each in recipients)),
        slots={name: SLOT.format(name, field.key, "") for name in _FIELD_SLOTS},
        whose=_one_of_several(plan, field.role, field.instance, translate),
        example=_example_of(field, translate),
    )


def _example_of(field: PlannedField, translate: Callable[[str], str]) -> str:
    """Return a number as it may be typed, with what the field counts in: who weighs in 公斤 sees that 克 is asked for."""
    if field.type not in NUMBERS:
        return ""
    number = whole_number(field.constraints) if field.type == "integer" else SOME_DECIMAL
    return f"{number} {translate(field.unit)}".strip()


_FIELD_SLOTS = (
    "hidden",
    "err",
    "has_fact",
    "invalid",
    "msg_hidden",
    "msg",
    "text",
    "optional_hidden",
    "control_hidden",
    "fact",
    "said",
    "source",
    "edit_hidden",
    "wrong_hidden",
    "told",
    "done",
)


def _control(field: PlannedField, divisions: Mapping[str, list[tuple[str, str]]]) -> str:
    control = CONTROLS.get(field.type, "line")
    if control == "division":
        has_list = field.options or (divisions and not is_anywhere(field.type, field.constraints))
        return "list" if has_list else "line"
    if control == "buttons" and len(field.options) > BUTTONS_LIMIT:
        return "list"
    return control


def _attributes(field: PlannedField, *, is_applicant: bool) -> dict[str, str]:
    attributes = {"type": "text", **INPUTS.get(field.type, {})}
    if is_anywhere(field.type, field.constraints):
        attributes |= place_attributes()
    attributes["autocomplete"] = AUTOCOMPLETE.get(field.type, "off") if is_applicant else "off"
    if field.type not in ROOMY_TYPES:
        attributes["class"] = "brief" if field.type in {"integer", "decimal", "postcode"} else "short"
    return attributes


def place_attributes() -> dict[str, str]:
    """Return what ``static/js/places.js`` reads at a line where a division of the whole country is typed."""
    return {
        "data-places": reverse("catalog:places"),
        "data-some": _("个可选的地方"),
        "data-none": _("没有找到这样的地方"),
        "data-until": _("{year} 年以前"),
        "placeholder": _("如 江西省南昌市西湖区"),
        "spellcheck": "false",
    }


def _option_groups(
    field: PlannedField, translate: Translate, divisions: Mapping[str, list[tuple[str, str]]]
) -> Iterator[OptionGroup]:
    if field.type == "boolean":
        choices = {"": [("true", pgettext("answer", "是")), ("false", pgettext("answer", "否"))]}
    elif field.type == "division" and not field.options:
        choices = {} if is_anywhere(field.type, field.constraints) else dict(divisions)
    else:
        choices = {"": [(option.value, translate(option.label)) for option in field.options]}
    number = 0
    for label, options in choices.items():
        views = []
        for value, text in options:
            number += 1
            views.append(
                OptionView(value, text, f"{html_id(field.key)}-{number}", SLOT.format("chosen", field.key, value))
            )
        if views:
            yield OptionGroup(label, views)


def _parts(field: PlannedField) -> Iterator[PartView]:
    labels = {"year": _("年"), "month": _("月"), "day": _("日"), "hour": _("时"), "minute": _("分")}
    for name, label in labels.items():
        if name in {"hour", "minute"} and field.type != "datetime":
            continue
        identifier = html_id(field.key) if name == "year" else f"{html_id(field.key)}-{name}"
        yield PartView(
            name, identifier, label, "four" if name == "year" else "two", SLOT.format("part", field.key, name)
        )


def _recipients(plan: Plan, field: PlannedField, translate: Translate) -> list[Recipient]:
    found: dict[str, Recipient] = {}
    for asker in field.asked_by:
        item = plan.item(asker.item)
        found.setdefault(
            item.slug,
            Recipient(
                translate(item.name),
                translate(item.department_short_name or item.department_name),
                translate(asker.reason),
            ),
        )
    return list(found.values())


def _kind_key(plan: Plan, number: PlannedField) -> str:
    """Return the field that says of which kind a document's number is; empty for everything else."""
    if number.type != "id_number":
        return ""
    kinds = (each for each in plan.fields.values() if each.type == "id_kind")
    return next((each.key for each in kinds if _whose(each) == _whose(number)), "")


def browser_fields(plan: Plan, views: list[SectionView]) -> dict[str, Any]:
    """Return what the scripts need of each field that is typed: key → id, label, type, control and constraints."""
    return {
        field.key: {
            "id": field.id,
            "label": field.label,
            "type": field.kind,
            "control": field.control,
            "constraints": _browser_constraints(plan.fields[field.key].constraints),
            "whose": field.whose,
            "example": field.example,
            "format": _format(plan.fields[field.key].constraints),
            "unit": plan.fields[field.key].unit,
            "fact": plan.fact_of(field.key),
            "kind": _kind_key(plan, plan.fields[field.key]),
        }
        for section in views
        for group in section.groups
        for field in group.fields
        if not field.supplied
    }


def _format(constraints: Mapping[str, Any]) -> str:
    """Return the format that a field asks for in words, empty where it asks for none."""
    patterns = constraints.get("pattern") or ""
    return format_in_words(patterns if isinstance(patterns, str) else patterns[0]) if patterns else ""


def _browser_constraints(constraints: Mapping[str, Any]) -> dict[str, Any]:
    """Return the demands without the patterns nobody vouches for in an engine that backtracks: those the server alone checks."""
    given = dict(constraints)
    patterns = given.pop("pattern", [])
    vouched = [each for each in ([patterns] if isinstance(patterns, str) else patterns) if may_run_in_a_browser(each)]
    return {**given, "pattern": vouched[0] if len(vouched) == 1 else vouched} if vouched else given
