"""一企一档: of an organisation's file its legal representative and administrators read all, a handler what is theirs, nobody else anything."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from catalog.models import Department, Material
from catalog.staff.memberships import enroll
from matters.models import Bundle, FactDispute, SubmittedMaterial
from portal.accounts.models import FileExport
from portal.ledger.access import record_access
from portal.notices.models import Message
from portal.outbox.processing import process
from portal.sharing.consents import give_consent
from portal.sharing.core.inquiry import DataSubject
from portal.sharing.fetching import subject_index
from portal.sharing.models import DataSource, Fetch
from tests.pages import page_of
from tests.worlds.companies import NOODLES, Companies, build_companies

PAGE, EXPORTS, READINGS = "/dossier/", "/dossier/exports/", "/accounts/readings/"


@pytest.fixture
def companies(db: None) -> Companies:
    return build_companies()


@pytest.fixture
def bundle(companies: Companies) -> Bundle:
    """What Zhang filed for the noodles with a paper, what a register answered of them, and that an officer read it."""
    bundle = companies.submit(companies.zhang_person, companies.noodles, "金丝雀面馆")
    paper = SubmittedMaterial(
        owner=companies.zhang_person, bundle=bundle, material="photo", file="materials/x.jpg", size=1
    )
    paper.original_name, paper.content_type, paper.sha256 = "门头.jpg", "image/jpeg", "0" * 64
    paper.save()
    told(companies, bundle)
    record_access(companies.wang, bundle.pk, "review", ["company:sign.text"], department="police")
    return bundle


def told(companies: Companies, bundle: Bundle) -> None:
    Material.objects.get_or_create(code="licence", defaults={"name": "营业执照"})
    source = DataSource.objects.create(
        code="market", name="企业登记库", department=Department.objects.get(code="police"), adapter="http_json"
    )
    about = DataSubject("credit_code", NOODLES[1], NOODLES[0])
    assert companies.zhang_person.user is not None
    consent = give_consent(
        person=companies.zhang_person,
        organisation=companies.noodles,
        case=bundle.idempotency_key,
        source=source,
        asked=["material:licence"],
        subjects=[about],
        items=["permit"],
        text="同意",
        by=companies.zhang_person.user,
    )
    fetch = Fetch(
        source=source,
        consent=consent,
        case=bundle.idempotency_key,
        subject_index=subject_index(about),
        asked=["material:licence"],
        asked_at=timezone.now(),
        milliseconds=1,
        outcome="found",
        found=["material:licence"],
    )
    fetch.seal_answer({"elements": {}, "documents": {"licence": {"number": "LIC-77"}}})
    fetch.save()


def test_who_manages_it_reads_all_of_it(companies: Companies, bundle: Bundle) -> None:
    boss = companies.client(companies.li, companies.noodles)
    page = page_of(boss.get(PAGE))
    for said in ("部门掌握的信息", "LIC-77", "企业登记库", "门头.jpg", bundle.number, "导出单位的档案"):
        assert said in page
    page = page_of(boss.get(READINGS))
    assert "看过 1 次" in page
    assert bundle.number in page


@pytest.mark.parametrize("who", ["handler", "themselves", "other company"])
def test_nobody_else_does(companies: Companies, bundle: Bundle, who: str) -> None:
    client: Client = {
        "handler": lambda: companies.client(companies.zhang, companies.noodles),
        "themselves": lambda: companies.client(companies.li),
        "other company": lambda: companies.client(companies.li, companies.trucks),
    }[who]()
    for address in (PAGE, READINGS):
        page = client.get(address).content.decode()
        for kept in ("LIC-77", "门头.jpg", *(() if who == "handler" else (bundle.number,))):
            assert kept not in page
    if who != "themselves":
        client.post(EXPORTS)
        assert not FileExport.objects.filter(organisation=companies.noodles).exists()


def test_a_copy_is_the_organisations(companies: Companies, bundle: Bundle) -> None:
    boss = companies.client(companies.li, companies.noodles)
    boss.post(EXPORTS)
    process("export_file")
    export = FileExport.objects.get()
    address = f"{EXPORTS}{export.pk}/json/"
    made: Any = json.loads(boss.get(address).content)
    assert made["organisation"] == NOODLES[1]
    text = json.dumps(made, ensure_ascii=False)
    for said in ("LIC-77", "门头.jpg", bundle.number, "审查办理"):
        assert said in text
    assert Message.objects.get(kind="export_made").principal == companies.noodles.pk
    for other in (companies.client(companies.li), companies.client(companies.zhang, companies.noodles)):
        assert other.get(address).status_code == 409  # offered to act for whom it is
    assert companies.client(companies.wang).get(address).status_code == 404
    assert bundle.number not in page_of(companies.client(companies.li).get(EXPORTS))


def test_who_was_removed_meanwhile_gets_none(companies: Companies, bundle: Bundle) -> None:
    companies.client(companies.stranger, companies.trucks).post(EXPORTS)
    own = companies.handler(companies.stranger.person, companies.trucks)
    type(own).objects.filter(pk=own.pk).update(ended_at=timezone.now(), ended_by=companies.li)
    process("export_file")
    export = FileExport.objects.get()
    assert (export.content_sealed, export.is_there) == (None, False)
    assert not Message.objects.filter(kind="export_made").exists()


class TestDisputing:
    """Those who manage an organisation dispute its facts, in its name; its file, the reviewer and the answer know whose it is."""

    FACT = "source:market:material:licence"

    def ask(self, client: Client) -> Any:
        return client.post("/dossier/dispute/", {"fact": self.FACT, "wanted": "证号应为 LIC-78"}, follow=True)

    def test_it_is_asked_once_in_the_organisations_name_and_answered_by_nobody_of_its_own(
        self, companies: Companies, bundle: Bundle
    ) -> None:
        page = page_of(self.ask(companies.client(companies.li, companies.noodles)))
        assert "市公安局应在" in page
        dispute = FactDispute.objects.get()
        assert (dispute.organisation, dispute.person) == (companies.noodles, companies.li_person)
        assert self.ask(companies.client(companies.li, companies.noodles)).status_code == 422
        assert FactDispute.objects.count() == 1
        assert "有异议" in page_of(companies.client(companies.li, companies.noodles).get(PAGE))
        assert "有异议" not in page_of(companies.client(companies.li).get(PAGE))
        desk = companies.client(companies.wang)
        assert NOODLES[1] in page_of(desk.get(f"/review/disputes/{dispute.pk}/"))
        enroll(companies.zhang, dispute.department, "reviewer")
        sent = {"outcome": "kept", "answer": "一致"}
        assert companies.client(companies.zhang).post(f"/review/disputes/{dispute.pk}/", sent).status_code == 404
        desk.post(f"/review/disputes/{dispute.pk}/", sent)
        told = Message.objects.filter(key=f"dispute:{dispute.pk}")
        assert set(told.values_list("recipient", "principal")) == {(companies.li.pk, companies.noodles.pk)}
        assert "单位的登记信息和更正请求" in page_of(companies.client(companies.li, companies.noodles).get(READINGS))

    def test_who_only_handles_matters_and_other_organisations_do_not_ask(
        self, companies: Companies, bundle: Bundle
    ) -> None:
        assert self.ask(companies.client(companies.zhang, companies.noodles)).status_code == 409
        self.ask(companies.client(companies.stranger, companies.trucks))
        self.ask(companies.client(companies.li))
        assert not FactDispute.objects.exists()
