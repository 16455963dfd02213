"""Who has read about a person in their bundles (谁看过我的信息)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache, partial

from django.urls import reverse
from django.utils.translation import gettext as _

from catalog.versions.matters import compiled
from catalog.versions.names import department_names
from catalog.wording.translating import translate, translator_for
from matters.models import Bundle, Channel
from matters.wording.states import purpose_label
from matters.wording.titles import title
from portal.accounts.models import Person
from portal.accounts.own_file.dossier import Reading, as_reading, entry_purpose, entry_reading
from portal.accounts.own_file.parts import FileSubject
from portal.accounts.own_file.reading_groups import ReadSubject
from portal.ledger.access import readings_of


def readings_of_bundles(person: Person, before: int | None, limit: int) -> list[Reading]:
    """Return the newest readings of a person's bundles, at most `limit`, those before the record `before`. Two queries, and two for a window's name."""
    bundles = {
        bundle.id: bundle
        for bundle in Bundle.objects.filter(applicant=person, organisation=None)
        .select_related("matter_version__matter")
        .defer("form_sealed", "matter_version__content")
    }
    if not bundles:
        return []
    records = readings_of(bundles, before).exclude(reader_id=person.user_id or 0)[:limit]
    elsewhere = cache(department_names)  # asked once for all lines, and only where a window has read
    return [
        as_reading(
            record,
            purpose=purpose_label(record.purpose),
            about=_about(bundles[record.subject]),
            link=reverse("matters:bundle", args=[bundles[record.subject].number]),
            department=_department(bundles[record.subject], record.department, elsewhere),
        )
        for record in records
    ]


def readings_at_windows(person: Person, before: int | None, limit: int) -> list[Reading]:
    """Return who has read the person's entry or unfinished applications at a window, with the window's name. Two queries."""
    records = readings_of([person.id], before).exclude(reader_id=person.user_id or 0).exclude(department="")[:limit]
    names = department_names() if records else {}
    return [entry_reading(record, translate(names.get(record.department, ""))) for record in records]


def entry_read(subject: FileSubject) -> Iterable[ReadSubject]:
    """Return the person's own entry, and what a window fills in for them, as what is read; or an organisation's, whose facts its people
    dispute. Two queries for names where it was.
    """
    names = cache(department_names)
    if subject.organisation is not None:
        about, entry = _("单位的登记信息和更正请求"), subject.organisation.pk
        yield ReadSubject(
            entry, about, "", entry_purpose, lambda code: translate(names().get(code, code)) if code else ""
        )
        return
    yield ReadSubject(
        subject.person.id,
        _("我的登记信息和窗口代填的申请"),
        "",
        entry_purpose,
        lambda code: translate(names().get(code, code)) if code else "",
    )


def bundles_read(subject: FileSubject) -> Iterable[ReadSubject]:
    """Return a person's, or an organisation's, bundles as what is read of them. One query, and two for names where a window read."""
    elsewhere = cache(department_names)
    bundles = Bundle.objects.filter(organisation=subject.organisation)
    if subject.organisation is None:
        bundles = bundles.filter(applicant=subject.person)
    if subject.organisation is None and not subject.person.is_proved:  # as ``of_applicant`` has it
        bundles = bundles.exclude(channel=Channel.COUNTER)
    for bundle in bundles.select_related("matter_version__matter").defer("form_sealed", "matter_version__content"):
        yield ReadSubject(
            bundle.id,
            _about(bundle),
            reverse("matters:bundle_readings", args=[bundle.number]),
            purpose_label,
            partial(_department, bundle, elsewhere=elsewhere),
        )


def _department(bundle: Bundle, code: str, elsewhere: Callable[[], Mapping[str, str]]) -> str:
    """Return the name of a department as the case's version has it; of one that takes no part in it (a window's), as published elsewhere."""
    told = compiled(bundle.matter_version_id).departments.get(code)
    if told is not None:
        return translator_for(bundle.matter_version_id)(told["name"])
    return translate(elsewhere().get(code, "")) if code else ""


def _about(bundle: Bundle) -> str:
    return f"{title(bundle)} {bundle.number}"
