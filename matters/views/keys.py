"""The keys of the desk, as "?" shows them: (key, what it does)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

CASE_KEYS: tuple[tuple[str, Any], ...] = (
    ("A", gettext_lazy("受理、接着审查，或者到“准予”")),
    ("S", gettext_lazy("开始审查")),
    ("C", gettext_lazy("到“补正”")),
    ("R", gettext_lazy("到“不予办理”或“不予受理”")),
    ("T", gettext_lazy("转交；看材料时是旋转")),
    ("V", gettext_lazy("看材料")),
    ("[ ]", gettext_lazy("上一份、下一份材料")),
    ("+ -", gettext_lazy("放大、缩小材料")),
    ("J", gettext_lazy("下一件")),
    ("Esc", gettext_lazy("离开输入框，关上材料，撤回还没有发出的决定")),
    ("?", gettext_lazy("显示或关闭这份说明")),
)


def queue_keys(kinds: Iterable[tuple[str, Any, str]]) -> list[tuple[str, Any]]:
    """Return the keys of a queue. ``kinds``: the bulk actions that fit its list, each with what it is called and its key."""
    bulk = [(key.upper(), _("批量%(what)s") % {"what": label}) for _kind, label, key in kinds]
    return [
        ("↓ ↑", _("选择一行")),
        ("Enter", _("打开这一行")),
        ("J", _("认领下一件并打开")),
        ("/", _("查找")),
        ("1–0", _("切换列表")),
        ("[ ]", _("上一页、下一页")),
        *([("X", _("勾选这一行；按住 Shift 勾选到这一行"))] if bulk else []),
        *bulk,
        ("?", _("显示或关闭这份说明")),
    ]
