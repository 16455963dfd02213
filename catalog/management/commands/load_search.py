"""Bring the words of the search into the database."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from catalog.search.content import CONTENT, ContentInvalid, load_search_content


class Command(BaseCommand):
    help = "导入检索目标、群众说法、同义词和反问。可以反复执行；管理员添加的不会改动。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", nargs="?", type=Path, default=CONTENT, help="所在文件夹，默认是本项目自带的")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = load_search_content(options["path"])
        except ContentInvalid as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(f"新增 {report.created}，修改 {report.changed}，删除 {report.deleted}")
