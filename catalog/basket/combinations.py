"""Published combinations: what an applicant put together becomes a matter of its own, frozen like any other."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.combining import ChosenPart, CombiningRefused, Namesake, combine, namesakes
from catalog.combining.names import combination_name, say_combination
from catalog.compiling import CompileRefused, compile_matter
from catalog.merging.compiled import CompiledMatter
from catalog.models import Department, Matter, MatterVersion
from catalog.publishing.publishing import freeze as freeze_version
from catalog.versions.matters import compiled, open_versions
from catalog.wording.findings import in_words
from catalog.wording.names import names_of

SLUG_PREFIX = "combo-"
MOST_MATTERS = 8

_SENTENCES: dict[str, Promise] = {
    "nothing_chosen": gettext_lazy("还没有选要办的事。"),
    "subjects_differ": gettext_lazy("个人的事和企业的事不能合成一份申请，请分开办。"),
    "item_for_different_people": gettext_lazy(
        "“%(item)s”要给两个不同的人各办一次，合不成一份申请。如果其实是同一个人，请在下面选上；否则请分开办。"
    ),
    "too_many": gettext_lazy("一次最多把 %(most)s 件事放在一起。"),
}


class CannotCombine(Exception):
    """These things cannot be one application; ``str()`` says why, in the applicant's words. ``details``: what contradicts what."""

    code = "cannot_combine"

    def __init__(self, sentence: str, details: Sequence[str] = ()) -> None:
        super().__init__(sentence)
        self.details = list(details)


@dataclass(frozen=True)
class Combination:
    """What somebody put together: matter slug → item slugs (none: the whole matter), and who is one person."""

    choices: Mapping[str, tuple[str, ...]]
    same: frozenset[tuple[tuple[str, str], tuple[str, str]]] = frozenset()

    @cached_property
    def parts(self) -> list[ChosenPart]:
        """The chosen matters that can be applied for today, in the order of choosing. Cost: one query, and one per version not yet compiled."""
        versions = open_versions(self.choices)
        found = []
        for slug, items in self.choices.items():
            if slug not in versions:
                continue
            matter = compiled(versions[slug])
            wanted = frozenset(items) & frozenset(matter.items)
            if wanted or not items:
                found.append(ChosenPart(matter, wanted if items else None))
        return found

    @cached_property
    def namesakes(self) -> list[Namesake]:
        """People of one name in different matters: only the applicant knows whether they are one person."""
        return namesakes(self.parts)

    @property
    def names(self) -> list[str]:
        """What is applied for, in a fixed order: whole matters by their name, items by their short name."""
        return [
            name
            for part in self._in_order()
            for name in (
                [part.matter.name]
                if part.chosen is None
                else [part.matter.items[use.item].short_name or part.matter.items[use.item].name for use in part.uses]
            )
        ]

    @property
    def name(self) -> str:
        """The combination's own name, in Chinese."""
        return combination_name(self.names)

    @property
    def slug(self) -> str:
        """The same choices have the same slug, whoever makes them and in whatever order."""
        told = sorted((part.matter.slug, sorted(part.chosen or ())) for part in self.parts)
        people = sorted([list(first), list(second)] for first, second in self._chosen_pairs())
        text = json.dumps([told, people], separators=(",", ":"))
        return f"{SLUG_PREFIX}{hashlib.sha256(text.encode()).hexdigest()[:12]}"

    def content(self) -> dict[str, Any]:
        """Return the compiled content, as publishing would freeze it. Raises `CannotCombine`."""
        if len(self.parts) > MOST_MATTERS:
            raise CannotCombine(str(_SENTENCES["too_many"]) % {"most": MOST_MATTERS})
        same = [pair for pair in self.namesakes if (pair.first, pair.second) in self.same]
        try:
            made = combine(self._in_order(), slug=self.slug, name=self.name, same=same)
            texts = {
                language: {**known, self.name: say_combination(self.name, known)}
                for language, known in made.matter.translations.items()
            }
            made = made._replace(matter=dataclasses.replace(made.matter, translations=texts))
            return compile_matter(*made)
        except CombiningRefused as refusal:
            raise CannotCombine(str(_SENTENCES[refusal.code]) % refusal.params) from None
        except CompileRefused as refusal:
            names = names_of(*made)
            details = [in_words(finding, names).sentence for finding in refusal.findings]
            raise CannotCombine(_("这几件事的要求互相矛盾，合不成一份申请，请分开办。"), details) from None

    def compiled(self) -> CompiledMatter:
        """Return the combination ready for use, without keeping it. Raises `CannotCombine`. Cost: some 20 ms a matter."""
        return CompiledMatter(self.content())

    def _in_order(self) -> list[ChosenPart]:
        return sorted(self.parts, key=lambda part: part.matter.slug)

    def _chosen_pairs(self) -> list[tuple[tuple[str, str], tuple[str, str]]]:
        known = {(pair.first, pair.second) for pair in namesakes(self._in_order())}
        return [pair for pair in self.same if pair in known]


@transaction.atomic
def freeze(combination: Combination) -> MatterVersion:
    """Return the version that this combination is applied for by, made now if nobody has wanted it before.

    Raises `CannotCombine`. Idempotent: the same choices over the same published matters are one row, however many ask at once.
    """
    content = combination.content()
    matter, _created = Matter.objects.get_or_create(
        slug=combination.slug,
        defaults={
            "name": combination.name,
            "subject": content["matter"]["subject"],
            "stage": "",
            "status": Matter.Status.OPEN,
            "is_listed": False,
        },
    )
    matter = Matter.objects.select_for_update().get(pk=matter.pk)
    # Its division stands in the applications' numbers.
    lead = Department.objects.filter(code=content["matter"]["lead_department"]).first()
    if lead is not None and matter.lead_department_id != lead.pk:
        matter.lead_department = lead
        matter.save(update_fields=["lead_department"])
    return freeze_version(matter, content, by=None)
