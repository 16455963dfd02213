"""The third step's other half: letting sources be asked instead of handing papers in, and committing to what a paper would prove."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.wording.papers import paper_name
from catalog.wording.translating import translator_for
from matters.drafts.documents import commitment_document
from matters.drafts.inquiring import SheetLine, agree, have_asked, sheet_of, withdraw
from matters.drafts.satisfying import Kind
from matters.drafts.saving import plan_of, read_form, save_commitment
from matters.form_page.fields import html_id
from matters.models import Draft
from matters.views.apply_steps import account, now, today
from matters.wording.refusals import Refusal
from matters.wording.substitutes import commitment_words


def _agree(request: HttpRequest, draft: Draft) -> HttpResponse:
    chosen = set(request.POST.getlist("source"))
    everything = request.POST["action"] == "agree-all"
    lines = [line for line in _sheet(draft) if line.consent is None and (everything or line.source.code in chosen)]
    if agree(draft, lines, account(request)):
        messages.success(request, _("已记下您的同意，正在查询。查到的材料不用交。"))
    else:
        messages.info(request, _("没有选择要查询的部门。"))
    return _back(draft, "inquiries")


def _again(request: HttpRequest, draft: Draft) -> HttpResponse:
    lines = [line for line in _sheet(draft) if line.consent and line.source.code == request.POST.get("source")]
    have_asked(draft, lines)
    return _back(draft, "inquiries")


def _withdraw(request: HttpRequest, draft: Draft) -> HttpResponse:
    lines = [line for line in _sheet(draft) if line.consent and line.source.code == request.POST.get("source")]
    count = withdraw(draft, lines)
    if count:
        said = ngettext(
            "已撤回同意，不再使用查到的内容。相应的材料请上传。",
            "已撤回同意，不再使用查到的内容。相应的材料请上传。",
            count,
        )
        messages.success(request, said)
    return _back(draft, "inquiries")


def _commit(request: HttpRequest, draft: Draft) -> HttpResponse:
    key = request.POST.get("material", "")
    plan = plan_of(draft)
    paper = next((each for each in plan.materials_for(read_form(draft).values) if each.key == key), None)
    if paper is None or not any(way.kind == Kind.COMMITMENT for way in paper.alternatives):
        messages.info(request, _("这项材料现在不能用承诺代替。"))
        return _back(draft, "")
    is_given = request.POST["action"] == "commit" and bool(request.POST.get("agreed"))
    if request.POST["action"] == "commit" and not is_given:
        messages.warning(request, _("请先勾选承诺，再确认。"))
        return _back(draft, html_id(key))
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
    return _back(draft, html_id(key))


def _sheet(draft: Draft) -> list[SheetLine]:
    plan, values = plan_of(draft), read_form(draft).values
    return sheet_of(draft, plan, plan.materials_for(values), values, translator_for(draft.matter_version_id))


def _back(draft: Draft, place: str) -> HttpResponse:
    return redirect(reverse("matters:materials", args=[draft.pk]) + (f"#{place}" if place else ""))


INQUIRING: dict[str, Callable[[HttpRequest, Draft], HttpResponse]] = {
    "agree": _agree,
    "agree-all": _agree,
    "again": _again,
    "withdraw": _withdraw,
    "commit": _commit,
    "uncommit": _commit,
}
