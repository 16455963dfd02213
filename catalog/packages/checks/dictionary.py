"""What the dictionary files of a package say about each other: parents, authorities, options, check digits."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.fields.constraints import CHOICES, NUMBERS, check_constraints
from catalog.packages.checks.known import Known
from catalog.packages.format.problems import Problems
from catalog.packages.format.records import Record
from catalog.packages.package import Folder, Package
from portal.identifiers.credit_codes import credit_code
from portal.identifiers.invalid import InvalidIdentifier

CONSTRAINT_SENTENCES = {
    "unknown_constraint": gettext_lazy("不认识格式要求“%(name)s”"),
    "constraint_on_wrong_type": gettext_lazy("“%(type)s”类型的字段不能有格式要求“%(name)s”"),
    "bad_constraint": gettext_lazy("格式要求“%(name)s”的值不对"),
    "option_unknown": gettext_lazy("格式要求“%(name)s”里有数据元没有的选项"),
    "pattern_too_long": gettext_lazy("格式要求“%(name)s”太长，最多 200 个字符"),
    "pattern_syntax": gettext_lazy("格式要求“%(name)s”里有不支持的写法，或者括号没有配对"),
    "pattern_too_costly": gettext_lazy("格式要求“%(name)s”的重复次数太多，请写短一些"),
}


def check_dictionaries(folder: Folder, known: Known, problems: Problems) -> None:
    """Note what the dictionaries of one folder refer to in vain, and what is wrong in an entry by itself."""
    for division in folder.listed("divisions"):
        known.require("divisions", division["parent"], division, "parent", problems)
    for department in folder.listed("departments"):
        known.require("divisions", department["division"], department, "division", problems)
        known.require("departments", department["parent"], department, "parent", problems)
        check_credit_code(department["credit_code"], department, "credit_code", problems)
    for element in folder.listed("elements"):
        for origin in element["known_from"]:
            kind, _colon, code = origin.partition(":")
            if kind in ("shared", "certificate"):
                dictionary = "departments" if kind == "shared" else "certificate_types"
                known.require(dictionary, code, element, "known_from", problems)
        check_options(element, problems)
        check_demands(element, element["type"], tuple(element["options"]), problems)
        if element["unit"] and element["type"] not in NUMBERS:
            problems.add(element.file, element.line_of("unit"), "unit_without_number", _("只有数才有单位"))
    for certificate_type in folder.listed("certificate_types"):
        known.require("departments", certificate_type["department"], certificate_type, "department", problems)
        check_credit_code(certificate_type["code"][:18], certificate_type, "code", problems)
        for line in certificate_type["face"]:
            known.require("elements", line["element"], line, "element", problems)


def check_parents(package: Package, problems: Problems) -> None:
    """Note divisions and departments that are, over several steps, above themselves."""
    for kind in ("divisions", "departments"):
        records = {record["code"]: record for _folder, record in package.records(kind)}
        for code, record in records.items():
            seen: set[str] = set()
            above = record["parent"]
            while above and above != code and above not in seen:
                seen.add(above)
                above = records[above]["parent"] if above in records else ""
            if above == code:
                line = record.line_of("parent")
                problems.add(record.file, line, "parent_cycle", _("“%(code)s”成了自己的上级") % {"code": code})


def check_options(record: Record, problems: Problems) -> None:
    """Note a field to choose from that has no options."""
    if record["type"] in CHOICES and not record["options"]:
        problems.add(record.file, record.line, "no_options", _("选择项要有 options"))


def check_demands(record: Record, type: str, options: tuple[str, ...], problems: Problems) -> None:
    """Note constraints of a record that a field of this type cannot have, or whose values are ill formed."""
    demands: Record = record["constraints"]
    for code, name in check_constraints(type, demands, options) if demands else ():
        line = demands.line_of(name) or record.line_of("constraints")
        message = str(CONSTRAINT_SENTENCES[code]) % {"name": name, "type": type}
        problems.add(record.file, line, "bad_constraint", message)


def check_credit_code(code: str, record: Record, key: str, problems: Problems) -> None:
    """Note a unified social credit code whose check digits are wrong."""
    if not code:
        return
    try:
        credit_code(code)
    except InvalidIdentifier:
        problems.add(record.file, record.line_of(key), "bad_credit_code", _("“%(code)s”的校验位不对") % {"code": code})
