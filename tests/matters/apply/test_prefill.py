"""What sources say is filled in with consent, with source and day; never over what was typed, and never in silence where they differ."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings as SettingsWrapper

from catalog.definitions import RoleDefinition
from catalog.models import Department
from matters.cases.department_view import read_case
from matters.drafts.saving import read_form, save_values
from matters.models import Draft, SubItem
from matters.submitting.submission import DraftChanged, submit_bundle
from matters.tracking.hand_overs import hand_overs_of
from portal.accounts.models import Level, Person
from portal.outbox.processing import process
from portal.sharing.consents import with_replaced
from portal.sharing.models import Certainty, DataSource, Fetch, Grant, Provision, SharingConsent
from tests.matters.apply.test_apply_materials import PHOTO, upload
from tests.pages import page_of
from tests.worlds.building import publish
from tests.worlds.cast import LI, logged_in
from tests.worlds.settling import (
    DEFINITION,
    ELEMENTS,
    INSURE,
    MATERIALS,
    POSTS,
    REGISTER,
    VALUES,
    Case,
    draft_of,
    posted,
    url,
)
from tests.worlds.sources import ADAPTERS, Listed, allow_by_law, grant_all, supply

ADDRESS = "household:address"
KNOWN = {LI.number: {"name": LI.name, "address": "西湖区登记路 1 号"}}
ROLES = tuple(
    replace(role, kin="own", kin_of="applicant") if role.key == "household" else role for role in DEFINITION.roles
)
# The certificate of marriage is not asked for: this is about facts.
UNMARRIED = {"relation": "parent", "children": 1, "married": "no", "follows": "mother"}
TYPED = {key: value for key, value in VALUES.items() if key != ADDRESS}
CONSENTS = ["register.check", "insure.share"]


@pytest.fixture
def case(db: None, settings: SettingsWrapper) -> Iterator[Case]:
    settings.YIJIAN_SHARING_ADAPTERS = ADAPTERS
    Listed.forget()
    definition = replace(DEFINITION, slug="prefilled", roles=ROLES)
    elements = tuple(replace(each, fixed=each.code in ("moved_on", "person.name")) for each in ELEMENTS)
    version = publish(definition, REGISTER, INSURE, elements=elements, materials=MATERIALS)
    case = Case.build(version, POSTS)
    supply(case.departments["police"], {"address": "address"}, ("register",), name="人口登记")
    yield case
    Listed.forget()


@pytest.fixture
def draft(case: Case) -> Draft:
    draft = draft_of(case, answers=UNMARRIED, **TYPED)
    upload(logged_in(case.li), draft, ("a.jpg", PHOTO))
    draft.refresh_from_db()
    return draft


def form(case: Case, draft: Draft) -> str:
    return page_of(logged_in(case.li).get(url(draft, "form")))


def post(case: Case, draft: Draft, action: str, **more: Any) -> str:
    draft.refresh_from_db()
    data = posted(draft, {}, action=action, **more)
    return page_of(logged_in(case.li).post(url(draft, "form"), data, follow=True))


def agree_and_ask(case: Case, draft: Draft) -> str:
    post(case, draft, "agree-all")
    process("fetch")
    return form(case, draft)


def field_of(page: str, key: str = ADDRESS) -> str:
    return page.partition(f'data-key="{key}"')[2].partition("<details")[0]


def values(draft: Draft) -> dict[str, Any]:
    return read_form(Draft.objects.get(pk=draft.pk)).values


def test_a_department_was_given_only_what_its_own_form_holds_and_once(case: Case, draft: Draft) -> None:
    """A source tells all that was asked for anybody; of that the page names to each part what the part's own form says."""
    supply(case.departments["police"], {"insurance.year": "year"}, ("insure",), name="参保登记")
    Listed.records = {LI.number: {**KNOWN[LI.number], "year": 2026}}
    for _time in range(2):
        agree_and_ask(case, draft)
    draft.refresh_from_db()
    bundle = submit_bundle(draft=draft, by=case.li, consents=CONSENTS)
    told = [each for each in hand_overs_of(bundle) if "人口登记" in each.giver]
    assert [(each.receiver, each.what) for each in told] == [("市公安局 · 户口登记", ("落户地址",))]
    (own,) = [each for each in hand_overs_of(bundle) if each.giver == "申请人" and "户口登记" in each.receiver]
    assert "落户地址" not in own.what
    assert "寄送地址" not in own.what  # shown to nobody: nothing is posted


def test_a_consent_that_a_wider_one_replaced_was_not_taken_back(case: Case, draft: Draft) -> None:
    Listed.records = KNOWN
    agree_and_ask(case, draft)
    more = Provision.objects.create(
        source=DataSource.objects.get(), kind=Provision.Kind.ELEMENT, code="moved_on", path="moved"
    )
    grant_all(more, ("register",))
    draft.refresh_from_db()
    save_values(draft, {"household:moved_on": ""}, seen=draft.revision)
    agree_and_ask(case, draft)
    replaced, wider = with_replaced(SharingConsent.objects.order_by("given_at"))
    assert (replaced.is_replaced, wider.is_replaced) == (True, False)
    page = page_of(logged_in(case.li).get(reverse("sharing:consents")))
    assert "已由后来的同意代替" in page
    assert "已撤回" not in page
    SharingConsent.objects.filter(pk=wider.pk).update(withdrawn_at=timezone.now())
    assert [each.is_replaced for each in with_replaced(SharingConsent.objects.order_by("given_at"))] == [True, False]


class TestFillingIn:
    def test_nothing_is_asked_or_filled_in_before_somebody_agrees(self, case: Case, draft: Draft) -> None:
        Listed.records = KNOWN
        page = form(case, draft)
        assert "落户地址" in page.partition('id="inquiries"')[2].partition("</section>")[0]
        process("fetch")
        assert not Listed.asked
        assert "已为您填好" not in field_of(page)

    def test_what_is_found_stands_with_its_source_and_day(self, case: Case, draft: Draft) -> None:
        Listed.records = KNOWN
        field = field_of(agree_and_ask(case, draft))
        assert "西湖区登记路 1 号" in field
        assert "人口登记 · 2026-11-30" in field
        assert "已为您填好" in field
        fetch = Fetch.objects.get()
        assert fetch.found == ["element:address"]
        assert read_form(Draft.objects.get(pk=draft.pk)).known[ADDRESS]["fetch"] == str(fetch.pk)

    def test_by_law_it_is_filled_in_without_consent_and_gone_with_the_grant(self, case: Case, draft: Draft) -> None:
        Listed.records = KNOWN
        allow_by_law(DataSource.objects.get())
        words = form(case, draft).split('name="by_law" value="')[1].split('"')[0]
        post(case, draft, "save", by_law=words)
        process("fetch")
        assert "人口登记 · 2026-11-30" in field_of(form(case, draft))
        assert not SharingConsent.objects.exists()
        Grant.objects.update(legal_ground="", decided_at=timezone.now())
        assert "人口登记" not in field_of(form(case, draft))
        assert ADDRESS not in values(draft)

    def test_what_was_typed_meanwhile_stays_and_both_are_seen(self, case: Case, draft: Draft) -> None:
        Listed.records = KNOWN
        post(case, draft, "agree-all")
        assert not Listed.asked  # no page waits for a source, whatever it does
        draft.refresh_from_db()
        seen = draft.revision
        process("fetch")
        save_values(Draft.objects.get(pk=draft.pk), {ADDRESS: "东湖区手填路 2 号"}, seen=seen)
        assert values(draft)[ADDRESS] == "东湖区手填路 2 号"
        assert "人口登记 · 2026-11-30查到的是“西湖区登记路 1 号”" in field_of(form(case, draft))
        bundle = submit_bundle(draft=draft, by=case.li, consents=CONSENTS)
        part = SubItem.objects.get(bundle=bundle, key="register")
        row = next(row for section in read_case(part).sections for row in section.rows if row.key == ADDRESS)
        assert (row.text, row.told) == (
            "东湖区手填路 2 号",
            "人口登记 · 2026-11-30查到的是“西湖区登记路 1 号”，申请人改过",
        )
        SharingConsent.objects.update(withdrawn_at=timezone.now())
        row = next(row for section in read_case(part).sections for row in section.rows if row.key == ADDRESS)
        assert row.told == ""

    def test_the_reviewer_sees_the_source_and_no_other_department_does(self, case: Case, draft: Draft) -> None:
        Listed.records = KNOWN
        agree_and_ask(case, draft)
        bundle = submit_bundle(draft=draft, by=case.li, consents=CONSENTS)
        told = {
            part.key: [row.told for section in read_case(part).sections for row in section.rows if row.told]
            for part in bundle.sub_items.all()
        }
        assert told == {"register": ["人口登记 · 2026-11-30"], "insure": []}

    def test_the_reviewer_sees_a_mark_where_what_was_filled_in_is_disputed(self, case: Case, draft: Draft) -> None:
        Listed.records = KNOWN
        agree_and_ask(case, draft)
        bundle = submit_bundle(draft=draft, by=case.li, consents=CONSENTS)
        part = SubItem.objects.get(bundle=bundle, key="register")
        SubItem.objects.filter(pk=part.pk).update(state="accepted")
        client, address = logged_in(case.wang), f"/review/cases/{part.number}/"
        assert "有异议" not in page_of(client.get(address))
        fact = f"source:{DataSource.objects.get().code}:element:address"
        logged_in(case.li).post("/dossier/dispute/", {"fact": fact, "wanted": "门牌应为 2 号"})
        row = page_of(client.get(address)).partition("西湖区登记路 1 号")[2].partition("</dd>")[0]
        assert "有异议" in row
        other = SubItem.objects.get(bundle=bundle, key="insure")
        assert "有异议" not in page_of(logged_in(case.qian).get(f"/review/cases/{other.number}/"))

    def test_a_fact_whose_source_counts_is_not_changed_here(self, case: Case, draft: Draft) -> None:
        Listed.records = {LI.number: {"name": LI.name, "moved": "2026-05-06"}}
        supply(case.departments["police"], {"moved_on": "moved"}, ("register",), name="迁移登记")
        draft = draft_of(case, answers=UNMARRIED)
        agree_and_ask(case, draft)
        typed = {
            f"household:moved_on.{part}": value for part, value in (("year", "2025"), ("month", "1"), ("day", "1"))
        }
        post(case, draft, "save", **typed)
        assert values(draft)["household:moved_on"] == "2026-05-06"

    def test_whose_account_it_is_is_not_changed_here_once_somebody_has_checked_it(
        self, case: Case, draft: Draft
    ) -> None:
        own, child = "applicant:person.name", "child:person.name"
        post(case, draft, "save", **{own: "别人", child: "李小满"})
        assert values(draft)[own] == LI.name
        assert '<a href="/dossier/">这条不对？</a>' in field_of(form(case, draft), own)
        Person.objects.filter(pk=case.li_person.pk).update(level=Level.CLAIMED)
        post(case, draft, "save", **{own: "别人"})
        assert values(draft)[own] == "别人"


class TestSayingOtherwise:
    def test_an_invalid_value_is_not_filled_in_and_said_so(self, case: Case, draft: Draft) -> None:
        supply(case.departments["police"], {"moved_on": "moved"}, ("register",), name="迁移登记")
        Listed.records = {LI.number: {"name": LI.name, "moved": "去年"}}
        draft = draft_of(case, answers=UNMARRIED)
        field = field_of(agree_and_ask(case, draft), "household:moved_on")
        assert "迁移登记 · 2026-11-30查到的这一项不合填写要求" in field
        assert "household:moved_on" not in values(draft)

    def test_two_sources_that_differ_are_shown_and_one_is_chosen(self, case: Case, draft: Draft) -> None:
        supply(case.departments["insurance"], {"address": "other"}, ("register",), name="参保登记")
        Listed.records = {LI.number: {**KNOWN[LI.number], "other": "红谷滩区旧址路 9 号"}}
        field = field_of(agree_and_ask(case, draft))
        assert "几处查到的不一样" in field
        assert "西湖区登记路 1 号" in field
        assert "红谷滩区旧址路 9 号" in field
        assert ADDRESS not in values(draft)
        fetch = Fetch.objects.get(source__name="参保登记")
        page = post(case, draft, "", take=f"{ADDRESS}/{fetch.pk}")
        assert values(draft)[ADDRESS] == "红谷滩区旧址路 9 号"
        assert "参保登记 · 2026-11-30" in field_of(page)
        post(case, draft, "again:" + fetch.source.code)
        process("fetch")
        assert values(draft)[ADDRESS] == "红谷滩区旧址路 9 号"

    def test_whose_word_counts_is_named_first_and_still_not_filled_in(self, case: Case) -> None:
        elements = tuple(replace(each, authority="insurance") if each.code == "address" else each for each in ELEMENTS)
        definition = replace(DEFINITION, slug="prefilled", roles=ROLES)
        case.version = publish(definition, REGISTER, INSURE, elements=elements, materials=MATERIALS)
        supply(case.departments["insurance"], {"address": "other"}, ("register",), name="参保登记")
        Listed.records = {LI.number: {**KNOWN[LI.number], "other": "红谷滩区旧址路 9 号"}}
        draft = draft_of(case, answers=UNMARRIED, **TYPED)
        field = field_of(agree_and_ask(case, draft))
        assert "这一项以参保登记 · 2026-11-30为准" in field
        first = field.partition("told-line")[2]
        assert first.index("红谷滩区旧址路 9 号") < first.index("西湖区登记路 1 号")
        assert field.count("以它为准") == 1
        assert ADDRESS not in values(draft)

    def test_what_nobody_verified_is_confirmed_first(self, case: Case, draft: Draft) -> None:
        DataSource.objects.update(certainty=Certainty.DECLARED)
        Listed.records = KNOWN
        field = field_of(agree_and_ask(case, draft))
        assert "没有核实过" in field
        assert ADDRESS not in values(draft)
        post(case, draft, "", take=f"{ADDRESS}/{Fetch.objects.get().pk}")
        assert values(draft)[ADDRESS] == "西湖区登记路 1 号"


class TestBroadening:
    def test_what_became_known_since_does_not_stop_what_was_agreed_to(self, case: Case) -> None:
        """The father is known before the register is asked about the mother: of her it is asked, of him when that is agreed to."""
        supply(case.departments["insurance"], {"insurance.year": "year"}, ("insure",), name="参保登记")
        Listed.records = KNOWN
        draft = draft_of(case, answers=UNMARRIED)
        post(case, draft, "agree-all")
        draft.refresh_from_db()
        save_values(
            draft, {"child:person.name": "李小满", "child:person.id_number": "36010320260301001X"}, seen=draft.revision
        )
        process("fetch")
        assert values(draft)[ADDRESS] == KNOWN[LI.number]["address"]


class TestTakingBack:
    def test_withdrawn_it_stands_no_more(self, case: Case, draft: Draft) -> None:
        Listed.records = KNOWN
        agree_and_ask(case, draft)
        logged_in(case.li).post("/accounts/consents/", {"consent": str(SharingConsent.objects.get().pk)})
        with pytest.raises(DraftChanged):
            submit_bundle(draft=draft, by=case.li, consents=CONSENTS)
        field = field_of(form(case, draft))
        assert "西湖区登记路" not in field
        assert "人口登记" not in field
        assert ADDRESS not in values(draft)

    def test_on_the_form_itself_what_was_changed_stays(self, case: Case, draft: Draft) -> None:
        Listed.records = KNOWN
        agree_and_ask(case, draft)
        draft.refresh_from_db()
        save_values(draft, {ADDRESS: "东湖区手填路 2 号"}, seen=draft.revision)
        page = post(case, draft, "withdraw:" + DataSource.objects.get().code)
        assert "已撤回同意" in page
        assert values(draft)[ADDRESS] == "东湖区手填路 2 号"
        assert "西湖区登记路" not in page

    def test_from_blank_drops_what_was_filled_in_and_keeps_what_was_typed(self, case: Case, draft: Draft) -> None:
        Listed.records = KNOWN
        agree_and_ask(case, draft)
        page = post(case, draft, "blank")
        assert ADDRESS not in values(draft)
        assert values(draft)["child:person.name"] == TYPED["child:person.name"]
        assert "已为您填好" not in page.partition("<form")[2]
        post(case, draft, "fill")
        assert values(draft)[ADDRESS] == "西湖区登记路 1 号"


class TestThePage:
    @pytest.mark.parametrize(
        ("says", "why"),
        [
            ("away", "市公安局的系统没有回应，这一项请自己填。"),
            ("unreadable", "市公安局的答复读不懂，这一项请自己填。"),
            ("refused", "市公安局没有答复这项查询，这一项请自己填。"),
            ("not_found", "市公安局没有查到，这一项请自己填。"),
        ],
    )
    def test_whatever_the_source_does_everything_is_filled_in_by_hand(
        self, case: Case, draft: Draft, says: str, why: str
    ) -> None:
        Listed.says = says
        page = agree_and_ask(case, draft)
        assert why in field_of(page)
        assert ("这个部门没有答复，相应的内容请自己填写" in page) == (says != "not_found")
        assert why not in field_of(post(case, draft, "save", **{ADDRESS: "东湖区手填路 2 号"}))
        assert submit_bundle(draft=draft, by=case.li, consents=CONSENTS).number

    def test_what_was_typed_is_saved_with_each_button_of_the_sheet(self, case: Case, draft: Draft) -> None:
        post(case, draft, "agree-all", **{"child:person.name": "李新名"})
        assert values(draft)["child:person.name"] == "李新名"
        assert SharingConsent.objects.get().is_in_force

    def test_only_what_is_left(self, case: Case, draft: Draft) -> None:
        page = page_of(logged_in(case.li).get(url(draft, "form"), {"left": "1"}))
        assert 'class="only-left"' in page
        assert 'class="field done' in page
        assert "已为您填好 <b>4</b> 项" in page  # name, kind and number, telephone: of the account

    def test_statements(self, case: Case, draft: Draft) -> None:
        client = logged_in(case.li)
        client.get(url(draft, "form"))

        def statements(page: str) -> int:
            with CaptureQueriesContext(connection) as queries:
                client.get(url(draft, page))
            return len(queries)

        before = statements("form"), statements("materials")
        Listed.records = KNOWN
        agree_and_ask(case, draft)
        # The answers are read where there are any, once.
        assert statements("form") <= before[0] + 1
        assert statements("materials") <= before[1] + 1
        assert before[0] <= 6


def test_a_spouse_is_known_from_the_record_of_marriage(case: Case) -> None:
    roles = (*ROLES, RoleDefinition("partner", "配偶", kin="spouse", kin_of="applicant"))
    lines = tuple(
        replace(line, code=f"PO{line.code}", role="partner") for line in REGISTER.lines if line.role == "applicant"
    )
    version = publish(
        replace(DEFINITION, slug="partners", roles=roles),
        replace(REGISTER, lines=(*REGISTER.lines, *lines)),
        INSURE,
        elements=ELEMENTS,
        materials=MATERIALS,
    )
    civil, _new = Department.objects.get_or_create(code="civil", defaults={"name": "市民政局"})
    supply(civil, {"spouse.person.name": "spouse"}, ("register",), name="婚姻登记")
    Listed.records = {LI.number: {"name": LI.name, "spouse": "周远航"}}
    case.version = version
    draft = draft_of(case, answers=UNMARRIED)
    agree_and_ask(case, draft)
    assert values(draft)["partner:person.name"] == "周远航"
