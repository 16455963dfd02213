"""Read a compiled matter: from guide answers to a plan, from a filled form to each department's own record. Pure.

A ``CompiledMatter`` is immutable; build it once per published version and keep it. ``plan_for`` is cached per set of valid answers,
and a plan may be shared between requests and threads.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from catalog.merging.content import MatterContent
from catalog.merging.plan import Plan

__all__ = ["CompiledMatter", "Plan"]

CACHED_PLANS = 256


class CompiledMatter(MatterContent):
    """A published matter that keeps the plans it was asked for."""

    def __init__(self, content: Mapping[str, Any]) -> None:
        """``content``: that of ``MatterVersion.content``. It is kept, not copied: do not change it."""
        super().__init__(content)
        self._plans: dict[str, Plan] = {}
        self._given: dict[str, Plan] = {}

    def plan_for(self, answers: Mapping[str, Any]) -> Plan:
        """Return the plan that answers lead to; invalid ones count as not given. Cached, as they were given too: a page asks often."""
        given = json.dumps(dict(answers), sort_keys=True, ensure_ascii=False)
        plan = self._given.get(given)
        if plan is None:
            plan = self._plan_for_valid(self.clean_answers(answers))
            if len(self._given) >= CACHED_PLANS:
                self._given.clear()
            self._given[given] = plan
        return plan

    def _plan_for_valid(self, valid: Mapping[str, Any]) -> Plan:
        key = json.dumps(valid, sort_keys=True, ensure_ascii=False)
        plan = self._plans.get(key)
        if plan is None:
            plan = Plan(self, valid)
            if len(self._plans) >= CACHED_PLANS:
                self._plans.clear()
            self._plans[key] = plan
        return plan
