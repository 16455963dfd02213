"""Bring the words of ``catalog/content/search`` into the database.

Files: ``targets.yaml`` (what can be looked for), ``elsewhere.yaml`` (what is looked for and not applied for here), ``phrases/*.yaml`` (how it is asked for), ``synonyms.yaml``,
``questions.yaml`` (what to ask back) and ``stop_words.yaml`` (read by every process, not kept in the database).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml
from django.db import models, transaction

from catalog.models import MatterVersion, Origin, SearchPhrase, SearchQuestion, SearchTarget, SynonymGroup
from catalog.search.core.text import normalise

CONTENT: Final = Path(__file__).resolve().parent.parent / "content" / "search"
SEPARATOR: Final = "、"
LONGEST_PHRASE: Final = 120
BATCH: Final = 2000


class ContentInvalid(Exception):
    """The files contradict themselves; nothing was changed."""

    code = "search_content_invalid"


@dataclass
class ContentReport:
    """How many rows of each kind came, changed or went."""

    created: int = 0
    changed: int = 0
    deleted: int = 0


@transaction.atomic
def load_search_content(root: Path = CONTENT) -> ContentReport:
    """Make the rows of origin content what the files say. Idempotent; one transaction; raises `ContentInvalid`.

    What managers added or switched off stays as it is. Matters of the catalog that no file names become targets by
    their own name and their items'.
    """
    report = ContentReport()
    published = _listed()
    targets = _load(root / "targets.yaml", list)
    elsewhere = _load(root / "elsewhere.yaml", dict) if (root / "elsewhere.yaml").exists() else {}
    named = {row["slug"] for row in targets}
    unnamed = [row for row in published if row.slug not in named]
    _sync(
        SearchTarget.objects.all(),
        [
            {
                "slug": row["slug"],
                "kind": SearchTarget.Kind.ITEM if row["slug"].startswith("item:") else SearchTarget.Kind.MATTER,
                "name": row["name"],
                "department": row.get("department", ""),
                "position": position,
            }
            for position, row in enumerate(targets)
        ]
        + [
            {
                "slug": slug,
                "kind": SearchTarget.Kind.ELSEWHERE,
                "name": row["name"],
                "department": "",
                "position": len(targets) + position,
            }
            for position, (slug, row) in enumerate(elsewhere.items())
        ]
        + [
            {"slug": row.slug, **row.attributes(len(targets) + len(elsewhere) + position)}
            for position, row in enumerate(unnamed)
        ],
        ("slug",),
        report,
    )
    numbers = dict(SearchTarget.objects.values_list("slug", "pk"))
    _sync(
        SearchPhrase.objects.all(),
        _phrases(root, targets, elsewhere, published, numbers),
        ("target_id", "text"),
        report,
    )
    groups = [row if isinstance(row, str) else " ".join(map(str, row)) for row in _load(root / "synonyms.yaml", list)]
    _sync(
        SynonymGroup.objects.all(),
        [{"name": row.split()[0], "words": row} for row in {row.split()[0]: row for row in groups}.values()],
        ("name",),
        report,
    )
    _sync(
        SearchQuestion.objects.all(),
        [
            {"ask": row["ask"], "phrases": row["phrases"], "candidates": _candidates(row, numbers)}
            for row in _load(root / "questions.yaml", list)
        ],
        ("ask",),
        report,
    )
    return report


@cache
def stop_words(root: Path = CONTENT) -> tuple[str, ...]:
    """Return the words that say little. Read once by each process."""
    return tuple(_load(root / "stop_words.yaml", dict)["words"].split())


def split_phrases(text: str) -> list[str]:
    """Return the phrases of a text that holds several separated by 、."""
    return [phrase for raw in text.split(SEPARATOR) if (phrase := raw.strip())]


def _phrases(
    root: Path,
    targets: list[dict[str, Any]],
    elsewhere: dict[str, Any],
    published: list[_Published],
    numbers: dict[str, int],
) -> list[dict[str, Any]]:
    found: dict[tuple[int, str], str] = {}

    def take(slug: str, kind: str, texts: list[str], where: str) -> None:
        if slug not in numbers:
            raise ContentInvalid(f"{where}: 没有这个检索目标：{slug}")
        for text in texts:
            if not normalise(text) or len(text) > LONGEST_PHRASE:
                raise ContentInvalid(f"{where}: 说法为空或超过 {LONGEST_PHRASE} 字：{text[:40]}")
            found.setdefault((numbers[slug], text), kind)

    for matter in SearchTarget.objects.all():
        take(matter.slug, SearchPhrase.Kind.NAME, [matter.name], "targets.yaml")
    for row in targets:
        take(row["slug"], SearchPhrase.Kind.KEYWORD, split_phrases(row.get("keywords", "")), "targets.yaml")
    named = {row["slug"] for row in targets}
    for version in published:
        for text, kind in version.phrases(with_items=version.slug not in named):
            take(version.slug, kind, [text], "")
    for slug, row in elsewhere.items():
        take(slug, SearchPhrase.Kind.PHRASE, split_phrases(row["phrases"]), "elsewhere.yaml")
    for file in sorted((root / "phrases").glob("*.yaml")):
        for key, row in _load(file, dict).items():
            slug = row.get("slug", key)
            for kind in (SearchPhrase.Kind.ALIAS, SearchPhrase.Kind.PHRASE):
                take(slug, kind, split_phrases(row.get(kind.value, "")), file.name)
    return [{"target_id": target, "text": text, "kind": kind} for (target, text), kind in found.items()]


def follow_version(version: MatterVersion) -> None:
    """Let the search know a listed matter by the name and the items of the version that has just become current, seconds from now.

    The words of the content and of the managers stay as they are. Cost: four statements.
    """
    published = _published(MatterVersion.objects.filter(pk=version.pk, is_listed=True))
    for row in published:
        target, made = SearchTarget.objects.get_or_create(
            slug=row.slug, defaults={**row.attributes(SearchTarget.objects.count()), "origin": Origin.CONTENT}
        )
        if not made and target.origin == Origin.CONTENT and not target.phrases.exclude(text__in=row.texts()).exists():
            # No file names it: its name is the one it is published with.
            SearchTarget.objects.filter(pk=target.pk).update(name=row.name, department=row.department)
        SearchPhrase.objects.bulk_create(
            [
                SearchPhrase(target=target, text=text, kind=kind, origin=Origin.CONTENT)
                for text, kind in row.phrases(with_items=made)
            ],
            ignore_conflicts=True,
        )


@dataclass(frozen=True)
class _Published:
    """What a current version says that people may look for."""

    slug: str
    name: str
    department: str
    items: tuple[str, ...]

    def attributes(self, position: int) -> dict[str, Any]:
        kind = SearchTarget.Kind.MATTER
        return {"kind": kind, "name": self.name, "department": self.department, "position": position}

    def phrases(self, *, with_items: bool) -> list[tuple[str, str]]:
        found = dict.fromkeys(self.items, SearchPhrase.Kind.KEYWORD) if with_items else {}
        found[self.name] = SearchPhrase.Kind.NAME
        return [(text, kind) for text, kind in found.items() if normalise(text) and len(text) <= LONGEST_PHRASE]

    def texts(self) -> set[str]:
        return {self.name, *self.items}


def _published(versions: models.QuerySet[MatterVersion]) -> list[_Published]:
    rows = versions.order_by("matter_id").values_list(
        "matter__slug", "name", "content__matter__lead_department", "content__departments", "content__items"
    )
    return [
        _Published(
            slug,
            str(name),
            departments.get(lead, {}).get("name", ""),
            tuple(dict.fromkeys(item["definition"]["name"] for item in items)),
        )
        for slug, name, lead, departments, items in rows
    ]


def _listed() -> list[_Published]:
    return _published(MatterVersion.objects.filter(matter__current_version=models.F("pk"), is_listed=True))


def _candidates(row: dict[str, Any], numbers: dict[str, int]) -> list[list[str]]:
    unknown = [slug for slug in row["candidates"] if slug not in numbers]
    if unknown:
        raise ContentInvalid(f"questions.yaml: 没有这个检索目标：{unknown[0]}")
    return [[slug, label] for slug, label in row["candidates"].items()]


def _sync(
    rows: models.QuerySet[Any], wanted: list[dict[str, Any]], identity: tuple[str, ...], report: ContentReport
) -> None:
    """Create, change and delete rows of origin content until they are the wanted ones; a manager's row of the same identity wins."""
    held = {tuple(getattr(row, name) for name in identity): row for row in rows}
    changed, created, fields = [], [], sorted(set().union(*wanted) - set(identity)) if wanted else []
    for attributes in wanted:
        row = held.pop(tuple(attributes[name] for name in identity), None)
        if row is None:
            created.append(rows.model(origin=Origin.CONTENT, **attributes))
        elif row.origin == Origin.CONTENT and any(getattr(row, name) != attributes[name] for name in fields):
            for name in fields:
                setattr(row, name, attributes[name])
            changed.append(row)
    gone = [row.pk for row in held.values() if row.origin == Origin.CONTENT]
    if gone:
        rows.filter(pk__in=gone).delete()
    if changed:
        rows.bulk_update(changed, fields, batch_size=BATCH)
    if created:
        rows.bulk_create(created, batch_size=BATCH)
    report.created += len(created)
    report.changed += len(changed)
    report.deleted += len(gone)


def _load(file: Path, shape: type[Any]) -> Any:
    try:
        content = yaml.load(file.read_text("utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise ContentInvalid(f"{file.name}: {error}") from None
    if not isinstance(content, shape):
        raise ContentInvalid(f"{file.name}: 应是{'列表' if shape is list else '映射'}")
    return content
