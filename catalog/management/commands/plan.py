"""Show the plan that a matter and a set of answers lead to."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from catalog.definitions import CALENDAR_DAYS
from catalog.merging.plan_json import plan_as_json
from catalog.merging.planned import PlannedItem
from catalog.versions.matters import NotPublished, compiled, current_version


class Command(BaseCommand):
    help = "按引导答案算出一件事的办理方案：事项、表单、材料、先后、数字。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", help="一件事的代码，如 newborn")
        parser.add_argument("--answers", default="{}", help='引导答案，如 \'{"relation": "mother"}\'')
        parser.add_argument("--division", default="", metavar="CODE", help="在哪个区划办，如 360102；默认按标准")
        parser.add_argument("--json", action="store_true", help="完整的 JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            version = current_version(options["code"], options["division"])
        except NotPublished as refusal:
            raise CommandError(str(refusal)) from None
        try:
            answers = json.loads(options["answers"])
        except (ValueError, RecursionError) as error:
            raise CommandError(f"--answers 不是合格的 JSON：{error}") from None
        if not isinstance(answers, dict):
            raise CommandError("--answers 应是一个对象")
        matter = compiled(version.pk)
        problems = matter.check_answers(answers)
        plan = matter.plan_for(answers)
        if options["json"]:
            shown = {
                "matter": matter.slug,
                "version": version.number,
                "division": version.division_id or "",
                "problems": [{"question": each.field, "code": each.code} for each in problems],
                **plan_as_json(plan),
            }
            self.stdout.write(json.dumps(shown, ensure_ascii=False, indent=2))
            return
        for item in plan.items:
            waits = f"，等 {'、'.join(item.after)}" if item.after else ""
            self.stdout.write(f"{item.key}  {item.name}  {item.department_short_name}  {_limit(item)}{waits}")
        least = "至少 " if plan.unknown_limits else ""
        self.stdout.write(f"合计 {len(plan.items)} 个事项，{least}{plan.working_days} 个工作日")
        if plan.unknown_limits:
            self.stdout.write(f"时限未公布：{'、'.join(plan.unknown_limits)}")
        for problem in problems:
            self.stdout.write(f"还要回答：{problem.field}（{problem.code}）")


def _limit(item: PlannedItem) -> str:
    if item.promised_limit_days is None:
        return "时限未公布"
    return f"{item.promised_limit_days} {'个自然日' if item.limit_unit == CALENDAR_DAYS else '个工作日'}"
