"""The check of a draft: does it compile, what do the lints find, how does it flow, what are its figures. Nothing is published."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock

from django.utils.translation import get_language

from catalog.compiling import CompileRefused, compile_matter
from catalog.composing.answer_effects import AnswerEffect, effects_of
from catalog.definitions import Definition
from catalog.linting.matters import lint_matter
from catalog.merging.compiled import CompiledMatter
from catalog.models import Matter
from catalog.versions.defining import define
from catalog.wording.findings import FindingText, in_words
from catalog.wording.names import names_of

_KEPT = 24
_checks: OrderedDict[str, DraftCheck] = OrderedDict()
_lock = Lock()


@dataclass(frozen=True)
class DraftCheck:
    """What a definition comes to. ``compiled`` is None where it contradicts itself; then ``findings`` says why."""

    compiled: CompiledMatter | None
    findings: tuple[FindingText, ...]
    effects: dict[str, list[AnswerEffect]] = field(default_factory=dict)


def check_draft(matter: Matter) -> DraftCheck:
    """Return what a matter's draft rows come to. Cost: the queries of `define`; what was checked lately is not computed again."""
    return check_definition(define(matter))


def check_definition(definition: Definition) -> DraftCheck:
    """Return what a definition comes to."""
    key = hashlib.sha256(f"{get_language()} {definition!r}".encode()).hexdigest()
    with _lock:
        if key in _checks:
            _checks.move_to_end(key)
            return _checks[key]
    check = _check(definition)
    with _lock:
        _checks[key] = check
        while len(_checks) > _KEPT:
            _checks.popitem(last=False)
    return check


def _check(definition: Definition) -> DraftCheck:
    names = names_of(*definition)
    findings = tuple(in_words(finding, names) for finding in lint_matter(*definition))
    try:
        compiled = CompiledMatter(compile_matter(*definition))
    except CompileRefused:
        return DraftCheck(None, findings)
    return DraftCheck(compiled, findings, effects_of(compiled))
