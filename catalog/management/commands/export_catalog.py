"""Write the catalog's definitions as a package."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import QuerySet

from catalog.models import Department, Matter, ServiceItem
from catalog.packages.exporting import export_package, export_workbook
from catalog.packages.format.problems import PackageInvalid


class Command(BaseCommand):
    help = "导出事项包：把目录里的全部定义写成文件。再导入，什么都不会变。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, help="写到哪里：一个文件夹；--format xlsx 时是一个 .xlsx 文件")
        parser.add_argument("--matter", action="append", metavar="SLUG", help="只导出这一件事（可以多次）")
        parser.add_argument("--department", action="append", metavar="CODE", help="只导出这个部门的事项（只用于 xlsx）")
        parser.add_argument("--format", choices=["yaml", "xlsx"], help="xlsx 只含事项；默认看文件名")
        parser.add_argument("--replace", action="store_true", help="删去文件夹里目录已经没有的文件")

    def handle(self, *args: Any, **options: Any) -> None:
        report_progress = self.stderr.write if options["verbosity"] > 0 else (lambda line: None)
        matters = options["matter"]
        unknown = set(matters or ()) - set(Matter.objects.filter(slug__in=matters or ()).values_list("slug", flat=True))
        if unknown:
            raise CommandError(f"没有这件事：{'、'.join(sorted(unknown))}")
        path: Path = options["path"]
        is_workbook = (options["format"] or ("xlsx" if path.suffix.lower() == ".xlsx" else "yaml")) == "xlsx"
        if is_workbook and path.suffix.lower() != ".xlsx":
            raise CommandError("xlsx 格式写到一个 .xlsx 文件，请给出文件名")
        if options["department"] and not is_workbook:
            raise CommandError("--department 只用于 xlsx 格式")
        try:
            if is_workbook:
                count = export_workbook(path, _items(matters, options["department"]))
                self.stdout.write(f"写出 {count} 个事项")
                return
            written = export_package(path, matters, replace=options["replace"], report_progress=report_progress)
        except PackageInvalid as refusal:
            for problem in refusal.problems:
                self.stderr.write(str(problem))
            raise CommandError(f"有 {len(refusal.problems)} 处写不出来，没有导出") from None
        except OSError as error:
            raise CommandError(f"写不了 {error.filename}：{error.strerror}") from None
        self.stdout.write(f"写出 {len(written)} 个文件" if written else "没有变化")


def _items(matters: list[str] | None, departments: list[str] | None) -> QuerySet[ServiceItem]:
    """Return the items of some matters, of some departments, or all."""
    items = ServiceItem.objects.all()
    if departments:
        known = set(Department.objects.filter(code__in=departments).values_list("code", flat=True))
        if unknown := set(departments) - known:
            raise CommandError(f"没有这个部门：{'、'.join(sorted(unknown))}")
        items = items.filter(department__code__in=departments)
    return items.filter(matter_items__matter__slug__in=matters).distinct() if matters else items
