"""What a rule that decides came to, in words. Every sentence is said of a `RuleEvaluation`."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy

from matters.core.evaluation import RuleOutcome

WHY: dict[str, Any] = {
    RuleOutcome.DECIDED: gettext_lazy("每一条都满足，要查的都查到了，系统已按规则自动办结。"),
    RuleOutcome.FALSE: gettext_lazy("有条件不满足，没有自动办结，请人工办理。"),
    RuleOutcome.MISSING: gettext_lazy("规则要查的，有的没有查到，没有自动办结，请人工办理。"),
    RuleOutcome.DIFFERS: gettext_lazy("查到的和申请表上写的不一样，没有自动办结，请人工核对。"),
    RuleOutcome.UNCLEAR: gettext_lazy("有条件看不出满足不满足，没有自动办结，请人工办理。"),
    RuleOutcome.OFF: gettext_lazy("这个事项的自动办结已停用，请人工办理。"),
    RuleOutcome.IDENTITY: gettext_lazy("申请人的身份还没有人核验过，没有自动办结，请人工办理。"),
    RuleOutcome.TAKEN: gettext_lazy("核对时已有人认领，没有自动办结，由认领的人办理。"),
    RuleOutcome.NOT_ISSUABLE: gettext_lazy("按规则填不出要发的结果，没有自动办结，请人工办理。"),
}
ORIGINS: dict[str, Any] = {
    "form": gettext_lazy("申请表"),
    "answer": gettext_lazy("情形答案"),
    "today": gettext_lazy("当天日期"),
}
