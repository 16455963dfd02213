"""Policies are versions with a term: outside it nobody is matched, a change is a new row, and who was matched once is not matched again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from pytest_django import Settings as SettingsWrapper

from matters.core.clocks import official_date
from matters.drafts.matching import match_benefits
from matters.drafts.policies import (
    SAID,
    BeginsInThePast,
    PolicyReplaced,
    add_policy,
    change_policy,
    history_of,
)
from matters.models import BenefitMatch, BenefitPolicy
from portal.ledger.models import Event
from portal.notices.models import Message
from portal.notices.wording import words
from portal.outbox.processing import process
from tests.pages import page_of
from tests.worlds.cast import logged_in
from tests.worlds.ruled import Ruled, build_ruled
from tests.worlds.sources import ADAPTERS, Listed


@pytest.fixture
def ruled(db: None, settings: SettingsWrapper) -> Iterator[Ruled]:
    """A child's record was issued: what a policy may rest on."""
    settings.YIJIAN_SHARING_ADAPTERS = ADAPTERS
    Listed.forget()
    ruled = build_ruled()
    ruled.submit()
    process("decide_by_rule")
    yield ruled
    Listed.forget()


def today() -> date:
    return official_date(timezone.now())


def of_police(ruled: Ruled, **columns: Any) -> BenefitPolicy:
    return BenefitPolicy(
        **{
            "code": "allowance",
            "name": "育儿补贴（演示）",
            "department": ruled.departments["police"],
            "matter": "ruled",
            "conditions": "有接种证的孩子",
            "ground": "本部门办理中形成的记录",
            "certificate_type": "vaccination_record",
            "valid_from": today(),
            **columns,
        }
    )


def said(policy: BenefitPolicy, **changed: Any) -> dict[str, Any]:
    return {**{name: getattr(policy, name) for name in SAID}, "valid_from": today(), **changed}


@pytest.mark.parametrize(
    ("begins", "ends", "matched"),
    [(0, 0, 1), (None, None, 1), (-9, 9, 1), (1, None, 0), (-9, -1, 0)],
    ids=["today alone", "without a term", "within", "not yet", "over"],
)
def test_outside_its_term_a_policy_matches_nobody(
    ruled: Ruled, begins: int | None, ends: int | None, matched: int
) -> None:
    term = {
        name: None if days is None else today() + timedelta(days=days)
        for name, days in (("valid_from", begins), ("valid_to", ends))
    }
    add_policy(ruled.zhou, of_police(ruled, **term))
    assert match_benefits() == matched


def test_a_change_is_a_new_row_and_the_match_keeps_its_own(ruled: Ruled) -> None:
    first = add_policy(ruled.zhou, of_police(ruled))
    match_benefits()
    begins = today() + timedelta(days=3)
    second = change_policy(ruled.zhou, first, said(first, conditions="改过的条件", valid_from=begins))
    first.refresh_from_db()
    assert (second.version, second.valid_from, second.matched_until) == (2, begins, None)
    assert (first.conditions, first.valid_to) == ("有接种证的孩子", begins - timedelta(days=1))
    assert first.replaced_by == second
    assert BenefitMatch.objects.get().policy == first
    assert "有接种证的孩子" in page_of(logged_in(ruled.li).get("/benefits/"))
    events = Event.objects.filter(chain_id=history_of("allowance")).order_by("sequence")
    assert [(each.kind, each.actor, each.data["version"]) for each in events] == [
        ("policy_added", ruled.zhou, 1),
        ("policy_changed", ruled.zhou, 2),
    ]
    assert "conditions" in events[1].data["changed"]


def test_whom_one_version_matched_the_next_does_not_match_again(ruled: Ruled) -> None:
    first = add_policy(ruled.zhou, of_police(ruled))
    assert match_benefits() == 1
    change_policy(ruled.zhou, first, said(first, within_days=100))
    assert match_benefits() == 0
    BenefitMatch.objects.all().delete()
    assert match_benefits() == 1  # by the version of today
    assert BenefitMatch.objects.get().policy.version == 2


def test_a_version_that_was_changed_before_it_began_is_never_in_force(ruled: Ruled) -> None:
    first = add_policy(ruled.zhou, of_police(ruled))
    second = change_policy(ruled.zhou, first, said(first, valid_from=today() + timedelta(days=9)))
    third = change_policy(ruled.zhou, second, said(second, within_days=3))
    for day in (today(), today() + timedelta(days=9), today() + timedelta(days=99)):
        assert list(BenefitPolicy.objects.in_force(day)) == [third]


def test_one_that_is_changed_today_was_in_force_today_and_matches_no_more(ruled: Ruled) -> None:
    first = add_policy(ruled.zhou, of_police(ruled, valid_from=today() - timedelta(days=9)))
    match_benefits()
    second = change_policy(ruled.zhou, first, said(first, conditions="改过"))
    first.refresh_from_db()
    assert (first.valid_to, first.is_over) == (today(), True)
    assert BenefitMatch.objects.get().matched_at.date() <= today()
    assert list(BenefitPolicy.objects.in_force(today())) == [second]
    assert "政策后来改过" in page_of(logged_in(ruled.li).get("/benefits/"))


def test_a_version_of_later_leaves_the_one_of_now_until_then(ruled: Ruled) -> None:
    first = add_policy(ruled.zhou, of_police(ruled))
    later = today() + timedelta(days=9)
    second = change_policy(ruled.zhou, first, said(first, within_days=9, valid_from=later))
    third = change_policy(ruled.zhou, second, said(second, within_days=3, valid_from=later + timedelta(days=9)))
    first.refresh_from_db()
    assert (first.is_over, first.replaced_by) == (False, second)
    for day, version in ((today(), first), (later, second), (later + timedelta(days=9), third)):
        assert list(BenefitPolicy.objects.in_force(day)) == [version]


def test_switched_off_by_a_version_it_matches_nobody(ruled: Ruled) -> None:
    first = add_policy(ruled.zhou, of_police(ruled))
    change_policy(ruled.zhou, first, said(first, is_open=False))
    assert match_benefits() == 0


def test_what_is_not_different_is_no_version(ruled: Ruled) -> None:
    first = add_policy(ruled.zhou, of_police(ruled))
    assert change_policy(ruled.zhou, first, said(first)) == first


def test_only_the_last_version_is_changed_and_not_for_the_past(ruled: Ruled) -> None:
    first = add_policy(ruled.zhou, of_police(ruled))
    with pytest.raises(BeginsInThePast):
        change_policy(ruled.zhou, first, said(first, within_days=3, valid_from=today() - timedelta(days=1)))
    change_policy(ruled.zhou, first, said(first, within_days=3))
    with pytest.raises(PolicyReplaced):
        change_policy(ruled.zhou, first, said(first, within_days=4))


def test_only_who_leads_the_department_makes_and_changes_its_policies(ruled: Ruled) -> None:
    for user in (ruled.wang, ruled.zhao, ruled.li):
        with pytest.raises(PermissionDenied):
            add_policy(user, of_police(ruled))
    with pytest.raises(PermissionDenied):
        add_policy(ruled.zhou, of_police(ruled, department=ruled.departments["health"]))
    first = add_policy(ruled.zhou, of_police(ruled))
    with pytest.raises(PermissionDenied):
        change_policy(ruled.wang, first, said(first, within_days=3))


def test_the_database_keeps_what_a_version_says(ruled: Ruled) -> None:
    first = add_policy(ruled.zhou, of_police(ruled))
    rows = BenefitPolicy.objects.filter(pk=first.pk)
    for columns in ({"least_age": 9}, {"ground": "别的"}, {"is_open": False}, {"valid_from": None}):
        with pytest.raises(IntegrityError, match="stays as it is"), transaction.atomic():
            rows.update(**columns)
    with pytest.raises(IntegrityError, match="stays as it is"), transaction.atomic():
        rows.delete()


def test_its_english_name_is_shown_and_sent_in_english(ruled: Ruled) -> None:
    add_policy(ruled.zhou, of_police(ruled, name_en="Allowance for records", valid_to=today()))
    match_benefits()
    client = logged_in(ruled.li)
    assert "育儿补贴（演示）" in page_of(client.get("/benefits/"))
    page = page_of(client.get("/benefits/", headers={"accept-language": "en"}))
    assert "Allowance for records" in page
    data = Message.objects.get(kind="benefit_matched").data
    with translation.override("en"):
        assert "Allowance for records" in words("benefit_matched", data).title
    with translation.override("zh-hans"):
        assert "育儿补贴（演示）" in words("benefit_matched", data).title
