"""A parent agrees to inquiries until the child is 14, whatever last day a paper was said to have."""

from __future__ import annotations

from datetime import date

import pytest

from portal.accounts.models import Mandate


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
