"""What an activity answers when it may not be done: a code for programs and a sentence for people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from matters.wording.states import day, standing
from matters.wording.sub_items import sub_item_name

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from matters.models import SubItem


class Refusal(Exception):
    """A domain refusal. ``code`` is stable; ``str(refusal)`` says what happened and what to do next, ``text`` where it is always the same."""

    code = "refused"
    text: StrOrPromise = ""

    def __init__(self, sentence: str = "") -> None:
        self.sentence = sentence or str(self.text)
        super().__init__(self.sentence)


class NotAllowed(Refusal):
    """The person does not hold the right on this department, or would decide on their own application."""

    code = "not_allowed"


class ApplicantDead(Refusal):
    """The applicant is known to have died: nobody acts in their name (Civil Code art. 13)."""

    code = "applicant_dead"
    text = gettext_lazy(
        "申请人已登记去世，不能再以他的名义申请。身后的事由继承人办，请看“身后一件事”，或者到综合窗口咨询。"
    )


class IdentityNotProved(Refusal):
    """It is not sure enough who applies. ``level``: how far identity must be proved (``portal.accounts.models.Level``)."""

    code = "identity_not_proved"

    def __init__(self, level: int) -> None:
        self.level = level
        super().__init__(str(NEEDS_IDENTITY[min(level, 2)]))


# What to do about it, by the level that is demanded.
NEEDS_IDENTITY = {
    1: gettext_lazy("要先实名核验，才能提交。填写的内容都已保存。"),
    2: gettext_lazy("要先到综合窗口当面核验身份，才能提交。填写的内容都已保存。"),
}


class OnlyInPerson(Refusal):
    """Among the items is one that the law wants the applicant themselves for (Civil Code art. 161). ``names``: of those items."""

    code = "only_in_person"

    def __init__(self, names: Sequence[str]) -> None:
        words = {"names": pgettext("between names", "、").join(names)}
        super().__init__(
            _(
                "%(names)s只能由本人办理，不能代办。请委托人自己登录，在“我的办件”里接着办，或者本人到综合窗口办理。填写的内容都已保存。"
            )
            % words
        )


class StateChanged(Refusal):
    """Somebody was first, or the step is not possible from where the sub-item stands. ``state`` is where it stands now."""

    code = "state_changed"

    def __init__(self, sub_item: SubItem) -> None:
        self.state = sub_item.state
        super().__init__(
            _("“%(name)s”现在是“%(state)s”，您这次的操作没有生效。请看过最新情况再决定。")
            % {"name": sub_item_name(sub_item), "state": standing(sub_item)}
        )


class AlreadyDecided(StateChanged):
    """The sub-item is concluded; nothing can be decided again."""

    code = "already_decided"

    def __init__(self, sub_item: SubItem, decided_by: str = "") -> None:
        super().__init__(sub_item)
        self.decided_by = decided_by
        facts = {"name": sub_item_name(sub_item), "state": standing(sub_item), "who": decided_by}
        self.sentence = (
            _("“%(name)s”已由%(who)s办结，结果是“%(state)s”。您这次的操作没有生效，也不需要再办。") % facts
            if decided_by
            else _("“%(name)s”已经办结，结果是“%(state)s”。您这次的操作没有生效，也不需要再办。") % facts
        )
        self.args = (self.sentence,)


class TakenByAnother(Refusal):
    """A colleague has claimed the task. ``holder`` is their name."""

    code = "taken_by_another"

    def __init__(self, holder: str) -> None:
        self.holder = holder
        super().__init__(_("这个办件正由%(who)s办理。需要接手时，请对方先交还。") % {"who": holder})


class ReasonMissing(Refusal):
    """A rejection or refusal states its grounds (Administrative Licensing Law art. 38)."""

    code = "reason_missing"
    text = gettext_lazy("请写明理由。理由会原样告诉申请人。")


class ReasonTooLong(ReasonMissing):
    """Grounds longer than anybody reads; they are shown again, to be shortened."""

    code = "reason_too_long"


class AmendmentAwaited(Refusal):
    """A fact that the decision would rest on was changed, and who decided on it before has not settled that."""

    code = "amendment_awaited"
    text = gettext_lazy("申请人补正时改动了前项已办结的内容，与前项证照不一致。前项部门核对好以前，不能准予。")


class NotDivisible(Refusal):
    """Nothing of what the item decides can be granted in part."""

    code = "not_divisible"
    text = gettext_lazy("这个事项只能全部准予或者不予办理，不能只准予一部分。办件没有变动。")


class NothingLeft(Refusal):
    """Nothing of the application is left to go on with, or not as one application; the sentence says so."""

    code = "nothing_left"
    text = gettext_lazy("没有可以接着办的事项，或者这件事现在不能网上办理。")


class PromisesBarred(Refusal):
    """Nothing of the applicant is accepted on a promise for now: one that they broke stands on record. The sentence says until when."""

    code = "promises_barred"


def barred_sentence(names: str, until: date) -> str:
    """Return what an applicant is told who wants to promise papers, and whose word does not count for now."""
    words = {"names": names, "until": day(until)}
    return (
        _(
            "您有没有履行承诺的记录，%(until)s前不能容缺后补，也不能用承诺代替材料。请把这些材料交齐再提交：%(names)s。填写的内容都已保存。"
        )
        % words
    )


def barred_ahead_sentence(names: str, until: date) -> str:
    """Return what the pages of an application tell such an applicant from the first on."""
    words = {"names": names, "until": day(until)}
    return (
        _(
            "您有没有履行承诺的记录，%(until)s前不能容缺后补，也不能用承诺代替材料。这件事仍然可以申请，请先备齐：%(names)s。认为记录有误的，可以在“我的档案”里提出。"
        )
        % words
    )


class PromiseRefused(Refusal):
    """Nothing is waited for any more, or there is nothing to check; the sentence says which."""

    code = "promise_refused"


class PaperAwaited(Refusal):
    """A paper that the result waits for is not there, or nobody has looked at it."""

    code = "paper_awaited"
    text = gettext_lazy("有补齐后才能出结果的材料，还没有补交或者没有核对。核对好以后才能准予。")


class ProcedureUnderWay(Refusal):
    """A special procedure is under way: nothing is decided before its result is on record."""

    code = "procedure_under_way"
    text = gettext_lazy("特别程序还在进行，记录结果以后才能作出决定。")


class SignaturesAwaited(Refusal):
    """More than one person decides this: a decision is proposed, and others sign it."""

    code = "signatures_awaited"
    text = gettext_lazy("这一件要经别的同事审批：请提出拟办意见，由他们签署后才作出决定。")


class Invalid(Refusal):
    """What was entered cannot stand. ``problems`` maps each place to its sentence."""

    code = "invalid"

    def __init__(self, sentence: str, problems: Mapping[str, str]) -> None:
        self.problems = dict(problems)
        super().__init__(sentence)


class CannotTake(Refusal):
    """The colleague to whom a case was to go may not hold it; the sentence says why."""

    code = "cannot_take"


class AbsenceInvalid(Invalid):
    """An absence that cannot stand. Keys: ``user``, ``stand_in``, ``from_on``, ``until_on``."""

    code = "absence_invalid"

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(_("还没有登记，请改正下面的内容。"), problems)


class ExtensionRefused(Refusal):
    """There is nothing to extend, or it was extended before; the sentence says which."""

    code = "extension_refused"


class AdviceRefused(Refusal):
    """The question is asked already, or it was settled meanwhile; the sentence says which."""

    code = "advice_refused"


class ProcedureRefused(Refusal):
    """The procedure cannot be begun or ended; the sentence says why."""

    code = "procedure_refused"


class OutputsInvalid(Invalid):
    """The decision's own facts (numbers, dates) are missing or malformed. Keys are output codes."""

    code = "outputs_invalid"

    def __init__(self, problems: Mapping[str, str], arguable: Iterable[str] = ()) -> None:
        """``arguable``: the outputs that may stand all the same, for a reason."""
        self.arguable = frozenset(arguable)
        super().__init__(_("决定内容还有需要改正的地方，办件没有变动。"), problems)


class PointsInvalid(Invalid):
    """Review points that are not judged, or not passed. Keys are ``point.<key>``."""

    code = "points_invalid"

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(_("审核要点还没有都核对好，办件没有变动。"), problems)


class NotRenewable(Refusal):
    """The certificate cannot be renewed now, or not by this account; the sentence says why."""

    code = "not_renewable"
    text = gettext_lazy("这张证照现在不能续证：还没有到续证的时间，已经到期，或者已被暂扣、注销。需要的话请重新申请。")


class CannotRenew(Invalid):
    """The certificate that the application renews is not valid any more; nothing was decided, and what was typed stays."""

    code = "cannot_renew"

    def __init__(self, certificate: str, status: str) -> None:
        sentence = _("要续的“%(certificate)s”%(status)s，不能准予续证。办件没有变动，您填的内容还在。") % {
            "certificate": certificate,
            "status": status,
        }
        super().__init__(sentence, {"": sentence})


class CannotIssue(Invalid):
    """The approval's certificate cannot be issued as the catalog defines it; nothing was decided, and what was typed stays."""

    code = "cannot_issue"

    def __init__(self, certificate: str, why: str) -> None:
        sentence = _("“%(certificate)s”签发不了：%(why)s办件没有变动，您填的内容还在。请告诉事项目录管理人员。") % {
            "certificate": certificate,
            "why": why,
        }
        super().__init__(sentence, {"": sentence})


class CorrectionInvalid(Invalid):
    """A correction names nothing, something foreign, or is answered with something that cannot stand."""

    code = "correction_invalid"


class CorrectionUnchanged(Refusal):
    """Named things were sent back as they were. ``labels`` says which; confirming sends them all the same.

    ``elsewhere``: those that were changed on another page meanwhile, and not on this one.
    """

    code = "correction_unchanged"

    def __init__(self, keys: Sequence[str], labels: Sequence[str], elsewhere: Sequence[str] = ()) -> None:
        self.keys = list(keys)
        self.labels = list(labels)
        comma, told = pgettext("between names", "、"), []
        if same := [label for label in labels if label not in elsewhere]:
            told.append(_("这些内容还没有改动：%(labels)s。") % {"labels": comma.join(same)})
        if elsewhere:
            told.append(_("这些内容已在另一处改过，请核对现在的：%(labels)s。") % {"labels": comma.join(elsewhere)})
        super().__init__("".join(told))
