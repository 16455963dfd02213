"""Bring a package into the catalog: all of it, or nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from django.db import connection, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from catalog.models import Division, FactSource, Matter, MatterVersion, Proposal, ServiceItem, Translation
from catalog.packages.checks.references import check_references
from catalog.packages.describing import ChangedObject, describe
from catalog.packages.format.problems import PackageInvalid, Problems
from catalog.packages.format.records import Record
from catalog.packages.locating import locate
from catalog.packages.package import Folder, Package
from catalog.packages.parts import PARTS
from catalog.packages.reading.folders import read_package
from catalog.packages.rows.definitions import sync_items, sync_matter
from catalog.packages.rows.dictionary import sync_dictionaries
from catalog.packages.rows.syncing import Tally, sync
from catalog.publishing.proposing import AlreadyProposed, NothingChanged, propose
from catalog.publishing.publishing import PublishingRefused, publish
from catalog.publishing.recording import recording
from catalog.versions.items import publish_items
from portal.accounts.models import User

CONTENT = Path(__file__).resolve().parent.parent / "content"
# Held while an import writes: two at once would each see half of the other's rows. Any number no other lock of ours uses.
_LOCK = 0x59494A49

ReportProgress = Callable[[str], None]


@dataclass
class ImportReport:
    """What an import did, or with ``is_dry_run`` would do. ``changes``: the same by definition, in words. ``proposed``: what now waits for
    review, where the import was not to publish."""

    tally: Tally
    is_dry_run: bool
    published: list[MatterVersion] = field(default_factory=list)
    unchanged: list[MatterVersion] = field(default_factory=list)
    changes: list[ChangedObject] = field(default_factory=list)
    proposed: list[Proposal] = field(default_factory=list)


class _DryRun(Exception):
    pass


def import_package(
    root: Path,
    *,
    by: User | None = None,
    dry_run: bool = False,
    report_progress: ReportProgress = lambda line: None,
    propose_as: str = "",
    accept: Callable[[ImportReport], bool] = lambda report: True,
) -> ImportReport:
    """Make the catalog hold what the folder (or the ``.xlsx`` workbook) says and publish the matters whose content changed (all but those
    that are only coming).

    Idempotent, one transaction. Raises `PackageInvalid` with every mistake by file and line; nothing is then changed.
    ``report_progress`` receives one line for each step. With ``propose_as`` (a note) nothing is published: what changed is proposed by ``by`` for
    another person's review. ``accept`` sees the report before anything is final; if it declines, the import was a dry run.
    """
    problems = Problems()
    report_progress(_("读取 %(folder)s") % {"folder": root})
    package = _read(root, problems)
    report_progress(
        _("检查 %(items)d 个事项、%(matters)d 件事") % {"items": package.item_count, "matters": len(package.matters)}
    )
    check_references(package, problems, [part.check for part in PARTS])
    if problems:
        raise PackageInvalid(problems.sorted())
    report = ImportReport(Tally(), dry_run)
    try:
        with recording("import_catalog", user_id=by.pk if by else None, package=root.name), transaction.atomic():
            _Import(package, report, problems, by, report_progress, propose_as).run()
            if problems:
                raise PackageInvalid(problems.sorted())
            report.changes = describe(report.tally.changes)
            if dry_run or not accept(report):
                raise _DryRun
    except _DryRun:
        report.is_dry_run = True
    return report


def _read(root: Path, problems: Problems) -> Package:
    if root.suffix.lower() != ".xlsx":
        return read_package(root, problems, PARTS)
    # What knows spreadsheets takes a seventh of the time in which every process of the site starts.
    from catalog.packages.sheets.reading import read_workbook

    return read_workbook(root, problems)


@dataclass
class _Import:
    package: Package
    report: ImportReport
    problems: Problems
    by: User | None
    report_progress: ReportProgress
    propose_as: str = ""
    matters: dict[str, Matter] = field(default_factory=dict)

    def run(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        self._write()
        if not self.problems:
            self._publish_all()
        if not self.problems:
            self._publish_items()

    def _write(self) -> None:
        tally = self.report.tally
        self.report_progress(_("写入字典"))
        for folder in self.package.folders:
            _sync_sources(folder, tally)
        if self.propose_as:
            _refuse_changed_divisions(self.package, self.problems)
        sync_dictionaries(self.package, tally)
        folders = [folder for folder in self.package.folders if folder.items or folder.matter]
        for number, folder in enumerate(folders, 1):
            step = {"folder": folder.slug or _("单独的事项"), "number": number, "all": len(folders)}
            self.report_progress(_("写入事项 %(folder)s（%(number)d/%(all)d）") % {**step})
            sync_items(folder, tally)
        for folder in self.package.matters:
            self.matters[folder.slug] = sync_matter(folder, tally)
        self.report_progress(_("写入译文和其他部分"))
        for folder in self.package.folders:
            _sync_translations(folder, self.matters.get(folder.slug), tally)
            _drop_items(folder, tally, self.problems)
        for folder in self.package.folders:
            # A workbook carries items alone: what else their folder holds is not gone.
            for part in PARTS if folder.matter is not None or not folder.slug else ():
                part.sync(folder, self.matters.get(folder.slug), tally)

    def _publish_all(self) -> None:
        others = self._others()
        total = len(self.package.matters) + len(others)
        for number, folder in enumerate(self.package.matters, 1):
            self._publish(self.matters[folder.slug], folder, f"{number}/{total}")
            for part in PARTS:
                if part.publish is not None and not self.problems and not self.propose_as:
                    published = part.publish(folder, self.matters[folder.slug], self.by, self.problems)
                    self.report.published.extend(published)
        for number, matter in enumerate(others, len(self.package.matters) + 1):
            self._publish(matter, None, f"{number}/{total}")

    def _others(self) -> list[Matter]:
        """Return the published matters outside the package that use its items: their content may have changed with these."""
        items = [item["slug"] for folder in self.package.folders for item in folder.items]
        matters = Matter.objects.filter(items__item__slug__in=items, current_version__isnull=False, is_listed=True)
        return list(matters.exclude(slug__in=self.matters).distinct().order_by("slug"))

    def _publish(self, matter: Matter, folder: Folder | None, step: str) -> None:
        before = matter.current_version_id
        try:
            if self.propose_as:
                self._propose(matter)
                return
            version = publish(matter, by=self.by)
        except PublishingRefused as refusal:
            self._note(refusal, matter.slug, folder.matter if folder else None)
            return
        if version.pk == before:
            self.report.unchanged.append(version)
        else:
            self.report.published.append(version)
            self.report_progress(_("发布 %(version)s（%(step)s）") % {"version": version, "step": step})

    def _publish_items(self) -> None:
        """Freeze (or propose) the items as they are now; those of a matter are proposed with it."""
        if not self.propose_as:
            slugs = [item["slug"] for folder in self.package.folders for item in folder.items]
            publish_items(ServiceItem.objects.filter(slug__in=slugs), by=self.by)
            return
        slugs = [item["slug"] for folder in self.package.folders for item in folder.items if not folder.slug]
        for item in ServiceItem.objects.filter(slug__in=slugs, matter_items__isnull=True).order_by("slug"):
            try:
                self._propose(item)
            except PublishingRefused as refusal:
                self._note(refusal, item.slug, None)

    def _propose(self, definition: Matter | ServiceItem) -> None:
        if self.by is None:
            raise ValueError("a proposal is made by someone")
        try:
            self.report.proposed.append(propose(definition, by=self.by, note=self.propose_as))
        except NothingChanged:
            pass
        except AlreadyProposed as waiting:
            self.report.proposed.append(waiting.proposal)

    def _note(self, refusal: PublishingRefused, slug: str, matter: Record | None) -> None:
        for finding in refusal.findings:
            file, line = locate(self.package, matter, slug, finding.name, finding.part, finding.code)
            self.problems.add(file, line, finding.code, finding.sentence)


def _refuse_changed_divisions(package: Package, problems: Problems) -> None:
    """Note every division that a package would add or change: pages read its row at once, and what one person hands in is only proposed."""
    known = {one.code: (one.name, one.level, one.parent_id) for one in Division.objects.all()}
    for _folder, record in package.records("divisions"):
        code = record["code"]
        if code not in known:
            sentence = _("“%(code)s”不在区划里；区划按国家标准，各处的表单马上会用，请系统管理员导入")
            problems.add(record.file, record.line_of("code"), "division_added", sentence % {"code": code})
        elif known[code] != (record["name"], record["level"], record.get("parent") or None):
            sentence = _("“%(code)s”的名称已经在用，按国家标准，不能这样改；确需更名，请系统管理员导入")
            problems.add(record.file, record.line_of("name"), "division_renamed", sentence % {"code": code})


def _sync_sources(folder: Folder, tally: Tally) -> None:
    texts = folder.mapped("sources")
    wanted = [{"package": folder.slug, "key": key, "citation": text} for key, text in texts.items()]
    if wanted:
        sync(FactSource.objects.filter(key__in=texts), wanted, ("key",), tally)


def _sync_translations(folder: Folder, matter: Matter | None, tally: Tally) -> None:
    if "en" not in folder.dictionaries and (not folder.slug or folder.matter is None):
        return
    matter_id = matter.pk if matter else None
    wanted = [
        {"matter_id": matter_id, "language": "en", "source": source, "text": text}
        for source, text in folder.mapped("en").items()
    ]
    sync(Translation.objects.filter(matter=matter, language="en"), wanted, ("matter_id", "source"), tally)


def _drop_items(folder: Folder, tally: Tally, problems: Problems) -> None:
    """Delete the items that left the folder; what was published or applied for is cancelled. Refused where another matter needs one."""
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
            continue
        try:
            with transaction.atomic():
                item.delete()
        except ProtectedError:
            # What was published or applied for stays known; it is only no longer done.
            if item.status != ServiceItem.Status.CANCELLED:
                item.status = ServiceItem.Status.CANCELLED
                item.save(update_fields=["status"])
                tally.note("changed", item, ("slug",), ("status",))
        else:
            tally.note("deleted", item, ("slug",))
