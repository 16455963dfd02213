"""What a reader typed about a reading is sealed: it may name whom they looked for."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations

from portal.lib.sealed_text import SealedTextField
from portal.lib.sealing_rows import open_rows, seal_rows

OPEN = "ALTER TABLE ledger_accessrecord DISABLE TRIGGER ledger_accessrecord_append_only;"
SHUT = "ALTER TABLE ledger_accessrecord ENABLE TRIGGER ledger_accessrecord_append_only;"


def seal(apps: Any, schema_editor: Any) -> None:
    seal_rows(apps.get_model("ledger", "AccessRecord"), "note_clear", "note", note_clear__gt="")


def unseal(apps: Any, schema_editor: Any) -> None:
    open_rows(apps.get_model("ledger", "AccessRecord"), "note_clear", "note")


class Migration(migrations.Migration):
    dependencies: ClassVar = [("ledger", "0004_note_of_a_reading")]

    operations: ClassVar = [
        migrations.RenameField("accessrecord", "note", "note_clear"),
        migrations.AddField(
            "accessrecord",
            "note",
            SealedTextField(
                default="",
                verbose_name="说明",
                db_column="note_sealed",
                max_length=200,
                blank=True,
                bound_to=("subject", "reader_id", "purpose"),
            ),
            preserve_default=False,
        ),
        migrations.RunSQL(OPEN, SHUT),
        migrations.RunPython(seal, unseal),
        migrations.RunSQL(SHUT, OPEN),
        migrations.RemoveField("accessrecord", "note_clear"),
    ]
