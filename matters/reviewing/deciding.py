"""What a reviewer fills in at approval: its defaults, reading it against the form, and giving out numbers of which there is one each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from catalog.definitions import ResultDefinition, Value
from catalog.fields.validation import FieldProblem
from catalog.merging.deciding import ARGUABLE, Decided, said_on_form, series_of
from catalog.merging.planned import PlannedItem
from catalog.models import CertificateType
from certificates.activities.issuing import last_day
from matters.cases.answers_in_words import decided_in_words
from matters.cases.department_view import open_outputs, plan_of, with_supplied
from matters.cases.sealed_form import open_bundle_form
from matters.models import Decision, GivenNumber, SubItem
from matters.reviewing.issuing_results import TERM
from matters.wording.decided import output_sentence
from matters.wording.refusals import OutputsInvalid
from portal.accounts.models import User
from portal.lib.vault import blind_index

# Types of outputs that an officer fills in the same way for case after case: the office, the place.
LASTING = frozenset({"organisation_name", "division"})


def default_outputs(planned: PlannedItem, form: Mapping[str, Any], today: date) -> dict[str, Value]:
    """Return what is known before anybody types: what the form says already, today where a day is asked for that cannot lie ahead, and the
    term that a certificate's type sets. At most one query."""
    known = {output.code: said_on_form(output, planned, form) for output in planned.outputs}
    for output in planned.outputs:
        if output.type == "date" and output.constraints.get("not_future") and not output.repeats and not output.feeds:
            known[output.code] = known[output.code] or today.isoformat()
    for code, longest in _longest_terms(planned, today).items():
        known.setdefault(code, None)
        known[code] = known[code] or longest.isoformat()
    return {code: value for code, value in known.items() if value is not None}


def outputs_of_last_case(user: User, planned: PlannedItem) -> dict[str, Value]:
    """Return the offices and places that this officer filled in when they last approved the same item: what seldom changes from case to case.

    Never a number, a name of a person or anything about the applicant. No query where the item decides no such thing, else one.
    """
    lasting = [
        output.code
        for output in planned.outputs
        if output.type in LASTING and not (output.repeats or output.feeds or output.series)
    ]
    if not lasting:
        return {}
    decisions = Decision.objects.filter(decided_by=user, outcome=Decision.Outcome.APPROVED)
    same = decisions.filter(sub_item__key=planned.key).select_related("sub_item").order_by("-pk").first()
    held = open_outputs(same) if same is not None else {}
    return {code: held[code] for code in lasting if held.get(code) is not None}


def read_outputs(
    sub_item: SubItem,
    given: Mapping[str, Any],
    reasons: Mapping[str, str],
    today: date,
    earlier: Mapping[str, Mapping[str, Any]],
) -> Decided:
    """Return what was filled in, in normal form. ``earlier``: what was decided before (`gather_outputs`).

    Raises `OutputsInvalid` with a sentence for every box that cannot stand.
    """
    bundle, plan = sub_item.bundle, plan_of(sub_item.bundle)
    planned = plan.item(sub_item.key)
    form = with_supplied(plan, open_bundle_form(bundle).values, earlier)
    decided = plan.decide_outputs(sub_item.key, given, reasons, form, today)
    problems = [*decided.problems, *_term_problems(planned, decided.values, today)]
    if problems:
        raise _invalid(planned, problems)
    return decided


def give_numbers(decision: Decision, planned: PlannedItem, values: Mapping[str, Any]) -> None:
    """Note the numbers that a decision gives out. Raises `OutputsInvalid` for one that was given before; the database decides who was first.

    Two statements where there are such numbers, none otherwise.
    """
    given = {
        output.code: (series, blind_index(f"given:{series}", str(values[output.code]).strip().upper()))
        for output in planned.outputs
        if (series := series_of(output)) and values.get(output.code) is not None
    }
    if not given:
        return
    rows = [GivenNumber(decision=decision, series=series, number_index=index) for series, index in given.values()]
    GivenNumber.objects.bulk_create(rows, ignore_conflicts=True)
    held = GivenNumber.objects.filter(decision=decision).values_list("series", "number_index")
    own = {(series, bytes(index)) for series, index in held}
    if taken := [code for code, place in given.items() if place not in own]:
        raise _invalid(planned, [FieldProblem(code, "number_given_before") for code in taken])


def _invalid(planned: PlannedItem, problems: Iterable[FieldProblem]) -> OutputsInvalid:
    outputs = {output.code: output for output in planned.outputs}
    first = {one.field: one for one in reversed(list(problems))}
    arguable = [code for code, one in first.items() if one.code in ARGUABLE]
    said = {code: one.params["said"] for code, one in first.items() if "said" in one.params}
    said_in_words = decided_in_words([outputs[code] for code in said], said)
    sentences = {code: output_sentence(one, outputs[code], said_in_words.get(code, "")) for code, one in first.items()}
    return OutputsInvalid(sentences, arguable)


def _term_problems(planned: PlannedItem, values: Mapping[str, Any], today: date) -> list[FieldProblem]:
    """Return what is wrong with terms that were decided: over before they begin, or longer than the certificate's type allows."""
    found = []
    longest = _longest_terms(planned, today)
    for code in _term_outputs(planned):
        day = values.get(code)
        if day is None:
            continue
        if day < today.isoformat():
            found.append(FieldProblem(code, "term_is_over"))
        elif code in longest and day > longest[code].isoformat():
            found.append(FieldProblem(code, "term_too_long", {"latest": longest[code].isoformat()}))
    return found


def _term_outputs(planned: PlannedItem) -> dict[str, ResultDefinition]:
    """Return the outputs that decide a certificate's term: output code → the result."""
    terms = {result.face.get(TERM, ""): result for result in planned.results}
    return {source.partition(":")[2]: result for source, result in terms.items() if source.startswith("output:")}


def _longest_terms(planned: PlannedItem, today: date) -> dict[str, date]:
    decides = _term_outputs(planned)
    unfrozen = [result.certificate_type for result in decides.values() if not result.issued_as.code]
    rows = (
        dict(CertificateType.objects.filter(slug__in=unfrozen).values_list("slug", "valid_years")) if unfrozen else {}
    )
    years = {
        code: result.issued_as.valid_years if result.issued_as.code else rows.get(result.certificate_type)
        for code, result in decides.items()
    }
    days = {code: last_day(today, each) for code, each in years.items()}
    return {code: day for code, day in days.items() if day is not None}
