"""What is still open in a definition, and how sure the rest of it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext_lazy

from catalog.models import Confidence, Matter, ServiceItem, all_parts_of

CONFIDENCE_NAMES = {
    Confidence.SEEN.value: gettext_lazy("有出处"),
    Confidence.INFERRED.value: gettext_lazy("推出"),
    Confidence.GENERAL.value: gettext_lazy("通识"),
    Confidence.OPEN.value: gettext_lazy("待查"),
}


@dataclass(frozen=True, slots=True)
class OpenFact:
    """One thing nobody has found out yet: where it is, what it is, what is noted about it."""

    where: str
    what: str
    note: str
    address: str


@dataclass(frozen=True, slots=True)
class ConfidenceSummary:
    """What is open, and how many facts there are of each kind of confidence."""

    open: tuple[OpenFact, ...]
    counts: tuple[tuple[str, str, int], ...]


def confidence_of_matter(matter: Matter) -> ConfidenceSummary:
    """Return what is open in a matter and in all its items. Cost: a query for each kind of part, whatever the number of items."""
    items = ServiceItem.objects.filter(matter_items__matter=matter).only("slug", "name", "facts")
    return _summary([matter, *items])


def confidence_of_item(item: ServiceItem) -> ConfidenceSummary:
    """Return what is open in one item. Cost: a query for each kind of part."""
    return _summary([item])


def _summary(definitions: list[Any]) -> ConfidenceSummary:
    counts: Counter[str] = Counter()
    found = [fact for model in (Matter, ServiceItem) for fact in _facts(model, definitions, counts)]
    names = {value: str(label) for value, label in CONFIDENCE_NAMES.items()}
    return ConfidenceSummary(
        tuple(found), tuple((value, names[value], counts[value]) for value in names if counts[value])
    )


def _facts(model: type[Matter | ServiceItem], definitions: list[Any], counts: Counter[str]) -> Iterable[OpenFact]:
    own = {each.pk: each for each in definitions if isinstance(each, model)}
    if not own:
        return
    pages = {pk: reverse(f"admin:catalog_{model._meta.model_name}_change", args=[pk]) for pk in own}
    for pk, definition in own.items():
        yield from _attributes(definition, pages[pk], counts)
    for part in all_parts_of(model):
        rows = part.model._default_manager.filter(**{f"{part.path}__in": own}).select_related(*part.joined)
        for row in rows.annotate(definition_id=F(f"{part.path}_id")):
            counts[row.confidence] += 1
            if row.confidence == Confidence.OPEN:
                pk = row.definition_id
                what = f"{row._meta.verbose_name} · {row}"
                yield OpenFact(own[pk].name, what, "", f"{pages[pk]}#{part.anchor(row)}")


def _attributes(definition: Matter | ServiceItem, page: str, counts: Counter[str]) -> Iterable[OpenFact]:
    names = {field.name: str(field.verbose_name) for field in definition._meta.concrete_fields}
    for attribute, fact in definition.facts.items():
        confidence = fact.get("confidence", Confidence.GENERAL) if isinstance(fact, dict) else Confidence.GENERAL
        counts[str(confidence)] += 1
        if confidence == Confidence.OPEN:
            what = names.get(attribute, attribute)
            yield OpenFact(definition.name, what, fact.get("note", ""), f"{page}#id_{attribute}")
