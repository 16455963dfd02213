"""The zone of matters (一件事专区): by whom it is for, stage of life, theme, department, and how far it is open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalog.browse.cards import Card, Listed, listed_cards
from catalog.browse.facets import Facet, FacetKind, narrow
from catalog.browse.themes import theme_kind
from catalog.models import Matter
from catalog.wording.translating import translate

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
    cards: list[Card]


@dataclass(frozen=True)
class SubjectTab:
    """Persons, or organisations, with all their stages."""

    key: str
    name: str
    stages: list[Stage]

    @property
    def filled(self) -> list[Stage]:
        return [stage for stage in self.stages if stage.cards]


@dataclass(frozen=True)
class Zone:
    """The zone narrowed by what was chosen: matters by subject and stage, the filters with their counts, and what was not understood."""

    subjects: list[SubjectTab]
    facets: dict[str, Facet]
    count: int
    total: int
    unknown: list[str]

    @property
    def narrowing(self) -> list[Facet]:
        """Return the filters beside persons or organisations, which are chosen above them."""
        return [facet for name, facet in self.facets.items() if name != "subject"]

    @property
    def is_narrowed(self) -> bool:
        return any(facet.chosen for facet in self.facets.values())


def _kinds(cards: list[Card]) -> list[FacetKind[Card]]:
    departments = {code: name for card in cards for code, name in card.departments.items()}
    stages = {stage: label for each in STAGES.values() for stage, label in each.items()}
    return [
        FacetKind(
            "subject", str(_("服务对象")), lambda card: [card.subject], lambda key: str(_SUBJECTS[key]), list(_SUBJECTS)
        ),
        FacetKind(
            "stage",
            str(_("阶段")),
            lambda card: [card.stage],
            lambda stage: str(stages.get(stage, stage)),
            list(stages),
        ),
        theme_kind(),
        FacetKind(
            "department", str(_("部门")), lambda card: card.departments, lambda code: translate(departments[code])
        ),
        FacetKind(
            "standing",
            str(_("开放程度")),
            lambda card: [card.status],
            lambda value: str(Matter.Status(value).label),
            Matter.Status.values,
        ),
    ]


def zone(found: Iterable[Listed], given: Mapping[str, str] | None = None) -> Zone:
    """Return the listed matters by subject and stage; ``given`` narrows them (subject, stage, theme, department, standing).

    Cost: one query per version not yet compiled, and one where a matter is still coming.
    """
    cards = listed_cards(found)
    shown, facets, unknown = narrow(cards, _kinds(cards), given or {})
    subjects = []
    for key, stages in STAGES.items():
        own = [card for card in shown if card.subject == key]
        rest = {card.stage: card.stage for card in own if card.stage not in stages}
        if own or not given:
            subjects.append(
                SubjectTab(
                    key,
                    str(_SUBJECTS[key]),
                    [
                        Stage(str(label), f"{key}-{number}", [card for card in own if card.stage == stage])
                        for number, (stage, label) in enumerate({**stages, **rest}.items(), start=1)
                    ],
                )
            )
    return Zone(subjects, {facet.name: facet for facet in facets}, len(shown), len(cards), unknown)
