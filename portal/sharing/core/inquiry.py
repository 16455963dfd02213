"""An inquiry to a source and its reply, as every adapter takes and gives them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class DataSubject:
    """Whose data is asked for. ``kind``: of the document as in GA/T 2000.156, or ``credit_code`` for an organisation."""

    kind: str
    number: str = field(repr=False)
    name: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Wanted:
    """One thing asked for, and where the source keeps it. ``asked``: ``element:person.name`` or ``material:resident_id_card``."""

    asked: str
    path: str


@dataclass(frozen=True, slots=True)
class Inquiry:
    """One inquiry. ``address``: where the adapter finds the source; ``reference``: the consent, or the grant (``grant:…``), it rests on; ``fetch``: its own id.

    ``ground``: the law and article by which it is asked without consent; empty under a consent.
    """

    source: str
    address: str
    subject: DataSubject
    wanted: tuple[Wanted, ...]
    items: tuple[str, ...]
    purpose: str
    reference: str
    fetch: str
    ground: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a source said. ``outcome``: a value of `portal.sharing.models.FetchOutcome`.

    ``elements``: data element → value, unchecked; ``documents``: material code → what is said of it (number, valid_until …).
    What it does not hold is absent.
    """

    outcome: str
    elements: Mapping[str, Any] = field(default_factory=dict, repr=False)
    documents: Mapping[str, Mapping[str, Any]] = field(default_factory=dict, repr=False)
    as_of: date | None = None


class Adapter(Protocol):
    """How a kind of source is asked. Never raises for what the other side does: that is a reply too."""

    def ask(self, inquiry: Inquiry) -> Reply: ...
