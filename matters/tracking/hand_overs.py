"""Who gave which data to whom in an application, and when: the form to each department, sources to whoever asked, one part's decision to the next."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from catalog.merging.compiled import Plan
from catalog.merging.planned import OwnLine, PlannedMaterial
from catalog.wording.papers import name_of_paper, paper_name
from catalog.wording.translating import translator_for
from matters.cases.department_view import plan_of
from matters.cases.rows import papers_of, parts_of
from matters.cases.satisfactions import satisfactions_of
from matters.cases.sealed_form import BundleForm, open_bundle_form
from matters.core.inquiries import paper_inquiries
from matters.core.states import CONCLUDED, State
from matters.models import Bundle, HandedOver, SubItem
from portal.accounts.people import document_number
from portal.sharing.core.inquiry import DataSubject
from portal.sharing.fetching import subject_index
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
    departments were sent, those to one receiver together. Of each part only what its own form and list of papers hold. Some nine queries, however many there are.
    """
    plan, translate, parts = plan_of(bundle), translator_for(bundle.matter_version_id), parts_of(bundle)
    offices = {part.key: translate(part.office.name) for part in parts}
    form = open_bundle_form(bundle)
    sources = _Sources(bundle, plan, form, translate)
    records = {part.key: plan.project(form.values, part.key) for part in parts}
    found: list[HandOver] = []
    for part in parts:
        receiver = f"{offices[part.key]} · {translate(part.name)}"
        lines = [
            line for line in plan.own_form(part.key) if line.supplied_by is None and line.code in records[part.key]
        ]
        if given := _by_applicant(bundle, plan, part, lines, sources, translate):
            found.append(HandOver(_("申请人"), receiver, given, bundle.submitted_at))
        found += sources.told(part, lines, receiver)
    found += [*_by_decisions(plan, parts, offices, translate), *_to_systems(parts, offices)]
    first = {each.receiver: place for place, each in reversed(list(enumerate(found)))}
    return sorted(found, key=lambda each: first[each.receiver])


def _by_applicant(
    bundle: Bundle,
    plan: Plan,
    part: SubItem,
    lines: Iterable[OwnLine],
    sources: _Sources,
    translate: Callable[[str], str],
) -> tuple[str, ...]:
    """Return what the applicant filled in or changed, and the papers they handed in, of what a part asks for."""
    labels = [translate(line.label) for line in lines if not sources.filled_in(line.field)]
    handed_in = {paper.material for paper in papers_of(bundle)}
    asked = [paper for paper in plan.materials if paper.key in handed_in and _is_asked_by(paper, part)]
    return tuple(dict.fromkeys([*labels, *(name_of_paper(plan, paper.key, translate) for paper in asked)]))


def _is_asked_by(paper: PlannedMaterial, part: SubItem) -> bool:
    return any(asker.item == part.key for asker in paper.asked_by)


class _Sources:
    """What sources were asked in an application and said, and which field or paper of the form it is in. Three queries."""

    def __init__(self, bundle: Bundle, plan: Plan, form: BundleForm, translate: Callable[[str], str]) -> None:
        rows = Fetch.objects.filter(case=bundle.idempotency_key, outcome=FetchOutcome.FOUND).defer("answer_sealed")
        rows = rows.select_related("source__department", "consent", "grant").order_by("asked_at")
        self._plan, self._values, self._translate = plan, form.values, translate
        self._known = {key: fact for key, fact in form.known.items() if "fetch" in fact}
        self._fetches = {str(row.pk): row for row in rows}
        self._papers = self._papers_of(bundle) if self._fetches else []

    def filled_in(self, field: str) -> bool:
        """Whether a field says what a source said of it."""
        return field in self._known and bool(self._values.get(field) == self._known[field]["value"])

    def told(self, part: SubItem, lines: Iterable[OwnLine], receiver: str) -> Iterable[HandOver]:
        """Return what each source told of a part's own lines and papers: one for each source, however often it was asked."""
        slug = self._plan.item(part.key).slug
        named = [
            (self._known[line.field]["fetch"], self._translate(line.label))
            for line in lines
            if line.field in self._known
        ]
        named += [
            (pk, paper_name(self._plan, paper, self._translate))
            for paper, pk in self._papers
            if _is_asked_by(paper, part)
        ]
        by_source: dict[int, list[tuple[Fetch, str]]] = {}
        for pk, name in named:
            row = self._fetches.get(pk)
            if row is not None and slug in row.items:
                by_source.setdefault(row.source_id, []).append((row, name))
        for told in by_source.values():
            source = told[0][0].source
            name = (source.name_en if (get_language() or "").startswith("en") else "") or source.name
            giver = f"{self._translate(source.department.name)} · {name}"
            what = tuple(dict.fromkeys(name for _row, name in told))
            yield HandOver(giver, receiver, what, max(row.asked_at for row, _name in told))

    def _papers_of(self, bundle: Bundle) -> list[tuple[PlannedMaterial, str]]:
        """Return the papers that a source said are there, each with its answer: those it stood in for, and those it was laid beside."""
        satisfied, handed_in = satisfactions_of(bundle), {paper.material for paper in papers_of(bundle)}
        needed = self._plan.materials_for(self._values)
        found = [
            (paper, str(satisfied[paper.key].fetch_id))
            for paper in needed
            if paper.key in satisfied and satisfied[paper.key].fetch_id is not None and paper.key not in handed_in
        ]
        uploaded = {paper.key: paper for paper in needed if paper.key in handed_in}
        person = bundle.applicant
        applicant = DataSubject(person.document_kind, document_number(person), person.name)
        for inquiry in paper_inquiries(self._plan, uploaded.values(), self._values, applicant):
            subjects = {subject_index(each) for each in (inquiry.person, inquiry.organisation) if each is not None}
            found += [
                (uploaded[inquiry.key], pk)
                for pk, row in self._fetches.items()
                if inquiry.asked in row.found
                and row.subject_index in subjects
                and row.source.department.code == inquiry.department
            ]
        return found


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
