"""Why something that was put together is not part of an application, in the reader's words."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from catalog.combining.fulfilling import Absence, absences
from catalog.merging.compiled import CompiledMatter, Plan


def absence_sentences(matter: CompiledMatter, plan: Plan, translate: Callable[[str], str]) -> list[str]:
    """Return one sentence for each chosen thing that the plan leaves out; none for a matter that is no combination."""
    return [_sentence(absence, translate) for absence in absences(matter, plan)]


def _sentence(absence: Absence, translate: Callable[[str], str]) -> str:
    told = [
        _("“%(question)s”选的是“%(answer)s”") % {"question": translate(reason.text), "answer": translate(reason.answer)}
        if reason.answer
        else _("“%(question)s”没有选它") % {"question": translate(reason.text)}
        for reason in absence.reasons
    ]
    name = {"name": translate(absence.name)}
    if not told:
        return _("“%(name)s”不在这份申请里：按您的回答，不办这一项。") % name
    reasons = pgettext("within a sentence", "，").join(told)
    return _("“%(name)s”不在这份申请里：您在%(reasons)s。") % {**name, "reasons": reasons}
