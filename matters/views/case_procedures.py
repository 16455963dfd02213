"""Special procedures on a case's page: what may be begun, what is under way, and the two acts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from matters.cases.procedures import CaseProcedures, procedures_of
from matters.models import SpecialProcedure, SubItem
from matters.reviewing.procedures import end_procedure, start_procedure
from matters.wording.states import day

TYPED = ("procedure", "procedure_reason", "held_on", "joins", "outcome", "findings", "number")


@dataclass(frozen=True, slots=True)
class ProcedurePanel:
    """What the page shows. ``typed``: what a refused form said, by name; ``may_start``, ``may_end``: whether this officer may now."""

    found: CaseProcedures
    typed: Mapping[str, str]
    may_start: bool
    may_end: bool
    outcomes: list[tuple[str, Any]]


def procedure_panel(
    sub_item: SubItem, typed: Mapping[str, Any], *, may_start: bool, reviews: bool
) -> ProcedurePanel | None:
    """Return the panel; None where the item lists no procedure. ``reviews``: whether the officer may review here."""
    found = procedures_of(sub_item)
    if not found.rows and not found.listed:
        return None
    return ProcedurePanel(
        found,
        {name: str(typed.get(name, "")) for name in TYPED},
        may_start and bool(found.listed),
        reviews and bool(found.open_rows),
        list(SpecialProcedure.Outcome.choices),
    )


def start(request: HttpRequest, sub_item: SubItem) -> str:
    """Begin a procedure; say until when it is expected to go on."""
    post, user = request.POST, request.user
    chosen = post.get("procedure", "")
    row = start_procedure(
        user,  # type: ignore[arg-type]
        sub_item,
        chosen,
        post.get("procedure_reason", ""),
        post.get("held_on", ""),
        post.get("joins", "") if chosen == "inspection" else "",
    )
    told = {"name": row.name, "until": day(row.expected_on)}
    if row.is_counted:
        return _("已启动%(name)s，预计%(until)s前结束，并告知申请人。它计入办理时限。") % told
    return _("已启动%(name)s，预计%(until)s前结束，并告知申请人。这期间不计办理时限。") % told


def end(request: HttpRequest, sub_item: SubItem) -> str:
    """Record what a procedure came to."""
    post, user = request.POST, request.user
    sent = (post.get("number", ""), post.get("outcome", ""), post.get("findings", ""))
    row = end_procedure(user, sub_item, *sent)  # type: ignore[arg-type]
    return _("已记录%(name)s的结果。") % {"name": row.name}
