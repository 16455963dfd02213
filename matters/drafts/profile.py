"""What is known of whoever applies, and of the organisation that they act for, under the dictionary's element codes."""

from __future__ import annotations

from typing import Any

from catalog.merging.compiled import Plan
from matters.core.draft_document import ACCOUNT, GRANTED, ORGANISATION, SHARED, DraftDocument
from matters.core.inquiries import CREDIT_CODE
from matters.models import Channel, Draft
from portal.accounts.models import DocumentKind, Mandate, Organisation, Person
from portal.accounts.people import document_number
from portal.identifiers.document_numbers import resident_facts
from portal.sharing.core.inquiry import DataSubject


def profile_of(person: Person) -> dict[str, Any]:
    """Return element code → value, as ``Plan.known`` expects it. A resident's number also tells sex and birthday."""
    number = document_number(person)
    facts: dict[str, Any] = {
        "person.name": person.name,
        "person.id_kind": person.document_kind,
        "person.id_number": number,
    }
    if person.phone:
        facts["person.phone"] = person.phone
    if person.document_kind == DocumentKind.RESIDENT_ID:
        told = resident_facts(number)
        facts |= {"person.birth_date": told.birth_date.isoformat(), "person.sex": told.sex}
    return facts


def subject_of_account(person: Person) -> DataSubject:
    """Return the applicant as sources are asked about them."""
    return DataSubject(person.document_kind, document_number(person), person.name)


def subject_of_organisation(organisation: Organisation | None) -> DataSubject | None:
    """Return the organisation that the applicant acts for as sources are asked about it."""
    return None if organisation is None else DataSubject(CREDIT_CODE, organisation.credit_code, organisation.name)


def organisation_facts(plan: Plan, organisation: Organisation | None) -> dict[str, Any]:
    """Return field key → value of the organisation that is applied for: its name and credit code, in the one role that asks for a code.

    What is known rests on its row (`OrganisationCheck`), whoever of its people types. Empty where the form names several or none.
    """
    roles = {field.role for field in plan.fields.values() if field.element == "company.credit_code"}
    if organisation is None or len(roles) != 1:
        return {}
    told = {"company.name": organisation.name, "company.credit_code": organisation.credit_code}
    values = {
        key: told[field.element]
        for key, field in plan.fields.items()
        if field.role in roles and field.element in told and field.instance == 1
    }
    # As `known` takes what is shared: no field that a decision supplies or that must always be asked.
    known = plan.known({}, values)
    return {key: value for key, value in known.items() if key in values}


def acting_under(draft: Draft) -> Mandate | None:
    """Return under which mandate whoever has an application in hands acts for the applicant; none where the applicant does it themselves.

    Online nobody but the applicant goes on once it is over. At a window it is the agent's still, and over it gives no right.
    """
    mandate = draft.mandate
    if mandate is None or (draft.channel == Channel.ONLINE and not mandate.is_in_term):
        return None
    return mandate


def agents_facts(plan: Plan, mandate: Mandate | None) -> dict[str, Any]:
    """Return field key → value of whoever acts under a mandate, in the roles that the form keeps for them; nothing of an organisation, whose people change.

    Cost: a query where there are such roles.
    """
    if not plan.agents or mandate is None or mandate.agent_id is None:
        return {}
    agent = Person.objects.get(pk=mandate.agent_id)
    return plan.with_applicants(plan.agents, frozenset()).known(profile_of(agent))


def told_by_accounts(plan: Plan) -> frozenset[str]:
    """Return the fields that an account may fill in: the applicant's, and those of whoever acts for them."""
    roles = {role.key for role in plan.roles if role.is_applicant} | plan.agents
    return frozenset(key for key, field in plan.fields.items() if field.role in roles and field.instance == 1)


def uses_library(mandate: Mandate | None) -> bool:
    """Return whether the applicant's certificates stand in for papers: for another who acts for them only where the mandate in force says so."""
    return mandate is None or (mandate.is_in_term and mandate.may_use_certificates)


def is_fixed(plan: Plan, document: DraftDocument, key: str, applicant: Person) -> bool:
    """Whether a field holds what is not to be changed here: what a source said, whose account it is, once somebody has checked that,
    which organisation it is applied for, whose row rests on a check, or what a granted part decided, which its decision alone says otherwise.
    """
    field, fact = plan.fields.get(key), document.known.get(key)
    if field is None or fact is None or not document.is_known(key):
        return False
    if fact["source"] in (ORGANISATION, GRANTED):
        return True
    if not field.fixed:
        return False
    return fact["source"] == SHARED or (fact["source"] == ACCOUNT and applicant.is_proved)
