"""Entering and being proved by the identity platform, spoken with as a process of its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from portal.accounts.models import IdentityCheck, Person, User
from portal.accounts.people import claim_person, find_person, register_person
from portal.accounts.second_factor import keep_printed_seed
from portal.ledger.models import SecurityEvent
from portal.settings.platforms import IdentityPlatform
from tests.worlds.platform import Visitor, running_platform

NAME, NUMBER = "周亦航", "360103199304219974"
OTHER = "360103195510089973"


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[IdentityPlatform]:
    with running_platform(tmp_path_factory.mktemp("platform")) as running:
        yield running


@pytest.fixture
def visitor(platform: IdentityPlatform, settings: Any, client: Client, db: None) -> Visitor:
    settings.YIJIAN_IDENTITY_PLATFORM = platform
    return Visitor(client)


def enter(visitor: Visitor, number: str = NUMBER, target: str = "") -> Any:
    return visitor.client.get(visitor.agrees(visitor.sent_to(target), number))


def account(username: str = "zhou", **document: str) -> User:
    user = User.objects.create_user(username)
    claim_person(**{"name": NAME, "document_kind": "111", "number": NUMBER, **document}, user=user)
    return user


def test_the_login_page_leads_there_with_the_way_back(visitor: Visitor) -> None:
    page = visitor.client.get("/accounts/login/?next=/bundles/").content.decode()
    assert 'href="/accounts/platform/?next=%2Fbundles%2F"' in page


def test_it_is_asked_with_pkce_state_and_nonce_and_asks_anew(visitor: Visitor) -> None:
    asked = parse_qs(urlsplit(visitor.sent_to()).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["prompt"] == ["login"]
    assert asked["response_type"] == ["code"]
    assert {"state", "nonce", "code_challenge"} <= asked.keys()


def test_somebody_new_is_asked_and_then_has_a_proved_account(visitor: Visitor) -> None:
    page = enter(visitor, target="/accounts/profile/")
    assert page.headers["Location"] == "/accounts/platform/open/"
    assert NAME in visitor.client.get("/accounts/platform/open/").content.decode()
    assert not User.objects.exists()
    assert visitor.client.post("/accounts/platform/open/").headers["Location"] == "/accounts/profile/"
    person = Person.objects.get()
    check = IdentityCheck.objects.get()
    assert (person.level, person.phone, check.method, check.person) == (1, "13800000031", "platform", person)
    assert check.reference.startswith("http://127.0.0.1:")
    profile = visitor.client.get("/accounts/profile/").content.decode()
    assert "已实名" in profile
    assert "省统一身份认证平台" in profile
    assert person.user is not None
    assert not person.user.has_usable_password()
    kinds = SecurityEvent.objects.order_by("id").values_list("kind", flat=True)
    assert list(kinds) == ["identity_proved", "logged_in"]


def test_a_known_person_is_logged_in_and_goes_on_where_they_were(visitor: Visitor) -> None:
    user = User.objects.create_user("zhou")
    person = register_person(name=NAME, document_kind="111", number=NUMBER, user=user, method="demo")
    for _ in range(2):
        visitor.client.logout()
        assert (
            enter(visitor, target="/accounts/readings/?before=7").headers["Location"] == "/accounts/readings/?before=7"
        )
    assert visitor.client.session["_auth_user_id"] == str(user.pk)
    person.refresh_from_db()
    assert (person.level, IdentityCheck.objects.filter(method="platform").count()) == (2, 1)


def test_whom_the_window_knows_without_an_account_gets_one(visitor: Visitor) -> None:
    known = register_person(name=NAME, document_kind="111", number=NUMBER, phone="13900139000", method="demo")
    enter(visitor)
    visitor.client.post("/accounts/platform/open/")
    known.refresh_from_db()
    assert known.user is not None
    assert (known.phone, Person.objects.count()) == ("13900139000", 1)


def test_a_squatted_number_does_not_stand_in_the_owners_way(visitor: Visitor) -> None:
    squatter = account("squatter")
    enter(visitor)
    visitor.client.post("/accounts/platform/open/")
    owner = find_person("111", NUMBER)
    assert owner is not None
    assert owner.user not in (None, squatter)
    assert not Person.objects.filter(user=squatter).exists()


@pytest.mark.parametrize("way", ["opens an account", "proves her account", "has one already"])
def test_whoever_only_said_to_have_the_number_loses_it_and_sight(visitor: Visitor, way: str) -> None:
    squatter, other = account("squatter"), account("other", name="李国栋", number=OTHER)
    if way == "proves her account":
        visitor.client.force_login(account("owner"))
        visitor.client.get(visitor.agrees(visitor.sent_to("/accounts/readings/"), NUMBER))
    else:
        if way == "has one already":
            owner = User.objects.create_user("owner")
            register_person(name=NAME, document_kind="111", number=NUMBER, user=owner, method="demo")
        enter(visitor)
        visitor.client.post("/accounts/platform/open/")
    assert not Person.objects.filter(user=squatter).exists()
    assert Person.objects.get(left_by=squatter).level == 0
    assert SecurityEvent.objects.get(kind="identity_lost").user == squatter
    client = Client()
    client.force_login(squatter)
    page = client.get("/accounts/profile/").content.decode()
    assert "已由本人核验" in page
    assert NUMBER[-4:] not in page
    assert Person.objects.filter(user=other).exists()  # another number is another person's


def test_an_account_is_proved_by_its_own_person(visitor: Visitor) -> None:
    user = account()
    visitor.client.force_login(user)
    done = visitor.client.get(visitor.agrees(visitor.sent_to("/accounts/readings/"), NUMBER))
    assert done.headers["Location"] == "/accounts/readings/"
    user.person.refresh_from_db()
    assert user.person.level == 1


@pytest.mark.parametrize(
    ("typed", "number"), [({"name": "周一航"}, NUMBER), ({"number": OTHER, "name": "李国栋"}, NUMBER), ({}, OTHER)]
)
def test_an_account_that_says_to_be_somebody_else_is_refused(
    visitor: Visitor, typed: dict[str, str], number: str
) -> None:
    user = account(**typed)
    visitor.client.force_login(user)
    page = visitor.client.get(visitor.agrees(visitor.sent_to(), number))
    assert page.status_code == 422
    assert "不一致，没有核验" in page.content.decode()
    assert not IdentityCheck.objects.exists()


def test_another_name_than_the_proved_one_opens_nothing(visitor: Visitor) -> None:
    register_person(
        name="周一航", document_kind="111", number=NUMBER, user=User.objects.create_user("z"), method="demo"
    )
    page = enter(visitor)
    assert (page.status_code, "_auth_user_id" in visitor.client.session) == (422, False)


@pytest.mark.parametrize("worker", [{"is_staff": True}, {"is_superuser": True}, {"is_active": False}])
def test_who_works_here_or_was_switched_off_does_not_enter_by_it(visitor: Visitor, worker: dict[str, bool]) -> None:
    user = User.objects.create_user("zhou", **worker)
    register_person(name=NAME, document_kind="111", number=NUMBER, user=user, method="demo")
    page = enter(visitor)
    assert (page.status_code, "_auth_user_id" in visitor.client.session) == (422, False)


def test_who_has_a_second_factor_is_asked_for_it_next(visitor: Visitor, settings: Any) -> None:
    settings.YIJIAN_SECOND_FACTOR = True
    user = User.objects.create_user("zhou", is_staff=True)
    register_person(name=NAME, document_kind="111", number=NUMBER, user=user, method="demo")
    keep_printed_seed(user, "JBSWY3DPEHPK3PXP")
    assert enter(visitor).headers["Location"].startswith("/accounts/second-factor/show/")
    assert "_auth_user_id" not in visitor.client.session
    assert visitor.client.get("/accounts/profile/").status_code == 302


def test_what_was_typed_when_the_session_ended_comes_back(visitor: Visitor) -> None:
    register_person(name=NAME, document_kind="111", number=NUMBER, user=User.objects.create_user("z"), method="demo")
    enter(visitor)
    Session.objects.all().delete()
    ended = visitor.client.post("/accounts/profile/", {"phone": "13912345678"})
    assert ended.headers["Location"] == "/accounts/login/?next=/accounts/profile/"
    assert enter(visitor, target="/accounts/profile/").headers["Location"] == "/accounts/profile/"
    assert 'value="13912345678"' in visitor.client.get("/accounts/profile/").content.decode()


class TestWhatComesBack:
    def test_a_return_opens_once_and_in_its_own_browser_alone(self, visitor: Visitor) -> None:
        register_person(
            name=NAME, document_kind="111", number=NUMBER, user=User.objects.create_user("z"), method="demo"
        )
        back = visitor.agrees(visitor.sent_to(), NUMBER)
        assert Client().get(back).status_code == 422
        assert visitor.client.get(back).status_code == 302
        visitor.client.logout()
        assert visitor.client.get(back).status_code == 422

    def test_a_code_of_another_visit_opens_nothing(self, visitor: Visitor) -> None:
        register_person(
            name=NAME, document_kind="111", number=NUMBER, user=User.objects.create_user("z"), method="demo"
        )
        stolen = parse_qs(urlsplit(Visitor(Client()).agrees(Visitor(Client()).sent_to(), NUMBER)).query)["code"][0]
        state = parse_qs(urlsplit(visitor.sent_to()).query)["state"][0]
        page = visitor.client.get("/accounts/platform/return/", {"code": stolen, "state": state})
        assert (page.status_code, "_auth_user_id" in visitor.client.session) == (502, False)

    def test_who_logged_in_meanwhile_is_not_proved(self, visitor: Visitor) -> None:
        back = visitor.agrees(visitor.sent_to(), NUMBER)
        user = account()
        visitor.client.force_login(user)
        assert visitor.client.get(back).status_code == 422
        user.person.refresh_from_db()
        assert user.person.level == 0

    @pytest.mark.parametrize(
        ("said", "words"), [("access_denied", "没有同意"), ("server_error", "没有回应"), ("", "没有回应")]
    )
    def test_a_refusal_is_told_in_words(self, visitor: Visitor, said: str, words: str) -> None:
        state = parse_qs(urlsplit(visitor.sent_to()).query)["state"][0]
        page = visitor.client.get("/accounts/platform/return/", {"state": state, "error": said})
        assert (page.status_code, words in page.content.decode()) == (422, True)

    def test_nobody_is_opened_an_account_without_the_platforms_word(self, visitor: Visitor) -> None:
        assert visitor.client.get("/accounts/platform/open/").status_code == 422
        assert visitor.client.post("/accounts/platform/open/").status_code == 422

    def test_a_platform_that_is_away_is_said(self, visitor: Visitor, settings: Any) -> None:
        settings.YIJIAN_IDENTITY_PLATFORM = IdentityPlatform("http://127.0.0.1:9", "yijian", "x" * 20)
        page = visitor.client.get("/accounts/platform/")
        assert (page.status_code, "没有回应" in page.content.decode()) == (502, True)

    def test_it_leads_to_no_other_site(self, visitor: Visitor) -> None:
        register_person(
            name=NAME, document_kind="111", number=NUMBER, user=User.objects.create_user("z"), method="demo"
        )
        assert enter(visitor, target="https://evil.example/").headers["Location"] == "/"


def test_the_platform_asks_who_is_there_even_where_somebody_was_before(visitor: Visitor) -> None:
    enter(visitor)
    page = visitor.there.get(visitor.sent_to(), timeout=20)
    assert 'name="password"' in page.text


def test_without_a_platform_there_is_no_door(client: Client, db: None) -> None:
    assert client.get("/accounts/platform/").status_code == 404
    assert "省统一身份认证平台" not in client.get("/accounts/login/").content.decode()
