"""Say what differs between the standard, its regional implementations and the guides of other places."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from catalog.comparing.copies import Comparison
from catalog.inspecting.copies import compare_item, compare_matter
from catalog.models import Matter, ServiceItem
from catalog.wording.copies import PARTS, element_in_words, value_in_words


class Command(BaseCommand):
    help = "列出一件事或事项的标准、各地实施和各地办事指南之间的每一处差异。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", help="一件事的代码（如 newborn）或事项的代码（如 hukou、item:hukou）")
        parser.add_argument("--json", action="store_true", help="完整的 JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        kind, slug, found = self._compare(options["code"])
        if options["json"]:
            self.stdout.write(json.dumps({kind: slug, **found.to_json()}, ensure_ascii=False, indent=1))
            return
        for row in found.differences:
            where = f"{PARTS[row.part]} {row.name} {element_in_words(row.element)}".replace("  ", " ")
            self.stdout.write(where)
            for place, value in zip(found.places, row.values, strict=True):
                self.stdout.write(f"    {place}：{value_in_words(row.element, value) or '—'}")
        self.stdout.write(f"{len(found.differences)} 处不同，{found.agreed} 处一致")

    def _compare(self, code: str) -> tuple[str, str, Comparison]:
        slug = code.removeprefix("item:")
        matter = None if code.startswith("item:") else Matter.objects.filter(slug=slug).first()
        if matter is not None:
            return "matter", slug, compare_matter(matter)
        item = ServiceItem.objects.filter(slug=slug).first()
        if item is None:
            raise CommandError(f"没有代码为“{code}”的一件事或事项")
        return "item", slug, compare_item(item)
