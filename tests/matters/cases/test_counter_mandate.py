"""At the window: a mandate and a guardianship are recorded from paper, a case begins for whom is acted for, a death ends it all until it is taken back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from matters.models import Bundle, Draft
from matters.submitting.submission import MandateEnded, submit_bundle
from portal.accounts.mandates.activities import end
from portal.accounts.models import Death, Mandate, Person, User, WindowProposal
from portal.accounts.people import find_person
from portal.ledger.models import AccessRecord
from portal.notices.models import Message
from tests.pages import page_of
from tests.worlds.cast import CHEN, LI, STRANGER, logged_in
from tests.worlds.companies import SLUG, Companies, build_companies

AGENT = ("张经办", "360102199003079991")


@pytest.fixture
def world(db: None) -> Companies:
    return build_companies()


def paper(**changes: Any) -> dict[str, Any]:
    """Return what a clerk types of a mandate by which Zhang acts for Chen, whom nobody knows here."""
    return {
        "kind": "authorised",
        "principal_name": CHEN.name,
        "principal_kind": "111",
        "principal_number": CHEN.number,
        "agent_name": AGENT[0],
        "agent_kind": "111",
        "agent_number": AGENT[1],
        "paper": "授权委托书，2026-11-30 签名",
        "matters": [SLUG],
        "until": str(timezone.localdate() + timedelta(days=30)),
        "seen": "1",
        **changes,
    }


class TestRecording:
    def test_from_a_signed_mandate_for_somebody_nobody_knows(self, world: Companies) -> None:
        sun = logged_in(world.sun)
        answer = sun.post(reverse("admin:counter_mandate"), paper(), follow=True)
        mandate = Mandate.objects.get()
        assert f"已登记授权 {mandate.number}" in page_of(answer)
        assert (mandate.agent, mandate.officer, mandate.source) == (world.zhang_person, world.sun, "paper")
        chen = mandate.principal
        assert (chen.level, chen.user, [check.method for check in chen.checks.all()]) == (1, None, ["mandate"])
        assert mandate.agent.checks.filter(method="counter", officer=world.sun).exists()
        # Online the agent acts at once, and only in that matter.
        client = logged_in(world.zhang)
        assert client.post(reverse("accounts:act_for"), {"principal": str(mandate.pk)}).status_code == 302
        assert f"代 {CHEN.name} 办理" in page_of(client.get(reverse("home")))
        client.post(reverse("matters:start", args=[SLUG]), {"for": str(mandate.pk)})
        assert Draft.objects.get().applicant == chen

    def test_for_all_matters_only_where_the_clerk_says_so(self, world: Companies) -> None:
        logged_in(world.sun).post(reverse("admin:counter_mandate"), paper(matters=[], every="1"))
        assert Mandate.objects.get().matters is None

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"seen": ""}, "请当面核对后"),
            ({"paper": ""}, "请写明看到的材料"),
            ({"until": ""}, "请填写到哪一天为止"),
            ({"until": "2020-01-01"}, "请填写今天或者今天以后的日期"),
            ({"matters": []}, "请照材料勾选可以代办的事"),
            ({"principal_number": CHEN.number[:-1]}, "证件号码"),
            ({"agent_name": "别的人"}, "登记的是另一个姓名"),
            ({"principal_name": AGENT[0], "principal_number": AGENT[1]}, "是同一个人"),
            ({"kind": "parent", "until": "", "basis": "birth"}, "成年人不由父母代办"),
        ],
    )
    def test_what_is_wrong_is_told_and_nothing_is_kept(
        self, world: Companies, changes: dict[str, Any], said: str
    ) -> None:
        answer = logged_in(world.sun).post(reverse("admin:counter_mandate"), paper(**changes))
        assert answer.status_code == 422
        assert said in page_of(answer)
        assert "授权委托书" in page_of(answer) or "paper" in changes
        assert not Mandate.objects.exists()
        assert find_person("111", CHEN.number) is None

    def test_a_guardian_waits_for_another_officer_and_is_ended_by_the_lead(self, world: Companies) -> None:
        sun, wang = logged_in(world.sun), logged_in(world.wang)
        sent = paper(kind="guardian", until="", principal_name=LI.name, principal_number=LI.number, matters=[])
        assert "请选择材料种类" in page_of(sun.post(reverse("admin:counter_mandate"), sent))
        refused = sun.post(reverse("admin:counter_mandate"), {**sent, "basis": "birth"})
        assert (refused.status_code, "成年人的监护，要有人民法院" in page_of(refused)) == (422, True)
        assert "还没有生效" in page_of(
            sun.post(reverse("admin:counter_mandate"), {**sent, "basis": "court"}, follow=True)
        )
        assert not Mandate.objects.exists()
        assert Message.objects.filter(recipient=world.wang, kind="proposal_made").exists()
        where, key = reverse("admin:counter_proposals"), WindowProposal.objects.get().pk
        confirm = {"proposal": str(key), "verdict": "confirm", "seen": "1"}
        assert "由另一位工作人员复核" in page_of(sun.post(where, confirm))
        assert wang.post(where, {**confirm, "seen": ""}).status_code == 422
        assert "授权委托书，2026-11-30 签名" in page_of(wang.get(where))
        assert wang.post(where, confirm).status_code == 302
        assert wang.post(where, confirm).status_code == 409
        assert wang.post(where, {**confirm, "proposal": "x"}).status_code == 409
        mandate = Mandate.objects.get()
        assert (mandate.principal, mandate.until, mandate.confirmed_by) == (world.li_person, None, world.wang)
        assert Message.objects.filter(recipient=world.li, kind="guardian_given").exists()
        assert "由窗口负责人核实后终止" in page_of(logged_in(world.li).get(reverse("accounts:mandates")))
        ending = {"number": mandate.number, "why": "登记有误", "seen": "1"}
        assert sun.post(reverse("admin:counter_end_mandate"), ending).status_code == 404
        assert wang.post(reverse("admin:counter_end_mandate"), {**ending, "why": ""}).status_code == 422
        assert wang.post(reverse("admin:counter_end_mandate"), ending).status_code == 302
        assert "没有这份授权" in page_of(wang.post(reverse("admin:counter_end_mandate"), ending))
        mandate.refresh_from_db()
        assert (mandate.ended_by, mandate.ended_why) == (world.wang, "登记有误")

    def test_nobody_but_a_window(self, world: Companies) -> None:
        for user in (world.wang, world.li):
            for name in ("admin:counter_mandate", "admin:counter_death", "admin:counter_undo_death"):
                assert logged_in(user).get(reverse(name)).status_code in (302, 403, 404)


class TestAtTheWindow:
    def test_a_case_begins_for_whom_is_acted_for_with_the_agent_standing_there(self, world: Companies) -> None:
        sun = logged_in(world.sun)
        sun.post(reverse("admin:counter_mandate"), paper(principal_name=LI.name, principal_number=LI.number))
        mandate = Mandate.objects.get()
        # For whom somebody acts is for the clerk who has seen their document, and is read by whom it names.
        assert "代 李明慧 办理" not in page_of(sun.post(reverse("admin:counter"), {"q": AGENT[1]}))
        readings = AccessRecord.objects.filter(subject=world.li_person.pk, fields=["name"], purpose="counter")
        assert not readings.exists()
        assert "代 李明慧 办理" in page_of(sun.post(reverse("admin:counter"), {"q": AGENT[1], "seen": "1"}))
        assert readings.get().reader == world.sun
        sent = {
            "name": AGENT[0], "document_kind": "111", "number": AGENT[1], "phone": "", "matter": SLUG, "seen": "1",
            "organisation": str(mandate.pk),
        }  # fmt: skip
        assert sun.post(reverse("admin:counter_start"), {**sent, "matter": SLUG}).status_code == 302
        draft = Draft.objects.select_related("applicant").get()
        assert (draft.applicant, draft.mandate, draft.channel) == (world.li_person, mandate, "counter")
        assert Message.objects.filter(recipient=world.li, kind="mandate_draft").exists()
        end(mandate.pk, by=world.li_person)
        with pytest.raises(MandateEnded):
            submit_bundle(draft=draft, by=world.sun)
        assert not Bundle.objects.exists()
        assert sun.post(reverse("admin:counter_start"), sent).status_code == 422


class TestDeath:
    def test_nobody_begins_anything_in_a_dead_persons_name(self, world: Companies) -> None:
        sun = logged_in(world.sun)
        sent = {
            "name": STRANGER.name, "kind": "111", "number": STRANGER.number, "died_on": "2026-11-01",
            "paper": "居民死亡医学证明（推断）书", "seen": "1",
        }  # fmt: skip
        tomorrow = timezone.localdate() + timedelta(days=1)
        assert sun.post(reverse("admin:counter_death"), {**sent, "died_on": str(tomorrow)}).status_code == 422
        assert sun.post(reverse("admin:counter_death"), sent).status_code == 302
        assert "正在等另一位工作人员复核" in page_of(sun.post(reverse("admin:counter_death"), sent))
        begin = reverse("matters:start", args=[SLUG])
        assert logged_in(world.stranger).get(begin).status_code != 403
        assert not Death.objects.exists()
        decide(world.wang)
        assert Death.objects.get().person == Person.objects.get(user=world.stranger)
        assert "已经登记过去世" in page_of(sun.post(reverse("admin:counter_death"), sent))
        answer = logged_in(world.stranger).get(begin)
        assert (answer.status_code, "已登记去世" in page_of(answer)) == (403, True)
        start = {
            "name": STRANGER.name, "document_kind": "111", "number": STRANGER.number, "matter": SLUG, "seen": "1",
        }  # fmt: skip
        assert "已登记去世" in page_of(sun.post(reverse("admin:counter_start"), start))
        assert "已登记去世" in page_of(
            sun.post(
                reverse("admin:counter_mandate"), paper(principal_name=STRANGER.name, principal_number=STRANGER.number)
            )
        )
        # Taken back by two again, it was wrong: everything works as before.
        undo = {"name": STRANGER.name, "kind": "111", "number": STRANGER.number, "paper": "本人到场", "seen": "1"}
        assert sun.post(reverse("admin:counter_undo_death"), undo).status_code == 302
        assert logged_in(world.stranger).get(begin).status_code == 403
        decide(world.wang)
        assert logged_in(world.stranger).get(begin).status_code != 403
        assert "没有登记去世" in page_of(sun.post(reverse("admin:counter_undo_death"), undo))


def decide(by: User) -> None:
    """Confirm what waits, as another officer."""
    waiting = WindowProposal.objects.get(status="open")
    sent = {"proposal": str(waiting.pk), "verdict": "confirm", "seen": "1"}
    assert logged_in(by).post(reverse("admin:counter_proposals"), sent).status_code == 302
