"""The papers of a situation as a guide shows them: to hand in, or spared and how; each with who asks for it and why."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from catalog.guides.situation import Situation
from catalog.merging.planned import PlannedMaterial
from catalog.merging.reasons import why_material
from catalog.wording.problems import EXEMPTIONS, why_asked


@dataclass(frozen=True)
class ShownMaterial:
    """A paper, who asks for it, and how it is met where it need not be handed in.

    ``why`` is the whole sentence: 用于…；因为您选择了…. ``is_deferrable``: may be handed in later. ``is_conditional``: needed or not by what the form will say.
    """

    name: str
    owner: str
    note: str
    form: str
    copies: int
    is_required: bool
    is_deferrable: bool
    is_conditional: bool
    how: str
    how_by: str
    asked_by: tuple[tuple[str, str], ...]
    why: str


def shown_material(situation: Situation, material: PlannedMaterial) -> ShownMaterial:
    """Return a paper of the merged list in the reader's language."""
    exemption, by = material.exemption, ""
    if exemption is not None and exemption.kind == "shared_data":
        department = situation.matter.content["departments"].get(exemption.reference, {})
        by = situation.translate(department.get("short_name", ""))
    elif exemption is not None and exemption.kind == "result":
        names = dict.fromkeys(situation.short_name(situation.plan.item(key).slug) for key in material.supplied_by)
        by = pgettext("between names", "、").join(names)
    whys = why_material(situation.plan, material)
    asked = {why.item: situation.translate(why.purpose) for why in whys}
    return ShownMaterial(
        name=situation.translate(material.name),
        owner=owner_of(situation, material.role, material.instance),
        note=situation.translate(material.note),
        form=str(_forms().get(material.form, "")),
        copies=material.copies,
        is_required=material.necessity == "required",
        is_deferrable=material.necessity == "deferrable",
        is_conditional=material.conditional,
        how=str(EXEMPTIONS[exemption.kind]) if exemption else "",
        how_by=by,
        asked_by=tuple((situation.short_name(slug), reason) for slug, reason in asked.items()),
        why=why_asked(whys, situation.short_name, situation.translate, assumed=situation.is_assumed),
    )


def owner_of(situation: Situation, role: str, instance: int) -> str:
    """Return whose paper it is; empty where a role that may repeat does not, and the paper's name says enough."""
    known = {each.key: each for each in situation.matter.roles}.get(role)
    if known is None:
        return ""
    count = next((each.count for each in situation.plan.roles if each.key == role), 1)
    if count > 1:
        return f"{situation.translate(known.label)} {instance}"
    return "" if known.maximum > 1 else situation.translate(known.label)


def paper_name(situation: Situation, material: PlannedMaterial) -> str:
    """Return a paper's name with its owner, marked where it may be left out or follow later."""
    owner = owner_of(situation, material.role, material.instance)
    mark = {"optional": _("（可不交）"), "deferrable": _("（可以后补）")}.get(material.necessity, "")
    return f"{situation.translate(material.name)}{f' · {owner}' if owner else ''}{mark}"


def _forms() -> dict[str, str]:
    return {
        "paper": _("纸质"),
        "electronic": _("电子"),
        "paper_or_electronic": _("纸质拍照或电子"),
        "paper_and_electronic": _("纸质和电子"),
    }
