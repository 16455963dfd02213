"""What was filled in for the applicant, ready for the form: where each fact comes from, and what sources say beside the others."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from matters.apply_pages.summary import has_value
from matters.core.draft_document import ACCOUNT, CONFIRM, INVALID, SHARED, DraftDocument
from matters.form_page.skeleton import Skeleton
from matters.wording.prefilled import changed_words, source_words, told_words


@dataclass(frozen=True, slots=True)
class Prefilled:
    """``known``: the fields that hold what was filled in; ``sources``: where it comes from; ``told``: what is said beside a field, as HTML."""

    known: frozenset[str]
    sources: dict[str, str]
    told: dict[str, SafeString]


def prefilled(
    document: DraftDocument,
    skeleton: Skeleton,
    readable: Collection[str],
    unanswered: Mapping[str, str],
    by_account: Collection[str],
) -> Prefilled:
    """Return what of a draft was filled in. ``readable``: the fetches that may be read now; of no other anything is said.

    ``by_account``: the fields that an account may fill in now.
    ``unanswered``: field key → why it is asked although a source was. No query.
    """
    facts = {
        key: fact
        for key, fact in document.known.items()
        if key in skeleton.fields and _may_be_shown(key, fact, readable, by_account)
    }
    known = frozenset(key for key in facts if skeleton.fields[key].is_known and document.is_known(key))
    said = {key: _told(skeleton, key, told, readable) for key, told in document.told.items() if key in skeleton.fields}
    for key, fact in facts.items():
        if fact["source"] != ACCOUNT and key not in known and not document.is_known(key):
            said[key] = {"changed": changed_words(fact, skeleton.in_words(key, fact["value"], masked=True))}
    for key, sentence in unanswered.items():
        if sentence and key in skeleton.fields and not said.get(key) and not has_value(document.values, key):
            said[key] = {"why": sentence}
    told = {key: render_to_string("components/form/told.html", one) for key, one in said.items() if one}
    return Prefilled(known, {key: source_words(facts[key]) for key in known}, told)


def _may_be_shown(key: str, fact: Mapping[str, Any], readable: Collection[str], by_account: Collection[str]) -> bool:
    """Whether a fact stands for whoever the field is about now, and its source may be read."""
    if fact["source"] == ACCOUNT:
        return key in by_account
    return fact["source"] != SHARED or fact["fetch"] in readable


def _told(skeleton: Skeleton, key: str, told: Iterable[Mapping[str, Any]], readable: Collection[str]) -> dict[str, Any]:
    told = [each for each in told if each["fetch"] in readable]
    if not told:
        return {}
    return {
        "why": told_words(told[0]),
        "is_confirmed": told[0]["why"] == CONFIRM,
        "lines": [
            {
                "source": source_words({**each, "source": SHARED}),
                "value": skeleton.in_words(key, each["value"], masked=True),
                "take": f"{key}/{each['fetch']}",
                "counts": bool(each.get("counts")),
            }
            for each in told
            if each["why"] != INVALID
        ],
    }
