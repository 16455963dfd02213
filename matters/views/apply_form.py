"""The second step: the one merged form, saved at each change."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict, RawPostDataException
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from catalog.fields.validation import FieldProblem
from matters.apply_pages.steps import FORM, step_after, step_before
from matters.core.draft_document import DraftDocument, Value
from matters.drafts.saving import Saved, get_draft_for, plan_of, read_form, save_values
from matters.form_page.fields import html_id
from matters.form_page.filling import Filling, fill
from matters.form_page.posted import Typed, read_changes, read_values
from matters.form_page.skeleton import Skeleton, skeleton_for
from matters.models import Draft
from matters.views.apply_steps import open_step, record_window_exchange, record_window_reading, step_context, today
from matters.views.brakes import SAVES
from matters.wording.refusals import Refusal
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


@login_required_preserving_post
@keeps_any_text
@require_http_methods(["GET", "POST"])
def form(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """Show the form, or save what was sent and do what ``action`` says.

    "save" stays and shows what is wrong with what is there, "check" also what is missing, "next" goes on when nothing is, "situation"
    goes back; ``edit`` opens a known fact for correction. Whatever is wrong, everything sent is saved first.
    """
    draft = open_step(request, draft_id, move=request.method == "GET")
    if isinstance(draft, HttpResponse):
        return draft
    if request.method == "GET":
        kept = restored_post(request)
        if kept is not None:
            _save_posted(draft, kept)
        return _form_page(request, draft, read_form(draft), {})
    plan = plan_of(draft)
    try:
        typed, saved = _save_posted(draft, request.POST)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("matters:form", draft.pk)
    document = read_form(draft)
    values = {**document.values, **{key: typed.values[key] for key in saved.conflicts}, **typed.too_long}
    _cleaned, problems = plan.clean(values, today())
    if request.POST.get("action") == "save":
        problems = [problem for problem in problems if problem.code != "required"]
    errors = _sentences(draft, [*typed.problems, *problems])
    errors |= _conflict_sentences(draft, saved.conflicts)
    if request.POST.get("action") == "situation":
        return redirect(step_before(FORM).view, draft.pk)
    if request.POST.get("edit") in plan.fields:
        return redirect(_edit_address(request.path, request.POST["edit"]))
    if errors:
        document.values = values
        return _form_page(request, draft, document, errors, status=422)
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
    {field key: value stored by another window}, "elsewhere": {field key: value}, "problems": {field key: sentence}}``.
    Errors are ``{"code", "message"}``: 400 bad_request, 401 login_required, 409 already_submitted or busy.
    """
    if not request.user.is_authenticated:
        message = _("登录已过期。您填的内容还在这一页上，请重新登录，再回到这里接着填。")
        return _refused("login_required", message, 401, login=reverse("accounts:login"))
    draft = get_draft_for(request.user, draft_id)
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
    _cleaned, problems = plan.clean(read_form(draft).values, today())
    about_them = [problem for problem in problems if problem.field in typed.values and problem.code != "required"]
    return JsonResponse(
        {
            **_state(draft, {key: value for key, value in elsewhere.items() if key not in typed.values}),
            "conflicts": saved.conflicts,
            "problems": _sentences(draft, [*typed.problems, *about_them]),
        }
    )


def _save_posted(draft: Draft, post: QueryDict) -> tuple[Typed, Saved]:
    typed = read_values(post, plan_of(draft).fields.values())
    return typed, save_values(draft, typed.values, seen=_revision(post.get("revision")))


def _edit_address(path: str, key: str) -> str:
    return f"{path}?{urlencode({'edit': key})}#{html_id(key)}-field"


def _form_page(
    request: HttpRequest, draft: Draft, document: DraftDocument, errors: Mapping[str, str], status: int = 200
) -> HttpResponse:
    plan = plan_of(draft)
    skeleton = skeleton_for(draft.matter_version_id, draft.answers)
    visible = plan.visible(document.values)
    known = {key for key in document.known if document.is_known(key)} - set(errors) - set(request.GET.getlist("edit"))
    supplied = {key for key, field in plan.fields.items() if field.supplied_by is not None}
    filling = Filling(document.values, visible | supplied, plan.required(document.values), known, errors)
    record_window_reading(request, draft, plan.fields.keys() & document.values.keys())
    context = step_context(draft, plan, document) | {
        "form": fill(skeleton, filling),
        "sections": skeleton.sections,
        "errors": _error_lines(skeleton, errors),
        "rules": skeleton.script,
        "today": today().isoformat(),
    }
    return render(request, "matters/apply/form.html", context, status=status)


def _error_lines(skeleton: Skeleton, errors: Mapping[str, str]) -> list[ErrorLine]:
    """Return the errors in the order of the form, those about the whole form last."""
    lines = [ErrorLine(view.id, view.label, errors[key]) for key, view in skeleton.fields.items() if key in errors]
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
        "elsewhere": dict(elsewhere),
        "conflicts": {},
        "problems": {},
    }


def _revision(text: Any) -> int:
    """Return the revision a window says it showed; nonsense counts as the oldest."""
    try:
        return max(0, int(text))
    except (TypeError, ValueError, OverflowError):
        return 0


def _json_body(request: HttpRequest) -> dict[str, Any] | None:
    try:
        sent = read_json(request.body)
    except (UnreadableJson, RawPostDataException):  # the latter: a form was sent, and read as one
        return None
    return sent if isinstance(sent, dict) and isinstance(sent.get("values"), dict) else None


def _refused(code: str, message: str, status: int, **more: str) -> JsonResponse:
    return JsonResponse({"code": code, "message": message, **more}, status=status)
