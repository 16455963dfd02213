"""Who has read about me (谁看过我的信息)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Person
from portal.identifiers.masking import mask_name
from portal.ledger.access import readings_of
from portal.ledger.models import AccessRecord

_PURPOSES: dict[str, str | Promise] = {
    "console": _("后台核对登记信息"),
    "counter": _("窗口核对身份"),
    "counter_draft": _("窗口代为填写申请"),
    "organisation_dossier": _("部门查看本部门为单位办的件"),
    "dispute": _("核对您提出的更正请求"),
}


@dataclass(frozen=True, slots=True)
class Reading:
    """One line of the list, ready to be shown. ``fields``: how many pieces of information were seen."""

    id: int
    at: datetime
    reader: str
    department: str
    purpose: str
    about: str
    link: str
    fields: int


def readings_about(person: Person, *, before: int | None = None, limit: int = 50) -> list[Reading]:
    """Return the newest readings of what is kept about a person, at most `limit`; `before` is the id to go on from.

    Gathers what each function of ``YIJIAN_DOSSIERS`` finds: they take (person, before, limit) and return `Reading`s, so
    that the floors above say in their own words what was read. A person's own readings are left out.
    """
    found: list[Reading] = []
    for dotted in settings.YIJIAN_DOSSIERS:
        found += import_string(dotted)(person, before, limit)
    return sorted(found, key=lambda reading: -reading.id)[:limit]


def own_readings(person: Person, before: int | None, limit: int) -> list[Reading]:
    """Return who has read the person's own entry in no department's name; the floor that knows departments names the others."""
    records = readings_of([person.id], before).exclude(reader_id=person.user_id or 0).filter(department="")[:limit]
    return [entry_reading(record) for record in records]


def entry_reading(record: AccessRecord, department: str = "") -> Reading:
    """Return a reading of a person's entry, or of what a window fills in for them, as a line to show."""
    about = _("窗口代办的申请") if record.purpose == "counter_draft" else _("我的登记信息")
    return as_reading(record, purpose=_PURPOSES.get(record.purpose, record.purpose), about=about, department=department)


def entry_purpose(purpose: str) -> str:
    """Return why a person's entry was read, in words."""
    return str(_PURPOSES.get(purpose, purpose))


def as_reading(
    record: AccessRecord,
    *,
    purpose: str | Promise,
    about: str | Promise,
    link: str = "",
    department: str = "",
) -> Reading:
    """Return a record as a line to show, with the reader's name masked."""
    return Reading(
        id=record.pk,
        at=record.at,
        reader=mask_name(str(record.reader)),
        department=department or record.department,
        purpose=f"{purpose}（{record.note}）" if record.note else str(purpose),
        about=str(about),
        link=link,
        fields=len(record.fields),
    )
