"""Papers that follow later (容缺后补): the applicant's page to hand them in; on a case, what was promised and the check of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from matters.cases.access import get_bundle_to_answer_for, is_principals
from matters.cases.department_view import plan_of
from matters.cases.promises import paper_names, promises_of, takes_promises
from matters.core.states import AFTER_ACCEPTANCE, State
from matters.drafts.uploads import accept_attribute, accepted_types, format_names
from matters.models import Bundle, PaperPromise, SubItem
from matters.reviewing.handing_in import FILES, hand_in
from matters.reviewing.promise_checks import AGAIN, BROKEN, KEPT, check_promise
from matters.views.brakes import UPLOADS
from matters.wording.documents import DEFERRAL_TOLD
from matters.wording.refusals import Invalid, Refusal
from matters.wording.uploads import limit_megabytes, upload_sentence
from portal.accounts.pending_post import login_required_preserving_post
from portal.ledger.access import record_access
from portal.lib.braking import is_braked
from portal.lib.whole_numbers import whole_number

TYPED = ("promise", "verdict", "promise_findings")


@dataclass(frozen=True, slots=True)
class PromiseShown:
    """A promise with the name of its paper. ``accept`` and ``formats``: what may be handed in; ``problem``: why what came was not taken."""

    row: PaperPromise
    name: str
    accept: str = ""
    formats: str = ""
    problem: str = ""

    @property
    def tone(self) -> str:
        """The class of its tag."""
        if self.row.is_awaited:
            return "r"
        tones = {PaperPromise.Outcome.OPEN: "a", PaperPromise.Outcome.KEPT: "j", PaperPromise.Outcome.BROKEN: "r"}
        return tones.get(PaperPromise.Outcome(self.row.outcome), "n")

    @property
    def standing(self) -> str:
        """Where it stands, in words."""
        if self.row.is_awaited:
            return _("等补交")
        if self.row.is_open and self.row.handed_in_at is not None:
            return _("已补交，等部门核对")
        if self.row.is_open:
            return _("等部门核查")
        return str(self.row.get_outcome_display())


def promises_shown(bundle: Bundle) -> list[PromiseShown]:
    """Return what was promised in an application. No query where its version takes no promise, else one."""
    rows = promises_of(bundle)
    names = paper_names(bundle, rows)
    return [PromiseShown(row, names[row.material]) for row in rows]


@login_required_preserving_post(page="matters:later_papers", keeps=False)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def later_papers(request: HttpRequest, number: str) -> HttpResponse:
    """Show what is to be handed in later and until when; a POST takes the files of one paper (``promise``)."""
    user: Any = request.user
    bundle = get_bundle_to_answer_for(user, number)
    is_own = is_principals(user, bundle)
    rows = promises_of(bundle)
    problems: dict[int, str] = {}
    if request.method == "POST":
        chosen = whole_number(request.POST.get("promise", "")) or 0
        row = next((one for one in rows if one.pk == chosen), None)
        files = request.FILES.getlist(FILES)
        if row is None:
            messages.info(request, _("这份材料已经补交过，或者这个事项已经有了结果。"))
            return redirect("matters:later_papers", number)
        try:
            if files and is_braked(request, UPLOADS, len(files)):
                raise Invalid(_("还没有补交。"), {FILES: upload_sentence("too_fast")})
            hand_in(user, row, files)
        except Invalid as refusal:
            problems[row.pk] = refusal.problems[FILES]
        except Refusal as refusal:
            messages.error(request, refusal.sentence)
            return redirect("matters:later_papers", number)
        else:
            messages.success(request, _("已补交，部门核对后告诉您结果。"))
            return redirect("matters:later_papers", number)
    shown = _with_forms(bundle, rows, problems)
    if not is_own:
        for code in dict.fromkeys(one.row.sub_item.department.code for one in shown):
            record_access(user, bundle.pk, "counter", [f"material:{one.row.material}" for one in shown], code)
    context = {
        "bundle": bundle,
        "waiting": _each_once([one for one in shown if one.row.is_awaited]),
        "others": [one for one in shown if not one.row.is_awaited],
        "is_own": is_own,
        "limit": limit_megabytes(),
        "told": str(DEFERRAL_TOLD) % {"days": settings.YIJIAN_PROMISE_BAR_DAYS},
    }
    return render(request, "matters/track/later_papers.html", context, status=422 if problems else 200)


def _with_forms(bundle: Bundle, rows: list[PaperPromise], problems: Mapping[int, str]) -> list[PromiseShown]:
    names, papers = paper_names(bundle, rows), {paper.key: paper for paper in plan_of(bundle).materials}
    found = []
    for row in rows:
        types = accepted_types(papers[row.material].accept)
        found.append(
            PromiseShown(
                row, names[row.material], accept_attribute(types), format_names(types), problems.get(row.pk, "")
            )
        )
    return found


def _each_once(shown: list[PromiseShown]) -> list[tuple[PromiseShown, list[PromiseShown]]]:
    """Return each paper once with all promises of it, the soonest first: it is handed in once for all departments."""
    found: dict[str, list[PromiseShown]] = {}
    for one in sorted(shown, key=lambda one: (one.row.due_on, one.row.pk)):
        found.setdefault(one.row.material, []).append(one)
    return [(next((one for one in each if one.problem), each[0]), each) for each in found.values()]


@dataclass(frozen=True, slots=True)
class PromisePanel:
    """What a case shows. ``may_check``: whether this officer may now; ``typed``: what a refused form said; ``verdicts``: of each kind."""

    shown: list[PromiseShown]
    may_check: bool
    typed: Mapping[str, str]

    @property
    def of_papers(self) -> list[tuple[str, str]]:
        """What a check of a paper may come to."""
        return [(KEPT, _("符合")), (AGAIN, _("不符合，请申请人重交"))]

    @property
    def of_commitments(self) -> list[tuple[str, str]]:
        """What a check of a commitment may come to."""
        return [(KEPT, _("属实")), (BROKEN, _("与承诺不符：终止办理或依法处理，并记入信用记录"))]


def promise_panel(sub_item: SubItem, typed: Mapping[str, Any], *, may_check: bool) -> PromisePanel | None:
    """Return the panel; None where nothing was promised. No query where the item takes no promise, else one."""
    if sub_item.accepted_at is None or not takes_promises(sub_item):
        return None
    rows = list(PaperPromise.objects.filter(sub_item=sub_item).select_related("settled_by").order_by("due_on", "pk"))
    if not rows:
        return None
    names = paper_names(sub_item.bundle, rows)
    standing = sub_item.state in AFTER_ACCEPTANCE or sub_item.state == State.APPROVED
    return PromisePanel(
        [PromiseShown(row, names[row.material]) for row in rows],
        may_check and standing,
        {name: str(typed.get(name, "")) for name in TYPED},
    )


def check(request: HttpRequest, sub_item: SubItem) -> str:
    """Record what a check came to."""
    post, user = request.POST, request.user
    sent = (post.get("promise", ""), post.get("verdict", ""), post.get("promise_findings", "").replace("\0", ""))
    row = check_promise(user, sub_item, *sent)  # type: ignore[arg-type]
    if row.outcome == PaperPromise.Outcome.BROKEN:
        return _("已记入信用记录，并告知申请人。")
    if row.outcome == PaperPromise.Outcome.KEPT:
        return _("已核实。")
    if sent[1] == BROKEN:
        return _("已提出，等同事审批；有人签署以前可以收回。")
    return _("已请申请人重交。")
