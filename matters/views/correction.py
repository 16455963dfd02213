"""Answering a return for correction: only what was named is open, and what that makes necessary."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache

from catalog.wording.translating import translator_for
from matters.cases.access import get_bundle_to_answer_for, is_principals
from matters.cases.amendments import amended_parts
from matters.cases.department_view import plan_of
from matters.cases.sealed_form import open_bundle_form
from matters.files.ordering import shifted
from matters.form_page.posted import read_values
from matters.models import Bundle, CorrectionItem, CorrectionRequest, SubmittedMaterial
from matters.reviewing.corrections import (
    answer_correction,
    answer_draft,
    answered_with,
    may_answer,
    save_answer_draft,
)
from matters.reviewing.open_parts import merge_sent
from matters.reviewing.supplements import EarlierFiles
from matters.views.brakes import UPLOADS
from matters.views.correction_entries import asking, decided_notes, needless_names, open_entries, reasons_of
from matters.wording.refusals import CorrectionInvalid, CorrectionUnchanged, Refusal
from matters.wording.uploads import limit_megabytes, notes_of, upload_sentence
from portal.accounts.pending_post import login_required_preserving_post, restored_post
from portal.ledger.access import record_access
from portal.lib.braking import is_braked
from portal.lib.shown import NAME, Shown, shown

# Nothing is wrong.
NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Sent:
    """What a page sent: values as typed, files by material, what the page had shown, and the order of files where it was changed there."""

    values: dict[str, Any]
    files: dict[str, list[Any]]
    shown: Shown
    orders: dict[str, list[str]] = field(default_factory=dict)


@login_required_preserving_post
@never_cache
def correction(request: HttpRequest, number: str, request_id: int) -> HttpResponse:
    """Show what a department asks to be corrected, and take the answer."""
    user: Any = request.user
    bundle = get_bundle_to_answer_for(user, number)
    asked = _request_of(bundle, request_id)
    if not may_answer(user, asked.sub_item):
        raise Http404
    together = answered_with(user, asked)
    if asked not in together:
        messages.info(request, _("这次补正已经提交过，或者这个事项已有新的进展。"))
        return _back(user, bundle)
    if request.method != "POST":
        kept = restored_post(request)
        sent = _drafted(asked) if kept is None else _read(request, kept, bundle, asked)
        return _page(request, bundle, asked, together, sent)
    sent = _read(request, request.POST, bundle, asked)
    # What the answers so far open, for the page's script; or a file put elsewhere, where there is no script.
    if "look" in request.POST or "move" in request.POST:
        return _page(request, bundle, asked, together, sent)
    if "save" in request.POST:
        return _save(request, bundle, asked, sent)
    earlier = _earlier(request, bundle, sent)
    coming = [key for key, chosen in sent.files.items() if chosen or earlier.get(key)]
    count = sum(map(len, sent.files.values())) + sum(len(said.instead) for said in earlier.values())
    if count and is_braked(request, UPLOADS, count):
        return _page(
            request, bundle, asked, together, sent, {f"material:{key}": upload_sentence("too_fast") for key in coming}
        )
    confirmed, since = "unchanged_is_right" in request.POST, timezone.now()
    try:
        answer_correction(
            user,
            asked,
            sent.values,
            sent.files,
            earlier=earlier,
            unchanged_is_right=confirmed,
            shown=sent.shown,
        )
    except CorrectionInvalid as refusal:
        return _page(request, bundle, asked, together, sent, refusal.problems)
    except CorrectionUnchanged as refusal:
        return _page(request, bundle, asked, together, sent, unchanged=refusal)
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
        return _back(user, bundle)
    for note in _notes(bundle, sent.files, since):
        messages.warning(request, note)
    messages.success(request, _taken(bundle, together))
    return _back(user, bundle)


def _save(request: HttpRequest, bundle: Bundle, asked: CorrectionRequest, sent: Sent) -> HttpResponse:
    """Keep what was typed, and say what was not kept."""
    user: Any = request.user
    try:
        # What is too long is not stored; it is told when the answer is sent.
        values = read_values(request.POST, plan_of(bundle).fields.values()).values
        save_answer_draft(user, asked, values, request.POST.get(NAME, ""))
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
        return _back(user, bundle)
    if any(sent.files.values()):
        messages.warning(request, _("填写的内容已暂存，选的文件没有保存，提交前请重新选择。"))
    else:
        messages.success(request, _("已暂存，还没有提交。改好后请记得提交。"))
    return _back(user, bundle)


def _drafted(asked: CorrectionRequest) -> Sent | None:
    kept = answer_draft(asked)
    return None if kept is None else Sent(kept[0], {}, Shown(kept[1], _about(asked)))


def _taken(bundle: Bundle, together: list[CorrectionRequest]) -> str:
    """Say who goes on with the answer: whoever decided on what it changes comes before whoever asked for it."""
    bundle.refresh_from_db(fields=("form_revision",))  # the answer may have begun a new one
    first = dict.fromkeys(part.department for part in amended_parts(bundle) if not part.outcome and not part.has_agreed)
    if first:
        names = {"departments": pgettext("between names", "、").join(first)}
        return _("已提交补正。改动的内容已经用在办好的事项里，先由%(departments)s核对，核对好再接着办。") % names
    translate = translator_for(bundle.matter_version_id)
    offices = dict.fromkeys(translate(one.sub_item.office.name) for one in together)
    words = {"department": pgettext("between names", "、").join(offices)}
    return _("已提交补正，%(department)s会接着办理。") % words


def _earlier(request: HttpRequest, bundle: Bundle, sent: Sent) -> dict[str, EarlierFiles]:
    """Return what is said of the files handed in before, for the materials whose files the page showed."""
    files = sent.files
    papers = SubmittedMaterial.objects.filter(bundle=bundle, material__in=files, replaced_at=None) if files else ()
    removed, told = request.POST.getlist("removed"), request.POST.getlist("papers_of")
    instead: dict[str, dict[str, Any]] = {}
    for paper in papers:
        chosen = request.FILES.get(f"instead:{paper.pk}")
        if chosen is not None:
            instead.setdefault(paper.material, {})[str(paper.pk)] = chosen
    return {
        key: EarlierFiles(instead.get(key, {}), removed, sent.orders.get(key, ()))
        for key in files
        if key in told or key in instead
    }


def _notes(bundle: Bundle, files: Mapping[str, list[Any]], before: datetime) -> list[str]:
    """Return what is told about the files that were just taken."""
    papers = SubmittedMaterial.objects.filter(
        bundle=bundle, material__in=files, replaced_at=None, uploaded_at__gte=before
    )
    return [note for paper in papers for note in notes_of(paper)]


def _back(user: Any, bundle: Bundle) -> HttpResponse:
    if is_principals(user, bundle):
        return redirect("matters:bundle", bundle.number)
    return redirect("admin:counter_bundle", bundle.number)


def _request_of(bundle: Bundle, request_id: int) -> CorrectionRequest:
    requests = CorrectionRequest.objects.told().select_related(
        "notice", "sub_item__department", "sub_item__bundle__applicant"
    )
    found = requests.filter(pk=request_id, sub_item__bundle=bundle).first()
    if found is None:
        raise Http404
    return found


def _read(request: HttpRequest, post: QueryDict, bundle: Bundle, asked: CorrectionRequest) -> Sent:
    """Return what was typed, whatever of it is open, and the files chosen."""
    plan = plan_of(bundle)
    read = read_values(post, plan.fields.values())
    files = {material.key: request.FILES.getlist(f"material:{material.key}") for material in plan.materials}
    # What is too long is refused with the rest, and shown again.
    values = {**read.values, **read.too_long}
    return Sent(values, files, Shown(post.get(NAME, ""), _about(asked)), _orders(post, files))


def _orders(post: QueryDict, keys: Iterable[str]) -> dict[str, list[str]]:
    """Return the order of the files of each paper, where this page put them otherwise than they stood when it was shown."""
    way, _colon, moved = post.get("move", "").partition(":")
    orders = {key: shifted(post.getlist(f"order:{key}"), moved, -1 if way == "up" else 1) for key in keys}
    return {key: order for key, order in orders.items() if order and ",".join(order) != post.get(f"stood:{key}")}


def _about(asked: CorrectionRequest) -> str:
    return f"notice:{asked.notice_id}" if asked.notice_id is not None else f"correction:{asked.pk}"


def _page(
    request: HttpRequest,
    bundle: Bundle,
    asked: CorrectionRequest,
    together: list[CorrectionRequest],
    sent: Sent | None,
    problems: Mapping[str, str] = NOTHING,
    unchanged: CorrectionUnchanged | None = None,
) -> HttpResponse:
    user: Any = request.user
    is_own = is_principals(user, bundle)
    bundle.refresh_from_db(fields=["form_sealed", "form_revision"])  # another correction may have come between
    before, items = open_bundle_form(bundle).values, [item for one in together for item in one.items.asked()]
    typed, notes = _typed(bundle, items, before, sent)
    notes = {**decided_notes(bundle), **notes}
    reasons = reasons_of(bundle, together, items)
    entries = open_entries(bundle, items, before, typed, {**problems}, notes, sent.orders if sent else {}, reasons)
    if not is_own:
        names = [one.name for one in entries]
        for code in dict.fromkeys(one.sub_item.department.code for one in together):
            record_access(user, bundle.pk, "counter", names, code)
    context = {
        "bundle": bundle,
        "asked": asked,
        "sub_item": asked.sub_item,
        "asking": asking(bundle, together),
        "until": min((one.answer_by for one in together if one.answer_by), default=None),
        "drafted_at": asked.notice.draft_saved_at if asked.notice and asked.notice.draft_sealed else None,
        "entries": entries,
        "shown": shown({one.name: before.get(one.name) for one in entries if one.field is not None}, _about(asked)),
        "needless": needless_names(bundle, items, before, typed),
        "wrong": [entry for entry in entries if entry.problem],
        "unchanged": unchanged,
        "limit": limit_megabytes(),
        "has_papers": any(entry.field is None for entry in entries),
        "is_own": is_own,
    }
    status = 422 if problems or unchanged else 200
    return render(request, "matters/track/correction.html", context, status=status)


def _typed(
    bundle: Bundle, items: list[CorrectionItem], before: Mapping[str, Any], sent: Sent | None
) -> tuple[dict[str, Any], dict[str, str]]:
    """Return what the page shows as typed here, and what is told at a field that changed elsewhere meanwhile."""
    if sent is None:
        return {}, {}
    elsewhere = merge_sent(plan_of(bundle), items, before, sent.values, sent.shown).elsewhere
    note = _("这一项您刚才在另一处改过，现在是这样。")
    return {key: value for key, value in sent.values.items() if key not in elsewhere}, dict.fromkeys(elsewhere, note)
