"""The items of a matter as its guide shows them: those of this situation and those of others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from catalog.definitions import IMMEDIATE
from catalog.guides.flow import direct_waits
from catalog.guides.situation import Situation
from catalog.merging.planned import PlannedItem
from catalog.merging.reasons import why_item
from catalog.wording.limits import limit_or_note
from catalog.wording.problems import because
from catalog.wording.translating import cited


@dataclass(frozen=True)
class ShownItem:
    """An item of the matter: in this situation, or (``planned`` None) only in others.

    ``facts`` as in ``catalog.versions.facts``, in the reader's language. ``bases``: laws with their articles, each in Chinese and in the
    reader's language.

    ``promised_limit_days`` None: not published. ``promised`` and ``statutory`` say the limits in words, ``handling`` the kind of case, empty where not published.
    """

    slug: str
    name: str
    short_name: str
    department: str
    department_name: str
    planned: PlannedItem | None
    times: int
    promised_limit_days: int | None
    statutory_limit_days: int | None
    promised: str
    handling: str
    statutory: str
    results: tuple[str, ...]
    waits_for: tuple[str, ...]
    because: str  # the answers that brought it in, in words; empty where it always belongs
    is_optional: bool
    facts: Mapping[str, Any]
    bases: tuple[tuple[str, str], ...]
    span: str = ""  # SVG path data of its stretch of time, on a line from 4 to 296; empty where days are not known

    @property
    def when(self) -> str:
        """Return when it begins, how long it takes and what happens, in words."""
        names = pgettext("between names", "、").join(self.waits_for)
        begins = _("%(names)s办好后自动开始") % {"names": names} if names else _("受理后马上开始")
        if self.promised_limit_days is None:
            takes = _("办理时限未公布")
        else:
            takes = _("%(limit)s内办完") % {"limit": self.promised} if self.promised_limit_days else self.promised
        steps = " → ".join(self.facts["flow"])
        told = f"{begins}{pgettext('within a sentence', '，')}{takes}"
        return f"{told}{pgettext('colon', '：')}{steps}" if steps else told


def shown_items(situation: Situation) -> list[ShownItem]:
    """Return every item of the matter in its order; ``planned`` tells whether this situation needs it."""
    planned = {item.slug: item for item in reversed(situation.plan.items)}
    times = {slug: sum(1 for item in situation.plan.items if item.slug == slug) for slug in planned}
    names = situation.matter.content["departments"]
    waits = direct_waits(situation.plan)
    shown = []
    for entry in situation.matter.content["items"]:
        definition, slug = entry["definition"], entry["definition"]["slug"]
        item, facts = planned.get(slug), situation.facts["items"][slug]
        unit = item.limit_unit if item is not None else definition.get("limit_unit", "working_days")
        promised = item.promised_limit_days if item is not None else definition["promised_limit_days"]
        if promised is None and definition["handling"] == IMMEDIATE:
            promised = 0
        shown.append(
            ShownItem(
                slug=slug,
                name=situation.translate(definition["name"]),
                short_name=situation.short_name(slug),
                department=situation.translate(names[definition["department"]]["short_name"]),
                department_name=situation.translate(names[definition["department"]]["name"]),
                planned=item,
                times=times.get(slug, 0),
                promised_limit_days=promised,
                statutory_limit_days=definition["statutory_limit_days"],
                promised=limit_or_note("promised", promised, unit, facts["limit_note"]),
                handling=situation.translate(facts["handling"]) if promised is not None else "",
                statutory=limit_or_note("statutory", definition["statutory_limit_days"], unit, facts["limit_note"]),
                results=tuple(situation.translate(result["name"]) for result in definition["results"]),
                waits_for=tuple(situation.short_name(before) for before, after in waits if after == slug),
                because=because(why_item(situation.plan, item), situation.translate, assumed=situation.is_assumed)
                if item
                else "",
                is_optional=entry["use"]["optional"],
                facts=situation.translated(facts),
                bases=tuple((law, situation.translate(law)) for law in map(cited, facts["legal_basis"])),
                span=_span(situation, item) if item is not None else "",
            )
        )
    return shown


def _span(situation: Situation, item: PlannedItem) -> str:
    length = situation.plan.working_days
    if situation.unknown_limits or not length:
        return ""
    start, end = (round(4 + 292 * day / length) for day in (item.starts_after_days, item.ends_after_days))
    return f"M{start} 6H{max(end, start + 1)}"
