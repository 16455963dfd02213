"""Documents of an application (文书): read before they are agreed to, and afterwards as they were agreed to."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from catalog.wording.translating import translator_for
from matters.cases.access import get_bundle_for, get_sub_item_for, open_document
from matters.cases.documents import documents_of
from matters.drafts.documents import COMMITMENT, Application, application_of
from matters.drafts.inquiring import SheetLine, sheet_of
from matters.models import Bundle, Channel, Draft, FiledDocument
from matters.views.apply_steps import account, now, open_step, record_window_reading, today
from matters.wording.documents import KINDS
from matters.wording.titles import title
from portal.lib.document_pages import document_response
from portal.lib.documents import digest_of
from portal.sharing.consents import with_replaced
from portal.sharing.documents import consent_document
from portal.sharing.models import SharingConsent

SHARING = "sharing"


@login_required
@never_cache
@require_GET
def draft_documents(request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
    """List the documents of an unfinished application: each can be read in full before anything is agreed to."""
    draft = open_step(request, draft_id)
    if isinstance(draft, HttpResponse):
        return draft
    application = application_of(draft, today(), now())
    record_window_reading(request, draft, ["documents"])
    names = application.names()
    groups = [(str(label), [each for each in names if each.kind == kind]) for kind, label in KINDS.items()]
    shared = [(f"{SHARING}:{line.source.code}", line) for line in _sheet(draft, application)]
    context = {"draft": draft, "groups": [group for group in groups if group[1]], "shared": shared}
    return render(request, "matters/apply/documents.html", context)


@login_required
@never_cache
@require_GET
def draft_document(request: HttpRequest, draft_id: uuid.UUID, name: str) -> HttpResponse:
    """Show one document of an unfinished application in full, as it would be agreed to now; ``?as=pdf`` and ``?as=txt``."""
    draft = open_step(request, draft_id)
    if isinstance(draft, HttpResponse):
        return draft
    application = application_of(draft, today(), now())
    back = {"back": reverse("matters:draft_documents", args=[draft.pk]), "back_label": _("申请文书")}
    if name.startswith(f"{SHARING}:"):
        lines = {f"{SHARING}:{line.source.code}": line for line in _sheet(draft, application) if not line.is_by_law}
        if name not in lines:
            raise Http404
        record_window_reading(request, draft, ["documents"])
        text = lines[name].text
        state = _("您同意以后才会查询；不同意也能办，上传材料就行。")
        if lines[name].consent is not None:
            state = _("您已经同意，可以随时撤回。")
        document = consent_document(lines[name].department, text)
        return document_response(request, document, text=text, digest=digest_of(text), state=state, context=back)
    named = next((each for each in application.names() if each.name == name), None)
    if named is None:
        raise Http404
    record_window_reading(request, draft, ["documents"])
    state = _("还没有提交。内容改了，这份文书跟着改；提交时的原文会保存下来。")
    if named.kind == COMMITMENT and named.key in application.document.commitments:
        state = _("您已作出这份承诺，提交前可以收回。")
    return document_response(request, application.compose(named), state=state, context=back)


@login_required
@never_cache
@require_GET
def bundle_documents(request: HttpRequest, number: str) -> HttpResponse:
    """List what was agreed to when an application was filed, and what was made of its form."""
    found = get_bundle_for(request.user, number)
    rows = [(row, row.document.title) for row in documents_of(found)]
    groups = [(str(label), [pair for pair in rows if pair[0].kind == kind]) for kind, label in KINDS.items()]
    consents = with_replaced(SharingConsent.objects.filter(case=found.idempotency_key))
    context = {
        "bundle": found,
        "name": title(found),
        "groups": [group for group in groups if group[1]],
        "consents": consents.select_related("source__department").order_by("given_at"),
    }
    return render(request, "matters/track/documents.html", context)


@login_required
@never_cache
@require_GET
def bundle_document(request: HttpRequest, number: str, document: uuid.UUID) -> HttpResponse:
    """Show one's own document as it was agreed to, with its digest; ``?as=pdf`` and ``?as=txt``."""
    found = get_bundle_for(request.user, number)
    row = get_object_or_404(FiledDocument, pk=document, bundle=found)
    back = {"back": reverse("matters:bundle_documents", args=[number]), "back_label": _("申请文书")}
    return _kept(request, found, row, back)


@login_required
@never_cache
@require_GET
def case_document(request: HttpRequest, number: str, document: uuid.UUID) -> HttpResponse:
    """Show a department the very document that the applicant agreed to; the reading leaves a line."""
    sub_item = get_sub_item_for(request.user, number, "review", "accept")
    row = open_document(account(request), sub_item, document)
    back = {"back": reverse("matters:case", args=[number]), "back_label": number}
    return _kept(request, sub_item.bundle, row, back)


def _kept(request: HttpRequest, bundle: Bundle, row: FiledDocument, back: dict[str, Any]) -> HttpResponse:
    agreed = date_format(timezone.localtime(row.agreed_at), "Y-m-d H:i:s")
    how = _("由窗口代为录入")
    if bundle.entered_by_id == bundle.applicant.user_id:
        how = _("由申请人在网上确认")
    elif bundle.mandate is not None and bundle.channel == Channel.ONLINE:
        words = {"name": bundle.mandate.agent_name, "number": bundle.mandate.number}
        how = _("由代办人%(name)s在网上确认（授权编号 %(number)s）") % words
    facts = ((_("办件编号"), bundle.number), (_("确认时间"), agreed), (_("确认方式"), how))
    state = _("这是提交时保存的原文，没有改动过。")
    if bundle.form_revision > 1 and row.kind in {FiledDocument.Kind.FORM, FiledDocument.Kind.GENERATED}:
        state = _("这是提交时保存的原文。提交以后补正过，现在的内容以办件为准。")
    return document_response(request, row.document, digest=row.sha256, facts=facts, state=state, context=back)


def _sheet(draft: Draft, application: Application) -> list[SheetLine]:
    translate = translator_for(draft.matter_version_id)
    return sheet_of(draft, application.plan, application.document, translate)
