"""What a machine can check before a person reads: shown beside the review points, never instead of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from catalog.merging.compiled import Plan
from catalog.merging.deciding import BIRTHS, IDENTITY, SEX, told_otherwise
from catalog.wording.translating import translator_for
from matters.calendars.limits import today
from matters.cases.amendments import AmendedPart
from matters.cases.department_view import CasePaper
from matters.cases.earlier_results import EarlierResult
from matters.core.states import State
from matters.models import Amendment

RESIDENT = "111"  # a resident identity card, among the kinds of documents
_EXTENSION_A = range(0x3400, 0x4DC0)


@dataclass(frozen=True, slots=True)
class Check:
    """``passed``: True, False, or None where a person has to look."""

    text: str
    passed: bool | None
    note: str = ""


def checks_of(
    plan: Plan,
    item_key: str,
    values: Mapping[str, Any],
    earlier: Iterable[EarlierResult],
    papers: Iterable[CasePaper],
    amended: Iterable[AmendedPart] = (),
) -> list[Check]:
    """Return the automatic checks of a sub-item, in the order a reviewer works.

    ``amended``: what departments that decided before were asked about fields of this item.
    """
    translate = translator_for(plan.matter)
    found = [
        Check(
            _("前项：%(name)s") % {"name": translate(one.name)},
            one.state == State.APPROVED,
            one.standing,
        )
        for one in earlier
    ]
    found += [_amended(one) for one in amended]
    own = {line.field for line in plan.own_form(item_key)}
    problems = [problem for problem in plan.clean(values, today())[1] if problem.field in own]
    labels = pgettext("between names", "、").join(
        dict.fromkeys(translate(plan.fields[problem.field].label) for problem in problems)
    )
    found.append(Check(_("表单必填项齐全，格式和校验位正确"), not problems, labels))
    papers = list(papers)
    missing = pgettext("between names", "、").join(paper.name for paper in papers if paper.is_missing)
    if papers:
        found.append(Check(_("必要材料齐全"), not missing, _("缺：%(names)s") % {"names": missing} if missing else ""))
    found += _numbers_and_persons(plan, sorted(own), values)
    for key in own:
        if plan.fields[key].type == "person_name" and (rare := rare_characters(str(values.get(key) or ""))):
            found.append(
                Check(
                    translate(plan.fields[key].label),
                    None,
                    _("含生僻字“%(characters)s”，请人工核对字形") % {"characters": rare},
                )
            )
    return found


def _numbers_and_persons(plan: Plan, own: Iterable[str], values: Mapping[str, Any]) -> list[Check]:
    """Return the numbers of identity cards that tell another sex or day of birth than the form says of the same person."""
    found = []
    for key in own:
        whose, _colon, element = key.partition(":")
        if element != IDENTITY or values.get(f"{whose}:person.id_kind", RESIDENT) != RESIDENT:
            continue
        person = {name: values.get(f"{whose}:{name}") for name in (SEX, *BIRTHS)}
        label = translator_for(plan.matter)(plan.fields[key].label)
        for code, _said in told_otherwise(str(values.get(key) or ""), person):
            words = _("与性别不符") if code == "sex_in_number" else _("与出生日期不符")
            found.append(Check(label, False, words))
    return found


def _amended(part: AmendedPart) -> Check:
    if part.outcome == Amendment.Outcome.AGREED:
        return Check(_("与前项证照一致：%(names)s") % {"names": part.names}, True, part.sentence)
    if part.outcome == Amendment.Outcome.REFUSED:
        return Check(_("前项没有同意更正：%(names)s") % {"names": part.names}, None, part.sentence)
    return Check(_("与前项证照不一致：%(names)s") % {"names": part.names}, False, part.sentence)


def rare_characters(name: str) -> str:
    """Return the Chinese characters of a name that not every font or old system knows."""
    return "".join(
        dict.fromkeys(c for c in name if (ord(c) in _EXTENSION_A or ord(c) > 0x9FA5) and not _is_common_sign(c))
    )


def _is_common_sign(character: str) -> bool:
    # Full-width signs and compatibility forms are no characters of a name's own.
    return 0xF900 <= ord(character) <= 0xFFFF
