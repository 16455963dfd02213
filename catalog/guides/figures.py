"""The figures of a guide: before → after, each with the lists that explain it, beside what other places declare."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from catalog.guides.matrix import known_from
from catalog.guides.situation import Situation
from catalog.merging.figures import Figure, Figures
from catalog.merging.planned import PlannedMaterial
from catalog.models import DeclaredFigure
from catalog.wording.limits import further, unit
from catalog.wording.names import METRICS
from catalog.wording.papers import exemption_words, paper_name

Lines = tuple[tuple[str, str], ...]

# A figure that can be compared is a number of something; 压减 70%, 1 小时 and 一表申请 are not.
_NUMBER = re.compile(r"(?:最多|最长|至少|约)?\s*(\d{1,4})\s*(?:份|个|次|天|张|项|日|个工作日|个自然日)")


@dataclass(frozen=True)
class Declared:
    """What one place declares of a figure, in its own words, and how far it is from the computed one; empty if no numbers."""

    place: str
    before: str
    after: str
    difference: str


@dataclass(frozen=True)
class ShownFigure:
    """A before → after pair with the two lists that explain it, as (what, amount) lines; ``is_known`` False: not published.

    ``more``: what else there is to say of it (fields known already, ways papers are exempt). ``missing``: how many items say nothing of it.
    """

    key: str
    name: str
    unit: str
    before: int
    after: int
    before_list: Lines
    after_list: Lines
    more: Lines
    declared: tuple[Declared, ...]
    is_known: bool = True
    missing: int = 0

    @property
    def unknown(self) -> str:
        """Return what stands in place of the numbers where they are not published."""
        if self.is_known:
            return ""
        return _("至少 %(days)s") % {"days": self.after} if self.after else _("未公布")

    @property
    def beside(self) -> str:
        """Return what stands beside the numbers: what they count, and of how many items it is not published."""
        if self.is_known or not self.after or not self.missing:
            return self.unit
        return f"{self.unit}{pgettext('between entries', '；')}{further(self.missing)}"

    @property
    def more_title(self) -> str:
        return _("不用您填的") if self.key == "fields" else _("可以免交的")


def shown_figures(situation: Situation) -> list[ShownFigure]:
    """Return what it took when every item was applied for alone, and what it takes now, each with its lists."""
    figures = situation.plan.figures
    shown = []
    for key in ("forms", "materials", "visits", "days", "fields", "steps"):
        figure: Figure = getattr(figures, key)
        before, after = _LISTS.get(key, _numbered)(situation, key, figure)
        shown.append(
            ShownFigure(
                key=key,
                name=str(METRICS[key]),
                unit=unit(key, figure.after),
                before=figure.before,
                after=figure.after,
                before_list=before,
                after_list=after,
                more=_more(situation, key, figures),
                declared=_declared(situation, key, figure.after),
                is_known=_is_known(situation, key, figure),
                missing=len(figure.more.get("unknown", ())),
            )
        )
    return shown


def _is_known(situation: Situation, key: str, figure: Figure) -> bool:
    """Return whether a figure is one: limits may be unpublished, and of a matter that is only described everything that is empty is."""
    if figure.more.get("unknown"):
        return False
    if key == "days":
        return True
    return situation.is_open or bool(figure.before or figure.after)


def _numbered(situation: Situation, key: str, figure: Figure) -> tuple[Lines, Lines]:
    keys = {item.key for item in situation.plan.items}
    unknown = situation.unknown_limits if key == "days" else frozenset[str]()

    def lines(pairs: tuple[Any, ...]) -> Lines:
        return tuple(
            (situation.instance_name(each) if each in keys else situation.name, _amount(situation, key, each, number))
            for each, number in pairs
            if number or each in unknown
        )

    after = lines(figure.after_list)
    if key == "visits":
        after += tuple((situation.instance_name(each), _("未公布")) for each in figure.more["unknown"])
    return lines(figure.before_list), after


def _amount(situation: Situation, key: str, item: str, number: int) -> str:
    if key == "days" and item in situation.unknown_limits:
        return _("未公布")
    return f"{number} {unit(key, number)}"


def _forms(situation: Situation, key: str, figure: Figure) -> tuple[Lines, Lines]:
    return tuple((situation.instance_name(each), "") for each in figure.before_list), ((_("一张合并的表"), ""),)


def _counted(situation: Situation, key: str, figure: Figure) -> tuple[Lines, Lines]:
    labels: Mapping[str, str]
    if key == "materials":
        labels = {each.key: _paper(situation, each) for each in situation.plan.materials}
    else:
        labels = {each: situation.translate(field.label) for each, field in situation.plan.fields.items()}
    counts: dict[str, int] = {}
    for item, _code in figure.before_list:
        counts[item] = counts.get(item, 0) + 1
    before = tuple((situation.instance_name(item), str(count)) for item, count in counts.items())
    return before, tuple((labels[each], "") for each in figure.after_list)


def _paper(situation: Situation, material: PlannedMaterial) -> str:
    """Return a paper's name with its owner, marked where it may be left out or follow later."""
    mark = {"optional": _("（可不交）"), "deferrable": _("（可以后补）")}.get(material.necessity, "")
    return f"{paper_name(situation.plan, material, situation.translate)}{mark}"


_LISTS = {"forms": _forms, "materials": _counted, "fields": _counted}


def _more(situation: Situation, key: str, figures: Figures) -> Lines:
    """Return how the rest is met: each field that is known or decided and from where, each paper that is exempt and how."""
    if key == "fields":
        total, fields = figures.fields.more["total"], situation.plan.fields
        known = [fields[each] for each in figures.fields.more["known_list"]]
        return (
            (_("合并后的表共有"), f"{total} {unit(key, total)}"),
            *((situation.translate(field.label), known_from(situation, field)) for field in known),
        )
    if key == "materials":
        exempt = [each for each in situation.plan.materials if each.exemption is not None]
        return tuple(
            (_paper(situation, each), exemption_words(each.exemption.kind)) for each in exempt if each.exemption
        )
    return ()


def _declared(situation: Situation, key: str, computed: int) -> tuple[Declared, ...]:
    rows = situation.matter.content["matter"]["declared"].get("figures", [])
    return tuple(
        Declared(row["place"], row["before"], row["after"], _difference(row["after"], computed))
        for row in rows
        if row["metric"] == key and key in DeclaredFigure.Metric.values
    )


def _difference(declared: str, computed: int) -> str:
    found = _NUMBER.fullmatch(declared.strip())
    if found is None:
        return ""
    difference = int(found[1]) - computed
    if difference == 0:
        return _("与本指南一致")
    if difference > 0:
        return ngettext("比本指南多 %(count)s", "比本指南多 %(count)s", difference) % {"count": difference}
    return ngettext("比本指南少 %(count)s", "比本指南少 %(count)s", -difference) % {"count": -difference}
