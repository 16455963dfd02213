"""Return for correction (补正): everything a department misses, named at once, and the applicant's answer to exactly that."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.definitions import CERTAIN_EXEMPTIONS, LICENCE
from catalog.staff.memberships import may
from matters.cases.access import materials_of, still_represents
from matters.cases.agents import ANSWERED, tell_principal
from matters.cases.department_view import plan_of
from matters.cases.sealed_form import BundleForm, open_bundle_form, seal_bundle_form
from matters.core.states import TRANSITIONS, Party
from matters.models import (
    Bundle,
    CorrectionItem,
    CorrectionNotice,
    CorrectionRequest,
    DeficiencyKind,
    ReviewTask,
    SubItem,
)
from matters.reviewing.amending import open_amendments
from matters.reviewing.answers import judge_answer, keep_before_and_after, require_changes
from matters.reviewing.clock import start_again
from matters.reviewing.fixed_facts import fixed_once_filed
from matters.reviewing.gathering import close_before, gathering_notice, hold_parts, is_over, send_notice
from matters.reviewing.holding import NO_CLAIM, claim_of
from matters.reviewing.open_parts import handed_in
from matters.reviewing.phrases import reason_choices
from matters.reviewing.rounds import AskingAgain, standings
from matters.reviewing.standing_in import whose_turn
from matters.reviewing.supplements import (
    CheckedPapers,
    EarlierFiles,
    changes_of,
    check_papers,
    replace_papers,
    withdraw_papers,
)
from matters.reviewing.transitions import (
    apply_transition,
    event,
    parties_to,
    require_party,
    require_possible,
    require_step,
    stale_state_refusal,
    update_own_task,
)
from matters.wording.refusals import CorrectionInvalid, NotAllowed
from portal.accounts.models import User
from portal.ledger.chain import append_events
from portal.lib.shown import Shown
from portal.lib.vault import seal, unseal

REASON_LENGTH = 300
MOST_DAYS = 366  # to answer; whoever types a later day has mistyped it
Target = CorrectionItem.Target


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing to correct. ``target``: ``field`` or ``material``; ``key``: the merged field key or the material's key.

    ``choice``: a code of ``matters.reviewing.phrases.reason_choices``; what it says stands for a reason that is not written.
    """

    target: str
    key: str
    reason: str
    choice: str = DeficiencyKind.OTHER


@transaction.atomic
def request_correction(
    user: User, sub_item: SubItem, gaps: Iterable[Gap], *, answer_by: date | str | None = None
) -> CorrectionRequest:
    """Name every gap of a sub-item at once, for the notice of its application; its task leaves the queue once the applicant is told.

    Where other departments still have to check, it is gathered with what they find (``matters.reviewing.gathering``), and ``told_at`` of what
    is returned is empty; what was marked before and not told yet is replaced. Before acceptance this is the window's or the
    reviewer's work, afterwards the reviewer's. ``answer_by``: until when the applicant is asked to answer, where the department says so.
    Raises ``CorrectionInvalid`` (keys ``<target>:<key>``, ``answer_by``, or empty when nothing is named), ``AlreadyDecided``,
    ``StateChanged``, ``TakenByAnother``, ``NotAllowed``. (Administrative Licensing Law art. 32.)
    """
    require_possible(sub_item, "request_correction")
    named, until = check_gaps(sub_item, list(gaps), answer_by)
    require_step(user, sub_item, "request_correction")
    bundle, parts = hold_parts(sub_item.bundle_id)
    own = next(part for part in parts if part.pk == sub_item.pk)
    if own.state != sub_item.state:
        raise stale_state_refusal(sub_item)
    now = timezone.now()
    # A window clerk names it for the department; only who may review keeps the task.
    keeps = may(user, "review", sub_item.department)
    update_own_task(user, sub_item, **(claim_of(user, sub_item.department) if keeps else NO_CLAIM))
    request = mark_gaps(user, bundle, parts, own, named, until, now)
    sub_item.state, sub_item.state_since = own.state, own.state_since
    return request


def mark_gaps(
    user: User,
    bundle: Bundle,
    parts: Sequence[SubItem],
    own: SubItem,
    named: Iterable[Gap],
    until: date | None,
    now: datetime,
) -> CorrectionRequest:
    """Write what a department misses in ``user``'s name, and tell it where nothing is waited for. Bundle and all ``parts`` are held."""
    notice = gathering_notice(bundle, now)
    close_before(notice, _unanswered_task(own))
    CorrectionRequest.objects.gathering().filter(sub_item=own).update(dropped_at=now)
    request = CorrectionRequest.objects.create(
        sub_item=own, notice=notice, requested_by=user, requested_at=now, answer_by=until
    )
    CorrectionItem.objects.bulk_create(
        [
            CorrectionItem(request=request, target=gap.target, key=gap.key, reason=gap.reason, kind=gap.choice)
            for gap in named
        ]
    )
    told = send_notice(notice, parts, now) if is_over(notice, parts, now) else []
    if not told:
        names = [f"{gap.target}:{gap.key}" for gap in named]
        append_events(bundle.pk, [event("deficiencies_marked", own, user, items=names)])
    request.told_at = next((one.told_at for one in told if one.pk == request.pk), None)
    return request


def _unanswered_task(sub_item: SubItem) -> ReviewTask | None:
    """Return the open task of a sub-item that was not accepted yet: its day is the last to tell what is missing."""
    if sub_item.accepted_at is not None:
        return None
    return ReviewTask.objects.filter(sub_item=sub_item, closed_at__isnull=True).first()


def answer_correction(
    user: User,
    request: CorrectionRequest,
    values: Mapping[str, Any],
    files: Mapping[str, Iterable[UploadedFile]],
    *,
    earlier: Mapping[str, EarlierFiles] | None = None,
    unchanged_is_right: bool = False,
    shown: Shown | None = None,
) -> CorrectionRequest:
    """Take the applicant's answer to a notice, whole, and put every sub-item of it back into its department's queue as a new task.

    ``request``: one of those that the notice told; what others of it ask is answered with it. Only what was named may change, and what that
    opens (``matters.reviewing.open_parts``). What it newly makes necessary is required, what it makes needless is withdrawn and stays
    readable. ``files``: material key → new files; ``earlier``: material key → what becomes of those handed in before
    (``matters.reviewing.supplements``). ``shown``: what the page had shown; without it everything sent counts as changed here. Raises
    ``CorrectionInvalid`` (keys: field keys, ``material:<key>``), ``CorrectionUnchanged`` when something named came back as it was and
    ``unchanged_is_right`` does not say that it is meant so, ``StateChanged``, ``NotAllowed``.
    """
    require_party(user, request.sub_item, "resubmit")
    sent = {key: list(chosen) for key, chosen in files.items()}
    accept = {
        material.key: material.accept
        for material in plan_of(request.sub_item.bundle).materials
        if sent.get(material.key) or material.key in (earlier or {})
    }
    with check_papers(sent, accept, f"person:{user.pk}", earlier) as papers:
        return _answer(user, request, values, papers, unchanged_is_right, shown)


@transaction.atomic
def _answer(
    user: User,
    request: CorrectionRequest,
    values: Mapping[str, Any],
    papers: Mapping[str, CheckedPapers],
    unchanged_is_right: bool,
    shown: Shown | None,
) -> CorrectionRequest:
    bundle, parts = hold_parts(request.sub_item.bundle_id)
    sub_item = SubItem.objects.for_case().get(pk=request.sub_item_id)
    if Party.APPLICANT in parties_to(user, sub_item) and not still_represents(user, sub_item.bundle):
        raise NotAllowed(_("您已不能替对方办事，补正没有提交。"))
    asked = answered_with(user, request)
    if request.pk not in {one.pk for one in asked}:
        raise stale_state_refusal(sub_item)
    items = [item for one in asked for item in one.items.asked()]
    form, plan = open_bundle_form(bundle), plan_of(bundle)
    coming = {key for key, checked in papers.items() if checked.added or checked.instead}
    answer = judge_answer(plan, form.values, items, values, shown, there=handed_in(bundle.pk), papers=coming)
    open_here = {paper.key for paper in answer.papers}
    changes = changes_of(bundle, {key: checked for key, checked in papers.items() if key in open_here})
    if not unchanged_is_right:
        require_changes(plan, items, answer.changed, changes, answer.elsewhere)
    now = timezone.now()
    replaced = replace_papers(bundle, changes)
    withdraw_papers(bundle, answer.needless_materials)
    keep_before_and_after(asked, items, answer, form.values, replaced)
    if answer.changed or replaced or answer.needless_materials:
        bundle.form_sealed = seal_bundle_form(bundle.pk, replace(form, values=answer.after))
        bundle.form_revision += 1
        bundle.save(update_fields=["form_sealed", "form_revision"])
    data: dict[str, Any] = {"materials": sorted(replaced), "form_revision": bundle.form_revision}
    if answer.needless_materials:
        data["withdrawn"] = sorted(answer.needless_materials)
    of = {part.pk: part for part in parts}
    for one in asked:
        one.sub_item = of[one.sub_item_id]
        _put_back(bundle, one, user, now)
        own = {line.field for line in plan.own_form(one.sub_item.key)} if len(asked) > 1 else answer.changed
        append_events(
            bundle.pk, [event("resubmitted", one.sub_item, user, fields=sorted(answer.changed & own), **data)]
        )
    _close_answered(request, now)
    cause = next((one for one in asked if any(item.key in answer.changed for item in one.items.all())), asked[0])
    open_amendments(bundle, cause, form.values, answer.after, user, now)
    tell_principal(sub_item.bundle, ANSWERED, user, request.pk)
    request.answered_at, request.answered_by = now, user
    return request


def _put_back(bundle: Bundle, request: CorrectionRequest, user: User, now: datetime) -> None:
    """Note that a request is answered, let its clock go on and open its department's task. Its sub-item is locked."""
    sub_item = request.sub_item
    apply_transition(None, sub_item, "resubmit", now)
    CorrectionRequest.objects.filter(pk=request.pk).update(answered_at=now, answered_by=user)
    request.answered_at = now
    due_on = start_again(bundle, sub_item, now)
    back_to = whose_turn(request.requested_by, sub_item, now)
    ReviewTask.objects.create(
        sub_item=sub_item,
        department=sub_item.department,
        opened_at=now,
        due_on=due_on,
        is_deemed_when_late=plan_of(bundle).item(sub_item.key).item_type == LICENCE,
        **(NO_CLAIM if back_to is None else claim_of(back_to, sub_item.department)),
    )


def _close_answered(request: CorrectionRequest, now: datetime) -> None:
    """Note that a notice is answered, once nothing of it waits any more; what was typed so far is not kept."""
    if request.notice_id is None:
        return
    waiting = CorrectionRequest.objects.open().filter(notice=OuterRef("pk"))
    notice = CorrectionNotice.objects.filter(pk=request.notice_id).exclude(Exists(waiting.order_by()))
    notice.update(answered_at=now, draft_sealed=None)


@transaction.atomic
def save_answer_draft(user: User, request: CorrectionRequest, values: Mapping[str, Any], shown: str) -> None:
    """Keep what was typed so far of the answer to a notice, for whoever goes on with it; files are not kept.

    ``shown``: what the page had shown, by which a later change elsewhere is told. Raises ``StateChanged`` where it was answered, ``NotAllowed``.
    """
    require_party(user, request.sub_item, "resubmit")
    open_notice = CorrectionNotice.objects.filter(pk=request.notice_id or 0, sent_at__isnull=False, answered_at=None)
    draft = seal({"values": dict(values), "shown": shown}, _draft_context(request.notice_id))
    if not open_notice.update(draft_sealed=draft, draft_saved_at=timezone.now(), draft_saved_by=user):
        raise stale_state_refusal(request.sub_item)


def answer_draft(request: CorrectionRequest) -> tuple[dict[str, Any], str] | None:
    """Return what was typed so far of the answer, and what the page had shown then; None where nothing was kept."""
    notice = request.notice
    if notice is None or notice.draft_sealed is None:
        return None
    kept = unseal(notice.draft_sealed, _draft_context(notice.pk))
    return kept["values"], kept["shown"]


def _draft_context(notice_id: int | None) -> str:
    return f"correction.draft:{notice_id}"


def answered_with(user: User, request: CorrectionRequest) -> list[CorrectionRequest]:
    """Return what is answered together with a request: all that its notice asks, that is open and that this user may answer, oldest first."""
    open_ones = CorrectionRequest.objects.open().select_related("sub_item__department", "sub_item__bundle__applicant")
    if request.notice_id is None:
        return list(open_ones.filter(pk=request.pk))
    found = open_ones.filter(notice=request.notice_id, sub_item__bundle=request.sub_item.bundle_id)
    return [one for one in found if one.pk == request.pk or may_answer(user, one.sub_item)]


def may_answer(user: User, sub_item: SubItem) -> bool:
    """Return whether the user may answer what was asked of a sub-item: its applicant, or the window where it was entered,
    but never who asked, reviews or decides (``matters.core.states``; the database refuses it as well).
    """
    return TRANSITIONS["resubmit"].is_for(parties_to(user, sub_item))


def correctable_fields(sub_item: SubItem, form: BundleForm | None = None) -> set[str]:
    """Return the merged fields a department may ask to be corrected: its own lines, unless another decision supplies them.

    Nor what the form itself does not let anybody change: whose checked account it is, and what a source said. ``form``: where it was opened.
    """
    plan = plan_of(sub_item.bundle)
    bundle = sub_item.bundle
    fixed = fixed_once_filed(plan, form or open_bundle_form(bundle), bundle.applicant, bundle.mandate)
    return {line.field for line in plan.own_form(sub_item.key) if line.supplied_by is None} - fixed


def correctable_papers(sub_item: SubItem) -> set[str]:
    """Return the materials a department may ask to be corrected: its own, unless another decision or the form itself makes them."""
    plan = plan_of(sub_item.bundle)
    made = {
        material.key
        for material in plan.materials
        for asker in material.asked_by
        if asker.item == sub_item.key and asker.exemption is not None and asker.exemption.kind in CERTAIN_EXEMPTIONS
    }
    return materials_of(sub_item) - made


def _last_day(answer_by: date | str | None) -> tuple[date | None, str]:
    """Return (the day, nothing), or (None, what is wrong with it)."""
    if not answer_by:
        return None, ""
    try:
        day = answer_by if isinstance(answer_by, date) else date.fromisoformat(answer_by)
    except ValueError:
        return None, _("补正期限应是一个日期，如 2026-12-15；不规定期限的，请空着。")
    if day <= timezone.localdate():
        return None, _("补正期限应在今天以后，请给申请人留出时间；不规定期限的，请空着。")
    if (day - timezone.localdate()).days > MOST_DAYS:
        return None, _("这一天太远了，请核对。")
    return day, ""


def check_gaps(
    sub_item: SubItem, gaps: list[Gap], answer_by: date | str | None, *, is_allowed: bool = False
) -> tuple[list[Gap], date | None]:
    """Return what is named, each with its reason, and the day; raise ``CorrectionInvalid`` with what cannot be asked, place by place.

    ``is_allowed``: the head is asked, or has said yes, so that what only the head allows may stand (``matters.reviewing.rounds``).
    """
    until, wrong_day = _last_day(answer_by)
    if not gaps:
        raise CorrectionInvalid(_("请至少勾选一处需要补正的内容。"), {"": _("请至少勾选一处需要补正的内容。")})
    fields, materials = correctable_fields(sub_item), correctable_papers(sub_item)
    choices = {one.code: one for one in reason_choices(sub_item)}
    _turn, again = standings(sub_item, [(gap.target, gap.key) for gap in gaps])
    problems = {}
    named: dict[tuple[str, str], Gap] = {}
    for gap in gaps:
        chosen = choices.get(gap.choice or DeficiencyKind.OTHER)
        reason = gap.reason.strip() or (chosen.text if chosen is not None else "")
        allowed = fields if gap.target == Target.FIELD else materials if gap.target == Target.MATERIAL else set()
        place = f"{gap.target}:{gap.key}"
        if gap.key not in allowed:
            problems[place] = _("这一项不属于本部门的表单或材料，不能要求补正。")
        elif chosen is None:
            problems[place] = _("这条理由已经不用了，请重新选择。")
        elif not chosen.fits(gap.target):
            problems[place] = _("“%(kind)s”是说材料的，填写的内容请选别的理由。") % {"kind": chosen.label}
        elif not reason:
            problems[place] = _("请写明哪里不对、怎样改。")
        elif len(reason) > REASON_LENGTH:
            problems[place] = _("理由最多 %(limit)s 个字，请写短一些。") % {"limit": REASON_LENGTH}
        elif not_again := _not_again(again[gap.target, gap.key], is_allowed=is_allowed):
            problems[place] = not_again
        else:
            named[gap.target, gap.key] = replace(gap, reason=reason, choice=chosen.kind)
    if wrong_day:
        problems["answer_by"] = wrong_day
    if problems:
        raise CorrectionInvalid(_("补正内容还不完整，没有发出。"), problems)
    return list(named.values()), until


def _not_again(standing: AskingAgain, *, is_allowed: bool) -> str:
    """Return why a point may not be asked for in a further round, or nothing."""
    if standing is AskingAgain.PASSED:
        return _("这一项本部门核对通过了，内容没有变，不能再要求补正。")
    if standing is AskingAgain.CONFIRMED:
        return _("这一项已经要求过，申请人确认没有错，请据此作出决定，不能再要求补正。")
    if standing is AskingAgain.NEW and not is_allowed:
        return _("补正内容应当一次告知。这一项需要负责人批准才能再要求，请在下面写明理由。")
    return ""
