"""A message to staff goes through one door, which asks who may hear of it now."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from catalog.models import Department, Membership
from catalog.staff.appointing import propose, refuse
from catalog.staff.memberships import dismiss, enroll, who_may
from catalog.staff.telling import tell_staff
from portal.accounts.models import User
from portal.notices.models import Message
from portal.notices.staff_wording import TO_STAFF

PROJECT = Path(__file__).resolve().parent.parent.parent.parent
# Kinds for staff that stand among the words for everybody.
MORE = {"proposal_made", "order_given", "order_answered", "card_", "card_yellow", "card_red", "source_failing"}
MORE |= {"grant_requested", "grant_granted", "grant_refused", "grant_ended", "grant_settled"}
DOOR = "catalog/staff/telling.py"


def texts_and_names(path: Path) -> tuple[set[str], set[str]]:
    """Return the texts that a module says, and the names that it imports."""
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    said = {one.value for one in nodes if isinstance(one, ast.Constant) and isinstance(one.value, str)}
    return said, {name.name for one in nodes if isinstance(one, ast.ImportFrom) for name in one.names}


def test_no_module_tells_staff_past_the_door() -> None:
    past, through = set(), set()
    for app in ("portal", "catalog", "certificates", "matters"):
        for path in (PROJECT / app).rglob("*.py"):
            said, names = texts_and_names(path)
            if said & (TO_STAFF.keys() | MORE) and "migrations" not in path.parts:
                (past if names & {"send_message", "send_messages"} else through).add(
                    path.relative_to(PROJECT).as_posix()
                )
    # Cards are put together by the door for many cases, and sent at once.
    assert past - {"matters/reviewing/cards.py"} == set()
    assert len(through) > 10


@pytest.mark.django_db
def test_who_lost_the_right_or_the_account_is_told_nothing() -> None:
    police = Department.objects.create(code="police", name="示例市公安局", short_name="公安")
    users = [User.objects.create_user(name, is_staff=True) for name in ("stays", "left", "closed", "never")]
    for user in users[:3]:
        enroll(user, police, "reviewer")
    dismiss(users[1], police, "reviewer")
    User.objects.filter(pk=users[2].pk).update(is_active=False)
    everybody = [None, *(user.pk for user in users)]
    tell_staff("lead_reminded", {}, key="k", link="/", accounts=everybody, now_may=who_may(police, "review"))
    assert [one.recipient for one in Message.objects.all()] == [users[0]]
    assert who_may(police, "supervise") == frozenset()


@pytest.mark.django_db
def test_who_proposed_a_post_and_may_no_more_is_not_told_of_its_refusal() -> None:
    police = Department.objects.create(code="police", name="示例市公安局", short_name="公安")
    first, second = (User.objects.create_superuser(name, name=name) for name in ("first", "second"))
    wang = User.objects.create_user("wang", name="王审查", is_staff=True)
    proposed = propose(first, wang, police, Membership.Role.REVIEWER)
    first.is_superuser = False
    first.save()
    refuse(second, proposed)
    assert not Message.objects.filter(kind="post_refused").exists()
