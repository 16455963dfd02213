"""Who gave which data to whom in an application, and when: the form to each department, sources to whoever asked, one part's decision to the next."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from catalog.merging.compiled import Plan
from catalog.wording.papers import name_of_paper
from catalog.wording.translating import translator_for
from matters.cases.department_view import plan_of
from matters.cases.own_file import names_and_words
from matters.cases.rows import parts_of
from matters.core.states import CONCLUDED, State
from matters.models import Bundle, HandedOver, SubItem
from portal.sharing.models import Fetch, FetchOutcome


@dataclass(frozen=True, slots=True)
class HandOver:
    """Data that go, or went, from one to another. ``what``: names of them, never their contents; ``at``: when; None: not yet, ``state`` says why."""

    giver: str
    receiver: str
    what: tuple[str, ...]
    at: datetime | None = None
    state: str = ""


def hand_overs_of(bundle: Bundle) -> list[HandOver]:
    """Return the hand-overs of an application: what the applicant gave, what sources answered, what parts decided for others, what systems of
    departments were sent. Some seven queries, however many there are.
    """
    plan, translate, parts = plan_of(bundle), translator_for(bundle.matter_version_id), parts_of(bundle)
    offices = {part.key: translate(part.office.name) for part in parts}
    return [
        *_by_applicant(bundle, plan, parts, offices, translate),
        *_by_sources(bundle, plan, parts, offices, translate),
        *_by_decisions(plan, parts, offices, translate),
        *_to_systems(parts, offices),
    ]


def _by_applicant(
    bundle: Bundle, plan: Plan, parts: Iterable[SubItem], offices: Mapping[str, str], translate: Callable[[str], str]
) -> Iterable[HandOver]:
    handed_in = list(dict.fromkeys(bundle.materials.order_by("pk").values_list("material", flat=True)))
    asked = {material.key: {each.item for each in material.asked_by} for material in plan.materials}
    for part in parts:
        lines = [line for line in plan.own_form(part.key) if line.supplied_by is None]
        papers = [name_of_paper(plan, key, translate) for key in handed_in if part.key in asked.get(key, ())]
        what = tuple(dict.fromkeys([*(translate(line.label) for line in lines), *papers]))
        yield HandOver(_("申请人"), f"{offices[part.key]} · {translate(part.name)}", what, bundle.submitted_at)


def _by_sources(
    bundle: Bundle, plan: Plan, parts: Iterable[SubItem], offices: Mapping[str, str], translate: Callable[[str], str]
) -> Iterable[HandOver]:
    fetches = Fetch.objects.filter(case=bundle.idempotency_key, outcome=FetchOutcome.FOUND).defer("answer_sealed")
    found = list(fetches.select_related("source__department", "consent", "grant").order_by("asked_at"))
    names = names_and_words({asked for fetch in found for asked in fetch.found})[0] if found else {}
    slugs = {part.key: plan.item(part.key).slug for part in parts}
    for fetch in found:
        items = set(fetch.items)
        receivers = dict.fromkeys(
            f"{offices[part.key]} · {translate(part.name)}" for part in parts if slugs[part.key] in items
        )
        for receiver in receivers:
            giver = f"{translate(fetch.source.department.name)} · {fetch.source.name}"
            yield HandOver(giver, receiver, tuple(names.get(asked, asked) for asked in fetch.found), fetch.asked_at)


def _by_decisions(
    plan: Plan, parts: Iterable[SubItem], offices: Mapping[str, str], translate: Callable[[str], str]
) -> Iterable[HandOver]:
    by_key = {part.key: part for part in parts}
    for part in by_key.values():
        given: dict[str, list[str]] = {}
        for line in plan.own_form(part.key):
            if line.supplied_by is not None and line.supplied_by.item in by_key:
                given.setdefault(line.supplied_by.item, []).append(translate(line.label))
        for material in plan.materials:
            for asker in material.asked_by:
                for supplier in asker.supplied_by if asker.item == part.key else ():
                    if supplier in by_key:
                        given.setdefault(supplier, []).append(translate(material.name))
        for supplier, what in given.items():
            decided = by_key[supplier]
            decision = getattr(decided, "decision", None)
            is_given = decided.state == State.APPROVED and decision is not None
            yield HandOver(
                giver=f"{offices[supplier]} · {translate(decided.name)}",
                receiver=f"{offices[part.key]} · {translate(part.name)}",
                what=tuple(dict.fromkeys(what)),
                at=decision.decided_at if is_given and decision is not None else None,
                state="" if is_given else _("没有办成，不移交") if decided.state in CONCLUDED else _("等它办结"),
            )


def _to_systems(parts: Iterable[SubItem], offices: Mapping[str, str]) -> Iterable[HandOver]:
    by_id = {part.pk: part for part in parts}
    for row in HandedOver.objects.filter(sub_item__in=list(by_id)).select_related("system").order_by("at"):
        office = offices[by_id[row.sub_item_id].key]
        state = _("已转由人工办理") if row.taken_back_at is not None and row.sent_at is None else _("等对方系统收到")
        receiver = f"{office} · {row.system.name}"
        yield HandOver(
            office, receiver, (_("本部门的表单和材料清单"),), row.sent_at, "" if row.sent_at is not None else state
        )
