"""Of one person one copy is made at a time: of several that wait, the first is made, and the others count as over."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models

ONE = """
UPDATE accounts_fileexport late SET made_at = late.asked_at, until = late.asked_at
 WHERE late.made_at IS NULL AND EXISTS (
       SELECT 1 FROM accounts_fileexport first
        WHERE first.person_id = late.person_id AND first.made_at IS NULL AND first.id < late.id);
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("accounts", "0011_exports")]

    operations: ClassVar = [
        migrations.RunSQL(ONE, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="fileexport",
            constraint=models.UniqueConstraint(
                fields=["person"], condition=models.Q(made_at__isnull=True), name="export_one_being_made"
            ),
        ),
    ]
