"""Write the catalog as a package: files that, imported, change nothing."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from catalog.models import CertificateType, DataElement, Department, Material, Matter, ServiceItem, Translation
from catalog.packages import schema
from catalog.packages.format.fitting import Unfit, differing, filled
from catalog.packages.format.nodes import nodes_of
from catalog.packages.format.problems import PackageInvalid, Problems
from catalog.packages.format.specs import Spec
from catalog.packages.format.yaml_layout import to_yaml
from catalog.packages.parts import PARTS
from catalog.packages.records import dictionary_records, item_records, matter_records

ReportProgress = Callable[[str], None]


@dataclass
class _Export:
    """Records to be written, by file; afterwards their text."""

    problems: Problems = field(default_factory=Problems)
    records: dict[str, tuple[Spec, Any]] = field(default_factory=dict)

    def add(self, name: str, spec: Spec, value: Any) -> None:
        if value:
            self.records[name] = (spec, value)

    def texts(self) -> dict[str, str]:
        """Return file name → text. What would not be read back as it is, is noted and left out."""
        written: dict[str, str] = {}
        for name, (spec, value) in self.records.items():
            try:
                wanted = filled(spec, value)
                text = to_yaml(spec, value)
            except Unfit as unfit:
                self._refuse(name, unfit.path)
                continue
            node = nodes_of(text, name, self.problems)
            path = differing(spec.read(node, name, self.problems), wanted) if node is not None else None
            if path is not None and not self.problems.has_file(name):
                self._refuse(name, path)
            written[name] = text
        return written

    def _refuse(self, name: str, path: str) -> None:
        message = _("“%(path)s”里的值写不进文件，请先改正") % {"path": path or "/"}
        self.problems.add(name, 0, "unwritable", message)


@transaction.atomic
def export_files(
    matters: Collection[str] | None = None, report_progress: ReportProgress = lambda line: None
) -> dict[str, str]:
    """Return file name → text of the catalog, or only of the folders of some ``matters`` (slugs, which must exist).

    Every text is read back and compared before it is given out: raises `PackageInvalid` where the catalog holds what no file can say,
    naming the file and the key. Matters that applicants combined themselves stay out.
    """
    export = _Export()
    listed = Matter.objects.filter(is_listed=True) if matters is None else Matter.objects.filter(slug__in=matters)
    records = matter_records(listed)
    packages = set(records) if matters is not None else {"", *records}
    dictionaries = dictionary_records()
    homes = set(Matter.objects.filter(is_listed=True).values_list("slug", flat=True))
    for kind, spec in schema.DICTIONARIES.items():
        for package, entries in dictionaries.get(kind, {}).items():
            _gather(export, package if package in homes else "", kind, spec, entries, packages)
    items = ServiceItem.objects.all() if matters is None else ServiceItem.objects.filter(package__in=packages)
    for package, record in item_records(items):
        home = package if package in homes else ""
        export.add(f"{_prefix(home)}items/{record['slug']}.yaml", schema.ITEM, record)
    for slug, record in records.items():
        export.add(f"{slug}/matter.yaml", schema.MATTER, record)
    for part in PARTS:
        for package, record in part.export(sorted(packages)):
            export.add(f"{_prefix(package)}{part.name}/{record[part.key]}.yaml", part.spec, record)
    _add_translations(export, packages)
    report_progress(_("整理 %(count)d 个文件") % {"count": len(export.records)})
    texts = export.texts()
    if export.problems:
        raise PackageInvalid(export.problems.sorted())
    return dict(sorted(texts.items()))


def export_package(
    root: Path,
    matters: Collection[str] | None = None,
    *,
    replace: bool = False,
    report_progress: ReportProgress = lambda line: None,
) -> list[str]:
    """Write the catalog (or some matters' folders) below ``root`` and return the names of the files whose content changed.

    A file that is there already keeps the comment at its head. Files of a package that the catalog no longer knows are deleted with
    ``replace``; without it their presence refuses the export (`PackageInvalid`), and nothing is written.
    """
    texts = export_files(matters, report_progress)
    known = {*texts}
    folders = {name.rpartition("/")[0] for name in texts}
    left = sorted(
        name
        for folder in folders
        for path in (root / folder).glob("*.yaml")
        if (name := str(path.relative_to(root))) not in known
    )
    if left and not replace:
        problems = Problems()
        for name in left:
            problems.add(name, 0, "not_in_catalog", _("目录里没有它；要一并删去请加 --replace，或者换一个空文件夹"))
        raise PackageInvalid(problems.sorted())
    written = []
    for number, (name, text) in enumerate(texts.items(), 1):
        path = root / name
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        text = _head(before) + text
        if text != before:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            written.append(name)
        if number % 100 == 0:
            report_progress(_("写出 %(done)d/%(all)d") % {"done": number, "all": len(texts)})
    for name in left:
        (root / name).unlink()
        report_progress(_("删除 %(name)s") % {"name": name})
    return [*written, *left]


@transaction.atomic
def export_workbook(path: Path, items: QuerySet[ServiceItem]) -> int:
    """Write items to a workbook and return how many. Raises `PackageInvalid` where a value cannot be written exactly."""
    export = _Export()
    records = item_records(items)
    for package, record in records:
        export.add(f"{_prefix(package)}items/{record['slug']}.yaml", schema.ITEM, record)
    export.texts()
    if export.problems:
        raise PackageInvalid(export.problems.sorted())
    names = {
        "departments": dict(Department.objects.order_by("pk").values_list("code", "name")),
        "elements": dict(DataElement.objects.order_by("code").values_list("code", "name")),
        "materials": dict(Material.objects.order_by("code").values_list("code", "name")),
        "certificate_types": dict(CertificateType.objects.order_by("slug").values_list("slug", "name")),
    }
    # Loaded when it is needed: it takes a seventh of the time in which every process of the site starts.
    from catalog.packages.sheets.writing import write_workbook

    write_workbook(path, records, names)
    return len(records)


def _gather(export: _Export, home: str, kind: str, spec: Spec, entries: Any, packages: set[str]) -> None:
    """Add a dictionary's entries to their file, beside those that came from a folder which is no more."""
    if home not in packages:
        return
    name = f"{_prefix(home)}{kind}.yaml"
    if name in export.records:
        held = export.records[name][1]
        entries = {**held, **entries} if isinstance(held, dict) else [*held, *entries]
    export.add(name, spec, entries)


def _prefix(package: str) -> str:
    return f"{package}/" if package else ""


def _add_translations(export: _Export, packages: set[str]) -> None:
    """Add the English of each folder, in the order in which its files use the Chinese."""
    texts: dict[str, dict[str, str]] = {}
    for slug, source, text in Translation.objects.filter(language="en").values_list("matter__slug", "source", "text"):
        texts.setdefault(slug or "", {})[source] = text
    for package in packages & texts.keys():
        prefix = _prefix(package)
        order: dict[str, int] = {}
        for name, (_spec, value) in list(export.records.items()):
            if name.startswith(prefix) and (package or name.count("/") == 0 or name.startswith("items/")):
                _note_texts(value, order)
        sources = sorted(texts[package], key=lambda source: (order.get(source, len(order)), source))
        english = {source: texts[package][source] for source in sources}
        export.add(f"{prefix}en.yaml", schema.DICTIONARIES["en"], english)


def _note_texts(value: Any, order: dict[str, int]) -> None:
    if isinstance(value, str):
        order.setdefault(value, len(order))
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ():
        _note_texts(each, order)


def _head(text: str) -> str:
    """Return the comment lines at the head of a file."""
    lines = text.splitlines(keepends=True)
    end = next((number for number, line in enumerate(lines) if not line.startswith("#")), len(lines))
    return "".join(lines[:end])
