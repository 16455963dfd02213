"""The form by which a reviewer says what has to be corrected: what may be named, why, and what was chosen and typed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from matters.cases.department_view import CaseForm
from matters.cases.sealed_form import open_bundle_form
from matters.models import CorrectionRequest, SubItem
from matters.reviewing.corrections import Gap, correctable_fields, correctable_papers
from matters.reviewing.phrases import ReasonChoice, reason_choices


@dataclass(frozen=True, slots=True)
class GapChoice:
    """Something that may be named for correction, with what was chosen and typed. ``choice``: the code of its reason."""

    name: str
    label: str
    text: str
    is_chosen: bool
    choice: str
    reason: str
    problem: str


def reason_groups(sub_item: SubItem) -> list[tuple[str, list[ReasonChoice]]]:
    """Return what may be chosen, as a list shows it: the kinds, and the department's own phrases where it has any. One query."""
    choices = reason_choices(sub_item)
    own = [one for one in choices if one.is_own]
    groups = [(_("理由类别"), [one for one in choices if not one.is_own])]
    return [*groups, (_("本部门用语"), own)] if own else groups


def gap_choices(
    sub_item: SubItem,
    form: CaseForm,
    typed: Mapping[str, Any],
    problems: Mapping[str, str],
    failed: Mapping[str, str],
) -> list[GapChoice]:
    """Return what the department may ask to be corrected: fields of its own form, then its papers.

    ``failed``: what review points that failed say is wrong, by the names of the gaps; it stands until somebody chooses.
    """
    allowed = correctable_fields(sub_item, open_bundle_form(sub_item.bundle))
    rows = [row for section in form.sections for row in section.rows if row.key in allowed]
    places = [(f"field:{row.key}", row.label, row.text) for row in rows]
    askable = correctable_papers(sub_item)
    places += [
        (
            f"material:{paper.key}",
            paper.name,
            pgettext("between names", "、").join(file.original_name for file in paper.files) or paper.exemption,
        )
        for paper in form.papers
        if paper.key in askable
    ]
    is_typed = bool(typed.get("gaps"))
    chosen = set(typed["gaps"] if is_typed else failed)
    return [
        GapChoice(
            name,
            label,
            text,
            name in chosen,
            str(typed.get(f"why:{name}", "")),
            str(typed.get(f"reason:{name}", "")) if is_typed else failed.get(name, ""),
            problems.get(name, ""),
        )
        for name, label, text in places
    ]


def marked_request(sub_item: SubItem, requests: Iterable[CorrectionRequest]) -> CorrectionRequest | None:
    """Return what was marked here and waits for other departments before the applicant is told. ``requests``: of the bundle."""
    of_this = (one for one in requests if one.sub_item_id == sub_item.pk)
    return next((one for one in of_this if one.told_at is None and one.dropped_at is None), None)


def typed_as_marked(marked: CorrectionRequest | None) -> dict[str, Any]:
    """Return what was marked as the form takes it back, to be changed."""
    if marked is None:
        return {}
    items = [(f"{item.target}:{item.key}", item) for item in marked.items.all()]
    typed: dict[str, Any] = {"gaps": [name for name, _item in items]}
    for name, item in items:
        typed |= {f"why:{name}": item.kind, f"reason:{name}": item.reason}
    return typed


def named_in(post: QueryDict) -> list[Gap]:
    """Return what was ticked, and what was given a reason without being ticked."""
    reasons = _prefixed(post, "reason:")
    choices = _prefixed(post, "why:")
    said = [name for name in {**reasons, **choices} if reasons.get(name) or choices.get(name)]
    gaps = []
    for name in dict.fromkeys([*post.getlist("gap"), *said]):
        target, _colon, key = name.partition(":")
        gaps.append(Gap(target, key, reasons.get(name, ""), choices.get(name, "")))
    return gaps


def _prefixed(post: QueryDict, prefix: str) -> dict[str, str]:
    return {name.removeprefix(prefix): str(text).strip() for name, text in post.items() if name.startswith(prefix)}
