"""What sources said of the fields of a filed form, for the department whose form asks for them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from catalog.merging.planned import OwnLine
from matters.wording.prefilled import differing_words, source_words
from matters.wording.values import value_in_words
from portal.sharing.fetching import fetches_in_force


class FiledFacts:
    """What sources said of the fields of a filed form. What one said and the applicant changed is read while its consent is in force."""

    def __init__(self, facts: Mapping[str, Mapping[str, Any]], values: Mapping[str, Any]) -> None:
        """``facts``: what was known (`BundleForm.known`); ``values``: the form as it is now."""
        self._facts, self._values, self._readable = facts, values, frozenset[str]()

    def read(self, keys: Collection[str]) -> None:
        """Look which answers may be read. One query where the applicant changed what was filled in, else none."""
        filed = {key: self._facts[key] for key in keys & self._facts.keys() if "fetch" in self._facts[key]}
        changed = {fact["fetch"] for key, fact in filed.items() if self._is_changed(key)}
        self._readable = fetches_in_force(changed) if changed else frozenset()

    def words(self, line: OwnLine, value: Any, options: Mapping[str, str], translate: Callable[[str], str]) -> str:
        """Return the source of what a line says, and what it said where that is something else."""
        fact = self._facts.get(line.field)
        if fact is None or value is None:
            return ""
        if not self._is_changed(line.field):
            return source_words(fact)
        if "fetch" in fact and fact["fetch"] not in self._readable:
            return ""
        return differing_words(fact, value_in_words(fact["value"], line.type, options, unit=translate(line.unit)))

    def fact(self, line: OwnLine) -> str:
        """Return the name of the fact that filled in a line, by which whom it is about may dispute it; empty where nothing did, or
        the draft is from before the name was kept with it.
        """
        return str(self._facts.get(line.field, {}).get("fact", ""))

    def _is_changed(self, key: str) -> bool:
        return bool(self._values.get(key) != self._facts[key]["value"])
