"""What is said where somebody agrees, declares or commits for another person under a mandate: both are named, and the mandate's number."""

from __future__ import annotations

from django.utils.translation import gettext as _

from portal.accounts.models import Mandate


def declared_for(mandate: Mandate, principal: str) -> str:
    """Return who confirms what stands above it, for whom, under which mandate."""
    return _("由代办人%(agent)s依授权 %(number)s 代%(principal)s确认。") % _names(mandate, principal)


def agreed_for(mandate: Mandate, principal: str) -> str:
    """Return who agrees, for whom, under which mandate."""
    return _("由代办人%(agent)s依授权 %(number)s 代%(principal)s同意。") % _names(mandate, principal)


def committed_for(mandate: Mandate, principal: str) -> str:
    """Return who commits, for whom, under which mandate."""
    return _("由代办人%(agent)s依授权 %(number)s 代%(principal)s作出承诺。") % _names(mandate, principal)


def _names(mandate: Mandate, principal: str) -> dict[str, str]:
    return {"agent": mandate.agent_name, "number": mandate.number, "principal": principal}
