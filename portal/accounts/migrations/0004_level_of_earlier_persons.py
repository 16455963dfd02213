"""Persons of before: whom a window registered without an account was seen there; whoever opened an account only said who they are.

An account becomes level 0 even where the window has worked for it since: nobody can tell any more whether the account is that person's.
It is proved at the window like any other. What windows entered for it stays out of its sight until then (`BundleQuerySet.of_applicant`).
"""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

SEEN_AT_THE_WINDOW = """
INSERT INTO accounts_identitycheck (person_id, method, level, document_kind, officer_id, at)
SELECT id, 'earlier', 2, document_kind, NULL, created_at FROM accounts_person WHERE user_id IS NULL;
UPDATE accounts_person SET level = 2 WHERE user_id IS NULL;
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("accounts", "0003_identity_check")]

    operations: ClassVar = [migrations.RunSQL(SEEN_AT_THE_WINDOW, migrations.RunSQL.noop)]
