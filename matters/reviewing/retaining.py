"""What officers made to work with, requests for correction, and what benefits were offered on: for how long it is kept (`portal.retention`)."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from catalog.models import Appointment
from matters.models import BenefitMatch, BulkAction, BulkLine, FactDispute, SavedView
from portal.retention.holds import under_hold
from portal.retention.schedule import Kept


def kept() -> list[Kept]:
    """Return the classes of this floor."""
    disputes = FactDispute.objects.annotate(since=F("answered_at"))
    held_line = under_hold(
        person="sub_item__bundle__applicant_id",
        organisation="sub_item__bundle__organisation_id",
        case="sub_item__bundle_id",
    )
    return [
        Kept(
            "matches",
            _("待确认待遇所依据的信息"),
            _matches,
            lambda subject: _matches().filter(person=subject.person),
            _forget_facts,
            under_hold(person="person_id"),
            keeps=("matters.BenefitMatch",),
        ),
        Kept(
            "disputes",
            _("更正请求和答复"),
            disputes.all,
            lambda subject: disputes.filter(person=subject.person, organisation=None),
            keeps=("matters.FactDispute",),
        ),
        Kept(
            "bulk_actions",
            _("批量办理的清单"),
            lambda: BulkAction.objects.annotate(since=F("finished_at")),
            destroy=_delete_actions,
            held=Q(Exists(BulkLine.objects.filter(held_line, action=OuterRef("pk")))),
            keeps=("matters.BulkAction", "matters.BulkLine"),
        ),
        Kept(
            "saved_views",
            _("工作人员自己存的视图"),
            _saved_views,
            destroy=_delete_views,
            keeps=("matters.SavedView",),
        ),
        Kept(
            "offices",
            _("工作人员的任职、授权和发布记录"),
            lambda: Appointment.objects.annotate(since=F("decided_at")),
            keeps=(
                "catalog.Appointment",
                "catalog.DepartmentGroupObjectPermission",
                "catalog.DepartmentUserObjectPermission",
                "catalog.ItemVersion",
                "catalog.MatterVersion",
                "catalog.Membership",
                "catalog.MistakeReport",
                "catalog.Proposal",
                "matters.DecisionPhrase",
                "matters.OfficerAbsence",
                "matters.RuleSwitch",
                "sharing.Grant",
                "sharing.GrantDispute",
            ),
        ),
    ]


def _matches() -> QuerySet[BenefitMatch]:
    """What was offered and answered; the row stays, so that nobody is offered the same twice."""
    answered = Coalesce("declined_at", "draft__submitted_at")
    return BenefitMatch.objects.exclude(facts_sealed=b"").annotate(since=answered)


def _forget_facts(rows: Sequence[BenefitMatch]) -> None:
    BenefitMatch.objects.filter(pk__in=[row.pk for row in rows]).update(facts_sealed=b"")


def _delete_actions(rows: Sequence[BulkAction]) -> None:
    gone = [row.pk for row in rows]
    BulkLine.objects.filter(action__in=gone).delete()
    BulkAction.objects.filter(pk__in=gone).delete()


def _saved_views() -> QuerySet[SavedView]:
    """How officers read their queues, since they were last here."""
    return SavedView.objects.annotate(since=Coalesce("user__last_login", "user__date_joined"))


def _delete_views(rows: Sequence[SavedView]) -> None:
    SavedView.objects.filter(pk__in=[row.pk for row in rows]).delete()
