"""Say what is wrong with the catalog, or with definitions and guides in files, without bringing anything in."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from itertools import groupby
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from catalog.inspecting.runs import as_json, counts, lint_everything, lint_paths
from catalog.wording.findings import FindingText

SEVERITIES = {"error": "错误", "warning": "提醒", "note": "注意"}


class Command(BaseCommand):
    help = (
        "检查定义和办事指南：不给路径，检查整个目录；给文件夹（事项包、指南文件夹）或指南文件（YAML、JSON），只检查不导入。"
        "有错误时退出码为 1。"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="文件或文件夹；可以有几个")
        parser.add_argument("--json", action="store_true", help="完整的 JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        found = lint_paths(options["paths"]) if options["paths"] else lint_everything()
        tally = counts(found)
        if options["json"]:
            shown = {"findings": [as_json(each) for each in found], "counts": tally}
            self.stdout.write(json.dumps(shown, ensure_ascii=False, indent=1, default=str))
        else:
            self._tell(found)
            self.stdout.write("；".join(f"{word} {tally[severity]}" for severity, word in SEVERITIES.items()))
        if tally["error"]:
            raise SystemExit(1)

    def _tell(self, found: list[FindingText]) -> None:
        by_name = sorted(found, key=lambda each: (each.kind, each.name))
        for (_kind, name), group in groupby(by_name, key=lambda each: (each.kind, each.name)):
            self.stdout.write(name)
            for each in group:
                where = f"（{each.link}）" if each.link else ""
                part = f"{each.part}：" if each.part else ""
                self.stdout.write(f"  {SEVERITIES[each.severity]} {each.code}  {part}{each.sentence}{where}")
