"""Check what the files of a package say about each other and about what the catalog already holds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from catalog.models import (
    CertificateType,
    DataElement,
    Department,
    Division,
    FactSource,
    Material,
    ServiceItem,
)
from catalog.packages.parts import parts_of_a_folder
from catalog.packages.problems import Problems
from catalog.packages.reading import Folder, Package
from catalog.packages.specs import Record
from portal.accounts.credit_codes import credit_code
from portal.accounts.invalid import InvalidIdentifier

# dictionary → (model, key in the file, column)
DICTIONARY_MODELS: dict[str, tuple[type[Any], str]] = {
    "divisions": (Division, "code"),
    "departments": (Department, "code"),
    "elements": (DataElement, "code"),
    "materials": (Material, "code"),
    "certificate_types": (CertificateType, "slug"),
}


@dataclass
class Known:
    """Every code that may be referred to: those of the package and those the catalog holds."""

    codes: dict[str, set[str]] = field(default_factory=dict)

    def require(self, kind: str, code: str, record: Record, key: str, problems: Problems) -> None:
        """Note a reference to nowhere."""
        if code and code not in self.codes[kind]:
            problems.add(
                record.file,
                record.line_of(key),
                "refers_to_nowhere",
                _("%(kind)s里没有“%(code)s”") % {"kind": kind_name(kind), "code": code},
            )


def kind_name(kind: str) -> str:
    """Return what people call a dictionary."""
    return {
        "sources": _("出处"),
        "divisions": _("行政区划"),
        "departments": _("部门"),
        "elements": _("数据元"),
        "materials": _("材料"),
        "certificate_types": _("证照类型"),
        "items": _("事项"),
    }[kind]


def check_references(package: Package, problems: Problems) -> None:
    """Note duplicates over files, references to nowhere and codes whose check digits are wrong. Cost: seven queries."""
    known = _known(package, problems)
    for folder in package.folders:
        _check_dictionaries(folder, known, problems)
        for item in folder.items:
            _check_item(item, known, problems)
        if folder.matter is not None:
            _check_matter(folder, folder.matter, known, problems)
        for part in parts_of_a_folder():
            part.check(folder, known, problems)
        records = [*folder.dictionaries.values(), *folder.items, folder.matter, *folder.parts.values()]
        for record in _all_records(records):
            for source in record.get("sources", []):
                known.require("sources", source, record, "sources", problems)


def _known(package: Package, problems: Problems) -> Known:
    known = Known()
    for kind, (model, key) in DICTIONARY_MODELS.items():
        held = dict(_held(model, key))
        known.codes[kind] = set(held)
        owners = {folder.slug for folder in package.folders}
        seen: dict[str, Record] = {}
        for folder, record in package.records(kind):
            code = record[key]
            if code in seen and seen[code].file != record.file:
                where = {"code": code, "file": seen[code].file, "line": seen[code].line}
                problems.add(record.file, record.line, "repeated", _("“%(code)s”在 %(file)s:%(line)d 已有") % where)
            elif code in held and held[code] != folder.slug and held[code] not in owners:
                owner = held[code] or _("共享字典")
                problems.add(
                    record.file,
                    record.line,
                    "owned_elsewhere",
                    _("“%(code)s”已由“%(owner)s”定义") % {"code": code, "owner": owner},
                )
            seen[code] = record
            known.codes[kind].add(code)
    known.codes["sources"] = set(FactSource.objects.values_list("key", flat=True))
    for folder in package.folders:
        known.codes["sources"] |= set(folder.mapped("sources"))
    items = dict(ServiceItem.objects.values_list("slug", "package"))
    known.codes["items"] = set(items)
    defined: dict[str, Record] = {}
    for folder in package.folders:
        for item in folder.items:
            slug = item["slug"]
            if slug in defined:
                where = {"code": slug, "file": defined[slug].file, "line": defined[slug].line}
                problems.add(item.file, item.line, "repeated", _("“%(code)s”在 %(file)s:%(line)d 已有") % where)
            elif items.get(slug, folder.slug) not in {each.slug for each in package.folders}:
                problems.add(
                    item.file,
                    item.line_of("slug"),
                    "owned_elsewhere",
                    _("“%(code)s”已由“%(owner)s”定义") % {"code": slug, "owner": items[slug]},
                )
            defined[slug] = item
            known.codes["items"].add(slug)
    return known


def _held(model: type[Any], key: str) -> Iterable[tuple[str, str]]:
    if model in (Division, Department):
        return ((code, "") for code in model._default_manager.values_list(key, flat=True))
    return model._default_manager.values_list(key, "package")


def _check_dictionaries(folder: Folder, known: Known, problems: Problems) -> None:
    for division in folder.listed("divisions"):
        known.require("divisions", division["parent"], division, "parent", problems)
    for department in folder.listed("departments"):
        known.require("divisions", department["division"], department, "division", problems)
        _check_credit_code(department["credit_code"], department, "credit_code", problems)
    for element in folder.listed("elements"):
        for origin in element["known_from"]:
            kind, _colon, code = origin.partition(":")
            if kind in ("shared", "certificate"):
                dictionary = "departments" if kind == "shared" else "certificate_types"
                known.require(dictionary, code, element, "known_from", problems)
        if element["type"] in ("select", "multiselect") and not element["options"]:
            problems.add(element.file, element.line, "no_options", _("选择项要有 options"))
    for certificate_type in folder.listed("certificate_types"):
        known.require("departments", certificate_type["department"], certificate_type, "department", problems)
        _check_credit_code(certificate_type["code"][:18], certificate_type, "code", problems)


def _check_credit_code(code: str, record: Record, key: str, problems: Problems) -> None:
    if not code:
        return
    try:
        credit_code(code)
    except InvalidIdentifier:
        problems.add(record.file, record.line_of(key), "bad_credit_code", _("“%(code)s”的校验位不对") % {"code": code})


def _check_item(item: Record, known: Known, problems: Problems) -> None:
    known.require("departments", item["department"], item, "department", problems)
    facts: dict[tuple[str, str], Record] = {}
    for line in item["lines"]:
        known.require("elements", line["element"], line, "element", problems)
        key = (line["role"], line["element"])
        if key in facts:
            where = {"key": ":".join(key), "line": facts[key].line}
            problems.add(line.file, line.line, "repeated", _("“%(key)s”重复，第 %(line)d 行已有") % where)
        facts[key] = line
    papers: dict[tuple[str, str], Record] = {}
    for need in item["materials"]:
        known.require("materials", need["material"], need, "material", problems)
        paper = (need["material"], need["role"])
        if paper in papers:
            where = {"key": need["material"], "line": papers[paper].line}
            problems.add(need.file, need.line, "repeated", _("“%(key)s”重复，第 %(line)d 行已有") % where)
        papers[paper] = need
        for other in need["excludes"]:
            known.require("materials", other, need, "excludes", problems)
        for exemption in need["exemptions"]:
            _check_exemption(exemption, known, problems)
    outputs = {output["code"] for output in item["outputs"]}
    for result in item["results"]:
        known.require("certificate_types", result["certificate_type"], result, "certificate_type", problems)
        face: Record = result["face"]
        for code, origin in face.items():
            kind, _colon, what = origin.partition(":")
            if (kind == "output" and what not in outputs) or (kind == "field" and not re.search(":", what)):
                problems.add(
                    item.file,
                    face.lines[code],
                    "refers_to_nowhere",
                    _("照面“%(code)s”取自不存在的“%(origin)s”") % {"code": code, "origin": origin},
                )


def _check_exemption(exemption: Record, known: Known, problems: Problems) -> None:
    reference = exemption["reference"]
    kind = {"certificate": "certificate_types", "shared_data": "departments"}.get(exemption["kind"])
    if kind:
        known.require(kind, reference, exemption, "reference", problems)
    if kind and not reference:
        problems.add(exemption.file, exemption.line, "missing_key", _("缺少“%(key)s”") % {"key": "reference"})
    if exemption["kind"] == "result" and reference not in known.codes["items"] | known.codes["certificate_types"]:
        known.require("items", reference, exemption, "reference", problems)


def _check_matter(folder: Folder, matter: Record, known: Known, problems: Problems) -> None:
    known.require("departments", matter["lead_department"], matter, "lead_department", problems)
    known.require("divisions", matter["division"], matter, "division", problems)
    members = {entry["item"] for entry in matter["items"]}
    roles = {role["key"] for role in matter["roles"]}
    for entry in matter["items"]:
        known.require("items", entry["item"], entry, "item", problems)
        if entry["per"] and entry["per"] not in roles:
            problems.add(
                entry.file, entry.line_of("per"), "refers_to_nowhere", _("没有角色“%(role)s”") % {"role": entry["per"]}
            )
        for dependency in entry["after"]:
            if dependency["item"] not in members:
                problems.add(
                    dependency.file,
                    dependency.line,
                    "refers_to_nowhere",
                    _("“%(item)s”不是这件事的联办事项") % {"item": dependency["item"]},
                )
            elif dependency["item"] == entry["item"]:
                problems.add(dependency.file, dependency.line, "waits_for_itself", _("事项不能等自己"))
    for item in folder.items:
        if item["slug"] not in members:
            problems.add(
                item.file,
                item.line_of("slug"),
                "unused_item",
                _("“%(item)s”没有列入 matter.yaml 的 items") % {"item": item["slug"]},
            )
    _check_places(folder, matter, roles, problems)


def _check_places(folder: Folder, matter: Record, roles: set[str], problems: Problems) -> None:
    """Check that roles and sections of the items' lines are those of the matter (after the matter's renaming)."""
    sections = {section["key"] for section in matter["sections"]}
    renamed = {entry["item"]: entry["roles"] for entry in matter["items"]}
    for item in folder.items:
        names = renamed.get(item["slug"], {})
        for line in item["lines"]:
            if names.get(line["role"], line["role"]) not in roles:
                problems.add(
                    line.file, line.line, "refers_to_nowhere", _("没有角色“%(role)s”") % {"role": line["role"]}
                )
            if line["section"] not in sections:
                problems.add(
                    line.file,
                    line.line,
                    "refers_to_nowhere",
                    _("没有表单部分“%(section)s”") % {"section": line["section"]},
                )


def _all_records(values: Iterable[Any]) -> Iterator[Record]:
    for value in values:
        if isinstance(value, Record):
            yield value
            yield from _all_records(value.values())
        elif isinstance(value, list):
            yield from _all_records(value)
