"""Write the catalog's definitions as a package."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from catalog.models import Matter
from catalog.packages.exporting import export_package
from catalog.packages.problems import PackageInvalid


class Command(BaseCommand):
    help = "导出事项包：把目录里的全部定义写成文件。再导入，什么都不会变。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, help="写到哪里：一个文件夹；--format xlsx 时是一个 .xlsx 文件")
        parser.add_argument("--matter", action="append", metavar="SLUG", help="只导出这一件事（可以多次）")
        parser.add_argument("--format", choices=["yaml", "xlsx"], help="xlsx 只含事项；默认看文件名")
        parser.add_argument("--replace", action="store_true", help="删去文件夹里目录已经没有的文件")

    def handle(self, *args: Any, **options: Any) -> None:
        tell = self.stderr.write if options["verbosity"] > 0 else (lambda line: None)
        matters = options["matter"]
        unknown = set(matters or ()) - set(Matter.objects.filter(slug__in=matters or ()).values_list("slug", flat=True))
        if unknown:
            raise CommandError(f"没有这件事：{'、'.join(sorted(unknown))}")
        try:
            written = export_package(options["path"], matters, replace=options["replace"], tell=tell)
        except PackageInvalid as refusal:
            for problem in refusal.problems:
                self.stderr.write(str(problem))
            raise CommandError(f"有 {len(refusal.problems)} 处写不出来，没有导出") from None
        except OSError as error:
            raise CommandError(f"写不了 {error.filename}：{error.strerror}") from None
        self.stdout.write(f"写出 {len(written)} 个文件" if written else "没有变化")
