"""Submitting a draft: the form is checked once more, then everything is written by one statement of one transaction.

After the commit the bundle, its sub-items, their history and the job to dispatch them exist; before it,
nothing does. The draft's submission key makes it happen once, however often and from wherever it is sent.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from catalog.fields.validation import FieldProblem
from catalog.merging.compiled import CompiledMatter, Plan
from catalog.merging.planned import PlannedMaterial
from catalog.models import MatterVersion
from catalog.versions.matters import compiled
from matters.calendars.limits import promise
from matters.cases.agents import FILED, tell_principal
from matters.cases.promises import barred_until
from matters.cases.sealed_form import BundleForm
from matters.core.acting import in_person_items, plan_under
from matters.core.clocks import official_date
from matters.core.draft_document import ACCOUNT, SHARED, DraftDocument
from matters.drafts.certified import rests_on_lapsed
from matters.drafts.documents import COMMITMENT, CONSENT, Application
from matters.drafts.documents import filed as filed_documents
from matters.drafts.profile import organisation_facts
from matters.drafts.satisfying import Substitute, substitutes_for
from matters.drafts.saving import DraftGone, read_form
from matters.models import Bundle, Channel, Draft, FiledDocument
from matters.submitting.bundle_writer import OpenDraft, lock_draft, papers_on, write_bundle
from matters.wording.refusals import (
    ApplicantDead,
    IdentityNotProved,
    OnlyInPerson,
    PromisesBarred,
    Refusal,
    barred_sentence,
)
from portal.accounts.models import Mandate, Organisation, Person, User
from portal.accounts.organisations.principals import may_act_for
from portal.accounts.people import is_proved_enough
from portal.accounts.standing import may_act_under
from portal.sharing.fetching import readable_fetches

NOTHING_TO_DO = gettext_lazy("按这样的回答，没有要办的事项。")

log = structlog.get_logger(__name__)


class SubmissionInvalid(Refusal):
    """Guide answers or fields are missing or wrong. ``problems``: as ``check_answers`` or ``Plan.clean`` found them."""

    code = "submission_invalid"
    text = gettext_lazy("表单里还有需要填写或改正的内容，申请尚未提交。")

    def __init__(self, problems: Sequence[FieldProblem]) -> None:
        self.problems = list(problems)
        super().__init__()


class MaterialsMissing(Refusal):
    """Papers that must be handed in are not. ``codes``: their keys in the plan, in its order."""

    code = "materials_missing"

    def __init__(self, codes: Sequence[str], names: Sequence[str]) -> None:
        self.codes = list(codes)
        super().__init__(
            _("还缺这些材料：%(names)s。申请尚未提交。") % {"names": pgettext("between names", "、").join(names)}
        )


class ConsentsMissing(Refusal):
    """Consents that the items require were not given. ``codes``: their keys in the plan."""

    code = "consents_missing"
    text = gettext_lazy("还有需要您确认同意的内容，申请尚未提交。")

    def __init__(self, codes: Sequence[str]) -> None:
        self.codes = list(codes)
        super().__init__()


class NotOnline(Refusal):
    """The answers lead to a situation that cannot be applied for online; the sentence says why."""

    code = "not_online"


class DraftChanged(Refusal):
    """The draft was changed in another window after what is being confirmed was shown."""

    code = "draft_changed"
    text = gettext_lazy("您在另一个窗口改动过这份申请，请核对最新内容后再提交。")


class NotRepresented(Refusal):
    """Whoever submits does not act for the organisation any more, or not in this matter."""

    code = "not_represented"
    text = gettext_lazy("您已不能替这个单位办这件事，申请没有提交。请联系单位的法定代表人或者管理员。")


class MandateEnded(Refusal):
    """Whoever submits may not act for the applicant any more, or not in this matter."""

    code = "mandate_ended"
    text = gettext_lazy("授权已经终止、到期，或者不包括这件事，申请没有提交。填写的内容都在委托人自己的列表里。")


class OnlyForOrganisations(Refusal):
    """A matter of organisations is applied for by a person for themselves."""

    code = "only_for_organisations"
    text = gettext_lazy("这件事由企业办理，不能以本人身份提交。请切换到企业，重新申请。")


def submit_bundle(
    *, draft: Draft, by: User, confirmed_revision: int | None = None, consents: Collection[str] | None = None
) -> Bundle:
    """Submit a draft and return its bundle; submitting it again, also at the same time, returns the same bundle.

    ``confirmed_revision``: the draft's revision that was shown for confirmation, if the caller knows it. ``consents``:
    the keys of those given with this very step; without it, those saved on the draft count. Raises
    ``SubmissionInvalid``, ``MaterialsMissing``, ``PromisesBarred``, ``ConsentsMissing``, ``NotOnline``, ``IdentityNotProved``, ``NotRepresented``, ``MandateEnded``, ``ApplicantDead``,
    ``OnlyForOrganisations``, ``OnlyInPerson``,
    ``DraftGone``, ``DraftChanged``; then
    nothing has happened. Cost: one transaction of three statements, whatever the number of sub-items.
    """
    with transaction.atomic():
        filed = lock_draft(draft.pk)
        if filed is None:
            raise DraftGone
        if filed.submitted_at is not None:
            return Bundle.objects.get(idempotency_key=filed.submission_key)
        if confirmed_revision is not None and confirmed_revision != filed.revision:
            raise DraftChanged
        matter = compiled(filed.matter_version_id)
        _require_represented(filed, by)
        mandate = _mandate_of(filed, draft.applicant, by)
        if filed.organisation_id is None and matter.only_for_organisations:
            raise OnlyForOrganisations
        plan = _open_plan(matter, filed)
        if not is_proved_enough(draft.applicant, plan.identity_level):
            raise IdentityNotProved(plan.identity_level)
        if mandate is not None and (names := in_person_items(plan)):
            raise OnlyInPerson(names)
        plan = plan_under(plan, _mandate(mandate))
        application, form = _checked(filed, plan, consents, draft.applicant, mandate)
        # Where an item's limit is not published, nobody can promise when all will be done.
        promised = promise(plan, filed.now)
        answers = matter.clean_answers(filed.answers)
        bundle = write_bundle(
            filed,
            plan,
            form,
            asked=[paper.key for paper in application.asked],
            substitutes=application.substitutes,
            documents=_documents(filed, application, form),
            answers=answers,
            by=by,
            mandate=mandate,
            promised_on=promised.date if promised is not None else None,
        )
        if bundle.mandate_id is not None:
            tell_principal(bundle, FILED, by)
    log.info("bundle_submitted", bundle=bundle.number, sub_items=len(plan.items), channel=bundle.channel)
    return bundle


def _require_represented(filed: OpenDraft, by: User) -> None:
    """See that who applies acts for the organisation at this moment, in this matter; they cannot be removed before it is filed.

    Online it is whoever began the application or took it over last (``take_over``), at a window who stands there. Raises
    ``NotRepresented``, ``DraftChanged`` where a colleague has taken it over meanwhile.
    """
    if filed.organisation_id is None:
        return
    slug = MatterVersion.objects.values_list("matter__slug", flat=True).get(pk=filed.matter_version_id)
    if filed.channel == Channel.ONLINE and not may_act_for(filed.organisation_id, slug, person__user_id=by.pk):
        raise NotRepresented
    if not may_act_for(filed.organisation_id, slug, person_id=filed.applicant_id):
        raise NotRepresented
    if filed.channel == Channel.ONLINE and not Person.objects.filter(pk=filed.applicant_id, user_id=by.pk).exists():
        raise DraftChanged


def _mandate_of(filed: OpenDraft, applicant: Person, by: User) -> UUID | None:
    """Return under which mandate it is filed, seen to be in force and held until it is; none where the applicant files it themselves.

    Raises ``MandateEnded``, ``ApplicantDead``.
    """
    if filed.is_of_the_dead:
        raise ApplicantDead
    is_online = filed.channel == Channel.ONLINE
    if filed.mandate_id is None or (is_online and applicant.user_id == by.pk):
        return None
    slug = MatterVersion.objects.values_list("matter__slug", flat=True).get(pk=filed.matter_version_id)
    if not may_act_under(filed.mandate_id, slug, by.pk if is_online else None):
        raise MandateEnded
    return filed.mandate_id


def _open_plan(matter: CompiledMatter, filed: OpenDraft) -> Plan:
    if problems := matter.check_answers(filed.answers):
        raise SubmissionInvalid(problems)
    plan = matter.plan_for(filed.answers)
    if plan.stops:
        raise NotOnline(plan.stops[0].sentence)
    if not plan.items:
        raise NotOnline(str(NOTHING_TO_DO))
    return plan


def _checked(
    filed: OpenDraft, plan: Plan, given: Collection[str] | None, applicant: Person, mandate: UUID | None
) -> tuple[Application, BundleForm]:
    """Return what is filed of the draft: the papers that it asks for, what is there of them and what stands in for the others.

    What another situation asked for stays behind.
    """
    document = read_form(filed)
    values, problems = plan.clean(document.values, timezone.localtime(filed.now))
    problems = list(problems) or _not_the_organisations(filed, plan, values)
    if problems:
        raise SubmissionInvalid(problems)
    moments = document.consents
    if given is not None:
        moments = {key: document.consents.get(key) or filed.now.isoformat(timespec="seconds") for key in given}
    consents = {consent.key: moments[consent.key] for consent in plan.consents if consent.key in moments}
    if unconfirmed := plan.consents_missing(set(consents)):
        raise ConsentsMissing([problem.field for problem in unconfirmed])
    handed_in = papers_on(filed)
    asked = plan.materials_for(values)
    absent = [paper for paper in asked if paper.key not in handed_in]
    substitutes = substitutes_for(
        filed.submission_key,
        applicant,
        plan,
        absent,
        document,
        values,
        official_date(filed.now),
        organisation=_organisation(filed),
        mandate=_mandate(mandate),
    )
    _require_word(filed, applicant, absent, substitutes)
    missing = [paper for paper in absent if paper.is_owed and paper.key not in substitutes]
    if missing:
        raise MaterialsMissing([paper.key for paper in missing], [paper.name for paper in missing])
    application = Application(
        case=filed.submission_key,
        version_id=filed.matter_version_id,
        answers=filed.answers,
        applicant=applicant,
        mandate=_mandate(mandate),
        plan=plan,
        document=document,
        values=values,
        asked=asked,
        files=handed_in,
        substitutes=substitutes,
    )
    return application, BundleForm(values=values, consents=consents, known=_known(filed, applicant, document, values))


def _require_word(
    filed: OpenDraft, applicant: Person, absent: Sequence[PlannedMaterial], substitutes: Mapping[str, Substitute]
) -> None:
    """See that who promises papers may promise now. Raises ``PromisesBarred``. One query where something is promised, else none."""
    later = [paper for paper in absent if paper.deferred_days and not paper.is_met and paper.key not in substitutes]
    committed = [paper for paper in absent if paper.key in substitutes and substitutes[paper.key].kind == COMMITMENT]
    promised = [*later, *committed]
    until = barred_until(applicant, filed.organisation_id, official_date(filed.now)) if promised else None
    if until is not None:
        names = pgettext("between names", "、").join(paper.name for paper in promised)
        raise PromisesBarred(barred_sentence(names, until))


def _known(
    filed: OpenDraft, applicant: Person, document: DraftDocument, values: Mapping[str, Any]
) -> dict[str, dict[str, Any]]:
    """Return what sources, certificates and earlier decisions said of what is filed. Raises `DraftChanged` where one of them may be read no more: its value must go first."""
    known = {key: fact for key, fact in document.known.items() if fact["source"] != ACCOUNT and key in values}
    if rests_on_lapsed(known, applicant, _organisation(filed), official_date(filed.now)):
        raise DraftChanged
    fetches = {fact["fetch"] for fact in known.values() if fact["source"] == SHARED}
    if fetches and not fetches <= {str(fetch.pk) for fetch in readable_fetches(filed.submission_key)}:
        raise DraftChanged
    return {key: {name: fact[name] for name in _FILED if name in fact} for key, fact in known.items()}


_FILED = ("value", "name", "name_en", "serial", "day", "fetch", "fact", "certificate", "sub_item", "source")


def _documents(filed: OpenDraft, application: Application, form: BundleForm) -> list[FiledDocument]:
    """Return what was agreed to as it is kept, each with the moment at which it was."""
    rows = []
    for named, document in filed_documents(application, form.consents, application.substitutes):
        agreed_at = filed.now
        if named.kind == CONSENT:
            agreed_at = datetime.fromisoformat(form.consents[named.key])
        elif named.kind == COMMITMENT:
            agreed_at = datetime.fromisoformat(application.document.commitments[named.key]["at"])
        row = FiledDocument(
            name=named.name, kind=named.kind, sub_item=named.sub_item, key=named.key, agreed_at=agreed_at
        )
        row.seal_document(document)
        rows.append(row)
    return rows


def _not_the_organisations(filed: OpenDraft, plan: Plan, values: Mapping[str, Any]) -> list[FieldProblem]:
    """Return what names another organisation than the one that is applied for: its credit code and its name are its register's."""
    organisation = _organisation(filed)
    return [
        FieldProblem(key, "not_the_organisation", {"name": organisation.name if organisation is not None else ""})
        for key, value in organisation_facts(plan, organisation).items()
        if values.get(key, value) != value
    ]


def _mandate(id: UUID | None) -> Mandate | None:
    return None if id is None else Mandate.objects.select_related("agent", "agent_organisation").get(pk=id)


def _organisation(filed: OpenDraft) -> Organisation | None:
    if filed.organisation_id is None:
        return None
    return Organisation.objects.get(pk=filed.organisation_id)
