"""The lives that are measured: who applies for what, and who decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from portal.front.demo.births import ANSWERS, Birth, Parent, form_values
from portal.front.demo.people import CITIZENS, with_check_digit
from tests.life import applying
from tests.life.deciding import Hall, Outputs, office_today
from tests.life.visitor import Ledger, Visitor

LI = CITIZENS[0]
BORN_DAYS_AGO = 4


@dataclass(frozen=True, slots=True)
class Story:
    """A matter, the steps until 选择情形, answers and values by the serial of the life, and the results of the hall."""

    matter: str
    officers: tuple[str, ...]
    parts: int
    outputs: Outputs
    answers: Mapping[str, str]
    queues: tuple[tuple[str, str], ...] = field(default=())

    def values(self, serial: int) -> Mapping[str, Any]:
        return _newborn(serial)

    def live(self, base: str, ledger: Ledger, hall: Hall, serial: int) -> None:
        """Live one life, from the login to the certificates in hand. Raises ``RuntimeError`` with the page where it ended."""
        applicant = self.begin(base, ledger, hall, serial)
        number = applying.apply(applicant, self.answers, self.values(serial))
        self.follow(applicant, number)
        for username, department in self.queues:
            hall.officer(username).get(f"/review/{department}/", "queue")
        hall.decide(self.matter, number, serial, self.officers, self.parts, self.outputs)
        self.end(applicant, number)

    def begin(self, base: str, ledger: Ledger, hall: Hall, serial: int) -> Visitor:
        applicant = Visitor(base, ledger, "li")
        applicant.get("/", "home")
        applicant.get(f"/matters/{self.matter}/", "guide")
        applicant.get(f"/apply/{self.matter}/", "situation page")
        return applicant

    def follow(self, applicant: Visitor, number: str) -> None:
        applicant.get(f"/bundles/{number}/", "progress")

    def end(self, applicant: Visitor, number: str) -> None:
        self.follow(applicant, number)
        applicant.get("/certificates/", "library")
        links = applicant.page.xpath(
            '//main//a[starts-with(@href, "/certificates/") and string-length(@href) > 30]/@href'
        )
        for link in list(dict.fromkeys(links))[:2]:
            applicant.get(link, "certificate")
            applicant.get(f"{link}file.pdf", "certificate file")


class CounterStory(Story):
    """The same birth, brought to a window: the clerk sees the document, types what is told, and prints the receipt."""

    def begin(self, base: str, ledger: Ledger, hall: Hall, serial: int) -> Visitor:
        clerk = hall.officer("sun")
        clerk.get("/admin/counter/", "counter")
        form = clerk.form("/counter/start/")
        mother = _mother(serial)
        sent = dict(form.form_values()) | {
            "name": mother.name, "document_kind": "111", "number": mother.number, "phone": mother.phone,
            "matter": self.matter, "seen": "on",
        }  # fmt: skip
        clerk.post(form.get("action"), sent, "counter start")
        return clerk

    def follow(self, applicant: Visitor, number: str) -> None:
        applicant.get(f"/admin/counter/bundles/{number}/", "counter case")

    def end(self, applicant: Visitor, number: str) -> None:
        self.follow(applicant, number)
        applicant.get(f"/bundles/{number}/receipt/", "receipt")


class ShopStory(Story):
    """A noodle shop's licences, applied for by its owner in the shop's name."""

    def values(self, serial: int) -> Mapping[str, Any]:
        opening = office_today() + timedelta(days=INSPECTED_IN_DAYS)
        return SHOP_VALUES | {
            "premises:premises.address": f"朝阳中路 {serial} 号",
            "safety_officer:person.id_number": with_check_digit(f"36010219900607{serial % 900 + 100:03d}"),
            "premises:inspection.time": f"{opening.isoformat()}T10:00",
        }

    def begin(self, base: str, ledger: Ledger, hall: Hall, serial: int) -> Visitor:
        owner = Visitor(base, ledger, "li")
        owner.get("/", "home")
        switch = owner.form("/act-for/")
        shop = next(each for each in switch.xpath(".//button") if SHOP in each.text_content())
        owner.post(switch.get("action"), {"principal": shop.get("value")}, "act for")
        owner.get(f"/matters/{self.matter}/", "guide")
        owner.get(f"/apply/{self.matter}/", "situation page")
        return owner


SHOP: Final = "婉清面馆"
INSPECTED_IN_DAYS = 9
SHOP_ANSWERS: Final[Mapping[str, str]] = {
    "applicant": "principal", "licence": "have", "scale": "regular", "place": "same", "staff_health": "have", "fire": "below",
    "sign": "no", "tobacco": "no",
}  # fmt: skip
SHOP_VALUES: Final[Mapping[str, str]] = {
    "premises:premises.division": "360103", "premises:premises.area": "86", "premises:premises.seats": "40",
    "premises:premises.floor": "ground", "premises:premises.building": "commercial",
    "shop:food.business_type": "catering", "shop:food.items": "hot", "shop:food.online": "false", "shop:staff.count": "5",
    "premises:food.special_room": "false", "premises:food.warehouse": "false",
    "safety_officer:person.name": "陈思远", "safety_officer:person.phone": "13800000003",
    "safety_officer:food.assessment": "passed",
    "shop:delivery.method": "pickup",
}  # fmt: skip
SHOP_OUTPUTS: Final[Outputs] = {
    "state": lambda serial: "normal",
    "permit_number": lambda serial: f"JY1360103{serial % 10_000_000:07d}",
    "valid_until": lambda serial: f"{office_today().replace(day=1) + timedelta(days=5 * 365):%Y-%m-%d}",
}


def _mother(serial: int) -> Parent:
    return Parent("林晓岚", with_check_digit(f"36010219940901{serial % 900 + 100:03d}"), "13800000012")


def _newborn(serial: int) -> dict[str, Any]:
    born = office_today() - timedelta(days=BORN_DAYS_AGO)
    father = Parent("张远航", with_check_digit(f"36010219930307{serial % 900 + 100:03d}"), "13800000002")
    birth = Birth(
        "李木" + chr(0x4E00 + serial % 5000), "1", BORN_DAYS_AGO, _mother(serial), father,
        "360103", "西湖区朝阳中路 1 栋 101 室", 0, "li", "mother", "yes",
    )  # fmt: skip
    values = form_values(birth, born)
    for key in ("name", "id_kind", "id_number", "phone"):
        values[f"guardian:person.{key}"] = values[f"mother:person.{key}"]
    return values


NEWBORN_OUTPUTS: Final[Outputs] = {
    "certificate_number": lambda serial: f"Z36{serial:07d}",
    "booklet_number": lambda serial: f"36{serial:06d}",
    "institution": lambda serial: "南昌市妇幼保健院",
    "household_number": lambda serial: f"3601{serial:08d}",
    "insurance_number": lambda serial: f"3601{serial:08d}",
    "approved_amount": lambda serial: "2600.00",
    "card_number": lambda serial: f"A{serial:08d}",
    "bank": lambda serial: "中国工商银行",
    "id_number": lambda serial: with_check_digit(
        f"360103{office_today() - timedelta(days=BORN_DAYS_AGO):%Y%m%d}{(2 * serial + 1) % 1000:03d}"
    ),
}
HALL = ("wang", "zhao", "qian", "liu")
QUEUES = (("wang", "health"), ("zhao", "police"))

STORIES: Final[Mapping[str, Story]] = {
    "newborn": Story("newborn", HALL, 6, NEWBORN_OUTPUTS, ANSWERS | {"claim": "yes"}, QUEUES),
    "restaurant": ShopStory("restaurant", ("market",), 2, SHOP_OUTPUTS, SHOP_ANSWERS, (("market", "market"),)),
    "counter": CounterStory("newborn", HALL, 6, NEWBORN_OUTPUTS, ANSWERS | {"claim": "yes"}, QUEUES),
}
