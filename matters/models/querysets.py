"""Questions to the database about bundles, sub-items and tasks, in the words of the office."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import models
from django.db.models.functions import Coalesce
from django.db.models.sql.compiler import SQLCompiler

from matters.core.states import OPEN, WAITS_FOR_OTHERS, State
from portal.accounts.models import Mandate, is_alive
from portal.accounts.organisations.principals import principal_of

if TYPE_CHECKING:
    from matters.models import (  # noqa: F401
        Amendment,
        Bundle,
        CorrectionItem,
        CorrectionRequest,
        Draft,
        PaperPromise,
        ReviewTask,
        SubItem,
    )
    from portal.accounts.models import User

# A published version's plan is large and cached per process (catalog.versions.matters.compiled): never fetched with a row.
_CONTENT = "matter_version__content"

# Under which mandate somebody acts for the applicant, and who.
_AGENT = ("mandate__agent", "mandate__agent_organisation")

# What orders a department's queue: who came first is first. The page, its cursor and "claim next" read it here; the
# indexes ``review_queue*`` end in it.
QUEUE_ORDER = "opened_at"

# The order of the pages of a paper: as handed in, and what took a page's place stands where that page stood.
PAGE_ORDER = (Coalesce("placed_at", "uploaded_at"), "uploaded_at", "id")

QuerySetT = TypeVar("QuerySetT", bound="models.QuerySet[Any]")


class DraftQuerySet(models.QuerySet["Draft"]):
    """Drafts (草稿)."""

    def open_of(self, user: User) -> DraftQuerySet:
        """What lies open online of whom the user acts for: of themselves, of an organisation whoever of its people began it, under a mandate."""
        found = self.filter(of_principal(user), submitted_at=None, channel="online")
        return found.select_related("matter_version__matter").defer(_CONTENT).order_by("-saved_at")

    def told_dead(self) -> DraftQuerySet:
        """With whether the applicant's death is recorded (``is_of_the_dead``)."""
        alive = models.Case(
            models.When(is_alive("applicant"), then=models.Value(value=False)), default=models.Value(value=True)
        )
        return self.annotate(is_of_the_dead=alive)

    def not_over(self) -> DraftQuerySet:
        """Those with which whoever has them in hands may go on: the mandate under which they were begun, if any, is in force."""
        return self.filter(models.Q(mandate=None) | models.Q(mandate__in=Mandate.objects.in_force()))


class BundleQuerySet(models.QuerySet["Bundle"]):
    """Bundles (联办件)."""

    def of_applicant(self, user: User) -> BundleQuerySet:
        """The bundles of whom the user acts for, newest first: their own, or an organisation's whoever of its people filed them.

        What a window entered before identities were proved is not shown to an account that only says to be its applicant.
        """
        own = self.filter(of_principal(user))
        if principal_of(user).is_oneself:
            own = own.exclude(channel="counter", applicant__level=0)
        return own.order_by("-submitted_at", "-id")

    def for_page(self) -> BundleQuerySet:
        """With all that a page about one bundle shows, except the plan. Adds one query for the sub-items."""
        return (
            self.select_related("applicant", "organisation", "matter_version__matter", "entered_by", *_AGENT)
            .defer(_CONTENT)
            .prefetch_related(models.Prefetch("sub_items", queryset=_sub_items_in_order()))
        )

    def for_list(self) -> BundleQuerySet:
        """As ``for_page``, without the sealed form."""
        return self.for_page().defer("form_sealed", _CONTENT)


class SubItemQuerySet(models.QuerySet["SubItem"]):
    """Sub-items (子项)."""

    def open(self) -> SubItemQuerySet:
        """Not concluded yet."""
        return self.filter(state__in=sorted(OPEN))

    def returned(self, department_id: Any) -> SubItemQuerySet:
        """What a department waits for the applicant to correct. Served by index ``sub_item_returned``."""
        return self.filter(department_id=department_id, state=State.RETURNED)

    def waiting_for_others(self, department_id: Any) -> SubItemQuerySet:
        """What a department cannot go on with before another has done its part. Served by index ``sub_item_waits_for_others``."""
        return self.filter(department_id=department_id, state__in=sorted(WAITS_FOR_OTHERS))

    def concluded_since(self, department_id: Any, since: Any) -> SubItemQuerySet:
        """What of a department ended since a moment: decided, not accepted, withdrawn or terminated. Served by ``sub_item_concluded``."""
        return self.filter(department_id=department_id, concluded_at__isnull=False, concluded_at__gte=since)

    def with_person_asked_for(self, department_id: Any) -> SubItemQuerySet:
        """What rules decided for a department and its applicants want a person to look at, until one has. Served by ``person_check_asked``."""
        waiting = {"rule_evaluation__checks__cause": "asked", "rule_evaluation__checks__is_right__isnull": True}
        return self.filter(department_id=department_id, concluded_at__isnull=False, **waiting)

    def for_case(self) -> SubItemQuerySet:
        """With bundle, applicant, matter and department at hand, without the plan."""
        return self.select_related(
            *("bundle__applicant", "bundle__organisation", "bundle__matter_version__matter", "bundle__entered_by"),
            *(f"bundle__{name}" for name in _AGENT),
            *("department", "signing"),
        ).defer("bundle__matter_version__content")


class ReviewTaskQuerySet(models.QuerySet["ReviewTask"]):
    """Lines of a department's queue."""

    def awaiting(self, department_id: Any) -> ReviewTaskQuerySet:
        """The department's open tasks. Served by the partial index ``review_queue``."""
        return self.filter(department_id=department_id, closed_at__isnull=True)

    def unclaimed(self) -> ReviewTaskQuerySet:
        return self.filter(claimed_by__isnull=True)

    def held_by(self, user: Any) -> ReviewTaskQuerySet:
        return self.filter(claimed_by=user)

    def due_by(self, on: Any) -> ReviewTaskQuerySet:
        """Falling due on the day, or late already."""
        return self.filter(due_on__isnull=False, due_on__lte=on)

    def for_queue_page(self) -> ReviewTaskQuerySet:
        """With what a queue's line shows and no more: no sealed form, no plan."""
        return (
            self.annotate(order_due=order_due("sub_item"))
            .select_related(*(f"sub_item__{name}" for name in LINE_RELATED), "claimed_by")
            .only(
                *(
                    "id",
                    "stage",
                    "number",
                    "due_on",
                    "due_order",
                    "opened_at",
                    "claimed_at",
                    "claim_lapses_at",
                    "department_id",
                    "claimed_by__name",
                    "claimed_by__seal_id",
                    "claimed_by__username",
                ),
                *(f"sub_item__{name}" for name in LINE_FIELDS),
            )
        )


class CorrectionRequestQuerySet(models.QuerySet["CorrectionRequest"]):
    """Returns for correction (补正)."""

    def open(self) -> CorrectionRequestQuerySet:
        """What waits for the applicant, oldest first. A request of what was withdrawn meanwhile waits for nobody."""
        return self.told().filter(answered_at__isnull=True, sub_item__state=State.RETURNED).order_by("pk")

    def told(self) -> CorrectionRequestQuerySet:
        """What the applicant was told."""
        return self.filter(told_at__isnull=False)

    def gathering(self) -> CorrectionRequestQuerySet:
        """What was marked and waits for other departments before the applicant is told."""
        return self.filter(told_at__isnull=True, dropped_at__isnull=True)


class CorrectionItemQuerySet(models.QuerySet["CorrectionItem"]):
    """What returns for correction name."""

    def asked(self) -> CorrectionItemQuerySet:
        """What the applicant is asked for, in the order in which it was named: not what was set aside before they were told."""
        return self.exclude(origin="set_aside").order_by("pk")


class AmendmentQuerySet(models.QuerySet["Amendment"]):
    """What departments have to say about changed facts (更正)."""

    def open(self) -> AmendmentQuerySet:
        """Not settled yet, oldest first."""
        return self.filter(outcome="").order_by("pk")

    def of_bundle(self, bundle_id: Any) -> AmendmentQuerySet:
        """Those of one application, with their sub-items and departments at hand."""
        return self.filter(sub_item__bundle=bundle_id).select_related("sub_item__department", "handled_by")


# The columns of a sub-item that a queue's line shows, and the rows they stand in.
LINE_RELATED = ("bundle__applicant", "bundle__organisation", "bundle__matter_version")
LINE_FIELDS = (
    "id",
    "number",
    "key",
    "name",
    "state",
    "state_since",
    "due_on",
    "accepted_at",
    "concluded_at",
    "is_in_part",
    "department_id",
    "bundle__number",
    "bundle__channel",
    "bundle__submitted_at",
    "bundle__applicant__name",
    "bundle__organisation__name",
    "bundle__answers",
    "bundle__matter_version__name",
    "bundle__matter_version__is_listed",
)


def order_due(sub_item: str) -> models.Subquery:
    """Return by which day a supervisor's order on a case is to be answered, while it waits for that. Served by ``order_one_open``."""
    from matters.models import SupervisoryOrder

    waiting = SupervisoryOrder.objects.filter(sub_item=models.OuterRef(sub_item), answered_at__isnull=True)
    return models.Subquery(waiting.values("due_on")[:1])


def of_principal(user: User, prefix: str = "") -> models.Q:
    """Return what of drafts or bundles is whose the user acts for now, and in the matters that are theirs to handle.

    The one place where it is said: of oneself what one applied for as oneself, also through an agent; of an organisation what any of its people
    did for it; of a person who lets one act what was begun under that very mandate, and nothing else of theirs.
    ``prefix``: the way to the draft or bundle, as lookups are written.
    """
    principal = principal_of(user)
    if principal.is_oneself:
        return models.Q(**{f"{prefix}applicant__user": user, f"{prefix}organisation": None})
    if principal.handler is not None:
        found = models.Q(**{f"{prefix}organisation": principal.organisation_id})
    else:
        found = models.Q(**{f"{prefix}mandate": principal.mandate_id})
    if principal.matters is None:
        return found
    return found & models.Q(**{f"{prefix}matter_version__matter__slug__in": principal.matters})


def own_bundles(user: Any) -> models.QuerySet[Any]:
    """Return the keys of the bundles that are an account's own, as `matters.cases.access.whose_own` says of one: of staff no list shows them.

    ``user``: an account, its key, or a `Slot`. To stand in ``__in`` of another query: each way is one of an index, none looks at every row.
    """
    from matters.models import Bundle

    ways = (
        "applicant",
        "organisation__handlers__person",
        "mandate__agent",
        "mandate__agent_organisation__handlers__person",
    )
    first, *more = (Bundle.objects.order_by().filter(**{f"{way}__user": user}).values("pk") for way in ways)
    return first.union(*more, all=True)


def own_sub_items(user: Any) -> models.QuerySet[Any]:
    """Return the keys of the sub-items of `own_bundles`."""
    from matters.models import SubItem

    return SubItem.objects.order_by().filter(bundle__in=own_bundles(user)).values("pk")


class PaperPromiseQuerySet(models.QuerySet["PaperPromise"]):
    """Papers that were promised."""

    def open(self) -> PaperPromiseQuerySet:
        """Return those that nobody has checked, and that are not over."""
        return self.filter(outcome="")

    def awaited(self) -> PaperPromiseQuerySet:
        """Return the papers that applicants still have to hand in."""
        return self.open().filter(kind="deferred", handed_in_at__isnull=True)

    def to_check(self) -> PaperPromiseQuerySet:
        """Return what departments may check now: papers that came, and commitments."""
        return self.open().filter(models.Q(kind="commitment") | models.Q(handed_in_at__isnull=False))

    def barring(self, person: Any, organisation: Any, today: date) -> PaperPromiseQuerySet:
        """Return the broken ones that stand on record today: of an organisation its own, else the person's own."""
        whose = {"sub_item__bundle__organisation": organisation}
        if organisation is None:
            whose = {"sub_item__bundle__organisation__isnull": True, "sub_item__bundle__applicant": person}
        return self.filter(outcome="broken", struck_at__isnull=True, bars_until__gte=today, **whose)


class _RowComparison(models.Func):
    """``(a, b) > (c, d)`` as one row comparison.

    Spelled with OR, PostgreSQL would walk through every row of the same moment; a batch of
    thousands dispatched at once has one moment.
    """

    output_field = models.BooleanField()
    arity = 4

    def __init__(self, *expressions: Any, sign: str) -> None:
        super().__init__(*expressions)
        self.sign = sign

    def as_sql(self, compiler: SQLCompiler, connection: Any, **extra: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        parts = [compiler.compile(expression) for expression in self.get_source_expressions()]
        (a, b, c, d), params = [sql for sql, _params in parts], [value for _sql, values in parts for value in values]
        return f"(({a}, {b}) {self.sign} ({c}, {d}))", params


def keyset(
    queryset: QuerySetT,
    key: str,
    *,
    after: tuple[datetime | date | str, Any] | None = None,
    before: tuple[datetime | date | str, Any] | None = None,
    newest_first: bool = False,
) -> QuerySetT:
    """Return the rows beyond a place in the order (``key``, id), nearest first; ``before`` looks backwards, and ``newest_first``
    turns the order round.

    A page costs the same wherever it lies, given an index that ends in (``key``, id).
    """
    place, looks_down = (before, not newest_first) if before is not None else (after, newest_first)
    if place is not None:
        queryset = queryset.filter(
            _RowComparison(
                models.F(key),
                models.F("pk"),
                models.Value(place[0], output_field=column_of(queryset.model, key)),
                models.Value(place[1], output_field=queryset.model._meta.pk),
                sign="<" if looks_down else ">",
            )
        )
    return queryset.order_by(f"-{key}", "-pk") if looks_down else queryset.order_by(key, "pk")


def column_of(model: type[models.Model], key: str) -> models.Field[Any, Any]:
    """Return the field that a column is of, also where the database computes it."""
    column: Any = model._meta.get_field(key)
    computed: models.Field[Any, Any] = getattr(column, "output_field", column)
    return computed


def _sub_items_in_order() -> models.QuerySet[Any]:
    from matters.models import SubItem

    return SubItem.objects.select_related("department", "extension").order_by("number")
