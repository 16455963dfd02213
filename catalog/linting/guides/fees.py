"""Fees that a guide charges and does not, or does not say how much. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from catalog.definitions import Finding
from catalog.linting.guides.facts import GuideFacts
from catalog.linting.guides.finding import finding


def lint(guide: GuideFacts) -> Iterator[Finding]:
    """Yield what the fees contradict."""
    declared = guide.raw.get("declared")
    inside = isinstance(declared, Mapping) and "fee" in declared
    fee = declared["fee"] if inside and isinstance(declared, Mapping) else guide.raw.get("fee")
    path = ("declared", "fee") if inside else ("fee",)
    if not isinstance(fee, Mapping):
        return
    items = fee.get("items")
    listed = [each for each in items if isinstance(each, Mapping)] if isinstance(items, list) else []
    amounts = [str(each["amount"]) for each in listed if each.get("amount")]
    if fee.get("charged") is False and any(re.search(r"[1-9]", amount) for amount in amounts):
        yield finding("fee_two_values", "error", path, False, amounts)
    if fee.get("charged") is True and "items" in fee and not listed:
        yield finding("fee_without_amount", "note", path, True)
