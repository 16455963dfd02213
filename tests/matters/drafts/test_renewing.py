"""Renewing a certificate (续证): filled in from what was decided, filed by one confirmation; the new certificate closes the old one."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from catalog.models import CertificateType, Matter
from catalog.versions.matters import compiled
from certificates.activities.status import change_status
from certificates.models import Certificate
from matters.drafts.renewal_reminders import remind_daily, remind_of_renewals
from matters.drafts.renewing import begin_renewal
from matters.models import Bundle, Draft, Renewal, SubItem
from matters.reviewing import review
from matters.wording.refusals import CannotRenew, NotRenewable
from portal.ledger.models import Event
from portal.notices.models import Message
from tests.matters.reviewing.test_review_races import race
from tests.worlds.cast import logged_in
from tests.worlds.companies import Companies, build_companies
from tests.worlds.town import advance

pytestmark = pytest.mark.django_db


def granted(companies: Companies, bundle: Bundle) -> Certificate:
    """Let Wang approve; return the certificate."""
    part = review.accept(companies.wang, SubItem.objects.get(bundle=bundle))
    review.decide(companies.wang, part, "approved", "")
    return Certificate.objects.select_related("certificate_type").get(decision_reference=part.number)


def set_up(companies: Companies) -> Certificate:
    Matter.objects.update(status=Matter.Status.OPEN)
    CertificateType.objects.update(valid_years=1, renewal_days=40, renewal_reminders=[30, 7])
    return granted(companies, companies.submit(companies.li_person, companies.noodles, "清风面馆招牌"))


def before_the_end(certificate: Certificate, days: int) -> datetime:
    assert certificate.expires_on is not None
    return timezone.now() + (certificate.expires_on - timezone.localdate()) - timedelta(days=days)


@pytest.fixture
def companies(db: None) -> Companies:
    return build_companies()


@pytest.fixture
def held(companies: Companies) -> Certificate:
    """The permit of Li's company, for a year."""
    return set_up(companies)


@pytest.fixture
def near_the_end(held: Certificate) -> Iterator[date]:
    """Four weeks before its last day."""
    with time_machine.travel(before_the_end(held, 28), tick=True):
        yield timezone.localdate()


def test_its_card_says_how_long_it_lasts_and_offers_to_renew_it(
    companies: Companies, held: Certificate, near_the_end: date
) -> None:
    client = companies.client(companies.li, companies.noodles)
    for page in (reverse("certificates:library"), held.get_absolute_url()):
        content = client.get(page).content.decode()
        assert "还有 28 天到期" in content
        assert reverse("matters:renew", args=[held.pk]) in content


def test_before_its_window_and_without_a_rule_nothing_is_offered(companies: Companies, held: Certificate) -> None:
    client = companies.client(companies.li, companies.noodles)
    for days, window in ((41, 40), (28, None), (-1, 40)):
        CertificateType.objects.update(renewal_days=window)
        with time_machine.travel(before_the_end(held, days)):
            client = companies.client(companies.li, companies.noodles)
            assert "天到期" not in client.get(held.get_absolute_url()).content.decode()
            answer = client.post(reverse("matters:renew", args=[held.pk]), follow=True)
            assert "现在不能续证" in answer.content.decode()
    assert not Draft.objects.filter(submitted_at=None).exists()


def test_one_confirmation_files_what_was_decided_on_and_the_new_one_closes_the_old(
    companies: Companies, held: Certificate, near_the_end: date
) -> None:
    client = companies.client(companies.li, companies.noodles)
    page = client.post(reverse("matters:renew", args=[held.pk]), follow=True)
    draft = Draft.objects.get(submitted_at=None)
    assert page.redirect_chain == [(reverse("matters:confirm", args=[draft.pk]), 302)]  # nothing is left to fill in
    assert "清风面馆招牌" in page.content.decode()
    held.refresh_from_db()
    assert held.status == "valid"  # until it is decided

    agreed = {"submission_key": str(draft.submission_key), "revision": str(draft.revision), "agreed": "1"}
    client.post(reverse("matters:confirm", args=[draft.pk]), agreed)
    bundle = Bundle.objects.get(idempotency_key=draft.submission_key)
    advance([bundle.pk])
    again = client.post(reverse("matters:renew", args=[held.pk]))
    assert again.url == reverse("matters:bundle", args=[bundle.number])  # it is under way

    new = granted(companies, bundle)
    held.refresh_from_db()
    assert (held.status, new.status, new.renews_id) == ("deregistered", "valid", held.pk)
    assert held.status_changes.get().reason.startswith("期满前已经续证")
    assert None not in (new.expires_on, held.expires_on)
    told = logged_in(companies.li).get(reverse("certificates:verify", args=[held.verification_token]))
    assert "续证后换发了新的证照" in told.content.decode()
    old_page = companies.client(companies.li, companies.noodles).get(held.get_absolute_url()).content.decode()
    assert reverse("certificates:detail", args=[new.pk]) in old_page
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE certificates_certificate SET renews_id = NULL WHERE id = %s", [new.pk])


def test_what_changed_is_said_in_the_form(companies: Companies, held: Certificate, near_the_end: date) -> None:
    client = companies.client(companies.li, companies.noodles)
    client.post(reverse("matters:renew", args=[held.pk]))
    draft = Draft.objects.get(submitted_at=None)
    form = client.get(reverse("matters:form", args=[draft.pk])).content.decode()
    assert "清风面馆招牌" in form
    assert "招牌许可 · " in form  # by which decision it is known


def test_begun_twice_it_is_one_and_thrown_away_it_may_begin_anew(
    companies: Companies, held: Certificate, near_the_end: date
) -> None:
    client = companies.client(companies.li, companies.noodles)
    client.post(reverse("matters:renew", args=[held.pk]))
    again = client.post(reverse("matters:renew", args=[held.pk]), follow=True)
    assert "接着办这一份" in again.content.decode()
    draft = Draft.objects.get(submitted_at=None)
    assert Event.objects.filter(chain_id=held.pk, kind="renewal_begun").count() == 1
    client.post(reverse("matters:discard_draft", args=[draft.pk]))
    client.post(reverse("matters:renew", args=[held.pk]))
    assert Draft.objects.get(submitted_at=None) != draft


@pytest.mark.parametrize("status", ["suspended", "revoked"])
def test_what_is_suspended_or_ended_is_not_renewed(
    companies: Companies, held: Certificate, near_the_end: date, status: str
) -> None:
    client = companies.client(companies.li, companies.noodles)
    client.post(reverse("matters:renew", args=[held.pk]))
    draft = Draft.objects.get(submitted_at=None)
    agreed = {"submission_key": str(draft.submission_key), "revision": str(draft.revision), "agreed": "1"}
    client.post(reverse("matters:confirm", args=[draft.pk]), agreed)
    bundle = Bundle.objects.get(idempotency_key=draft.submission_key)
    advance([bundle.pk])
    change_status(held, status, "抽查不合格", companies.wang)
    with pytest.raises(CannotRenew):  # ended while the renewal was under way
        granted(companies, bundle)
    assert Certificate.objects.get() == held
    with pytest.raises(NotRenewable):
        begin_renewal(companies.li, held)


def test_the_form_of_an_application_is_carried_for_its_applicant_alone(
    companies: Companies, held: Certificate, near_the_end: date
) -> None:
    url = reverse("matters:renew", args=[held.pk])
    assert companies.client(companies.stranger, companies.trucks).post(url).status_code == 404
    assert companies.client(companies.qian, companies.noodles).post(url).status_code == 404  # has other matters
    assert not Draft.objects.filter(submitted_at=None).exists()
    companies.client(companies.zhang, companies.noodles).post(url)
    draft = Draft.objects.get(submitted_at=None)
    assert (draft.applicant, draft.organisation) == (companies.zhang_person, companies.noodles)


def _told(companies: Companies) -> list[int]:
    return list(Message.objects.filter(kind="certificate_ends").values_list("recipient_id", flat=True))


def _days(certificate: Certificate, left: int) -> date:
    assert certificate.expires_on is not None
    return certificate.expires_on - timedelta(days=left)


def test_who_may_renew_is_told_once_per_threshold(companies: Companies, held: Certificate) -> None:
    assert remind_of_renewals(_days(held, 31)) == 0
    assert remind_of_renewals(_days(held, 30)) == 1
    assert set(_told(companies)) == {companies.li.pk, companies.zhang.pk}  # Qian has other matters
    assert [remind_of_renewals(_days(held, left)) for left in (30, 29, 8)] == [0, 0, 0]
    assert remind_of_renewals(_days(held, 5)) == 1  # two days on which nothing ran
    assert [remind_of_renewals(_days(held, left)) for left in (4, 0, -1)] == [0, 0, 0]
    assert len(_told(companies)) == 4
    held.refresh_from_db()
    assert held.status == "valid"
    assert not Draft.objects.filter(submitted_at=None).exists()  # silence changes nothing


def test_the_message_says_until_when_and_leads_to_the_certificate(companies: Companies, held: Certificate) -> None:
    remind_of_renewals(_days(held, 6))
    assert held.expires_on is not None
    inbox = companies.client(companies.li, companies.noodles).get(reverse("accounts:notices")).content.decode()
    assert f"{held.type_name}快到期了，可以续证" in inbox
    assert f"{held.expires_on.month}月{held.expires_on.day}日" in inbox
    assert Message.objects.filter(link=held.get_absolute_url()).exists()


def test_a_threshold_before_the_window_is_not_told(companies: Companies, held: Certificate) -> None:
    CertificateType.objects.update(renewal_days=10)
    assert remind_of_renewals(_days(held, 30)) == 0
    CertificateType.objects.update(renewal_days=None)
    assert remind_of_renewals(_days(held, 5)) == 0


def test_of_what_is_suspended_or_under_way_nobody_is_told(companies: Companies, held: Certificate) -> None:
    with time_machine.travel(before_the_end(held, 28), tick=True):
        draft = begin_renewal_of(companies, held)
        assert remind_of_renewals(timezone.localdate()) == 1  # begun and not filed: it may have been forgotten
        bundle = file(companies, draft)
        assert remind_of_renewals(_days(held, 5)) == 0
        granted(companies, bundle)
    assert remind_of_renewals(_days(held, 5)) == 0  # the old one is closed, the new one far from its end


def test_it_runs_once_a_day(companies: Companies, held: Certificate) -> None:
    cache.clear()
    with time_machine.travel(before_the_end(held, 20)):
        assert [remind_daily(), remind_daily()] == [1, 0]


def begin_renewal_of(companies: Companies, held: Certificate) -> Draft:
    companies.client(companies.li, companies.noodles).post(reverse("matters:renew", args=[held.pk]))
    return Draft.objects.get(submitted_at=None)


def file(companies: Companies, draft: Draft) -> Bundle:
    """Press the one button."""
    agreed = {"submission_key": str(draft.submission_key), "revision": str(draft.revision), "agreed": "1"}
    companies.client(companies.li, companies.noodles).post(reverse("matters:confirm", args=[draft.pk]), agreed)
    bundle = Bundle.objects.get(idempotency_key=draft.submission_key)
    advance([bundle.pk])
    return bundle


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
class TestCommitted:
    @pytest.fixture
    def companies(self, transactional_db: None) -> Iterator[Companies]:
        compiled.cache_clear()
        yield build_companies()
        compiled.cache_clear()

    def test_of_presses_at_once_one_begins_it(self, companies: Companies) -> None:
        Matter.objects.update(status=Matter.Status.OPEN)
        CertificateType.objects.update(valid_years=1, renewal_days=400)
        held = granted(companies, companies.submit(companies.li_person, None, "面馆招牌"))
        results = race(*[functools.partial(begin_renewal, companies.li, held)] * 3)
        assert sorted(one.is_new for one in results) == [False, False, True]
        assert len({one.draft.pk for one in results}) == 1
        assert Renewal.objects.filter(certificate=held).count() == 1
