"""What an item's file says that does not hold together: codes, limits, and what its parts refer to."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.linting.items import beyond_statute, procedures, published_as_open
from catalog.models import ServiceItem
from catalog.packages.checks.dictionary import check_demands, check_options
from catalog.packages.checks.item_codes import catalog_code_mistakes, task_code_mistakes
from catalog.packages.checks.known import Known, note_repeated
from catalog.packages.format.problems import Problems
from catalog.packages.format.records import Record
from catalog.packages.package import Package
from catalog.wording.findings import in_words

CODE_SENTENCES = {
    "level": gettext_lazy("“%(code)s”的前两位应是 00（国家）或者省级代码"),
    "type": gettext_lazy("“%(code)s”的第 3、4 位不是事项类型"),
    "other_type": gettext_lazy("“%(code)s”的第 3、4 位与事项类型 %(item_type)s 不一致"),
    "credit_code": gettext_lazy("“%(code)s”的前 18 位不是有效的统一社会信用代码"),
    "exercise_level": gettext_lazy("“%(code)s”的第 19 位不是行使层级"),
    "other_exercise_level": gettext_lazy("“%(code)s”的第 19 位与行使层级 %(exercise_level)s 不一致"),
    "other_catalog_code": gettext_lazy("“%(code)s”的后 12 位与基本编码 %(catalog_code)s 不一致"),
    "not_digits": gettext_lazy("“%(code)s”的后 12 位应是数字"),
}


def check_item(item: Record, known: Known, problems: Problems) -> None:
    """Note what is wrong in one item, with the lines."""
    known.require("departments", item["department"], item, "department", problems)
    _check_codes(item, problems)
    promised, statutory = item["promised_limit_days"], item["statutory_limit_days"]
    for finding in beyond_statute(item["slug"], promised, statutory):
        problems.add(item.file, item.line_of("promised_limit_days"), finding.code, in_words(finding).sentence)
    for finding in published_as_open(item["slug"], item["facts"], item):
        name = finding.params["attribute"]
        problems.add(item.file, item.line_of(name), finding.code, in_words(finding).sentence)
    for finding in procedures(item["slug"], item["special_procedures"]):
        problems.add(item.file, item.line_of("special_procedures"), finding.code, in_words(finding).sentence)
    _check_lines(item, known, problems)
    for need in item["materials"]:
        _check_need(need, known, problems)
    for output in item["outputs"]:
        options = _options_of(output, known)
        if not options:
            check_options(output, problems)
        check_demands(output, output["type"], options, problems)
    _check_results(item, known, problems)


def check_task_codes(package: Package, problems: Problems) -> None:
    """Note an implementation code that stands for two items. Items that share one differ in their local code (业务办理项)."""
    seen: dict[tuple[str, str], Record] = {}
    for folder in package.folders:
        for item in folder.items:
            key = (item["task_code"], item["local_code"])
            if not key[0]:
                continue
            if key in seen:
                note_repeated(item, "task_code", key[0], seen[key], seen[key].line_of("task_code"), problems)
            seen.setdefault(key, item)
    known = {item["slug"] for folder in package.folders for item in folder.items}
    codes = {code for code, _local in seen}
    held = ServiceItem.objects.filter(task_code__in=codes).exclude(slug__in=known)
    for slug, code, local in held.values_list("slug", "task_code", "local_code"):
        if same := seen.get((code, local)):
            message = _("“%(code)s”已由“%(owner)s”使用") % {"code": code, "owner": slug}
            problems.add(same.file, same.line_of("task_code"), "repeated", message)


def _check_codes(item: Record, problems: Problems) -> None:
    types, levels = ServiceItem.Type.values, ServiceItem.ExerciseLevel.values
    names = {name: item[name] for name in ("item_type", "exercise_level", "catalog_code")}
    catalog_code, task_code = item["catalog_code"], item["task_code"]
    if re.fullmatch("[0-9]{12}", catalog_code):
        for mistake in catalog_code_mistakes(catalog_code, item["item_type"], types):
            message = str(CODE_SENTENCES[mistake]) % {**names, "code": catalog_code}
            problems.add(item.file, item.line_of("catalog_code"), "bad_item_code", message)
    if re.fullmatch("[0-9A-Z]{31}", task_code):
        given = (item["item_type"], catalog_code, item["exercise_level"])
        for mistake in task_code_mistakes(task_code, *given, types, levels):
            message = str(CODE_SENTENCES[mistake]) % {**names, "code": task_code}
            problems.add(item.file, item.line_of("task_code"), "bad_item_code", message)


def _check_lines(item: Record, known: Known, problems: Problems) -> None:
    facts: dict[tuple[str, str], Record] = {}
    for line in item["lines"]:
        known.require("elements", line["element"], line, "element", problems)
        key = (line["role"], line["element"])
        if key in facts:
            where = {"key": ":".join(key), "line": facts[key].line}
            problems.add(line.file, line.line, "repeated", _("“%(key)s”重复，第 %(line)d 行已有") % where)
        facts.setdefault(key, line)
        if line["element"] in known.elements:
            check_demands(line, *known.elements[line["element"]], problems)


def _check_need(need: Record, known: Known, problems: Problems) -> None:
    known.require("materials", need["material"], need, "material", problems)
    for other in need["excludes"]:
        known.require("materials", other, need, "excludes", problems)
    for exemption in need["exemptions"]:
        reference = exemption["reference"]
        kind = {"certificate": "certificate_types", "shared_data": "departments"}.get(exemption["kind"])
        if kind:
            known.require(kind, reference, exemption, "reference", problems)
        if kind and not reference:
            problems.add(exemption.file, exemption.line, "missing_key", _("缺少“%(key)s”") % {"key": "reference"})
        if exemption["kind"] == "result" and reference not in known.codes["items"] | known.codes["certificate_types"]:
            known.require("items", reference, exemption, "reference", problems)


def _options_of(output: Record, known: Known) -> tuple[str, ...]:
    """Return what a decision is chosen from: its own options, else those of the field that it repeats or feeds."""
    if output["options"]:
        return tuple(output["options"])
    elements = [known.elements.get(key.partition(":")[2]) for key in (*output["repeats"], output["feeds"])]
    return next((found[1] for found in elements if found is not None and found[0] == output["type"] and found[1]), ())


def _check_results(item: Record, known: Known, problems: Problems) -> None:
    outputs = {output["code"] for output in item["outputs"]}
    for result in item["results"]:
        known.require("certificate_types", result["certificate_type"], result, "certificate_type", problems)
        face: Record = result["face"]
        for code, origin in face.items():
            kind, _colon, what = origin.partition(":")
            if (kind == "output" and what not in outputs) or (kind == "field" and ":" not in what):
                message = _("照面“%(code)s”取自不存在的“%(origin)s”") % {"code": code, "origin": origin}
                problems.add(face.file, face.line_of(code), "refers_to_nowhere", message)
