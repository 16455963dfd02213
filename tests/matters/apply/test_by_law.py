"""Asked by law: on a ground that the owner's desk decided a source is asked without consent, for just that, and no longer than the grant stands."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from pytest_django import Settings as SettingsWrapper

from catalog.models import Department, ServiceItem
from matters.models import Bundle, Draft, MaterialSatisfaction
from matters.submitting.submission import MaterialsMissing, submit_bundle
from portal.accounts.models import Person
from portal.outbox.processing import process
from portal.retention.pruning import prune
from portal.sharing.models import DataSource, Fetch, Grant, Provision, SharingConsent
from tests.matters.apply.test_apply_materials import PHOTO, upload
from tests.pages import page_of
from tests.worlds.cast import LI, logged_in
from tests.worlds.settling import VALUES, Case, build_case, draft_of, url
from tests.worlds.sources import ADAPTERS, Listed, allow_by_law, grant, open_source

GROUND = "《演示条例》第十条"
BY_LAW = "依法查询，不需要您同意"


@pytest.fixture
def case(db: None, settings: SettingsWrapper) -> Iterator[Case]:
    settings.YIJIAN_SHARING_ADAPTERS = ADAPTERS
    Listed.forget()
    Listed.records = {LI.number: {"name": LI.name, "marriage": "J360103-2020-000123", "passport": "E1"}}
    case = build_case()
    civil, _new = Department.objects.get_or_create(code="civil", defaults={"name": "市民政局"})
    allow_by_law(open_source(civil, "marriage", items=("register",)), GROUND)
    yield case
    Listed.forget()


@pytest.fixture
def draft(case: Case) -> Draft:
    """Everything is there but the marriage certificate."""
    draft = draft_of(case, **VALUES)
    upload(logged_in(case.li), draft, ("a.jpg", PHOTO))
    return draft


def sheet(case: Case, draft: Draft) -> str:
    return page_of(logged_in(case.li).get(url(draft, "materials")))


def words(page: str) -> str:
    return page.split('name="by_law" value="')[1].split('"')[0]


def ask(case: Case, draft: Draft) -> Fetch:
    logged_in(case.li).post(url(draft, "materials"), {"action": "by-law", "by_law": words(sheet(case, draft))})
    process("fetch")
    return Fetch.objects.get()


def file(case: Case, draft: Draft) -> Bundle:
    return submit_bundle(draft=draft, by=case.li, consents=["register.check", "insure.share"])


class TestTheSheet:
    def test_it_says_so_with_the_article_before_anything_is_asked(self, case: Case, draft: Draft) -> None:
        page = sheet(case, draft)
        assert BY_LAW in page
        assert f"依据{GROUND}，办理户口登记时向市民政局（市民政局登记库）查询：结婚证。" in page
        assert "全部同意" not in page
        process("fetch")
        assert not Listed.asked

    def test_sent_on_with_the_form_it_is_asked(self, case: Case, draft: Draft) -> None:
        form = page_of(logged_in(case.li).get(url(draft, "form")))
        logged_in(case.li).post(url(draft, "form"), {"action": "save", "by_law": words(form)})
        process("fetch")
        assert Fetch.objects.get().ground == GROUND
        assert "免交 · 市民政局查到" in sheet(case, draft)

    def test_only_what_stood_there_is_asked(self, case: Case, draft: Draft) -> None:
        logged_in(case.li).post(url(draft, "form"), {"action": "save", "by_law": "other:0000"})
        process("fetch")
        assert not Listed.asked

    def test_of_who_has_not_proved_who_they_are_nothing_is_asked(self, case: Case, draft: Draft) -> None:
        read = words(sheet(case, draft))
        Person.objects.filter(pk=case.li_person.pk).update(level=0)
        assert 'name="by_law"' not in sheet(case, draft)
        logged_in(case.li).post(url(draft, "materials"), {"action": "by-law", "by_law": read})
        process("fetch")
        assert not Listed.asked


class TestAsking:
    def test_exactly_the_granted_thing_is_asked_for_the_item_and_the_applicant(self, case: Case, draft: Draft) -> None:
        fetch = ask(case, draft)
        (inquiry,) = Listed.asked
        assert (inquiry.items, inquiry.subject.number, inquiry.ground) == (("register",), LI.number, GROUND)
        assert [each.asked for each in inquiry.wanted] == ["material:marriage"]
        assert (fetch.consent, fetch.person, fetch.items) == (None, case.li_person, ["register"])
        assert fetch.grant == Grant.objects.get()
        assert not SharingConsent.objects.exists()

    def test_it_stands_in_for_the_paper(self, case: Case, draft: Draft) -> None:
        fetch = ask(case, draft)
        row = MaterialSatisfaction.objects.get(bundle=file(case, draft))
        assert (row.material, row.fetch) == ("marriage", fetch)

    def test_what_several_items_ask_for_needs_consent(self, case: Case, draft: Draft) -> None:
        """A ground is for one item; another that reads the same paper has none."""
        assert BY_LAW in sheet(case, draft)
        Grant.objects.update(item="insure")
        assert BY_LAW not in sheet(case, draft)

    def test_it_is_listed_in_the_file_with_its_article(self, case: Case, draft: Draft) -> None:
        client = logged_in(case.li)
        assert 'id="by_law"' not in page_of(client.get("/dossier/"))
        ask(case, draft)
        ServiceItem.objects.create(slug="register", name="户口登记", department=case.departments["police"])
        page = page_of(client.get("/dossier/"))
        assert 'id="by_law"' in page
        assert f"依法查询，依据{GROUND}" in page
        assert "用于户口登记" in page


class TestWithdrawn:
    def test_nothing_is_asked(self, case: Case, draft: Draft) -> None:
        read = words(sheet(case, draft))
        end()
        logged_in(case.li).post(url(draft, "materials"), {"action": "by-law", "by_law": read})
        process("fetch")
        assert BY_LAW not in sheet(case, draft)
        assert not Listed.asked

    def test_nothing_that_was_asked_before_is_read_also_after_it_is_given_anew(self, case: Case, draft: Draft) -> None:
        ask(case, draft)
        end()
        assert not Fetch.objects.get().is_in_force
        with pytest.raises(MaterialsMissing):
            file(case, draft)
        Grant.objects.update(state="granted", ended_at=None, ended_by=None, decided_at=timezone.now())
        assert not Fetch.objects.get().is_in_force
        assert "免交" not in sheet(case, draft)

    def test_the_answer_goes(self, case: Case, draft: Draft) -> None:
        ask(case, draft)
        with pytest.raises(IntegrityError), transaction.atomic():
            Fetch.objects.update(answer_sealed=None, forgotten_at=timezone.now())
        logged_in(case.li).post(url(draft, "discard"))
        prune(now=timezone.now() + timedelta(days=70))
        assert Fetch.objects.get().answer_sealed is not None  # the grant stands by this clock
        end()
        prune(now=timezone.now() + timedelta(days=70))
        assert Fetch.objects.get().answer == {}


def test_the_database_takes_no_fetch_without_exactly_one_of_both(case: Case, draft: Draft) -> None:
    asked = ask(case, draft)
    source, held = DataSource.objects.get(), Grant.objects.get()
    passport = Provision.objects.create(source=source, kind="material", code="passport")
    without = grant(passport, "register")
    columns = {
        **{name: getattr(asked, name) for name in ("source", "grant", "ground", "person", "until", "case")},
        **{name: getattr(asked, name) for name in ("subject_index", "asked", "milliseconds")},
        "asked_at": timezone.now(),
        "outcome": "not_found",
    }
    Fetch(**columns).save()
    for changes in (
        {"grant": None, "ground": "", "person": None, "until": None},
        {"grant": None},
        {"ground": ""},
        {"ground": "《别的条例》第一条"},
        {"person": None},
        {"until": None},
        {"grant": without},
        {"asked": ["material:passport"]},
        {"asked": [*asked.asked, "material:passport"]},
        {"asked_at": held.decided_at - timedelta(seconds=1)},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Fetch(**{**columns, **changes}).save()
    end()
    with pytest.raises(IntegrityError), transaction.atomic():
        Fetch(**{**columns, "asked_at": timezone.now()}).save()


def end() -> None:
    """End the grant, as its owner does."""
    by = Grant.objects.exclude(decided_by=None).first().decided_by  # type: ignore[union-attr]
    Grant.objects.update(state="ended", ended_at=timezone.now(), ended_by=by)
