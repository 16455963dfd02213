"""Whoever is looked for in the console stands in no address: not in the one that is asked, not in a link of the page."""

from __future__ import annotations

import json
import re
import subprocess
from urllib.parse import quote_plus

import pytest
from django.contrib import admin
from django.contrib.admin.utils import get_fields_from_path
from django.test import Client
from django.urls import reverse

from portal.accounts.models import User
from portal.lib.sealed_text import SealedTextField
from tests.worlds.cast import LI, STRANGER, logged_in, person_of
from tests.worlds.town import Town, build_town

pytestmark = pytest.mark.django_db
PERSONS = "admin:accounts_person_changelist"


@pytest.fixture
def town(db: None) -> Town:
    """Somebody with a post."""
    return build_town()


@pytest.fixture
def console() -> Client:
    for one in (LI, STRANGER):
        if not User.objects.filter(username=one.username).exists():
            person_of(one)
    return logged_in(User.objects.create_superuser("admin", password="x", name="管理员"))


def addresses(page: str) -> str:
    return " ".join(re.findall(r'(?:href|action|src)="([^"]*)"', page))


@pytest.mark.parametrize("typed", [LI.number, LI.name, LI.phone, f" {LI.number.lower()} "])
def test_a_search_is_posted_and_finds(console: Client, typed: str) -> None:
    answer = console.post(reverse(PERSONS), {"q": typed, "_search": "1"})
    assert answer.status_code == 302
    assert re.fullmatch(r"[^?]*\?q=~[\w%-]+", answer["Location"])
    page = console.get(answer["Location"]).content.decode()
    assert LI.name in page
    assert STRANGER.name not in page
    assert typed.strip() not in addresses(page)
    assert quote_plus(typed.strip()) not in addresses(page)
    assert "~" in addresses(page), "sorting and going on keep the search"


def test_an_address_with_a_number_is_left_at_once(console: Client) -> None:
    answer = console.get(reverse(PERSONS), {"q": LI.number, "document_kind__exact": "111"})
    assert LI.number not in answer["Location"]
    assert "document_kind__exact=111" in answer["Location"]
    assert LI.name in console.get(answer["Location"]).content.decode()


def test_the_token_of_somebody_else_finds_nothing(console: Client) -> None:
    address = console.post(reverse(PERSONS), {"q": LI.number, "_search": "1"})["Location"]
    other = logged_in(User.objects.create_superuser("other", password="x"))
    assert LI.name not in other.get(address).content.decode()


def test_what_is_looked_for_does_not_lie_in_the_session(console: Client) -> None:
    console.post(reverse(PERSONS), {"q": LI.number, "_search": "1"})
    assert LI.number not in str(dict(console.session.items()))


def test_every_list_with_a_search_posts_it(console: Client) -> None:
    for name in ("accounts_user", "accounts_person", "accounts_organisation", "ledger_event", "outbox_outboxmessage"):
        page = console.get(reverse(f"admin:{name}_changelist")).content.decode()
        form = re.search(r'<form id="changelist-search"[^>]*>', page)
        assert form is not None
        assert 'method="post"' in form[0]


SPELLED = [
    f"身份证 {LI.number}",
    *("360103 19950615 9965", "３６０１０３１９９５０６１５９９６５", "36010319950615996５", "360103.19950615.9965"),
    *("138-0000-0001", "138 0000 0001", "1.3.8.0.0.0.0.0.0.0.1", "一三八零零零零零零零一", "（138）0000－0001"),
    *("e12345678", "H 0123 4567", "\u0661\u0663\u0668\u0660\u0660\u0660\u0660\u0660", "0791-86012345"),
]
WORDS = ["12345热线", "2026年11月30日出生", "一件事", "三孩生育补贴2026.1", "第一二三产业", "出生-1-2", ""]


@pytest.mark.parametrize("typed", SPELLED)
def test_the_public_search_lets_go_of_a_number_however_it_is_spelled(db: None, typed: str) -> None:
    answer = Client().get(reverse("search"), {"q": typed})
    assert (answer.status_code, answer["Location"]) == (302, reverse("search"))
    assert Client().get(reverse("search_suggest"), {"q": typed}).json() == {"query": "", "suggestions": []}


@pytest.mark.parametrize("typed", WORDS)
def test_the_public_search_takes_words_with_few_digits(db: None, typed: str) -> None:
    assert Client().get(reverse("search"), {"q": typed}).status_code == 200


def test_a_browser_sends_no_number_from_the_box_by_the_rule_of_the_server(db: None) -> None:
    box = re.search(r'<input[^>]*name="q"[^>]*>', Client().get(reverse("search")).content.decode())
    assert box is not None
    [rule] = re.findall(r'pattern="([^"]*)"', box[0])
    typed = SPELLED + WORDS
    body = "const [rule, typed] = JSON.parse(process.argv[1]); console.log(JSON.stringify(typed.map((one) => new RegExp(`^(?:${rule})$`, 'v').test(one))))"
    ran = subprocess.run(["node", "-e", body, json.dumps([rule, typed])], check=True, capture_output=True, text=True)
    assert json.loads(ran.stdout) == [False] * len(SPELLED) + [True] * len(WORDS)


def test_no_list_looks_into_what_is_sealed() -> None:
    for model, shown in admin.site._registry.items():
        for name in shown.search_fields:
            if name == "pk":
                continue
            path = re.sub(r"__(startswith|exact|iexact)$", "", name.lstrip("^=@"))
            field = get_fields_from_path(model, path)[-1]
            assert not isinstance(field, SealedTextField), (model, name)


def test_an_officer_is_found_by_the_whole_name_in_every_list_of_posts(town: Town, console: Client) -> None:
    page = console.post(reverse("admin:catalog_membership_changelist"), {"q": "王警官", "_search": "1"}, follow=True)
    assert [row.user for row in page.context["cl"].result_list] == [town.wang]
