"""The second step: the one merged form, saved at each change."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict, RawPostDataException
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from catalog.definitions.naming import split_instance
from catalog.fields.validation import FieldProblem
from catalog.wording.translating import translator_for
from matters.apply_pages.prefilled import prefilled
from matters.apply_pages.steps import FORM, step_after, step_before
from matters.apply_pages.summary import has_value
from matters.core.draft_document import DraftDocument, Value
from matters.drafts.fewer import leave_out
from matters.drafts.inquiring import Answers, SheetLine
from matters.drafts.keeping import UnderHold
from matters.drafts.prefilling import fill_again, fill_nothing, take_told
from matters.drafts.profile import is_fixed, profile_of, told_by_accounts
from matters.drafts.saving import Saved, get_draft_for, plan_of, read_form, save_values
from matters.form_page.fields import html_id, person_label
from matters.form_page.filling import Filling, fill
from matters.form_page.posted import Typed, read_changes, read_values
from matters.form_page.skeleton import Skeleton, skeleton_for
from matters.models import Draft
from matters.views.apply_inquiries import (
    ASKING,
    ask_by_law,
    inquiring_for,
    sheet_context,
    unanswered,
    up_to_date_form,
)
from matters.views.apply_steps import (
    now,
    open_step,
    record_window_exchange,
    record_window_reading,
    step_context,
    today,
)
from matters.views.brakes import INQUIRIES, SAVES, TOO_MANY_INQUIRIES
from matters.wording.refusals import Refusal
from portal.accounts.organisations.principals import OtherPrincipal
from portal.accounts.pending_post import login_required_preserving_post, restored_post
from portal.lib.braking import is_braked
from portal.lib.request_guard import keeps_any_text
from portal.lib.strict_json import UnreadableJson, read_json


@dataclass(frozen=True, slots=True)
class ErrorLine:
    """A line of the summary: what is wrong, and the control to go to."""

    id: str
    label: str
    sentence: str


@dataclass(frozen=True, slots=True)
class _Page:
    """What a form's page is made of: what the draft holds, which sources may be asked, and what they answered."""

    document: DraftDocument
    sheet: list[SheetLine]
    answers: Answers


@login_required_preserving_post
@keeps_any_text
@require_http_methods(["GET", "POST"])
def form(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """Show the form, or save what was sent and do what ``action`` says.

    "save" stays and shows what is wrong with what is there, "check" also what is missing, "next" goes on when nothing is, "situation"
    goes back; ``edit`` opens a known fact for correction, ``take`` fills in what a source says; "blank" takes back what was filled in, "fill"
    fills it in again; what is about sources: ``matters.views.apply_inquiries``. Whatever is wrong, everything sent is saved first.
    """
    draft = open_step(request, draft_id, move=request.method == "GET")
    if isinstance(draft, HttpResponse):
        return draft
    if request.method == "GET":
        kept = restored_post(request)
        if kept is not None:
            try:
                _save_posted(draft, kept)
            except UnderHold as refusal:  # the rest of it is saved
                messages.error(request, str(refusal))
        document, sheet, answers = up_to_date_form(draft)
        problems = plan_of(draft).clean(document.values, now())[1]
        filled_in = [problem for problem in problems if has_value(document.values, problem.field)]
        page = _Page(document, sheet, answers)
        return _form_page(request, draft, page, _sentences(draft, filled_in), problems, summarised=False)
    plan = plan_of(draft)
    try:
        typed, saved = _save_posted(draft, request.POST)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("matters:form", draft.pk)
    if not saved.conflicts and (answer := _about_sources(request, draft)) is not None:
        return answer
    if not saved.conflicts and "by_law" in request.POST and not is_braked(request, INQUIRIES):
        ask_by_law(request, draft)
    document, sheet, answers = up_to_date_form(draft)
    values = {**document.values, **{key: typed.values[key] for key in saved.conflicts}, **typed.too_long}
    _cleaned, problems = plan.clean(values, now())
    is_draft = request.POST.get("action") == "save"
    told = [problem for problem in problems if not (is_draft and problem.code == "required")]
    errors = _sentences(draft, [*typed.problems, *told])
    errors |= _conflict_sentences(draft, saved.conflicts)
    if request.POST.get("action") == "situation":
        return redirect(step_before(FORM).view, draft.pk)
    if "remove" in request.POST:
        return _leave_out(request, draft, request.POST["remove"])
    if request.POST.get("edit") in plan.fields:
        return redirect(_edit_address(request.path, request.POST["edit"]))
    if errors:
        document.values = values
        return _form_page(request, draft, _Page(document, sheet, answers), errors, problems, status=422)
    if request.POST.get("action") == "next":
        return redirect(step_after(FORM).view, draft.pk)
    messages.success(
        request,
        _("已保存。")
        if request.POST.get("action") == "save"
        else _("已保存。填写的内容没有发现问题，可以进行下一步。"),
    )
    return redirect("matters:form", draft.pk)


@require_http_methods(["GET", "POST"])
def autosave(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """Save what a script sends; with GET only tell what other windows changed since ``?since=<revision>``.

    Takes ``{"revision": int, "values": {field key: value}}``. Answers ``{"revision", "saved_at": "HH:MM", "conflicts":
    {field key: value stored by another window}, "elsewhere": {field key: value}, "problems": {field key: sentence}}``. It may name
    with ``"wrong": [field key, …]`` what it shows a sentence beside: problems are told of these and of what is sent.
    Errors are ``{"code", "message"}``: 400 bad_request, 401 login_required, 404 draft_gone, 409 already_submitted or busy.
    """
    if not request.user.is_authenticated:
        message = _("登录已过期。您填的内容还在这一页上，请重新登录，再回到这里接着填。")
        return _refused("login_required", message, 401, login=reverse("accounts:login"))
    try:
        draft = get_draft_for(request.user, draft_id)
    except OtherPrincipal:
        raise
    except Http404:
        message = _("这份草稿已经在别处删除，这里填的没有保存，也不能再提交。要留下的内容请先抄下来。")
        return _refused("draft_gone", message, 404)
    if draft.submitted_at is not None:
        return _refused(
            "already_submitted",
            _("这份申请已经提交，不能再修改。"),
            409,
            next=reverse("matters:submitted", args=[draft.pk]),
        )
    document = read_form(draft)
    record_window_exchange(request, draft, plan_of(draft).fields.keys() & document.values.keys())
    if request.method == "GET":
        since = _revision(request.GET.get("since"))
        return JsonResponse(_state(draft, document.changed_since(since)))
    if is_braked(request, SAVES):
        return _refused("busy", _("保存得太快，刚才的改动还没有存上；内容都在这一页上，过一会儿会再存。"), 429)
    sent = _json_body(request)
    if sent is None:
        return _refused("bad_request", _("没有读懂要保存的内容，请刷新页面再试。"), 400)
    seen = _revision(sent.get("revision"))
    elsewhere = document.changed_since(seen)
    plan = plan_of(draft)
    typed = read_changes(sent["values"], plan.fields)
    try:
        saved = save_values(draft, typed.values, seen=seen)
    except Refusal as refusal:
        return _refused(refusal.code, str(refusal), 409)
    _cleaned, problems = plan.clean(read_form(draft).values, now())
    told = typed.values.keys() | _texts(sent.get("wrong"))
    about_them = [problem for problem in problems if problem.field in told and problem.code != "required"]
    return JsonResponse(
        {
            **_state(draft, {key: value for key, value in elsewhere.items() if key not in typed.values}),
            "conflicts": _as_typed(draft, saved.conflicts),
            "problems": _sentences(draft, [*typed.problems, *about_them]),
        }
    )


def _save_posted(draft: Draft, post: QueryDict) -> tuple[Typed, Saved]:
    typed = read_values(post, plan_of(draft).fields.values())
    return typed, save_values(draft, typed.values, seen=_revision(post.get("revision")))


def _leave_out(request: HttpRequest, draft: Draft, named: str) -> HttpResponse:
    """Leave out the person that a button names (``child#2/3``: the second of three), and show the form again."""
    whose, _slash, of = named.partition("/")
    role, gone = split_instance(whose)
    label = person_label(plan_of(draft), role, gone, translator_for(draft.matter_version_id))
    try:
        is_done = leave_out(draft, role, gone, of=_revision(of), profile=profile_of(draft.applicant))
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("matters:form", draft.pk)
    if is_done:
        said = _("已移除%(person)s，其余的依次往前排。要加回来，请到“选择情形”改人数，填过的内容还在最后一位。")
        messages.success(request, said % {"person": label})
    else:
        messages.warning(request, _("人数刚才在另一个窗口改过，没有移除。请看看现在的表再办。"))
    return redirect("matters:form", draft.pk)


def _about_sources(request: HttpRequest, draft: Draft) -> HttpResponse | None:
    """Do what ``action`` or ``take`` says about sources and what they say, after what was typed is saved; None if neither does."""
    action, said = request.POST.get("action"), request.POST.get("take", "")
    place = "inquiries"
    try:
        if (inquiring := inquiring_for(request, ASKING)) is not None:
            if is_braked(request, INQUIRIES):
                messages.warning(request, str(TOO_MANY_INQUIRIES))
            else:
                return inquiring(request, draft, "matters:form")
        elif said:
            key, _slash, fetch = said.rpartition("/")
            place = f"{html_id(key)}-field"
            if not take_told(draft, key, fetch):
                messages.info(request, _("这一项现在查不到了，请自己填。"))
        elif action == "blank":
            fill_nothing(draft)
            messages.success(request, _("已清空替您填好的内容，您自己填的都在。"))
        elif action == "fill":
            fill_again(draft, profile_of(draft.applicant))
            messages.success(request, _("能填的又替您填好了，您自己填的没有动。"))
        else:
            return None
    except Refusal as refusal:
        messages.error(request, str(refusal))
    response = redirect("matters:form", draft.pk)
    response["Location"] += f"#{place}"
    return response


def _edit_address(path: str, key: str) -> str:
    return f"{path}?{urlencode({'edit': key})}#{html_id(key)}-field"


def _form_page(
    request: HttpRequest,
    draft: Draft,
    page: _Page,
    errors: Mapping[str, str],
    problems: Iterable[FieldProblem],
    *,
    summarised: bool = True,
    status: int = 200,
) -> HttpResponse:
    """Show the form with a sentence beside each field of ``errors``, and (``summarised``) all of them above it."""
    plan, document = plan_of(draft), page.document
    skeleton = skeleton_for(draft.matter_version_id, draft.answers)
    visible = plan.visible(document.values)
    readable = {str(fetch.pk) for fetch in page.answers.fetches}
    told = told_by_accounts(plan)
    filled = prefilled(document, skeleton, readable, unanswered(page.sheet, page.answers), told)
    fixed = {key for key in filled.known if is_fixed(plan, document, key, draft.applicant)}
    known = filled.known - set(errors) - (set(request.GET.getlist("edit")) - fixed)
    supplied = {key for key, field in plan.fields.items() if field.supplied_by is not None}
    filling = Filling(
        document.values,
        visible | supplied,
        plan.required(document.values),
        known,
        errors,
        filled.sources,
        fixed,
        filled.told,
    )
    record_window_reading(request, draft, plan.fields.keys() & document.values.keys())
    context = step_context(draft, plan, document, problems) | {
        "form": fill(skeleton, filling),
        "sections": skeleton.sections,
        "errors": _error_lines(skeleton, errors) if summarised else [],
        "rules": skeleton.script,
        "today": today().isoformat(),
        "only_left": "left" in request.GET,
        "is_blank": document.is_blank,
        "has_known": bool(document.known),
        **sheet_context(page.sheet, page.answers, is_proved=draft.applicant.is_proved),
    }
    return render(request, "matters/apply/form.html", context, status=status)


def _error_lines(skeleton: Skeleton, errors: Mapping[str, str]) -> list[ErrorLine]:
    """Return the errors in the order of the form, those about the whole form last."""
    lines = [
        ErrorLine(view.id, view.label, skeleton.named(key, errors[key]))
        for key, view in skeleton.fields.items()
        if key in errors
    ]
    return lines + [ErrorLine("", "", text) for key, text in errors.items() if key not in skeleton.fields]


def _sentences(draft: Draft, problems: Iterable[FieldProblem]) -> dict[str, str]:
    """Return field key → the first sentence about it."""
    skeleton = skeleton_for(draft.matter_version_id, draft.answers)
    found: dict[str, str] = {}
    for problem in problems:
        found.setdefault(problem.field, skeleton.sentence(problem))
    return found


def _conflict_sentences(draft: Draft, conflicts: Mapping[str, Value]) -> dict[str, str]:
    skeleton = skeleton_for(draft.matter_version_id, draft.answers)
    return {
        key: _("这一项刚才在另一个窗口改成了“%(value)s”。下面是您在这里填的，再次保存就以这里为准。")
        % {"value": skeleton.in_words(key, value) or _("空")}
        for key, value in conflicts.items()
        if key in skeleton.fields
    }


def _state(draft: Draft, elsewhere: Mapping[str, Value]) -> dict[str, Any]:
    return {
        "revision": draft.revision,
        "saved_at": f"{timezone.localtime(draft.saved_at):%H:%M}",
        "elsewhere": _as_typed(draft, elsewhere),
        "conflicts": {},
        "problems": {},
    }


def _as_typed(draft: Draft, values: Mapping[str, Value]) -> dict[str, Value]:
    skeleton = skeleton_for(draft.matter_version_id, draft.answers)
    return {key: skeleton.typed(key, value) if key in skeleton.fields else value for key, value in values.items()}


def _revision(text: Any) -> int:
    """Return the revision a window says it showed; nonsense counts as the oldest."""
    try:
        return max(0, int(text))
    except (TypeError, ValueError, OverflowError):
        return 0


def _texts(sent: Any) -> set[str]:
    return {each for each in sent if isinstance(each, str)} if isinstance(sent, list) else set()


def _json_body(request: HttpRequest) -> dict[str, Any] | None:
    try:
        sent = read_json(request.body)
    except (UnreadableJson, RawPostDataException):  # the latter: a form was sent, and read as one
        return None
    return sent if isinstance(sent, dict) and isinstance(sent.get("values"), dict) else None


def _refused(code: str, message: str, status: int, **more: str) -> JsonResponse:
    return JsonResponse({"code": code, "message": message, **more}, status=status)
