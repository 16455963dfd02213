"""Bring a package into the catalog: all of it, or nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from catalog.models import FactSource, Matter, MatterVersion, ServiceItem, Translation
from catalog.packages.dictionary_rows import sync_dictionaries
from catalog.packages.item_rows import sync_items
from catalog.packages.matter_rows import sync_matter
from catalog.packages.parts import parts_of_a_folder
from catalog.packages.problems import PackageInvalid, Problems
from catalog.packages.reading import Folder, Package, read_package
from catalog.packages.references import check_references
from catalog.packages.syncing import Tally, sync
from catalog.publishing import PublishingRefused, publish
from portal.accounts.models import User

CONTENT = Path(__file__).resolve().parent.parent / "content"


@dataclass
class ImportReport:
    """What an import did, or with ``is_dry_run`` would do."""

    tally: Tally
    is_dry_run: bool
    published: list[MatterVersion] = field(default_factory=list)
    unchanged: list[MatterVersion] = field(default_factory=list)


class _DryRun(Exception):
    pass


def import_package(
    root: Path,
    *,
    by: User | None = None,
    dry_run: bool = False,
    tell: Callable[[str], None] = lambda line: None,
) -> ImportReport:
    """Make the catalog hold what the folder says and publish the matters whose content changed (all but those that are only coming).

    Idempotent, one transaction. Raises `PackageInvalid` with every mistake by file and line; nothing is then changed.
    ``tell`` receives one line for each step.
    """
    problems = Problems()
    tell(_("读取 %(folder)s") % {"folder": root})
    package = read_package(root, problems)
    check_references(package, problems)
    if problems:
        raise PackageInvalid(problems.sorted())
    report = ImportReport(Tally(), dry_run)
    try:
        with transaction.atomic():
            _apply(package, report, problems, by, tell)
            if problems:
                raise PackageInvalid(problems.sorted())
            if dry_run:
                raise _DryRun
    except _DryRun:
        pass
    return report


def _apply(
    package: Package, report: ImportReport, problems: Problems, by: User | None, tell: Callable[[str], None]
) -> None:
    tally = report.tally
    for folder in package.folders:
        if "sources" in folder.dictionaries:
            wanted = [
                {"package": folder.slug, "key": key, "citation": text} for key, text in folder.mapped("sources").items()
            ]
            sync(FactSource.objects.filter(key__in=folder.mapped("sources")), wanted, ("key",), tally)
    sync_dictionaries(package, tally)
    for folder in package.folders:
        sync_items(folder, tally)
    matters: dict[str, Matter] = {}
    for folder in package.matters:
        tell(_("写入 %(matter)s") % {"matter": folder.slug})
        matters[folder.slug] = sync_matter(folder, tally)
    for folder in package.folders:
        _sync_translations(folder, matters.get(folder.slug), tally)
        _drop_items(folder, tally, problems)
    for folder in package.folders:
        for part in parts_of_a_folder():
            part.sync(folder, matters.get(folder.slug), tally)
    if problems:
        return
    for folder in package.matters:
        _publish(folder, matters[folder.slug], report, problems, by, tell)


def _sync_translations(folder: Folder, matter: Matter | None, tally: Tally) -> None:
    if "en" not in folder.dictionaries and not folder.slug:
        return
    matter_id = matter.pk if matter else None
    wanted = [
        {"matter_id": matter_id, "language": "en", "source": source, "text": text}
        for source, text in folder.mapped("en").items()
    ]
    sync(Translation.objects.filter(matter=matter, language="en"), wanted, ("source",), tally)


def _drop_items(folder: Folder, tally: Tally, problems: Problems) -> None:
    """Delete the items that left the folder, unless another matter holds on to them."""
    if folder.matter is None:
        return
    gone = ServiceItem.objects.filter(package=folder.slug).exclude(slug__in=[item["slug"] for item in folder.items])
    for item in gone.prefetch_related("matter_items__matter"):
        users = sorted(entry.matter.slug for entry in item.matter_items.all())
        if users:
            message = _("事项“%(item)s”不在文件夹里了，但“%(users)s”还在用") % {
                "item": item.slug,
                "users": "、".join(users),
            }
            problems.add(folder.matter.file, 0, "item_in_use", message)
        else:
            item.delete()
            tally.count(tally.deleted, ServiceItem, 1)


def _publish(
    folder: Folder,
    matter: Matter,
    report: ImportReport,
    problems: Problems,
    by: User | None,
    tell: Callable[[str], None],
) -> None:
    if matter.standing == Matter.Standing.COMING or folder.matter is None:
        return
    before = matter.current_version_id
    try:
        version = publish(matter, by=by)
    except PublishingRefused as refusal:
        for finding in refusal.findings:
            file, line = _place(folder, finding.item, finding.part)
            problems.add(file, line, finding.code, finding.message)
        return
    if version.pk == before:
        report.unchanged.append(version)
    else:
        report.published.append(version)
        tell(_("发布 %(version)s") % {"version": version})
    for part in parts_of_a_folder():
        if part.publish is not None:
            report.published.extend(part.publish(folder, matter, by, problems))


def _place(folder: Folder, slug: str, part: str) -> tuple[str, int]:
    """Return the file and line of the part of an item (or of the matter) that a finding names."""
    matter = folder.matter
    if matter is None:
        return folder.slug, 0
    for item in folder.items:
        if item["slug"] == slug:
            for kind, key in (
                ("lines", "code"),
                ("materials", "material"),
                ("outputs", "code"),
                ("cross_rules", "code"),
                ("consents", "code"),
                ("results", "certificate_type"),
            ):
                for record in item[kind]:
                    if part in (record[key], f"{record.get('role', '')}:{record.get('element', '')}"):
                        return record.file, record.line
            return item.file, 0
    for kind, key in (("questions", "key"), ("items", "item"), ("roles", "key"), ("sections", "key")):
        for record in matter[kind]:
            if record[key] in (part, slug):
                return record.file, record.line
    return matter.file, 0
