"""An undefined variable in one of our templates fails the test that renders it; other people's templates may."""

from __future__ import annotations

import sys
from pathlib import Path
from types import FrameType
from typing import Any

from django.template.base import Node


class UndefinedVariableFails(str):
    """The value of `string_if_invalid`: for other templates as good as the usual empty string."""

    ours: tuple[str, ...]

    def __new__(cls, *folders: Path) -> UndefinedVariableFails:
        self = super().__new__(cls, "")
        self.ours = tuple(str(folder) for folder in folders)
        return self

    def __bool__(self) -> bool:
        return self._is_ours()

    def __contains__(self, item: object) -> bool:
        return item == "%s" and self._is_ours()

    def __mod__(self, name: Any) -> str:
        raise NameError(f"undefined template variable: {name}")

    def _is_ours(self) -> bool:
        """Say whether the innermost node being rendered was written in one of our folders."""
        frame: FrameType | None = sys._getframe(1)
        while frame is not None:
            node = frame.f_locals.get("self")
            origin = getattr(node, "origin", None) if isinstance(node, Node) else None
            if origin is not None:
                return str(origin.name).startswith(self.ours)
            frame = frame.f_back
        return False
