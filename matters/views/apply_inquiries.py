"""Letting sources be asked, from the form and from the page of papers, and committing to what a paper would prove."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.wording.papers import paper_name
from catalog.wording.translating import translator_for
from matters.apply_pages.sheet import sheet_lines, words_of
from matters.core.draft_document import DraftDocument
from matters.drafts.certified import rests_on_lapsed
from matters.drafts.documents import commitment_document
from matters.drafts.inquiring import Answers, SheetLine, agree, answers_of, have_asked, outcomes, sheet_of, withdraw
from matters.drafts.prefilling import fill_from_certificates_again, fill_from_sources, is_outdated
from matters.drafts.profile import subject_of_account
from matters.drafts.satisfying import Kind, offers_for
from matters.drafts.saving import plan_of, read_form, save_commitment, save_reuse
from matters.form_page.fields import html_id
from matters.models import Draft
from matters.views.apply_steps import account, now, today
from matters.wording.prefilled import unanswered_words
from matters.wording.refusals import IdentityNotProved, Refusal
from matters.wording.substitutes import commitment_words


def up_to_date_form(draft: Draft) -> tuple[DraftDocument, list[SheetLine], Answers]:
    """Return the form, the sheet and what was answered, after taking back what may be read no more.

    At most three queries, two where nobody has agreed to anything, and one where certificates filled something in; more only where
    something is taken back.
    """
    plan, document = plan_of(draft), read_form(draft)
    if rests_on_lapsed(document.known, draft.applicant, draft.organisation, today()):
        fill_from_certificates_again(draft, today())
        document = read_form(draft)
    translate = translator_for(draft.matter_version_id)
    sheet = sheet_of(draft, plan, document, translate)
    answers = answers_of(draft, sheet, document)
    if is_outdated(document, plan, subject_of_account(draft.applicant), answers.fetches, answers.pending):
        fill_from_sources(draft, answers.pending)
        document = read_form(draft)
        sheet = sheet_of(draft, plan, document, translate)
    return document, sheet, answers


def sheet_context(sheet: list[SheetLine], answers: Answers, handed_in: Any = (), *, is_proved: bool) -> dict[str, Any]:
    """Return what the sheet's template reads. ``is_proved``: whether the applicant may agree to it. No query."""
    shown = tuple(sheet_lines(sheet, outcomes(sheet, answers), handed_in))
    return {
        "sheet": shown,
        "has_open": any(line.state == "open" for line in shown),
        "by_consent": any(not line.is_by_law for line in shown),
        "must_prove": any(line.state in ("open", "by_law") for line in shown) and not is_proved,
        "is_asking": any(line.state == "asking" for line in shown),
        "is_proved": is_proved,
    }


def unanswered(sheet: list[SheetLine], answers: Answers) -> dict[str, str]:
    """Return field → why it is asked although its source was. No query."""
    came_of = outcomes(sheet, answers)
    return {
        fact.key: unanswered_words(came_of[line.source.code, fact.key], line.department)
        for line in sheet
        for fact in line.facts
    }


def _agree(request: HttpRequest, draft: Draft, page: str) -> HttpResponse:
    chosen = set(request.POST.getlist("source"))
    everything = request.POST["action"] == "agree-all"
    lines = [
        line
        for line in _sheet(draft)
        if line.consent is None and not line.is_by_law and (everything or line.source.code in chosen)
    ]
    # What was typed with the same button may have changed what would be asked: only the words that were read are agreed to.
    read = set(request.POST.getlist("words"))
    unread = [line for line in lines if read and words_of(line.source.code, line.text) not in read]
    try:
        agreed = agree(draft, [line for line in lines if line not in unread], account(request))
    except IdentityNotProved:
        messages.warning(request, _("要先实名核验，才能向有关部门查询。"))
        return _back(draft, page, "inquiries")
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
        return _back(draft, page, "inquiries")
    if unread:
        messages.info(request, _("您刚填的内容改变了要查询的内容，请再看一遍，再同意。"))
    if agreed:
        messages.success(request, _("已记下您的同意，正在查询。查到的替您填好，查到的材料不用交。"))
    elif not unread:
        messages.info(request, _("没有选择要查询的部门。"))
    return _back(draft, page, "inquiries")


def ask_by_law(request: HttpRequest, draft: Draft) -> None:
    """Have asked what the law lets be asked without consent, as it stood on the page that was sent (``by_law``). No query where none did."""
    read = set(request.POST.getlist("by_law"))
    if not read or not draft.applicant.is_proved:
        return
    lines = [line for line in _sheet(draft) if line.is_by_law]
    have_asked(draft, [line for line in lines if words_of(line.source.code, line.text) in read])


def _by_law(request: HttpRequest, draft: Draft, page: str) -> HttpResponse:
    ask_by_law(request, draft)
    return _back(draft, page, "inquiries")


def _again(request: HttpRequest, draft: Draft, page: str) -> HttpResponse:
    have_asked(
        draft,
        [line for line in _sheet(draft) if (line.given or line.is_by_law) and line.source.code == _named(request)],
    )
    return _back(draft, page, "inquiries")


def _withdraw(request: HttpRequest, draft: Draft, page: str) -> HttpResponse:
    lines = [line for line in _sheet(draft) if line.given and line.source.code == _named(request)]
    count = withdraw(draft, lines)
    if count:
        try:
            fill_from_sources(draft)
        except Refusal as refusal:
            messages.error(request, str(refusal))
        said = ngettext(
            "已撤回同意，不再使用查到的内容。相应的内容请自己填写，材料请上传。",
            "已撤回同意，不再使用查到的内容。相应的内容请自己填写，材料请上传。",
            count,
        )
        messages.success(request, said)
    return _back(draft, page, "inquiries")


def _commit(request: HttpRequest, draft: Draft, page: str) -> HttpResponse:
    key = request.POST.get("material", "")
    plan = plan_of(draft)
    paper = next((each for each in plan.materials_for(read_form(draft).values) if each.key == key), None)
    if paper is None or not any(way.kind == Kind.COMMITMENT for way in paper.alternatives):
        messages.info(request, _("这项材料现在不能用承诺代替。"))
        return _back(draft, page, "")
    is_given = request.POST["action"] == "commit" and bool(request.POST.get("agreed"))
    if request.POST["action"] == "commit" and not is_given:
        messages.warning(request, _("请先勾选承诺，再确认。"))
        return _back(draft, page, html_id(key))
    try:
        if is_given:
            name = paper_name(plan, paper, translator_for(draft.matter_version_id))
            save_commitment(
                draft, key, commitment_words(name), commitment_document(draft, key, today(), now()).to_json()
            )
        else:
            save_commitment(draft, key, "")
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return _back(draft, page, html_id(key))


def _reuse(request: HttpRequest, draft: Draft, page: str) -> HttpResponse:
    """Take the files of an earlier application that the page showed (``reuse:<part>``) for a paper, or give them back."""
    key, part = request.POST.get("material", ""), request.POST["action"].partition(":")[2]
    plan, document = plan_of(draft), read_form(draft)
    try:
        if not part:
            save_reuse(draft, key)
            return _back(draft, page, html_id(key))
        papers = [each for each in plan.materials_for(document.values) if each.key == key]
        offered = offers_for(draft, plan, papers, document, today()).get(key, [])
        taken = next((each for each in offered if each.part.number == part), None)
        if taken is None:
            messages.warning(request, _("以前的那一份现在不能用了，请上传。"))
        else:
            save_reuse(draft, key, part, taken.file_ids, taken.until.isoformat())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return _back(draft, page, html_id(key))


def _prove(request: HttpRequest, draft: Draft, page: str) -> HttpResponse:
    """Go and prove who one is, and come back to the page, which is saved."""
    return redirect(f"{reverse('accounts:identity')}?{urlencode({'next': reverse(page, args=[draft.pk])})}")


def _named(request: HttpRequest) -> str:
    """Return the source that a button names (``again:marriage``)."""
    return request.POST["action"].partition(":")[2] or request.POST.get("source", "")


def _sheet(draft: Draft) -> list[SheetLine]:
    return sheet_of(draft, plan_of(draft), read_form(draft), translator_for(draft.matter_version_id))


def _back(draft: Draft, page: str, place: str) -> HttpResponse:
    response = redirect(page, draft.pk)
    response["Location"] += f"#{place}" if place else ""
    return response


# By what stands before the colon of ``action``. The page to come back to is named like its view.
Inquiring = Callable[[HttpRequest, Draft, str], HttpResponse]
ASKING: dict[str, Inquiring] = {
    "agree": _agree,
    "agree-all": _agree,
    "again": _again,
    "by-law": _by_law,
    "withdraw": _withdraw,
    "prove": _prove,
}
INQUIRING: dict[str, Inquiring] = {**ASKING, "commit": _commit, "uncommit": _commit, "reuse": _reuse}


def inquiring_for(request: HttpRequest, actions: dict[str, Inquiring]) -> Inquiring | None:
    """Return what ``action`` does about sources; None if it is about something else."""
    return actions.get(request.POST.get("action", "").partition(":")[0])
