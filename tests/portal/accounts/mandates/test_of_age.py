"""A parent acts for a child whose number says how old it is, until it is 18 at the latest; and agrees to inquiries until it is 14, whatever last day a paper was said to have."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from portal.accounts.mandates.activities import MandateConflict, MandateScope, last_day_as_child
from portal.accounts.mandates.two_people import propose_guardian
from portal.accounts.models import Mandate, Person, User
from portal.accounts.people import register_person


@pytest.mark.parametrize(
    ("until", "born", "today", "may"),
    [
        (date(9999, 12, 31), None, date(2026, 11, 30), True),
        (date(2042, 2, 28), None, date(2038, 2, 28), True),
        (date(2042, 2, 28), None, date(2038, 3, 1), False),
        (date(2104, 2, 29), None, date(2100, 2, 28), True),  # 2100 has no 29 February
        (date(2104, 2, 29), None, date(2100, 3, 1), False),
        # A paper that ends before the child is of age.
        (date(2027, 1, 31), date(2026, 10, 20), date(2026, 11, 30), True),
        (date(9999, 12, 31), date(2024, 2, 29), date(2038, 2, 28), True),
        (date(9999, 12, 31), date(2024, 2, 29), date(2038, 3, 1), False),
    ],
)
def test_until_the_child_is_fourteen(until: date, born: date | None, today: date, may: bool) -> None:
    mandate = Mandate(kind="parent", consents=True, until=until)
    assert mandate.may_consent(today, born) is may


def test_others_as_the_mandate_says() -> None:
    for kind in ("authorised", "guardian"):
        for granted in (True, False):
            mandate = Mandate(kind=kind, consents=granted, until=date(9999, 12, 31))
            assert mandate.may_consent(date(2026, 11, 30)) is granted


def test_a_parent_only_of_a_child_whose_age_is_known_and_until_it_is_of_age(chen: Person, wang: User) -> None:
    child = register_person(name="李小满", document_kind="111", number="360103202402299984", method="register")
    abroad = register_person(name="李护照", document_kind="414", number="E12345678", method="demo")
    last = last_day_as_child(date(2024, 2, 29))

    def propose(principal: Person, until: date) -> None:
        propose_guardian(
            principal,
            chen,
            MandateScope(None, until, consents=True),
            kind="parent",
            basis="birth",
            paper="出生医学证明",
            officer=wang,
            sites=("police",),
        )

    with pytest.raises(MandateConflict, match="of_age"):
        propose(abroad, date(9999, 12, 31))
    for until in (date(9999, 12, 31), last + timedelta(days=1)):
        with pytest.raises(MandateConflict, match="term_over"):
            propose(child, until)
    propose(child, last)
