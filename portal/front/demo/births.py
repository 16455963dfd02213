"""The births of the demo town: families, how each filled in the form, and how far their application has come.

Every person and number is made up; identity numbers come from a range that is not handed out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any, Final

from PIL import Image, ImageDraw

from portal.front.demo.people import with_check_digit

# How far an application has come, in order.
SUBMITTED, BORN, RETURNED, REGISTERED, CONCLUDED = range(5)

ANSWERS: Final = {
    "relation": "mother",
    "children": "1",
    "marriage": "married",
    "household": "local",
    "ethnicity": "same",
    "surname": "parent",
    "claim": "no",
}


@dataclass(frozen=True, slots=True)
class Parent:
    name: str
    number: str
    phone: str


@dataclass(frozen=True, slots=True)
class Birth:
    """A family with a new child. ``username``: the account that applies, empty for one who came to the counter; ``born_days_ago`` days."""

    child: str
    sex: str
    born_days_ago: int
    mother: Parent
    father: Parent
    district: str
    address: str
    stage: int
    username: str = ""
    relation: str = "mother"
    claim: str = "no"

    @property
    def applicant(self) -> Parent:
        return self.mother if self.relation == "mother" else self.father


def _parent(name: str, first_seventeen: str, phone: str) -> Parent:
    return Parent(name, with_check_digit(first_seventeen), phone)


BIRTHS: Final = (
    Birth(
        "欧阳禾", "2", 41,
        _parent("何雨桐", "36010219940901998", "13800000012"), _parent("欧阳䶮", "36010219930307999", "13800000002"),
        "360102", "东湖区环湖路演示小区 3 栋 2 单元 501 室", CONCLUDED, "ouyang", "father", "yes",
    ),
    Birth(
        "陈知夏", "2", 20,
        _parent("宋佳宁", "36010419950516998", "13800000013"), _parent("陈思远", "36010419940218997", "13800000003"),
        "360104", "青云谱区洪都南路演示小区 12 栋 302 室", RETURNED, "chen", "father",
    ),
    Birth(
        "郭子墨", "1", 12,
        _parent("林若溪", "36010319930211998", "13800000014"), _parent("郭明轩", "36010319911120999", "13800000015"),
        "360103", "西湖区朝阳中路演示小区 7 栋 1204 室", REGISTERED,
    ),
    Birth(
        "阿依娜·买买提", "2", 9,
        _parent("古丽娜尔·买买提", "65010219950423998", "13800000016"), _parent("艾尔肯·玉素甫", "65010219930815999", "13800000017"),
        "360111", "青山湖区北京东路演示小区 5 栋 602 室", BORN,
    ),
    Birth(
        "徐沐阳", "1", 6,
        _parent("方静怡", "36011119960708998", "13800000018"), _parent("徐浩然", "36011119950102999", "13800000019"),
        "360113", "红谷滩区丰和中大道演示小区 9 栋 1801 室", BORN,
    ),
    Birth(
        "钟意", "2", 3,
        _parent("钟晓雯", "36012119970919998", "13800000020"), _parent("罗文博", "36012119960227999", "13800000021"),
        "360121", "南昌县莲塘镇演示小区 2 栋 401 室", SUBMITTED,
    ),
    Birth(
        "唐一诺", "1", 2,
        _parent("唐诗涵", "36010219980606998", "13800000022"), _parent("许志远", "36010219970330999", "13800000023"),
        "360102", "东湖区阳明路演示小区 1 栋 1 单元 203 室", SUBMITTED,
    ),
)  # fmt: skip


def form_values(birth: Birth, born_on: date) -> dict[str, Any]:
    """Return what the family fills in: field key → value. What the account knows is filled in by the draft itself."""
    applicant = birth.applicant
    values: dict[str, Any] = {
        "child:person.name": birth.child,
        "child:person.sex": birth.sex,
        "child:birth.time": f"{born_on.isoformat()}T08:15",
        "child:birth.place": "360102",
        "child:birth.institution": "南昌市演示妇幼保健院",
        "child:birth.weeks": 39,
        "child:birth.weight": 3250,
        "child:birth.length": "50.0",
        "child:person.ethnicity": "01",
        "child:person.native_place": birth.district,
        "mother:person.address": birth.address,
        "household:hukou.follow": birth.relation,
        "household:household.head_name": applicant.name,
        "household:household.number": "36010200" + applicant.phone[-4:],
        "child:hukou.relation": "daughter" if birth.sex == "2" else "son",
        "household:household.division": birth.district,
        "household:household.address": birth.address,
        "child:insurance.division": birth.district,
        "child:insurance.address": birth.address,
        "child:insurance.payment": "later",
        "child:card.bank": "icbc",
        "guardian:delivery.method": "pickup",
    }
    for role, parent in (("mother", birth.mother), ("father", birth.father)):
        values |= {
            f"{role}:person.name": parent.name,
            f"{role}:person.id_kind": "111",
            f"{role}:person.id_number": parent.number,
            f"{role}:person.phone": parent.phone,
        }
    values["mother:person.birth_date"] = date(
        int(birth.mother.number[6:10]), int(birth.mother.number[10:12]), int(birth.mother.number[12:14])
    ).isoformat()
    if birth.claim == "yes":
        values |= {
            "mother:bank.account": "6222021234567890128",
            "mother:bank.branch": "中国工商银行南昌演示支行",
            "mother:maternity.scheme": "employee",
            "mother:maternity.cost": "3860.00",
        }
    return values


def scanned_page(title: str, kind: str) -> bytes:
    """Return a page that stands for a scanned paper. ``kind``: ``JPEG`` or ``PDF``."""
    image = Image.new("RGB", (1240, 1754), "#fdfcf8")
    draw = ImageDraw.Draw(image)
    draw.rectangle((90, 90, 1150, 1664), outline="#8a8472", width=3)
    draw.text((140, 150), f"DEMO  {title}", fill="#1b2733", font_size=42)
    for row in range(18):
        draw.line((140, 300 + row * 70, 1100, 300 + row * 70), fill="#c9c3b4", width=2)
    out = BytesIO()
    image.save(out, kind)
    return out.getvalue()
