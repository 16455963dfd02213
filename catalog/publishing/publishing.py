"""Publish: compile a definition and freeze it as an immutable version.

``publish`` is the direct way, for imports and the demo town; people go through ``catalog.publishing.proposing``, which ends in ``freeze`` as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from catalog.compiling import CompileRefused, compile_matter
from catalog.definitions import Finding
from catalog.definitions.hashing import content_hash
from catalog.linting.items import beyond_statute, procedures, published_as_open
from catalog.linting.matters import lint_matter
from catalog.models import Division, Matter, MatterVersion, RegionalVersion, ServiceItem
from catalog.search.content import follow_version
from catalog.versions.defining import define
from catalog.versions.regional import define_in, divisions_of
from catalog.wording.findings import FindingText, in_words
from catalog.wording.names import names_of
from portal.accounts.models import User


class PublishingRefused(Exception):
    """The definition contradicts itself or refers to nowhere. ``findings``: everything that is wrong, each in words."""

    code = "publishing_refused"

    def __init__(self, findings: Sequence[FindingText]) -> None:
        self.findings = tuple(findings)
        super().__init__(_("还不能发布，有 %(count)d 处要先改正。") % {"count": len(self.findings)})


class MatterDraft:
    """A matter's definition as its rows are now (as it holds in a division), read once: to be compiled, to be linted."""

    def __init__(self, matter: Matter, division: Division | None = None) -> None:
        self._definition = define_in(matter, division) if division else define(matter)

    def compile(self) -> dict[str, Any]:
        """Return the content that publishing would freeze. Raises `PublishingRefused`."""
        try:
            return compile_matter(*self._definition)
        except CompileRefused as refusal:
            raise PublishingRefused(self._in_words(refusal.findings)) from None

    def lint(self) -> list[FindingText]:
        """Return everything the lints find, errors first, each in words."""
        return self._in_words(lint_matter(*self._definition))

    def _in_words(self, findings: Sequence[Finding]) -> list[FindingText]:
        names = names_of(*self._definition)
        return [in_words(finding, names) for finding in findings]


@transaction.atomic
def publish(matter: Matter, by: User | None = None, division: Division | None = None) -> MatterVersion:
    """Freeze a matter's definition and let new applications be made by it; with ``division``: those made there.

    Content that was published before is not frozen twice: its version becomes (or stays) the current one. A matter that is only described,
    not applied for, may have gaps that would stop an application: of the lints only what keeps it from compiling refuses it.
    Raises `PublishingRefused`.
    """
    Matter.objects.select_for_update(of=("self",)).get(pk=matter.pk)
    matter.refresh_from_db()
    is_open = matter.status == Matter.Status.OPEN
    draft = MatterDraft(matter, division)
    content = draft.compile()
    digest = content_hash(content)
    if not MatterVersion.objects.filter(matter=matter, content_hash=digest).exists() and is_open:
        refuse_errors(draft.lint())
    return freeze(matter, content, by, division)


def freeze(matter: Matter, content: dict[str, Any], by: User | None, division: Division | None = None) -> MatterVersion:
    """Make a content the current version of a matter (in a division: of that division), as the next number or as the version that it already is.

    The standard takes the divisions that do something in their own way along, and the search learns its name and its items. The caller holds the lock on the matter's row.
    """
    versions = MatterVersion.objects.filter(matter=matter)
    digest = content_hash(content)
    version = versions.defer("content").filter(content_hash=digest).first()
    if version is None:
        number = (versions.aggregate(last=Max("number"))["last"] or 0) + 1
        version = MatterVersion.objects.create(
            matter=matter, number=number, content=content, content_hash=digest, published_by=by, division=division
        )
    if division is not None:
        RegionalVersion.objects.update_or_create(matter=matter, division=division, defaults={"version": version})
    elif matter.current_version_id != version.pk:
        matter.current_version = version
        matter.save(update_fields=["current_version"])
    if division is None and matter.is_listed:
        follow_version(version)
        _follow(matter, by)
    return version


def _follow(matter: Matter, by: User | None) -> None:
    """Publish what the divisions make of the standard; a division without an implementation any more is back at the standard."""
    divisions = divisions_of(matter)
    RegionalVersion.objects.filter(matter=matter).exclude(division__in=divisions).delete()
    for division in divisions:
        publish(matter, by, division)


def lint_item(item: ServiceItem) -> list[FindingText]:
    """Return what is wrong with an item: by itself, and in the open matters that it is part of. Cost: one lint a matter."""
    own = [
        *beyond_statute(item.slug, item.promised_limit_days, item.statutory_limit_days),
        *published_as_open(item.slug, item.facts, vars(item)),
        *procedures(item.slug, item.special_procedures),
    ]
    found = [in_words(finding) for finding in own]
    for matter in Matter.objects.filter(items__item=item, status=Matter.Status.OPEN):
        found += [each for each in MatterDraft(matter).lint() if each.name == item.slug and each not in found]
    return found


def refuse_errors(findings: Sequence[FindingText]) -> None:
    """Raise `PublishingRefused` if any of the findings is an error."""
    errors = [finding for finding in findings if finding.severity == "error"]
    if errors:
        raise PublishingRefused(errors)
