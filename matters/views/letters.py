"""Official documents (文书) on the page and as the sealed file: for the applicant, and for the department that issued them."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from matters.cases.access import get_bundle_for, get_sub_item_for
from matters.cases.official import letter_of, open_letter_as_department
from matters.dispatching.rendering_letters import request_file, wait_for_file
from matters.models import OfficialDocument
from matters.tracking.opening import open_letter
from matters.views.apply_steps import account
from matters.wording.titles import title
from matters.wording.uploads import DAMAGED
from portal.lib.kept_files import FileDamaged, open_unchanged


@login_required
@never_cache
@require_GET
def bundle_letter(request: HttpRequest, number: str, letter: uuid.UUID) -> HttpResponseBase:
    """Open one's own document; the first time is recorded as its delivery. ``?as=pdf``: the sealed file."""
    found = get_bundle_for(request.user, number)
    row = letter_of(found, letter)
    open_letter(account(request), found, row)
    return _shown(request, row, back=reverse("matters:bundle", args=[number]), back_label=title(found))


@login_required
@never_cache
@require_GET
def case_letter(request: HttpRequest, number: str, letter: uuid.UUID) -> HttpResponseBase:
    """Show a department a document of its own case; the reading leaves a line and delivers nothing."""
    sub_item = get_sub_item_for(request.user, number, "review", "accept")
    row = open_letter_as_department(account(request), sub_item, letter)
    return _shown(request, row, back=reverse("matters:case", args=[number]), back_label=number)


def _shown(request: HttpRequest, row: OfficialDocument, **context: Any) -> HttpResponseBase:
    request_file(row)
    if request.GET.get("as") == "pdf":
        return _file(wait_for_file(row))
    letter = row.letter
    return render(request, "matters/letter.html", {"row": row, "letter": letter, **context})


def _file(row: OfficialDocument) -> HttpResponseBase:
    """Return the sealed file so that nothing in it can act; a sentence (409) while it is being made, or where it is damaged."""
    if row.rendered_at is None:
        if row.set_aside:
            return _told(_("这份文书的文件没有做成，工作人员正在处理。文书的内容已经可以在页面上看到。"))
        answer = _told(_("这份文书正在盖章，过几秒钟就会打开。"))
        answer["Refresh"] = "3"
        return answer
    try:
        file = open_unchanged(row.file, row.file_sha256)
    except FileDamaged as damaged:
        return _told(DAMAGED[damaged.reason])
    response = FileResponse(file, filename=f"{row.number}.pdf", content_type="application/pdf")
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response


def _told(sentence: str | Promise) -> HttpResponse:
    response = HttpResponse(str(sentence), status=409, content_type="text/plain; charset=utf-8")
    response["Cache-Control"] = "private, no-store"
    return response
