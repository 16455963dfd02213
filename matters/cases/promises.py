"""Promises of a case (容缺受理、告知承诺): what it would be accepted on, what was promised, and whose word does not count for now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.definitions import MaterialNeed
from catalog.merging.compiled import CompiledMatter, Plan
from catalog.merging.planned import MaterialAsker
from catalog.wording.papers import name_of_paper
from catalog.wording.translating import translator_for
from matters.calendars.limits import due_after
from matters.cases.department_view import plan_of, read_case
from matters.models import Bundle, MaterialSatisfaction, PaperPromise, SubItem
from matters.wording.titles import title
from portal.accounts.models import Organisation, Person
from portal.accounts.own_file.parts import FileLine, FilePart, FileSubject

Kind = PaperPromise.Kind
RECORD = "promise:"  # how the name of a record begins by which it is disputed
COMMITMENT = MaterialSatisfaction.Kind.COMMITMENT.value


@dataclass(frozen=True, slots=True)
class Promised:
    """What would be promised if the case were accepted today. ``due_on``: as `PaperPromise` has it."""

    material: str
    name: str
    kind: str
    due_on: date
    result_waits: bool


def takes_promises(sub_item: SubItem) -> bool:
    """Return whether the item lets a paper follow later, or takes a commitment for one. No query."""
    return any(_is_promisable(asker.need) for asker in _own_askers(plan_of(sub_item.bundle), sub_item.key))


def result_may_wait(sub_item: SubItem) -> bool:
    """Return whether the item has a paper that may follow and that its result waits for. No query."""
    return any(
        asker.need.necessity == "deferrable" and asker.need.result_waits
        for asker in _own_askers(plan_of(sub_item.bundle), sub_item.key)
    )


def promised_by(sub_item: SubItem, today: date) -> list[Promised]:
    """Return the papers that are not there and on which the case would be accepted. No query where its item takes no promise, else those of
    `read_case`."""
    if not takes_promises(sub_item):
        return []
    plan, found = plan_of(sub_item.bundle), []
    needs = {
        paper.key: asker.need for paper in plan.materials for asker in paper.asked_by if asker.item == sub_item.key
    }
    for paper in read_case(sub_item).papers:
        need = needs[paper.key]
        if paper.kind == COMMITMENT:
            due = due_after(today, settings.YIJIAN_COMMITMENT_CHECK_DAYS).date
            found.append(Promised(paper.key, paper.name, Kind.COMMITMENT, due, False))
        elif paper.is_deferred:
            due = due_after(today, need.deferred_days).date
            found.append(Promised(paper.key, paper.name, Kind.DEFERRED, due, need.result_waits))
    return found


def promisable_papers(matter: CompiledMatter, plan: Plan) -> list[str]:
    """Return the names, untranslated, of the papers that may follow later or that a commitment may stand in for.

    While the answers choose no item yet, those of all items. No query.
    """
    if plan.items:
        papers = [paper for paper in plan.materials if not paper.is_met]
        return [paper.name for paper in papers if any(_is_promisable(asker.need) for asker in paper.asked_by)]
    needs = [need for item in matter.items.values() for need in item.materials if _is_promisable(need)]
    return list(dict.fromkeys(matter.materials[need.material].name for need in needs))


def _is_promisable(need: MaterialNeed) -> bool:
    return need.necessity == "deferrable" or any(way.kind == COMMITMENT for way in need.exemptions)


def awaits_paper(sub_item: SubItem) -> bool:
    """Return whether a paper that the result waits for is not there, or nobody has looked at it. No query where the item has no such paper."""
    if not result_may_wait(sub_item):
        return False
    if sub_item.accepted_at is None:
        return any(one.result_waits for one in promised_by(sub_item, timezone.localdate()))
    return PaperPromise.objects.open().filter(sub_item=sub_item, result_waits=True).exists()


def barred_until(person: Person | object, organisation: Organisation | object | None, today: date) -> date | None:
    """Return until when nothing of somebody is accepted on a promise, because they broke one; None where nothing stands on record. One query."""
    found = PaperPromise.objects.barring(person, organisation, today).order_by("-bars_until")
    return found.values_list("bars_until", flat=True).first()


def promises_of(bundle: Bundle) -> list[PaperPromise]:
    """Return what was promised in an application, in the order of its parts. No query where its version takes no promise, else one."""
    parts = list(bundle.sub_items.all())
    for part in parts:
        part.bundle = bundle
    if not any(takes_promises(part) for part in parts):
        return []
    rows = PaperPromise.objects.filter(sub_item__in=parts).select_related("sub_item__department")
    return list(rows.order_by("sub_item__number", "due_on", "pk"))


def paper_names(bundle: Bundle, rows: Iterable[PaperPromise]) -> dict[str, str]:
    """Return what the papers of these promises are called, in the reader's language."""
    plan, translate = plan_of(bundle), translator_for(bundle.matter_version_id)
    return {row.material: name_of_paper(plan, row.material, translate) for row in rows}


def credit_records(subject: FileSubject) -> FilePart | None:
    """What of a person's, or an organisation's, promises was broken: since when, until when it counts, and who noted it. One query.

    Who says that it is wrong asks the department that noted it; struck off, it counts no more.
    """
    if not subject.is_whole:
        return None
    bundles = Bundle.objects.filter(organisation=subject.organisation)
    if subject.organisation is None:
        bundles = bundles.filter(applicant=subject.person)
    rows = PaperPromise.objects.filter(outcome=PaperPromise.Outcome.BROKEN, sub_item__bundle__in=bundles)
    rows = rows.select_related("sub_item__department", "sub_item__bundle__matter_version__matter")
    rows = rows.defer("sub_item__bundle__form_sealed", "sub_item__bundle__matter_version__content")
    return FilePart(
        key="credit",
        title=_("信用记录"),
        lead=_("没有履行容缺补交、告知承诺的记录。到期以后不再影响办事；认为不对的，可以提出。"),
        empty=_("没有失信记录。"),
        lines=[_record_line(row) for row in rows.order_by("-settled_at", "-pk")[: subject.limit]],
    )


def fact_of_record(row: PaperPromise) -> str:
    """Return the name by which a record is disputed."""
    return f"{RECORD}{row.pk}"


def _record_line(row: PaperPromise) -> FileLine:
    part = row.sub_item
    counts = row.struck_at is None and row.bars_until is not None and row.bars_until >= timezone.localdate()
    state = _("已撤销") if row.struck_at else _("有效") if counts else _("已过期")
    until = row.bars_until.isoformat() if row.bars_until else ""
    [name] = paper_names(part.bundle, [row]).values()
    return FileLine(
        label=name,
        value=_("%(what)s；%(until)s 前不适用容缺受理和告知承诺") % {"what": row.get_breach_display(), "until": until},
        source=f"{part.department.name} · {title(part.bundle)} {part.number}",
        at=row.settled_at,
        state=state,
        tone="r" if counts else "n",
        reference=fact_of_record(row),
        owner=part.department_id if row.struck_at is None else 0,
        fact=fact_of_record(row),
    )


def lapse_of_record(today: date) -> date:
    """Return until when a promise that is broken today counts."""
    return today + timedelta(days=settings.YIJIAN_PROMISE_BAR_DAYS)


def _own_askers(plan: Plan, item: str) -> list[MaterialAsker]:
    return [asker for paper in plan.materials for asker in paper.asked_by if asker.item == item]
