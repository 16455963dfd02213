"""我的档案: what is kept about a person or an organisation, part by part, each line with its source and its day.

This floor knows accounts; the floors above add their parts by name (``YIJIAN_DOSSIER_PARTS``). A part says only what its rows prove, is
bounded, and asks a fixed number of queries.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from portal.accounts.models import IdentityCheck, Mandate, Organisation, Person, User
from portal.accounts.people import document_number
from portal.identifiers.masking import mask_document, mask_phone

# How many lines of a part stand on the page; its own page has the others.
LINES = 20


@dataclass(frozen=True, slots=True)
class FileSubject:
    """Whose file it is: a person's, or an organisation's that the person acts for. ``limit``: how many lines a part may have.

    ``is_whole``: all of it is theirs to read; of an organisation's it is for its legal representative and its administrators.
    """

    person: Person
    organisation: Organisation | None = None
    limit: int = LINES
    is_whole: bool = True


@dataclass(frozen=True, slots=True)
class FileAct:
    """Something that can be done with a line: a form that posts ``sent`` to ``address``, or a link where nothing is sent."""

    label: str
    address: str
    sent: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class FileLine:
    """One fact, paper, certificate or consent. ``source``: whose word it is; ``at``: since when, or as of which day.

    ``state`` and ``tone``: a word about it and the class of its mark; ``note``: a sentence below; ``reference``: the row it rests on.
    ``owner``: the id of the department that can correct it, and ``fact`` the name by which it is asked to.
    """

    label: str
    value: str = ""
    source: str = ""
    at: date | datetime | None = None
    link: str = ""
    state: str = ""
    tone: str = "n"
    note: str = ""
    acts: tuple[FileAct, ...] = ()
    reference: str = ""
    owner: int = 0
    fact: str = ""


@dataclass(frozen=True, slots=True)
class FilePart:
    """A part of the file. ``lead``: what is in it; ``empty``: what to say where nothing is; ``more``: (address, label) of its own page."""

    key: str
    title: str
    lead: str
    empty: str
    lines: list[FileLine] = field(default_factory=list)
    more: tuple[str, str] | None = None


def person_for_file(user: User) -> Person | None:
    """Return an account's person with what stands beside it in the file: its latest check, its organisations, and
    whether there are mandates. One query.
    """
    checks = IdentityCheck.objects.filter(person=OuterRef("pk")).order_by("-level", "-at")
    owned = Organisation.objects.filter(legal_representative=OuterRef("pk")).order_by("name")[:LINES]
    told = Person.objects.filter(user=user).annotate(
        told_check=Subquery(checks.values(told=JSONObject(id="pk", method="method", at="at"))[:1]),
        told_mandates=Exists(Mandate.objects.filter(Q(principal=OuterRef("pk")) | Q(agent=OuterRef("pk")))),
        told_organisations=ArraySubquery(owned.values(told=JSONObject(id="pk", name="name", code="credit_code"))),
    )
    return told.first()


def _check_of(person: Person) -> IdentityCheck | None:
    """Return the row on which the person's level rests. No query where `person_for_file` has looked."""
    if not hasattr(person, "told_check"):
        return person.checks.order_by("-level", "-at").first()
    told = person.told_check
    if told is None:
        return None
    return IdentityCheck(pk=told["id"], method=told["method"], at=datetime.fromisoformat(told["at"]))


def _owned_by(person: Person, limit: int) -> list[Organisation]:
    """Return the organisations that a person represents. No query where `person_for_file` has looked."""
    if hasattr(person, "told_organisations") and limit <= LINES:
        return [
            Organisation(pk=each["id"], name=each["name"], credit_code=each["code"])
            for each in person.told_organisations
        ]
    return list(Organisation.objects.filter(legal_representative=person).order_by("name")[:limit])


def file_of(subject: FileSubject) -> list[FilePart]:
    """Return the parts of a file, in the order of ``YIJIAN_DOSSIER_PARTS``; what has no part for this kind of subject is left out."""
    makers: list[Callable[[FileSubject], FilePart | None]] = [
        import_string(name) for name in settings.YIJIAN_DOSSIER_PARTS
    ]
    parts = [part for part in (make(subject) for make in makers) if part is not None]
    marked: list[FilePart] = import_string(settings.YIJIAN_DOSSIER_MARKS)(subject, parts)
    return marked


def registered(subject: FileSubject) -> FilePart | None:
    """What the account says of the person, and whether anybody has checked it. At most one query."""
    person = subject.person
    if subject.organisation is not None:
        return _entered(subject.organisation)
    check = _check_of(person) if person.is_proved else None
    source, at = _("您自己填写，没有核验过"), person.created_at
    if check is not None:
        source, at = check.get_method_display(), check.at
    state, tone = (_("已核验"), "ok") if check is not None else ("", "n")
    reference = f"identity_check:{check.pk}" if check is not None else f"person:{person.pk}"
    lines = [
        FileLine(_("姓名"), person.name, source, at, state=state, tone=tone, reference=reference),
        FileLine(
            str(person.get_document_kind_display()),
            mask_document(document_number(person)),
            source,
            at,
            state=state,
            tone=tone,
            reference=reference,
        ),
    ]
    if person.phone:
        profile = reverse("accounts:profile")
        change = (FileAct(_("更改"), profile),)
        lines.append(
            FileLine(
                _("手机号"), mask_phone(person.phone), _("您自己填写"), acts=change, reference=f"person:{person.pk}"
            )
        )
    return FilePart(
        key="registered",
        title=_("登记信息"),
        lead=_("姓名和证件有错的，请带证件原件到综合窗口更正。"),
        empty="",
        lines=lines,
    )


def _entered(organisation: Organisation) -> FilePart:
    """What an organisation is, and on which row it rests. One query."""
    check = organisation.checks.order_by("-at").first()
    source, at, reference = "", None, ""
    if check is not None:
        source, at, reference = check.get_source_display(), check.at, f"organisation_check:{check.pk}"
    told = {
        _("名称"): organisation.name,
        _("统一社会信用代码"): organisation.credit_code,
        _("类型"): str(organisation.get_kind_display()),
    }
    return FilePart(
        key="registered",
        title=_("登记信息"),
        lead="",
        empty="",
        lines=[FileLine(label, value, source, at, reference=reference) for label, value in told.items()],
        more=(reverse("accounts:organisation"), _("查看人员")),
    )


def organisations(subject: FileSubject) -> FilePart | None:
    """For which organisations a person is registered as legal representative. At most one query."""
    if subject.organisation is not None:
        return None
    lines = [
        FileLine(each.name, each.credit_code, _("法定代表人登记"), reference=f"organisation:{each.pk}")
        for each in _owned_by(subject.person, subject.limit)
    ]
    return FilePart(
        key="organisations",
        title=_("我的企业"),
        lead=_("登记您为法定代表人的企业。"),
        empty=_("没有登记在您名下的企业。"),
        lines=lines,
    )
