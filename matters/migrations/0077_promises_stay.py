"""What was promised stays: the database itself sees to it."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

REFUSE = """
CREATE TRIGGER matters_paperpromise_stays BEFORE DELETE ON matters_paperpromise
    FOR EACH ROW EXECUTE FUNCTION sharing_refuse();
CREATE TRIGGER matters_paperpromise_no_truncate BEFORE TRUNCATE ON matters_paperpromise
    FOR EACH STATEMENT EXECUTE FUNCTION sharing_refuse();
"""
ALLOW = """
DROP TRIGGER matters_paperpromise_stays ON matters_paperpromise;
DROP TRIGGER matters_paperpromise_no_truncate ON matters_paperpromise;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("matters", "0076_paper_promises")]

    operations: ClassVar = [migrations.RunSQL(REFUSE, ALLOW)]
