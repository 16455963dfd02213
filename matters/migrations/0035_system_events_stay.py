"""What a department's system said stays as it was."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

REFUSE = """
CREATE TRIGGER matters_systemevent_append_only BEFORE UPDATE OR DELETE ON matters_systemevent
    FOR EACH ROW EXECUTE FUNCTION sharing_refuse();
CREATE TRIGGER matters_systemevent_no_truncate BEFORE TRUNCATE ON matters_systemevent
    FOR EACH STATEMENT EXECUTE FUNCTION sharing_refuse();
"""
ALLOW = """
DROP TRIGGER matters_systemevent_append_only ON matters_systemevent;
DROP TRIGGER matters_systemevent_no_truncate ON matters_systemevent;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("matters", "0034_department_systems")]

    operations: ClassVar = [migrations.RunSQL(REFUSE, ALLOW)]
