"""The preview of a definition that nobody has published."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from catalog.definitions.hashing import content_hash
from catalog.models import GuideOption, Matter, MatterItem, MatterVersion, Proposal
from catalog.publishing.publishing import MatterDraft
from portal.accounts.models import User
from tests.pages import page_of


def see(desk: Client, matter: Matter, **given: Any) -> str:
    return page_of(desk.get(reverse("admin:catalog_preview", args=[matter.pk]), given))


def test_it_shows_the_draft_and_not_what_is_published(desk: Client, opening: Matter) -> None:
    versions = MatterVersion.objects.count()
    GuideOption.objects.filter(value="yes").update(label="要领用，马上就要")
    html = see(desk, opening)
    assert "要领用，马上就要" in html
    assert MatterVersion.objects.count() == versions


def test_each_situation_shows_its_own_items_papers_and_form(desk: Client, opening: Matter) -> None:
    without, with_invoices = see(desk, opening, invoices="no"), see(desk, opening, invoices="yes")
    assert "还可以一起办：发票领用" in re.sub(r"<[^>]+>", "", without)
    assert "企业设立登记办好后自动开始" in with_invoices
    assert "本次联办的结果，办结后自动送达 · 企业设立登记" in with_invoices
    assert "“企业设立登记”办结后自动填入" in with_invoices
    assert 'name="company:company.name"' in without
    assert '<fieldset class="preview-form" disabled>' in without
    assert "纳税人名称" in with_invoices
    assert "纳税人名称" not in without
    assert "企业设立登记准予后发给申请人" in without


@pytest.mark.parametrize("invoices", ["no", "yes"])
def test_it_is_the_guide_that_will_be_published(desk: Client, opening: Matter, invoices: str) -> None:
    preview = see(desk, opening, invoices=invoices)
    guide = page_of(desk.get(reverse("catalog:matter", args=["opening"]), {"invoices": invoices}))
    sections = ("items", "conditions", "materials", "flow", "limits", "fees", "figures", "matrix", "faqs")
    for section in sections:
        part = re.compile(rf'<section class="part[^"]*" id="{section}".*?</section>', re.DOTALL)
        assert part.findall(preview) == part.findall(guide) != [], section


def test_a_draft_that_contradicts_itself_shows_why(desk: Client, opening: Matter) -> None:
    first, second = MatterItem.objects.filter(matter=opening).order_by("position")
    first.after.create(prerequisite=second, kind="must_finish_first")
    html = see(desk, opening)
    assert "还不能预览" in html
    assert "几个事项互相等待，谁也办不了" in html


def test_nonsense_for_answers_is_no_crash(desk: Client, opening: Matter) -> None:
    assert "企业设立登记" in see(desk, opening, invoices="perhaps")
    assert desk.get(reverse("admin:catalog_preview", args=[opening.pk]), {"division": "999999"}).status_code == 404
    assert desk.get(reverse("admin:catalog_preview", args=[opening.pk]), {"proposal": "9" * 30}).status_code == 404
    assert desk.get(reverse("admin:catalog_preview", args=[0])).status_code == 404


def test_a_proposal_shows_what_it_froze(desk: Client, manager: User, opening: Matter) -> None:
    content = MatterDraft(opening).compile()
    proposal = Proposal.objects.create(
        matter=opening, content=content, content_hash=content_hash(content), note="第一次", proposed_by=manager
    )
    GuideOption.objects.filter(value="yes").update(label="后来改的")
    html = see(desk, opening, proposal=proposal.pk)
    assert "后来改的" not in html
    assert "发布申请“第一次”里冻结的内容" in html


def test_a_matter_without_items_can_be_looked_at(desk: Client, manager: User) -> None:
    matter = Matter.objects.create(slug="nothing", name="空的一件事", subject="person", stage="其他")
    assert "空的一件事" in see(desk, matter)
    page = desk.get(reverse("admin:catalog_matter_change", args=[matter.pk]))
    assert page.status_code == 200
