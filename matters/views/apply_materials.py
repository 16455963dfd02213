"""The third step: papers. What must be uploaded, what is exempt and why; upload, view, replace, remove."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from time import monotonic

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from catalog.merging.planned import PlannedMaterial
from catalog.versions.matters import compiled
from catalog.wording.papers import class_counts, name_of_paper
from catalog.wording.translating import translator_for
from matters.apply_pages.left_behind import left_papers
from matters.apply_pages.materials import material_views
from matters.apply_pages.steps import MATERIALS, step_after
from matters.core.draft_document import DraftDocument
from matters.drafts.inquiring import outcomes
from matters.drafts.keeping import UnderHold
from matters.drafts.profile import acting_under
from matters.drafts.satisfying import substitutes_for
from matters.drafts.saving import get_draft_for, plan_of, read_form
from matters.drafts.uploads import (
    accepted_types,
    current_materials,
    file_response,
    get_upload_for,
    move_upload,
    papers_on,
    remove_upload,
    take_upload,
)
from matters.files.checking import FileRefused
from matters.files.limits import FILES_PER_MATERIAL
from matters.files.upload_handler import oversized_uploads
from matters.form_page.fields import html_id
from matters.models import Draft, Scan, SubmittedMaterial
from matters.views.apply_inquiries import INQUIRING, inquiring_for, sheet_context, up_to_date_form
from matters.views.apply_steps import open_step, record_window_reading, step_context, today
from matters.views.brakes import INQUIRIES, TOO_MANY_INQUIRIES, UPLOADS
from matters.wording.refusals import Refusal
from matters.wording.substitutes import outcome_sentence
from matters.wording.uploads import limit_megabytes, notes_of, upload_sentence
from portal.accounts.pending_post import login_required_preserving_post, restored_post
from portal.lib.braking import is_braked, lane_of
from portal.sandbox.running import warm_up


@login_required_preserving_post
@require_http_methods(["GET", "POST"])
def materials(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """Show the papers; take files for one of them (``material``, ``files``, ``replaces``), ``move`` a file, or do what ``action`` says.

    "next" goes on; "agree" and "agree-all" let sources be asked (``source`` …), "again" asks one once more, "withdraw" takes a consent back;
    "commit" and "uncommit" are about the commitment that stands in for ``material``, "reuse:<part>" takes what was handed in for a part of
    an earlier application, "reuse" gives it back.
    """
    draft = open_step(request, draft_id, move=request.method == "GET")
    if isinstance(draft, HttpResponse):
        return draft
    if request.method == "GET":
        warm_up()
        restored_post(request)  # files cannot be kept; what else was sent with them says nothing without them
        return _materials_page(request, draft, {})
    if "move" in request.POST:
        return _move(request, draft)
    if (inquiring := inquiring_for(request, INQUIRING)) is not None:
        if is_braked(
            request, INQUIRIES
        ):  # other departments' systems, and whose number fits whose name, are not for trying out
            return _materials_page(request, draft, {"": [str(TOO_MANY_INQUIRIES)]}, status=429)
        return inquiring(request, draft, "matters:materials")
    document = read_form(draft)
    needed = {
        paper.key: paper
        for paper in plan_of(draft).materials_for(document.values)
        if paper.exemption is None or paper.fallback
    }
    if request.POST.get("action") == "next":
        missing = _missing(draft, needed, document)
        if not missing:
            return redirect(step_after(MATERIALS).view, draft.pk)
        return _materials_page(request, draft, missing, status=422)
    asked = needed.get(request.POST.get("material", ""))
    if asked is None:
        return _materials_page(request, draft, {"": [_why_not_asked(request, draft)]}, status=422)
    if is_braked(request, UPLOADS, max(1, len(request.FILES.getlist("files")))):
        return _materials_page(request, draft, {asked.key: [upload_sentence("too_fast")]}, status=429)
    errors, taken = _take_all(request, draft, asked)
    if errors:
        return _materials_page(request, draft, {asked.key: errors}, status=422)
    if taken:
        messages.success(request, _("已上传：%(names)s。") % {"names": pgettext("between names", "、").join(taken)})
    return redirect(f"{request.path}#{html_id(asked.key)}")


@login_required
@require_GET
def material_file(request: HttpRequest, draft_id: uuid.UUID, paper_id: uuid.UUID) -> HttpResponseBase:
    """Show a file to those who may fill in its draft."""
    draft, paper = get_upload_for(request.user, draft_id, paper_id)
    record_window_reading(request, draft, [f"material:{paper.material}"])
    return file_response(paper)


@login_required_preserving_post(page=lambda request, draft_id, paper_id: reverse("matters:materials", args=[draft_id]))
@require_POST
def material_remove(request: HttpRequest, draft_id: uuid.UUID, paper_id: uuid.UUID) -> HttpResponse:
    """Take a file off an open draft."""
    draft = get_draft_for(request.user, draft_id)
    paper = SubmittedMaterial.objects.filter(pk=paper_id, draft=draft).first()
    if paper is not None:
        try:
            remove_upload(draft, paper)
        except UnderHold as refusal:
            messages.error(request, str(refusal))
            return redirect("matters:materials", draft.pk)
        except Refusal as refusal:
            messages.error(request, str(refusal))
            return redirect("matters:submitted", draft.pk)
        messages.success(request, _("已移除“%(name)s”。") % {"name": paper.original_name})
        if "check" in request.POST:  # from where what is left behind is listed
            return redirect("matters:check", draft.pk)
        response = redirect("matters:materials", draft.pk)
        response["Location"] += f"#{html_id(paper.material)}"
        return response
    messages.info(request, _("这个文件已经在另一个窗口移除或换掉了。"))
    return redirect("matters:materials", draft.pk)


def _materials_page(
    request: HttpRequest, draft: Draft, errors: Mapping[str, list[str]], status: int = 200
) -> HttpResponse:
    plan = plan_of(draft)
    document, sheet, answers = up_to_date_form(draft)
    translate = translator_for(draft.matter_version_id)
    came_of = outcomes(sheet, answers)
    asking = {
        paper.key: outcome_sentence(came_of[line.source.code, paper.key], line.department)
        for line in sheet
        for paper in line.papers
    }
    handed_in = papers_on(draft)
    views = material_views(
        plan,
        draft,
        handed_in,
        document,
        errors,
        translate,
        today(),
        asking,
        answers.fetches if answers.is_read else None,
    )
    record_window_reading(request, draft, ["materials"])
    context = step_context(draft, plan, document) | {
        "needed": [view for view in views if not view.exempt or view.papers or view.errors],
        "exempt": (exempt := [view for view in views if view.exempt and not view.papers and not view.errors]),
        "exempt_counts": class_counts(view.kind for view in exempt),
        "missing": sum(1 for view in views if view.is_missing),
        "failed": [view for view in views if view.errors],
        "page_errors": errors.get("", []),
        "left": left_papers(plan, handed_in, document, translate),
        **sheet_context(
            sheet, answers, {view.key for view in views if view.papers}, is_proved=draft.applicant.is_proved
        ),
        "limit": limit_megabytes(),
    }
    return render(request, "matters/apply/materials.html", context, status=status)


def _move(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Put a file one place up or down (``move``: ``up:<id>`` or ``down:<id>``) among those of its paper."""
    way, _colon, paper_id = request.POST["move"].partition(":")
    try:
        moved = move_upload(draft, paper_id, -1 if way == "up" else 1)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("matters:submitted", draft.pk)
    if moved is None:
        messages.info(request, _("顺序没有变：这个文件刚才在另一个窗口移动、移除或换掉了。"))
        return redirect(request.path)
    number, count, paper = moved
    words = {"name": paper.original_name, "number": number, "count": count}
    messages.success(request, _("“%(name)s”现在是第 %(number)s 页，共 %(count)s 页。") % words)
    return redirect(f"{request.path}#paper-{paper.pk}")


def _why_not_asked(request: HttpRequest, draft: Draft) -> str:
    """Return why files cannot be taken for what was named: too large to be read, or no paper of this situation."""
    if oversized_uploads(request):
        return upload_sentence("too_large")
    key = request.POST.get("material", "")
    if key.rpartition(":")[2] not in compiled(draft.matter_version_id).materials:
        return upload_sentence("none_chosen")
    name = name_of_paper(plan_of(draft), key, translator_for(draft.matter_version_id))
    return _("按现在的情形不用交这份材料：%(name)s。情形可能在另一个窗口改过，文件没有上传。") % {"name": name}


def _missing(draft: Draft, needed: Mapping[str, PlannedMaterial], document: DraftDocument) -> dict[str, list[str]]:
    handed_in = set(current_materials(draft).exclude(scan=Scan.INFECTED).values_list("material", flat=True))
    absent = [paper for key, paper in needed.items() if paper.is_owed and key not in handed_in]
    found = substitutes_for(
        draft.submission_key,
        draft.applicant,
        plan_of(draft),
        absent,
        document,
        document.values,
        today(),
        organisation=draft.organisation,
        mandate=acting_under(draft),
    )
    sentence = _("还没有上传这项材料。请拍照或选择文件上传。")
    return {paper.key: [sentence] for paper in absent if paper.key not in found}


# A request that decodes file after file holds its thread: what is left then is sent again.
SECONDS_OF_A_REQUEST = 30


def _take_all(request: HttpRequest, draft: Draft, asked: PlannedMaterial) -> tuple[list[str], list[str]]:
    """Take every file that was sent for a paper; return (sentences about those that were not taken, names of those that were)."""
    errors = [
        _("“%(name)s”：%(why)s") % {"name": name, "why": upload_sentence("too_large")}
        if name
        else upload_sentence("too_large")
        for _field, name in oversized_uploads(request)
    ]
    taken: list[str] = []
    before = {paper.pk: paper for paper in papers_on(draft) if paper.material == asked.key}
    unchanged: list[str] = []
    replaced = request.POST.get("replaces", "")
    old = before.get(_uuid(replaced)) if replaced else None
    is_gone = bool(replaced) and old is None
    uploads = request.FILES.getlist("files")
    if len(uploads) > FILES_PER_MATERIAL:  # before any is decoded: it would be refused afterwards
        errors.append(_("一次最多传 %(limit)s 个文件，多出来的没有收。") % {"limit": FILES_PER_MATERIAL})
        uploads = uploads[:FILES_PER_MATERIAL]
    end = monotonic() + SECONDS_OF_A_REQUEST
    for number, upload in enumerate(uploads):
        if number and monotonic() > end:
            left = pgettext("between names", "、").join(one.name or "" for one in uploads[number:])
            errors.append(_("文件太多、太大，处理不完。这些还没有收，请分几次再传：%(names)s。") % {"names": left})
            break
        try:
            paper = take_upload(
                draft, asked.key, upload, accept=accepted_types(asked.accept), lane=lane_of(request), replaces=old
            )
        except FileRefused as refused:
            why = upload_sentence(refused.code, refused.params)
            errors.append(_("“%(name)s”：%(why)s") % {"name": upload.name, "why": why} if len(uploads) > 1 else why)
        except Refusal as refusal:
            errors.append(str(refusal))
        else:
            if paper.pk in before:
                unchanged.append(_("“%(name)s”和已经上传的一模一样，没有改动。") % {"name": upload.name})
                continue
            taken.append(paper.original_name)
            for note in notes_of(paper):
                messages.warning(request, note)
            old = None
    if is_gone and taken:
        messages.warning(
            request, _("您要替换的文件已经在另一个窗口换掉或移除了，这次上传的排在后面。请看看有没有重复。")
        )
    for sentence in unchanged:
        messages.info(request, sentence)
    if not errors and not taken and not unchanged:
        errors.append(upload_sentence("none_chosen"))
    return errors, taken


def _uuid(text: str) -> uuid.UUID:
    """Return the id that was sent; nonsense becomes one that no paper has."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.UUID(int=0)
