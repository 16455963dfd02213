"""A person's certificates as part of their file (我的档案)."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.wording.translating import translate
from certificates.activities.library import certificates_of, certificates_of_organisation
from certificates.wording import VERDICTS
from portal.accounts.organisations.principals import principal_of
from portal.accounts.own_file.parts import FileLine, FilePart, FileSubject


def certificates(subject: FileSubject) -> FilePart | None:
    """The certificates that are the person's own or that they applied for, the latest first; or the organisation's. One query."""
    handler = principal_of(subject.person.user).handler
    if subject.organisation is not None and handler is None:
        return None
    found = certificates_of(subject.person) if handler is None else certificates_of_organisation(handler)
    today = timezone.localdate()
    lines = []
    for each in found[: subject.limit]:
        said = VERDICTS[each.verdict(today)]
        lines.append(
            FileLine(
                translate(each.type_name),
                value=each.serial,
                source=translate(each.issuer_name),
                at=each.issued_at,
                link=each.get_absolute_url(),
                state=str(said.word),
                tone=said.tag,
                note=""
                if getattr(each, "is_own", True)
                else _("由您申请，持证人：%(name)s") % {"name": each.holder_name},
                reference=f"certificate:{each.identifier}",
                owner=each.issuer_id,
                fact=f"certificate:{each.identifier}",
            )
        )
    return FilePart(
        key="certificates",
        title=_("单位的证照") if handler is not None else _("我的证照"),
        lead="",
        empty=_("还没有电子证照。"),
        lines=lines,
        more=(reverse("certificates:library"), _("全部证照")),
    )
