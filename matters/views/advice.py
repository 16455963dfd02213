"""Advice on the case's page, and the pages of who is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from catalog.models import Department, Membership
from catalog.staff.memberships import ROLE_RIGHTS, department_ids_for
from matters.calendars.limits import due_after
from matters.cases.advice import advice_on, get_asked_for, read_asked, to_answer
from matters.cases.department_view import CaseForm
from matters.models import Advice, SubItem
from matters.reviewing.advice import answer_advice, ask_advice, remind_of_advice, revoke_advice
from matters.wording.refusals import Invalid, Refusal
from portal.accounts.pending_post import login_required_preserving_post, restored_post

TYPED = ("advice_department", "question", "advice_due", "yes_no", "confidential")
SHOWN = 100
ANSWER_DAYS = 5  # working days that are proposed for the answer


@dataclass(frozen=True, slots=True)
class AdvicePanel:
    """What a case shows. ``fields``: key, label and whether it was chosen; ``may_ask``: whether this officer may now; ``asks``: whether the
    form to ask stands open, which is drawn then only."""

    rows: list[Advice]
    departments: list[Department]
    fields: list[tuple[str, str, bool]]
    typed: Mapping[str, str]
    may_ask: bool
    asks: bool


def advice_panel(
    sub_item: SubItem, form: CaseForm, typed: Mapping[str, Any], *, was_asked: bool, may_ask: bool, asks: bool
) -> AdvicePanel | None:
    """Return the panel; None where nothing was asked and this officer may not ask.

    ``was_asked``: whether anything was, as the case's history says. Cost: a query where it was, and one where the form stands open.
    """
    rows = advice_on(sub_item) if was_asked else []
    if not rows and not may_ask:
        return None
    chosen = set(typed.get("chosen", {}).get("advice_field", ()))
    asks = asks and may_ask
    departments = _who_may_answer().exclude(pk=sub_item.department_id).order_by("name") if asks else []
    due = {"advice_due": due_after(timezone.localdate(), ANSWER_DAYS).date.isoformat()} if asks else {}
    return AdvicePanel(
        rows,
        list(departments),
        [(row.key, row.label, row.key in chosen) for section in form.sections for row in section.rows if row.text],
        {name: str(typed.get(name, due.get(name, ""))) for name in TYPED},
        may_ask,
        asks,
    )


def _who_may_answer() -> QuerySet[Department]:
    """Return the departments in which somebody holds a post that answers questions."""
    posts = [role for role, rights in ROLE_RIGHTS.items() if "review" in rights]
    held = Membership.objects.filter(department=OuterRef("pk"), role__in=posts, user__is_active=True)
    return Department.objects.filter(Exists(held))


def ask(request: HttpRequest, sub_item: SubItem) -> str:
    """Ask a department."""
    post, user = request.POST, request.user
    asked = ask_advice(
        user,  # type: ignore[arg-type]
        sub_item,
        post.get("advice_department", ""),
        post.get("question", ""),
        post.getlist("advice_field"),
        post.get("advice_due", ""),
        is_yes_no=post.get("yes_no") == "1",
        is_confidential=post.get("confidential") == "1",
    )
    return _("已向%(department)s征求意见，对方的工作人员已收到消息。") % {"department": asked.department.name}


def revoke(request: HttpRequest, sub_item: SubItem) -> str:
    """Take a question back."""
    user: Any = request.user
    revoke_advice(user, sub_item, request.POST.get("number", ""))
    return _("已收回，对方不再看到。")


def remind(request: HttpRequest, sub_item: SubItem) -> str:
    """Remind who is asked."""
    user: Any = request.user
    remind_of_advice(user, sub_item, request.POST.get("number", ""))
    return _("已催办。")


@login_required
@never_cache
@require_GET
def advice_list(request: HttpRequest) -> HttpResponse:
    """List what waits for the answer of the departments where I review, soonest due first; nothing of a person stands here."""
    user: Any = request.user
    if not department_ids_for(user, "review"):
        raise Http404
    return render(request, "matters/review/advice_list.html", {"rows": to_answer(user)[:SHOWN]})


@login_required_preserving_post
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def advice(request: HttpRequest, number: int) -> HttpResponse:
    """Show one question to whoever may answer it, and take the answer (``verdict``, ``answer``)."""
    user: Any = request.user
    found = get_asked_for(user, number)
    kept = request.POST if request.method == "POST" else restored_post(request)
    typed = {name: kept.get(name, "") if kept is not None else "" for name in ("verdict", "answer")}
    problems: dict[str, str] = {}
    if request.method == "POST":
        try:
            answer_advice(user, found, typed["verdict"], typed["answer"].replace("\0", ""))
        except Invalid as refusal:
            problems = refusal.problems
        except Refusal as refusal:
            messages.error(request, refusal.sentence)
            return redirect("matters:advice_list")
        else:
            messages.success(request, _("已答复，征求意见的部门会收到消息。"))
            return redirect("matters:advice", number)
    context = {"view": read_asked(user, found), "typed": typed, "problems": problems, "Verdict": Advice.Verdict}
    return render(request, "matters/review/advice.html", context, status=422 if problems else 200)
