"""Search from the command line: one query, or a file of them."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from catalog.search.engine import Answer, search


class Command(BaseCommand):
    help = "按群众的说法找事项。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("query", nargs="?", default="", help="要找的话")
        parser.add_argument("--json", action="store_true", help="输出一个 JSON 对象")
        parser.add_argument(
            "--batch", type=Path, metavar="FILE", help="逐行读取文件（- 为标准输入），每行输出一个 JSON 对象"
        )
        parser.add_argument("--limit", type=int, default=10, help="最多几个结果")

    def handle(self, *args: Any, **options: Any) -> None:
        limit = max(1, options["limit"])
        if options["batch"] is not None:
            self._batch(options["batch"], limit)
            return
        answer = search(options["query"], limit)
        if options["json"]:
            self.stdout.write(
                json.dumps(as_json(options["query"], answer, with_question=True), ensure_ascii=False, indent=2)
            )
            return
        if answer.ask is not None:
            self.stdout.write(answer.ask or "您想办的是哪一件？")
            for choice in answer.choices:
                self.stdout.write(f"  ? {choice.label} → {choice.target.slug}")
        if not answer.found:
            about = f"（{answer.elsewhere.name}）" if answer.elsewhere else ""
            self.stdout.write(f"没有找到{about}{'，相近的：' if answer.results else ''}")
        for result in answer.results:
            self.stdout.write(f"{result.score:.3f}  {result.target.slug}  {result.target.name}  ← {result.phrase}")

    def _batch(self, file: Path, limit: int) -> None:
        try:
            stream = sys.stdin.buffer if str(file) == "-" else file.open("rb")
        except OSError as error:
            raise CommandError(f"读不了文件：{error}") from None
        with stream:
            for raw in stream:
                query = raw.decode("utf-8", "replace").rstrip("\r\n").removeprefix("\ufeff")
                self.stdout.write(json.dumps(as_json(query, search(query, limit)), ensure_ascii=False))


def as_json(query: str, answer: Answer, *, with_question: bool = False) -> dict[str, Any]:
    """Return an answer as programs read it; ``ask`` only where there is a question and the caller wants it.

    What was not found has ``"found": false``; its results are what is nearest.
    """
    found: dict[str, Any] = {
        "query": query,
        "results": [
            {
                "slug": result.target.slug,
                "kind": result.target.kind,
                "name": result.target.name,
                "score": result.score,
            }
            for result in answer.results
        ],
    }
    if not answer.found:
        found["found"] = False
    if with_question and answer.ask is not None:
        found["ask"] = {
            "question": answer.ask or "您想办的是哪一件？",
            "candidates": [
                {"slug": choice.target.slug, "name": choice.target.name, "label": choice.label}
                for choice in answer.choices
            ],
        }
    return found
