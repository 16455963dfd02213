"""From a decision to the certificates it grants: whose they are and what their face shows."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from catalog.definitions import CertificateTypeDefinition, ResultDefinition
from catalog.fields.constraints import is_anywhere
from catalog.merging.compiled import Plan
from catalog.merging.planned import PlannedItem
from catalog.models import CertificateType
from catalog.versions.certificate_types import former_lines
from catalog.versions.defining import certificate_type_definition
from certificates.activities.issuing import IssuedNames, issue_certificate, term_of
from certificates.activities.status import StatusChangeRefused, carry_suspension, supersede
from certificates.core.face import FaceInvalid
from certificates.core.identifier import IdentifierInvalid, parse_identifier
from certificates.models import Certificate
from matters.cases.answers_in_words import decided_in_words, division_names, labels_of
from matters.cases.department_view import gather_outputs, of_instance, open_outputs, plan_of, taken_over, with_supplied
from matters.cases.sealed_form import open_bundle_form
from matters.models import Bundle, Decision, Renewal, SubItem
from matters.reviewing.founding import found_organisation
from matters.reviewing.holders import Subjects, applying, subjects_of
from matters.wording.refusals import CannotIssue, CannotRenew
from matters.wording.values import value_in_words
from portal.accounts.models import User

TERM = "valid_until"  # the face code of a certificate's term
PERPETUAL = "长期有效"


# The elements that say who somebody is, a person or an organisation.
_NAMING = ("person.name", "person.id_kind", "person.id_number", "company.name", "company.credit_code")


def issue_results(
    decision: Decision, planned: PlannedItem, earlier: Mapping[str, Mapping[str, Any]]
) -> list[Certificate]:
    """Issue the certificates of an approval, inside its transaction. The decision's outputs are sealed already; ``earlier``: what
    was decided before it.

    The face holds text as people read it. Whom it is about is read from the roles the result names (the child, the company), what it is
    worth until from its face's ``valid_until`` or the type's rule, once. Raises `CannotIssue` where the catalog defines a
    certificate that cannot be made, and `CannotRenew`.
    """
    if not planned.results:
        return []
    outputs = {**earlier, decision.sub_item.key: open_outputs(decision)}
    return _issue(
        decision, planned, planned.results, outputs, at=decision.decided_at, by=decision.decided_by, replaced={}
    )


def replace_results(decision: Decision, fields: Collection[str], *, by: User | None, at: datetime) -> list[Certificate]:
    """Issue anew the certificates of an approval that stand and show one of the fields, and close the old ones, in the caller's transaction.

    One that was suspended stays so in its new form. What the department filled in itself stays as it is; what it took over from the form and the form's own values are those of today.
    Raises `CannotIssue`.
    """
    sub_item = decision.sub_item
    planned = plan_of(sub_item.bundle).item(sub_item.key)
    standing = [Certificate.Status.VALID, Certificate.Status.SUSPENDED]
    found = Certificate.objects.filter(decision_reference=sub_item.number, status__in=standing)
    replaced = {one.certificate_type.slug: one for one in found.select_related("certificate_type", "issuer")}
    taken = {output.code for output in taken_over(decision, planned, fields)}
    wanted = [
        result
        for result in planned.results
        if result.certificate_type in replaced
        and (not _shown_fields(result, planned).isdisjoint(fields) or not taken.isdisjoint(_shown_outputs(result)))
    ]
    for result in wanted:
        supersede(replaced[result.certificate_type], by)
    issued = _issue(decision, planned, wanted, gather_outputs(sub_item.bundle), at=at, by=by, replaced=replaced)
    for after in issued:
        carry_suspension(replaced[after.certificate_type.slug], after, by)
    return issued


def _shown_fields(result: ResultDefinition, planned: PlannedItem) -> set[str]:
    """Return the fields that a certificate shows, and those that say who holds it."""
    sources = [*result.face.values(), result.holder_name]
    names = [source.removeprefix("field:") for source in sources if source.startswith("field:")]
    names += [f"{role}:{element}" for role in (result.holder, *result.co_holders) if role for element in _NAMING]
    return {of_instance(name, planned) for name in names}


def _shown_outputs(result: ResultDefinition) -> set[str]:
    """Return the outputs that a certificate shows, and the one that names who holds it."""
    sources = [*result.face.values(), result.holder_name]
    return {source.removeprefix("output:") for source in sources if source.startswith("output:")}


def _issue(
    decision: Decision,
    planned: PlannedItem,
    results: Sequence[ResultDefinition],
    outputs: Mapping[str, Mapping[str, Any]],
    *,
    at: datetime,
    by: User | None,
    replaced: Mapping[str, Certificate],
) -> list[Certificate]:
    """Issue a decision's certificates of these results. ``outputs``: what was decided, by sub-item; ``replaced``: the ones whose place they take, by type."""
    sub_item, bundle = decision.sub_item, decision.sub_item.bundle
    plan = plan_of(bundle)
    values = with_supplied(plan, open_bundle_form(bundle).values, outputs)
    types = {one.slug: one for one in _types(results, bundle)}
    issued = []
    for result in results:
        if (certificate_type := types.get(result.certificate_type)) is None:
            raise CannotIssue(result.certificate_type, _("目录里没有这种证照。"))
        decided = outputs.get(sub_item.key, {})
        kind = published_type(result, certificate_type)
        about = subjects_of(result, kind.subject, plan, planned, values, decided)
        about = about or applying(plan, values, bundle.applicant.name)
        before, day = replaced.get(result.certificate_type), decided_term(result, planned, values, decided)
        renewed = _to_renew(certificate_type, result) if before is None else None
        # What takes the place of another is worth as long as that was.
        term = term_of(timezone.localdate(at), kind.valid_years, day)
        expires_on = before.expires_on if before is not None else term
        try:
            certificate = issue_certificate(
                certificate_type=certificate_type,
                issued_as=kind,
                applicant=bundle.applicant,
                organisation=bundle.organisation,
                matter=bundle.matter_version.matter.slug,
                mandate=bundle.mandate,
                holders=about.holders,
                holder_kind=about.kind,
                face=_with_term(face_of(result, plan, planned, values, decided, about), result, expires_on),
                expires_on=expires_on,
                issuer=sub_item.department,
                decision_reference=sub_item.number,
                issued_at=at,
                issued_by=by,
                names=_names(result, certificate_type, plan, sub_item, _office_code(decision, before)),
                replaces=before,
                renews=renewed,
            )
        except (FaceInvalid, IdentifierInvalid) as fault:
            raise CannotIssue(result.name or certificate_type.name, _why(fault)) from None
        issued.append(certificate)
        if renewed is not None:
            _close_renewed(renewed, by)
        elif result.founds and before is None:
            found_organisation(decision, result, planned, values, about.holders[0])
    return issued


def _types(results: Sequence[ResultDefinition], bundle: Bundle) -> QuerySet[CertificateType]:
    """Return the types of these results, each with the certificate of it that the application was begun to renew (``renewed``), if any."""
    renewed = Renewal.objects.filter(application=bundle.idempotency_key, certificate__certificate_type=OuterRef("pk"))
    found = CertificateType.objects.filter(slug__in=[result.certificate_type for result in results])
    return found.annotate(renewed=Subquery(renewed.values("certificate")[:1]))


def _to_renew(certificate_type: Any, result: ResultDefinition) -> Certificate | None:
    """Return the certificate whose place the new one takes (续证); None where the application renews none. Raises `CannotRenew`."""
    if certificate_type.renewed is None:
        return None
    renewed = Certificate.objects.select_related("issuer").get(pk=certificate_type.renewed)
    if renewed.status != Certificate.Status.VALID:
        raise CannotRenew(result.name or certificate_type.name, renewed.get_status_display())
    return renewed


def _close_renewed(renewed: Certificate, by: User | None) -> None:
    try:
        supersede(renewed, by, "renewed")
    except StatusChangeRefused:  # somebody suspended or ended it this moment
        renewed.refresh_from_db(fields=["status"])
        raise CannotRenew(renewed.type_name, renewed.get_status_display()) from None


def _office_code(decision: Decision, before: Certificate | None) -> str:
    """Return the credit code of the department when it decided, whatever it has now; of a decision that did not keep it, the replaced certificate's."""
    if decision.office_code:
        return decision.office_code
    return parse_identifier(before.identifier).issuer_code if before is not None else ""


def _why(fault: FaceInvalid | IdentifierInvalid) -> str:
    if isinstance(fault, IdentifierInvalid):
        return _("证照类型代码或者颁发机构的统一社会信用代码不合规。")
    if fault.code == "unknown_code":
        return _("照面上没有“%(code)s”这一项。") % {"code": fault.field}
    return _("照面“%(code)s”里有不能印制的控制字符。") % {"code": fault.field}


@override("zh-hans")
def face_of(
    result: ResultDefinition,
    plan: Plan,
    planned: PlannedItem,
    values: Mapping[str, Any],
    decided: Mapping[str, Any],
    about: Subjects,
) -> dict[str, str]:
    """Return face code → text, from ``field:<key>``, ``output:<code>`` or ``const:<text>``, in Chinese whoever decides.

    A field that is not asked in this situation leaves its line empty; what would name the holder names whom it is ``about`` instead (a
    resident without a company).
    """
    shown = _shown_outputs(result)
    texts = decided_in_words([output for output in planned.outputs if output.code in shown], decided)
    served = {
        key
        for key, field in plan.fields.items()
        if field.type == "division" and not is_anywhere(field.type, field.constraints)
    }
    divisions = division_names(map(values.get, served))
    face = {}
    for code, source in result.face.items():
        kind, _colon, name = source.partition(":")
        if kind == "const":
            face[code] = name
        elif kind == "output":
            face[code] = texts[name]
        else:
            key = of_instance(name, planned)
            if (field := plan.fields.get(key)) is None:
                face[code] = about.holders[0].name if _names_holder(name, result) else ""
                continue
            labels = divisions if key in served else labels_of(field.options)
            face[code] = value_in_words(values.get(key), field.type, labels, unit=field.unit)
    return face


def _names_holder(field: str, result: ResultDefinition) -> bool:
    role, _colon, element = field.partition(":")
    return role == result.holder and element in ("person.name", "company.name")


def published_type(result: ResultDefinition, row: CertificateType) -> CertificateTypeDefinition:
    """Return what the version says of a certificate's type; of a version from before types were frozen, what its row says.

    A line that the row lost since is still printed where such a version fills it.
    """
    if result.issued_as.code:
        return result.issued_as
    kind = certificate_type_definition(row)
    printed = {line.code for line in kind.face}
    if lost := [code for code in result.face if code not in printed]:
        return replace(kind, face=(*kind.face, *former_lines(row, lost)))
    return kind


def _names(result: ResultDefinition, row: CertificateType, plan: Plan, sub_item: SubItem, code: str) -> IssuedNames:
    """Return what the version says of the certificate; the type's row only where the version was frozen without a name. ``code``: whose decision it is."""
    name, name_en = row.name, row.name_en
    if result.name:
        name, name_en = result.name, plan.matter.translations("en").get(result.name, "")
    return IssuedNames(name, name_en, sub_item.office.name, code)


@override("zh-hans")
def _with_term(face: dict[str, str], result: ResultDefinition, expires_on: date | None) -> dict[str, str]:
    """Return a face whose term is the certificate's one term."""
    if TERM not in face or result.face[TERM].startswith("const:"):
        return face
    return {**face, TERM: value_in_words(expires_on.isoformat(), "date") if expires_on else PERPETUAL}


def decided_term(
    result: ResultDefinition, planned: PlannedItem, values: Mapping[str, Any], decided: Mapping[str, Any]
) -> date | None:
    """Return the last day that the face shows as the certificate's term; None where no day was decided."""
    kind, _colon, name = result.face.get(TERM, "").partition(":")
    said = (
        decided.get(name) if kind == "output" else values.get(of_instance(name, planned)) if kind == "field" else None
    )
    try:
        return date.fromisoformat(str(said)[:10]) if said else None
    except ValueError:
        return None
