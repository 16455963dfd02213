"""What is still open in a definition, and how sure the rest of it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy

from catalog.models import (
    Confidence,
    CrossRule,
    DeclaredFigure,
    FormLine,
    FrequentQuestion,
    GuideOption,
    GuideQuestion,
    ItemConsent,
    ItemMaterial,
    ItemOutput,
    ItemResult,
    MaterialExemption,
    Matter,
    MatterDependency,
    MatterItem,
    MatterRole,
    MatterSection,
    ReviewPoint,
    ServiceItem,
)

CERTAINTIES = {
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
class Certainty:
    """What is open, and how many facts there are of each kind of certainty."""

    open: tuple[OpenFact, ...]
    counts: tuple[tuple[str, str, int], ...]


def certainty_of_matter(matter: Matter) -> Certainty:
    """Return what is open in a matter and in all its items. Cost: at most eighteen queries, whatever the number of items."""
    page = reverse("admin:catalog_matter_change", args=[matter.pk])
    counts: Counter[str] = Counter()
    found = [*_attributes(matter, matter.name, page, counts)]
    own: tuple[tuple[Any, str, str, str], ...] = (
        (MatterItem.objects.filter(matter=matter).select_related("item"), "matteritem", "item.slug", ""),
        (
            MatterDependency.objects.filter(matter_item__matter=matter).select_related("matter_item__item"),
            *("matteritem", "matter_item.item.slug", ""),
        ),
        (GuideQuestion.objects.filter(matter=matter), "guidequestion", "key", ""),
        (
            GuideOption.objects.filter(question__matter=matter).select_related("question"),
            *("guidequestion", "question.key", ""),
        ),
        (MatterRole.objects.filter(matter=matter), "matterrole", "key", ""),
        (MatterSection.objects.filter(matter=matter), "mattersection", "key", ""),
        (DeclaredFigure.objects.filter(matter=matter), "declaredfigure", "", ""),
        (FrequentQuestion.objects.filter(matter=matter), "frequentquestion", "", ""),
    )
    for rows, anchor, name, _owner in own:
        found += _parts(rows, anchor, name, lambda _row: (matter.name, page), counts)
    items = list(ServiceItem.objects.filter(matter_items__matter=matter).only("slug", "name", "facts"))
    return _certainty([*found, *_of_items(items, counts)], counts)


def certainty_of_item(item: ServiceItem) -> Certainty:
    """Return what is open in one item. Cost: at most nine queries."""
    counts: Counter[str] = Counter()
    return _certainty([*_of_items([item], counts)], counts)


def _of_items(items: list[ServiceItem], counts: Counter[str]) -> list[OpenFact]:
    pages = {item.pk: (item.name, reverse("admin:catalog_serviceitem_change", args=[item.pk])) for item in items}
    found = [fact for item in items for fact in _attributes(item, *pages[item.pk], counts)]
    for rows, anchor, name in (
        (FormLine.objects.filter(item__in=pages), "formline", "code"),
        (ItemMaterial.objects.filter(item__in=pages).select_related("material"), "itemmaterial", "material.code"),
        (ItemOutput.objects.filter(item__in=pages), "itemoutput", "code"),
        (
            ItemResult.objects.filter(item__in=pages).select_related("certificate_type"),
            *("itemresult", "certificate_type.slug"),
        ),
        (ItemConsent.objects.filter(item__in=pages), "itemconsent", "code"),
        (CrossRule.objects.filter(item__in=pages), "crossrule", "code"),
        (ReviewPoint.objects.filter(item__in=pages), "reviewpoint", "code"),
        (FrequentQuestion.objects.filter(item__in=pages), "frequentquestion", ""),
    ):
        found += _parts(rows, anchor, name, lambda row: pages[row.item_id], counts)
    exemptions = MaterialExemption.objects.filter(need__item__in=pages).select_related("need__material")
    found += _parts(exemptions, "itemmaterial", "need.material.code", lambda row: pages[row.need.item_id], counts)
    return found


def _attributes(definition: Matter | ServiceItem, where: str, page: str, counts: Counter[str]) -> Iterable[OpenFact]:
    names = {field.name: str(field.verbose_name) for field in definition._meta.concrete_fields}
    for attribute, fact in definition.facts.items():
        confidence = fact.get("confidence", Confidence.GENERAL) if isinstance(fact, dict) else Confidence.GENERAL
        counts[str(confidence)] += 1
        if confidence == Confidence.OPEN:
            yield OpenFact(where, names.get(attribute, attribute), fact.get("note", ""), f"{page}#id_{attribute}")


def _parts(rows: Any, anchor: str, name: str, owner: Any, counts: Counter[str]) -> list[OpenFact]:
    found = []
    for row in rows:
        counts[row.confidence] += 1
        if row.confidence == Confidence.OPEN:
            where, page = owner(row)
            target = row
            for step in name.split(".") if name else ():
                target = getattr(target, step)
            address = f"{page}#{anchor}-{target}" if name else f"{page}#{anchor}"
            found.append(OpenFact(where, f"{row._meta.verbose_name} · {row}", "", address))
    return found


def _certainty(found: list[OpenFact], counts: Counter[str]) -> Certainty:
    names = {value: str(label) for value, label in CERTAINTIES.items()}
    return Certainty(tuple(found), tuple((value, names[value], counts[value]) for value in names if counts[value]))
