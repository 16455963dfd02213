"""Fill the skeleton with one draft: values, errors, what is known, what shows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from catalog.merging.compiled import Plan
from matters.form_page.posted import split_moment
from matters.form_page.skeleton import Piece, Skeleton, build_skeleton


@dataclass(frozen=True, slots=True)
class Filling:
    """What differs from visit to visit. ``errors``: field key → sentence. ``known``: fields shown as facts.

    ``sources``: field key → where its fact comes from, in words; ``fixed``: facts that are not changed here; ``told``: field key → what
    sources say beside it, as HTML.
    """

    values: Mapping[str, Any]
    visible: Collection[str]
    required: Collection[str]
    known: Collection[str] = ()
    errors: Mapping[str, str] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)
    fixed: Collection[str] = ()
    told: Mapping[str, SafeString] = field(default_factory=dict)


def fill(skeleton: Skeleton, filling: Filling) -> SafeString:
    """Return the form as HTML. Every value is escaped here."""
    return mark_safe(_joined(skeleton, filling, skeleton.pieces))  # noqa: S308 - the skeleton comes from autoescaped templates, the slots escape what they put in


def _joined(skeleton: Skeleton, filling: Filling, pieces: Iterable[Piece]) -> str:
    return "".join(
        piece if isinstance(piece, str) else _FILLERS[piece[0]](skeleton, filling, piece[1], piece[2])
        for piece in pieces
    )


def empty_form(plan: Plan) -> SafeString:
    """Return the form of a plan as somebody sees it who has filled in nothing yet, for a preview. Cost: at most one query."""
    supplied = {key for key, field in plan.fields.items() if field.supplied_by is not None}
    return fill(build_skeleton(plan), Filling({}, plan.visible({}) | supplied, plan.required({})))


def _hidden(when: bool) -> str:
    return " hidden" if when else ""


def _chosen(skeleton: Skeleton, filling: Filling, key: str, option: str) -> str:
    value = filling.values.get(key)
    if isinstance(value, bool):
        return " checked" if option == ("true" if value else "false") else ""
    if isinstance(value, list):
        return " checked" if option in value else ""
    if value != option:
        return ""
    return " selected" if skeleton.fields[key].control == "list" else " checked"


def _text(skeleton: Skeleton, filling: Filling, key: str, argument: str) -> str:
    value = skeleton.typed(key, filling.values.get(key))
    return "" if value is None else escape(str(value))


def _part(skeleton: Skeleton, filling: Filling, key: str, part: str) -> str:
    value = filling.values.get(key)
    return escape(split_moment(value)[part]) if isinstance(value, str) and value else ""


def _fact(skeleton: Skeleton, filling: Filling, key: str, argument: str) -> str:
    return _joined(skeleton, filling, skeleton.facts[key]) if key in filling.known else ""


def _said(skeleton: Skeleton, filling: Filling, key: str, argument: str) -> str:
    return escape(skeleton.in_words(key, filling.values.get(key), masked=True))


def _done(skeleton: Skeleton, filling: Filling, key: str, argument: str) -> str:
    is_done = filling.values.get(key) not in (None, "", []) and key not in filling.errors
    return " done" if is_done else ""


Filler = Callable[[Skeleton, Filling, str, str], str]

_FILLERS: dict[str, Filler] = {
    "hidden": lambda skeleton, filling, key, _: _hidden(key not in filling.visible),
    "err": lambda skeleton, filling, key, _: " err" if key in filling.errors else "",
    "has_fact": lambda skeleton, filling, key, _: " has-fact" if key in filling.known else "",
    "invalid": lambda skeleton, filling, key, _: ' aria-invalid="true"' if key in filling.errors else "",
    "msg_hidden": lambda skeleton, filling, key, _: _hidden(key not in filling.errors),
    "msg": lambda skeleton, filling, key, _: escape(filling.errors.get(key, "")),
    "optional_hidden": lambda skeleton, filling, key, _: _hidden(key in filling.required),
    "control_hidden": lambda skeleton, filling, key, _: _hidden(key in filling.known),
    "fact": _fact,
    "said": _said,
    "source": lambda skeleton, filling, key, _: escape(filling.sources.get(key, "")),
    "wrong_hidden": lambda skeleton, filling, key, _: _hidden(key not in filling.fixed),
    "edit_hidden": lambda skeleton, filling, key, _: _hidden(key in filling.fixed),
    "told": lambda skeleton, filling, key, _: filling.told.get(key, ""),
    "done": _done,
    "text": _text,
    "part": _part,
    "chosen": _chosen,
}
