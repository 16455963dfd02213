"""What an import did or why it was refused, as lines for people and as JSON for programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import apps
from django.utils.translation import gettext as _

from catalog.packages.describing import verb
from catalog.packages.format.problems import PackageProblem
from catalog.packages.importing import ImportReport


def report_lines(report: ImportReport) -> Iterator[str]:
    """Yield what an import changed and published, a sentence a line."""
    tally = report.tally
    for kind, counts in (("created", tally.created), ("changed", tally.changed), ("deleted", tally.deleted)):
        if counts:
            parts = "，".join(f"{_name(model)} {count}" for model, count in sorted(counts.items()))
            yield f"{verb(kind)}：{parts}"
    for version in report.published:
        yield _("发布：%(version)s") % {"version": version}
    if tally.is_empty and not report.published:
        yield _("没有变化")
    if report.is_dry_run:
        yield _("这是试运行，什么都没有写入")


def report_json(report: ImportReport) -> dict[str, Any]:
    """Return an import's report: counts by model, versions as ``slug v1``, and every changed definition with its parts in words."""
    return {
        "ok": True,
        "dry_run": report.is_dry_run,
        "created": report.tally.created,
        "changed": report.tally.changed,
        "deleted": report.tally.deleted,
        "unchanged": report.tally.unchanged,
        "published": [f"{version.matter.slug} v{version.number}" for version in report.published],
        "changes": [
            {"kind": each.kind, "type": each.type, "name": each.name, "details": each.details}
            for each in report.changes
        ],
    }


def problems_json(problems: Sequence[PackageProblem]) -> dict[str, Any]:
    """Return a refusal: every mistake with its location, code and sentence."""
    return {
        "ok": False,
        "errors": [
            {
                "file": each.file,
                "line": each.line,
                **({"sheet": each.sheet, "column": each.column} if each.sheet else {}),
                "code": each.code,
                "message": each.message,
            }
            for each in problems
        ],
    }


def _name(model: str) -> str:
    return str(apps.get_model("catalog", model)._meta.verbose_name)
