"""What people read of automatic decisions: the applicant, the reviewer beside the checks, the department's lead."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django import Settings as SettingsWrapper

from catalog.models import Matter
from matters.models import BenefitPolicy, PersonCheck, RuleSwitch, SubItem
from portal.notices.models import Message
from portal.outbox.processing import process
from portal.sharing.consents import withdraw_consents
from tests.pages import page_of
from tests.worlds.cast import logged_in
from tests.worlds.ruled import BORN, Ruled, build_ruled
from tests.worlds.sources import ADAPTERS, Listed


@pytest.fixture
def ruled(db: None, settings: SettingsWrapper) -> Iterator[Ruled]:
    settings.YIJIAN_SHARING_ADAPTERS = ADAPTERS
    Listed.forget()
    yield build_ruled()
    Listed.forget()


def decided(ruled: Ruled) -> SubItem:
    part = ruled.submit()
    process("decide_by_rule")
    return SubItem.objects.for_case().get(pk=part.pk)


class TestApplicant:
    def test_reads_the_rule_its_rows_and_how_to_ask_for_a_person(self, ruled: Ruled) -> None:
        part = decided(ruled)
        page = page_of(logged_in(ruled.li).get(f"/bundles/{part.bundle.number}/"))
        assert "系统按规则自动办结" in page
        assert "孩子有出生登记，出生未满 100 年" in page
        assert ruled.source.name in page
        assert "要求人工复核" in page
        process("notify")
        assert Message.objects.filter(kind="sub_item_decided_by_rule").exists()

    def test_asks_and_reads_what_came_of_it(self, ruled: Ruled) -> None:
        part = decided(ruled)
        client = logged_in(ruled.li)
        address = f"/bundles/{part.bundle.number}/person-check/"
        assert "已提出" in page_of(client.post(address, {"sub_item": part.number}, follow=True))
        assert "您已经提出过" in page_of(client.post(address, {"sub_item": part.number}, follow=True))
        check = PersonCheck.objects.get(cause="asked")
        desk = logged_in(ruled.wang)
        desk.post(f"/review/police/automatic/checks/{check.pk}/", {"found": "right", "note": ""})
        assert "结果无误" in page_of(client.get(f"/bundles/{part.bundle.number}/"))

    def test_the_department_is_told_and_finds_it_in_its_queue_until_somebody_has_looked(self, ruled: Ruled) -> None:
        part = decided(ruled)
        desk, queue = logged_in(ruled.wang), "/review/police/?filter=person_check"
        assert "要求人工复核" not in page_of(desk.get("/review/police/"))
        logged_in(ruled.li).post(f"/bundles/{part.bundle.number}/person-check/", {"sub_item": part.number})
        told = Message.objects.get(kind="person_check_asked", recipient=ruled.wang)
        assert told.link == f"/review/cases/{part.number}/"
        assert not Message.objects.filter(kind="person_check_asked", recipient__in=[ruled.li, ruled.zhao]).exists()
        assert "要求人工复核" in page_of(desk.get("/review/police/"))
        assert part.number in page_of(desk.get(queue))
        assert part.number not in page_of(logged_in(ruled.zhao).get("/review/health/?filter=person_check"))
        check = PersonCheck.objects.get(cause="asked")
        desk.post(f"/review/police/automatic/checks/{check.pk}/", {"found": "right", "note": ""})
        assert part.number not in page_of(desk.get(queue))

    def test_of_what_a_person_decides_nothing_of_the_kind_is_said(self, ruled: Ruled) -> None:
        part = ruled.submit(())
        process("decide_by_rule")
        assert "自动办结" not in page_of(logged_in(ruled.li).get(f"/bundles/{part.bundle.number}/"))


class TestReviewer:
    def test_sees_each_condition_with_values_and_their_source(self, ruled: Ruled) -> None:
        part = ruled.submit(({"birth.time": "2026-11-03T08:15"},))
        process("decide_by_rule")
        page = page_of(logged_in(ruled.wang).get(f"/review/cases/{part.number}/"))
        assert "查到的和申请表上写的不一样" in page
        assert ruled.source.name in page
        assert "08:15" in page

    def test_reads_that_nobody_checked_what_a_rule_decided(self, ruled: Ruled) -> None:
        by_rule, by_hand = decided(ruled), ruled.submit(())
        process("decide_by_rule")
        client = logged_in(ruled.wang)
        assert "按规则自动办结，没有人核对过" in page_of(client.get(f"/review/cases/{by_rule.number}/"))
        assert "没有人核对过" not in page_of(client.get(f"/review/cases/{by_hand.number}/"))

    def test_sees_no_told_value_once_the_consent_is_withdrawn(self, ruled: Ruled) -> None:
        part = decided(ruled)
        withdraw_consents(ruled.li_person, case=part.bundle.idempotency_key)
        page = page_of(logged_in(ruled.wang).get(f"/review/cases/{part.number}/"))
        assert "申请人已撤回授权，不再显示" in page
        assert "没有人工经手" in page

    def test_records_what_a_person_found(self, ruled: Ruled) -> None:
        decided(ruled)
        check = PersonCheck.objects.get()
        desk = logged_in(ruled.wang)
        page = page_of(desk.get("/review/police/automatic/"))
        assert "等人核查的自动办结" in page
        refused = desk.post(f"/review/police/automatic/checks/{check.pk}/", {"found": "wrong", "note": ""})
        assert refused.status_code == 422
        desk.post(f"/review/police/automatic/checks/{check.pk}/", {"found": "wrong", "note": "出生医院有误"})
        check.refresh_from_db()
        assert (check.is_right, check.note, check.checked_by) == (False, "出生医院有误", ruled.wang)


class TestLead:
    def test_switches_off_with_a_reason_and_on_again(self, ruled: Ruled) -> None:
        desk = logged_in(ruled.zhou)
        address = "/review/police/automatic/switch/"
        assert desk.post(address, {"item": "record", "to": "off", "reason": ""}).status_code == 422
        page = page_of(desk.post(address, {"item": "record", "to": "off", "reason": "登记库在维护"}, follow=True))
        assert "停用" in page
        assert "登记库在维护" in page
        desk.post(address, {"item": "record", "to": "on", "reason": "好了"})
        assert [row.is_on for row in RuleSwitch.objects.order_by("pk")] == [False, True]

    def test_a_reviewer_has_no_switch(self, ruled: Ruled) -> None:
        desk = logged_in(ruled.wang)
        assert "立即停用" not in page_of(desk.get("/review/police/automatic/"))
        refused = desk.post("/review/police/automatic/switch/", {"item": "record", "to": "off", "reason": "不要"})
        assert "负责人" in page_of(refused)
        assert not RuleSwitch.objects.exists()

    def test_an_item_without_a_rule_has_no_switch(self, ruled: Ruled) -> None:
        sent = {"item": "other", "to": "off", "reason": "不要"}
        assert logged_in(ruled.zhou).post("/review/police/automatic/switch/", sent).status_code == 404


def test_the_form_itself_says_what_was_told(ruled: Ruled) -> None:
    assert decided(ruled).rule_evaluation.trace["clauses"][0]["reads"][0]["value"] == BORN


@pytest.mark.parametrize("is_offered", [True, False])
def test_a_rule_of_what_is_offered_without_application_can_be_switched_off(ruled: Ruled, is_offered: bool) -> None:
    Matter.objects.update(status=Matter.Status.COMING)
    if is_offered:
        BenefitPolicy.objects.create(
            code="record", name="接种证", department=ruled.departments["police"], matter="ruled",
            conditions="…", ground="…", certificate_type="vaccination_record",
        )  # fmt: skip
    assert ("孩子有出生登记" in page_of(logged_in(ruled.zhou).get("/review/police/automatic/"))) is is_offered
