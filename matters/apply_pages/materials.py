"""The papers of an application for display: what is asked, what is there, what is exempt and why."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

from django.utils.translation import pgettext

from catalog.merging.compiled import Plan
from catalog.merging.planned import PlannedMaterial
from catalog.wording.papers import CLASSES, exemption_sentence, paper_name
from matters.core.draft_document import DraftDocument
from matters.drafts.documents import document_names
from matters.drafts.profile import acting_under
from matters.drafts.reusing import EarlierUpload
from matters.drafts.satisfying import Kind, Substitute, offers_for, substitutes_for
from matters.drafts.uploads import accept_attribute, accepted_types, format_names
from matters.files.limits import FILES_PER_MATERIAL
from matters.form_page.fields import html_id
from matters.models import Draft, Scan, SubmittedMaterial
from matters.wording.substitutes import (
    commitment_words,
    earlier_words,
    lapsed_words,
    no_mandate_words,
    substitute_sentence,
)
from matters.wording.uploads import paper_words, size_label
from portal.sharing.models import Fetch


@dataclass(frozen=True, slots=True)
class PaperView:
    """A file handed in."""

    id: uuid.UUID
    name: str
    size: str
    is_picture: bool
    words: str
    is_held: bool
    is_infected: bool


@dataclass(frozen=True, slots=True)
class EarlierView:
    """What was handed in for an earlier application and serves here: from which part, and where to look at it."""

    part: str
    words: str
    bundle: str
    files: list[tuple[uuid.UUID, str]]


@dataclass(frozen=True, slots=True)
class MaterialView:
    """A paper that is asked for. ``exempt`` says why it need not be handed in (``is_met_by_a_row``: for a row of the applicant's); with ``may_be_handed_in`` it may be all the same.

    ``earlier``: what of an earlier application could be taken, or was (``is_reused``); ``lapsed``: why what was taken is not there any more.

    ``asking``: what came of asking a source about it; ``commitment``: the words that would stand in for it, ``is_committed``: and do.
    """

    key: str
    id: str
    name: str
    note: str
    reason: str
    necessity: str
    deferred_days: int | None
    exempt: str
    is_met_by_a_row: bool
    kind: str
    recipients: str
    accept: str
    formats: str
    papers: tuple[PaperView, ...]
    errors: tuple[str, ...]
    is_full: bool
    may_be_handed_in: bool
    asking: str
    commitment: str
    is_committed: bool
    earlier: EarlierView | None
    is_reused: bool
    lapsed: str
    # Documents that can be read in full: those made from the form, or the commitment. By name (``matters.drafts.documents``).
    documents: tuple[str, ...]

    @property
    def bare(self) -> MaterialView:
        """What is asked for without what is the applicant's own in it: the same for everybody who is asked for it."""
        if not (self.papers or self.errors or self.earlier or self.lapsed or self.is_met_by_a_row):
            return self
        return replace(self, papers=(), errors=(), earlier=None, lapsed="", exempt="", is_met_by_a_row=False, kind="")

    @property
    def is_bare(self) -> bool:
        """Whether there is nothing in it that is the applicant's own."""
        return self.bare is self

    @property
    def way(self) -> str:
        """In which of the ways it is spared, in a word (`CLASSES`)."""
        return str(CLASSES.get(self.kind, ""))

    @property
    def described_by(self) -> str:
        """The ids of what a screen reader says of its file control."""
        return " ".join(
            [f"{self.id}-hint", *(f"{self.id}-error-{number}" for number in range(1, len(self.errors) + 1))]
        )

    @property
    def is_missing(self) -> bool:
        return self.necessity == "required" and not self.exempt and not self.is_handed_in

    @property
    def is_handed_in(self) -> bool:
        """Whether there is a paper that counts: one with a virus does not."""
        return any(not paper.is_infected for paper in self.papers)


def material_views(
    plan: Plan,
    draft: Draft,
    handed_in: Iterable[SubmittedMaterial],
    document: DraftDocument,
    errors: Mapping[str, list[str]],
    translate: Callable[[str], str],
    today: date,
    asking: Mapping[str, str] = MappingProxyType({}),
    answers: Sequence[Fetch] | None = None,
) -> list[MaterialView]:
    """Return the papers of a filled form for display: to be uploaded first, required before optional, exempt last.

    What was handed in (``handed_in``: `papers_on`) although it need not be stands among the papers to be uploaded. ``asking``: paper → what came of asking about it.
    ``answers``: what sources have answered, where the caller has read it.
    """
    current: dict[str, list[SubmittedMaterial]] = {}
    for paper in handed_in:
        current.setdefault(paper.material, []).append(paper)
    papers = plan.materials_for(document.values)
    offers = offers_for(draft, plan, [paper for paper in papers if paper.key not in current], document, today)
    substitutes = substitutes_for(
        draft.submission_key,
        draft.applicant,
        plan,
        papers,
        document,
        document.values,
        today,
        answers,
        organisation=draft.organisation,
        mandate=acting_under(draft),
        earlier=offers,
    )
    views = [
        _material_view(
            plan,
            asked,
            current.get(asked.key, []),
            errors.get(asked.key, []),
            translate,
            substitutes.get(asked.key),
            asking.get(asked.key, ""),
            offers.get(asked.key, []),
            _lapsed(document, asked.key, substitutes.get(asked.key), today) if asked.key not in current else "",
        )
        for asked in papers
    ]
    order = {"required": 0, "deferrable": 1, "optional": 2}
    return sorted(views, key=lambda view: (bool(view.exempt and not view.papers), order.get(view.necessity, 3)))


def _lapsed(document: DraftDocument, key: str, substitute: Substitute | None, today: date) -> str:
    """Return why what was taken of an earlier application serves no more, where nothing else stands in."""
    return lapsed_words(document.reused[key]["until"], today) if key in document.reused and substitute is None else ""


def _earlier_view(
    offered: Sequence[EarlierUpload], substitute: Substitute | None, translate: Callable[[str], str]
) -> EarlierView | None:
    """Return what was taken of an earlier application, or the latest that could be where nothing stands in."""
    one = next(iter(offered), None) if substitute is None else substitute.earlier
    if one is None:
        return None
    files = [(file.pk, file.original_name) for file in one.files]
    return EarlierView(one.part.number, earlier_words(one, translate), one.bundle, files)


def _material_view(
    plan: Plan,
    asked: PlannedMaterial,
    papers: list[SubmittedMaterial],
    errors: list[str],
    translate: Callable[[str], str],
    substitute: Substitute | None,
    asking: str,
    offered: Sequence[EarlierUpload],
    lapsed: str,
) -> MaterialView:
    types = accepted_types(asked.accept)
    departments = dict.fromkeys(
        translate(plan.item(each.item).department_short_name or plan.item(each.item).department_name)
        for each in asked.asked_by
    )
    name = paper_name(plan, asked, translate)
    return MaterialView(
        key=asked.key,
        id=html_id(asked.key),
        name=name,
        note=translate(asked.note),
        reason=next((translate(each.need.reason) for each in asked.asked_by if each.need.reason), ""),
        necessity=asked.necessity,
        deferred_days=asked.deferred_days,
        exempt=_exempt(plan, asked, substitute, translate),
        is_met_by_a_row=substitute is not None,
        kind=_kind(asked, substitute),
        recipients=pgettext("between names", "、").join(departments),
        accept=accept_attribute(types),
        formats=format_names(types),
        papers=tuple(
            PaperView(
                paper.pk,
                paper.original_name,
                size_label(paper.size),
                paper.content_type.startswith("image/"),
                paper_words(paper),
                paper.is_held,
                paper.scan == Scan.INFECTED,
            )
            for paper in papers
        ),
        errors=tuple(errors),
        is_full=len(papers) >= FILES_PER_MATERIAL,
        may_be_handed_in=bool(asked.fallback),
        asking="" if papers or substitute is not None else asking or _unauthorised(asked),
        commitment=commitment_words(name) if any(way.kind == Kind.COMMITMENT for way in asked.alternatives) else "",
        is_committed=substitute is not None and substitute.kind == Kind.COMMITMENT,
        earlier=_earlier_view(offered, substitute, translate),
        is_reused=substitute is not None and substitute.kind == Kind.EARLIER_UPLOAD,
        lapsed=lapsed,
        documents=tuple(document_names(asked)) if not papers else (),
    )


def _unauthorised(asked: PlannedMaterial) -> str:
    """Return that no recorded mandate stands in for a paper, where one would, and how one comes about."""
    return no_mandate_words() if any(way.kind == Kind.MANDATE for way in asked.alternatives) else ""


def _kind(asked: PlannedMaterial, substitute: Substitute | None) -> str:
    """Return the way in which a paper is met: by what is made or decided here, or by the row that stands in for it."""
    if asked.is_met and asked.exemption is not None:
        return asked.exemption.kind
    return str(substitute.kind) if substitute is not None else ""


def _exempt(plan: Plan, asked: PlannedMaterial, substitute: Substitute | None, translate: Callable[[str], str]) -> str:
    """Return why a paper need not be handed in: it is made or decided here, or there is a row that stands in for it."""
    if asked.is_met and asked.exemption is not None:
        return exemption_sentence(plan, asked, asked.exemption, translate)
    return substitute_sentence(substitute, translate) if substitute is not None else ""
