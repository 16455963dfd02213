"""Benefits without application: whom rows show to fit is offered it once, confirms once or says no; nobody else gets anything."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone
from pytest_django import Settings as SettingsWrapper

from certificates.models import Certificate
from matters.drafts.discarding import discard
from matters.drafts.matching import match_benefits
from matters.models import BenefitMatch, BenefitPolicy, Bundle, Draft
from portal.accounts.models import Level, Person
from portal.front.demo.policies import POLICIES
from portal.notices.models import Message
from portal.outbox.processing import process
from portal.retention.pruning import prune
from portal.sharing.models import Fetch
from tests.pages import page_of
from tests.worlds.cast import logged_in
from tests.worlds.ruled import Ruled, build_ruled
from tests.worlds.sources import ADAPTERS, Listed


@pytest.fixture
def ruled(db: None, settings: SettingsWrapper) -> Iterator[Ruled]:
    """A child's record was issued: what the next benefit rests on."""
    settings.YIJIAN_SHARING_ADAPTERS = ADAPTERS
    Listed.forget()
    ruled = build_ruled()
    ruled.submit()
    process("decide_by_rule")
    yield ruled
    Listed.forget()


def policy(ruled: Ruled, **columns: Any) -> BenefitPolicy:
    return BenefitPolicy.objects.create(
        **{
            "code": "allowance",
            "name": "育儿补贴（演示）",
            "department": ruled.departments["police"],
            "matter": "ruled",
            "conditions": "有接种证的孩子",
            "ground": "本部门办理中形成的记录",
            "certificate_type": "vaccination_record",
            **columns,
        }
    )


def confirm(ruled: Ruled, draft: Draft) -> Any:
    sent = {"submission_key": str(draft.submission_key), "revision": str(draft.revision), "agreed": "1"}
    return logged_in(ruled.li).post(f"/drafts/{draft.pk}/confirm/", sent)


class TestMatching:
    def test_whom_a_certificate_was_issued_to_is_offered_it_with_the_row(self, ruled: Ruled) -> None:
        policy(ruled)
        assert match_benefits() == 1
        match = BenefitMatch.objects.get()
        certificate = Certificate.objects.get()
        assert (match.person, match.reference) == (ruled.li_person, f"certificate:{certificate.pk}")
        assert certificate.serial in match.facts[0]["value"]
        assert Message.objects.get(kind="benefit_matched").recipient == ruled.li
        page = page_of(logged_in(ruled.li).get("/benefits/"))
        assert certificate.serial in page
        assert "演示参数" in page
        assert "本部门办理中形成的记录" in page

    def test_what_it_was_offered_on_is_forgotten_half_a_year_after_the_answer(self, ruled: Ruled) -> None:
        policy(ruled)
        match_benefits()
        later = timezone.now() + timedelta(days=170)
        prune(now=later)
        assert BenefitMatch.objects.get().facts  # nobody has answered; and the draft is not old enough to go
        BenefitMatch.objects.update(declined_at=timezone.now())
        prune(now=later)
        assert BenefitMatch.objects.get().facts
        prune(now=later + timedelta(days=20))
        assert BenefitMatch.objects.get().facts == []
        assert match_benefits() == 0

    def test_again_and_again_it_is_offered_once(self, ruled: Ruled) -> None:
        policy(ruled)
        assert [match_benefits() for _each in range(3)] == [1, 0, 0]
        assert Draft.objects.filter(submitted_at=None).count() == 1

    def test_nobody_else_gets_anything_and_no_source_is_asked(self, ruled: Ruled) -> None:
        policy(ruled)
        asked = Fetch.objects.count()
        match_benefits()
        assert set(BenefitMatch.objects.values_list("person__user__username", flat=True)) == {"li"}
        assert Fetch.objects.count() == asked
        assert "现在没有待您确认的待遇" in page_of(logged_in(ruled.stranger).get("/benefits/"))

    @pytest.mark.parametrize("columns", [{"certificate_type": "other"}, {"within_days": 0}, {"is_open": False}])
    def test_who_does_not_fit_gets_none(self, ruled: Ruled, columns: dict[str, Any]) -> None:
        policy(ruled, **columns)
        assert match_benefits() == 0

    def test_neither_a_revoked_certificate_nor_an_unchecked_person_nor_who_has_it_already(self, ruled: Ruled) -> None:
        policy(ruled, code="lacking", lacks_type="vaccination_record")
        assert match_benefits() == 0
        policy(ruled)
        Person.objects.filter(pk=ruled.li_person.pk).update(level=Level.CLAIMED)
        assert match_benefits() == 0
        Person.objects.filter(pk=ruled.li_person.pk).update(level=Level.COUNTER)
        Certificate.objects.update(status=Certificate.Status.REVOKED)
        assert match_benefits() == 0

    def test_by_the_age_in_a_number_that_somebody_checked_once_a_day(self, ruled: Ruled) -> None:
        held = policy(ruled, certificate_type="", least_age=35)
        match_benefits()
        assert set(BenefitMatch.objects.values_list("person__user__username", flat=True)) == {"stranger"}
        BenefitMatch.objects.all().delete()
        assert match_benefits() == 0  # looked through today
        BenefitPolicy.objects.filter(pk=held.pk).update(matched_until=timezone.now() - timedelta(days=1))
        assert match_benefits() == 1


class TestAnswering:
    def test_one_confirmation_files_it(self, ruled: Ruled) -> None:
        policy(ruled)
        match_benefits()
        draft = BenefitMatch.objects.get().draft
        assert draft is not None
        before = Bundle.objects.count()
        assert "一次确认提交" in page_of(logged_in(ruled.li).get("/benefits/"))
        assert confirm(ruled, draft).url == f"/drafts/{draft.pk}/submitted/"
        assert Bundle.objects.count() == before + 1
        assert "您已确认提交" in page_of(logged_in(ruled.li).get("/benefits/"))

    def test_ignoring_it_files_nothing(self, ruled: Ruled) -> None:
        policy(ruled)
        before = Bundle.objects.count()
        match_benefits()
        logged_in(ruled.li).get("/benefits/")
        assert Bundle.objects.count() == before

    def test_saying_no_deletes_what_was_prepared_and_is_for_good(self, ruled: Ruled) -> None:
        policy(ruled)
        match_benefits()
        match = BenefitMatch.objects.get()
        assert logged_in(ruled.stranger).post(f"/benefits/{match.pk}/decline/").status_code == 404
        logged_in(ruled.li).post(f"/benefits/{match.pk}/decline/")
        match.refresh_from_db()
        assert match.declined_at is not None
        assert not Draft.objects.filter(submitted_at=None).exists()
        assert match_benefits() == 0
        assert "您已放弃" in page_of(logged_in(ruled.li).get("/benefits/"))

    def test_a_discarded_draft_is_no_more_offered(self, ruled: Ruled) -> None:
        policy(ruled)
        match_benefits()
        match = BenefitMatch.objects.get()
        assert match.draft is not None
        discard(match.draft)
        assert "草稿已删除" in page_of(logged_in(ruled.li).get("/benefits/"))
        assert match_benefits() == 0


@pytest.mark.parametrize("code", list(POLICIES))
def test_the_policies_of_the_demo_name_what_there_is_and_say_that_they_are_one(code: str) -> None:
    content, told = Path(settings.BASE_DIR) / "catalog" / "content", POLICIES[code]
    assert (content / told["matter"] / "matter.yaml").is_file()
    assert all((content / told["matter"] / "items" / f"{item}.yaml").is_file() for item in told.get("items", ()))
    types = (content / "certificate_types.yaml").read_text()
    assert all(f"slug: {told[key]}\n" in types for key in ("certificate_type", "lacks_type") if key in told)
    assert "演示" in told["ground"]
