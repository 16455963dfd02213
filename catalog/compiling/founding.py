"""Checks of a result that founds an organisation: what it is, and who represents it, must be known when it is granted."""

from __future__ import annotations

from collections.abc import Iterator

from catalog.definitions import Finding, ItemDefinition, MatterDefinition, ResultDefinition, Source

NAME, CODE = "company.name", "company.credit_code"
REPRESENTATIVE = ("person.name", "person.id_number")


def check_founding(item: ItemDefinition, result: ResultDefinition, matter: MatterDefinition) -> Iterator[Finding]:
    """Yield why a result cannot found the organisation that holds it.

    The department gives the credit code with its decision (an output): who applies cannot name an organisation that is there already.
    """
    place = (Source(item.slug, f"result:{result.certificate_type}"),)
    roles = {role.key: role for role in matter.roles}
    asked = {(line.role, line.element) for line in item.lines}
    given = {output.feeds for output in item.outputs if output.type == "credit_code" and output.required is True}
    holder, founds = result.holder, result.founds
    if founds not in roles:
        yield Finding("unknown_reference", place, params={"kind": "role", "name": founds})
    if not holder or result.co_holders or (result.issued_as.code and result.issued_as.subject != "organisation"):
        name = result.name or result.certificate_type
        yield Finding("founds_no_organisation", place, params={"certificate": name})
        return
    if (holder, NAME) not in asked and not result.holder_name:
        yield Finding("founds_without_name", place, params={"role": holder})
    if f"{holder}:{CODE}" not in given:
        yield Finding("founds_without_code", place, params={"role": holder})
    if founds in roles and any((founds, element) not in asked for element in REPRESENTATIVE):
        yield Finding("founds_without_representative", place, params={"role": founds})
    if founds in roles and roles[founds].maximum > 1:
        yield Finding("holder_of_several", place, params={"role": founds})
