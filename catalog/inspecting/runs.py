"""What the lints find, with the cause's place: in guides in files, in folders of definitions, or in the whole catalog."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from catalog.definitions import Finding
from catalog.definitions.finding import SEVERITIES
from catalog.inspecting.files import GuideFile, read_guides
from catalog.inspecting.rows import lint_catalog_rows, row_address
from catalog.linting.guides import lint_guide
from catalog.models import Matter, RegionalGuide
from catalog.packages.format.problems import PackageInvalid, PackageProblem, Problems
from catalog.packages.importing import CONTENT, import_package
from catalog.packages.locating import locate
from catalog.packages.package import Package
from catalog.packages.parts import PARTS
from catalog.packages.reading.folders import read_package
from catalog.publishing.publishing import MatterDraft
from catalog.wording.findings import FindingText
from catalog.wording.guides import in_words


def as_json(text: FindingText) -> dict[str, Any]:
    """Return a finding as ``lint_catalog --json`` prints it."""
    return {
        "code": text.code,
        "severity": text.severity,
        text.kind: text.name,
        "part": text.part,
        "message": text.sentence,
        "declared": _plain(text.declared),
        "found": _plain(text.found),
        "file": text.file,
        "line": text.line,
        "link": text.link,
    }


def lint_paths(paths: Sequence[Path]) -> list[FindingText]:
    """Lint files and folders without bringing anything in. Guides may refer to items' guides of the same call, or of the catalog."""
    found: list[FindingText] = []
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
            problems.add(str(path), 0, "no_folder", _("没有这个文件或文件夹"))
        found += [_problem(each) for each in problems.sorted()]
    items = {**_known_items(guides), **{guide.key: guide.facts for guide in guides if guide.is_item}}
    for guide in guides:
        found += [_in_file(guide, finding) for finding in lint_guide(guide.facts, items)]
    return _sorted(found)


def lint_everything() -> list[FindingText]:
    """Lint the catalog as it is: every matter, item, dictionary and guide. Cost: about 30 queries a matter."""
    found = [each for matter in Matter.objects.filter(is_listed=True) for each in _lint_matter(matter)]
    found += lint_catalog_rows()
    guides = list(RegionalGuide.objects.all())
    items = {guide.key: guide.facts for guide in guides if guide.item_id or "sub_items" not in guide.facts}
    for guide in guides:
        found += [in_catalog(guide, finding) for finding in lint_guide(guide.facts, items)]
    return _sorted(found)


def findings_of(guide: RegionalGuide) -> list[FindingText]:
    """Return what the lints find in one guide of the catalog."""
    items = _known_items([GuideFile(guide.facts, "")])
    return _sorted(in_catalog(guide, finding) for finding in lint_guide(guide.facts, items))


def in_catalog(guide: RegionalGuide, finding: Finding) -> FindingText:
    """Return a finding about a guide of the catalog, with the page and place of its cause."""
    kind = "guide" if "sub_items" in guide.facts else "item_guide"
    anchor = "-".join(str(step) for step in finding.sources[0].path[:2])
    link = f"{row_address('regionalguide', guide.pk)}#{anchor}"
    return replace(in_words(finding), kind=kind, name=guide.key, link=link)


def counts(found: Iterable[FindingText]) -> dict[str, int]:
    """Return how many errors, warnings and notes there are."""
    tally = Counter(each.severity for each in found)
    return {severity: tally[severity] for severity in SEVERITIES}


def _in_file(guide: GuideFile, finding: Finding) -> FindingText:
    kind, line = "item_guide" if guide.is_item else "guide", guide.line_of(finding.sources[0].path)
    return _at(replace(in_words(finding), kind=kind, name=guide.key), guide.file, line)


def _at(text: FindingText, file: str, line: int) -> FindingText:
    return replace(text, file=file, line=line, link=f"{file}:{line}" if line else file)


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


def _lint_package(path: Path) -> list[FindingText]:
    """Bring a folder in, lint it there, and take everything back."""
    found: list[FindingText] = []
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
                found += [replace(each, link="") for each in lint_catalog_rows()]
        transaction.set_rollback(True)
    return found


def _lint_matter(matter: Matter, package: Package | None = None) -> list[FindingText]:
    """Return what is wrong with a matter; with the ``package`` it came from each finding names file and line, else its page."""
    found = []
    for each in MatterDraft(matter).lint():
        part = "/".join(word for word in (each.name, each.part) if word)
        text = replace(each, kind="matter", name=matter.slug, part=part, link=row_address("matter", matter.pk))
        if package is not None:
            record = next((folder.matter for folder in package.matters if folder.slug == matter.slug), None)
            text = _at(text, *locate(package, record, matter.slug, each.name, each.part, each.code))
        found.append(text)
    return found


def _problem(problem: PackageProblem) -> FindingText:
    text = FindingText(problem.code, "error", problem.message, "package", problem.file)
    return _at(text, problem.file, problem.line)


def _sorted(found: Iterable[FindingText]) -> list[FindingText]:
    return sorted(found, key=lambda each: (SEVERITIES.index(each.severity), each.kind, each.name))
