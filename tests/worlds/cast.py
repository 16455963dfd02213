"""The cast, the same in every world: Li applies, Wang decides, Zhao is of another department, Sun sits at the window, a stranger.

Who stands beside them only where a test needs more: Zhang works with Wang, Zhou leads them, Qian is of a third department, old
Chen comes to the window without an account; Tang writes the catalog, Deng and He review it.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.test import Client

from catalog.models import Department
from catalog.staff.managers import appoint
from catalog.staff.memberships import enroll
from portal.accounts.last_account import cookie_name, mark_of
from portal.accounts.models import Person, User
from portal.accounts.people import register_person

PASSWORD = "correct horse battery"


@dataclass(frozen=True, slots=True)
class Character:
    """Somebody's account, and the number of the identity card of those who are known as a person."""

    username: str
    name: str
    number: str = ""
    phone: str = ""


LI = Character("li", "李明慧", "36010219920815422X", "13800138000")
WANG = Character("wang", "王警官")
ZHAO = Character("zhao", "赵医生")
SUN = Character("sun", "孙窗口")
STRANGER = Character("stranger", "陈生", "110101199003070134")

ZHANG = Character("zhang", "张警官")
ZHOU = Character("zhou", "周所长")
QIAN = Character("qian", "钱科员")
CHEN = Character("chen", "陈老先生", "360102195801014246", "13700137000")

TANG = Character("tang", "唐编目")
DENG = Character("deng", "邓审核")
HE = Character("he", "何审核")


def person_of(character: Character, user: User | None = None) -> Person:
    """Register somebody as a proved person, with their account if they have one."""
    return register_person(
        name=character.name,
        document_kind="111",
        number=character.number,
        phone=character.phone,
        user=user,
        method="demo",
    )


def user_of(character: Character, *posts: tuple[Department, str]) -> User:
    """Create somebody's account: with a person if their number is known, as staff if they have posts (department and role)."""
    user = User.objects.create_user(character.username, password=PASSWORD, name=character.name, is_staff=bool(posts))
    if character.number:
        person_of(character, user)
    for department, role in posts:
        enroll(user, department, role)
    return user


def cataloguer(character: Character, *offices: str) -> User:
    """Create the account of a member of staff who holds these offices of the catalog, or none."""
    user = User.objects.create_user(character.username, password=PASSWORD, name=character.name, is_staff=True)
    for office in offices:
        appoint(user, office)
    return user


def logged_in(user: User) -> Client:
    """Return a client with the user's session."""
    client = Client()
    client.force_login(user, backend="portal.accounts.backends.AccountBackend")
    return client


def remember(client: Client, user: User) -> None:
    """Leave a client as a browser in which this account was logged in until its session ended."""
    client.cookies[cookie_name()] = mark_of(user.pk)
