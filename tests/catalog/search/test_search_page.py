"""The search page answers everybody, whatever was typed."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from catalog.models import SearchMiss, SearchPhrase, SearchTarget
from portal.accounts.models import User

pytestmark = pytest.mark.usefixtures("small_content")


def page(client: Client, query: str) -> str:
    response = client.get(reverse("search"), {"q": query}, headers={"Accept-Language": "zh-hans"})
    assert response.status_code == 200
    return response.content.decode()


def test_it_shows_what_fits_and_who_answers_for_it(client: Client) -> None:
    shown = page(client, "娃娃上户口")
    assert "新生儿出生" in shown
    assert "卫生健康" in shown
    assert "一件事" in shown


def test_it_says_calmly_what_is_still_to_come(client: Client) -> None:
    assert "即将上线" in page(client, "身份证丢了")


def test_it_asks_back_with_buttons(client: Client) -> None:
    shown = page(client, "过户")
    assert "过户的是房子还是车？" in shown
    assert "房子" in shown


@pytest.mark.parametrize(
    "query",
    [
        "",
        "长" * 5000,
        "🙂🙃",
        "'; DROP TABLE catalog_searchphrase; --",
        "a\x0bb\x07\x1b[31m",
        "<script>alert(1)</script>",
        "%",
        "\u202e倒着",
        "q" * 5000,
    ],
)
def test_it_answers_anything_without_failing(client: Client, query: str) -> None:
    shown = page(client, query)
    assert "<script>alert" not in shown
    response = client.get(reverse("search_suggest"), {"q": query})
    assert response.status_code == 200
    assert SearchPhrase.objects.exists()


def test_a_query_without_result_is_recorded(client: Client) -> None:
    page(client, "哈哈哈哈")
    assert SearchMiss.objects.get().text == "〇"
    page(client, "哈嘿嗨怎么嘿哈嗨嘻呵嗬")
    page(client, "孩子上户口")
    assert set(SearchMiss.objects.values_list("text", flat=True)) == {"〇", "〇怎么〇"}


def test_what_was_not_found_is_said_with_whom_to_ask_and_what_is_near(client: Client) -> None:
    target = SearchTarget.objects.create(slug="elsewhere-dogs", kind="elsewhere", name="宠物")
    SearchPhrase.objects.create(target=target, text="养狗要登记吗")
    police = SearchTarget.objects.create(slug="elsewhere-police", kind="elsewhere", name="报警")
    SearchPhrase.objects.create(target=police, text="被老公打了找谁")
    shown = page(client, "养狗要登记吗")
    assert "没有找到“养狗要登记吗”" in shown
    assert "这像是“宠物”方面的事" in shown
    assert "tel:110" not in shown
    assert "tel:110" in page(client, "被老公打了找谁")
    near = page(client, "狐狸落户")
    assert "没有找到“狐狸落户”" in near
    assert "tel:12345" in near.split("相近的事项")[0]
    assert "新生儿出生" in near.split("相近的事项")[1]
    assert "没有找到" not in page(client, "孩子上户口")


def test_suggestions_name_the_department_and_say_one_matter(client: Client) -> None:
    response = client.get(reverse("search_suggest"), {"q": "tuixiu"}, headers={"Accept-Language": "zh-hans"})
    suggestion = response.json()["suggestions"][0]
    assert (suggestion["name"], suggestion["kind"], suggestion["label"]) == ("退休", "matter", "一件事")
    assert suggestion["department"] == "人力资源社会保障"


def test_only_catalog_managers_see_why(client: Client) -> None:
    manager = User.objects.create(username="manager")
    manager.user_permissions.add(Permission.objects.get(codename="view_searchphrase"))
    assert "最像的说法" not in page(client, "娃落户")
    client.force_login(User.objects.create(username="citizen"))
    assert "最像的说法" not in page(client, "娃落户")
    client.force_login(manager)
    assert "最像的说法" in page(client, "娃落户")


def test_the_admin_keeps_what_came_with_the_content(client: Client) -> None:
    client.force_login(User.objects.create_superuser("root"))
    for model in ("searchtarget", "searchphrase", "synonymgroup", "searchquestion", "searchmiss"):
        assert client.get(reverse(f"admin:catalog_{model}_changelist")).status_code == 200
    phrase = SearchPhrase.objects.first()
    assert phrase is not None
    assert (
        client.post(reverse("admin:catalog_searchphrase_delete", args=[phrase.pk]), {"post": "yes"}).status_code == 403
    )
    added = {"target": phrase.target_id, "text": "火星户口", "kind": "phrase", "is_active": "on"}
    assert client.post(reverse("admin:catalog_searchphrase_add"), added).status_code == 302
    assert SearchPhrase.objects.get(text="火星户口").origin == "manager"
