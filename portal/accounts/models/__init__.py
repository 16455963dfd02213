"""Rows: accounts, persons and their proofs, organisations and the people who act for them."""

from portal.accounts.models.organisations import Handler, Invitation, Organisation, OrganisationCheck
from portal.accounts.models.people import AccountManager, DocumentKind, FileExport, IdentityCheck, Level, Person, User

__all__ = [
    "AccountManager",
    "DocumentKind",
    "FileExport",
    "Handler",
    "IdentityCheck",
    "Invitation",
    "Level",
    "Organisation",
    "OrganisationCheck",
    "Person",
    "User",
]
