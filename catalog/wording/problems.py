"""What the catalog's codes say to people: what is wrong with an answer, why something is asked.

One sentence a code, each telling how to mend it. The browser gets the same sentences (``browser_sentences``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from catalog.fields.shapes import shape_of
from catalog.fields.validation import FieldProblem
from catalog.merging.planned import Reason
from catalog.merging.reasons import Why
from portal.lib.identifier_wording import CODES as IDENTIFIER_CODES
from portal.lib.identifier_wording import sentence as identifier_sentence

SENTENCES: dict[str, str | Promise] = {
    "required": gettext_lazy("请填写%(label)s。"),
    "not_the_organisation": gettext_lazy("%(label)s不是“%(name)s”的。替别的单位办，请先在页面上方切换。"),
    "required_choice": gettext_lazy("请选择%(label)s。"),
    "not_text": gettext_lazy("%(label)s里应填文字，请重新填写。"),
    "bad_character": gettext_lazy("%(label)s里有一个看不见的控制字符，请删去后重新输入。"),
    "unstorable": gettext_lazy("%(label)s里有不能保存的字符，已用“�”代替，请改正。"),
    "not_kept": gettext_lazy("%(label)s最多 %(maximum)s 个字，这次填的太长，没有保存，请删减。"),
    "too_long": gettext_lazy("%(label)s最多 %(maximum)s 个字，请删减。"),
    "too_short": gettext_lazy("%(label)s至少 %(minimum)s 个字，请补充。"),
    "not_an_option": gettext_lazy("%(label)s没有这个选项，请重新选择。"),
    "option_not_accepted": gettext_lazy("%(label)s不能选这一项，请换一项。"),
    "too_few_chosen": gettext_lazy("%(label)s至少选 %(minimum)s 项。"),
    "too_many_chosen": gettext_lazy("%(label)s最多选 %(maximum)s 项。"),
    "not_an_integer": gettext_lazy("%(label)s应填整数，如 %(example)s。"),
    "not_a_number": gettext_lazy("%(label)s应填数字，如 %(example)s。"),
    "number_too_large": gettext_lazy("%(label)s的数字太大，请核对。"),
    "too_small": gettext_lazy("%(label)s不能小于 %(minimum)s，请核对。"),
    "too_large": gettext_lazy("%(label)s不能大于 %(maximum)s，请核对。"),
    "too_many_decimals": gettext_lazy("%(label)s最多 %(maximum)s 位小数，请核对。"),
    "not_a_date": gettext_lazy("%(label)s没有填完整或者年份不对，请填写年、月、日，如 2026 年 11 月 12 日。"),
    "no_such_day": gettext_lazy("%(label)s里的这一天不存在，请核对年、月、日。"),
    "not_a_datetime": gettext_lazy(
        "%(label)s没有填完整或者钟点不对，请填写到几时几分（0 至 23 时，0 至 59 分），如 8 时 15 分。"
    ),
    "in_future": gettext_lazy("%(label)s还没有到，不能晚于今天，请核对。"),
    "in_past": gettext_lazy("%(label)s已经过了，不能早于今天，请核对。"),
    "in_future_today": gettext_lazy("%(label)s还没有到，不能晚于现在，请核对几时几分。"),
    "in_past_today": gettext_lazy("%(label)s已经过了，不能早于现在，请核对几时几分。"),
    "too_early": gettext_lazy("%(label)s不能早于 %(earliest)s，请核对。"),
    "too_late": gettext_lazy("%(label)s不能晚于 %(latest)s，请核对。"),
    "too_young": gettext_lazy("按%(label)s计算不满 %(minimum)s 周岁，不能办理这一项，请核对。"),
    "too_old": gettext_lazy("按%(label)s计算已满 %(reached)s 周岁，超过了规定，请核对；确实超过的，请到窗口办理。"),
    "not_yes_or_no": gettext_lazy("%(label)s请选“是”或“否”。"),
    "not_a_division": gettext_lazy(
        "%(label)s里没有找到这个县、市、区，请写全名，如江西省南昌市西湖区，后面的街道、乡镇不用写。"
    ),
    "division_ambiguous": gettext_lazy(
        "叫“%(typed)s”的不止一处：%(candidates)s。%(label)s是哪一处，请连省、市一起写。"
    ),
    "division_too_wide": gettext_lazy("%(label)s请写到县、市、区。“%(typed)s”有：%(candidates)s。"),
    "not_a_postcode": gettext_lazy("%(label)s应为 6 位数字，如 330000。"),
    "not_an_email": gettext_lazy("%(label)s不像邮箱地址，应像 name@example.cn 这样，请核对。"),
    "wrong_format": gettext_lazy("%(label)s应为 %(format)s，请核对。"),
    "unknown_question": gettext_lazy("这个问题已经不用回答了。"),
    "missing_answer": gettext_lazy("请回答“%(label)s”。"),
    "not_one_answer": gettext_lazy("“%(label)s”只能选一项。"),
    "out_of_range": gettext_lazy("“%(label)s”请填 %(minimum)s 到 %(maximum)s 之间的数。"),
    "consent_missing": gettext_lazy("请阅读并同意这一项，才能提交。"),
    "material_missing": gettext_lazy("请上传%(label)s。"),
}

# A whole number where the field says nothing of its own (catalog.fields.examples).
ANY_NUMBER = "3"
# Names of everything a sentence may mention, for handing its template to the browser.
PARAMETERS = ("actual", "candidates", "character", "date", "earliest", "example", "expected", "format", "latest", "likely", "maximum", "minimum", "position", "reached", "region", "typed")  # fmt: skip


def sentence(problem: FieldProblem, label: str) -> str:
    """Return what is wrong and how to mend it, in the reader's language. ``label``: what the field is called on the page."""
    if problem.code == "cross_rule":
        return str(problem.params.get("message", "")) or _("几项内容互相矛盾，请核对。")
    if problem.code == "wrong_format":
        form = format_in_words(str(problem.params.get("pattern", "")))
        return str(SENTENCES[problem.code]) % {"format": form, "label": label}
    if problem.code in SENTENCES:
        return str(SENTENCES[problem.code]) % {"example": ANY_NUMBER, **problem.params, "label": label}
    if problem.code in IDENTIFIER_CODES:
        return identifier_sentence(problem.code, problem.params, label)
    return _("%(label)s填得不对，请核对。") % {"label": label}


def format_in_words(pattern: str) -> str:
    """Return what a pattern asks for: 9 位，字母或数字，如 A12345678."""
    shape = shape_of(pattern)
    if shape is None:
        return _("规定的格式")
    if shape.most is None:
        length = _("至少 %(least)s 位") % {"least": shape.least}
    elif shape.least == shape.most:
        length = _("%(length)s 位") % {"length": shape.least}
    else:
        length = _("%(least)s 至 %(most)s 位") % {"least": shape.least, "most": shape.most}
    kinds = ""
    if not shape.has_others:
        kinds = (
            _("字母或数字") if shape.has_letters and shape.has_digits else _("数字") if shape.has_digits else _("字母")
        )
    example = _("如 %(example)s") % {"example": shape.example} if shape.example else ""
    return pgettext("between parts of a format", "，").join(part for part in (length, kinds, example) if part)


def browser_sentences() -> dict[str, str]:
    """Return code → template with ``%(name)s`` places, in the reader's language."""
    places = {name: f"%({name})s" for name in PARAMETERS}
    templates = {code: identifier_sentence(code, {**places, "likely": ""}, "%(label)s") for code in IDENTIFIER_CODES}
    templates["unexpected_character.likely"] = identifier_sentence("unexpected_character", places, "%(label)s")
    return templates | {code: str(template) for code, template in SENTENCES.items()}


def because(reasons: Iterable[Reason], translate: Callable[[str], str] = str, *, assumed: bool = False) -> str:
    """Return which answers led to something: 因为您选择了“父亲”（您是孩子的）; empty where it is always asked.

    ``translate`` puts a text of the catalog into the reader's language. ``assumed``: nobody chose yet, it is the usual situation:
    “您是孩子的”选“父亲”的，需要这一项.
    """
    one = _("“%(question)s”选“%(answer)s”") if assumed else _("“%(answer)s”（%(question)s）")
    said = dict.fromkeys(one % {"answer": translate(each.answer), "question": translate(each.text)} for each in reasons)
    if not said:
        return ""
    answers = pgettext("between names", "、").join(said)
    if assumed:
        return _("%(answers)s的，需要这一项") % {"answers": answers}
    return _("因为您选择了%(answers)s") % {"answers": answers}


def why_asked(
    whys: Iterable[Why], name: Callable[[str], str], translate: Callable[[str], str] = str, *, assumed: bool = False
) -> str:
    """Return the whole reason of a field or paper: 用于落户（登记出生）、参保；因为您选择了….

    ``name``: an item's slug → what it is called for short. An item that asks twice (for twins) is named once, and a purpose of several
    items is told once, after all of them.
    """
    whys = list(whys)
    purposes: dict[str, list[str]] = {}
    for slug, purpose in {why.item: translate(why.purpose) for why in whys}.items():
        purposes.setdefault(purpose, []).append(name(slug))
    between = pgettext("between names", "、")
    groups = [
        _("%(item)s（%(purpose)s）") % {"item": between.join(names), "purpose": purpose}
        if purpose
        else between.join(names)
        for purpose, names in purposes.items()
    ]
    # Without a stop between them, one could not tell which items a purpose is of.
    is_plain = all(len(names) == 1 for names in purposes.values())
    items = (between if is_plain else pgettext("between entries", "；")).join(groups)
    sentence = _("用于%(items)s") % {"items": items}
    grounds = because((reason for why in whys for reason in why.answers), translate, assumed=assumed)
    return f"{sentence}{pgettext('between entries', '；')}{grounds}" if grounds else sentence
