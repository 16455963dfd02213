"""Opening an organisation's account online: its register is asked, with consent, whether whoever asks is its legal representative."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.mandates.activities import is_dead
from portal.accounts.models import Organisation, OrganisationCheck, Person, User
from portal.accounts.organisations.activities import Evidence, kinds_of, register_organisation
from portal.accounts.people import same_document
from portal.identifiers.normalising import InvalidIdentifier
from portal.lib.uuid7 import uuid7
from portal.sharing.consents import give_consent
from portal.sharing.core.inquiry import DataSubject, Wanted
from portal.sharing.fetching import ask, write_fetches
from portal.sharing.models import DataSource, FetchOutcome, Grant, Provision

# What grants name where others name an item.
ITEM: Final = "organisation_account"
NAME, CODE, KIND, STATUS = "company.name", "company.credit_code", "company.kind", "company.status"
LEGAL_NAME = "representative.person.name"
LEGAL_KIND = "representative.person.id_kind"
LEGAL_NUMBER = "representative.person.id_number"
ASKED: Final = (NAME, CODE, KIND, STATUS, LEGAL_NAME, LEGAL_KIND, LEGAL_NUMBER)
# How registers say that a body is no more.
ENDED: Final = ("注销", "吊销", "撤销")


class NotOpened(Exception):
    """No account is opened. ``code``: ``not_proved``, ``dead``, ``no_source``, ``away``, ``not_found``, ``ended``, ``differs`` (kind or code), ``other_person``."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class EnterpriseRegister:
    """The register that may be asked, and where it keeps what is asked."""

    source: DataSource
    wanted: tuple[Wanted, ...]


def register() -> EnterpriseRegister | None:
    """Return the most certain open register that supplies all of it and was granted it; None where there is none. One query."""
    return find_register(ITEM, Provision.About.ORGANISATION, ASKED)


def find_register(item: str, about: str, asked: Collection[str]) -> EnterpriseRegister | None:
    """Return the most certain open source that supplies all of these elements and was let supply them for `item`. One query."""
    rows = Provision.objects.filter(
        kind=Provision.Kind.ELEMENT,
        about=about,
        code__in=asked,
        source__is_open=True,
        grants__item=item,
        grants__state=Grant.State.GRANTED,
    ).select_related("source__department")
    found: dict[int, list[Provision]] = {}
    for row in rows.order_by("-source__certainty", "source__code"):
        found.setdefault(row.source_id, []).append(row)
    for provisions in found.values():
        if {row.code for row in provisions} == set(asked):
            wanted = tuple(Wanted(row.asked, row.path or row.code) for row in provisions)
            return EnterpriseRegister(provisions[0].source, wanted)
    return None


def words(source: DataSource, name: str, code: str) -> str:
    """Return what the person agrees to."""
    return _(
        "我同意向%(department)s查询“%(name)s”（%(code)s）的名称、类型、登记状态和法定代表人，只用于核对我是不是它的法定代表人（负责人）。"
    ) % {"department": source.department.name, "name": name, "code": code}


def open_organisation(person: Person, by: User, *, name: str, code: str) -> Organisation:
    """Ask the register about an organisation, and enter it where the person is its legal representative there.

    The question, whatever is answered, stays as a row. Raises `NotOpened`.
    """
    if not person.is_proved:
        raise NotOpened("not_proved")
    if is_dead(person):
        raise NotOpened("dead")
    found = register()
    if found is None:
        raise NotOpened("no_source")
    subject = DataSubject("credit_code", code, name)
    consent = give_consent(
        person=person,
        case=uuid7(),
        source=found.source,
        asked=[each.asked for each in found.wanted],
        subjects=[subject],
        items=[ITEM],
        text=words(found.source, name, code),
        by=by,
    )
    fetch = ask(consent, subject, found.wanted, "登记单位账户")
    write_fetches([fetch])
    if fetch.outcome != FetchOutcome.FOUND:
        raise NotOpened("not_found" if fetch.outcome == FetchOutcome.NOT_FOUND else "away")
    told: dict[str, Any] = fetch.answer["elements"]
    if told.get(CODE, code) != code or not told.get(NAME):
        raise NotOpened("differs")
    if any(word in str(told.get(STATUS, "")) for word in ENDED):
        raise NotOpened("ended")
    if not _is_legal_representative(person, told):
        raise NotOpened("other_person")
    with transaction.atomic():
        return register_organisation(
            name=str(told[NAME]),
            code=code,
            kind=_kind(code, str(told.get(KIND, ""))),
            legal_representative=person,
            evidence=Evidence(OrganisationCheck.Source.REGISTER, fetch=fetch.pk),
            by=by,
        )


def _is_legal_representative(person: Person, told: dict[str, Any]) -> bool:
    if told.get(LEGAL_NAME) != person.name:
        return False
    try:
        return same_document(person, str(told.get(LEGAL_KIND)), str(told.get(LEGAL_NUMBER)))
    except InvalidIdentifier:
        return False


def _kind(code: str, told: str) -> str:
    """Return what a body is by its code and by what its register calls it. Raises `NotOpened` ``differs`` where they contradict."""
    possible = kinds_of(code)
    kinds = Organisation.Kind
    said = next(
        (
            kind
            for word, kind in (
                ("个体工商户", kinds.SOLE_TRADER),
                ("农民专业合作社", kinds.COOPERATIVE),
                ("外国", kinds.FOREIGN),
                ("分公司", kinds.BRANCH),
                ("分支机构", kinds.BRANCH),
                ("公司", kinds.COMPANY),
                ("企业", kinds.COMPANY),
            )
            if word in told
        ),
        possible[0],
    )
    if said not in possible:
        raise NotOpened("differs")
    return said
