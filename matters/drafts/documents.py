"""The documents of an application (文书): read in full before they are agreed to, and kept word for word when it is filed.

The form as it will be sent, each commitment, each consent, and each paper that is made from the form. A document is made of the draft's
present contents alone, so that the one that was read and the one that is kept have the same digest as long as nothing was changed between.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from catalog.combining.fulfilling import title_of
from catalog.merging.compiled import CompiledMatter, Plan
from catalog.merging.planned import MaterialAsker, PlannedMaterial
from catalog.versions.matters import compiled
from catalog.wording.papers import exemption_sentence, paper_name
from catalog.wording.translating import translator_for
from matters.cases.department_view import own_form_in_words
from matters.core.draft_document import DraftDocument
from matters.drafts.profile import acting_under
from matters.drafts.satisfying import Kind, Substitute, substitutes_for
from matters.drafts.saving import plan_of, read_form
from matters.drafts.uploads import papers_on
from matters.form_page.pieces import Translate
from matters.form_page.situations import situation_answers
from matters.form_page.skeleton import skeleton_for
from matters.models import Draft, Scan, SubmittedMaterial
from matters.wording.agents import agreed_for, committed_for, declared_for
from matters.wording.documents import (
    COMMITMENT_BASIS,
    COMMITMENT_TOLD,
    DEFERRAL_TOLD,
    DEFERRAL_WORDS,
    KINDS,
    TRUTH,
)
from matters.wording.substitutes import commitment_words, substitute_sentence
from portal.accounts.models import Mandate, Person
from portal.lib.documents import Document, Passage
from portal.lib.vault import blind_index

FORM = "form"
GENERATED = "generated"
COMMITMENT = "commitment"
CONSENT = "consent"
DEFERRAL = "deferral"


@dataclass(frozen=True, slots=True)
class Named:
    """A document that an application has. ``name``: its address within it; ``sub_item``: whose it is, empty for the whole; ``key``: of paper or consent."""

    name: str
    kind: str
    title: str
    sub_item: str = ""
    key: str = ""


@dataclass(frozen=True)
class Application:
    """What documents are made of. ``values``: the form, cleaned; ``asked``: the papers it needs; ``files``, ``substitutes``: how they are met."""

    case: UUID
    version_id: int
    answers: Mapping[str, Any]
    applicant: Person
    plan: Plan
    document: DraftDocument
    values: Mapping[str, Any]
    asked: Sequence[PlannedMaterial]
    files: Mapping[str, Sequence[SubmittedMaterial]]
    substitutes: Mapping[str, Substitute]
    mandate: Mandate | None = None

    @cached_property
    def matter(self) -> CompiledMatter:
        return compiled(self.version_id)

    @cached_property
    def translate(self) -> Translate:
        return translator_for(self.version_id)

    def names(self) -> list[Named]:
        """Return the documents that this application has or may have, in the order in which they are read."""
        generated = [
            Named(
                _generated_name(paper, asker),
                GENERATED,
                paper_name(self.plan, paper, self.translate),
                asker.item,
                paper.key,
            )
            for paper in self.asked
            if not self.files.get(paper.key)
            for asker in _made_for(paper)
        ]
        commitments = [
            Named(_commitment_name(paper), COMMITMENT, self._title_of_commitment(paper), "", paper.key)
            for paper in self.asked
            if _takes_commitment(paper)
        ]
        consents = [
            Named(f"{CONSENT}:{each.key}", CONSENT, self._title_of_consent(each.item), each.item, each.key)
            for each in self.plan.consents
        ]
        deferrals = [
            Named(f"{DEFERRAL}:{item}", DEFERRAL, self._title_of_deferral(item), item)
            for item in dict.fromkeys(asker.item for _paper, asker in self._deferred)
        ]
        return [Named(FORM, FORM, str(KINDS[FORM])), *generated, *commitments, *deferrals, *consents]

    def compose(self, named: Named) -> Document:
        """Return a document in full, in the active language. A commitment that was made is returned as it was made."""
        made = self.document.commitments.get(named.key, {}) if named.kind == COMMITMENT else {}
        if "document" in made:
            return Document.from_json(made["document"])
        parts = {
            FORM: self._form,
            GENERATED: self._generated,
            COMMITMENT: self._commitment,
            CONSENT: self._consent,
            DEFERRAL: self._deferral,
        }[named.kind](named)
        mark = blind_index("matters.document", f"{self.case}:{named.name}").hex()[:32]
        title = f"{self._matter_name} · {named.title}" if named.kind == FORM else named.title
        return Document(title, tuple(parts), mark)

    @property
    def _matter_name(self) -> str:
        return self.translate(title_of(self.matter, self.plan))

    def _title_of_commitment(self, paper: PlannedMaterial) -> str:
        return f"{KINDS[COMMITMENT]}{pgettext('colon', '：')}{paper_name(self.plan, paper, self.translate)}"

    @cached_property
    def _deferred(self) -> list[tuple[PlannedMaterial, MaterialAsker]]:
        """The papers that are not there and may follow, each with who lets it follow."""
        absent = [one for one in self.asked if one.necessity == "deferrable" and not one.is_met]
        return [
            (paper, asker)
            for paper in absent
            if not self.files.get(paper.key) and paper.key not in self.substitutes
            for asker in paper.asked_by
            if asker.need.necessity == "deferrable"
        ]

    def _title_of_deferral(self, item: str) -> str:
        return f"{KINDS[DEFERRAL]}{pgettext('colon', '：')}{self.translate(self.plan.item(item).name)}"

    def _title_of_consent(self, item: str) -> str:
        return f"{KINDS[CONSENT]}{pgettext('colon', '：')}{self.translate(self.plan.item(item).name)}"

    def _whose(self, *items: str) -> Passage:
        """Return who applies, for what, at which departments."""
        between = pgettext("between names", "、")
        planned = [self.plan.item(item) for item in items]
        return Passage(
            facts=(
                (_("一件事"), self._matter_name),
                (_("办理事项"), between.join(dict.fromkeys(self.translate(each.name) for each in planned))),
                (_("办理部门"), between.join(dict.fromkeys(self.translate(each.department_name) for each in planned))),
                (_("申请人"), self.applicant.name),
                *(((_("代办人"), self.mandate.in_words),) if self.mandate is not None else ()),
            )
        )

    def _form(self, _named: Named) -> Iterable[Passage]:
        yield self._whose(*(item.key for item in self.plan.items))
        answers = situation_answers(self.matter, self.answers, self.translate)
        if answers:
            yield Passage(_("情形"), facts=tuple(answers))
        yield from self._sections()
        yield (
            Passage(_("材料"), facts=tuple(self._papers())) if self.asked else Passage(_("材料"), (_("不需要材料。"),))
        )
        yield Passage(_("申请人声明"), (str(TRUTH), *self._by_agent(declared_for)))

    def _by_agent(self, said: Callable[[Mandate, str], str]) -> tuple[str, ...]:
        return () if self.mandate is None else (said(self.mandate, self.applicant.name),)

    def _sections(self) -> Iterable[Passage]:
        skeleton = skeleton_for(self.version_id, self.answers)
        visible = self.plan.visible(self.document.values)
        for section in skeleton.sections:
            heading = section.title
            for group in section.groups:
                facts = []
                for view in group.fields:
                    if view.supplied:
                        said = _("“%(item)s”办结后填入") % {"item": view.supplied}
                        facts.append((view.label, said))
                    elif view.key in visible:
                        value = self.values.get(view.key, self.document.values.get(view.key))
                        facts.append((view.label, skeleton.in_words(view.key, value) or _("没有填")))
                if facts:
                    whole = " · ".join(each for each in (heading, group.title) if each)
                    yield Passage(whole, facts=tuple(facts))

    def _papers(self) -> Iterable[tuple[str, str]]:
        """Return each paper with what there is of it: its files with the beginnings of their digests, or what stands in for it."""
        for paper in self.asked:
            files = self.files.get(paper.key, ())
            if files:
                said = "\n".join(f"{file.original_name}（SHA-256 {file.sha256[:16]}…）" for file in files)
            elif paper.is_met and paper.exemption is not None:
                said = exemption_sentence(self.plan, paper, paper.exemption, self.translate)
            elif paper.key in self.substitutes:
                said = substitute_sentence(self.substitutes[paper.key], self.translate)
            else:
                said = _("没有交")
            yield paper_name(self.plan, paper, self.translate), said

    def _generated(self, named: Named) -> Iterable[Passage]:
        yield self._whose(named.sub_item)
        record = self.plan.project(self.values, named.sub_item)
        for section in own_form_in_words(self.plan, named.sub_item, record):
            facts = tuple(
                (
                    self.translate(row.label),
                    row.text
                    or (
                        _("“%(item)s”办结后填入") % {"item": self.translate(row.source)} if row.source else _("没有填")
                    ),
                )
                for row in section.rows
            )
            yield Passage(self.translate(section.title), facts=facts)
        yield Passage(_("申请人声明"), (str(TRUTH), *self._by_agent(declared_for)))

    def _commitment(self, named: Named) -> Iterable[Passage]:
        paper = next(each for each in self.asked if each.key == named.key)
        name = paper_name(self.plan, paper, self.translate)
        reasons = dict.fromkeys(
            self.translate(each.need.reason or paper.note) for each in paper.asked_by if each.need.reason or paper.note
        )
        yield self._whose(*(asker.item for asker in paper.asked_by))
        facts = [(_("代替的材料"), name), (_("依据"), str(COMMITMENT_BASIS))]
        if reasons:
            facts.insert(1, (_("这项材料的用途"), pgettext("between entries", "；").join(reasons)))
        yield Passage(_("告知"), tuple(map(str, COMMITMENT_TOLD)), tuple(facts))
        yield Passage(_("承诺"), (commitment_words(name), *self._by_agent(committed_for)))

    def _deferral(self, named: Named) -> Iterable[Passage]:
        yield self._whose(named.sub_item)
        own = [(paper, asker.need) for paper, asker in self._deferred if asker.item == named.sub_item]
        facts = [
            (
                paper_name(self.plan, paper, self.translate),
                _("受理后 %(days)s 个工作日内补交") % {"days": need.deferred_days}
                + (_("；补齐并核对后才出结果") if need.result_waits else ""),
            )
            for paper, need in own
        ]
        yield Passage(_("承诺后补的材料"), facts=tuple(facts))
        told = str(DEFERRAL_TOLD) % {"days": settings.YIJIAN_PROMISE_BAR_DAYS}
        yield Passage(_("承诺"), (str(DEFERRAL_WORDS), told, *self._by_agent(committed_for)))

    def _consent(self, named: Named) -> Iterable[Passage]:
        consent = next(each for each in self.plan.consents if each.key == named.key)
        yield self._whose(named.sub_item)
        yield Passage(_("同意的内容"), (self.translate(consent.text), *self._by_agent(agreed_for)))


def document_names(paper: PlannedMaterial) -> list[str]:
    """Return the names of the documents that stand or may stand in for a paper: made from the form, or a commitment."""
    made = [_generated_name(paper, asker) for asker in _made_for(paper)]
    return made or ([_commitment_name(paper)] if _takes_commitment(paper) else [])


def _made_for(paper: PlannedMaterial) -> list[MaterialAsker]:
    return [each for each in paper.asked_by if each.exemption is not None and each.exemption.kind == GENERATED]


def _takes_commitment(paper: PlannedMaterial) -> bool:
    return any(way.kind == Kind.COMMITMENT for way in paper.alternatives)


def _generated_name(paper: PlannedMaterial, asker: MaterialAsker) -> str:
    return f"{GENERATED}:{asker.item}:{paper.key}"


def _commitment_name(paper: PlannedMaterial) -> str:
    return f"{COMMITMENT}:{paper.key}"


def application_of(draft: Draft, today: date, now: datetime) -> Application:
    """Return what a draft's documents are made of now. Two queries, and those of `substitutes_for`."""
    plan, document = plan_of(draft), read_form(draft)
    values, _problems = plan.clean(document.values, now)
    asked = plan.materials_for(values)
    files: dict[str, list[SubmittedMaterial]] = {}
    for paper in papers_on(draft):
        if paper.scan != Scan.INFECTED:
            files.setdefault(paper.material, []).append(paper)
    absent = [paper for paper in asked if paper.key not in files]
    return Application(
        case=draft.submission_key,
        version_id=draft.matter_version_id,
        answers=draft.answers,
        applicant=draft.applicant,
        mandate=draft.mandate if draft.is_by_agent else None,
        plan=plan,
        document=document,
        values=values,
        asked=asked,
        files=files,
        substitutes=substitutes_for(
            draft.submission_key,
            draft.applicant,
            plan,
            absent,
            document,
            values,
            today,
            organisation=draft.organisation,
            mandate=acting_under(draft),
        ),
    )


def commitment_document(draft: Draft, paper: str, today: date, now: datetime) -> Document:
    """Return the commitment that would stand in for a paper, or the one that was made. Raises `StopIteration` where it takes none."""
    application = application_of(draft, today, now)
    return application.compose(next(each for each in application.names() if each.name == f"{COMMITMENT}:{paper}"))


def filed(
    application: Application, consents: Collection[str], substitutes: Mapping[str, Substitute]
) -> list[tuple[Named, Document]]:
    """Return the documents that are kept with an application as it is filed: what was agreed to, and what was made of it."""
    committed = {key for key, each in substitutes.items() if each.kind == Kind.COMMITMENT}
    chosen = [
        named
        for named in application.names()
        if (named.kind != COMMITMENT or named.key in committed) and (named.kind != CONSENT or named.key in consents)
    ]
    return [(named, application.compose(named)) for named in chosen]
