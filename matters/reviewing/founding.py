"""A result that founds an organisation enters it, and whoever applied may act for it where the form names them its representative."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from catalog.definitions import ResultDefinition
from catalog.merging.planned import PlannedItem
from certificates.activities.issuing import HolderFacts
from matters.models import Decision
from matters.wording.refusals import CannotIssue, OutputsInvalid
from portal.accounts.models import DocumentKind, OrganisationCheck, Person
from portal.accounts.organisations.activities import Evidence, OrganisationConflict, named_as, register_organisation
from portal.accounts.people import document_index_of, same_document
from portal.identifiers.normalising import InvalidIdentifier
from portal.notices.inbox import send_messages
from portal.notices.models import Message

FOUNDED = OrganisationCheck.Source.FOUNDED


def found_organisation(
    decision: Decision, result: ResultDefinition, planned: PlannedItem, values: Mapping[str, Any], holder: HolderFacts
) -> None:
    """Enter the organisation that a result founds, in the caller's transaction; once for a decision, however often it is called.

    ``values``: the form with what was decided. Nobody acts for it where its representative did not apply, or was never proved: whom the form
    names, and nobody else, claims it once they are proved, or at a window; its register says otherwise alone. Raises `CannotIssue`; `OutputsInvalid` where its credit code is another organisation's.
    """
    sub_item = decision.sub_item
    if OrganisationCheck.objects.filter(source=FOUNDED, reference=sub_item.number).exists():
        return
    person = _representative(sub_item.bundle.applicant, result.founds, planned, values)
    named = _named(result.founds, planned, values)
    try:
        organisation = register_organisation(
            name=holder.name,
            code=holder.number,
            legal_representative=person,
            evidence=Evidence(FOUNDED, reference=sub_item.number, named_index=named),
            by=decision.decided_by,
        )
    except InvalidIdentifier:
        raise CannotIssue(result.name, _("没有可用的统一社会信用代码。")) from None
    except OrganisationConflict:
        code = next(output.code for output in planned.outputs if output.feeds == f"{result.holder}:company.credit_code")
        raise OutputsInvalid({code: _("这个统一社会信用代码已经是另一个单位的，请核对。")}) from None
    if person is not None and person.user_id is not None:
        # In the founder's own inbox: the organisation's is read by nobody who does not know of it yet.
        told = Message.about(
            {"organisation": organisation.name},
            recipient_id=person.user_id,
            key=f"organisation_founded:{sub_item.number}",
            kind="organisation_founded",
            link=reverse("accounts:organisations"),
        )
        send_messages([told])


def _named(role: str, planned: PlannedItem, values: Mapping[str, Any]) -> bytes | None:
    """Return by which index whom the form names representative is found; None where it gives no document that can be."""
    name, kind, number = _stated(role, planned, values)
    try:
        return named_as(name, document_index_of(kind or DocumentKind.RESIDENT_ID, number))
    except InvalidIdentifier:
        return None


def _stated(role: str, planned: PlannedItem, values: Mapping[str, Any]) -> tuple[str, str, str]:
    """Return name, kind and number of the document as the form states them of a role."""
    elements = ("person.name", "person.id_kind", "person.id_number")
    name, kind, number = (str(values.get(planned.own_key(f"{role}:{element}")) or "") for element in elements)
    return name, kind, number


def _representative(applicant: Person, role: str, planned: PlannedItem, values: Mapping[str, Any]) -> Person | None:
    """Return who applies where the form names this very person, by name and document, in the representative's role."""
    name, kind, number = _stated(role, planned, values)
    if not applicant.is_proved or applicant.name != name:
        return None
    try:
        return applicant if same_document(applicant, kind or DocumentKind.RESIDENT_ID, number) else None
    except InvalidIdentifier:
        return None
