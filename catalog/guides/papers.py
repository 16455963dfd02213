"""The papers of a situation as a guide shows them: to hand in, or exempt and how; each with who asks for it and why."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from catalog.guides.situation import Situation
from catalog.merging.planned import PlannedMaterial
from catalog.merging.reasons import why_material
from catalog.wording.papers import CLASSES, how_exempt, owner_name
from catalog.wording.problems import why_asked


@dataclass(frozen=True)
class ShownMaterial:
    """A paper, who asks for it, and how it is met where it need not be handed in.

    ``why`` is the whole sentence: 用于…；因为您选择了…. ``deferred_days``: it may be handed in later, within so many working days from acceptance. ``is_conditional``: needed or not by what the form will say.
    """

    name: str
    owner: str
    note: str
    form: str
    copies: int
    is_required: bool
    deferred_days: int | None
    is_conditional: bool
    how: str
    why: str
    kind: str = ""

    @property
    def way(self) -> str:
        """Return in which of the ways it is spared, in a word."""
        return str(CLASSES.get(self.kind, ""))

    @property
    def necessity(self) -> str:
        """Return whether it must be handed in, in words."""
        if self.is_conditional:
            return _("看您怎么填")
        if self.is_required:
            return _("必交")
        if self.deferred_days is None:
            return _("可不交")
        return _("可以后补，受理后 %(days)s 个工作日内") % {"days": self.deferred_days}


def shown_material(situation: Situation, material: PlannedMaterial) -> ShownMaterial:
    """Return a paper of the merged list in the reader's language."""
    plan, translate, exemption = situation.plan, situation.translate, material.exemption
    return ShownMaterial(
        name=translate(material.name),
        owner=owner_name(plan, material.role, material.instance, translate),
        note=translate(material.note),
        form=str(_forms().get(material.form, "")),
        copies=material.copies,
        is_required=material.necessity == "required",
        deferred_days=material.deferred_days,
        is_conditional=material.conditional,
        how=how_exempt(plan, material, exemption, translate) if exemption is not None else "",
        kind=exemption.kind if exemption is not None else "",
        why=why_asked(why_material(plan, material), situation.short_name, translate, assumed=situation.is_assumed),
    )


def _forms() -> dict[str, str]:
    return {
        "paper": _("纸质"),
        "electronic": _("电子"),
        "paper_or_electronic": _("纸质拍照或电子"),
        "paper_and_electronic": _("纸质和电子"),
    }
