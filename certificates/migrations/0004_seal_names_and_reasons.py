"""Whom a certificate is about, which characters of the name cannot be printed, and why a status changed are sealed."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations, models

from portal.lib.sealed_text import SealedTextField
from portal.lib.sealing_rows import open_rows, seal_rows

COLUMNS = (("Certificate", "holder_name"), ("Certificate", "set_aside_detail"), ("StatusChange", "reason"))

# What the trigger of 0002 compares; a column's new name does not reach into a function.
RENAMED = """
DO $outer$
BEGIN
    EXECUTE replace(replace(pg_get_functiondef('certificates_stay'::regproc), 'NEW.{0},', 'NEW.{1},'), 'OLD.{0},', 'OLD.{1},');
END $outer$;
"""
REST = """
ALTER TABLE certificates_certificate {0} TRIGGER certificates_certificate_stays;
ALTER TABLE certificates_statuschange {0} TRIGGER certificates_statuschange_append_only;
"""


def seal(apps: Any, schema_editor: Any) -> None:
    for model, name in COLUMNS:
        seal_rows(apps.get_model("certificates", model), f"{name}_clear", name)


def unseal(apps: Any, schema_editor: Any) -> None:
    for model, name in COLUMNS:
        open_rows(apps.get_model("certificates", model), f"{name}_clear", name)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("certificates", "0003_status")]

    operations: ClassVar = [
        migrations.RunSQL(REST.format("DISABLE"), REST.format("ENABLE")),
        *(migrations.RenameField(model, name, f"{name}_clear") for model, name in COLUMNS),
        # A default, so that the way back can make the columns again.
        migrations.AlterField("certificate", "holder_name_clear", models.CharField(max_length=200, default="")),
        migrations.AlterField(
            "certificate", "set_aside_detail_clear", models.CharField(max_length=200, blank=True, default="")
        ),
        migrations.AlterField("statuschange", "reason_clear", models.CharField(max_length=300, default="")),
        migrations.AddField(
            "certificate",
            "holder_name",
            SealedTextField(default="", verbose_name="持证主体", db_column="holder_name_sealed", max_length=200),
            preserve_default=False,
        ),
        migrations.AddField(
            "certificate",
            "set_aside_detail",
            SealedTextField(
                default="", verbose_name="转人工说明",
                db_column="set_aside_detail_sealed",
                max_length=200,
                blank=True,
                editable=False,
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            "statuschange",
            "reason",
            SealedTextField(
                default="", verbose_name="理由", db_column="reason_sealed", max_length=300, bound_to=("certificate_id", "status")
            ),
            preserve_default=False,
        ),
        migrations.RunPython(seal, unseal),
        *(migrations.RemoveField(model, f"{name}_clear") for model, name in COLUMNS),
        migrations.RunSQL(
            RENAMED.format("holder_name", "holder_name_sealed"), RENAMED.format("holder_name_sealed", "holder_name")
        ),
        migrations.RunSQL(REST.format("ENABLE"), REST.format("DISABLE")),
    ]
