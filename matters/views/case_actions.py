"""What a reviewer does on a case: one address per action, each a POST that calls one activity."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from matters.cases.access import get_sub_item_for
from matters.cases.department_view import plan_of
from matters.cases.reading import NAME as READ
from matters.cases.window import window_of
from matters.core.states import can
from matters.models import Amendment, ExtraRound, SubItem
from matters.reviewing import review
from matters.reviewing.amending import agree_to_amendment, refuse_amendment
from matters.reviewing.as_read import as_read
from matters.reviewing.conversing import write_note, write_to_applicant
from matters.reviewing.extending import ask_extension, settle_extension
from matters.reviewing.extra_rounds import WHY, correct_or_ask, settle_extra_round
from matters.reviewing.gathering import take_back_marks
from matters.reviewing.grounds import Use, chosen_code, keep_own_phrase
from matters.reviewing.points import check_points
from matters.reviewing.previewing import preview_approval, preview_refusal
from matters.reviewing.signing import propose
from matters.reviewing.transitions import facts_of
from matters.views import advice, case_procedures, case_signing, promises
from matters.views.case_forms import FORMS, SENT_TO, typed_of
from matters.views.case_page import case_page
from matters.views.case_points import ticked_points
from matters.views.deficiencies import named_in
from matters.wording.refusals import Invalid, ReasonMissing, Refusal
from matters.wording.states import day
from portal.accounts.pending_post import login_required_preserving_post

Action = Callable[[HttpRequest, SubItem], str]
# What waits in the page before it is sent, so that it can be taken back: what would be refused is told before the wait.
WAITS = frozenset({"approve", "reject", "refuse"})
# ``try`` of such a form: the step is taken and undone. "ask" answers whether it would be refused, "show" shows the refusal.
TRY, ASK, SHOW = "try", "ask", "show"
# What rests on nothing that the page says of the case, and is done whatever became of it meanwhile.
WHATEVER_IT_SAYS = frozenset(
    {"claim", "hand-back", "take-back", "take-back-proposal", "revoke-advice", "remind-advice", "note", "message"}
)


@login_required_preserving_post(
    page=lambda request, number, action: reverse("matters:case", args=[number]),
    also=lambda request, number, action: {SENT_TO: action},
    keeps=lambda request, number, action: action in FORMS,
)
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, number: str, action: str) -> HttpResponse:
    """Do one thing with a case, say how it went, and show the case again.

    What was refused is told at this address, so that whoever asks for it again (another language, a larger type, a bookmark) sees the case.
    """
    if action not in ACTIONS and action != "preview":
        raise Http404
    user: Any = request.user
    sub_item = get_sub_item_for(user, number, "review", "accept")
    if request.method != "POST":
        return redirect("matters:case", number)
    if action == "preview":
        return _preview(request, sub_item)
    if action == "check" and "quiet" in request.POST:
        return _keep_quietly(user, sub_item, request.POST)
    tried = request.POST.get(TRY, "") if action in WAITS else ""
    try:
        # What was ticked is kept also where the step itself is refused.
        if action != "check" and (ticked := ticked_points(request.POST)):
            with as_read(sub_item, request.POST.get(READ, "")):
                check_points(user, sub_item, ticked)
        with _as_read(request, sub_item, action):
            done = ACTIONS[action](request, sub_item)
            if tried:
                transaction.set_rollback(True)
                done = _("现在可以办理，请再确认一次。")
        if tried == ASK:
            return HttpResponse(status=204)
        messages.success(request, done)
    except Refusal as refusal:
        if tried == ASK:
            return HttpResponse(status=409)
        messages.error(request, refusal.sentence)
        if not isinstance(refusal, Invalid | ReasonMissing):
            return _next(request, sub_item)
        problems = refusal.problems if isinstance(refusal, Invalid) else {"reason": refusal.sentence}
        sub_item = get_sub_item_for(user, number, "review", "accept")
        typed = {**typed_of(request.POST), "arguable": getattr(refusal, "arguable", ())}
        opened, changed = FORMS.get(action, ""), getattr(refusal, "changed", ())
        return case_page(request, sub_item, typed=typed, problems=problems, opened=opened, changed=changed)
    return _next(request, sub_item)


def _as_read(request: HttpRequest, sub_item: SubItem, action: str) -> AbstractContextManager[None]:
    """Return in what a step is taken: held to what its page showed, unless it rests on nothing of it."""
    return transaction.atomic() if action in WHATEVER_IT_SAYS else as_read(sub_item, request.POST.get(READ, ""))


def _next(request: HttpRequest, sub_item: SubItem) -> HttpResponse:
    if request.POST.get("next") == "counter" and window_of(_user(request)).is_open:
        return redirect("admin:counter_bundle", sub_item.bundle.number)
    return redirect("matters:case", sub_item.number)


def _claim(request: HttpRequest, sub_item: SubItem) -> str:
    review.claim(_user(request), sub_item)
    return _("已认领，由您办理。")


def _hand_back(request: HttpRequest, sub_item: SubItem) -> str:
    review.hand_back(_user(request), sub_item)
    return _("已交还，同事可以认领。")


def _accept(request: HttpRequest, sub_item: SubItem) -> str:
    goes_on = sub_item.accepted_at is not None
    accepted = review.accept(_user(request), sub_item)
    if goes_on:
        return _("补正已收下，接着审查。")
    if accepted.due_on is None:
        return _("已受理。这个事项没有公布承诺时限，请尽快办理。")
    return _("已受理，应在%(due)s前办完。") % {"due": day(accepted.due_on)}


def _start(request: HttpRequest, sub_item: SubItem) -> str:
    review.start_review(_user(request), sub_item)
    return _("已开始审查。")


def _keep_quietly(user: Any, sub_item: SubItem, post: QueryDict) -> HttpResponse:
    """Keep what was ticked when the page is left: nobody is there to read a sentence."""
    try:
        with as_read(sub_item, post.get(READ, "")):
            check_points(user, sub_item, ticked_points(post))
    except Refusal:
        return HttpResponse(status=409)
    return HttpResponse(status=204)


def _check(request: HttpRequest, sub_item: SubItem) -> str:
    judged = check_points(_user(request), sub_item, ticked_points(request.POST))
    return _("已保存 %(count)s 个要点的核对结果。") % {"count": judged} if judged else _("核对结果没有变动。")


def _approval(request: HttpRequest, sub_item: SubItem) -> tuple[str, dict[str, Any], dict[str, str]]:
    """Return what was typed to approve: the opinion, the outputs, and why they say otherwise than the form."""
    outputs: dict[str, Any] = {}
    reasons: dict[str, str] = {}
    for output in plan_of(sub_item.bundle).item(sub_item.key).outputs:
        reasons[output.code] = request.POST.get(f"why.{output.code}", "")
        name = f"output.{output.code}"
        # What the form says already is not typed again: it is replaced, for a reason, or left as it is.
        instead = [value.strip() for value in request.POST.getlist(f"instead.{output.code}") if value.strip()]
        sent = instead or [value.strip() for value in request.POST.getlist(name)]
        if sent or (output.type == "multiselect" and not output.repeats):
            outputs[output.code] = sent if output.type == "multiselect" else sent[0]
    return request.POST.get("reason", ""), outputs, reasons


def _approve(request: HttpRequest, sub_item: SubItem) -> str:
    _opinion, outputs, reasons = _approval(request, sub_item)
    in_part = request.POST.get("in_part") == "1"
    use = Use.IN_PART if in_part else Use.APPROVED
    opinion, code = _worded(request, sub_item, use)
    if "at-once" in request.POST and can("accept", facts_of(sub_item)):
        review.accept_and_approve(
            _user(request), sub_item, opinion, outputs, reasons, in_part=in_part, reason_code=code
        )
    else:
        review.decide(
            _user(request), sub_item, "approved", opinion, outputs, reasons, in_part=in_part, reason_code=code
        )
    _keep_phrase(request, sub_item, use, opinion)
    if in_part:
        return _("已部分准予，没有准予的部分和理由已告知申请人。")
    return _("已准予。结果已发出，后面的事项会自动开始。")


def _propose(request: HttpRequest, sub_item: SubItem) -> str:
    _opinion, outputs, reasons = _approval(request, sub_item)
    use = Use.IN_PART if request.POST.get("in_part") == "1" else Use.APPROVED
    opinion, code = _worded(request, sub_item, use)
    propose(_user(request), sub_item, use, opinion, outputs, reasons, reason_code=code)
    _keep_phrase(request, sub_item, use, opinion)
    return _("已提出，等同事审批；有人签署以前可以收回。")


def _propose_refusal(request: HttpRequest, sub_item: SubItem) -> str:
    reason, code = _worded(request, sub_item, Use.REJECTED)
    propose(_user(request), sub_item, Use.REJECTED, reason, reason_code=code)
    _keep_phrase(request, sub_item, Use.REJECTED, reason)
    return _("已提出，等同事审批；有人签署以前可以收回。")


def _worded(request: HttpRequest, sub_item: SubItem, use: str) -> tuple[str, str]:
    """Return the words for a decision and their reason code: what was typed, or else what the chosen phrase says."""
    code, words = chosen_code(_user(request), sub_item, use, request.POST.get("template", ""))
    return request.POST.get("reason", "").strip() or words, code


def _keep_phrase(request: HttpRequest, sub_item: SubItem, use: str, text: str) -> None:
    if request.POST.get("keep_phrase") == "1":
        keep_own_phrase(_user(request), sub_item, use, text)


def _preview(request: HttpRequest, sub_item: SubItem) -> HttpResponse:
    """Show what a decision would bring forth, or why it would be refused, in a window of its own: the case stays as it is typed."""
    context: dict[str, Any] = {"sub_item": sub_item, "bundle": sub_item.bundle, "made": None, "wrong": []}
    is_refusal, in_part = request.POST.get("of") == "refusal", request.POST.get("in_part") == "1"
    context["is_refusal"] = is_refusal
    try:
        if ticked := ticked_points(request.POST):
            check_points(_user(request), sub_item, ticked)
        if is_refusal:
            use = Use.REJECTED if can("reject", facts_of(sub_item)) else Use.NOT_ACCEPTED
            reason, _code = _worded(request, sub_item, use)
            context["made"] = preview_refusal(_user(request), sub_item, reason)
        else:
            _opinion, outputs, reasons = _approval(request, sub_item)
            opinion, _code = _worded(request, sub_item, Use.IN_PART if in_part else Use.APPROVED)
            context["made"] = preview_approval(_user(request), sub_item, opinion, outputs, reasons, in_part=in_part)
    except Refusal as refusal:
        context["wrong"] = list(refusal.problems.values()) if isinstance(refusal, Invalid) else [refusal.sentence]
    return render(request, "matters/review/preview.html", context, status=422 if context["wrong"] else 200)


def _reject(request: HttpRequest, sub_item: SubItem) -> str:
    reason, code = _worded(request, sub_item, Use.REJECTED)
    review.decide(_user(request), sub_item, "rejected", reason, reason_code=code)
    _keep_phrase(request, sub_item, Use.REJECTED, reason)
    return _("已作出不予办理的决定，并告知申请人。")


def _refuse(request: HttpRequest, sub_item: SubItem) -> str:
    reason, code = _worded(request, sub_item, Use.NOT_ACCEPTED)
    review.refuse_acceptance(_user(request), sub_item, reason, reason_code=code)
    _keep_phrase(request, sub_item, Use.NOT_ACCEPTED, reason)
    return _("已决定不予受理，并告知申请人。")


def _correct(request: HttpRequest, sub_item: SubItem) -> str:
    named = named_in(request.POST)
    asked = correct_or_ask(
        _user(request),
        sub_item,
        named,
        answer_by=request.POST.get("answer_by", "").strip()[:20],
        why=request.POST.get(WHY, ""),
    )
    if isinstance(asked, ExtraRound):
        return _("已报负责人批准，批准后再告知申请人。")
    if asked.told_at is None and asked.notice is not None:
        return _("已标出 %(count)s 处。等其他部门核对，最晚 %(until)s 一次告知申请人；告知以前可以修改、收回。") % {
            "count": len(named),
            "until": date_format(timezone.localtime(asked.notice.closes_at), "SHORT_DATETIME_FORMAT"),
        }
    return _("已一次告知申请人补正 %(count)s 处。") % {"count": len(named)}


def _grant_round(request: HttpRequest, sub_item: SubItem) -> str:
    settle_extra_round(_user(request), sub_item, granted=True, reason=request.POST.get("round_reason", ""))
    return _("已批准再次补正。")


def _refuse_round(request: HttpRequest, sub_item: SubItem) -> str:
    settle_extra_round(_user(request), sub_item, granted=False, reason=request.POST.get("round_reason", ""))
    return _("没有批准再次补正，请经办人按现有内容办理。")


def _take_back(request: HttpRequest, sub_item: SubItem) -> str:
    take_back_marks(_user(request), sub_item)
    return _("已收回，没有告知申请人。")


def _user(request: HttpRequest) -> Any:
    return request.user


def _amend(request: HttpRequest, sub_item: SubItem) -> str:
    amendment = agree_to_amendment(_user(request), sub_item, seen=request.POST.get("amendment", ""))
    if amendment.outcome == Amendment.Outcome.AGREED:
        return _("已同意更正；发过证照的，原来的已注销，新的已签发。")
    return _("已同意更正。还有其他已办结的事项要核对，都同意后一起换发。")


def _keep(request: HttpRequest, sub_item: SubItem) -> str:
    refuse_amendment(_user(request), sub_item, request.POST.get("reason", ""), seen=request.POST.get("amendment", ""))
    return _("已告知申请人没有同意更正，内容已恢复成原来的。")


def _extend(request: HttpRequest, sub_item: SubItem) -> str:
    ask_extension(_user(request), sub_item, request.POST.get("days", ""), request.POST.get("extension_reason", ""))
    return _("已申请延期，等负责人审批；批准以前，期限不变。")


def _grant_extension(request: HttpRequest, sub_item: SubItem) -> str:
    settled = settle_extension(_user(request), sub_item, granted=True)
    return _("已批准延期 %(days)s 个工作日，并告知申请人。") % {"days": settled.days}


def _refuse_extension(request: HttpRequest, sub_item: SubItem) -> str:
    settle_extension(_user(request), sub_item, granted=False)
    return _("没有批准延期，期限不变。")


def _note(request: HttpRequest, sub_item: SubItem) -> str:
    write_note(_user(request), sub_item, request.POST.get("note", ""))
    return _("已记下，只有本部门看得到。")


def _message(request: HttpRequest, sub_item: SubItem) -> str:
    write_to_applicant(_user(request), sub_item, request.POST.get("message", ""))
    return _("已发给申请人，并通知本人。")


ACTIONS: dict[str, Action] = {
    "claim": _claim,
    "hand-back": _hand_back,
    "accept": _accept,
    "start": _start,
    "check": _check,
    "approve": _approve,
    "reject": _reject,
    "refuse": _refuse,
    "correct": _correct,
    "take-back": _take_back,
    "grant-round": _grant_round,
    "refuse-round": _refuse_round,
    "amend": _amend,
    "keep": _keep,
    "extend": _extend,
    "grant-extension": _grant_extension,
    "refuse-extension": _refuse_extension,
    "ask-advice": advice.ask,
    "revoke-advice": advice.revoke,
    "remind-advice": advice.remind,
    "propose": _propose,
    "propose-refusal": _propose_refusal,
    "sign": case_signing.signed,
    "send-back": case_signing.sent_back,
    "take-back-proposal": case_signing.taken_back,
    "note": _note,
    "message": _message,
    "start-procedure": case_procedures.start,
    "end-procedure": case_procedures.end,
    "check-promise": promises.check,
}
