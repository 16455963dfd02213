"""Who has read a person's certificates (谁看过我的信息)."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalog.versions.names import department_names
from catalog.wording.translating import translate
from certificates.activities.library import visible_to, visible_to_organisation
from portal.accounts.models import Person
from portal.accounts.own_file.dossier import Reading, as_reading
from portal.accounts.own_file.parts import FileSubject
from portal.accounts.own_file.reading_groups import ReadSubject
from portal.ledger.access import readings_of

USED = "certificate_used"  # opened in an application in which it stood in for a paper
PURPOSES: dict[str, str | Promise] = {
    USED: _("办理申请时调用证照，代替纸质材料"),
    "certificate_shown": _("持证人当面出示，凭码查看"),
    "certificate_console": _("签发部门查看证照"),
    "inspection": _("效能监察抽查"),
    "certificate_file": _("签发部门打开证照文件"),
}


def readings_of_certificates(person: Person, before: int | None, limit: int) -> list[Reading]:
    """Return the newest readings of a person's certificates, at most `limit`, those before the record `before`. Two queries.

    The department that issued one, and who supervises it, open it from the console; a department in whose case it stood in for a paper, there.
    """
    found = visible_to(person).defer("face_sealed")
    certificates = {certificate.pk: certificate for certificate in found}
    if not certificates:
        return []
    return [
        as_reading(
            record,
            purpose=PURPOSES.get(record.purpose, record.purpose),
            about=translate(certificates[record.subject].type_name),
            link=certificates[record.subject].get_absolute_url(),
            department=translate(certificates[record.subject].issuer_name if record.department else ""),
        )
        for record in readings_of(certificates, before).exclude(reader_id=person.user_id or 0)[:limit]
    ]


def certificates_read(subject: FileSubject) -> Iterable[ReadSubject]:
    """Return a person's, or an organisation's, certificates as what is read of them. One query, and two for names where one was read."""
    names = cache(department_names)
    organisation = subject.organisation
    found = visible_to(subject.person) if organisation is None else visible_to_organisation(organisation)
    for certificate in found.only("type_name"):
        yield ReadSubject(
            certificate.pk,
            translate(certificate.type_name),
            certificate.get_absolute_url(),
            lambda purpose: str(PURPOSES.get(purpose, purpose)),
            lambda code: translate(names().get(code, code)) if code else "",
        )
