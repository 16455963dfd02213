"""The cast of the account tests: Li, a citizen; Wang, who works in a department; a stranger."""

from __future__ import annotations

import pytest

from portal.accounts.models import Person, User
from portal.accounts.people import register_person

PASSWORD = "小满 river 42 stones"


@pytest.fixture
def li(db: None) -> Person:
    user = User.objects.create_user("li", password=PASSWORD, name="李芳")
    return register_person(
        name="李芳",
        document_kind="111",
        number="36010319850615908X",
        phone="13800138000",
        user=user,
        method="demo",
    )


@pytest.fixture
def wang(db: None) -> User:
    return User.objects.create_user("wang", password=PASSWORD, name="王审", is_staff=True)
