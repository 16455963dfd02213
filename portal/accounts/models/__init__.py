"""Rows: accounts, persons and their proofs, organisations and the people who act for them, mandates."""

from portal.accounts.models.mandates import (
    CONSENT_AGE,
    MAJORITY,
    Death,
    DeathWithdrawal,
    Mandate,
    MandateOffer,
    is_alive,
)
from portal.accounts.models.organisations import Handler, Invitation, Organisation, OrganisationCheck
from portal.accounts.models.people import (
    AccountManager,
    DocumentKind,
    FileExport,
    IdentityCheck,
    Level,
    Person,
    PersonMerge,
    User,
)
from portal.accounts.models.proposals import WindowProposal

__all__ = [
    "CONSENT_AGE",
    "MAJORITY",
    "AccountManager",
    "Death",
    "DeathWithdrawal",
    "DocumentKind",
    "FileExport",
    "Handler",
    "IdentityCheck",
    "Invitation",
    "Level",
    "Mandate",
    "MandateOffer",
    "Organisation",
    "OrganisationCheck",
    "Person",
    "PersonMerge",
    "User",
    "WindowProposal",
    "is_alive",
]
