"""Return for correction (补正): everything a department misses, named at once, and the applicant's answer to exactly that."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.merging.compiled import Plan
from catalog.wording.problems import sentence
from matters.cases.access import materials_of
from matters.cases.department_view import correction_context, plan_of
from matters.cases.sealed_form import BundleForm, open_bundle_form, seal_bundle_form
from matters.core.states import TRANSITIONS, can
from matters.models import Bundle, CorrectionItem, CorrectionRequest, ReviewTask, SubItem, SubmittedMaterial
from matters.reviewing.supplements import CheckedPapers, EarlierFiles, changes_of, check_papers, replace_papers
from matters.reviewing.transitions import (
    applicant_notice,
    apply_transition,
    event,
    facts_of,
    parties_to,
    require_party,
    require_possible,
    stale_state_refusal,
    update_own_task,
)
from matters.wording.refusals import CorrectionInvalid, CorrectionUnchanged
from portal.accounts.models import User
from portal.ledger.chain import append_events
from portal.lib.vault import seal
from portal.outbox.enqueueing import enqueue_many

REASON_LENGTH = 300
Target = CorrectionItem.Target


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing to correct. ``target``: ``field`` or ``material``; ``key``: the merged field key or the material's key."""

    target: str
    key: str
    reason: str


@dataclass(frozen=True, slots=True)
class OpenField:
    """A field the applicant may change now. ``item`` is None for one that only another answer made necessary."""

    key: str
    item: CorrectionItem | None = field(default=None, compare=False)


@transaction.atomic
def request_correction(user: User, sub_item: SubItem, gaps: Iterable[Gap]) -> CorrectionRequest:
    """Return the sub-item to the applicant with every gap at once; the task leaves the queue.

    Before acceptance this is the window's or the reviewer's work, afterwards the reviewer's. Raises ``CorrectionInvalid`` (keys
    ``<target>:<key>``, or empty when nothing is named), ``AlreadyDecided``, ``StateChanged``, ``TakenByAnother``, ``NotAllowed``.
    (Administrative Licensing Law art. 32.)
    """
    require_possible(sub_item, "request_correction")
    named = _check_gaps(sub_item, list(gaps))
    now = timezone.now()
    apply_transition(user, sub_item, "request_correction", now)
    update_own_task(user, sub_item, closed_at=now)
    request = CorrectionRequest.objects.create(sub_item=sub_item, requested_by=user, requested_at=now)
    CorrectionItem.objects.bulk_create(
        [CorrectionItem(request=request, target=gap.target, key=gap.key, reason=gap.reason.strip()) for gap in named]
    )
    enqueue_many([applicant_notice(sub_item, "correction_requested", now)])
    names = [f"{gap.target}:{gap.key}" for gap in named]
    append_events(sub_item.bundle_id, [event("correction_requested", sub_item, user, items=names)])
    return request


def answer_correction(
    user: User,
    request: CorrectionRequest,
    values: Mapping[str, Any],
    files: Mapping[str, Iterable[UploadedFile]],
    *,
    earlier: Mapping[str, EarlierFiles] | None = None,
    unchanged_is_right: bool = False,
) -> CorrectionRequest:
    """Take the applicant's corrections, and put the sub-item back into its department's queue as a new task.

    Only what was named may change, and what a named answer newly makes necessary. ``files``: material key → new files;
    ``earlier``: material key → what becomes of those handed in before (``matters.reviewing.supplements``). Raises ``CorrectionInvalid`` (keys: field keys, ``material:<key>``), ``CorrectionUnchanged`` when
    something named came back as it was and ``unchanged_is_right`` does not say that it is meant so, ``StateChanged``, ``NotAllowed``.
    """
    require_party(user, request.sub_item, "resubmit")
    accept = {material.key: material.accept for material in plan_of(request.sub_item.bundle).materials}
    named = {item.key: accept.get(item.key, ()) for item in request.items.filter(target=Target.MATERIAL)}
    with check_papers(files, named, f"person:{user.pk}", earlier) as papers:
        return _answer(user, request, values, papers, unchanged_is_right)


@transaction.atomic
def _answer(
    user: User,
    request: CorrectionRequest,
    values: Mapping[str, Any],
    papers: Mapping[str, CheckedPapers],
    unchanged_is_right: bool,
) -> CorrectionRequest:
    bundle = Bundle.objects.select_for_update(of=("self",), no_key=True).get(pk=request.sub_item.bundle_id)
    sub_item = SubItem.objects.for_case().get(pk=request.sub_item_id)
    open_request = CorrectionRequest.objects.filter(pk=request.pk, answered_at__isnull=True)
    if not can("resubmit", facts_of(sub_item)) or not open_request.exists():
        raise stale_state_refusal(sub_item)
    items = list(request.items.order_by("pk"))
    form, plan = open_bundle_form(bundle), plan_of(bundle)
    after, changed = _corrected_values(plan, form.values, items, values)
    changes = changes_of(bundle, papers)
    if not unchanged_is_right:
        _require_changes(plan, items, changed, changes)
    now = timezone.now()
    apply_transition(None, sub_item, "resubmit", now)
    replaced = replace_papers(bundle, changes)
    _keep_before_and_after(sub_item, items, form.values, after, replaced)
    if changed or replaced:
        bundle.form_sealed = seal_bundle_form(bundle.pk, BundleForm(values=after, consents=form.consents))
        bundle.form_revision += 1
        bundle.save(update_fields=["form_sealed", "form_revision"])
    open_request.update(answered_at=now, answered_by=user)
    ReviewTask.objects.create(sub_item=sub_item, department=sub_item.department, opened_at=now, due_on=sub_item.due_on)
    data = {"fields": sorted(changed), "materials": sorted(replaced), "form_revision": bundle.form_revision}
    append_events(bundle.pk, [event("resubmitted", sub_item, user, **data)])
    request.answered_at, request.answered_by = now, user
    return request


def may_answer(user: User, sub_item: SubItem) -> bool:
    """Return whether the user may answer what was asked of a sub-item: its applicant, or the window where it was entered,
    but never who asked, reviews or decides (``matters.core.states``; the database refuses it as well).
    """
    return TRANSITIONS["resubmit"].is_for(parties_to(user, sub_item))


def open_fields(
    plan: Plan, items: Iterable[CorrectionItem], before: Mapping[str, Any], values: Mapping[str, Any]
) -> list[OpenField]:
    """Return the fields that may be changed: those named, then those that the new values bring up and that were not asked before."""
    named = {item.key: item for item in items if item.target == Target.FIELD}
    now_visible = plan.visible({**before, **{key: values.get(key, before.get(key)) for key in named}})
    new = [key for key in plan.fields if key in now_visible and key not in plan.visible(before) and key not in named]
    return [OpenField(key, item) for key, item in named.items()] + [
        OpenField(key) for key in new if plan.fields[key].supplied_by is None
    ]


def correctable_fields(sub_item: SubItem) -> set[str]:
    """Return the merged fields a department may ask to be corrected: its own lines, unless another decision supplies them."""
    lines = plan_of(sub_item.bundle).own_form(sub_item.key)
    return {line.field for line in lines if line.supplied_by is None}


def _check_gaps(sub_item: SubItem, gaps: list[Gap]) -> list[Gap]:
    if not gaps:
        raise CorrectionInvalid(_("请至少勾选一处需要补正的内容。"), {"": _("请至少勾选一处需要补正的内容。")})
    fields, materials = correctable_fields(sub_item), materials_of(sub_item)
    problems = {}
    for gap in gaps:
        allowed = fields if gap.target == Target.FIELD else materials if gap.target == Target.MATERIAL else set()
        place = f"{gap.target}:{gap.key}"
        if gap.key not in allowed:
            problems[place] = _("这一项不属于本部门的表单或材料，不能要求补正。")
        elif not gap.reason.strip():
            problems[place] = _("请写明哪里不对、怎样改。")
        elif len(gap.reason.strip()) > REASON_LENGTH:
            problems[place] = _("理由最多 %(limit)s 个字，请写短一些。") % {"limit": REASON_LENGTH}
    if problems:
        raise CorrectionInvalid(_("补正内容还不完整，没有发出。"), problems)
    return list({(gap.target, gap.key): gap for gap in gaps}.values())


def _corrected_values(
    plan: Plan, before: Mapping[str, Any], items: Iterable[CorrectionItem], typed: Mapping[str, Any]
) -> tuple[dict[str, Any], set[str]]:
    """Return the new values and the fields that changed; raise ``CorrectionInvalid`` on what cannot stand."""
    allowed = [one.key for one in open_fields(plan, items, before, typed)]
    merged = {**before, **{key: typed.get(key) for key in allowed if key in typed}}
    cleaned, problems = plan.clean(merged, timezone.localdate())
    wrong = {one.field: sentence(one, _label(plan, one.field)) for one in problems if one.field in allowed}
    if wrong:
        raise CorrectionInvalid(_("还有需要改正的地方，没有提交。"), wrong)
    still_asked = plan.visible(cleaned)
    after = {key: value for key, value in before.items() if key in still_asked and key not in allowed}
    after |= {key: cleaned[key] for key in allowed if key in cleaned}
    changed = {key for key in {*before, *after} if before.get(key) != after.get(key)}
    return after, changed


def _require_changes(
    plan: Plan, items: Iterable[CorrectionItem], changed: set[str], replaced: Mapping[str, Any]
) -> None:
    names = {material.key: material.name for material in plan.materials}
    same = [item for item in items if item.key not in (changed if item.target == Target.FIELD else replaced)]
    if same:
        labels = [
            _label(plan, item.key) if item.target == Target.FIELD else names.get(item.key, item.key) for item in same
        ]
        raise CorrectionUnchanged([f"{item.target}:{item.key}" for item in same], labels)


def _keep_before_and_after(
    sub_item: SubItem,
    items: list[CorrectionItem],
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    replaced: Mapping[str, list[SubmittedMaterial]],
) -> None:
    for item in items:
        context = correction_context(sub_item, item.target, item.key)
        if item.target == Target.FIELD:
            was, now = before.get(item.key), after.get(item.key)
        else:
            was, now = None, [str(paper.pk) for paper in replaced.get(item.key, [])]
        item.before_sealed, item.after_sealed = seal(was, context), seal(now, context)
    CorrectionItem.objects.bulk_update(items, ["before_sealed", "after_sealed"])


def _label(plan: Plan, key: str) -> str:
    field = plan.fields.get(key)
    return field.label if field is not None else key
