"""Let the application's database role read and write rows, and nothing else."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction

# Rows that are written once. The triggers refuse a change as well; a role without the right cannot ask them to.
WRITTEN_ONCE = (
    "accounts_death",
    "accounts_deathwithdrawal",
    "accounts_identitycheck",
    "accounts_organisationcheck",
    "accounts_personmerge",
    "catalog_definitionevent",
    "certificates_certificateholder",
    "certificates_statuschange",
    "ledger_accessrecord",
    "ledger_event",
    "ledger_securityevent",
    "matters_casemessage",
    "matters_casenote",
    "matters_deadlinecard",
    "matters_fileddocument",
    "matters_inspection",
    "matters_inspection_cases",
    "matters_materialsatisfaction",
    "matters_pointverdict",
    "matters_proposalsignature",
    "matters_renewal",
    "matters_renewalreminder",
    "matters_ruleevaluation",
    "matters_ruleswitch",
    "matters_systemevent",
    "retention_closedaccount",
    "retention_deletionrequest",
)
# Rows that may be continued and never vanish.
NEVER_DELETED = (
    "accounts_handler",
    "accounts_invitation",
    "accounts_mandate",
    "accounts_mandateoffer",
    "accounts_windowproposal",
    "catalog_itemversion",
    "catalog_matterversion",
    "certificates_certificate",
    "ledger_chain",
    "matters_benefitpolicy",
    "matters_decisionproposal",
    "matters_documentseries",
    "matters_factdispute",
    "matters_officialdocument",
    "matters_paperpromise",
    "matters_signingrule",
    "matters_supervisoryorder",
    "pghistory_context",
    "retention_legalhold",
    "sharing_fetch",
    "sharing_sharingconsent",
)
# What only whoever migrates writes.
READ_ONLY = ("django_migrations",)


class Command(BaseCommand):
    """Run it as the owner of the tables, after each migration. Safe to repeat.

    The role owns nothing, creates nothing and empties nothing; ledgers it can only add to (ASVS 5.0, 13.2.2).
    """

    help = "Grant a database role what web, worker and beat need, after each migration: rows, no tables."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("role", help="the role in the application's DATABASE_URL")

    def handle(self, *args: Any, **options: Any) -> None:
        role = options["role"]
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT rolsuper, current_user = rolname FROM pg_roles WHERE rolname = %s", [role])
            found = cursor.fetchone()
            if found is None:
                raise CommandError(f"There is no role {role}. As a superuser: CREATE ROLE {role} LOGIN PASSWORD '…';")
            if any(found):
                raise CommandError(
                    f"{role} is a superuser or the owner itself: the application needs a role of its own."
                )
            for statement in _statements(connection.ops.quote_name(role)):
                cursor.execute(statement)
        if options["verbosity"]:
            self.stdout.write(f"{role} reads and writes rows; {len(WRITTEN_ONCE)} ledgers it only adds to.")


def _statements(role: str) -> list[str]:
    revoked = [
        *(("INSERT, UPDATE, DELETE", table) for table in READ_ONLY),
        *(("UPDATE, DELETE", table) for table in WRITTEN_ONCE),
        *(("DELETE", table) for table in NEVER_DELETED),
    ]
    return [
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
        f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}",
        f"GRANT USAGE ON SCHEMA public TO {role}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
        *(f"REVOKE {rights} ON {table} FROM {role}" for rights, table in revoked),
    ]
