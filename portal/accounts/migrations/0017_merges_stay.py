"""That two entries are one person is written once: the database itself sees to it."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

REFUSE = """
CREATE TRIGGER accounts_personmerge_append_only BEFORE UPDATE OR DELETE ON accounts_personmerge
    FOR EACH ROW EXECUTE FUNCTION accounts_identitycheck_refuse();
"""
ALLOW = "DROP TRIGGER accounts_personmerge_append_only ON accounts_personmerge;"


class Migration(migrations.Migration):
    dependencies: ClassVar = [("accounts", "0016_merges")]

    operations: ClassVar = [migrations.RunSQL(REFUSE, ALLOW)]
