"""Access: who may look at a bundle or a sub-item, and the one way to its contents.

Strangers get 404, so that a number tells nothing. Every opening of a form or a paper names its purpose and
leaves a line that the applicant can read (谁看过我的信息).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import CharField, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone

from catalog.models import Department
from catalog.staff.memberships import Right, department_ids_for, departments_for, may
from certificates.activities.dossier import USED
from certificates.models import Certificate
from matters.cases.department_view import CaseForm, plan_of, read_case
from matters.cases.documents import documents_for
from matters.cases.window import Window, window_of
from matters.models import Bundle, Draft, FiledDocument, Inspection, MaterialSatisfaction, SubItem, SubmittedMaterial
from portal.accounts.models import Handler, Mandate, User
from portal.accounts.organisations.principals import (
    OtherPrincipal,
    may_act_for,
    principal_of,
    refuse_other,
    refuse_under,
)
from portal.accounts.standing import may_act_under
from portal.ledger.access import record_access
from portal.lib.prepared import BuiltOnce, Slot

_CASE = BuiltOnce(lambda: SubItem.objects.for_case().filter(number=Slot("number", CharField())))


class OwnCase(Http404):
    """The case that an officer asked for is their own application: it is handled by colleagues, and they read it as its applicant."""

    def __init__(self, bundle: Bundle) -> None:
        super().__init__()
        self.number = bundle.number


def get_sub_item_for(user: User | AnonymousUser, number: str, *rights: Right) -> SubItem:
    """Return a sub-item of a department in which the user holds one of ``rights`` (default ``review``); else Http404.

    Their own application as well (`OwnCase`): what officers note about it is not theirs to read before they are told, nor to change.
    Cost: one query, and the user's rights; for an organisation's case one more.
    """
    handled = department_ids_for(user, *(rights or ("review",)))
    found = _CASE(number=number) if handled else []
    if not found or found[0].department_id not in handled:
        raise Http404
    if is_applicant(user, found[0].bundle):
        raise OwnCase(found[0].bundle)
    return found[0]


def get_department_for(user: User | AnonymousUser, code: str, *rights: Right) -> Department:
    """Return a department in which the user holds one of ``rights`` (default ``review``); else Http404."""
    return get_object_or_404(departments_for(user, *(rights or ("review",))), code=code)


def get_bundle_for(user: User | AnonymousUser, number: str) -> Bundle:
    """Return the user's own bundle with its sub-items; Http404 for everybody else. Cost: two queries."""
    if not user.is_authenticated:
        raise Http404
    bundle = Bundle.objects.of_applicant(user).for_page().filter(number=number).first()
    if bundle is None:
        _refuse_others(user, number)
        raise Http404
    return bundle


def is_applicant(user: User | AnonymousUser, bundle: Bundle) -> bool:
    """Return whether it is the user's own application (`whose_own`). One query for an organisation's, else none."""
    return user.pk is not None and (bundle.applicant.user_id == user.pk or user.pk in whose_own(bundle))


def is_near(user: User, bundle: Bundle) -> bool:
    """Return whether it is the user's own, or a mandate has tied them to its applicant, in whichever direction, at any time since it was
    submitted or when it was begun: today, whatever was so when it was looked for. One query more than `is_applicant`."""
    if is_applicant(user, bundle):
        return True
    ties = Mandate.objects.between(user.pk, bundle.applicant_id, bundle.submitted_at, under=bundle.begun_under_id)
    return ties.exists()


def whose_own(bundle: Bundle) -> frozenset[int]:
    """Return the accounts whose own application it is: the applicant's, who acts under its mandate, and who acts, or ever did, for its organisation.

    As a condition of lists: `matters.models.querysets.own_bundles`. One query for an organisation's, else none.
    """
    found, organisation = {bundle.applicant.user_id}, bundle.organisation_id
    if bundle.mandate is not None:
        organisation = bundle.mandate.agent_organisation_id
        found.add(bundle.mandate.agent.user_id if bundle.mandate.agent is not None else None)
    if organisation is not None:
        found |= {*Handler.objects.filter(organisation_id=organisation).values_list("person__user_id", flat=True)}
    return frozenset(one for one in found if one is not None)


@dataclass(frozen=True, slots=True)
class CounterCase:
    """A bundle as a window reaches it. ``parts``: the sub-items that it sees; ``is_whole``: all of them."""

    bundle: Bundle
    window: Window
    parts: list[SubItem]

    @property
    def entered_here(self) -> bool:
        return self.window.entered(self.bundle)

    @property
    def is_whole(self) -> bool:
        return len(self.parts) == len(self.bundle.sub_items.all())


def get_counter_case_for(user: User | AnonymousUser, number: str) -> CounterCase:
    """Return a bundle with the parts that the user's window sees, and record the reading; Http404 where it sees none.

    Reviewers serve at no window: to them every number is 404 here.
    """
    found = _at_window(user, number)
    record_access(_account(user), found.bundle.pk, "counter", ["name", "document", "phone"], _reading_department(found))
    return found


def get_receipt_bundle_for(user: User | AnonymousUser, number: str) -> Bundle:
    """Return a bundle to its applicant, or to a window that sees all of it, whose reading is recorded; Http404 for everybody else."""
    try:
        return get_bundle_for(user, number)
    except OtherPrincipal:
        raise
    except Http404:
        found = _at_window(user, number)
    if not found.is_whole:
        raise Http404
    record_access(_account(user), found.bundle.pk, "counter", ["name", "receipt"], _reading_department(found))
    return found.bundle


def get_bundle_to_answer_for(user: User | AnonymousUser, number: str) -> Bundle:
    """Return a bundle to its applicant, or to the window where it was entered; Http404 for everybody else."""
    try:
        return get_bundle_for(user, number)
    except OtherPrincipal:
        raise
    except Http404:
        found = _at_window(user, number)
    if not found.entered_here:
        raise Http404
    return found.bundle


def cases_in_matters(organisation: UUID, matters: Collection[str]) -> QuerySet[Any]:
    """Return the cases of an organisation in these matters, submitted or not, by the key that consents know them by."""
    mine = {"organisation": organisation, "matter_version__matter__slug__in": list(matters)}
    drafts = Draft.objects.filter(**mine).values_list("submission_key", flat=True)
    return drafts.union(Bundle.objects.filter(**mine).values_list("idempotency_key", flat=True))


def is_principals(user: User, bundle: Bundle) -> bool:
    """Return whether a bundle is of whom the user acts for now: their own, their organisation's in a matter that is theirs, or what is done under their mandate. No query."""
    principal = principal_of(user)
    if principal.mandate is not None:
        return principal.mandate_id == bundle.mandate_id and principal.may_handle(bundle.matter_version.matter.slug)
    if bundle.organisation_id is None:
        return principal.handler is None and bundle.applicant.user_id == user.pk
    return principal.organisation_id == bundle.organisation_id and principal.may_handle(
        bundle.matter_version.matter.slug
    )


def still_represents(user: User, bundle: Bundle) -> bool:
    """Return whether the user may do something in the applicant's name at this very moment, held until the transaction ends."""
    slug = bundle.matter_version.matter.slug
    if bundle.organisation_id is None:
        if bundle.applicant.user_id == user.pk:
            return True
        return bundle.mandate_id is not None and may_act_under(bundle.mandate_id, slug, user.pk)
    return may_act_for(bundle.organisation_id, slug, person__user_id=user.pk)


def _refuse_others(user: User | AnonymousUser, number: str) -> None:
    """Raise `OtherPrincipal` where a bundle is of another one that the user acts for. At most two queries, for what was not found."""
    bundle = Bundle.objects.filter(number=number).select_related("applicant", "organisation", "matter_version__matter")
    found = bundle.defer("form_sealed", "matter_version__content").first()
    if found is None:
        return
    if found.organisation is None and found.applicant.user_id != user.pk:
        refuse_under(user, found.mandate_id, found.matter_version.matter.slug)
        return
    refuse_other(user, found.organisation, found.matter_version.matter.slug)


def _at_window(user: User | AnonymousUser, number: str) -> CounterCase:
    window = window_of(user)
    bundle = Bundle.objects.for_page().filter(window.reached(), number=number).first() if window.is_open else None
    if bundle is None:
        raise Http404
    return CounterCase(bundle, window, window.parts_of(bundle))


def _reading_department(found: CounterCase) -> str:
    """Return the department in whose name the window reads: the site, or the first of its own that takes part."""
    site = next((one.code for one in found.window.departments if one.pk == found.bundle.site_id), "")
    return site or next((one.department.code for one in found.parts if one.department_id in found.window.ids), "")


def _account(user: User | AnonymousUser) -> User:
    if not isinstance(user, User):
        raise Http404
    return user


def get_inspected_case_for(user: User | AnonymousUser, number: str) -> tuple[SubItem, Inspection]:
    """Return a case that a draw of this supervisor holds, with the draw; Http404 for any other, and once the draw is closed."""
    if not user.is_authenticated:
        raise Http404
    sub_item = SubItem.objects.for_case().filter(number=number).first()
    if sub_item is None or not may(user, "supervise", sub_item.department) or is_near(user, sub_item.bundle):
        raise Http404
    draws = Inspection.objects.filter(cases=sub_item, inspector=user, closes_at__gt=timezone.now())
    found = draws.order_by("-pk").first()
    if found is None:
        raise Http404
    return sub_item, found


def case_form(user: User, sub_item: SubItem, purpose: str, note: str = "") -> CaseForm:
    """Return the department's projection and record that it was read: the one way to a bundle's contents.

    ``purpose`` is a key of ``matters.wording.states.PURPOSES``, ``note`` the reader's own words.
    """
    form = read_case(sub_item)
    record_access(user, sub_item.bundle_id, purpose, form.keys, department=sub_item.department.code, note=note)
    return form


def open_paper(
    user: User, sub_item: SubItem, paper_id: UUID, purpose: str = "material", note: str = ""
) -> SubmittedMaterial:
    """Return a paper that this sub-item's item asks for, or a file of an earlier application that stands in for one, and record that
    it was read; Http404 for any other."""
    paper = SubmittedMaterial.objects.filter(pk=paper_id, bundle_id=sub_item.bundle_id).first()
    material = _standing_in(sub_item, paper_id) if paper is None else paper.material
    if material not in materials_of(sub_item):
        raise Http404
    if paper is None:
        paper = get_object_or_404(SubmittedMaterial, pk=paper_id)
    shown, department = [f"material:{material}"], sub_item.department.code
    record_access(user, sub_item.bundle_id, purpose, shown, department=department, note=note)
    return paper


def _standing_in(sub_item: SubItem, paper_id: UUID) -> str:
    """Return the paper of this case for which a file of an earlier application was taken; empty where it was for none."""
    rows = MaterialSatisfaction.objects.filter(bundle_id=sub_item.bundle_id, earlier_files__contains=[paper_id])
    return rows.values_list("material", flat=True).first() or ""


def open_certificate(user: User, sub_item: SubItem, certificate_id: UUID) -> Certificate:
    """Return a certificate that stood in for a paper that this sub-item's item asks for; Http404 for any other.

    The use is recorded twice: with the application, which its applicant reads, and with the certificate, which its holder reads.
    """
    rows = MaterialSatisfaction.objects.filter(bundle_id=sub_item.bundle_id, certificate_id=certificate_id)
    row = rows.select_related("certificate").first()
    if row is None or row.certificate is None or row.material not in materials_of(sub_item):
        raise Http404
    department = sub_item.department.code
    record_access(user, sub_item.bundle_id, "material", [f"material:{row.material}"], department=department)
    record_access(user, row.certificate.pk, USED, [row.material], department=department, note=sub_item.number)
    return row.certificate


def open_document(user: User, sub_item: SubItem, document_id: UUID) -> FiledDocument:
    """Return a document that is this sub-item's to read, and record that it was; Http404 for any other."""
    found = next((row for row in documents_for(sub_item, materials_of(sub_item)) if row.pk == document_id), None)
    if found is None:
        raise Http404
    record_access(user, sub_item.bundle_id, "review", ["documents"], department=sub_item.department.code)
    return found


def materials_of(sub_item: SubItem) -> set[str]:
    """Return the keys of the materials that the sub-item's own item asks for."""
    plan = plan_of(sub_item.bundle)
    return {material.key for material in plan.materials if _asks(material.asked_by, sub_item.key)}


def _asks(askers: Iterable[object], item_key: str) -> bool:
    return any(getattr(asker, "item", "") == item_key for asker in askers)
