"""A province adds a way of proving who one is by a class and a line of the settings."""

from __future__ import annotations

from typing import Any

from django.test import Client

from portal.accounts.identity.ways import Way
from portal.accounts.models import Level, User
from portal.accounts.people import claim_person, prove_own


class BankCard(Way):
    """What a province might add."""

    method = "bank_card"
    name = "银行卡"
    hint = "输入银行卡号，由银行核对姓名和证件号码。"
    action = "用银行卡核验"

    def is_open(self) -> bool:
        return True

    def address(self, target: str) -> str:
        return f"/bank-card/?next={target}"


class Closed(BankCard):
    def is_open(self) -> bool:
        return False


def test_it_is_offered_and_its_word_is_worth_level_one(client: Client, settings: Any, db: None) -> None:
    settings.YIJIAN_IDENTITY_WAYS = [f"{__name__}.BankCard", f"{__name__}.Closed"]
    user = User.objects.create_user("chen")
    document = {"name": "李芳", "document_kind": "111", "number": "36010319850615908X"}
    claim_person(**document, user=user)
    client.force_login(user)
    page = client.get("/accounts/identity/?next=/bundles/").content.decode()
    assert page.count('href="/bank-card/?next=/bundles/"') == 1
    assert "到综合窗口核验" in page
    person = prove_own(user, **document, method=BankCard.method, reference="bank 1")
    assert person.level == Level.CHANNEL
    profile = client.get("/accounts/profile/").content.decode()
    assert "已实名" in profile
    assert "银行卡" in profile
    assert "/bank-card/" not in client.get("/accounts/identity/").content.decode()


def test_it_leads_to_no_other_site(client: Client, db: None) -> None:
    client.force_login(User.objects.create_user("chen"))
    page = client.get("/accounts/identity/?next=https://evil.example/").content.decode()
    assert 'href="https://evil.example' not in page
