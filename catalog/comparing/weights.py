"""What a change of a definition means for those who apply. Pure.

``lost``: they can no longer do something here. ``more``: they have more to do, to bring or to wait for. ``less``: less of it. ``other``: something is different for them. ``text``: it is only
said differently. ``none``: they do not notice; it concerns the department or the catalog.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from catalog.definitions import NECESSITY_ORDER, REUSE_ORDER

SEVERITIES: Final = ("lost", "more", "less", "other", "text", "none")

_UNNOTICED: Final = frozenset({"output", "review_point", "figure", "department", "other"})
_BURDENS: Final = frozenset({"line", "material", "question", "use", "consent"})
_RELIEFS: Final = frozenset({"exemption"})
_OFFERS: Final = frozenset({"use", "result"})  # what people come for
WORDING: Final = frozenset(
    [
        "label",
        "help",
        "reason",
        "text",
        "name",
        "short_name",
        "note",
        "summary",
        "what",
        "message",
        "stage",
        "remark",
        "limit_note",
        "result_note",
        "visit_reason",
        "standard_code",
        "consulting",
        "complaints",
        "faqs",
        "flow",
        "labels",
        "theme",
        "division",
    ]
)
_AMOUNTS: Final = frozenset(
    {
        "promised_limit_days",
        "visits",
        "visits_together",
        "steps",
        "identity_level",
        "in_person_only",
        "copies",
        "result_waits",
        "minimum",
    }
)
_BACKGROUND: Final = frozenset(
    [
        "facts",
        "locked",
        "authority",
        "known_from",
        "fixed",
        "valid_days",
        "kin",
        "kin_of",
        "item_type",
        "code",
        "task_code",
        "catalog_code",
        "local_code",
        "legal_basis",
        "exercise_level",
        "schema",
        "statutory_limit_days",
    ]
)
_ORDERS: Final[Mapping[str, tuple[str, ...]]] = {"necessity": NECESSITY_ORDER, "reuse": REUSE_ORDER}


def weigh(what: str, kind: str, attribute: str, before: Any, after: Any) -> str:
    """Return the severity of a change; arguments as in ``catalog.comparing.contents.Change``."""
    name = attribute.partition(".")[0]
    if what in _UNNOTICED or name in _BACKGROUND:
        return "none"
    if what == "translation" or (what == "section" and kind != "moved"):
        return "text"
    if kind == "moved":
        return "text"
    if kind in ("added", "removed"):
        return _weigh_presence(what, kind, after if kind == "added" else before, name)
    if name in WORDING:
        return "text"
    if name in _AMOUNTS:
        return _compared(before, after)
    if name in _ORDERS:
        order = _ORDERS[name]
        return _compared(*(order.index(each) if each in order else None for each in (before, after)))
    if name == "required":
        return _compared(*(int(each) if isinstance(each, bool) else None for each in (before, after)))
    return "other"


def _weigh_presence(what: str, kind: str, thing: Any, attribute: str) -> str:
    if what in _RELIEFS:
        return "less" if kind == "added" else "more"
    if what in _OFFERS and kind == "removed":
        return "lost"
    if what in _BURDENS:
        return "other" if _is_voluntary(what, thing) else "more" if kind == "added" else "less"
    return "text" if attribute in WORDING else "other"


def _is_voluntary(what: str, thing: Any) -> bool:
    if not isinstance(thing, Mapping):
        return False
    return (
        (what == "line" and thing.get("required") is False)
        or (what == "material" and thing.get("necessity") == "optional")
        or (what == "use" and bool(thing.get("optional")))
        or (what == "consent" and thing.get("required") is False)
    )


def _compared(before: Any, after: Any) -> str:
    if before is None or after is None or before == after:
        return "other"
    return "more" if after > before else "less"
