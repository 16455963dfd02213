"""The purpose of an inspection is sealed, and the console's diary of what was done names rows by their keys: both named people."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from django.db import migrations, models

from portal.lib.sealed_text import SealedTextField
from portal.lib.sealing_rows import open_rows, seal_rows

OPEN = "ALTER TABLE matters_inspection DISABLE TRIGGER matters_inspection_append_only;"
SHUT = "ALTER TABLE matters_inspection ENABLE TRIGGER matters_inspection_append_only;"
BY_KEY = """
UPDATE django_admin_log SET object_repr = coalesce(
    (SELECT model FROM django_content_type AS kind WHERE kind.id = content_type_id) || ' ', '') || coalesce(left(object_id, 80), '');
"""
CONSTRAINT = "inspection_has_a_purpose"


def seal(apps: Any, schema_editor: Any) -> None:
    seal_rows(apps.get_model("matters", "Inspection"), "purpose_clear", "purpose")


def unseal(apps: Any, schema_editor: Any) -> None:
    open_rows(apps.get_model("matters", "Inspection"), "purpose_clear", "purpose")


def forget_names_of_parts(apps: Any, schema_editor: Any) -> None:
    """Take out of the diary what parts of a row were called, but for those of definitions."""
    rows = apps.get_model("admin", "LogEntry").objects.filter(change_message__contains='"object"')
    for row in rows.exclude(content_type__app_label="catalog").iterator():
        try:
            said = json.loads(row.change_message)
            for one in said:
                for what in one.values():
                    what.pop("object", None)
                    what.pop("name", None)
        except (ValueError, TypeError, AttributeError):
            said = []
        row.change_message = json.dumps(said)
        row.save(update_fields=["change_message"])


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("matters", "0019_clerks"),
        ("admin", "0003_logentry_add_action_flag_choices"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations: ClassVar = [
        migrations.RemoveConstraint("inspection", CONSTRAINT),
        migrations.RenameField("inspection", "purpose", "purpose_clear"),
        migrations.AlterField("inspection", "purpose_clear", models.CharField(max_length=200, default="")),
        migrations.AddField(
            "inspection",
            "purpose",
            SealedTextField(
                default="",
                verbose_name="抽查目的",
                db_column="purpose_sealed",
                max_length=200,
                bound_to=("inspector_id", "department_id", "drawn_at"),
            ),
            preserve_default=False,
        ),
        migrations.RunSQL(OPEN, SHUT),
        migrations.RunPython(seal, unseal),
        migrations.RunSQL(SHUT, OPEN),
        migrations.RemoveField("inspection", "purpose_clear"),
        migrations.AddConstraint(
            "inspection", models.CheckConstraint(condition=~models.Q(purpose=b""), name=CONSTRAINT)
        ),
        migrations.RunSQL(BY_KEY, migrations.RunSQL.noop),
        migrations.RunPython(forget_names_of_parts, migrations.RunPython.noop),
    ]
