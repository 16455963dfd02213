"""Which result of a matter feeds which field or paper of its other items: read from the definitions, never typed here."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from catalog.models import FormLine, ItemOutput, ItemResult, MaterialExemption, Matter, MatterItem


def feeds_of(matter: Matter) -> dict[str, list[str]]:
    """Return item's slug → sentences: what its decision fills in elsewhere, which papers its result replaces. Cost: five queries."""
    entries = list(
        MatterItem.objects.filter(matter=matter)
        .select_related("item")
        .only("roles", "item__slug", "item__name", "item__short_name")
    )
    names = {entry.item.slug: entry.item.short_name or entry.item.name for entry in entries}
    items = [entry.item_id for entry in entries]
    roles = {entry.item.slug: entry.roles for entry in entries}
    asked: dict[str, list[str]] = {}
    lines = FormLine.objects.filter(item__in=items).values_list("item__slug", "role", "element__code")
    for slug, role, element in lines:
        asked.setdefault(f"{roles[slug].get(role, role)}:{element}", []).append(slug)
    sentences: dict[str, list[str]] = {}
    outputs = ItemOutput.objects.filter(item__in=items).exclude(feeds="").order_by("position", "pk")
    for slug, label, key in outputs.values_list("item__slug", "label", "feeds"):
        role, _colon, element = key.partition(":")
        receivers = [each for each in asked.get(f"{roles[slug].get(role, role)}:{element}", []) if each != slug]
        if receivers:
            words = {"label": label, "names": _list(names[each] for each in receivers)}
            sentences.setdefault(slug, []).append(_("“%(label)s”自动填入%(names)s") % words)
    issued = dict(ItemResult.objects.filter(item__in=items).values_list("certificate_type__slug", "item__slug"))
    replaced: dict[tuple[str, str], list[str]] = {}
    ways = MaterialExemption.objects.filter(need__item__in=items, kind=MaterialExemption.Kind.RESULT)
    for reference, paper, slug in ways.values_list("reference", "need__material__name", "need__item__slug"):
        giver = reference if reference in names else issued.get(reference, "")
        if giver and giver != slug:
            replaced.setdefault((giver, paper), []).append(names[slug])
    for (giver, paper), receivers in replaced.items():
        words = {"paper": paper, "names": _list(receivers)}
        sentences.setdefault(giver, []).append(_("结果代替%(names)s的“%(paper)s”") % words)
    return sentences


def _list(names: Iterable[str]) -> str:
    return pgettext("between names", "、").join(dict.fromkeys(names))
