"""仍需证明清单: which published items still ask for papers that others issue, and what is to take their place, as rows say it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import groupby

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from catalog.definitions import CERTAIN_EXEMPTIONS, MaterialNeed
from catalog.versions.items import PublishedItem, published_items
from catalog.wording.translating import translate
from portal.sharing.models import Grant, Provision

# Where a paper comes from that its applicant writes, or that is made here: it proves nothing that an office knows.
OWN_WORD = frozenset({"", "申请人自备", "由您填的表生成", "到场填写", "在线阅读并同意后生成"})


class Standing(StrEnum):
    """What takes, or is to take, the place of a paper, the nearest first."""

    SHARED = "shared"  # a source may be asked for this item today
    REQUESTED = "requested"  # its owner has been asked and has not answered
    SUPPLIED = "supplied"  # a source has it, nobody has asked for this item
    CERTIFICATE = "certificate"  # an electronic certificate does, where there is one
    COMMITMENT = "commitment"
    PLANNED = "planned"  # the item says that a department knows it; no source is connected
    NONE = "none"


STANDINGS: dict[Standing, str | Promise] = {
    Standing.SHARED: gettext_lazy("能查：经本人同意或者依法查到的，不用交"),
    Standing.REQUESTED: gettext_lazy("已提出数据需求，等对方答复"),
    Standing.SUPPLIED: gettext_lazy("有数据来源，还没有提出需求"),
    Standing.CERTIFICATE: gettext_lazy("有电子证照的不用交"),
    Standing.COMMITMENT: gettext_lazy("可以用告知承诺代替"),
    Standing.PLANNED: gettext_lazy("计划由部门数据代替，还没有接入数据来源"),
    Standing.NONE: gettext_lazy("还没有代替办法"),
}


@dataclass(frozen=True, slots=True)
class Proof:
    """One paper that an item asks for. ``by``: whose data, or which source; ``at``: when it was asked for or granted."""

    department: str
    slug: str
    item: str
    paper: str
    issued_by: str
    is_conditional: bool
    standing: Standing
    by: str = ""
    at: datetime | None = None

    @property
    def words(self) -> str:
        """What takes its place, in words."""
        return str(STANDINGS[self.standing])


@dataclass(frozen=True, slots=True)
class PaperSource:
    """A source that has a paper, and what became of the grants of each item: item → (state, when)."""

    name: str
    grants: Mapping[str, tuple[str, datetime | None]]


def proofs() -> list[Proof]:
    """Return the proofs that published items ask for and that nothing certain takes the place of, by department and item. Three queries."""
    supplies = _supplies()
    found = [
        proof
        for item in published_items().values()
        for need in item.definition.materials
        if (proof := _proof(item, need, supplies)) is not None
    ]
    return sorted(found, key=lambda proof: (proof.department, proof.item, proof.paper))


def by_department(found: list[Proof]) -> list[tuple[str, list[Proof]]]:
    """Return the proofs of each department, in their order."""
    return [(name, list(each)) for name, each in groupby(found, key=lambda proof: proof.department)]


def counts_of(found: list[Proof]) -> list[tuple[str, int]]:
    """Return how many proofs stand how, in words, the nearest to going first."""
    counted = Counter(proof.standing for proof in found)
    return [(str(words), counted[standing]) for standing, words in STANDINGS.items() if counted[standing]]


def _supplies() -> dict[str, list[PaperSource]]:
    """Return material → the open sources that have it, the most certain first. Two queries."""
    rows = Provision.objects.filter(kind=Provision.Kind.MATERIAL, source__is_open=True)
    rows = rows.select_related("source__department").prefetch_related("grants").order_by("-source__certainty", "pk")
    found: dict[str, list[PaperSource]] = {}
    for row in rows:
        # Asked for anew after a refusal, the latest counts.
        grants = {
            grant.item: (grant.state, grant.decided_at or grant.requested_at)
            for grant in sorted(row.grants.all(), key=lambda grant: grant.pk)
        }
        name = f"{translate(row.source.department.name)} · {row.source.name}"
        found.setdefault(row.code, []).append(PaperSource(name, grants))
    return found


def _proof(item: PublishedItem, need: MaterialNeed, supplies: Mapping[str, list[PaperSource]]) -> Proof | None:
    material = item.materials.get(need.material)
    kinds = {each.kind: each.reference for each in need.exemptions}
    if material is None or material.issued_by in OWN_WORD or kinds.keys() & CERTAIN_EXEMPTIONS:
        return None
    standing, by, at = _standing(item, kinds, supplies.get(material.code, []))
    return Proof(
        department=translate(item.row.department.name),
        slug=item.definition.slug,
        item=translate(item.definition.name),
        paper=translate(material.name),
        issued_by=translate(material.issued_by),
        is_conditional=need.condition is not None or need.necessity != "required",
        standing=standing,
        by=by,
        at=at,
    )


def _standing(
    item: PublishedItem, kinds: Mapping[str, str], supplies: list[PaperSource]
) -> tuple[Standing, str, datetime | None]:
    slug = item.definition.slug
    for state, standing in ((Grant.State.GRANTED, Standing.SHARED), (Grant.State.REQUESTED, Standing.REQUESTED)):
        for supply in supplies if "shared_data" in kinds else []:
            told, at = supply.grants.get(slug, ("", None))
            if told == state:
                return standing, supply.name, at
    if supplies:
        return Standing.SUPPLIED, supplies[0].name, None
    for kind, standing in (("certificate", Standing.CERTIFICATE), ("shared_data", Standing.PLANNED)):
        if kind in kinds:
            return standing, translate(item.names.get((kind, kinds[kind]), "")), None
    if "commitment" in kinds:
        return Standing.COMMITMENT, "", None
    return Standing.NONE, "", None
