"""Whoever handles some matters of an organisation only reads and takes back nothing of its others."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.accounts.models import Handler
from portal.notices.models import Message
from portal.sharing.consents import give_consent
from portal.sharing.core.inquiry import DataSubject
from portal.sharing.models import SharingConsent
from tests.pages import page_of
from tests.worlds.companies import NOODLES, SLUG, Companies, build_companies
from tests.worlds.sources import open_source


@pytest.fixture
def companies(db: None) -> Companies:
    return build_companies()


@pytest.fixture
def consent(companies: Companies) -> SharingConsent:
    """Zhang, who handles everything, agreed to it for a signboard; then an application for it was filed."""
    bundle = companies.submit(companies.zhang_person, companies.noodles, "招牌")
    return give_consent(
        person=companies.zhang_person,
        organisation=companies.noodles,
        case=bundle.idempotency_key,
        source=open_source(companies.departments["police"], "photo"),
        asked=["material:photo"],
        subjects=[DataSubject("credit_code", NOODLES[1], NOODLES[0])],
        items=["permit"],
        text="我同意查询金丝雀",
        by=companies.zhang,
    )


def test_consents_of_other_matters_are_neither_read_nor_withdrawn(
    companies: Companies, consent: SharingConsent
) -> None:
    qian = companies.client(companies.qian, companies.noodles)
    assert "金丝雀" not in page_of(qian.get(reverse("sharing:consents")))
    assert str(consent.pk) not in qian.get(reverse("dossier:own_file")).content.decode()
    assert qian.get(reverse("sharing:consent", args=[consent.pk])).status_code == 404
    qian.post(reverse("sharing:consents"), {"consent": str(consent.pk)})
    consent.refresh_from_db()
    assert consent.withdrawn_at is None


def test_those_of_ones_own_matters_are_also_before_submission(companies: Companies, consent: SharingConsent) -> None:
    person = companies.stranger.person
    Handler.objects.create(organisation=companies.noodles, person=person, role="handler", matters=[SLUG])
    limited = companies.client(companies.stranger, companies.noodles)
    draft = companies.draft(companies.zhang_person, companies.noodles, "又一块")
    SharingConsent.objects.create(
        **{name: getattr(consent, name) for name in ("person", "organisation", "source", "given_by", "given_at", "until")},
        case=draft.submission_key, text="我同意查询草稿", asked=[], subjects=[], items=[],
    )  # fmt: skip
    told = page_of(limited.get(reverse("sharing:consents")))
    assert "金丝雀" in told
    assert "我同意查询草稿" in told
    limited.post(reverse("sharing:consents"), {"consent": str(consent.pk)})
    consent.refresh_from_db()
    assert consent.withdrawn_at is not None


def test_what_was_told_before_one_was_limited_is_not_shown(companies: Companies) -> None:
    told = [
        Message.about(
            {"name": name, "by": "李明慧", "organisation": NOODLES[0]},
            recipient=companies.qian,
            principal=companies.noodles.pk,
            key=name,
            kind="handler_invited",
        )
        for name in ("从前的", "现在的")
    ]
    Message.objects.bulk_create(told)
    Message.objects.filter(key="从前的").update(created_at=timezone.now() - timedelta(days=9))

    def inbox(client: Client) -> str:
        return page_of(client.get(reverse("accounts:notices")))

    shown = inbox(companies.client(companies.qian, companies.noodles))
    assert "现在的" in shown
    assert "从前的" not in shown
