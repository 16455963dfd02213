"""The form by which a reviewer says what has to be corrected: what may be named, why, and what was chosen and typed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from matters.cases.department_view import CaseForm, plan_of
from matters.cases.gaps import names_of
from matters.cases.sealed_form import open_bundle_form
from matters.models import CorrectionItem, CorrectionRequest, ExtraRound, SubItem
from matters.reviewing.corrections import Gap, correctable_fields, correctable_papers
from matters.reviewing.extra_rounds import gaps_in, open_extra_round
from matters.reviewing.phrases import ReasonChoice, reason_choices
from portal.accounts.models import User
from portal.ledger.models import Event


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
    options: SafeString | None = None


def reason_groups(
    sub_item: SubItem, phrases: Iterable[Mapping[str, Any]] | None = None
) -> list[tuple[str, list[ReasonChoice]]]:
    """Return what may be chosen, as a list shows it: the kinds, and the department's own phrases where it has any.

    ``phrases``: those, where they were read with the task; else one query.
    """
    choices = reason_choices(sub_item, phrases)
    own = [one for one in choices if one.is_own]
    groups = [(_("理由类别"), [one for one in choices if not one.is_own])]
    return [*groups, (_("本部门用语"), own)] if own else groups


def options_of(groups: list[tuple[str, list[ReasonChoice]]], target: str, chosen: str = "") -> SafeString:
    """Return the reasons that fit a field or a paper as the options of a list. Written once for all of a kind: a form has dozens of them."""
    return format_html_join(
        "",
        '<optgroup label="{}">{}</optgroup>',
        (
            (
                group,
                format_html_join(
                    "",
                    "{}",
                    ((_option(one, one.code == chosen),) for one in choices if one.fits(target)),
                ),
            )
            for group, choices in groups
        ),
    )


def _option(one: ReasonChoice, is_chosen: bool) -> SafeString:
    shape = '<option value="{}" selected>{}</option>' if is_chosen else '<option value="{}">{}</option>'
    return format_html(shape, one.code, one.label)


def gap_choices(
    sub_item: SubItem,
    form: CaseForm,
    typed: Mapping[str, Any],
    problems: Mapping[str, str],
    failed: Mapping[str, str],
    groups: list[tuple[str, list[ReasonChoice]]],
) -> list[GapChoice]:
    """Return what the department may ask to be corrected: fields of its own form, then its papers.

    ``failed``: what review points that failed say is wrong, by the names of the gaps; it stands until somebody chooses. ``groups``: what may be
    chosen (`reason_groups`).
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
    plain = {target: options_of(groups, target) for target in CorrectionItem.Target.values}
    return [
        GapChoice(
            name,
            label,
            text,
            name in chosen,
            str(typed.get(f"why:{name}", "")),
            str(typed.get(f"reason:{name}", "")) if is_typed else failed.get(name, ""),
            problems.get(name, ""),
            options_of(groups, target, choice) if (choice := str(typed.get(f"why:{name}", ""))) else plain[target],
        )
        for name, label, text in places
        for target in [name.partition(":")[0]]
    ]


@dataclass(frozen=True, slots=True)
class ExtraRoundShown:
    """A further round that waits for the head. ``names``: what is asked for, each with its reason."""

    asked: ExtraRound
    names: list[tuple[str, str]]
    may_settle: bool


def extra_round_shown(
    user: User, sub_item: SubItem, held: Collection[str], events: Iterable[Event]
) -> ExtraRoundShown | None:
    """Return the further round that waits for the head, and whether the user, by their rights in the department, settles it.

    ``events``: the case's; without one that says that it was asked nobody looks for it.
    """
    if not any(one.kind == "extra_round_asked" for one in events):
        return None
    asked = open_extra_round(sub_item)
    if asked is None:
        return None
    asked.sub_item = sub_item
    gaps = gaps_in(asked)
    named = [CorrectionItem(target=gap.target, key=gap.key) for gap in gaps]
    names = names_of(plan_of(sub_item.bundle), named)
    is_head = {"supervise", "decide"} <= set(held) and asked.asked_by_id != user.pk
    return ExtraRoundShown(asked, list(zip(names, (gap.reason for gap in gaps), strict=True)), is_head)


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
