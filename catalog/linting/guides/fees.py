"""Fees that a guide charges and does not, or does not say how much. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from catalog.definitions import Finding
from catalog.definitions.finding import Path
from catalog.linting.guides.facts import GuideFacts
from catalog.linting.guides.finding import finding


def stated_fee(guide: GuideFacts) -> tuple[Any, Path]:
    """Return what a guide says of its fee, and where: among the figures it declares, else by itself."""
    declared = guide.raw.get("declared")
    if isinstance(declared, Mapping) and "fee" in declared:
        return declared["fee"], ("declared", "fee")
    return guide.raw.get("fee"), ("fee",)


def lint(guide: GuideFacts) -> Iterator[Finding]:
    """Yield what the fees contradict."""
    fee, path = stated_fee(guide)
    if not isinstance(fee, Mapping):
        return
    items = fee.get("items")
    listed = [each for each in items if isinstance(each, Mapping)] if isinstance(items, list) else []
    amounts = [str(each["amount"]) for each in listed if each.get("amount")]
    if fee.get("charged") is False and any(re.search(r"[1-9]", amount) for amount in amounts):
        yield finding("fee_two_values", "error", path, False, amounts)
    if fee.get("charged") is True and "items" in fee and not listed:
        yield finding("fee_without_amount", "note", path, True)
