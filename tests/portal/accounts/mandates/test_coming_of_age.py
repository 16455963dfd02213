"""A child and its parents hear when it is 14 and 18: once, on that day or a little later, and not of what is long ago."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.cache import cache

from portal.accounts.mandates.coming_of_age import tell_of_age
from portal.accounts.models import Mandate
from portal.notices.models import Message
from tests.worlds.cast import LI, Character, user_of

CHINA = ZoneInfo("Asia/Shanghai")
# Born on 29 February: of age on 1 March of a common year.
CHILD = Character("child", "李小满", "360103201202290016", "13500135000")


def told_on(day: date) -> list[str]:
    cache.clear()
    before = set(Message.objects.values_list("pk", flat=True))
    with time_machine.travel(datetime(day.year, day.month, day.day, 9, tzinfo=CHINA), tick=False):
        tell_of_age()
    return sorted(Message.objects.exclude(pk__in=before).values_list("kind", flat=True))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("age", "kinds"),
    [
        (14, ["mandate_consents_itself_child", "mandate_consents_itself_parent"]),
        (18, ["mandate_of_age_child", "mandate_of_age_parent"]),
    ],
)
def test_both_hear_once_on_the_day(age: int, kinds: list[str]) -> None:
    mother, child = user_of(LI).person, user_of(CHILD).person
    with time_machine.travel(datetime(2025, 1, 1, 9, tzinfo=CHINA), tick=False):
        Mandate.objects.create(
            number="M-1",
            principal=child,
            agent=mother,
            kind="parent",
            source="demo",
            begins_on=date(2025, 1, 1),
            until=date(2030, 2, 28),
            consents=True,
        )
    birthday = date(2026, 3, 1) if age == 14 else date(2030, 3, 1)
    assert told_on(birthday - timedelta(days=1)) == []
    assert told_on(birthday) == kinds
    assert told_on(birthday + timedelta(days=1)) == []
