"""A code to the telephone that a register knows proves an account, and tells nobody whose number is whose."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any, ClassVar

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from catalog.models import Department
from portal.accounts.models import IdentityCheck, Person, User
from portal.accounts.people import claim_person, find_person, register_person
from portal.ledger.models import SecurityEvent
from portal.outbox.claiming import StaleLease, claim_batch
from portal.outbox.models import OutboxMessage
from portal.outbox.processing import process
from portal.sharing.core.inquiry import Inquiry, Reply
from portal.sharing.models import DataSource, Grant, PhoneCheck, Provision
from portal.sharing.phone_checks import PHONE, PURPOSE, send_codes

NAME, NUMBER, REGISTERED = "王小花", "440524188001010014", "13800000099"
PAGE = "/accounts/identity/phone/"


class Register:
    """A population register that knows one person, and says so only where number and name agree."""

    asked: ClassVar[list[Inquiry]] = []
    outcome: ClassVar[str] = ""

    def ask(self, inquiry: Inquiry) -> Reply:
        self.asked.append(inquiry)
        if self.outcome:
            return Reply(self.outcome)
        if (inquiry.subject.number, inquiry.subject.name) != (NUMBER, NAME):
            return Reply("not_found")
        return Reply("found", elements={PHONE: REGISTERED})


class Gateway:
    sent: ClassVar[list[tuple[str, str]]] = []
    is_away: ClassVar[bool] = False

    def send(self, phone: str, text: str) -> None:
        self.sent.append((phone, text))
        if self.is_away:
            raise TimeoutError


@pytest.fixture(autouse=True)
def world(db: None, settings: Any) -> None:
    settings.YIJIAN_SHARING_ADAPTERS = {"register": f"{__name__}.Register"}
    settings.YIJIAN_TEXT_GATEWAY = f"{__name__}.Gateway"
    Register.asked, Register.outcome, Gateway.sent, Gateway.is_away = [], "", [], False
    cache.clear()
    police, _new = Department.objects.get_or_create(code="police", defaults={"name": "市公安局"})
    source = DataSource.objects.create(
        code="population", name="人口登记", department=police, legal_basis="…", adapter="register"
    )
    provision = Provision.objects.create(source=source, kind="element", code=PHONE)
    Grant.objects.create(
        provision=provision, item=PURPOSE, purpose="实名核验", state=Grant.State.GRANTED, decided_at=timezone.now()
    )


@pytest.fixture
def user() -> User:
    return account("xiaohua")


def account(username: str, name: str = NAME, number: str = NUMBER) -> User:
    user = User.objects.create_user(username)
    claim_person(name=name, document_kind="111", number=number, phone="13900139000", user=user)
    return user


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def ask(client: Client, target: str = "") -> None:
    assert client.post(PAGE, {"action": "send", "agreed": "1", "next": target}).status_code == 302
    process("phone_code")


def code() -> str:
    found = re.search(r"验证码 (\d{6})", Gateway.sent[-1][1])
    assert found is not None
    return found[1]


def typed(client: Client, code: str, target: str = "") -> Any:
    return client.post(PAGE, {"action": "check", "code": code, "next": target})


def level(user: User) -> int:
    user.person.refresh_from_db()
    return int(user.person.level)


def test_the_code_goes_to_the_registers_telephone_and_proves_the_account(user: User) -> None:
    client = browser(user)
    ask(client, "/accounts/readings/")
    assert [phone for phone, _text in Gateway.sent] == [REGISTERED]
    assert typed(client, code(), "/accounts/readings/").headers["Location"] == "/accounts/readings/"
    check = IdentityCheck.objects.get(person__user=user)
    assert (check.method, check.level, level(user)) == ("sms", 1, 1)
    assert check.reference == f"population {PhoneCheck.objects.get().pk}"
    assert "登记手机号的短信验证码" in client.get("/accounts/profile/").content.decode()


def test_it_is_one_of_the_ways_offered_where_a_register_may_be_asked(user: User) -> None:
    assert f"{PAGE}?next=" in browser(user).get("/accounts/identity/").content.decode()
    Grant.objects.update(state=Grant.State.REFUSED)
    assert PAGE not in browser(user).get("/accounts/identity/").content.decode()
    assert browser(user).get(PAGE).status_code == 404


def test_nobody_is_asked_before_somebody_agrees_and_the_words_are_kept(user: User) -> None:
    client = browser(user)
    assert client.post(PAGE, {"action": "send"}).status_code == 422
    process("phone_code")
    assert not Register.asked
    ask(client)
    assert PhoneCheck.objects.get().text.startswith(
        "我同意用我填写的姓名和证件号码，向市公安局（人口登记）查询登记的手机号"
    )


class TestWhatIsSaid:
    @pytest.mark.parametrize("outcome", ["", "not_found", "away", "refused", "unreadable"])
    def test_is_the_same_whatever_the_register_says(self, user: User, outcome: str) -> None:
        told = self.pages(user)
        stranger = account("stranger", name="王大花")
        Register.outcome = outcome
        assert self.pages(stranger) == told
        assert len(Gateway.sent) == 1

    def pages(self, user: User) -> list[str]:
        client = browser(user)
        ask(client)
        shown = [client.get(PAGE).content.decode(), typed(client, "not it").content.decode()]
        hidden = re.compile(
            r'csrfmiddlewaretoken" value="[^"]+"|nonce="[^"]+"|data-[a-z]+="[^"]*"|"who": "[^"]+"|[0-9a-f]{32}'
        )
        return [hidden.sub("", page).replace(user.username, "") for page in shown]

    def test_neither_telephone_nor_code_lies_in_the_database(self, user: User) -> None:
        ask(browser(user))
        row = str(PhoneCheck.objects.values().get())
        assert REGISTERED not in row
        assert code() not in row


class TestACode:
    def test_opens_once(self, user: User) -> None:
        client = browser(user)
        ask(client)
        typed(client, code())
        assert PhoneCheck.objects.get().used_at is not None
        assert IdentityCheck.objects.count() == 1

    def test_is_over_after_five_minutes(self, user: User) -> None:
        ask(browser(user))
        PhoneCheck.objects.update(until=timezone.now() - timedelta(seconds=1))
        assert typed(browser(user), code()).status_code == 422
        assert level(user) == 0

    def test_is_over_after_five_wrong_ones(self, user: User) -> None:
        ask(browser(user))
        for _ in range(5):
            assert typed(browser(user), "000000" if code() != "000000" else "111111").status_code == 422
        assert typed(browser(user), code()).status_code == 422
        assert level(user) == 0

    def test_of_another_account_opens_nothing(self, user: User) -> None:
        ask(browser(user))
        other = account("other")
        ask(browser(other))
        assert typed(browser(other), re.findall(r"\d{6}", Gateway.sent[0][1])[0]).status_code == 422
        assert level(other) == 0

    def test_is_over_with_the_next_one(self, user: User) -> None:
        client = browser(user)
        ask(client)
        first = code()
        ask(client)
        if first != code():
            assert typed(client, first).status_code == 422
        assert typed(client, code()).status_code == 302

    @pytest.mark.parametrize("wrong", ["", "abc", "１２３４５６", "0" * 400])
    def test_that_is_none_is_answered_in_words(self, user: User, wrong: str) -> None:
        ask(browser(user))
        assert "验证码不对，或者已经过期" in typed(browser(user), wrong).content.decode()


class TestTheJob:
    def test_is_done_with_its_one_message(self, user: User) -> None:
        client = browser(user)
        ask(client)
        job = OutboxMessage.objects.get(kind="phone_code")
        assert (job.done_at is not None, job.attempts, job.last_error) == (True, 1, "")
        first = code()
        OutboxMessage.objects.update(done_at=None, lease_until=None)  # taken once more
        process("phone_code")
        assert (len(Gateway.sent), len(Register.asked)) == (1, 1)
        assert typed(client, first).status_code == 302

    def test_sends_nothing_again_where_the_gateway_did_not_say_whether_it_arrived(self, user: User) -> None:
        Gateway.is_away = True
        ask(browser(user))
        assert OutboxMessage.objects.get().done_at is not None
        assert len(Gateway.sent) == 1
        assert typed(browser(user), code()).status_code == 302

    def test_without_its_lease_sends_nothing(self, user: User) -> None:
        browser(user).post(PAGE, {"action": "send", "agreed": "1"})
        claims = claim_batch("phone_code")
        OutboxMessage.objects.update(lease_number=claims[0].lease_number + 1)  # somebody else has it now
        with pytest.raises(StaleLease):
            send_codes(claims)
        assert not Gateway.sent
        assert PhoneCheck.objects.get().until is None

    def test_of_what_was_asked_before_sends_nothing(self, user: User) -> None:
        for _ in range(2):
            browser(user).post(PAGE, {"action": "send", "agreed": "1"})
        process("phone_code")
        assert len(Gateway.sent) == 1
        assert typed(browser(user), code()).status_code == 302


def test_codes_are_braked_by_account_and_number(user: User, settings: Any) -> None:
    settings.YIJIAN_LIMITS_FACTOR = 1
    # Codes are told apart by when they were asked for, so time goes on; but the hour has just begun.
    with time_machine.travel(timezone.now().replace(minute=0, second=0)):
        for _ in range(5):
            ask(browser(user))
        page = browser(user).post(PAGE, {"action": "send", "agreed": "1"})
        assert "发得太多了" in page.content.decode()
        other = account("other")
        assert browser(other).post(PAGE, {"action": "send", "agreed": "1"}).status_code == 422
        process("phone_code")
    assert len(Gateway.sent) == 5


def test_strangers_do_not_use_up_what_the_owner_may_be_sent(user: User, settings: Any) -> None:
    """From other addresses they ask about the number until its telephone gets no more; the account that states the telephone gets its code."""
    settings.YIJIAN_LIMITS_FACTOR = 1
    person = Person.objects.get(user=user)
    person.phone = REGISTERED
    person.save(update_fields=["phone", "phone_index"])
    with time_machine.travel(timezone.now().replace(minute=0, second=0), tick=False) as clock:
        for place in range(8):
            stranger = browser(account(f"stranger{place}"))
            stranger.post(PAGE, {"action": "send", "agreed": "1"}, REMOTE_ADDR=f"198.51.100.{place}")
            process("phone_code")
            clock.shift(timedelta(seconds=1))
        assert len(Gateway.sent) == 5
        browser(user).post(PAGE, {"action": "send", "agreed": "1"}, REMOTE_ADDR="203.0.113.7")
        process("phone_code")
        assert len(Gateway.sent) == 6
        clock.shift(timedelta(seconds=1))
        # What is refused for who asks is not counted against the number.
        loud = browser(account("loud"))
        for _each in range(40):
            loud.post(PAGE, {"action": "send", "agreed": "1"}, REMOTE_ADDR="198.51.100.200")
        answer = browser(user).post(PAGE, {"action": "send", "agreed": "1"}, REMOTE_ADDR="203.0.113.7")
        assert answer.status_code == 302
        process("phone_code")
    assert len(Gateway.sent) == 7


def test_who_has_another_proved_account_is_not_proved_twice(user: User) -> None:
    client = browser(user)
    ask(client)
    owner = User.objects.create_user("owner")
    register_person(name=NAME, document_kind="111", number=NUMBER, user=owner, method="demo")
    page = typed(client, code())
    assert (page.status_code, "已经有一个核验过的账号" in page.content.decode()) == (422, True)
    assert find_person("111", NUMBER) == owner.person


def test_whoever_only_said_to_have_the_number_loses_it(user: User) -> None:
    squatter, other = account("squatter"), account("other", "李国栋", "360103198807213393")
    client = browser(user)
    ask(client)
    assert Person.objects.filter(user=squatter).exists()
    assert typed(client, code()).status_code == 302
    assert not Person.objects.filter(user=squatter).exists()
    assert SecurityEvent.objects.get(kind="identity_lost").user == squatter
    assert "已由本人核验" in browser(squatter).get("/accounts/profile/").content.decode()
    assert Person.objects.filter(user=other).exists()


def test_whom_the_window_knows_gets_the_account(user: User) -> None:
    client = browser(user)
    ask(client)
    known = register_person(name=NAME, document_kind="111", number=NUMBER, method="demo")
    assert typed(client, code()).status_code == 302
    known.refresh_from_db()
    assert known.user == user
