"""Who applies for whom, as a program reads it: a department's own system, and the API."""

from __future__ import annotations

from typing import Any

from matters.models import Bundle


def who_applies(bundle: Bundle) -> dict[str, Any]:
    """Return who applies, as a reviewer reads it: a person, or an organisation by its handler, and who acts for them under which mandate.

    Keys: ``name``, ``level`` of identity; of an organisation ``name``, ``credit_code`` and ``handler`` with the two former; ``agent`` only where
    somebody acts under a mandate. Days as ISO 8601. No query of its own (``Bundle.objects.for_page``, ``SubItem.objects.for_case``).
    """
    organisation, mandate = bundle.organisation, bundle.mandate
    told: dict[str, Any] = {"name": bundle.applicant.name, "level": bundle.applicant.level}
    if organisation is not None:
        handler = told
        told = {"name": organisation.name, "credit_code": organisation.credit_code, "handler": handler}
    if mandate is not None:
        told["agent"] = {
            "name": mandate.agent_name,
            "mandate": mandate.number,
            "kind": mandate.kind,
            "from": mandate.begins_on.isoformat(),
            "until": mandate.until.isoformat() if mandate.until is not None else None,
            "rests_on": mandate.source,
        }
    return told
