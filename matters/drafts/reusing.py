"""Papers that were handed in before and still serve (材料库): the same paper, about the same persons, for the same client, granted on.

How long a paper serves is the material's ``valid_days`` in the version that is applied by; one without serves no other application.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models.functions import JSONObject
from django.utils import timezone

from catalog.merging.compiled import Plan
from catalog.merging.planned import PlannedMaterial
from certificates.models import Certificate
from matters.cases.department_view import gather_outputs, with_supplied
from matters.cases.department_view import plan_of as plan_of_bundle
from matters.cases.sealed_form import open_bundle_form
from matters.core.inquiries import organisation_of, subject_in_role
from matters.core.states import State
from matters.drafts.uploads import accepted_types
from matters.models import Bundle, Scan, SubItem, SubmittedMaterial
from matters.models.querysets import PAGE_ORDER
from portal.accounts.models import Organisation, Person
from portal.lib.prepared import BuiltOnce, Slot
from portal.sharing.core.inquiry import DataSubject

# So many files are looked through, those of the latest applications first.
MOST = 60
Offers = Mapping[str, "list[EarlierUpload]"]


@dataclass(frozen=True, slots=True)
class EarlierUpload:
    """The files of a paper of an earlier application. ``part``: that was granted on it; ``day``: on which the first was handed in;
    ``until``: the last day on which they serve."""

    part: SubItem
    bundle: str
    files: tuple[SubmittedMaterial, ...] = field(repr=False)
    day: date
    until: date

    @property
    def file_ids(self) -> list[str]:
        return [str(file.pk) for file in self.files]


def _granted(of_organisation: bool) -> models.QuerySet[SubmittedMaterial]:
    # A certificate that was revoked takes the decision with it that it was issued by.
    revoked = Certificate.objects.filter(
        decision_reference=models.OuterRef("number"), status=Certificate.Status.REVOKED
    )
    granted = SubItem.objects.filter(~models.Exists(revoked), bundle=models.OuterRef("bundle"), state=State.APPROVED)
    parts = granted.order_by("number").values(part=JSONObject(id="id", key="key", number="number", name="name"))
    client: dict[str, Any] = {"bundle__organisation": None}
    if of_organisation:
        client = {"bundle__organisation": Slot("organisation", models.UUIDField())}
    return (
        SubmittedMaterial.objects.filter(
            bundle__applicant=Slot("applicant", models.UUIDField()),
            material__regex=Slot("codes", models.CharField()),
            replaced_at=None,
            **client,
        )
        .annotate(granted=ArraySubquery(parts))
        .select_related("bundle")
        .order_by("-bundle__submitted_at", "-bundle", *PAGE_ORDER)[:MOST]
    )


_OWN = BuiltOnce(lambda: _granted(False))
_ORGANISATIONS = BuiltOnce(lambda: _granted(True))


def earlier_uploads(
    plan: Plan,
    papers: Iterable[PlannedMaterial],
    values: Mapping[str, Any],
    applicant: Person,
    subject: DataSubject,
    today: date,
    organisation: Organisation | None = None,
    taken: Collection[str] = (),
) -> Offers:
    """Return paper → the latest that was handed in before and serves today; of those ``taken`` each that does, the latest first.

    Cost: none where no such paper is asked for, else one query; one more for an earlier application where a department gave the number of
    whoever it is about.
    """
    wanted = {}
    for paper in papers:
        days = plan.matter.materials[paper.code].valid_days
        about = None if paper.is_met or days is None else _about(plan, paper, values, subject)
        if about is not None and days is not None:
            wanted[paper.key] = (paper, days, about)
    if not wanted:
        return {}
    codes = "|".join(sorted({re.escape(paper.code) for paper, _days, _about in wanted.values()}))
    given: dict[str, Any] = {"applicant": applicant.pk, "codes": f"(^|:)({codes})$"}
    rows = _OWN(**given) if organisation is None else _ORGANISATIONS(**given, organisation=organisation.pk)
    if len(rows) == MOST:  # of the last application there may be more
        rows = [row for row in rows if row.bundle_id != rows[-1].bundle_id]
    groups: dict[tuple[UUID | None, str], list[SubmittedMaterial]] = {}
    for row in rows:
        if row.granted and (applicant.is_proved or row.bundle.channel != "counter"):  # type: ignore[attr-defined,union-attr]
            groups.setdefault((row.bundle_id, row.material), []).append(row)
    found: dict[str, list[EarlierUpload]] = {}
    earlier = _Applications(subject)
    for files in groups.values():
        for key, (paper, days, about) in wanted.items():
            if files[0].material.rpartition(":")[2] != paper.code or not _are_usable(files, paper):
                continue
            if key in found and key not in taken:
                continue
            day = timezone.localdate(min(file.uploaded_at for file in files))
            until = day + timedelta(days=days)
            part = earlier.granted_on(files, about) if today <= until else None
            if part is not None and files[0].bundle is not None:
                found.setdefault(key, []).append(EarlierUpload(part, files[0].bundle.number, tuple(files), day, until))
    return found


def chosen(offers: Offers, key: str, choice: Mapping[str, Any] | None) -> EarlierUpload | None:
    """Return what the applicant took for a paper, if it still serves."""
    if choice is None:
        return None
    same = (
        each for each in offers.get(key, []) if each.part.number == choice["part"] and each.file_ids == choice["files"]
    )
    return next(same, None)


def _are_usable(files: Iterable[SubmittedMaterial], paper: PlannedMaterial) -> bool:
    types = accepted_types(paper.accept)
    return all(file.scan in (Scan.NONE, Scan.CLEAN) and file.content_type in types for file in files)


class _Applications:
    """Earlier applications, each opened once."""

    def __init__(self, subject: DataSubject) -> None:
        self._subject = subject
        self._opened: dict[UUID, tuple[Plan, Mapping[str, Any], dict[str, PlannedMaterial]]] = {}

    def granted_on(self, files: list[SubmittedMaterial], about: frozenset[str]) -> SubItem | None:
        """Return the part of an earlier application that asked for a paper about these and was granted."""
        bundle = files[0].bundle
        if bundle is None:
            return None
        plan, values, asked = self._open(bundle)
        paper = asked.get(files[0].material)
        if paper is None:
            return None
        parts = [SubItem(bundle=bundle, **each) for each in files[0].granted]  # type: ignore[attr-defined]
        askers = {asker.item for asker in paper.asked_by if not asker.supplied_by}
        part = next((each for each in parts if each.key in askers), None)
        if part is None:
            return None
        then = _about(plan, paper, values, self._subject)
        if then is None:
            then = _about(plan, paper, _with_decided(plan, bundle, values), self._subject)
        return part if then == about else None

    def _open(self, bundle: Bundle) -> tuple[Plan, Mapping[str, Any], dict[str, PlannedMaterial]]:
        if bundle.pk not in self._opened:
            plan, values = plan_of_bundle(bundle), open_bundle_form(bundle).values
            self._opened[bundle.pk] = (plan, values, {each.key: each for each in plan.materials_for(values)})
        return self._opened[bundle.pk]


def _with_decided(plan: Plan, bundle: Bundle, values: Mapping[str, Any]) -> Mapping[str, Any]:
    numbers = (field for key, field in plan.fields.items() if key.endswith(":person.id_number"))
    if not any(number.supplied_by for number in numbers):
        return values
    return with_supplied(plan, values, gather_outputs(bundle))


def _about(
    plan: Plan, paper: PlannedMaterial, values: Mapping[str, Any], applicant: DataSubject
) -> frozenset[str] | None:
    """Return whom a paper is about, by number; None while it cannot be said.

    A role's paper is about who plays it. One without is about the applicant, the one organisation of the form, and whoever the items are
    for that ask for it.
    """
    if paper.role:
        roles = {(paper.role, paper.instance)}
        subjects = []
    else:
        items = [plan.item(asker.item) for asker in paper.asked_by]
        roles = {(item.role, item.instance) for item in items if item.role}
        organisation = organisation_of(plan, paper, values)
        subjects = [applicant, *([organisation] if organisation is not None else [])]
    for role, instance in roles:
        who = subject_in_role(plan, role, instance, values, applicant)
        if who is None:
            return None
        subjects.append(who)
    return frozenset(f"{each.kind}:{each.number}" for each in subjects)
