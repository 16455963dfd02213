"""Publish a matter: compile its definition and freeze it as an immutable version."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from catalog.defining import define
from catalog.findings import Obstacle, in_words
from catalog.lints import lint_matter
from catalog.merging import CompileRefused, compile_matter
from catalog.models import Matter, MatterVersion
from portal.accounts.models import User


class PublishingRefused(Exception):
    """The definition contradicts itself or refers to nowhere. ``findings``: every obstacle, each in words."""

    code = "publishing_refused"

    def __init__(self, findings: Sequence[Obstacle]) -> None:
        self.findings = tuple(findings)
        super().__init__(_("还不能发布，有 %(count)d 处要先改正。") % {"count": len(self.findings)})


def content_hash(plan: dict[str, Any]) -> str:
    """Return the SHA-256 of a plan's canonical JSON: keys sorted, no spaces, UTF-8."""
    text = json.dumps(plan, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def compile_definition(matter: Matter) -> dict[str, Any]:
    """Return the plan that publishing would freeze. Raises `PublishingRefused`."""
    definition = define(matter)
    try:
        return compile_matter(definition.matter, definition.items, definition.elements, definition.materials)
    except CompileRefused as refusal:
        raise PublishingRefused([words for finding in refusal.findings for words in in_words(finding)]) from None


def lint(matter: Matter) -> list[Obstacle]:
    """Return everything the lints find in a matter's definition, errors first, each in words."""
    definition = define(matter)
    findings = lint_matter(definition.matter, definition.items, definition.elements, definition.materials)
    return [words for finding in findings for words in in_words(finding)]


@transaction.atomic
def publish(matter: Matter, by: User | None = None) -> MatterVersion:
    """Freeze a matter's definition and let new applications be made by it.

    Content that was published before is not frozen twice: its version becomes (or stays) the current one. A matter that is only described,
    not applied for, may have gaps that would stop an application: of the lints only what keeps it from compiling refuses it.
    Raises `PublishingRefused`.
    """
    Matter.objects.select_for_update(of=("self",)).get(pk=matter.pk)
    is_open = matter.standing == Matter.Standing.OPEN
    plan = compile_definition(matter)
    digest = content_hash(plan)
    versions = MatterVersion.objects.filter(matter=matter)
    version = versions.defer("plan").filter(content_hash=digest).first()
    if version is None:
        errors = [obstacle for obstacle in lint(matter) if obstacle.severity == "error"] if is_open else []
        if errors:
            raise PublishingRefused(errors)
        number = (versions.aggregate(last=Max("number"))["last"] or 0) + 1
        version = MatterVersion.objects.create(
            matter=matter, number=number, plan=plan, content_hash=digest, published_by=by
        )
    if matter.current_version_id != version.pk:
        matter.current_version = version
        matter.save(update_fields=["current_version"])
    return version
