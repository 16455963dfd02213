"""The rows of a matter and its parts, as the package writes them."""

from __future__ import annotations

from typing import Any

from catalog.models import (
    DeclaredFigure,
    FrequentQuestion,
    GuideOption,
    GuideQuestion,
    Matter,
    MatterDependency,
    MatterItem,
    MatterRole,
    MatterSection,
    ServiceItem,
)
from catalog.packages.format.specs import Record
from catalog.packages.package import Folder
from catalog.packages.rows.dictionary import department_ids, sourced
from catalog.packages.rows.item import facts, question_and_answer
from catalog.packages.rows.syncing import Tally, sync


def sync_matter(folder: Folder, tally: Tally) -> Matter:
    """Write the folder's matter with all its parts and return it. Cost: about twenty queries."""
    record = folder.matter
    if record is None:
        raise ValueError("the folder has no matter")
    wanted = {
        "slug": record["slug"],
        "name": record["name"],
        "subject": record["subject"],
        "stage": record["stage"],
        "theme": record["theme"],
        "standing": record["standing"],
        "lead_department_id": department_ids()[record["lead_department"]] if record["lead_department"] else None,
        "division_id": record["division"] or None,
        "position": record["position"],
        "summary": record["summary"],
        "conditions": list(record["conditions"]),
        "facts": facts(record),
        "labels": dict(record["labels"]),
        "placement": dict(record["placement"]),
    }
    matter: Matter = sync(Matter.objects.filter(slug=record["slug"]), [wanted], ("slug",), tally)[record["slug"],]
    _sync_simple(matter, record, tally)
    _sync_questions(matter, record, tally)
    _sync_items(matter, record, tally)
    return matter


def _sync_simple(matter: Matter, record: Record, tally: Tally) -> None:
    parts: list[tuple[type[Any], str, tuple[str, ...], Any]] = [
        (MatterRole, "roles", ("key",), _role),
        (MatterSection, "sections", ("key",), _section),
        (DeclaredFigure, "declared_figures", ("place", "metric"), _declared_figure),
        (FrequentQuestion, "faqs", ("question",), question_and_answer),
    ]
    for model, kind, key, columns in parts:
        rows = [
            {"matter_id": matter.pk, "position": position, **columns(part), **sourced(part)}
            for position, part in enumerate(record[kind])
        ]
        sync(model._default_manager.filter(matter_id=matter.pk), rows, key, tally)


def _sync_questions(matter: Matter, record: Record, tally: Tally) -> None:
    questions = [
        {
            "matter_id": matter.pk,
            "position": position,
            "key": part["key"],
            "text": part["text"],
            "help": part["help"],
            "condition": part["condition"],
            "multiple": part["multiple"],
            "required": part["required"],
            "minimum": part["minimum"],
            "maximum": part["maximum"],
            **sourced(part),
        }
        for position, part in enumerate(record["questions"])
    ]
    kept = sync(GuideQuestion.objects.filter(matter_id=matter.pk), questions, ("key",), tally)
    options = [
        {
            "question_id": kept[part["key"],].pk,
            "position": position,
            "value": option["value"],
            "label": option["label"],
            "note": option["note"],
            "stops": option["stops"],
            "condition": option["condition"],
            **sourced(option),
        }
        for part in record["questions"]
        for position, option in enumerate(part["options"])
    ]
    sync(GuideOption.objects.filter(question__matter_id=matter.pk), options, ("question_id", "value"), tally)


def _sync_items(matter: Matter, record: Record, tally: Tally) -> None:
    slugs = [part["item"] for part in record["items"]]
    ids = dict(ServiceItem.objects.filter(slug__in=slugs).values_list("slug", "pk"))
    entries = [
        {
            "matter_id": matter.pk,
            "position": position,
            "item_id": ids[part["item"]],
            "condition": part["condition"],
            "optional": part["optional"],
            "group": part["group"],
            "per": part["per"],
            "roles": dict(part["roles"]),
            "reason": part["reason"],
            **sourced(part),
        }
        for position, part in enumerate(record["items"])
    ]
    kept = sync(MatterItem.objects.filter(matter_id=matter.pk), entries, ("item_id",), tally)
    dependencies = [
        {
            "matter_item_id": kept[ids[part["item"]],].pk,
            "prerequisite_id": kept[ids[dependency["item"]],].pk,
            "position": position,
            "kind": dependency["kind"],
            "what": dependency["what"],
            **sourced(dependency),
        }
        for part in record["items"]
        for position, dependency in enumerate(part["after"])
    ]
    rows = MatterDependency.objects.filter(matter_item__matter_id=matter.pk)
    sync(rows, dependencies, ("matter_item_id", "prerequisite_id"), tally)


def _role(part: Record) -> dict[str, Any]:
    return {
        "key": part["key"],
        "label": part["label"],
        "is_applicant": part["is_applicant"],
        "count": part["count"],
        "maximum": part["maximum"],
    }


def _section(part: Record) -> dict[str, Any]:
    return {"key": part["key"], "label": part["label"], "help": part["help"]}


def _declared_figure(part: Record) -> dict[str, Any]:
    return {"place": part["place"], "metric": part["metric"], "before": part["before"], "after": part["after"]}
