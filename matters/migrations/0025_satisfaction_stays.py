"""What stood in for a paper stays as it was found: the database itself sees to it."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

REFUSE = """
CREATE TRIGGER matters_materialsatisfaction_append_only BEFORE UPDATE OR DELETE ON matters_materialsatisfaction
    FOR EACH ROW EXECUTE FUNCTION sharing_refuse();
CREATE TRIGGER matters_materialsatisfaction_no_truncate BEFORE TRUNCATE ON matters_materialsatisfaction
    FOR EACH STATEMENT EXECUTE FUNCTION sharing_refuse();
"""
ALLOW = """
DROP TRIGGER matters_materialsatisfaction_append_only ON matters_materialsatisfaction;
DROP TRIGGER matters_materialsatisfaction_no_truncate ON matters_materialsatisfaction;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("matters", "0024_satisfaction")]

    operations: ClassVar = [migrations.RunSQL(REFUSE, ALLOW)]
