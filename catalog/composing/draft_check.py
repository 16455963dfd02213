"""One look at a draft: does it compile, what do the lints find, how does it flow, what are its figures. Nothing is published."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock

from django.utils.translation import get_language

from catalog.compiling import CompileRefused, compile_matter
from catalog.composing.answer_effects import Effect, effects_of
from catalog.linting.matters import lint_matter
from catalog.merging.compiled import CompiledMatter
from catalog.models import Matter
from catalog.versions.defining import Definition, define
from catalog.wording.findings import Obstacle, in_words
from catalog.wording.names import names_of

_KEPT = 24
_looks: OrderedDict[str, Look] = OrderedDict()
_lock = Lock()


@dataclass(frozen=True)
class Look:
    """What a definition comes to. ``compiled`` is None where it contradicts itself; then ``findings`` says why."""

    compiled: CompiledMatter | None
    findings: tuple[Obstacle, ...]
    effects: dict[str, list[Effect]] = field(default_factory=dict)


def look_at(matter: Matter) -> Look:
    """Return the look at a matter's draft rows. Cost: the queries of `define`; what was looked at lately is not computed again."""
    return look_at_definition(define(matter))


def look_at_definition(definition: Definition) -> Look:
    """Return the look at a definition."""
    key = hashlib.sha256(f"{get_language()} {definition!r}".encode()).hexdigest()
    with _lock:
        if key in _looks:
            _looks.move_to_end(key)
            return _looks[key]
    look = _look(definition)
    with _lock:
        _looks[key] = look
        while len(_looks) > _KEPT:
            _looks.popitem(last=False)
    return look


def compile_draft(definition: Definition) -> CompiledMatter | None:
    """Return the compiled matter, or None where the definition contradicts itself."""
    parts = (definition.matter, definition.items, definition.elements, definition.materials)
    try:
        return CompiledMatter(compile_matter(*parts))
    except CompileRefused:
        return None


def _look(definition: Definition) -> Look:
    parts = (definition.matter, definition.items, definition.elements, definition.materials)
    names = names_of(*parts)
    findings = tuple(words for finding in lint_matter(*parts) for words in in_words(finding, names))
    compiled = compile_draft(definition)
    return Look(compiled, findings, effects_of(compiled) if compiled is not None else {})
