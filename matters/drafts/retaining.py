"""Drafts, answers that no application rests on, and papers: for how long each is kept (`portal.retention`)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce, Least
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from matters.drafts.discarding import discard_locked
from matters.models import Bundle, Draft, HeldValues, MaterialSatisfaction, SubmittedMaterial
from portal.accounts.models import Person
from portal.retention.holds import under_hold
from portal.retention.schedule import Kept
from portal.sharing.consents import end_consents
from portal.sharing.models import Fetch, SharingConsent

# What stands instead of the name of a file that is no more.
FORGOTTEN = "—"
# What is kept with an application for as long as it is: what was filed, said, asked, decided and served in its course.
WITH_AN_APPLICATION = tuple(
    f"matters.{name}"
    for name in (
        "Advice",
        "Amendment",
        "Bundle",
        "CaseMessage",
        "CaseNote",
        "Contradiction",
        "CorrectionItem",
        "CorrectionNotice",
        "CorrectionRequest",
        "DeadlineCard",
        "Decision",
        "DecisionProposal",
        "Extension",
        "ExtraRound",
        "FiledDocument",
        "GivenNumber",
        "HandedOver",
        "Inspection",
        "MaterialSatisfaction",
        "OfficialDocument",
        "PaperPromise",
        "PersonCheck",
        "PointVerdict",
        "ProposalSignature",
        "Renewal",
        "ReviewTask",
        "RuleEvaluation",
        "SpecialProcedure",
        "SubItem",
        "SupervisoryOrder",
        "SystemDifference",
        "SystemEvent",
    )
)


def kept() -> list[Kept]:
    """Return the classes of this floor."""
    return [
        Kept(
            "drafts",
            _("草稿和草稿里的材料"),
            _drafts,
            lambda subject: _drafts().filter(applicant=subject.person, organisation=None, channel="online"),
            _discard,
            under_hold(person="applicant_id", organisation="organisation_id"),
            is_own=True,
            keeps=("matters.Draft",),
        ),
        Kept(
            "held_values",
            _("依法保存期间改动前的内容"),
            lambda: HeldValues.objects.annotate(since=F("saved_at")),
            lambda subject: HeldValues.objects.annotate(since=F("saved_at")).filter(
                draft__applicant=subject.person, draft__organisation=None
            ),
            _delete_held,
            under_hold(person="draft__applicant_id", organisation="draft__organisation_id"),
            keeps=("matters.HeldValues",),
        ),
        Kept(
            "answers",
            _("没有用来提交申请的查询结果"),
            _answers,
            lambda subject: _answers().filter(
                Q(consent__person=subject.person, consent__organisation=None)
                # What was asked by law, without consent, is theirs to delete once its time is over.
                | Q(person=subject.person, organisation=None, since__lte=timezone.now())
            ),
            _forget_answers,
            under_hold(person="whose", organisation="of_organisation"),
            is_own=True,
            keeps=("sharing.Fetch",),
        ),
        Kept(
            "left_papers",
            _("提交时用不到、因依法保存留下的材料"),
            _left_papers,
            lambda subject: _left_papers().filter(draft__applicant=subject.person, draft__organisation=None),
            _delete_papers,
            under_hold(person="draft__applicant_id", organisation="draft__organisation_id"),
        ),
        Kept(
            "papers",
            _("已提交申请的材料文件"),
            _papers,
            lambda subject: _papers().filter(bundle__applicant=subject.person, bundle__organisation=None),
            _forget_papers,
            under_hold(person="bundle__applicant_id", organisation="bundle__organisation_id", case="bundle_id"),
            keeps=("matters.SubmittedMaterial",),
        ),
        Kept(
            "bundles",
            _("申请、决定和结果"),
            _bundles,
            lambda subject: _bundles().filter(applicant=subject.person, organisation=None),
            keeps=WITH_AN_APPLICATION,
        ),
    ]


def _drafts() -> QuerySet[Draft]:
    drafts = Draft.objects.filter(submitted_at=None).defer("matter_version__content")
    return drafts.select_related("applicant", "organisation").annotate(since=F("saved_at"))


def _discard(rows: Sequence[Draft]) -> None:
    for draft in rows:
        discard_locked(draft)


def _delete_held(rows: Sequence[HeldValues]) -> None:
    HeldValues.objects.filter(pk__in=[row.pk for row in rows]).delete()


def _answers() -> QuerySet[Fetch]:
    """What sources answered under consents or grants that are over, for applications that were never filed."""
    filed = Bundle.objects.filter(idempotency_key=OuterRef("case"))
    # PostgreSQL's LEAST leaves out what is not there.
    over = Least("consent__withdrawn_at", "consent__until", "until", "grant__ended_at")
    rows = Fetch.objects.filter(~Exists(filed), answer_sealed__isnull=False)
    whose = Coalesce("consent__person_id", "person_id")
    of_organisation = Coalesce("consent__organisation_id", "organisation_id")
    return rows.annotate(since=over, whose=whose, of_organisation=of_organisation)


def _forget_answers(rows: Sequence[Fetch]) -> None:
    """Forget what was answered. Whoever has it deleted before its time takes back the consent that it rests on."""
    resting = SharingConsent.objects.filter(pk__in={row.consent_id for row in rows if row.consent_id is not None})
    in_force = resting.filter(withdrawn_at=None, until__gt=timezone.now())
    end_consents(in_force.select_for_update(of=("self",), no_key=True).order_by("pk").values_list("pk", flat=True))
    Fetch.objects.filter(pk__in=[row.pk for row in rows]).update(answer_sealed=None, forgotten_at=timezone.now())


def _left_papers() -> QuerySet[SubmittedMaterial]:
    """Papers of no use any more when their application was submitted: there at all only because a hold was on whom they are of."""
    return SubmittedMaterial.objects.filter(draft__submitted_at__isnull=False).annotate(since=F("draft__submitted_at"))


def _delete_papers(rows: Sequence[SubmittedMaterial]) -> None:
    files = [str(row.file.name) for row in rows]
    SubmittedMaterial.objects.filter(pk__in=[row.pk for row in rows]).delete()
    _delete_files(files)


def _papers() -> QuerySet[SubmittedMaterial]:
    """The files of applications, since they were concluded; not those that stand in for a paper of one that is not concluded yet."""
    serving = MaterialSatisfaction.objects.filter(
        earlier_files__contains=[OuterRef("pk")], bundle__concluded_at__isnull=True
    )
    rows = SubmittedMaterial.objects.filter(~Exists(serving), bundle__isnull=False, forgotten_at=None)
    return rows.annotate(since=F("bundle__concluded_at"))


def _forget_papers(rows: Sequence[SubmittedMaterial]) -> None:
    files = [str(row.file.name) for row in rows]
    for row in rows:
        row.original_name, row.forgotten_at = FORGOTTEN, timezone.now()
        row.save(update_fields=["original_name", "forgotten_at"])
    _delete_files(files)


def _delete_files(files: Sequence[str]) -> None:
    """Delete files once the transaction is in."""

    def delete_files() -> None:
        for name in files:
            default_storage.delete(name)

    transaction.on_commit(delete_files)


def _bundles() -> QuerySet[Bundle]:
    return Bundle.objects.annotate(since=F("concluded_at"))


def open_cases(person: Person) -> list[str]:
    """Return why a person's account cannot be closed yet: applications that are not concluded. One query."""
    count = Bundle.objects.filter(applicant=person, concluded_at=None).count()
    if not count:
        return []
    said = _("您还有 %(count)s 件申请没有办结。请等办结，或者先撤回，再注销。")
    return [str(said) % {"count": count}]


def case_numbered(number: str) -> tuple[UUID, str] | None:
    """Return an application's id and number; None where there is none of this number."""
    return Bundle.objects.filter(number=number).values_list("pk", "number").first()
