"""What a reviewer looks at: what a proposal changes, what that means for open cases, and whether it still can be approved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from catalog.comparing.contents import compare_items, compare_matters
from catalog.composing.finding_links import linked
from catalog.models import Division, Matter, Proposal, ServiceItem
from catalog.publishing.effects import Effect, effect_of
from catalog.publishing.proposing import current_of, draft_content, findings_of, is_outdated
from catalog.publishing.publishing import PublishingRefused
from catalog.versions.regional import divisions_of
from catalog.wording.differences import SEVERITY_NAMES, Told, tell
from catalog.wording.findings import FindingText

FOLDED = 12  # a group with more changes than this is folded
Definition = Matter | ServiceItem


@dataclass(frozen=True, slots=True)
class PartChanges:
    """The changes of one kind."""

    name: str
    changes: tuple[Told, ...]

    @property
    def is_long(self) -> bool:
        return len(self.changes) > FOLDED


@dataclass(frozen=True, slots=True)
class Difference:
    """All changes between two contents. ``counts``: severity, what it is called, how many; the gravest first."""

    groups: tuple[PartChanges, ...]
    counts: tuple[tuple[str, str, int], ...]

    @property
    def count(self) -> int:
        return sum(count for _severity, _name, count in self.counts)


@dataclass(frozen=True, slots=True)
class Follower:
    """A division whose own version is published along with the standard, and what that changes there."""

    division: Division
    difference: Difference


@dataclass(frozen=True, slots=True)
class ComingAlong:
    """An item whose definition a matter's proposal publishes within the matter. ``elsewhere``: other matters with it, which stay as they are;
    ``is_new``: the item itself was never published, so that it has no guide of its own yet."""

    name: str
    elsewhere: tuple[str, ...]
    is_new: bool


@dataclass(frozen=True, slots=True)
class Review:
    """A proposal as its page shows it. ``effect``, ``findings`` and ``followers`` are of now, and only of an open proposal.

    ``items``: what comes along with a matter.
    """

    proposal: Proposal
    difference: Difference
    effect: Effect | None
    findings: Sequence[FindingText]
    is_outdated: bool
    is_overtaken: bool
    matters: Sequence[Matter]
    followers: Sequence[Follower]
    items: Sequence[ComingAlong]

    @property
    def can_be_approved(self) -> bool:
        is_open = self.proposal.state == Proposal.State.OPEN
        return is_open and not (self.is_outdated or self.is_overtaken or self.has_errors)

    @property
    def has_errors(self) -> bool:
        return any(finding.severity == "error" for finding in self.findings)


def review_of(proposal: Proposal) -> Review:
    """Return what the page of a proposal shows. Cost: of an open one compiling and linting its draft, and `effect_of`."""
    definition = proposal.matter or proposal.item
    assert definition is not None  # the database demands one of the two
    is_open = proposal.state == Proposal.State.OPEN
    current = current_of(definition, proposal.division) if is_open else None
    change = difference(content_of_version(definition, proposal.base_number), proposal.content)
    return Review(
        proposal=proposal,
        difference=change,
        effect=effect_of(proposal) if is_open else None,
        findings=linked(findings_of(definition, proposal.division), definition) if is_open else (),
        is_outdated=is_open and is_outdated(proposal),
        is_overtaken=is_open and (current.number if current else None) != proposal.base_number,
        matters=matters_with(definition),
        followers=_followers(definition) if is_open and proposal.division is None else (),
        items=_coming_along(definition, change, proposal.content),
    )


def _coming_along(definition: Definition, change: Difference, content: Mapping[str, Any]) -> list[ComingAlong]:
    """Return the items of a matter's proposal that are new in it or changed within it. Cost: two queries."""
    if not isinstance(definition, Matter):
        return []
    told = [each.change for part in change.groups for each in part.changes]
    touched = {each.item for each in told} | {each.key for each in told if each.what == "use" and each.kind == "added"}
    names = {each["definition"]["slug"]: each["definition"]["name"] for each in content["items"]}
    wanted = [slug for slug in names if slug in touched]
    elsewhere: dict[str, list[str]] = {}
    others = Matter.objects.exclude(pk=definition.pk).filter(items__item__slug__in=wanted)
    for slug, name in others.order_by("name").values_list("items__item__slug", "name"):
        elsewhere.setdefault(slug, []).append(name)
    published = ServiceItem.objects.filter(slug__in=wanted, current_version__isnull=False)
    known = set(published.values_list("slug", flat=True))
    return [ComingAlong(names[slug], tuple(elsewhere.get(slug, ())), slug not in known) for slug in wanted]


def draft_difference(definition: Definition, division: Division | None = None) -> Difference:
    """Return what a draft changes of the current version. Raises ``catalog.publishing.publishing.PublishingRefused``."""
    current = current_of(definition, division)
    before = content_of_version(definition, current.number if current else None)
    return difference(before, draft_content(definition, division))


def difference(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> Difference:
    """Return what is different between two contents of a matter, or of an item, in words."""
    compare = compare_matters if "matter" in after else compare_items
    changes = compare(before, after)
    groups = tuple(PartChanges(name, tuple(told)) for name, told in tell(changes, before, after))
    counts = Counter(change.severity for change in changes)
    ranked = tuple(
        (severity, str(name), counts[severity]) for severity, name in SEVERITY_NAMES.items() if counts[severity]
    )
    return Difference(groups, ranked)


def _followers(definition: Definition) -> list[Follower]:
    if not isinstance(definition, Matter):
        return []
    found = []
    for division in divisions_of(definition):
        try:
            change = draft_difference(definition, division)
        except PublishingRefused:
            continue  # approving will be refused, and says why
        if change.count:
            found.append(Follower(division, change))
    return found


def content_of_version(definition: Definition, number: int | None) -> Mapping[str, Any] | None:
    """Return the content of a version by its number, or None where there is none."""
    if number is None:
        return None
    return definition.versions.filter(number=number).values_list("content", flat=True).first()


def matters_with(definition: Definition) -> list[Matter]:
    """Return the matters that an item is part of: each is proposed by itself."""
    if isinstance(definition, Matter):
        return []
    return list(Matter.objects.filter(items__item=definition).order_by("name"))
