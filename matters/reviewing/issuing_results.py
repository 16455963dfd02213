"""From a decision to the certificates it grants: whose they are and what their face shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from catalog.definitions import ResultDefinition
from catalog.merging.compiled import Plan
from catalog.merging.planned import PlannedItem
from catalog.models import CertificateType
from certificates.activities.issuing import IssuedNames, issue_certificate
from certificates.core.face import FaceInvalid
from certificates.core.identifier import IdentifierInvalid
from certificates.models import Certificate
from matters.cases.department_view import (
    division_names,
    gather_outputs,
    labels_of,
    of_instance,
    plan_of,
    with_supplied,
)
from matters.cases.sealed_form import open_bundle_form
from matters.models import Decision, SubItem
from matters.wording.refusals import CannotIssue
from matters.wording.values import value_in_words


def issue_results(decision: Decision, planned: PlannedItem) -> list[Certificate]:
    """Issue the certificates of an approval, inside its transaction. The decision's outputs are sealed already.

    The face holds text as people read it. The account that holds a certificate is the applicant's; the name on
    it is that of the role the result names (the child's, not the parent's). Raises `CannotIssue` where the catalog defines a
    certificate that cannot be made.
    """
    if not planned.results:
        return []
    sub_item, bundle = decision.sub_item, decision.sub_item.bundle
    plan = plan_of(bundle)
    outputs = gather_outputs(bundle)
    values = with_supplied(plan, open_bundle_form(bundle).values, outputs)
    types = {
        one.slug: one for one in CertificateType.objects.filter(slug__in=[r.certificate_type for r in planned.results])
    }
    issued = []
    for result in planned.results:
        if (certificate_type := types.get(result.certificate_type)) is None:
            raise CannotIssue(result.certificate_type, _("目录里没有这种证照。"))
        try:
            certificate = issue_certificate(
                certificate_type=certificate_type,
                holder=bundle.applicant,
                holder_name=_holder_name(result, planned, values) or bundle.applicant.name,
                face=face_of(result, plan, planned, values, outputs.get(sub_item.key, {})),
                issuer=sub_item.department,
                decision_reference=sub_item.number,
                issued_at=decision.decided_at,
                issued_by=decision.decided_by,
                names=_names(result, certificate_type, plan, sub_item),
            )
        except (FaceInvalid, IdentifierInvalid) as fault:
            raise CannotIssue(result.name or certificate_type.name, _why(fault)) from None
        issued.append(certificate)
    return issued


def _why(fault: FaceInvalid | IdentifierInvalid) -> str:
    if isinstance(fault, IdentifierInvalid):
        return _("证照类型代码或者颁发机构的统一社会信用代码不合规。")
    if fault.code == "unknown_code":
        return _("照面上没有“%(code)s”这一项。") % {"code": fault.field}
    return _("照面“%(code)s”里有不能印制的控制字符。") % {"code": fault.field}


@override("zh-hans")
def face_of(
    result: ResultDefinition, plan: Plan, planned: PlannedItem, values: Mapping[str, Any], decided: Mapping[str, Any]
) -> dict[str, str]:
    """Return face code → text, from ``field:<key>``, ``output:<code>`` or ``const:<text>``, in Chinese whoever decides."""
    outputs = {output.code: output for output in planned.outputs}
    divisions = division_names(values.get(key) for key, field in plan.fields.items() if field.type == "division")
    face = {}
    for code, source in result.face.items():
        kind, _colon, name = source.partition(":")
        if kind == "const":
            face[code] = name
        elif kind == "output":
            output = outputs[name]
            face[code] = value_in_words(decided.get(name), output.type, labels_of(output.options))
        else:
            key = of_instance(name, planned)
            field = plan.fields[key]
            labels = divisions if field.type == "division" else labels_of(field.options)
            face[code] = value_in_words(values.get(key), field.type, labels, unit=field.unit)
    return face


def _names(result: ResultDefinition, row: CertificateType, plan: Plan, sub_item: SubItem) -> IssuedNames:
    """Return what the version says of the certificate; the type's row only where the version was frozen without a name."""
    if not result.name:
        return IssuedNames(row.name, row.name_en, sub_item.office.name)
    return IssuedNames(result.name, plan.matter.translations("en").get(result.name, ""), sub_item.office.name)


def _holder_name(result: ResultDefinition, planned: PlannedItem, values: Mapping[str, Any]) -> str:
    key = of_instance(f"{result.holder}:person.name", planned)
    return str(values.get(key) or "") if result.holder else ""
