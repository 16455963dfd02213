"""Recording one's children: the register that keeps households is asked, with consent, whose parent somebody is in its record of them.

Only one's own record is asked for; whom it names as one's child is a person of the register's word (level 1). Until the child is of age the
parent acts for it (Civil Code art. 27); until it is 14 the parent also consents to what is done with its data (PIPL art. 31).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts.mandates.activities import MandateConflict, is_dead, last_day_as_child, record_parent
from portal.accounts.models import DocumentKind, IdentityCheck, Mandate, Person, User
from portal.accounts.people import PersonConflict, document_number, register_person
from portal.identifiers.document_numbers import resident_facts
from portal.identifiers.normalising import InvalidIdentifier, normalise_document
from portal.lib.uuid7 import uuid7
from portal.sharing.consents import give_consent
from portal.sharing.core.inquiry import DataSubject
from portal.sharing.fetching import ask, write_fetches
from portal.sharing.models import DataSource, FetchOutcome, Provision
from portal.sharing.organisations import EnterpriseRegister, NotOpened, find_register

# What grants name where others name an item.
ITEM: Final = "parent_and_child"
# An answer holds no lists of records: so many children are asked for, further ones are recorded at a window.
MOST: Final = 3
PATHS: Final = {
    f"own_child_{place + 1}.{what}": f"children.{place}.{what}" for place in range(MOST) for what in ("name", "number")
}
ASKED: Final = tuple(PATHS)
LABELS: Final = {"name": gettext_lazy("子女姓名"), "number": gettext_lazy("子女证件号码")}


@dataclass(frozen=True, slots=True)
class Recorded:
    """What came of asking. ``mandates``: of children for whom the parent acts; ``differs``: how many are known here under another name."""

    mandates: list[Mandate]
    differs: int = 0


def label_of(asked: str) -> str:
    """Return what an answer about one's children is called, by ``element:code``; empty for any other."""
    return str(LABELS[asked.rpartition(".")[2]]) if asked.partition(":")[2] in PATHS else ""


def register() -> EnterpriseRegister | None:
    """Return the register that may be asked; None where there is none. One query."""
    return find_register(ITEM, Provision.About.PERSON, ASKED)


def words(source: DataSource) -> str:
    """Return what the person agrees to."""
    return _(
        "我同意向%(department)s查询登记在我名下的子女的姓名和证件号码，只用于核对我是不是他们的父母，由我代未满 18 周岁的孩子办事。"
    ) % {"department": source.department.name}


def record_children(person: Person, by: User) -> Recorded:
    """Ask the register about somebody's own record, and record them as parent of the children under age that it names.

    The question, whatever is answered, stays as a row. Raises `NotOpened`: ``not_proved``, ``dead``, ``no_source``, ``away``, ``not_found`` (no child
    under age with a number of its own).
    """
    if not person.is_proved:
        raise NotOpened("not_proved")
    if is_dead(person):
        raise NotOpened("dead")
    found = register()
    if found is None:
        raise NotOpened("no_source")
    subject = DataSubject(person.document_kind, document_number(person), person.name)
    consent = give_consent(
        person=person,
        case=uuid7(),
        source=found.source,
        asked=[each.asked for each in found.wanted],
        subjects=[subject],
        items=[ITEM],
        text=words(found.source),
        by=by,
    )
    fetch = ask(consent, subject, found.wanted, "登记父母和子女")
    write_fetches([fetch])
    if fetch.outcome != FetchOutcome.FOUND:
        raise NotOpened("not_found" if fetch.outcome == FetchOutcome.NOT_FOUND else "away")
    made, differs = [], 0
    for name, number, born in _children(fetch.answer["elements"]):
        try:
            with transaction.atomic():
                child = register_person(
                    name=name,
                    document_kind=DocumentKind.RESIDENT_ID,
                    number=number,
                    method=IdentityCheck.Method.REGISTER,
                    reference=f"fetch:{fetch.pk}",
                )
                made.append(record_parent(child, person, fetch.pk, born=born))
        except PersonConflict:
            differs += 1
        except MandateConflict:  # known as dead
            continue
    if not made and not differs:
        raise NotOpened("not_found")
    return Recorded(made, differs)


def _children(told: dict[str, Any]) -> list[tuple[str, str, date]]:
    """Return name, number and day of birth of the children under age; who has no number yet is not among them."""
    found, today = [], timezone.localdate()
    for place in range(1, MOST + 1):
        name, number = told.get(f"own_child_{place}.name"), told.get(f"own_child_{place}.number")
        try:
            number = normalise_document(DocumentKind.RESIDENT_ID, str(number or ""), today)
        except InvalidIdentifier:
            continue
        born = resident_facts(number).birth_date
        if name and last_day_as_child(born) >= today:
            found.append((str(name), number, born))
    return found
