"""What a matter's file says that does not hold together: its items, roles, sections and waits."""

from __future__ import annotations

from django.utils.translation import gettext as _

from catalog.models import ServiceItem
from catalog.packages.checks.known import Known
from catalog.packages.format.problems import Problems
from catalog.packages.format.records import Record
from catalog.packages.package import Folder


def check_matter(folder: Folder, matter: Record, known: Known, problems: Problems) -> None:
    """Note what is wrong in a folder's matter, with the lines. Cost: at most one query."""
    known.require("departments", matter["lead_department"], matter, "lead_department", problems)
    known.require("divisions", matter["division"], matter, "division", problems)
    members = {entry["item"] for entry in matter["items"]}
    roles = {role["key"] for role in matter["roles"]}
    for entry in matter["items"]:
        known.require("items", entry["item"], entry, "item", problems)
        if entry["per"]:
            _require_role(entry["per"], roles, entry, "per", problems)
        for role in entry["roles"].values():
            _require_role(role, roles, entry, "roles", problems)
        for dependency in entry["after"]:
            if dependency["item"] not in members:
                message = _("“%(item)s”不是这件事的联办事项") % {"item": dependency["item"]}
                problems.add(dependency.file, dependency.line_of("item"), "refers_to_nowhere", message)
            elif dependency["item"] == entry["item"]:
                problems.add(dependency.file, dependency.line, "waits_for_itself", _("事项不能等自己"))
    _check_unlisted(folder, members, problems)
    _check_places(folder, matter, roles, problems)


def _require_role(role: str, roles: set[str], record: Record, key: str, problems: Problems) -> None:
    if role not in roles:
        message = _("没有角色“%(role)s”") % {"role": role}
        problems.add(record.file, record.line_of(key), "refers_to_nowhere", message)


def _check_unlisted(folder: Folder, members: set[str], problems: Problems) -> None:
    """Note items of the folder that its matter does not list: forgotten, unless cancelled or already kept so by the catalog."""
    cancelled = ServiceItem.Status.CANCELLED
    unlisted = [item for item in folder.items if item["slug"] not in members and item["status"] != cancelled]
    if not unlisted:
        return
    slugs = [item["slug"] for item in unlisted]
    kept = set(ServiceItem.objects.filter(slug__in=slugs, package=folder.slug).values_list("slug", flat=True))
    for item in unlisted:
        if item["slug"] not in kept:
            message = _("“%(item)s”没有列入 matter.yaml 的 items") % {"item": item["slug"]}
            problems.add(item.file, item.line_of("slug"), "unused_item", message)


def _check_places(folder: Folder, matter: Record, roles: set[str], problems: Problems) -> None:
    """Check that roles and sections of the items' parts are those of the matter (after the matter's renaming)."""
    sections = {section["key"] for section in matter["sections"]}
    renamed = {entry["item"]: entry["roles"] for entry in matter["items"]}
    for item in folder.items:
        if item["slug"] not in renamed:
            continue
        names = renamed[item["slug"]]
        for line in item["lines"]:
            _require_role(names.get(line["role"], line["role"]), roles, line, "role", problems)
            if line["section"] not in sections:
                message = _("没有表单部分“%(section)s”") % {"section": line["section"]}
                problems.add(line.file, line.line_of("section"), "refers_to_nowhere", message)
        for result in item["results"]:
            for role in result["co_holders"]:
                _require_role(names.get(role, role), roles, result, "co_holders", problems)
        granted = [(result, key) for result in item["results"] for key in ("holder", "founds")]
        for part, key in [*((need, "role") for need in item["materials"]), *granted]:
            if part[key]:
                _require_role(names.get(part[key], part[key]), roles, part, key, problems)
    for key, section in matter["placement"].items():
        if section not in sections:
            message = _("没有表单部分“%(section)s”") % {"section": section}
            problems.add(matter.file, matter["placement"].line_of(key), "refers_to_nowhere", message)
