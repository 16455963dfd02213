"""What an applicant's answer to a correction comes to: the new values, what it opened, what it makes needless; or why it cannot stand."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.fields.constraints import is_anywhere
from catalog.merging.compiled import Plan
from catalog.wording.problems import sentence
from catalog.wording.translating import translator_for
from matters.cases.answers_in_words import division_names, labels_of
from matters.cases.department_view import correction_context
from matters.models import CorrectionItem, CorrectionRequest, SubmittedMaterial
from matters.reviewing.open_parts import (
    OpenField,
    OpenPaper,
    label_of,
    merge_sent,
    names_of_problems,
    needless_fields,
    needless_materials,
    open_fields,
    open_papers,
    problems_of,
)
from matters.wording.refusals import CorrectionInvalid, CorrectionUnchanged
from matters.wording.values import value_in_words
from portal.lib.shown import Shown
from portal.lib.vault import seal

Target, Origin = CorrectionItem.Target, CorrectionItem.Origin


@dataclass(frozen=True, slots=True)
class CorrectionAnswer:
    """``after``: the form's new values; ``changed``: keys of the fields that differ; ``papers``: what may be handed in.

    ``elsewhere``: fields that another page changed since this one was shown.
    """

    after: dict[str, Any]
    changed: set[str]
    fields: list[OpenField]
    papers: list[OpenPaper]
    needless_fields: set[str]
    needless_materials: set[str]
    elsewhere: set[str]


def judge_answer(
    plan: Plan,
    before: Mapping[str, Any],
    items: Sequence[CorrectionItem],
    sent: Mapping[str, Any],
    shown: Shown | None,
    *,
    there: Collection[str],
    papers: Collection[str],
) -> CorrectionAnswer:
    """Return what the answer comes to; raise ``CorrectionInvalid`` with everything that is wrong with it, field by field.

    ``there``: materials of which the bundle has a file; ``papers``: materials of which files come with the answer.
    """
    merged = merge_sent(plan, items, before, sent, shown)
    wrong = {key: conflict_sentence(plan, key, now) for key, now in merged.conflicts.items()}
    typed = {**merged.changes, **{key: sent[key] for key in merged.conflicts}}
    opened = open_fields(plan, items, before, typed)
    allowed = [one.key for one in opened]
    values = {**before, **{key: typed[key] for key in allowed if key in typed}}
    for problem in problems_of(plan, values, allowed, names_of_problems(plan, before)):
        # A rule over several fields is told at the first of them that can be changed here.
        about = plan.fields_of(problem)
        place = next((key for key in (problem.field, *allowed) if key in allowed and key in about), problem.field)
        wrong.setdefault(place, sentence(problem, label_of(plan, problem.field)))
    cleaned, _problems = plan.clean(values, timezone.localdate())
    asked = open_papers(plan, items, before, cleaned, there)
    names = {material.key: material.name for material in plan.materials}
    for paper in asked:
        if paper.is_required and paper.key not in papers:
            wrong[f"material:{paper.key}"] = _("请上传%(label)s。") % {"label": names[paper.key]}
    if wrong:
        raise CorrectionInvalid(_("还有需要改正的地方，没有提交。"), wrong)
    still_asked = plan.visible(cleaned)
    after = {key: value for key, value in before.items() if key in still_asked and key not in allowed}
    after |= {key: cleaned[key] for key in allowed if key in cleaned}
    return CorrectionAnswer(
        after=after,
        changed={key for key in {*before, *after} if before.get(key) != after.get(key)},
        fields=opened,
        papers=asked,
        needless_fields=needless_fields(plan, before, after),
        needless_materials=needless_materials(plan, before, after) & set(there),
        elsewhere=set(merged.elsewhere),
    )


def conflict_sentence(plan: Plan, key: str, now: Any) -> str:
    """Return what is said at a field that this page and another one changed differently."""
    return _("这一项刚才在另一处改成了“%(value)s”。下面是您在这里填的，再次提交就以这里为准。") % {
        "value": field_in_words(plan, key, now) or _("空白")
    }


def field_in_words(plan: Plan, key: str, value: Any) -> str:
    """Return a field's value as people read it. One query for a division, else none."""
    field, translate = plan.fields[key], translator_for(plan.matter)
    labels = labels_of(field.options, translate)
    if field.type == "division" and not is_anywhere(field.type, field.constraints):
        labels = {**division_names([value]), **labels}
    return value_in_words(value, field.type, labels, unit=translate(field.unit))


def require_changes(
    plan: Plan,
    items: Iterable[CorrectionItem],
    changed: Collection[str],
    replaced: Collection[str],
    elsewhere: Collection[str] = (),
) -> None:
    """Raise ``CorrectionUnchanged`` with what was named and comes back as it was. ``elsewhere``: fields another page changed meanwhile."""
    names = {material.key: material.name for material in plan.materials}
    once = {(item.target, item.key): item for item in items}.values()
    same = [item for item in once if item.key not in (changed if item.target == Target.FIELD else replaced)]
    if same:
        labels = [
            label_of(plan, item.key) if item.target == Target.FIELD else names.get(item.key, item.key) for item in same
        ]
        changed_there = [
            label_of(plan, item.key) for item in same if item.target == Target.FIELD and item.key in elsewhere
        ]
        raise CorrectionUnchanged([f"{item.target}:{item.key}" for item in same], labels, changed_there)


def keep_before_and_after(
    requests: Sequence[CorrectionRequest],
    items: Sequence[CorrectionItem],
    answer: CorrectionAnswer,
    before: Mapping[str, Any],
    replaced: Mapping[str, Sequence[SubmittedMaterial]],
) -> None:
    """Keep, sealed, what each thing was and became: what each request named, and, with the first, what the answer set off."""
    new = _set_off(requests[0], items, answer, replaced)
    of = {request.pk: request.sub_item for request in requests}
    for item in (*items, *new):
        context = correction_context(of[item.request_id], item.target, item.key)
        if item.target == Target.FIELD:
            was, now = before.get(item.key), answer.after.get(item.key)
        else:
            was, now = None, [str(paper.pk) for paper in replaced.get(item.key, [])]
        item.before_sealed, item.after_sealed = seal(was, context), seal(now, context)
    CorrectionItem.objects.bulk_update(items, ["before_sealed", "after_sealed"])
    CorrectionItem.objects.bulk_create(new)


def _set_off(
    request: CorrectionRequest,
    items: Sequence[CorrectionItem],
    answer: CorrectionAnswer,
    replaced: Mapping[str, Sequence[SubmittedMaterial]],
) -> list[CorrectionItem]:
    named = {(item.target, item.key) for item in items}
    found: dict[tuple[str, str], tuple[str, str]] = {}
    for one in answer.fields:
        if one.key in answer.changed:
            found[Target.FIELD, one.key] = (one.origin, one.sentence)
    for paper in answer.papers:
        if paper.key in replaced:
            found[Target.MATERIAL, paper.key] = (paper.origin, "")
    found |= {(Target.FIELD, key): (Origin.NEEDLESS, "") for key in sorted(answer.needless_fields)}
    found |= {(Target.MATERIAL, key): (Origin.NEEDLESS, "") for key in sorted(answer.needless_materials)}
    return [
        CorrectionItem(request=request, target=target, key=key, origin=origin, reason=reason[:300])
        for (target, key), (origin, reason) in found.items()
        if (target, key) not in named
    ]
