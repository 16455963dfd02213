"""What publishing a proposal means for applications that are under way. Asked here, answered by whoever keeps applications."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from catalog.models import Proposal

Counted = tuple[tuple[str, int], ...]  # what it is called, how many


@dataclass(frozen=True, slots=True)
class Effect:
    """The effect on open cases. Bundles stay with their version; drafts move to the new one when they are opened next.

    ``drafts`` and ``bundles`` are exact, by version (``v3`` → how many), and so are the open sub-items by ``departments``. ``situations``: how many
    different sets of answers were tried, held by ``drafts_tried`` drafts; of these ``asked_again`` have to answer something anew. ``sampled``: of how
    many drafts, the last ones saved, the filled form was looked at; of these ``keep_all`` keep every answer, entry and paper. What the others
    lose is counted by name.
    """

    drafts: Counted = ()
    bundles: Counted = ()
    departments: Counted = ()
    situations: int = 0
    drafts_tried: int = 0
    asked_again: int = 0
    lost_answers: Counted = ()
    sampled: int = 0
    keep_all: int = 0
    lost_fields: Counted = ()
    lost_papers: Counted = ()
    new_fields: Counted = ()
    new_papers: Counted = ()

    @property
    def draft_count(self) -> int:
        return sum(count for _name, count in self.drafts)

    @property
    def bundle_count(self) -> int:
        return sum(count for _name, count in self.bundles)

    @property
    def all_sampled(self) -> bool:
        return self.sampled == self.draft_count


def effect_of(proposal: Proposal) -> Effect | None:
    """Return the effect of publishing a proposal of a matter. None for a single item: applications are made by matters' versions."""
    if proposal.matter_id is None:
        return None
    ask = import_string(settings.YIJIAN_EFFECTS_OF_PUBLISHING)
    content: Mapping[str, Any] = proposal.content
    return ask(proposal.matter_id, content, proposal.division_id)  # type: ignore[no-any-return]
