"""一企一码: an organisation's public page has its registered data and licences; a department's reviewers see their own cases, and that is read."""

from __future__ import annotations

import pytest
from django.test import Client

from matters.models import SubItem
from matters.reviewing.review import accept, claim, decide
from portal.ledger.models import AccessRecord
from tests.pages import page_of
from tests.worlds.companies import NOODLES, Companies, build_companies

PAGE = f"/organisations/{NOODLES[1]}/"


@pytest.fixture
def companies(db: None) -> Companies:
    return build_companies()


def test_everybody_sees_what_it_is_and_which_licences_it_holds(companies: Companies) -> None:
    bundle = companies.submit(companies.zhang_person, companies.noodles, "金丝雀面馆")
    part = SubItem.objects.for_case().get(bundle=bundle)
    claim(companies.wang, part)
    decide(companies.wang, accept(companies.wang, part), "approved", outputs={})
    companies.submit(companies.zhang_person, companies.noodles, "金丝雀二号")
    page = page_of(Client().get(PAGE))
    assert NOODLES[0] in page
    assert "招牌许可证" in page
    assert "有效" in page
    for hidden in ("金丝雀", companies.li_person.name, "张经办", bundle.number, "本部门的办件"):
        assert hidden not in page
    assert Client().get("/organisations/91360981MA990001X6/").status_code == 200
    assert Client().get("/organisations/91360981MA99000000/").status_code == 404


def test_a_departments_reviewers_see_its_cases_and_leave_a_line(companies: Companies) -> None:
    bundle = companies.submit(companies.zhang_person, companies.noodles, "金丝雀面馆")
    page = page_of(companies.client(companies.wang).get(PAGE))
    assert SubItem.objects.get(bundle=bundle).number in page
    assert "金丝雀" not in page
    read = AccessRecord.objects.get(subject=companies.noodles.pk)
    assert (read.reader, read.purpose, read.department) == (companies.wang, "organisation_dossier", "police")
    own = companies.client(companies.li, companies.noodles)
    assert "部门查看本部门为单位办的件" in page_of(own.get("/accounts/readings/"))
    assert "本部门的办件" not in page_of(own.get(PAGE))
    assert "单位的公开页和二维码" in page_of(own.get("/accounts/organisation/"))


def test_no_line_is_promised_where_none_is_written(companies: Companies) -> None:
    page = page_of(companies.client(companies.wang).get(PAGE))
    assert "本部门没有它的办件" in page
    assert "已留下记录" not in page
    assert not AccessRecord.objects.filter(subject=companies.noodles.pk).exists()
