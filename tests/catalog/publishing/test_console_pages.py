"""The console's pages: propose, review, history, comparison."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from catalog.models import FormLine, Matter, Proposal, ServiceItem
from catalog.publishing.proposing import propose
from catalog.publishing.publishing import publish
from catalog.publishing.recording import recording
from catalog.versions.matters import current_version
from portal.accounts.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_tang(client: Client, opening: Matter, tang: User) -> Client:
    client.force_login(tang)
    return client


@pytest.fixture
def as_deng(opening: Matter, deng: User) -> Client:
    client = Client()
    client.force_login(deng)
    return client


@pytest.fixture
def edited(opening: Matter, tang: User) -> Matter:
    with recording("/admin/", user_id=tang.pk):
        FormLine.objects.filter(item__slug="registration", code="MC").update(help="照营业执照填写")
        Matter.objects.filter(pk=opening.pk).update(summary="一次办好")
    return Matter.objects.get(pk=opening.pk)


def page(client: Client, name: str, *args: object) -> str:
    response = client.get(reverse(f"admin:{name}", args=args))
    assert response.status_code == 200
    return response.content.decode()


def propose_page(matter: Matter) -> str:
    return reverse("admin:catalog_propose", args=["matter", matter.pk])


def test_a_manager_proposes_with_a_note(as_tang: Client, edited: Matter, tang: User) -> None:
    text = page(as_tang, "catalog_propose", "matter", edited.pk)
    assert "字段“名称”的填写说明由空改为“照营业执照填写”。" in text
    response = as_tang.post(propose_page(edited), {"note": "说明更清楚"})
    proposal = Proposal.objects.get()
    assert response["Location"] == reverse("admin:catalog_proposal_change", args=[proposal.pk])
    assert (proposal.note, proposal.proposed_by) == ("说明更清楚", tang)


def test_a_proposal_needs_a_note_and_keeps_what_was_typed(as_tang: Client, edited: Matter) -> None:
    text = as_tang.post(propose_page(edited), {"note": "  "}).content.decode()
    assert "请写明改了什么、为什么改。" in text
    text = as_tang.post(propose_page(edited), {"note": "长" * 301}).content.decode()
    assert "长" * 301 in text
    assert not Proposal.objects.exists()


def test_nothing_to_propose_is_said_on_the_page(as_tang: Client, opening: Matter) -> None:
    assert "没有要发布的改动" in as_tang.post(propose_page(opening), {"note": "x"}).content.decode()


def test_errors_are_listed_with_the_way_to_their_cause(as_tang: Client, edited: Matter) -> None:
    item = ServiceItem.objects.get(slug="registration")
    ServiceItem.objects.filter(pk=item.pk).update(statutory_limit_days=1, promised_limit_days=9)
    text = page(as_tang, "catalog_propose", "matter", edited.pk)
    assert "还不能发布" in text
    assert reverse("admin:catalog_serviceitem_change", args=[item.pk]) in text
    assert "还不能发布" in as_tang.post(propose_page(edited), {"note": "x"}).content.decode()
    assert not Proposal.objects.exists()


def test_a_draft_that_does_not_compile_is_shown_with_what_is_wrong(as_tang: Client, edited: Matter) -> None:
    FormLine.objects.filter(item__slug="registration", code="MC").update(condition={"nonsense": 1})
    assert "条件写得不对" in page(as_tang, "catalog_propose", "matter", edited.pk)
    compare = reverse("admin:catalog_matter_compare", args=[edited.pk])
    assert "条件写得不对" in as_tang.get(compare).content.decode()


def test_the_reviewer_sees_the_difference_and_the_effect_and_approves(
    edited: Matter, tang: User, as_deng: Client
) -> None:
    proposal = propose(edited, by=tang, note="说明更清楚")
    text = page(as_deng, "catalog_proposal_change", proposal.pk)
    for part in ("共 2 处改动", "一次办好", "没有正在办理的申请", "检查结果", "通过并发布"):
        assert part in text
    assert f"{reverse('admin:catalog_preview', args=[edited.pk])}?proposal={proposal.pk}" in text
    assert "随这件事一起发布的事项" in text
    response = as_deng.post(reverse("admin:catalog_approve", args=[proposal.pk]), {"note": ""}, follow=True)
    assert "已发布：开办企业 v2" in response.content.decode()
    assert current_version("opening").number == 2


def test_a_new_matter_shows_everything_it_consists_of_and_the_page_as_it_will_be(
    opening: Matter, tang: User, as_deng: Client
) -> None:
    fresh = Matter.objects.create(
        slug="fresh",
        name="开店",
        subject="organisation",
        stage="准入准营",
        lead_department=opening.lead_department,
        status=Matter.Status.GUIDE,
    )
    fresh.roles.create(key="company", label="企业", is_applicant=True)
    fresh.sections.create(key="basic", label="基本信息")
    fresh.items.create(item=ServiceItem.objects.get(slug="registration"))
    proposal = propose(fresh, by=tang, note="新的一件事")
    text = page(as_deng, "catalog_proposal_change", proposal.pk)
    for part in ("新增事项“企业设立登记”", "新增字段“名称”", "新增材料“公司章程”", "也用在开办企业"):
        assert part in text, part
    fresh.name = "后来改的名字"
    fresh.save()
    preview = as_deng.get(
        f"{reverse('admin:catalog_preview', args=[fresh.pk])}?proposal={proposal.pk}"
    ).content.decode()
    assert "开店" in preview
    assert "后来改的名字" not in preview


def test_sending_back_needs_a_reason(edited: Matter, tang: User, as_deng: Client) -> None:
    proposal = propose(edited, by=tang, note="x")
    address = reverse("admin:catalog_send_back", args=[proposal.pk])
    assert "请写明哪里要改" in as_deng.post(address, {"note": ""}).content.decode()
    proposal.refresh_from_db()
    assert proposal.state == Proposal.State.OPEN
    assert "已退回" in as_deng.post(address, {"note": "请写全称"}, follow=True).content.decode()


def test_who_proposed_it_cannot_approve_but_withdraw(as_tang: Client, edited: Matter, tang: User) -> None:
    proposal = propose(edited, by=tang, note="x")
    text = page(as_tang, "catalog_proposal_change", proposal.pk)
    assert "通过并发布" not in text
    approve = reverse("admin:catalog_approve", args=[proposal.pk])
    assert "要由另一个人审核" in as_tang.post(approve, {"note": ""}, follow=True).content.decode()
    withdraw = reverse("admin:catalog_withdraw", args=[proposal.pk])
    assert "已撤回" in as_tang.post(withdraw, {}, follow=True).content.decode()


def test_an_outdated_proposal_says_so_and_offers_no_approval(edited: Matter, tang: User, as_deng: Client) -> None:
    proposal = propose(edited, by=tang, note="x")
    Matter.objects.filter(pk=edited.pk).update(summary="又改了")
    text = page(as_deng, "catalog_proposal_change", proposal.pk)
    assert "提出以后草稿又改过" in text
    assert "通过并发布" not in text
    publish(edited)
    assert "提出以后另有版本发布" in page(as_deng, "catalog_proposal_change", proposal.pk)


def test_an_item_is_proposed_and_its_matters_named(as_tang: Client, as_deng: Client, registration: ServiceItem) -> None:
    ServiceItem.objects.filter(pk=registration.pk).update(promised_limit_days=2)
    as_tang.post(reverse("admin:catalog_propose", args=["item", registration.pk]), {"note": "放宽"})
    proposal = Proposal.objects.get()
    text = page(as_deng, "catalog_proposal_change", proposal.pk)
    assert "承诺时限由 1 天改为 2 天。" in text
    assert "申请人要多做" in text
    assert "要另外提出发布才会跟着改" in text
    response = as_deng.post(reverse("admin:catalog_approve", args=[proposal.pk]), {"note": ""}, follow=True)
    assert "v2" in response.content.decode()


@pytest.mark.parametrize("name", ["catalog_approve", "catalog_send_back", "catalog_withdraw"])
def test_looking_at_an_action_does_nothing(name: str, edited: Matter, tang: User, as_deng: Client) -> None:
    proposal = propose(edited, by=tang, note="x")
    assert as_deng.get(reverse(f"admin:{name}", args=[proposal.pk])).status_code == 302
    proposal.refresh_from_db()
    assert proposal.state == Proposal.State.OPEN


def test_strangers_see_none_of_it(edited: Matter, tang: User, sun: User, client: Client) -> None:
    proposal = propose(edited, by=tang, note="x")
    client.force_login(sun)
    for name, args in (
        ("catalog_proposal_change", (proposal.pk,)),
        ("catalog_propose", ("matter", edited.pk)),
        ("catalog_matter_history", (edited.pk,)),
        ("catalog_matter_compare", (edited.pk,)),
        ("catalog_proposal_changelist", ()),
    ):
        assert client.get(reverse(f"admin:{name}", args=args)).status_code == 403, name
    assert client.post(reverse("admin:catalog_approve", args=[proposal.pk]), {"note": ""}).status_code == 403


def test_what_is_not_there_is_not_found(as_tang: Client, opening: Matter) -> None:
    for address in (
        "/admin/catalog/proposal/999/change/",
        "/admin/catalog/proposal/x/change/",
        "/admin/catalog/proposal/new/matter/999/",
        "/admin/catalog/proposal/new/department/1/",
        f"/admin/catalog/proposal/new/matter/{opening.pk}/?division=999999",
        "/admin/catalog/matter/999/history/",
        "/admin/catalog/matter/x/history/",
        f"/admin/catalog/matter/{opening.pk}/history/compare/?from=77",
        f"/admin/catalog/matter/{opening.pk}/history/compare/?from=1&to=zz",
    ):
        assert as_tang.get(address).status_code == 404, address


def test_the_list_shows_what_waits_first(
    edited: Matter, registration: ServiceItem, tang: User, as_deng: Client
) -> None:
    first = propose(edited, by=tang, note="第一份")
    ServiceItem.objects.filter(pk=registration.pk).update(remark="x")
    second = propose(registration, by=tang, note="第二份")
    as_deng.post(reverse("admin:catalog_approve", args=[second.pk]), {"note": ""})
    text = page(as_deng, "catalog_proposal_changelist")
    assert text.index("第一份") < text.index("第二份")
    assert first.note in text


def test_the_history_tells_who_changed_what(as_tang: Client, edited: Matter, tang: User) -> None:
    text = page(as_tang, "catalog_matter_history", edited.pk)
    for part in ("唐编目", "工作台", "一句话说明", "<ins>一次办好</ins>", "导入事项包"):
        assert part in text
    item = ServiceItem.objects.get(slug="registration")
    assert "<ins>照营业执照填写</ins>" in page(as_tang, "catalog_serviceitem_history", item.pk)
    address = reverse("admin:catalog_matter_history", args=[edited.pk])
    filtered = as_tang.get(address, {"user": tang.pk}).content.decode()
    assert "导入事项包" not in filtered
    assert "输入一个有效的日期" in as_tang.get(address, {"since": "2026-13-45", "page": "x"}).content.decode()
    assert "没有这样的改动" in as_tang.get(address, {"page": "99"}).content.decode()


def test_the_dictionaries_have_their_history_too(as_tang: Client, opening: Matter) -> None:
    for model, pk in (("division", "360000"), ("department", None), ("dataelement", None), ("translation", None)):
        if pk is None:
            from django.apps import apps

            pk = str(apps.get_model("catalog", model)._default_manager.first().pk)
        assert "新增" in page(as_tang, f"catalog_{model}_history", pk)


def test_any_two_versions_are_compared(as_tang: Client, edited: Matter) -> None:
    publish(edited)
    Matter.objects.filter(pk=edited.pk).update(summary="第三句")
    address = reverse("admin:catalog_matter_compare", args=[edited.pk])
    assert "一次办好" in as_tang.get(address, {"from": "1", "to": "2"}).content.decode()
    assert "第三句" in as_tang.get(address, {"from": "2", "to": "draft"}).content.decode()
    assert "没有申请人或部门看得到的差别" in as_tang.get(address, {"from": "2", "to": "2"}).content.decode()


def test_a_definitions_page_leads_to_proposing(as_tang: Client, opening: Matter) -> None:
    assert propose_page(opening) in page(as_tang, "catalog_matter_change", opening.pk)
    changelist = reverse("admin:catalog_matter_changelist")
    response = as_tang.post(changelist, {"action": "propose_matter", "_selected_action": [str(opening.pk)]})
    assert response["Location"] == propose_page(opening)


def test_what_is_saved_in_the_console_bears_the_name_of_who_saved_it(as_tang: Client, opening: Matter) -> None:
    from catalog.models import FactSource

    as_tang.post(reverse("admin:catalog_factsource_add"), {"key": "S9", "citation": "一份文件", "package": ""})
    source = FactSource.objects.get(key="S9")
    assert "唐编目" in page(as_tang, "catalog_factsource_history", source.pk)
