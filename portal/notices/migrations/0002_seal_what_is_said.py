"""What a message says is sealed: it names people."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations, models

from portal.lib.sealed_text import SealedTextField
from portal.lib.sealing_rows import open_rows, seal_rows


def seal(apps: Any, schema_editor: Any) -> None:
    seal_rows(apps.get_model("notices", "Message"), "content_clear", "content", content_clear__gt="")


def unseal(apps: Any, schema_editor: Any) -> None:
    open_rows(apps.get_model("notices", "Message"), "content_clear", "content")


AS_TEXT = """
ALTER TABLE notices_message ALTER COLUMN data TYPE text USING CASE WHEN data = '{}' THEN '' ELSE data::text END;
"""
AS_JSON = """
ALTER TABLE notices_message ALTER COLUMN data TYPE jsonb USING CASE WHEN data = '' THEN '{}' ELSE data::jsonb END;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("notices", "0001_initial")]

    operations: ClassVar = [
        migrations.SeparateDatabaseAndState(
            [migrations.RunSQL(AS_TEXT, AS_JSON)],
            [
                migrations.RenameField("message", "data", "content_clear"),
                migrations.AlterField("message", "content_clear", models.TextField(default="", db_column="data")),
            ],
        ),
        migrations.AddField(
            "message",
            "content",
            SealedTextField(
                default="", verbose_name="内容", db_column="data_sealed", blank=True, bound_to=("recipient_id", "key")
            ),
            preserve_default=False,
        ),
        migrations.RunPython(seal, unseal),
        migrations.RemoveField("message", "content_clear"),
    ]
