"""我的档案: every line has its source and its day, is the person's own, and the page asks a fixed number of questions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings as SettingsWrapper

from catalog.models import DataElement, Department, Material
from matters.models import Draft, SubItem
from matters.reviewing.review import accept, claim, decide
from matters.submitting.submission import submit_bundle
from portal.accounts.models import FileExport
from portal.accounts.own_file.exports import ask_for_export
from portal.accounts.own_file.parts import FileSubject, file_of
from portal.accounts.own_file.reading_groups import read_cases
from portal.identifiers.masking import mask_document
from portal.ledger.access import record_access
from portal.outbox.processing import process
from portal.sharing.consents import give_consent
from portal.sharing.core.inquiry import DataSubject
from portal.sharing.models import Fetch, SharingConsent
from tests.matters.apply.test_apply_materials import PHOTO, upload
from tests.pages import page_of
from tests.worlds.cast import LI, STRANGER, logged_in
from tests.worlds.settling import VALUES, Case, build_case, draft_of, url
from tests.worlds.sources import ADAPTERS, Listed, open_source
from tests.worlds.town import advance

PAGE = "/dossier/"


@pytest.fixture
def case(db: None, settings: SettingsWrapper) -> Iterator[Case]:
    settings.YIJIAN_SHARING_ADAPTERS = ADAPTERS
    Listed.forget()
    Listed.records = {LI.number: {"name": LI.name, "marriage": "J360103-2020-000123"}}
    case = build_case()
    civil, _new = Department.objects.get_or_create(code="civil", defaults={"name": "市民政局"})
    Material.objects.get_or_create(code="marriage", defaults={"name": "结婚证"})
    open_source(civil, "marriage", items=("register",))
    yield case
    Listed.forget()


@pytest.fixture
def draft(case: Case) -> Draft:
    """A draft with one paper, and a certificate that a source has found."""
    draft = draft_of(case, **VALUES)
    client = logged_in(case.li)
    upload(client, draft, ("a.jpg", PHOTO))
    client.post(url(draft, "materials"), {"action": "agree-all"})
    process("fetch")
    return draft


def lines_of(case: Case) -> dict[str, list[Any]]:
    return {part.key: part.lines for part in file_of(FileSubject(case.li_person))}


def test_what_was_found_stands_with_its_source_and_day(case: Case, draft: Draft) -> None:
    (line,) = lines_of(case)["facts"]
    assert (line.label, line.value) == ("结婚证", "编号：J360103-2020-000123")
    assert line.source == "市民政局 · 市民政局登记库"
    assert str(line.at) == "2026-11-30"
    assert "J360103-2020-000123" in page_of(logged_in(case.li).get(PAGE))


def answered(case: Case, elements: dict[str, str], documents: dict[str, dict[str, str]]) -> None:
    """Let the source that was asked about Li have told this of her too."""
    asked = Fetch.objects.get()
    found = [*(f"element:{code}" for code in elements), *(f"material:{code}" for code in documents)]
    consent = give_consent(
        person=case.li_person,
        case=asked.case,
        source=asked.source,
        asked=found,
        subjects=[DataSubject("111", LI.number, LI.name)],
        items=["register"],
        text="我同意",
        by=case.li,
    )
    kept = {name: getattr(asked, name) for name in ("source", "case", "subject_index", "milliseconds", "as_of")}
    told = Fetch(**kept, consent=consent, asked=found, found=found, asked_at=timezone.now(), outcome="found")
    told.seal_answer({"elements": elements, "documents": documents})
    told.save()


def test_codes_are_said_in_words_and_nobodys_number_stands_in_clear(case: Case, draft: Draft) -> None:
    sexes = [{"value": "1", "label": "男"}, {"value": "2", "label": "女"}]
    for code, name, kind, options in (
        ("person.sex", "性别", "select", sexes),
        ("person.district", "户籍所在区县", "division", []),
        ("person.id_number", "证件号码", "id_number", []),
        ("birth.time", "出生时间", "datetime", []),
    ):
        DataElement.objects.update_or_create(code=code, defaults={"name": name, "type": kind, "options": options})
    answered(
        case,
        {
            "person.sex": "2",
            "person.district": "360104",
            "birth.time": "2026-03-01T08:30",
            "person.id_number": LI.number,
            "spouse.person.id_number": STRANGER.number,
        },
        {"id_card": {"number": LI.number}, "marriage": {"spouse": f"某人（{STRANGER.number}）"}},
    )
    export = ask_for_export(case.li_person, case.li)
    process("export_file")
    page, copy = page_of(logged_in(case.li).get(PAGE)), FileExport.objects.get(pk=export.pk).content("json").decode()
    for shown in (page, copy):
        assert LI.number not in shown
        assert STRANGER.number not in shown
        assert mask_document(STRANGER.number) in shown
        for said in ("女", "江西省南昌市青云谱区", "08:30", f"编号：{mask_document(LI.number)}", "某人"):
            assert said in shown
        assert "360104<" not in shown


def test_withdrawn_it_stands_there_no_more(case: Case, draft: Draft) -> None:
    client = logged_in(case.li)
    consent = SharingConsent.objects.get()
    page = page_of(client.get(PAGE))
    assert f'value="{consent.pk}"' in page
    client.post(reverse("sharing:consents"), {"consent": str(consent.pk)})
    assert lines_of(case)["facts"] == []
    assert lines_of(case)["consents"][0].state == "已撤回"


def test_papers_and_cases_are_listed_before_and_after_submission(case: Case, draft: Draft) -> None:
    found = lines_of(case)
    assert [(line.label, line.value, line.source) for line in found["papers"]] == [
        ("出生医学记录", "a.jpg", "草稿，没有提交")
    ]
    bundle = submit_bundle(draft=draft, by=case.li, consents=["register.check", "insure.share"])
    found = lines_of(case)
    assert [line.source for line in found["papers"]] == [bundle.number]
    assert [line.value for line in found["cases"]] == [bundle.number]
    assert logged_in(case.li).get(found["papers"][0].link).status_code == 200


def test_what_a_department_decided_names_the_decision(case: Case, draft: Draft) -> None:
    bundle = submit_bundle(draft=draft, by=case.li, consents=["register.check", "insure.share"])
    advance([bundle.pk])
    part = SubItem.objects.for_case().get(bundle=bundle, key="register")
    claim(case.wang, part)
    decide(case.wang, accept(case.wang, part), "approved", outputs={"number": "360103202603010024"})
    line = next(line for line in lines_of(case)["facts"] if line.reference.startswith("decision:"))
    assert (line.label, line.value) == ("公民身份号码", "360103********0024")
    assert line.source.startswith("市公安局")
    assert part.number in line.note


def test_nobody_else_sees_any_of_it(case: Case, draft: Draft) -> None:
    page = page_of(logged_in(case.stranger).get(PAGE))
    for told in ("J360103", "a.jpg", "市民政局"):
        assert told not in page


def test_it_asks_a_fixed_number_of_questions(
    case: Case, draft: Draft, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    client = logged_in(case.li)
    bundle = submit_bundle(draft=draft, by=case.li, consents=["register.check", "insure.share"])
    for day in range(5):
        record_access(case.wang, bundle.pk, "review", [f"field{day}"], department="police")
    record_access(case.zhao, bundle.pk, "review", ["x"], department="insurance")
    for page, limit in ((PAGE, 14), ("/accounts/readings/", 8)):
        client.get(page)
        with django_assert_max_num_queries(limit):
            client.get(page)


class TestReadings:
    def test_one_case_is_one_line_that_opens(self, case: Case, draft: Draft) -> None:
        bundle = submit_bundle(draft=draft, by=case.li, consents=["register.check", "insure.share"])
        for _time in range(3):
            record_access(case.wang, bundle.pk, "review", ["child:person.name"], department="police")
        record_access(case.zhao, bundle.pk, "material", ["child:person.name"], department="insurance")
        record_access(case.li, bundle.pk, "review", ["child:person.name"])  # her own
        page = page_of(logged_in(case.li).get("/accounts/readings/"))
        assert page.count('<details class="read-case">') == 1
        assert "看过 4 次" in page
        for said in ("市公安局", "市医疗保障局", "审查办理", "3 次", "1 次"):
            assert said in page

    def test_what_an_officer_had_to_write_is_told(self, case: Case) -> None:
        record_access(case.wang, case.li_person.pk, "console", ["name"], note="群众来电核实")
        assert "群众来电核实" in page_of(logged_in(case.li).get("/accounts/readings/"))

    def test_pages_go_on_by_key(self, case: Case) -> None:
        for _case in range(2):
            draft = draft_of(case, **VALUES)
            upload(logged_in(case.li), draft, ("a.jpg", PHOTO))
            upload(logged_in(case.li), draft, ("b.jpg", PHOTO), material="marriage")
            bundle = submit_bundle(draft=draft, by=case.li, consents=["register.check", "insure.share"])
            record_access(case.wang, bundle.pk, "review", ["x"], department="police")
        first, older = read_cases(FileSubject(case.li_person), limit=1)
        second, end = read_cases(FileSubject(case.li_person), before=older, limit=1)
        assert [each.times for each in (*first, *second)] == [1, 1]
        assert first[0].about != second[0].about
        assert end is None
