"""The people of the demo town: who they are, where they work, how they log in.

All identity numbers are made up, from number ranges that are not handed out, with valid check digits.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass

from portal.identifiers.document_numbers import check_character

PASSWORD = "yijian-demo-2026"  # noqa: S105 - the demo town's public password, refused by production settings


@dataclass(frozen=True, slots=True)
class Citizen:
    """A citizen with an account. ``number`` is a resident identity number (GB 11643)."""

    username: str
    name: str
    number: str
    phone: str


@dataclass(frozen=True, slots=True)
class Officer:
    """A member of staff: department code → role (``catalog.models.Membership.Role``), and offices in the catalog (``catalog.staff.managers``)."""

    username: str
    name: str
    roles: tuple[tuple[str, str], ...]
    is_superuser: bool = False
    offices: tuple[str, ...] = ()


def seed_of(username: str) -> str:
    """Return the seed (TOTP, base32) of an officer's second factor: as public as the password, and fixed, so that an app stays set up."""
    return base64.b32encode(hashlib.sha256(f"{PASSWORD}:{username}".encode()).digest()[:20]).decode()


def with_check_digit(first_seventeen: str) -> str:
    """Return the 18-character resident identity number (ISO 7064 MOD 11-2) for its first 17 digits."""
    return first_seventeen + check_character(first_seventeen)


CITIZENS = (
    Citizen("li", "李婉清", with_check_digit("36010319950615996"), "13800000001"),
    Citizen("ouyang", "欧阳䶮", with_check_digit("36010219930307999"), "13800000002"),
    Citizen("chen", "陈思远", with_check_digit("36010419940218997"), "13800000003"),
    Citizen("hu", "胡桂兰", with_check_digit("36010319440312998"), "13800000034"),  # 80 and more: the old age allowance
)

HALL = ("health", "police", "insurance", "labour")

# Who decides in every other department that an open matter leads to; the user name is the department's code.
DESKS = (
    ("market", "何登记"),
    ("fire", "方消防"),
    ("urban", "许城管"),
    ("traffic_police", "岳车管"),
    ("ecology", "蓝环保"),
    ("tobacco", "严专卖"),
    ("tax", "金税务"),
    ("civil", "马民政"),
    ("education", "文教育"),
    ("dh_education", "文东湖"),
    ("housing", "房住建"),
    ("housing_fund", "于公积"),
    ("land", "田资源"),
    ("transport", "路交通"),
    ("veterans", "武退役"),
    ("military", "武动员"),
    ("customs", "关海关"),
    ("bank", "钱人行"),
    ("water", "江供水"),
    ("drainage", "江排水"),
    ("power", "雷供电"),
    ("gas", "齐燃气"),
    ("heat", "温供热"),
    ("telecom", "讯通信"),
    ("broadcast", "广电视"),
)

OFFICERS = (
    Officer("sun", "孙丽", tuple((code, "clerk") for code in HALL)),
    Officer("wang", "王医生", (("health", "reviewer"),)),
    Officer("zhao", "赵警官", (("police", "reviewer"),)),
    Officer("qian", "钱敏", (("insurance", "reviewer"),)),
    Officer("liu", "刘强", (("labour", "reviewer"),)),
    Officer("zhou", "周主任", (("health", "lead"),)),
    *(Officer(code, name, ((code, "reviewer"),)) for code, name in DESKS),
    Officer("wu", "吴清", tuple((code, "supervisor") for code in (*HALL, *(code for code, _name in DESKS)))),
    Officer("tang", "唐编目", (), offices=("目录管理员",)),
    Officer("deng", "邓审核", (), offices=("目录审核员",)),
    Officer("admin", "管理员", (), is_superuser=True),
    Officer("an", "安管理员", (), is_superuser=True),
)

# What `make run` prints: role, user name, password, where the work begins.
LOGINS = [
    ("申请人 citizen (mother)", "li", PASSWORD, "/"),
    ("申请人 citizen (results in)", "ouyang", PASSWORD, "/"),
    ("申请人 citizen (asked to correct)", "chen", PASSWORD, "/"),
    ("综合窗口 window clerk", "sun", PASSWORD, "/admin/counter/"),
    ("卫健审查 health reviewer", "wang", PASSWORD, "/review/"),
    ("公安审查 police reviewer", "zhao", PASSWORD, "/review/"),
    ("医保审查 insurance reviewer", "qian", PASSWORD, "/review/"),
    ("人社审查 labour reviewer", "liu", PASSWORD, "/review/"),
    ("其他部门审查 other reviewers", "market, tax, civil …", PASSWORD, "/review/"),
    ("牵头部门 lead department", "zhou", PASSWORD, "/review/"),
    ("效能监察 supervisor", "wu", PASSWORD, "/review/"),
    ("目录管理 catalog manager", "tang", PASSWORD, "/admin/"),
    ("目录审核 catalog reviewer", "deng", PASSWORD, "/admin/catalog/proposal/"),
    ("系统管理 administrator", "admin", PASSWORD, "/admin/"),
    ("系统管理 second administrator", "an", PASSWORD, "/admin/"),
]
