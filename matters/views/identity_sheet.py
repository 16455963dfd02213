"""The sheet that somebody signs at the window (核验单): whose identity is checked, by which document, and what follows, as a tagged PDF."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.http import HttpResponse
from django.utils.translation import gettext as _

from matters.wording.values import moment_in_words
from portal.accounts.models import DocumentKind, IdentityCheck
from portal.lib.document_pages import printed
from portal.lib.documents import Document, Passage


def identity_sheet(
    typed: Mapping[str, str], original: str, does: str, *, office: str, officer: str, now: datetime
) -> Document:
    """Return the sheet of a check that is about to be made, with what the clerk typed from the original; nothing is kept of it."""
    asked = {
        "link": _("我请求核验我自己开通的账号。"),
        "merge": _("我请求把这个账号并入我已核验的账号，这个账号以后不再登录。"),
        "open": _("我请求核验身份，并为我开通账号。"),
        "none": _("我请求只核验身份，不开通账号。"),
    }[does]
    facts = [
        (_("姓名"), typed["name"]),
        (_("证件类型"), str(DocumentKind(typed["document_kind"]).label)),
        (_("证件号码"), typed["number"]),
        (_("看到的证件"), str(IdentityCheck.Seen(original).label)),
    ]
    if does != "none":
        facts.append((_("账号"), typed["username"]))
    facts += [(_("窗口"), office), (_("经办人"), officer), (_("时间"), moment_in_words(f"{now:%Y-%m-%dT%H:%M}"))]
    follows = _("别的账号填写过这个证件号码的，从此看不到以这个号码办的任何事。")
    signing = ((_("本人签名"), "\n\n"), (_("日期"), "\n"))
    return Document(
        _("身份核验单"),
        (
            Passage(facts=tuple(facts)),
            Passage(_("请求"), (asked, _("以上内容与我出示的证件原件一致。"), follows)),
            Passage(_("签名"), facts=signing),
        ),
    )


def sheet_response(sheet: Document) -> HttpResponse:
    """Return the sheet as PDF, to be printed and signed."""
    shown = {"digest": sheet.digest, "facts": (), "state": _("签名前请核对；有错的，请经办人改好再打印。")}
    response = HttpResponse(printed(sheet, shown), content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="identity-check.pdf"'
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
