"""Parts of pages that are kept for everybody: nothing of one reader in another's page, and each in their own language."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tests.worlds.cast import LI, user_of

pytestmark = pytest.mark.django_db
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@pytest.mark.parametrize("url", ["/", "/matters/"])
def test_a_page_is_kept_without_its_reader(url: str) -> None:
    li, visitor = user_of(LI), Client()
    inside = Client()
    inside.force_login(li)
    own = inside.get(url).content.decode()
    assert str(li) in own
    others = visitor.get(url).content.decode()
    assert str(li) not in others
    assert not set(TOKEN.findall(own)) & set(TOKEN.findall(others))
    assert 'lang="en"' in visitor.get(url, headers={"Accept-Language": "en"}).content.decode()
    assert "关怀版" in visitor.get(url).content.decode()


def test_the_menu_says_where_one_is() -> None:
    visitor = Client()
    for url, name in (("/", "首页"), ("/matters/", "一件事"), ("/", "首页")):
        here = re.findall(
            r'aria-current="page"[^>]*>(?:<svg.*?</svg>)?([^<]+)</a>', visitor.get(url).content.decode(), re.S
        )
        assert name in here
