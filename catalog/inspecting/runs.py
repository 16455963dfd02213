"""What the lints find, with the cause's place: in guides in files, in folders of definitions, or in the whole catalog."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import DatabaseError, transaction
from django.urls import NoReverseMatch, reverse

from catalog.inspecting.files import SUFFIXES, GuideFile, read_guides
from catalog.inspecting.rows import lint_catalog_rows
from catalog.linting.guides import GuideFinding, lint_guide
from catalog.models import Matter, RegionalGuide
from catalog.packages.format.problems import PackageInvalid, PackageProblem, Problems
from catalog.packages.importing import CONTENT, import_package
from catalog.packages.locating import locate
from catalog.packages.package import Package
from catalog.packages.parts import PARTS
from catalog.packages.reading.folders import read_package
from catalog.publishing.publishing import MatterDraft
from catalog.wording.guides import sentence

_RANK = {"error": 0, "warning": 1, "note": 2}


@dataclass(frozen=True, slots=True)
class Found:
    """A finding with its sentence and where its cause is.

    ``kind``: what ``name`` names (guide, item_guide, matter, item, element, material, department …). ``link``: a page of the admin, or
    ``file:line``.
    """

    code: str
    severity: str
    kind: str
    name: str
    part: str
    message: str
    declared: Any = None
    found: Any = None
    file: str = ""
    line: int = 0
    link: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return the finding as ``lint_catalog --json`` prints it."""
        return {
            "code": self.code,
            "severity": self.severity,
            self.kind: self.name,
            "part": self.part,
            "message": self.message,
            "declared": self.declared,
            "found": self.found,
            "file": self.file,
            "line": self.line,
            "link": self.link,
        }


def lint_paths(paths: Sequence[Path]) -> list[Found]:
    """Lint files and folders without bringing anything in. Guides may refer to items' guides of the same call, or of the catalog."""
    found: list[Found] = []
    guides: list[GuideFile] = []
    for path in paths:
        problems = Problems()
        if path.is_dir() and (folders := _package_folders(path)):
            found += _lint_package(path)
            for folder in folders:
                guides += read_guides(folder / "guides", problems) if (folder / "guides").is_dir() else []
        elif path.name == "matter.yaml" and path.is_file():
            found += lint_paths([path.parent])
        elif path.exists():
            guides += read_guides(path, problems)
        else:
            problems.add(str(path), 0, "no_folder", _no_file())
        found += [_problem(each) for each in problems.sorted()]
    items = {**_known_items(guides), **{guide.key: guide.facts for guide in guides if guide.is_item}}
    for guide in guides:
        found += [_in_file(guide, finding) for finding in lint_guide(guide.facts, items)]
    return _sorted(found)


def lint_everything() -> list[Found]:
    """Lint the catalog as it is: every matter, item, dictionary and guide. Cost: about 30 queries a matter."""
    found = [each for matter in Matter.objects.filter(is_listed=True) for each in _lint_matter(matter)]
    found += [
        Found(
            each.code,
            each.severity,
            each.kind,
            each.name,
            each.part,
            each.message,
            each.declared,
            each.found,
            link=_link(each.model, each.pk),
        )
        for each in lint_catalog_rows()
    ]
    guides = list(RegionalGuide.objects.all())
    items = {guide.key: guide.facts for guide in guides if guide.item_id or "sub_items" not in guide.facts}
    for guide in guides:
        found += [in_catalog(guide, finding) for finding in lint_guide(guide.facts, items)]
    return _sorted(found)


def findings_of(guide: RegionalGuide) -> list[Found]:
    """Return what the lints find in one guide of the catalog."""
    items = _known_items([GuideFile(guide.facts, "")])
    return _sorted(in_catalog(guide, finding) for finding in lint_guide(guide.facts, items))


def in_catalog(guide: RegionalGuide, finding: GuideFinding) -> Found:
    """Return a finding about a guide of the catalog, with the page and place of its cause."""
    kind = "guide" if "sub_items" in guide.facts else "item_guide"
    anchor = "-".join(str(step) for step in finding.path[:2])
    link = f"{_link('regionalguide', guide.pk)}#{anchor}"
    return Found(
        finding.code,
        finding.severity,
        kind,
        guide.key,
        finding.part,
        sentence(finding),
        _plain(finding.declared),
        _plain(finding.found),
        link=link,
    )


def counts(found: Iterable[Found]) -> dict[str, int]:
    """Return how many errors, warnings and notes there are."""
    tally = dict.fromkeys(_RANK, 0)
    for each in found:
        tally[each.severity] = tally.get(each.severity, 0) + 1
    return tally


def _in_file(guide: GuideFile, finding: GuideFinding) -> Found:
    line = guide.line_of(finding.path)
    return Found(
        finding.code,
        finding.severity,
        "item_guide" if guide.is_item else "guide",
        guide.key,
        finding.part,
        sentence(finding),
        _plain(finding.declared),
        _plain(finding.found),
        guide.file,
        line,
        f"{guide.file}:{line}" if line else guide.file,
    )


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _known_items(guides: Iterable[GuideFile]) -> dict[str, Mapping[str, Any]]:
    """Return the items' guides that these guides refer to: of the catalog, else of the project's own package. Cost: at most one query."""
    keys = {
        str(ref)
        for guide in guides
        for each in guide.facts.get("sub_items") or ()
        if isinstance(each, Mapping)
        for ref in each.get("item_refs") or ()
    }
    if not keys:
        return {}
    known: dict[str, Mapping[str, Any]] = {}
    try:
        with transaction.atomic():
            known = dict(RegionalGuide.objects.filter(key__in=keys).values_list("key", "facts"))
    except DatabaseError:  # guides in files can be linted before there is a catalog
        pass
    files = [file for key in sorted(keys - set(known)) for file in CONTENT.glob(f"**/guides/{key}.yaml")]
    return known | {guide.key: guide.facts for file in files for guide in read_guides(file, Problems())}


def _package_folders(path: Path) -> list[Path]:
    """Return the folders of definitions within a folder: itself and those of its matters; none where it holds only guides."""
    matters = sorted(file.parent for file in path.glob("*/matter.yaml"))
    if (path / "matter.yaml").exists():
        return [path]
    return [path, *matters] if matters else []


def _lint_package(path: Path) -> list[Found]:
    """Bring a folder in, lint it there, and take everything back."""
    found: list[Found] = []
    with transaction.atomic():
        try:
            import_package(path)
        except PackageInvalid as refusal:
            found = [_problem(each) for each in refusal.problems]
        else:
            slugs = [folder.name for folder in _package_folders(path)]
            matters = Matter.objects.filter(slug__in=slugs)
            package = read_package(path, Problems(), PARTS)
            found = [each for matter in matters for each in _lint_matter(matter, package)]
            if not (path / "matter.yaml").exists():
                found += [
                    Found(e.code, e.severity, e.kind, e.name, e.part, e.message, e.declared, e.found)
                    for e in lint_catalog_rows()
                ]
        transaction.set_rollback(True)
    return found


def _lint_matter(matter: Matter, package: Package | None = None) -> list[Found]:
    """Return what is wrong with a matter; with the ``package`` it came from each finding names file and line, else its page."""
    found = []
    for obstacle in MatterDraft(matter).lint():
        file, line, link = "", 0, _link("matter", matter.pk)
        if package is not None:
            record = next((folder.matter for folder in package.matters if folder.slug == matter.slug), None)
            file, line = locate(package, record, matter.slug, obstacle.item, obstacle.part, obstacle.code)
            link = f"{file}:{line}" if line else file
        part = "/".join(each for each in (obstacle.item, obstacle.part) if each)
        found.append(
            Found(
                *(obstacle.code, obstacle.severity, "matter", matter.slug, part, obstacle.message),
                file=file,
                line=line,
                link=link,
            )
        )
    return found


def _problem(problem: PackageProblem) -> Found:
    place = f"{problem.file}:{problem.line}" if problem.line else problem.file
    return Found(
        problem.code,
        "error",
        "package",
        problem.file,
        "",
        problem.message,
        file=problem.file,
        line=problem.line,
        link=place,
    )


def _no_file() -> str:
    from django.utils.translation import gettext

    return gettext("没有这个文件或文件夹")


def _link(model: str, pk: Any) -> str:
    if not model or pk is None:
        return ""
    try:
        return reverse(f"admin:catalog_{model}_change", args=[pk])
    except NoReverseMatch:
        return ""


def _sorted(found: Iterable[Found]) -> list[Found]:
    return sorted(found, key=lambda each: (_RANK.get(each.severity, 0), each.kind, each.name))


__all__ = ["SUFFIXES", "Found", "counts", "findings_of", "in_catalog", "lint_everything", "lint_paths"]
