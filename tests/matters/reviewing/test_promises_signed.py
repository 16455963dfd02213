"""Where several sign a decision, they also sign that a commitment is not so."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from matters.integrity import check_integrity
from matters.models import DecisionProposal, PaperPromise, SigningRule, SubItem
from matters.reviewing.promise_checks import check_promise
from matters.reviewing.signing import sign
from matters.wording.refusals import NotAllowed, Refusal
from tests.matters.reviewing.test_promises import INCOME, _post, _promise, accepted, town
from tests.worlds.cast import logged_in
from tests.worlds.town import Town

pytestmark = pytest.mark.django_db
__all__ = ["accepted", "town"]


def test_where_several_sign_one_verdict_ends_nothing(town: Town, accepted: SubItem) -> None:
    """That a commitment is not so ends a case as surely as a rejection: it takes as many."""
    rule = SigningRule.objects.create(department=accepted.department, item="hukou", levels=2)
    SubItem.objects.filter(pk=accepted.pk).update(signing=rule)
    found = {"promise": str(_promise(accepted, INCOME).pk), "verdict": "broken", "promise_findings": "收入不符"}
    assert _post(town.wang, accepted, "check-promise", **found).status_code == 302
    part = town.part(accepted.bundle, "hukou")
    assert (part.state, _promise(accepted, INCOME).outcome) == ("under_review", "")
    with pytest.raises(NotAllowed):
        sign(town.wang, part)
    with pytest.raises(Refusal):
        check_promise(town.wang, part, found["promise"], "broken", "再说一次")
    page = logged_in(town.zhou).get(reverse("matters:case", args=[part.number])).content.decode()
    assert "与承诺不符，终止办理" in page
    assert "收入不符" in page
    proposal = str(DecisionProposal.objects.get().pk)
    assert _post(town.zhou, part, "sign", proposal=proposal).status_code == 302
    row = _promise(accepted, INCOME)
    assert (row.outcome, row.breach, row.findings) == ("broken", "untrue", "收入不符")
    assert town.part(accepted.bundle, "hukou").state == "terminated"
    assert DecisionProposal.objects.get().outcome == "signed"
    assert check_integrity(with_files=False).breaches == []


def test_one_that_was_found_kept_meanwhile_ends_nothing(town: Town, accepted: SubItem) -> None:
    rule = SigningRule.objects.create(department=accepted.department, item="hukou", levels=2)
    SubItem.objects.filter(pk=accepted.pk).update(signing=rule)
    number = str(_promise(accepted, INCOME).pk)
    check_promise(town.wang, town.part(accepted.bundle, "hukou"), number, "broken", "收入不符")
    PaperPromise.objects.filter(pk=number).update(outcome="kept", settled_at=timezone.now(), settled_by=town.zhang)
    with pytest.raises(Refusal, match="已经核对过"):
        sign(town.zhou, town.part(accepted.bundle, "hukou"))
    assert town.part(accepted.bundle, "hukou").state == "under_review"
