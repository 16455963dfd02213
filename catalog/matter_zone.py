"""The zone of matters (一件事专区): by whom it is for and by the stage of life."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalog.cards import MatterCard, matter_cards
from catalog.models import Matter

# The stages in the order of life, as the national list of matters names them. Source: 国办发〔2025〕24号.
STAGES: dict[str, dict[str, Promise]] = {
    Matter.Subject.PERSON.value: {
        "出生": _("出生"),
        "教育": _("教育"),
        "就业": _("就业"),
        "生活": _("生活"),
        "置业": _("置业"),
        "出行": _("出行"),
        "就医": _("就医"),
        "救助": _("救助"),
        "养老": _("养老"),
        "身后": _("身后"),
    },
    Matter.Subject.ORGANISATION.value: {
        "准入准营": _("准入准营"),
        "招聘用工": _("招聘用工"),
        "纳税缴费": _("纳税缴费"),
        "经营发展": _("经营发展"),
        "工程建设": _("工程建设"),
        "注销退出": _("注销退出"),
    },
}
_SUBJECTS: dict[str, Promise] = {
    Matter.Subject.PERSON.value: _("个人"),
    Matter.Subject.ORGANISATION.value: _("经营主体"),
}


@dataclass(frozen=True)
class Stage:
    """One stage with its matters; those without are named all the same, so that the order of life stays visible."""

    name: str
    anchor: str
    cards: list[MatterCard]


@dataclass(frozen=True)
class Subject:
    """Persons, or organisations, with all their stages."""

    key: str
    name: str
    stages: list[Stage]

    @property
    def filled(self) -> list[Stage]:
        return [stage for stage in self.stages if stage.cards]


def zone(subject: str = "") -> list[Subject]:
    """Return the matters by subject and stage; ``subject`` leaves only one of the two. Cost: one query."""
    cards = matter_cards()
    shown = []
    for key, stages in STAGES.items():
        if subject in ("", key):
            own = [card for card in cards if card.subject == key]
            rest = {card.stage: card.stage for card in own if card.stage not in stages}
            shown.append(
                Subject(
                    key,
                    str(_SUBJECTS[key]),
                    [
                        Stage(str(label), f"{key}-{number}", [card for card in own if card.stage == stage])
                        for number, (stage, label) in enumerate({**stages, **rest}.items(), start=1)
                    ],
                )
            )
    return shown
