"""The list of phrases in the console, whose cells are edited in two windows."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.test import Client, RequestFactory
from lxml import html

from catalog.admin.search import CellsForm
from catalog.models import SearchPhrase, SearchTarget
from portal.accounts.models import User
from tests.worlds.cast import logged_in

pytestmark = pytest.mark.django_db
LIST = "/admin/catalog/searchphrase/"


def cells(client: Client) -> dict[str, str]:
    """What a browser would send of the list as it stands: a box that is not ticked is not sent."""
    [form] = html.fromstring(client.get(LIST).content.decode()).xpath('//form[@id="changelist-form"]')
    hidden = {each.get("name"): each.get("value") or "" for each in form.xpath('.//input[@type="hidden"]')}
    return {**hidden, **{each.get("name"): "on" for each in form.xpath('.//input[@type="checkbox"][@checked]')}}


def test_a_page_left_open_undoes_nothing_that_another_window_changed() -> None:
    target = SearchTarget.objects.create(slug="newborn", name="新生儿出生", kind=SearchTarget.Kind.MATTER)
    for text in ("生娃", "坐月子"):
        SearchPhrase.objects.create(text=text, target=target)
    client = logged_in(User.objects.create_superuser("root"))
    first, second = cells(client), cells(client)
    places = {
        phrase.text: next(
            name.removesuffix("-id")
            for name, value in first.items()
            if name.endswith("-id") and value == str(phrase.pk)
        )
        for phrase in SearchPhrase.objects.all()
    }
    del first[f"{places['生娃']}-is_active"], second[f"{places['坐月子']}-is_active"]
    for sent in (first, second):
        assert client.post(LIST, {**sent, "_save": "1"}).status_code == 302
    assert not SearchPhrase.objects.filter(is_active=True).exists()


def test_every_list_with_cells_to_edit_tells_what_its_page_showed() -> None:
    request = RequestFactory().get("/")
    request.user = User.objects.create_superuser("root")
    edited = [each for each in admin.site._registry.values() if each.list_editable]
    assert edited
    for each in edited:
        assert issubclass(each.get_changelist_form(request), CellsForm)
