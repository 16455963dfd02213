"""Bring a package of definitions into the catalog."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from catalog.packages.format.problems import PackageInvalid
from catalog.packages.importing import CONTENT, import_package
from catalog.packages.reporting import problems_json, report_json, report_lines
from catalog.search.content import load_search_content


class Command(BaseCommand):
    help = "导入事项包：一个文件夹里的全部定义，或者一本 .xlsx 里的事项。可以反复执行；有错时什么都不改。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "path", nargs="?", type=Path, default=CONTENT, help="文件夹或 .xlsx 文件，默认是本项目自带的"
        )
        parser.add_argument("--dry-run", action="store_true", help="只看会改什么，不写入")
        parser.add_argument("--json", action="store_true", help="在标准输出给出一份 JSON 报告")

    def handle(self, *args: Any, **options: Any) -> None:
        report_progress = self.stderr.write if options["verbosity"] > 0 else (lambda line: None)
        try:
            report = import_package(options["path"], dry_run=options["dry_run"], report_progress=report_progress)
        except PackageInvalid as refusal:
            if options["json"]:
                self._write(problems_json(refusal.problems))
            else:
                for problem in refusal.problems:
                    self.stderr.write(str(problem))
            raise CommandError(f"有 {len(refusal.problems)} 处错误，没有导入") from None
        if options["json"]:
            self._write(report_json(report))
        else:
            for line in report_lines(report):
                self.stdout.write(line)
        if not report.is_dry_run:
            load_search_content()

    def _write(self, report: dict[str, Any]) -> None:
        self.stdout.write(json.dumps(report, ensure_ascii=False, indent=2))
