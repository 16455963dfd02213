"""Two people on one page of the console: what one of them saved is not undone by the other unseen."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from catalog.models import Department, Division
from portal.accounts.models import User
from tests.pages import page_of
from tests.worlds.cast import logged_in


@pytest.fixture
def client(db: None) -> Client:
    return logged_in(User.objects.create_superuser("root"))


@pytest.fixture
def department(db: None) -> Department:
    return Department.objects.create(code="police", name="市公安局", short_name="公安", phone="1")


def address_of(department: Department) -> str:
    return f"/admin/catalog/department/{department.pk}/change/"


def opened(client: Client, department: Department) -> dict[str, Any]:
    """Open the page in a window and return what it would send, as its controls hold it."""
    response = client.get(address_of(department))
    form = response.context["adminform"].form
    held = {name: form[name].value() for name in form.fields}
    return {
        **{name: "" if value is None else value for name, value in held.items()},
        "shown": shown_on(page_of(response)),
    }


def shown_on(page: str) -> str:
    found = re.search(r'<input type="hidden" name="shown" value="([^"]+)">', page)
    assert found
    return found[1]


def test_each_changes_their_own(client: Client, department: Department) -> None:
    one, other = opened(client, department), opened(client, department)
    assert client.post(address_of(department), {**one, "phone": "12345"}).status_code == 302
    assert client.post(address_of(department), {**other, "short_name": "公安局"}).status_code == 302
    department.refresh_from_db()
    assert (department.phone, department.short_name) == ("12345", "公安局")


def test_a_conflict_is_told_with_everything_typed_still_there(client: Client, department: Department) -> None:
    one, other = opened(client, department), opened(client, department)
    client.post(address_of(department), {**one, "phone": "12345"})
    response = client.post(address_of(department), {**other, "phone": "12319", "short_name": "公安局"})
    page = page_of(response)
    assert "这一项刚才由别人改成了“12345”" in page
    assert 'value="12319"' in page
    assert 'value="公安局"' in page
    department.refresh_from_db()
    assert (department.phone, department.short_name) == ("12345", "公安")
    again = {**other, "phone": "12319", "short_name": "公安局", "shown": shown_on(page)}
    assert client.post(address_of(department), again).status_code == 302
    department.refresh_from_db()
    assert (department.phone, department.short_name) == ("12319", "公安局")


def test_a_row_that_is_referred_to_is_compared_as_well(client: Client, department: Department) -> None:
    north, south = (Division.objects.create(code=code, name=code, level="city") for code in ("360100", "360200"))
    one, other = opened(client, department), opened(client, department)
    client.post(address_of(department), {**one, "division": north.pk})
    page = page_of(client.post(address_of(department), {**other, "division": south.pk}))
    assert f"这一项刚才由别人改成了“{north}”" in page
    client.post(address_of(department), {**other, "phone": "12345"})
    department.refresh_from_db()
    assert (department.division, department.phone) == (north, "12345")


def test_a_page_that_does_not_say_what_it_showed_is_saved_as_before(client: Client, department: Department) -> None:
    sent = opened(client, department)
    del sent["shown"]
    assert client.post(address_of(department), {**sent, "phone": "12319"}).status_code == 302
    department.refresh_from_db()
    assert department.phone == "12319"
