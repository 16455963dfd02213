"""Decisions that more than one person makes: proposed, signed by others on each level, decided with the last signature."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from certificates.models import Certificate
from matters.integrity.checking import check_integrity
from matters.models import Bundle, Decision, DecisionProposal, ProposalSignature, ReviewTask, SigningRule, SubItem
from matters.reviewing import review
from matters.reviewing.bulk import approve_if_clean
from matters.reviewing.corrections import Gap, answer_correction, request_correction
from matters.reviewing.queue import queue_page
from matters.reviewing.signing import propose, sign, take_back_proposal
from matters.wording.refusals import NotAllowed, OutputsInvalid, ReasonMissing, Refusal, SignaturesAwaited
from portal.accounts.models import User
from portal.ledger.models import Event
from tests.matters.reviewing.test_review import OUTPUTS
from tests.pages import page_of
from tests.worlds.cast import logged_in
from tests.worlds.reading import reading
from tests.worlds.town import Town

pytestmark = pytest.mark.django_db
GROUNDS = "房屋不在本辖区"


@pytest.fixture
def town(turn_of_the_police: tuple[Town, Bundle]) -> Town:
    return turn_of_the_police[0]


def ruled(town: Town, bundle: Bundle, **more: Any) -> SubItem:
    """The police's part, accepted by Zhang under a rule, as Wang sees it."""
    SigningRule.objects.create(department=town.departments["police"], item="hukou", **{"levels": 2, **more})
    part = review.accept(town.zhang, town.part(bundle, "hukou"))
    review.hand_back(town.zhang, part)
    return seen(town, part)


def seen(town: Town, part: SubItem) -> SubItem:
    return town.part(part.bundle, "hukou")


@pytest.fixture
def part(turn_of_the_police: tuple[Town, Bundle]) -> SubItem:
    return ruled(*turn_of_the_police)


def case(user: User, part: SubItem) -> str:
    return page_of(logged_in(user).get(reverse("matters:case", args=[part.number])))


def do(user: User, part: SubItem, action: str, **sent: Any) -> Any:
    return logged_in(user).post(reverse("matters:case_action", args=[part.number, action]), reading(part) | sent)


def shown(part: SubItem) -> int:
    """Return which proposal the case's page shows."""
    return DecisionProposal.objects.get(sub_item=part, outcome="").pk


class TestTwoLevels:
    def test_nobody_decides_alone(self, town: Town, part: SubItem) -> None:
        for user in (town.wang, town.zhou):
            with pytest.raises(SignaturesAwaited):
                review.decide(user, part, "approved", outputs=OUTPUTS)
            with pytest.raises(SignaturesAwaited):
                review.decide(user, part, "rejected", GROUNDS)
        assert not Decision.objects.filter(sub_item=part).exists()

    def test_what_one_proposes_another_signs_and_it_is_decided(self, town: Town, part: SubItem) -> None:
        outputs = {f"output.{code}": value for code, value in OUTPUTS.items()}
        assert "提交审批" in case(town.wang, part)
        assert do(town.wang, part, "propose", reason="同意登记", **outputs).status_code == 302
        task = ReviewTask.objects.get(sub_item=part, closed_at=None)
        assert (task.stage, task.claimed_by) == ("signing", None)
        waiting = queue_page(town.departments["police"], filter="signing", user=town.zhang).lines
        assert [line.sub_item for line in waiting] == [part]
        page = case(town.zhang, part)
        for said in ("同意登记", OUTPUTS["id_number"], "同意并签署"):
            assert said in page
        assert "同意并签署" not in case(town.wang, part)
        assert do(town.zhang, part, "sign", opinion="情况属实", proposal=shown(part)).status_code == 302
        decision = Decision.objects.get(sub_item=part)
        assert (decision.outcome, decision.reason, decision.decided_by) == ("approved", "同意登记", town.zhang)
        assert Certificate.objects.filter(decision_reference=part.number).exists()
        kinds = list(Event.objects.filter(chain_id=part.bundle_id, sub_item="hukou").values_list("kind", flat=True))
        assert kinds[-4:] == ["decision_proposed", "proposal_signed", "approved", "certificate_issued"]
        assert DecisionProposal.objects.get().outcome == "signed"

    def test_a_rejection_is_signed_as_well(self, town: Town, part: SubItem) -> None:
        assert do(town.wang, part, "propose-refusal").status_code == 422
        assert do(town.wang, part, "propose-refusal", reason=GROUNDS).status_code == 302
        sign(town.zhang, seen(town, part))
        decision = Decision.objects.get(sub_item=part)
        assert (decision.outcome, decision.reason) == ("rejected", GROUNDS)

    def test_who_proposed_does_not_sign_nor_take_it_up(self, town: Town, part: SubItem) -> None:
        proposal = propose(town.wang, part, "approved", "", OUTPUTS)
        for step in (sign, review.claim):
            with pytest.raises(NotAllowed, match="您提出的"):
                step(town.wang, seen(town, part))
        with pytest.raises(IntegrityError), transaction.atomic():
            ProposalSignature.objects.create(proposal=proposal, signed_by=town.wang, signed_at=proposal.proposed_at)

    def test_what_could_not_be_decided_is_not_proposed(self, town: Town, part: SubItem) -> None:
        with pytest.raises(OutputsInvalid):
            propose(town.wang, part, "approved", "", {**OUTPUTS, "id_number": "1"})
        with pytest.raises(ReasonMissing):
            propose(town.wang, part, "rejected", " ")
        assert not DecisionProposal.objects.exists()

    def test_it_is_sent_back_with_a_reason_to_who_proposed_it(self, town: Town, part: SubItem) -> None:
        propose(town.wang, part, "approved", "", OUTPUTS)
        assert do(town.zhang, part, "send-back", proposal=shown(part)).status_code == 422
        assert do(town.zhang, part, "send-back", opinion="请补充核实记录", proposal=shown(part)).status_code == 302
        task = ReviewTask.objects.get(sub_item=part, closed_at=None)
        assert (task.stage, task.claimed_by) == ("review", town.wang)
        with pytest.raises(Refusal):
            sign(town.zhang, seen(town, part))
        propose(town.wang, seen(town, part), "approved", "已补充", OUTPUTS)
        assert sign(town.zhou, seen(town, part)) is not None

    def test_it_is_taken_back_until_somebody_has_signed(self, town: Town, part: SubItem) -> None:
        propose(town.wang, part, "approved", "", OUTPUTS)
        with pytest.raises(Refusal):
            take_back_proposal(town.zhang, seen(town, part))
        take_back_proposal(town.wang, seen(town, part))
        assert "提交审批" in (page := case(town.wang, part))
        assert "经办人收回拟办意见" in page  # not that somebody sent it back
        assert "审批退回经办人" not in page

    def test_a_correction_makes_what_was_proposed_void(self, town: Town, part: SubItem) -> None:
        propose(town.wang, part, "approved", "", OUTPUTS)
        asked = request_correction(town.zhang, seen(town, part), [Gap("field", "household:hukou.address", "请核对")])
        with pytest.raises(Refusal):
            sign(town.zhou, seen(town, part))
        answer_correction(town.li, asked, {"household:hukou.address": "南昌市西湖区二号"}, {})
        again = seen(town, part)
        review.accept(town.zhang, again)
        review.hand_back(town.zhang, again)
        with pytest.raises(SignaturesAwaited):
            review.decide(town.wang, again, "approved", outputs=OUTPUTS)
        propose(town.wang, seen(town, part), "rejected", GROUNDS)
        assert [one.outcome for one in DecisionProposal.objects.order_by("pk")] == ["replaced", ""]


class TestWhoSigns:
    def test_on_three_levels_two_others_sign(self, turn_of_the_police: tuple[Town, Bundle]) -> None:
        town, bundle = turn_of_the_police
        part = ruled(town, bundle, levels=3)
        propose(town.wang, part, "approved", "", OUTPUTS)
        assert sign(town.zhang, seen(town, part)) is None
        with pytest.raises(NotAllowed):
            sign(town.zhang, seen(town, part))
        assert sign(town.zhou, seen(town, part)) is not None

    def test_several_sign_the_last_together(self, turn_of_the_police: tuple[Town, Bundle]) -> None:
        town, bundle = turn_of_the_police
        part = ruled(town, bundle, signers=2)
        propose(town.wang, part, "approved", "", OUTPUTS)
        assert sign(town.zhang, seen(town, part)) is None
        assert sign(town.zhou, seen(town, part)) is not None

    def test_the_head_signs_last_where_the_rule_says_so(self, turn_of_the_police: tuple[Town, Bundle]) -> None:
        town, bundle = turn_of_the_police
        part = ruled(town, bundle, is_head_last=True)
        propose(town.wang, part, "approved", "", OUTPUTS)
        with pytest.raises(NotAllowed):
            sign(town.zhang, seen(town, part))
        assert "同意并签署" not in case(town.zhang, part)
        assert sign(town.zhou, seen(town, part)) is not None

    def test_who_accepted_does_not_sign_where_both_are_kept_apart(
        self, turn_of_the_police: tuple[Town, Bundle]
    ) -> None:
        town, bundle = turn_of_the_police
        part = ruled(town, bundle, is_acceptor_apart=True)
        propose(town.wang, part, "approved", "", OUTPUTS)
        with pytest.raises(NotAllowed, match="受理人不能审批"):
            sign(town.zhang, seen(town, part))
        assert sign(town.zhou, seen(town, part)) is not None

    def test_strangers_and_other_departments_sign_nothing(self, town: Town, part: SubItem) -> None:
        propose(town.wang, part, "approved", "", OUTPUTS)
        for user in (town.zhao, town.stranger, town.li):
            assert do(user, part, "sign").status_code == 404
        assert do(town.sun, part, "sign").status_code == 302  # told why not
        assert not ProposalSignature.objects.exists()


class TestTheRule:
    def test_a_case_keeps_the_rule_of_its_acceptance(self, town: Town, part: SubItem) -> None:
        SigningRule.objects.update(is_active=False)
        with pytest.raises(SignaturesAwaited):
            review.decide(town.wang, part, "approved", outputs=OUTPUTS)
        with pytest.raises(IntegrityError), transaction.atomic():
            SigningRule.objects.update(levels=3)

    def test_bulk_proposes_and_signs(self, town: Town, part: SubItem) -> None:
        propose(town.wang, part, "approved", "", OUTPUTS)
        approve_if_clean(town.zhang, seen(town, part))
        assert Decision.objects.get(sub_item=part).decided_by == town.zhang

    @pytest.mark.parametrize(("use", "words"), [("rejected", GROUNDS), ("in_part", "迁入日期不能确认")])
    def test_bulk_grants_nothing_but_what_is_proposed_to_be_granted(
        self, town: Town, part: SubItem, use: str, words: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        proposal = propose(town.wang, part, "rejected", GROUNDS)
        if use == "in_part":  # what cannot be divided is proposed so by no page
            DecisionProposal.objects.filter(pk=proposal.pk).update(use=use)
        with pytest.raises(Refusal, match="不是全部准予"):
            approve_if_clean(town.zhang, seen(town, part))
        assert not ProposalSignature.objects.exists()

    def test_nobody_signs_or_sends_back_what_their_page_did_not_show(self, town: Town, part: SubItem) -> None:
        first = propose(town.wang, part, "approved", "", OUTPUTS)
        asked_at = timezone.now()
        assert f'name="proposal" value="{first.pk}"' in case(town.zhang, part)
        take_back_proposal(town.wang, seen(town, part))
        second = propose(town.wang, seen(town, part), "rejected", GROUNDS)
        for action in ("sign", "send-back"):
            for sent in ({"proposal": first.pk}, {"proposal": "x"}, {}):
                do(town.zhang, part, action, opinion="情况属实", **sent)
        assert (DecisionProposal.objects.get(outcome="").pk, ProposalSignature.objects.count()) == (second.pk, 0)
        DecisionProposal.objects.filter(pk=second.pk).update(use="approved")
        with pytest.raises(Refusal, match="刚刚重新提出"):
            approve_if_clean(town.zhang, seen(town, part), asked_at)
        assert do(town.zhang, part, "send-back", opinion="请补充", proposal=second.pk).status_code == 302
        assert DecisionProposal.objects.get(pk=second.pk).outcome == "sent_back"

    def test_all_is_true_while_it_waits(self, town: Town, part: SubItem) -> None:
        propose(town.wang, part, "approved", "", OUTPUTS)
        assert check_integrity().breaches == []

    def test_the_lead_keeps_them_in_the_console(self, town: Town) -> None:
        zhou, new = logged_in(town.zhou), reverse("admin:matters_signingrule_add")
        sent = {"department": town.departments["police"].pk, "item": "", "levels": "2", "signers": "1"}
        sent["is_active"] = "on"
        assert zhou.post(new, sent).status_code == 302
        assert "已经有启用的审批设置" in page_of(zhou.post(new, sent))
        assert zhou.post(new, {**sent, "levels": "4"}).status_code == 200
        rule = SigningRule.objects.get()
        zhou.post(reverse("admin:matters_signingrule_change", args=[rule.pk]), {"levels": "3"})
        rule.refresh_from_db()
        assert (rule.levels, rule.is_active) == (2, False)
