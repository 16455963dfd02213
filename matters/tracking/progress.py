"""A bundle as its applicant follows it: who has it, since when, until when, and what waits for what."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from catalog.wording.translating import translator_for
from matters.calendars.limits import answer_due, days_left, due_after, end_of, is_provisional
from matters.cases.amendments import AmendedPart
from matters.cases.department_view import plan_of
from matters.core.progress import SubItemPosition, ends_with
from matters.core.states import CONCLUDED, State
from matters.models import Bundle, CorrectionRequest, SubItem
from matters.tracking.lanes import Chart, LaneFacts, draw, nearest
from matters.wording.states import day, standing, state_tone, working_days_left
from matters.wording.sub_items import of_which

_KIND = {
    State.WAITING: "waiting",
    State.QUEUED: "queued",
    State.RESUBMITTED: "queued",
    State.RETURNED: "you",
    State.ACCEPTED: "working",
    State.UNDER_REVIEW: "working",
    State.APPROVED: "approved",
}


_LOOK = {State.RETURNED: "you", State.WAITING: ""}


@dataclass(frozen=True, slots=True)
class Step:
    """One sub-item in words. ``look``: done, now, you or empty, for the list's edge. ``followers``: what ends with it if it is withdrawn."""

    sub_item: SubItem
    heading: str
    state: str
    tone: str
    sentence: str
    look: str
    short: str
    department: str
    followers: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """All that the progress page shows of a bundle's way. ``now_sentence`` says who has it at this moment."""

    steps: list[Step]
    chart: Chart
    now_sentence: str
    promised_sentence: str
    done: int


def progress_of(bundle: Bundle, *, now: datetime | None = None, amended: Iterable[AmendedPart] = ()) -> Progress:
    """Return the bundle's progress. ``bundle`` brings its sub-items with departments (``for_page``); no query of its own.

    ``amended``: what was changed after it was decided on; where a department has yet to check it, it has the application now.
    """
    now = now or timezone.now()
    sub_items = list(bundle.sub_items.all())
    translate = translator_for(bundle.matter_version_id)
    names = short_names(bundle, translate)
    checked = {part.key: part for part in amended if part.is_being_checked}
    steps = [_step(one, sub_items, now, translate, names) for one in sub_items]
    steps = [_checking(step, checked[step.sub_item.key]) if step.sub_item.key in checked else step for step in steps]
    steps = _with_followers(steps)
    return Progress(
        steps=steps,
        chart=draw(_facts(bundle, sub_items, steps, now, translate), now=now),
        now_sentence=_now_sentence(steps, list(checked.values())),
        promised_sentence=_promised_sentence(bundle, now),
        done=sum(1 for one in sub_items if one.state in CONCLUDED),
    )


def short_names(bundle: Bundle, translate: Callable[[str], str]) -> dict[str, str]:
    """Return what lanes and sentences call each sub-item: key → short name; the full one where only that is translated."""
    names = {}
    for item in plan_of(bundle).items:
        short = translate(item.short_name)
        names[item.key] = (
            translate(item.name) if short == item.short_name and translate(item.name) != item.name else short
        )
        names[item.key] = of_which(names[item.key], item.instance)
    return names


def open_corrections(bundle: Bundle) -> list[CorrectionRequest]:
    """Return what waits for the applicant, oldest first, with items and departments. Cost: two queries."""
    requests = CorrectionRequest.objects.open().filter(sub_item__bundle=bundle)
    found = list(requests.select_related("sub_item__department").prefetch_related("items"))
    for request in found:
        request.sub_item.bundle = bundle
    return found


def open_notices(bundle: Bundle) -> list[list[CorrectionRequest]]:
    """Return what waits for the applicant by notice, oldest first: what is told together is answered together. Cost: two queries."""
    found: dict[object, list[CorrectionRequest]] = {}
    for request in open_corrections(bundle):
        key = ("notice", request.notice_id) if request.notice_id is not None else ("request", request.pk)
        found.setdefault(key, []).append(request)
    return list(found.values())


def expected_ends(bundle: Bundle, sub_items: Sequence[SubItem], now: datetime) -> dict[str, datetime]:
    """Return when each sub-item ended or may be expected to: key → moment. What waits is counted from the end of what it waits for."""
    ends: dict[str, datetime] = {}
    today = timezone.localdate(now)
    left = list(sub_items)
    keys = {one.key for one in sub_items}
    while left:
        ready = [one for one in left if all(key in ends or key not in keys for key in one.after)] or left
        for one in ready:
            if one.concluded_at is not None:
                ends[one.key] = one.concluded_at
            elif one.due_on is not None:
                ends[one.key] = end_of(one.due_on)
            else:
                # Where no limit is published nothing can be expected: the line goes as far as it must at least.
                starts = max([today] + [timezone.localdate(ends[key]) for key in one.after if key in ends])
                ends[one.key] = end_of(due_after(starts, one.promised_limit_days or 0, one.limit_unit).date)
        left = [one for one in left if one.key not in ends]
    return ends


def _facts(
    bundle: Bundle, sub_items: list[SubItem], steps: list[Step], now: datetime, translate: Callable[[str], str]
) -> list[LaneFacts]:
    ends = expected_ends(bundle, sub_items, now)
    today = timezone.localdate(now)
    facts = []
    for one, step in zip(sub_items, steps, strict=True):
        kind = _KIND.get(State(one.state), "closed")
        if kind == "working" and one.due_on is not None and one.due_on < today:
            kind = "late"
        before = [ends[key] for key in one.after if key in ends]
        if kind == "waiting":
            begins = max([now, *before])
        else:
            begins = max([bundle.submitted_at, *(moment for moment in before if moment <= now)])
        facts.append(
            LaneFacts(
                key=one.key,
                kind=kind,
                begins=begins,
                ends=max(ends[one.key], begins + timedelta(minutes=1)),
                after=tuple(one.after),
                label=f"{step.heading} · {step.short}",
                heading=translate(one.office.short_name),
            )
        )
    return facts


def _step(
    one: SubItem, all_of_them: list[SubItem], now: datetime, translate: Callable[[str], str], names: Mapping[str, str]
) -> Step:
    state = State(one.state)
    words = _names(one, translate)
    look = "done" if state in CONCLUDED else _LOOK.get(state, "now")
    label = standing(one)
    if state == State.WAITING:
        unmet = [other.key for other in all_of_them if other.key in one.after and other.state != State.APPROVED]
        named = _join(names.get(key, key) for key in nearest(unmet, {each.key: each.after for each in all_of_them}))
        short = _("等%(names)s") % {"names": named} if named else _("等待分办")
        sentence = _("等%(names)s办完，自动开始") % {"names": named} if named else _("正在分送到部门")
        label = label if named else _("等待分办")
    elif state in (State.QUEUED, State.RESUBMITTED) and one.accepted_at is None:
        short = label
        answered = {**words, "due": day(answer_due(one.state_since).date)}
        sentence = _("%(department)s %(since)s收到，会在%(due)s前决定是否受理") % answered
    elif state == State.RESUBMITTED:
        short = label
        sentence = _("%(department)s %(since)s收到补正，接着办理") % words
        if one.due_on is not None:
            sentence = _("%(department)s %(since)s收到补正，承诺%(due)s前办完") % {**words, "due": day(one.due_on)}
    elif state == State.RETURNED:
        short = _("等您补正")
        sentence = _("%(department)s %(since)s请您补正；等您补正的日子不计入办理时限，补正后接着办") % words
    elif state in (State.ACCEPTED, State.UNDER_REVIEW) and one.due_on is not None:
        left = working_days_left(days_left(one.due_on, timezone.localdate(now)))
        short = f"{label} · {left}"
        sentence = _("%(department)s %(accepted)s受理，承诺%(due)s前办完，%(left)s") % {
            **words,
            "accepted": day(one.accepted_at or one.state_since),
            "due": day(one.due_on),
            "left": left,
        }
        if is_provisional(one.due_on):
            sentence += _("（%(year)s年放假安排公布后，日期可能调整）") % {"year": one.due_on.year}
    elif state in (State.ACCEPTED, State.UNDER_REVIEW):
        short = label
        sentence = _("%(department)s %(accepted)s受理，正在办理；这个事项没有公布承诺时限") % {
            **words,
            "accepted": day(one.accepted_at or one.state_since),
        }
    elif state == State.WITHDRAWN:
        short, sentence = label, _("您在%(since)s撤回") % words
    elif state == State.TERMINATED and one.accepted_at is not None:
        short, sentence = label, _("没有按承诺补交材料，或者核查与承诺不符，%(since)s终止") % words
    elif state == State.TERMINATED:
        short, sentence = label, _("前面的事项没有办成，%(since)s终止") % words
    elif state == State.NOT_ACCEPTED:
        short, sentence = label, _("%(department)s %(since)s决定不予受理，没有进入审查") % words
    elif state in CONCLUDED:
        short = f"{label} {words['since']}"
        sentence = _("%(department)s %(since)s办结") % words
    else:
        short, sentence = label, _("%(department)s正在办理") % words
    name = names.get(one.key, one.name)
    return Step(one, name, label, state_tone(state), sentence, look, short, words["department"])


def _names(one: SubItem, translate: Callable[[str], str]) -> dict[str, str]:
    return {"department": translate(one.office.name), "since": day(one.state_since)}


def _checking(step: Step, part: AmendedPart) -> Step:
    """Return the step of something decided whose department has to check what a correction changed."""
    words = {"department": part.department, "since": day(part.since), "names": part.names}
    sentence = _("%(department)s%(since)s起核对改动过的“%(names)s”") % words
    return replace(step, look="now", short=_("核对改动"), sentence=sentence)


def _with_followers(steps: list[Step]) -> list[Step]:
    """Return the steps that may be withdrawn with the names of those that would end with each."""
    positions = {one.sub_item.key: SubItemPosition(State(one.sub_item.state), one.sub_item.after) for one in steps}
    names = {one.sub_item.key: one.heading for one in steps}
    return [
        one
        if one.look == "done"
        else replace(one, followers=_join(names[key] for key in ends_with(positions, {one.sub_item.key})))
        for one in steps
    ]


def _now_sentence(steps: list[Step], checked: list[AmendedPart]) -> str:
    returned = [step.heading for step in steps if step.look == "you"]
    if returned:
        return _("现在等您补正：%(names)s。补正后接着办。") % {"names": _join(returned)}
    if checked:
        return _("现在由%(departments)s核对改动过的内容：%(names)s。核对好以前，用到它的事项不能准予。") % {
            "departments": _join(dict.fromkeys(part.department for part in checked)),
            "names": _join(dict.fromkeys(part.names for part in checked)),
        }
    at_work = [step for step in steps if step.look == "now"]
    if at_work:
        return _("现在由%(departments)s办理：%(names)s。") % {
            "departments": _join(dict.fromkeys(step.department for step in at_work)),
            "names": _join(step.heading for step in at_work),
        }
    if any(step.look == "" for step in steps):
        return _("已经收到，正在分送到各部门。")
    ended = [step for step in steps if step.sub_item.state != State.APPROVED]
    if ended and all(step.sub_item.state == State.WITHDRAWN for step in steps):
        return _("全部事项都已撤回。")
    if ended:
        return _("都有了结果：办成 %(granted)s 个，没有办成：%(names)s。") % {
            "granted": len(steps) - len(ended),
            "names": _join(step.heading for step in ended),
        }
    if in_part := [step.heading for step in steps if step.sub_item.is_in_part]:
        return _("全部事项都已办结，其中部分准予：%(names)s。") % {"names": _join(in_part)}
    return _("全部事项都已办结。")


def _join(names: Iterable[str]) -> str:
    return pgettext("between names", "、").join(names)


def _promised_sentence(bundle: Bundle, now: datetime) -> str:
    if bundle.concluded_at is not None:
        return _("%(submitted)s提交，%(concluded)s办结。") % {
            "submitted": day(bundle.submitted_at),
            "concluded": day(bundle.concluded_at),
        }
    if bundle.promised_on is None:
        unknown = sum(1 for one in bundle.sub_items.all() if one.promised_limit_days is None)
        told = {"submitted": day(bundle.submitted_at), "count": unknown}
        if not unknown:
            return _("%(submitted)s提交。") % told
        return (
            ngettext(
                "%(submitted)s提交。有 %(count)s 个事项没有公布承诺时限，全部办完的日期还定不下来。",
                "%(submitted)s提交。有 %(count)s 个事项没有公布承诺时限，全部办完的日期还定不下来。",
                unknown,
            )
            % told
        )
    left = working_days_left(days_left(bundle.promised_on, timezone.localdate(now)))
    sentence = _("%(submitted)s提交，承诺%(promised)s前全部办完，%(left)s（不含周末和节假日）。") % {
        "submitted": day(bundle.submitted_at),
        "promised": day(bundle.promised_on),
        "left": left,
    }
    if is_provisional(bundle.promised_on):
        sentence += _("%(year)s年放假安排公布后，日期可能调整。") % {"year": bundle.promised_on.year}
    return sentence
