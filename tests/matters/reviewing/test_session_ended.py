"""A button pressed after the session has ended: the login leads back to its place, with the text still there."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from catalog.models import Department
from matters.models import SubItem
from matters.reviewing import review
from portal.accounts.models import User
from tests.pages import page_of
from tests.worlds.cast import logged_in, remember
from tests.worlds.town import Town

REASON = "户口所在地不在本辖区"


def after_the_login(user: User, address: str, sent: dict[str, Any]) -> tuple[str, str]:
    """Post without a session, log in again, and return where that leads and the page that is there."""
    client = Client()
    remember(client, user)
    answer = client.post(address, sent)
    assert answer.status_code == 302
    target = answer["Location"].partition("next=")[2]
    client.force_login(user, backend="portal.accounts.backends.AccountBackend")
    response = client.get(target)
    assert response.status_code == 200, target
    return target, page_of(response)


@pytest.fixture
def part(town: Town) -> SubItem:
    bundle = town.submit()
    part = town.part(bundle, "birth_cert")
    review.claim(town.zhao, part)
    return town.part(bundle, "birth_cert")


@pytest.fixture
def case_address(part: SubItem) -> str:
    return f"/review/cases/{part.number}/"


def test_a_refusal_comes_back_with_its_reason_in_its_own_form(town: Town, case_address: str) -> None:
    target, page = after_the_login(town.zhao, f"{case_address}refuse/", {"reason": REASON})
    assert target == case_address
    assert REASON in page


@pytest.mark.parametrize("action", ["accept", "claim", "hand-back", "start"])
def test_a_plain_button_leads_back_to_the_case(town: Town, case_address: str, action: str) -> None:
    target, page = after_the_login(town.zhao, f"{case_address}{action}/", {"next": ""})
    assert target == case_address
    assert "请重新登录后再试一次" in page


@pytest.mark.parametrize("action", ["approve", "correct", "amend"])
def test_the_address_of_a_refused_action_opens_the_case(town: Town, case_address: str, action: str) -> None:
    answer = logged_in(town.zhao).get(f"{case_address}{action}/")  # the page in another language, or in larger type
    assert answer.status_code == 302
    assert answer["Location"] == case_address


def test_what_was_typed_for_an_approval_stands_in_its_own_form(town: Town, part: SubItem, case_address: str) -> None:
    review.accept(town.zhao, part)
    _target, page = after_the_login(
        town.zhao, f"{case_address}approve/", {"output.number": "A360000888", "reason": REASON}
    )
    assert 'value="A360000888"' in page


def test_claiming_the_next_case_leads_back_to_the_queue(town: Town, case_address: str) -> None:
    target, _page = after_the_login(town.zhao, "/review/health/next/", {})
    assert target == "/review/health/"


def test_a_withdrawal_leads_back_to_the_application_with_the_part_that_was_chosen(town: Town) -> None:
    bundle = town.submit()
    part = town.part(bundle, "birth_cert")
    target, page = after_the_login(town.li, f"/bundles/{bundle.number}/withdraw/", {"sub_item": part.number})
    assert target == f"/bundles/{bundle.number}/"
    assert "登录过期了，还没有撤回" in page
    assert f'<option value="{part.number}" selected>' in page
    assert "已撤回" not in page


def test_the_counter_takes_back_who_stands_there(town: Town) -> None:
    sent = {"name": "陈䶮", "document_kind": "414", "number": "E12345678", "phone": "13912345678", "matter": "newborn"}
    target, page = after_the_login(town.sun, "/admin/counter/start/", sent)
    assert target == "/admin/counter/"
    for typed in ("陈䶮", "E12345678", "13912345678"):
        assert f'value="{typed}"' in page


def test_identity_at_the_window_takes_back_what_was_typed(town: Town) -> None:
    sent = {"username": "chen", "name": "陈䶮", "document_kind": "414", "number": "E12345678"}
    target, page = after_the_login(town.sun, "/admin/counter/identity/", sent)
    assert target == "/admin/counter/identity/"
    assert 'value="E12345678"' in page


def test_a_page_of_the_console_shows_what_was_typed_and_saves_nothing(town: Town) -> None:
    root = User.objects.create_superuser("root")
    police = Department.objects.get(code="police")
    address = f"/admin/catalog/department/{police.pk}/change/"
    form = logged_in(root).get(address).context["adminform"].form
    held = {name: form[name].value() or "" for name in form.fields}
    target, page = after_the_login(root, address, {**held, "phone": "0791-12345", "_save": "1"})
    assert target == address
    assert 'value="0791-12345"' in page
    assert "登录过期了，这一页还没有保存" in page
    police.refresh_from_db()
    assert police.phone != "0791-12345"
