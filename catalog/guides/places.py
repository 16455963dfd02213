"""Where a matter can be applied for: the standard, and the divisions that do it in their own way, as a choice on its guide."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from catalog.guides.answers import query_of
from catalog.merging.compiled import CompiledMatter
from catalog.models import MatterVersion, RegionalVersion
from catalog.wording.translating import translator_for


@dataclass(frozen=True, slots=True)
class Place:
    """One choice. ``query``: the guide's query string there, with the answers given so far."""

    name: str
    query: str
    is_chosen: bool


def choose(divisions: Iterable[tuple[str, str]], chosen: str, query: Callable[[str], str]) -> list[Place]:
    """Return the standard and the divisions as choices. ``divisions``: (code, name); ``query``: code → query string of the page there."""
    choices = [("", _("其他地方（按标准）")), *divisions]
    return [Place(name, query(code), code == chosen) for code, name in choices]


def places(version: MatterVersion, matter: CompiledMatter, answers: Mapping[str, Any]) -> list[Place]:
    """Return the choices, the standard first; none where every place does the same. Cost: one query, none then."""
    if version.division_id is None and not getattr(version, "has_places", False):
        return []
    local = RegionalVersion.objects.filter(matter=version.matter_id).order_by("division_id")
    translate = translator_for(matter)
    # As the division's own version names it; the division's row is a draft that one person may save.
    names = local.values_list("division_id", "version__content__matter__facts__division")
    divisions = [(code, translate(name)) for code, name in names]
    return choose(divisions, version.division_id or "", lambda code: query_of(matter, answers, division=code))
