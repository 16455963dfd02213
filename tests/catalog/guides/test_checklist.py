"""The personal checklist and its document: what one situation needs, in numbers that can be checked, and why."""

from __future__ import annotations

import io
import shutil
import subprocess
from datetime import date
from typing import Any

import pikepdf
import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from catalog.guides import notice as one_time_notice
from catalog.guides.checklist import Checklist
from catalog.guides.matter import Guide
from catalog.guides.notice import notice_html, notice_number, printed_notice
from catalog.merging.compiled import CompiledMatter
from catalog.merging.estimating import SECONDS, estimate
from catalog.merging.typical import typical_answers
from catalog.models import Matter
from catalog.versions.matters import compiled
from tests.pages import page_of

pytestmark = pytest.mark.django_db

YES = {"invoices": "yes", "place": "here"}


def address(name: str = "checklist") -> str:
    return reverse(f"catalog:{name}", args=["opening"])


def shown(matter: Matter, answers: dict[str, Any]) -> Checklist:
    assert matter.current_version_id is not None
    return Checklist(Guide(compiled(matter.current_version_id), answers))


def test_it_says_in_one_sentence_what_is_needed(opening: Matter, client: Client) -> None:
    text = page_of(client.get(address(), YES))
    sentence = text.split('class="sum">')[1].split("</p>")[0].replace("<b>", "").replace("</b>", "")
    assert sentence.strip() == "您需要办理 2 个事项，提交 2 份材料，约 3 分钟，2 个工作日。"


def test_each_paper_says_who_asks_and_which_answer_led_to_it(opening: Matter, client: Client) -> None:
    text = page_of(client.get(address(), YES))
    assert "用于企业设立登记（核对）、发票领用；因为您选择了“本市”（企业开在哪里）、“要”（要领用发票吗）" in text
    assert "用于企业设立登记（登记）</p>" in text


def test_what_need_not_be_handed_in_says_how_it_is_met(opening: Matter) -> None:
    exempt = shown(opening, {"invoices": "yes", "place": "there"}).exempt
    assert [(paper.name, paper.how) for paper in exempt] == [
        ("营业执照", "本次联办的结果，办结后自动送达 · 企业设立登记")
    ]


def test_the_minutes_follow_the_stated_rule(opening: Matter) -> None:
    checklist = shown(opening, YES)
    estimate = checklist.estimate
    seconds = (
        estimate.fields * SECONDS["field"]
        + estimate.known * SECONDS["known"]
        + estimate.papers * SECONDS["paper"]
        + estimate.consents * SECONDS["consent"]
    )
    assert estimate.minutes == -(-seconds // 60)
    assert estimate.papers == len(checklist.must)


def test_days_are_the_longest_path(newborn_plan: dict[str, Any]) -> None:
    matter = CompiledMatter(newborn_plan)
    plan = matter.plan_for(typical_answers(matter))
    checklist = Checklist(Guide(matter, typical_answers(matter)))
    assert checklist.days == f"{plan.working_days} 个工作日"
    assert len(checklist.path) == len(plan.critical_path)
    assert estimate(plan).minutes > 1


def test_missing_answers_are_asked_before_there_is_a_list(opening: Matter, client: Client) -> None:
    text = page_of(client.get(address(), {"invoices": "yes"}))
    assert "企业开在哪里" in text
    assert 'class="sum"' not in text


def test_wrong_answers_are_refused_before_there_is_a_list(opening: Matter, client: Client) -> None:
    response = client.get(address(), {"invoices": "x" * 5000})
    assert response.status_code == 422
    assert "没有这个选项" in page_of(response)


def test_it_asks_the_database_once(opening: Matter, client: Client) -> None:
    client.get(address(), YES)
    for name in ("checklist", "situation"):
        with CaptureQueriesContext(connection) as queries:
            client.get(address(name), YES)
        assert len(queries) == 1, [query["sql"] for query in queries]


def test_the_button_and_the_code_carry_the_answers(opening: Matter, client: Client) -> None:
    text = page_of(client.get(address(), YES))
    assert f"{reverse('matters:start', args=['opening'])}?invoices=yes&amp;place=here" in text
    assert "在手机上继续" in text
    assert "/checklist/?invoices=yes&amp;place=here" in text.split('id="share"')[1]


def test_a_matter_that_is_not_open_has_a_list_but_no_button(unpublished_limit: Matter, client: Client) -> None:
    text = page_of(client.get(address(), {"invoices": "no"}))
    assert reverse("matters:start", args=["opening"]) not in text
    assert "综合窗口" in text
    assert "办理时限未公布" in text
    assert "0 个工作日" not in text


class TestNotice:
    def test_it_is_a_tagged_document_with_title_and_language(self, opening: Matter, client: Client) -> None:
        response = client.get(address("checklist_pdf"), YES)
        assert response.headers["Content-Type"] == "application/pdf"
        with pikepdf.open(io.BytesIO(response.content)) as document:
            root = document.Root
            assert str(root.Lang) == "zh-hans"
            assert root.MarkInfo.Marked
            assert "/StructTreeRoot" in root
            assert str(document.docinfo["/Title"]) == "一次性告知书 · 开办企业"
            assert [round(float(side)) for side in document.pages[0].mediabox[2:]] == [595, 842]

    def test_it_tells_everything_at_once(self, opening: Matter, client: Client) -> None:
        if shutil.which("pdftotext") is None:
            pytest.skip("pdftotext is not installed: apt-get install poppler-utils")
        content = client.get(address("checklist_pdf"), YES).content
        done = subprocess.run(["pdftotext", "-raw", "-", "-"], input=content, capture_output=True, check=True)
        text = "".join(done.stdout.decode().split())
        for part in ("一次性告知书", "企业设立登记", "发票领用", "公司章程", "本市", "公司法", "12345", "编号"):
            assert part in text, part

    def test_nobodys_typing_gets_into_it(self, opening: Matter, client: Client) -> None:
        response = client.get(address("checklist_pdf"), {**YES, "stranger": "<script>x</script>"})
        assert response.status_code == 200
        version = opening.current_version
        assert version is not None
        html = notice_html(shown(opening, YES), version, address="http://x", today=date(2026, 3, 2))
        assert "<script" not in html

    def test_the_same_content_is_drawn_once(self, opening: Matter, monkeypatch: pytest.MonkeyPatch) -> None:
        version = opening.current_version
        assert version is not None
        drawn: list[str] = []
        real = one_time_notice.print_page

        def draw(html: str, **options: Any) -> bytes:
            drawn.append(html)
            return real(html, **options)

        monkeypatch.setattr(one_time_notice, "print_page", draw)
        day = date(2026, 3, 2)
        checklist = shown(opening, {"invoices": "no"})
        first = printed_notice(checklist, version, address="http://x/1", today=day)
        assert printed_notice(checklist, version, address="http://x/1", today=day) == first
        assert len(drawn) == 1

    def test_another_situation_has_another_number(self, opening: Matter) -> None:
        version = opening.current_version
        assert version is not None
        day = date(2026, 3, 2)
        assert notice_number(version, YES, day) != notice_number(version, {"invoices": "no"}, day)
        assert notice_number(version, YES, day).startswith("GZ20260302-")

    def test_a_query_that_is_too_long_is_refused_in_words(self, opening: Matter, client: Client) -> None:
        response = client.get(address("checklist_pdf"), {**YES, "x": "y" * 5000})
        assert response.status_code == 414
        assert "太长" in page_of(response)

    def test_incomplete_answers_lead_back_to_the_questions(self, opening: Matter, client: Client) -> None:
        response = client.get(address("checklist_pdf"), {"invoices": "yes"})
        assert response.status_code == 302
        assert "/situation/?invoices=yes" in response.headers["Location"]

    def test_a_wrong_answer_is_refused_in_words(self, opening: Matter, client: Client) -> None:
        response = client.get(address("checklist_pdf"), {**YES, "invoices": "' OR 1=1"})
        assert response.status_code == 422
        assert "没有这个选项" in page_of(response)

    def test_whoever_asks_too_often_is_asked_to_wait(
        self, opening: Matter, client: Client, limits_of_one_minute: None
    ) -> None:
        cache.clear()
        statuses = [client.get(address("checklist_pdf"), YES).status_code for _ in range(22)]
        assert statuses[:20] == [200] * 20
        assert statuses[-1] == 429
        cache.clear()
