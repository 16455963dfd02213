"""The filled form of a bundle, as it lies in the database: sealed as a whole, opened only here.

Whoever shows it to a person goes through ``matters.cases.access``, which demands a purpose and leaves a line.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any

from matters.models import Bundle
from portal.lib.vault import seal, unseal


@dataclass(frozen=True, slots=True)
class BundleForm:
    """``values``: field key → normalised value. ``consents``: consent key → moment of agreement (ISO 8601).

    ``known``: field key → what a source said of it when it was filled in (``value``, ``name``, ``day``, ``fetch``), also where the
    applicant changed it.
    """

    values: dict[str, Any] = field(default_factory=dict)
    consents: dict[str, str] = field(default_factory=dict)
    known: dict[str, dict[str, Any]] = field(default_factory=dict)


def seal_bundle_form(bundle_id: uuid.UUID, form: BundleForm) -> bytes:
    """Return what ``Bundle.form_sealed`` holds. It opens for this bundle only."""
    return seal({"values": form.values, "consents": form.consents, "known": form.known}, _context(bundle_id))


def open_bundle_form(bundle: Bundle) -> BundleForm:
    """Open the form of a bundle. Raises ``portal.lib.vault.SealBroken``."""
    stored = unseal(bundle.form_sealed, _context(bundle.pk))
    return BundleForm(values=stored["values"], consents=stored["consents"], known=stored.get("known", {}))


def _context(bundle_id: uuid.UUID) -> str:
    return f"bundle.form:{bundle_id}"
