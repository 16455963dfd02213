"""What stands in for a paper that is not handed in: an answer of a source, a certificate, a recorded mandate, an earlier upload, a commitment.

Found anew each time it is asked for, from the rows themselves; submission writes down what it found (``MaterialSatisfaction``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from catalog.definitions.naming import field_key
from catalog.merging.compiled import Plan
from catalog.merging.planned import PlannedMaterial
from certificates.activities.issuing import number_index
from certificates.activities.library import valid_certificates
from certificates.models import Certificate, CertificateHolder
from matters.core.draft_document import DraftDocument
from matters.core.inquiries import (
    PaperInquiry,
    is_about_others,
    organisation_of,
    paper_inquiries,
    person_of,
)
from matters.drafts.profile import subject_of_account, uses_library
from matters.drafts.reusing import EarlierUpload, Offers, chosen, earlier_uploads
from matters.models import Channel, Draft, MaterialSatisfaction, SubItem
from portal.accounts.models import Handler, Mandate, Organisation, Person
from portal.accounts.people import everybody_with
from portal.sharing.fetching import readable_fetches, subject_index
from portal.sharing.models import Fetch

Kind = MaterialSatisfaction.Kind


@dataclass(frozen=True, slots=True)
class Substitute:
    """What stands in for one paper: an answer, a certificate, a mandate or handler, files of an earlier application, or the words of a commitment."""

    kind: str
    fetch: Fetch | None = None
    certificate: Certificate | None = None
    mandate: Mandate | None = None
    handler: Handler | None = None
    text: str = ""
    earlier: EarlierUpload | None = None

    @property
    def earlier_part(self) -> SubItem | None:
        return None if self.earlier is None else self.earlier.part

    @property
    def earlier_day(self) -> date | None:
        return None if self.earlier is None else self.earlier.day

    @property
    def earlier_until(self) -> date | None:
        return None if self.earlier is None else self.earlier.until


def offers_for(
    draft: Draft, plan: Plan, papers: Iterable[PlannedMaterial], document: DraftDocument, today: date
) -> Offers:
    """Return what the applicant handed in before and could take now; nothing at a window or under a mandate, where another would look at it. Cost: as `earlier_uploads`."""
    if draft.channel != Channel.ONLINE or draft.mandate_id is not None:
        return {}
    subject = subject_of_account(draft.applicant)
    return earlier_uploads(
        plan, papers, document.values, draft.applicant, subject, today, draft.organisation, document.reused
    )


def substitutes_for(
    case: UUID,
    applicant: Person,
    plan: Plan,
    papers: Iterable[PlannedMaterial],
    document: DraftDocument,
    values: Mapping[str, Any],
    today: date,
    answers: Sequence[Fetch] | None = None,
    *,
    organisation: Organisation | None = None,
    earlier: Offers | None = None,
    mandate: Mandate | None = None,
) -> dict[str, Substitute]:
    """Return paper → what stands in for it today, by the first of its alternatives that really comes to something.

    What the applicant took of an earlier application goes before their commitment. ``organisation``: for whom the applicant acts, whose
    library it then is, not the applicant's own. ``mandate``: under which somebody acts for the applicant; whether certificates may be looked for
    then, it says itself (`uses_library`). Cost: none where no paper has alternatives; else one query for the answers, unless ``answers`` holds them, and one for the library
    where a certificate would do, two for who acts where a mandate would; and that of `earlier_uploads` where something was taken, unless ``earlier`` holds it.
    """
    papers = [paper for paper in papers if not paper.is_met]
    taken = [paper for paper in papers if paper.key in document.reused]
    if taken and earlier is None:
        subject = subject_of_account(applicant)
        earlier = earlier_uploads(plan, taken, values, applicant, subject, today, organisation, document.reused)
    reused = {paper.key: chosen(earlier or {}, paper.key, document.reused[paper.key]) for paper in taken}
    found = {key: Substitute(Kind.EARLIER_UPLOAD, earlier=each) for key, each in reused.items() if each is not None}
    open_papers = [paper for paper in papers if paper.alternatives]
    if not open_papers:
        return found
    inquiries = paper_inquiries(plan, open_papers, values, subject_of_account(applicant))
    if answers is None:
        answers = readable_fetches(case) if inquiries else []
    types = {way.reference for paper in open_papers for way in paper.alternatives if way.kind == Kind.CERTIFICATE}
    certificates = valid_certificates(applicant, organisation, types, today) if types and uses_library(mandate) else []
    for paper in open_papers:
        for way in paper.alternatives:
            substitute = None
            if way.kind == Kind.SHARED_DATA:
                asked = next(each for each in inquiries if each.key == paper.key and each.department == way.reference)
                substitute = _answered(plan, values, asked, answers)
            elif way.kind == Kind.CERTIFICATE:
                own = [each for each in certificates if each[0].certificate_type.slug == way.reference]
                substitute = _certified(plan, paper, values, applicant, own)
            elif way.kind == Kind.MANDATE:
                substitute = _authorised(plan, values, applicant, organisation, mandate)
            elif way.kind == Kind.COMMITMENT and paper.key in document.commitments and paper.key not in found:
                substitute = Substitute(Kind.COMMITMENT, text=document.commitments[paper.key]["text"])
            if substitute is not None:
                found[paper.key] = substitute
                break
    return found


def _answered(
    plan: Plan, values: Mapping[str, Any], asked: PaperInquiry, answers: Sequence[Fetch]
) -> Substitute | None:
    """Return the latest answer of that department about this paper of this very person, if it is one that found it.

    A record that names other kin than the form does is no paper of those in the form: one's own marriage to somebody else.
    """
    subjects = {subject_index(each) for each in (asked.person, asked.organisation) if each is not None}
    for fetch in answers:
        if (
            fetch.source.department.code == asked.department
            and asked.asked in fetch.asked
            and fetch.subject_index in subjects
            and set(asked.items) <= set(fetch.items)
        ):
            if asked.asked not in fetch.found or is_about_others(plan, fetch.answer.get("elements", {}), values):
                return None
            return Substitute(Kind.SHARED_DATA, fetch=fetch)
    return None


def _certified(
    plan: Plan,
    paper: PlannedMaterial,
    values: Mapping[str, Any],
    applicant: Person,
    certificates: Sequence[tuple[Certificate, Sequence[CertificateHolder]]],
) -> Substitute | None:
    """Return the newest certificate that is about whose paper it is: by number; one that was given to a newborn without a number by name, also
    where the child has a number by now, as long as this very person applied for it."""
    owners = (person_of(plan, paper, values, subject_of_account(applicant)), organisation_of(plan, paper, values))
    indexes = {number_index(each.kind, each.number) for each in owners if each is not None}
    name = values.get(field_key(paper.role, "person.name", paper.instance)) if paper.role else None
    for certificate, holders in certificates:
        by_name = name and (not indexes or certificate.applicant_id == applicant.pk)
        for holder in holders:
            if bytes(holder.number_index) in indexes or (by_name and not holder.number and holder.name == name):
                return Substitute(Kind.CERTIFICATE, certificate=certificate)
    return None


def _authorised(
    plan: Plan,
    values: Mapping[str, Any],
    applicant: Person,
    organisation: Organisation | None,
    mandate: Mandate | None,
) -> Substitute | None:
    """Return the row by which whoever applies acts for another: the mandate, or that they are one of the organisation's people.

    Nothing where nobody acts for anybody, or where the form names somebody else as who does: the row lets nobody else act. Cost: two queries.
    """
    if mandate is not None:
        acting = Person.objects.filter(mandates_held=mandate)
        if mandate.agent_organisation_id is not None:
            people = Handler.objects.in_force().filter(organisation=mandate.agent_organisation_id)
            acting = Person.objects.filter(pk__in=people.values("person"))
        named = plan.agents
    elif organisation is not None:
        acting = Person.objects.filter(pk=applicant.pk)
        named = frozenset(role.key for role in plan.roles if role.is_applicant)
    else:
        return None
    numbers = [values.get(field_key(role, "person.id_number", 1)) for role in sorted(named)]
    if any(number and not (acting & everybody_with(str(number))).exists() for number in numbers):
        return None
    if mandate is not None:
        return Substitute(Kind.MANDATE, mandate=mandate)
    handlers = Handler.objects.in_force().filter(organisation=organisation, person=applicant)
    handler = handlers.select_related("person", "organisation").first()
    return None if handler is None else Substitute(Kind.MANDATE, handler=handler)
