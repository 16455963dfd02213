"""The steps of an application in their order: the line above the pages, where "next" leads, and the way back."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class ApplyStep:
    """One step. ``view`` is the name of its address, which takes the draft."""

    view: str
    label: str | Promise


SITUATION = ApplyStep("matters:situation", _("选择情形"))
FORM = ApplyStep("matters:form", _("填写"))
MATERIALS = ApplyStep("matters:materials", _("材料"))
CHECK = ApplyStep("matters:check", _("核对提交"))
STEPS = (SITUATION, FORM, MATERIALS, CHECK)


def step_after(step: ApplyStep) -> ApplyStep:
    """Return where "next" leads."""
    return STEPS[STEPS.index(step) + 1]


def step_before(step: ApplyStep) -> ApplyStep:
    """Return where the way back leads."""
    return STEPS[STEPS.index(step) - 1]
