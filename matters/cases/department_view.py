"""What a sub-item holds for the department that handles it: its own record, papers, and what was decided before.

Nothing here asks for rights or leaves a line; people reach it through ``matters.cases.access`` only.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from catalog.definitions import OutputDefinition
from catalog.merging.compiled import Plan
from catalog.merging.deciding import Departure, said_on_form
from catalog.merging.planned import OwnLine, PlannedItem, PlannedMaterial
from catalog.versions.matters import compiled
from catalog.wording.papers import CLASSES, class_counts, paper_name
from catalog.wording.translating import translator_for
from matters.cases.answers_in_words import division_names, labels_of
from matters.cases.earlier_results import EarlierResult, decided_fact, earlier_results
from matters.cases.filed_facts import FiledFacts
from matters.cases.late_answers import AnswerBeside, answers_beside
from matters.cases.rows import papers_of, parts_of, requests_of
from matters.cases.satisfactions import (
    earlier_files_of,
    exemption_kind,
    exemption_of,
    fact_behind,
    satisfactions_of,
    told_by,
)
from matters.cases.sealed_form import open_bundle_form
from matters.core.acting import plan_under
from matters.core.states import State
from matters.models import (
    Amendment,
    Bundle,
    CorrectionItem,
    CorrectionRequest,
    Decision,
    Scan,
    SubItem,
    SubmittedMaterial,
)
from matters.wording.values import value_in_words
from portal.lib.vault import seal, unseal


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A line of the department's own form. ``key`` is the merged field, ``source`` the item whose decision supplied it.
    ``is_needless``: it was asked for until a correction made it needless. ``is_confirmed``: it was named, and answered unchanged.
    ``told``: the source that said it when it was filled in, and what it said where the applicant changed it; ``fact``: the name of what
    it rests on (`FactDispute`)."""

    code: str
    key: str
    label: str
    text: str
    source: str = ""
    is_corrected: bool = False
    before: str = ""
    is_needless: bool = False
    is_confirmed: bool = False
    told: str = field(default="", repr=False)
    fact: str = ""


@dataclass(frozen=True, slots=True)
class CaseSection:
    title: str
    rows: list[CaseRow]


@dataclass(frozen=True, slots=True)
class CasePaper:
    """A material the item asks for: the files handed in, or why none is needed. ``replaced``: earlier ones, which stay readable.
    ``told``: what a source said of it, label and text; ``fact``: the name of that fact (``matters.models.FactDispute``); ``text``: the words of a commitment that stands in for it;
    ``certificate``: the one that does; ``earlier``: the files of an earlier application that do. ``beside``: what a source said of a paper that was handed in.
    ``is_needless``: it was asked for until a correction made it needless. ``is_confirmed``: it was named, and answered unchanged."""

    key: str
    name: str
    necessity: str
    files: list[SubmittedMaterial]
    exemption: str = ""
    kind: str = ""
    told: list[tuple[str, str]] = field(default_factory=list, repr=False)
    fact: str = ""
    certificate: UUID | None = None
    text: str = ""
    earlier: list[SubmittedMaterial] = field(default_factory=list)
    is_corrected: bool = False
    replaced: list[SubmittedMaterial] = field(default_factory=list)
    is_needless: bool = False
    is_confirmed: bool = False
    beside: AnswerBeside | None = None

    @property
    def way(self) -> str:
        """In which of the ways it was spared, in a word (`CLASSES`)."""
        return str(CLASSES.get(self.kind, ""))

    @property
    def is_missing(self) -> bool:
        return self.necessity == "required" and self._is_absent

    @property
    def is_deferred(self) -> bool:
        """Whether it is not there and may follow later."""
        return self.necessity == "deferrable" and self._is_absent

    @property
    def _is_absent(self) -> bool:
        return not self.exemption and all(file.scan == Scan.INFECTED for file in self.files)


@dataclass(frozen=True, slots=True)
class CaseForm:
    """A department's projection of a bundle: nothing that its item does not declare."""

    sections: list[CaseSection]
    papers: list[CasePaper]
    earlier: list[EarlierResult]
    record: dict[str, Any]
    values: dict[str, Any] = field(repr=False)
    planned: PlannedItem = field(repr=False)
    decision: Decision | None = field(repr=False, default=None)
    requests: list[CorrectionRequest] = field(repr=False, default_factory=list)

    @property
    def keys(self) -> list[str]:
        """What was shown: merged field keys, and materials as ``material:<key>``."""
        rows = [row.key for section in self.sections for row in section.rows]
        return rows + [f"material:{paper.key}" for paper in self.papers if paper.files or paper.earlier]

    @property
    def spared(self) -> str:
        """How many papers were spared in which way, in words."""
        return class_counts(paper.kind for paper in self.papers if paper.kind)

    @property
    def facts(self) -> set[str]:
        """The names of the facts that the page rests on, by which whom they are about may dispute them."""
        rows = [row.fact for section in self.sections for row in section.rows]
        decided = [output.fact for result in self.earlier for output in result.outputs]
        return {fact for fact in (*rows, *decided, *(paper.fact for paper in self.papers)) if fact}


def plan_of(bundle: Bundle) -> Plan:
    """Return the plan that the bundle is pinned to, under a mandate with the principal as applicant. Cached per version and answers."""
    return plan_under(compiled(bundle.matter_version_id).plan_for(bundle.answers), bundle.mandate)


def seal_outputs(sub_item: SubItem, outputs: Mapping[str, Any]) -> bytes:
    """Return what ``Decision.outputs_sealed`` holds."""
    return seal(dict(outputs), _outputs_context(sub_item))


def open_outputs(decision: Decision) -> dict[str, Any]:
    """Return a decision's own facts, output code → value; empty for a rejection."""
    if decision.outputs_sealed is None:
        return {}
    opened: dict[str, Any] = unseal(decision.outputs_sealed, _outputs_context(decision.sub_item))
    return opened


def seal_departures(sub_item: SubItem, departures: Mapping[str, Departure]) -> bytes | None:
    """Return what ``Decision.departures_sealed`` holds: output code → what the form said, and why it is decided otherwise."""
    if not departures:
        return None
    said = {code: {"said": each.said, "reason": each.reason} for code, each in departures.items()}
    return seal(said, _departures_context(sub_item))


def open_departures(decision: Decision) -> dict[str, Departure]:
    """Return where a decision says otherwise than the form, and why."""
    if decision.departures_sealed is None:
        return {}
    opened = unseal(decision.departures_sealed, _departures_context(decision.sub_item))
    return {code: Departure(**each) for code, each in opened.items()}


def gather_outputs(bundle: Bundle, parts: Iterable[SubItem] | None = None) -> dict[str, dict[str, Any]]:
    """Return what approved sub-items of the bundle decided: sub-item key → {output code: value}.

    What a decision took over from the form follows a change of the form that its department has agreed to. Cost: one query (none
    where ``parts_of`` has been read), and one more where a decision took something over and the form was changed.
    """
    approved = [one for one in (parts_of(bundle) if parts is None else parts) if one.state == State.APPROVED]
    found = {one.key: getattr(one, "decision", None) for one in approved}
    decisions = {key: one for key, one in found.items() if one and one.outcome == Decision.Outcome.APPROVED}
    decided = {key: open_outputs(decision) for key, decision in decisions.items()}
    if bundle.form_revision == 1 or not decisions:
        return decided
    plan = plan_of(bundle)
    if not any(output.repeats for key in decisions for output in plan.item(key).outputs):
        return decided
    agreed = Amendment.objects.filter(sub_item__bundle=bundle, outcome=Amendment.Outcome.AGREED)
    for key, fields in agreed.values_list("sub_item__key", "fields"):
        planned, values = plan.item(key), open_bundle_form(bundle).values
        for output in taken_over(decisions[key], planned, set(fields)):
            if (said := said_on_form(output, planned, values)) is not None:
                decided[key][output.code] = said
    return decided


def taken_over(decision: Decision, planned: PlannedItem, fields: Collection[str]) -> list[OutputDefinition]:
    """Return the outputs that a decision took over from one of these fields of the form: not those decided otherwise, for a reason."""
    departures = open_departures(decision)
    return [
        output
        for output in planned.outputs
        if output.code not in departures and any(planned.own_key(key) in fields for key in output.repeats)
    ]


def with_supplied(plan: Plan, values: Mapping[str, Any], outputs: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return the form's values with what decisions answered: by the fields they supply and by what they feed."""
    result = dict(values)
    for key, planned in plan.fields.items():
        supply = planned.supplied_by
        if supply is not None and (value := outputs.get(supply.item, {}).get(supply.output)) is not None:
            result[key] = value
    for item_key, decided in outputs.items():
        for output in plan.item(item_key).outputs:
            if output.feeds and decided.get(output.code) is not None:
                result[of_instance(output.feeds, plan.item(item_key))] = decided[output.code]
    return result


def of_instance(key: str, planned: PlannedItem) -> str:
    """Return the field key that a definition's ``key`` means for this sub-item: the second child's is ``child#2:…``."""
    return planned.own_key(key)


def read_case(sub_item: SubItem) -> CaseForm:
    """Return the department's projection of a sub-item's bundle. Cost: four queries, and three more where something was corrected
    or divisions are named."""
    bundle = sub_item.bundle
    plan = plan_of(bundle)
    planned = plan.item(sub_item.key)
    form = open_bundle_form(bundle)
    values = form.values
    parts = parts_of(bundle)
    outputs = gather_outputs(bundle, parts)
    record = plan.project(values, sub_item.key, outputs)
    supplied = with_supplied(plan, values, outputs)
    requests = requests_of(bundle)
    corrected, numbers = _last_corrections(requests), {part.key: part.number for part in parts}
    return CaseForm(
        sections=_sections(
            plan.own_form(sub_item.key), record, plan, corrected, FiledFacts(form.known, form.values), numbers
        ),
        papers=_papers(bundle, plan, plan.materials_for(values), sub_item.key, corrected, values),
        earlier=earlier_results(parts, planned, plan, outputs),
        record=record,
        values={line.field: supplied.get(line.field) for line in plan.own_form(sub_item.key)},
        planned=planned,
        decision=next((getattr(one, "decision", None) for one in parts if one.pk == sub_item.pk), None),
        requests=requests,
    )


def own_form_in_words(plan: Plan, item_key: str, record: Mapping[str, Any]) -> list[CaseSection]:
    """Return a department's own form filled with its record, before anything was corrected. One query where divisions are named."""
    return _sections(plan.own_form(item_key), record, plan, {}, FiledFacts({}, {}), {})


def _outputs_context(sub_item: SubItem) -> str:
    return f"decision.outputs:{sub_item.pk}"


def _departures_context(sub_item: SubItem) -> str:
    return f"decision.departures:{sub_item.pk}"


def correction_context(sub_item: SubItem, target: str, key: str) -> str:
    """Return the context under which a correction's before and after are sealed."""
    return f"correction.item:{sub_item.pk}:{target}:{key}"


def _sections(
    lines: Iterable[OwnLine],
    record: Mapping[str, Any],
    plan: Plan,
    corrected: Mapping[tuple[str, str], _Correction],
    known: FiledFacts,
    numbers: Mapping[str, str],
) -> list[CaseSection]:
    sections: dict[str, list[CaseRow]] = {}
    lines = list(lines)
    known.read({line.field for line in lines if line.code in record})
    titles = {section.key: section.label for section in plan.matter.sections}
    served = {line.code for line in lines if line.type == "division" and not line.is_anywhere}
    divisions = division_names(map(record.get, served))
    translate = translator_for(plan.matter)
    for line in lines:
        one = corrected.get((CorrectionItem.Target.FIELD, line.field))
        is_needless = one is not None and one.origin == CorrectionItem.Origin.NEEDLESS and line.code not in record
        if line.code not in record and line.supplied_by is None and not is_needless:
            continue
        options = {**(divisions if line.code in served else {}), **labels_of(line.options, translate)}
        text = value_in_words(record.get(line.code), line.type, options, unit=translate(line.unit))
        before = "" if one is None else value_in_words(one.was, line.type, options, unit=translate(line.unit))
        # What a refused change put back is again what it was.
        is_changed = one is not None and one.is_changed and (is_needless or text != before)
        sections.setdefault(line.section, []).append(
            CaseRow(
                code=line.code,
                key=line.field,
                label=line.label,
                text=text,
                source=plan.item(line.supplied_by.item).name if line.supplied_by else "",
                is_corrected=is_changed,
                before=before,
                is_needless=is_needless,
                is_confirmed=one is not None and not one.is_changed,
                told=known.words(line, record.get(line.code), options, translate),
                fact=decided_fact(line.supplied_by, numbers) if line.supplied_by else known.fact(line),
            )
        )
    return [CaseSection(titles.get(key, key), rows) for key, rows in sections.items()]


def _papers(
    bundle: Bundle,
    plan: Plan,
    needed: Iterable[PlannedMaterial],
    item_key: str,
    corrected: Mapping[tuple[str, str], _Correction],
    values: Mapping[str, Any],
) -> list[CasePaper]:
    files: dict[str, list[SubmittedMaterial]] = {}
    replaced: dict[str, list[SubmittedMaterial]] = {}
    for paper in papers_of(bundle):
        (files if paper.replaced_at is None else replaced).setdefault(paper.material, []).append(paper)
    papers, translate = [], translator_for(plan.matter)
    needed = list(needed)
    satisfied = satisfactions_of(bundle)
    earlier = earlier_files_of(satisfied.values())
    asked = {material.key for material in needed}
    uploaded = [one for one in needed if one.key in files and any(each.item == item_key for each in one.asked_by)]
    beside = answers_beside(bundle, plan, uploaded, plan.item(item_key).slug, values, translate)
    needless = [one for one in plan.materials if one.key not in asked and one.key in replaced]
    for material in needed + needless:
        is_needless = material.key not in asked
        asker = next((asker for asker in material.asked_by if asker.item == item_key), None)
        if asker is None:
            continue
        handed_in, one = files.get(material.key, []), corrected.get((CorrectionItem.Target.MATERIAL, material.key))
        satisfied_by = None if handed_in else satisfied.get(material.key)
        papers.append(
            CasePaper(
                key=material.key,
                name=paper_name(plan, material, translate),
                necessity="" if is_needless else asker.need.necessity,
                files=handed_in,
                exemption="" if handed_in else exemption_of(plan, material, asker, satisfied_by, translate),
                kind="" if handed_in else exemption_kind(asker, satisfied_by),
                told=told_by(satisfied_by, material.code) if satisfied_by is not None else [],
                fact=fact_behind(satisfied_by, material.code, bundle) if satisfied_by is not None else "",
                certificate=satisfied_by.certificate_id if satisfied_by is not None else None,
                text=satisfied_by.text if satisfied_by is not None else "",
                earlier=[] if satisfied_by is None else [earlier[each] for each in satisfied_by.earlier_files],
                is_corrected=one is not None and one.is_changed,
                replaced=replaced.get(material.key, []),
                is_needless=is_needless,
                is_confirmed=one is not None and not one.is_changed,
                beside=beside.get(material.key),
            )
        )
    return papers


@dataclass(frozen=True, slots=True)
class _Correction:
    """What answers to corrections made of a field or paper: how it came to be what it is. ``was``: the value before the last change."""

    origin: str
    is_changed: bool
    was: Any = None


def _last_corrections(requests: Iterable[CorrectionRequest]) -> dict[tuple[str, str], _Correction]:
    """Return what the applicant answered to corrections, whichever department asked: by target and key, the last that changed it.

    An answer that leaves a thing as it is hides no change before it. Only this department's own lines and papers are looked up in it.
    """
    answered = [(one.answered_at, one.pk, one) for one in requests if one.answered_at is not None]
    items = [item for *_when, one in sorted(answered) for item in one.items.all() if item.after_sealed is not None]
    found: dict[tuple[str, str], _Correction] = {}
    for item in items:
        context = correction_context(item.request.sub_item, item.target, item.key)
        was, now = (unseal(sealed, context) if sealed else None for sealed in (item.before_sealed, item.after_sealed))
        is_changed = bool(now) if item.target == CorrectionItem.Target.MATERIAL else was != now
        if is_changed or (item.target, item.key) not in found:
            found[item.target, item.key] = _Correction(item.origin, is_changed, was)
    return found
