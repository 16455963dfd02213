"""What is wrong with what a reviewer filled in, beside its box: the sentences of fields, and those that only a decision needs."""

from __future__ import annotations

from django.utils.translation import gettext as _

from catalog.definitions import OutputDefinition
from catalog.fields.validation import FieldProblem
from catalog.wording.problems import sentence
from matters.wording.values import value_in_words


def output_sentence(problem: FieldProblem, output: OutputDefinition, said: str = "") -> str:
    """Return what is wrong with an output and what to do about it. ``said``: what the form says, in words."""
    facts = {
        "label": output.label,
        "said": said,
        "latest": value_in_words(problem.params.get("latest"), "date"),
    }
    if problem.code == "differs_from_form":
        return _("申请表上填的是“%(said)s”。要定成别的，请写明改动的理由。") % facts
    if problem.code == "sex_in_number":
        sex = _("男") if problem.params["said"] == "1" else _("女")
        return _("号码第 17 位与申请表上的性别“%(sex)s”不符。请核对号码；确实无误的，写明理由。") % {"sex": sex}
    if problem.code == "birth_in_number":
        day = value_in_words(problem.params["said"], "date")
        return _("号码里的出生日期与申请表上的%(day)s不符。请核对号码；确实无误的，写明理由。") % {"day": day}
    if problem.code == "before_birth":
        return _("不能早于出生日期%(day)s，请核对。") % {"day": value_in_words(problem.params["said"], "date")}
    if problem.code == "number_of_another":
        return _("这是同一件申请里另一个人的号码，请核对。")
    if problem.code == "number_given_before":
        return _("这个%(label)s已经给出过，不能再用。请核对后重新填写。") % facts
    if problem.code == "term_is_over":
        return _("%(label)s早于今天，证照一签发就过期了。请核对。") % facts
    if problem.code == "term_too_long":
        return _("%(label)s超过了这种证照的最长有效期，最晚到%(latest)s。") % facts
    return sentence(problem, output.label)
