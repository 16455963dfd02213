"""What was agreed to stays as it was: the database itself sees to it."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

REFUSE = """
CREATE TRIGGER matters_fileddocument_append_only BEFORE UPDATE OR DELETE ON matters_fileddocument
    FOR EACH ROW EXECUTE FUNCTION sharing_refuse();
CREATE TRIGGER matters_fileddocument_no_truncate BEFORE TRUNCATE ON matters_fileddocument
    FOR EACH STATEMENT EXECUTE FUNCTION sharing_refuse();
"""
ALLOW = """
DROP TRIGGER matters_fileddocument_append_only ON matters_fileddocument;
DROP TRIGGER matters_fileddocument_no_truncate ON matters_fileddocument;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("matters", "0026_documents")]

    operations: ClassVar = [migrations.RunSQL(REFUSE, ALLOW)]
