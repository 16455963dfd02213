"""A type of certificate is published with the item that grants it: what changed of it is told, and no page takes away what versions need."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from django.urls import reverse

from catalog.comparing.contents import compare_matters
from catalog.models import CertificateType, ItemResult, Matter, ServiceItem
from catalog.publishing.publishing import MatterDraft, PublishingRefused
from catalog.versions.items import content_of
from catalog.wording.differences import tell
from portal.accounts.models import User
from tests.catalog.composing.page_forms import page_form
from tests.worlds.cast import logged_in

pytestmark = pytest.mark.django_db

LINES = [{"code": code, "label": label, "label_en": code} for code, label in (("name", "名称"), ("place", "住所"))]


def sentences(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    changes = compare_matters(before, after)
    return [told.sentence for _group, entries in tell(changes, before, after) for told in entries]


def results_of(content: dict[str, Any]) -> list[dict[str, Any]]:
    return [result for entry in content["items"] for result in entry["definition"]["results"]]


def test_a_changed_type_is_a_difference_to_be_reviewed(opening: Matter) -> None:
    CertificateType.objects.update(face=LINES)
    before = MatterDraft(opening).compile()
    CertificateType.objects.update(
        face=[*LINES[:1], {"code": "scope", "label": "范围", "label_en": "Scope"}],
        valid_years=3,
        subject="organisation",
    )
    after = MatterDraft(opening).compile()
    assert sentences(before, after) == [
        "办理结果“营业执照”的持证主体类型由空改为“组织”。",
        "办理结果“营业执照”的有效年限由空改为 3 。",
        "去掉照面内容“营业执照 · 住所”。",
        "新增照面内容“营业执照 · 范围”。",
    ]


def test_what_versions_of_before_do_not_say_is_no_difference(opening: Matter) -> None:
    after = MatterDraft(opening).compile()
    before = deepcopy(after)
    for result in results_of(before):
        del result["issued_as"]
    assert sentences(before, after) == []


def test_an_items_own_version_holds_it_too(registration: ServiceItem) -> None:
    (result,) = content_of(registration)["definition"]["results"]
    assert [line["label"] for line in result["issued_as"]["face"]] == ["名称"]


def test_a_line_that_a_result_fills_is_missed_before_it_is_published(opening: Matter) -> None:
    CertificateType.objects.update(face=[])
    with pytest.raises(PublishingRefused) as refused:
        MatterDraft(opening).compile()
    assert "照面上没有“name”这一项" in refused.value.findings[0].sentence


def test_no_page_takes_away_what_versions_need(opening: Matter, tang: User, deng: User) -> None:
    row = CertificateType.objects.get()
    client = logged_in(tang)
    address = reverse("admin:catalog_certificatetype_change", args=[row.pk])
    assert logged_in(deng).get(address).status_code == 200
    form = page_form(client.get(address).content.decode(), "certificatetype_form")
    answer = client.post(address, {**form, "code": "X"})
    assert "应是 18 位统一社会信用代码加 3 位数字" in answer.content.decode()
    assert client.post(address, {**form, "slug": "another"}).status_code == 302
    ItemResult.objects.all().delete()
    gone = client.post(reverse("admin:catalog_certificatetype_delete", args=[row.pk]), {"post": "yes"})
    assert gone.status_code == 200
    assert f"已发布的“{opening.name}”还要签发" in gone.content.decode()
    assert CertificateType.objects.get().slug == row.slug
