"""Rows: accounts, persons and their proofs, organisations and the people who act for them, mandates."""

from portal.accounts.models.mandates import CONSENT_AGE, MAJORITY, Death, Mandate, MandateOffer
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

__all__ = [
    "CONSENT_AGE",
    "MAJORITY",
    "AccountManager",
    "Death",
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
]
