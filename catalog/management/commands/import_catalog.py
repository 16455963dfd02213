"""Bring a package of definitions into the catalog."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from catalog.packages.importing import CONTENT, ImportReport, import_package
from catalog.packages.problems import PackageInvalid
from catalog.search.content import load_search_content


class Command(BaseCommand):
    help = "导入事项包：一个文件夹里的全部定义。可以反复执行；有错时什么都不改。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", nargs="?", type=Path, default=CONTENT, help="事项包所在文件夹，默认是本项目自带的")
        parser.add_argument("--dry-run", action="store_true", help="只看会改什么，不写入")

    def handle(self, *args: Any, **options: Any) -> None:
        tell = self.stderr.write if options["verbosity"] > 0 else (lambda line: None)
        try:
            report = import_package(options["path"], dry_run=options["dry_run"], tell=tell)
        except PackageInvalid as refusal:
            for problem in refusal.problems:
                self.stderr.write(str(problem))
            raise CommandError(f"有 {len(refusal.problems)} 处错误，没有导入") from None
        self._tell(report)
        if not report.is_dry_run:
            load_search_content()

    def _tell(self, report: ImportReport) -> None:
        for word, counts in (
            ("新增", report.tally.created),
            ("修改", report.tally.changed),
            ("删除", report.tally.deleted),
        ):
            if counts:
                parts = "，".join(f"{model} {count}" for model, count in sorted(counts.items()))
                self.stdout.write(f"{word}：{parts}")
        for version in report.published:
            self.stdout.write(f"发布：{version}")
        if report.tally.is_empty and not report.published:
            self.stdout.write("没有变化")
        if report.is_dry_run:
            self.stdout.write("这是试运行，什么都没有写入")
