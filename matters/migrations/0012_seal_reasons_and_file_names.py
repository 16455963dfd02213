"""Reasons that officers write about people, and the names people give their files, are sealed."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations, models

from portal.lib.sealed_text import SealedTextField
from portal.lib.sealing_rows import open_rows, seal_rows

COLUMNS = (("Decision", "reason"), ("CorrectionItem", "reason"), ("SubmittedMaterial", "original_name"))


def seal(apps: Any, schema_editor: Any) -> None:
    for model, name in COLUMNS:
        seal_rows(apps.get_model("matters", model), f"{name}_clear", name)


def unseal(apps: Any, schema_editor: Any) -> None:
    for model, name in COLUMNS:
        open_rows(apps.get_model("matters", model), f"{name}_clear", name)


def states_grounds(empty: object) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=models.Q(("outcome", "approved"), models.Q(("reason", empty), _negated=True), _connector="OR"),
        name="decision_rejection_states_grounds",
    )


class Migration(migrations.Migration):
    dependencies: ClassVar = [("matters", "0011_inspections")]

    operations: ClassVar = [
        migrations.RemoveConstraint("decision", "decision_rejection_states_grounds"),
        *(migrations.RenameField(model, name, f"{name}_clear") for model, name in COLUMNS),
        # A default, so that the way back can make the columns again.
        migrations.AlterField("decision", "reason_clear", models.TextField(blank=True, default="")),
        migrations.AlterField("correctionitem", "reason_clear", models.CharField(max_length=300, default="")),
        migrations.AlterField("submittedmaterial", "original_name_clear", models.CharField(max_length=255, default="")),
        migrations.AddField(
            "decision",
            "reason",
            SealedTextField(default="", verbose_name="理由", db_column="reason_sealed", blank=True, bound_to=("sub_item_id",)),
            preserve_default=False,
        ),
        migrations.AddField(
            "correctionitem",
            "reason",
            SealedTextField(
                default="", verbose_name="理由",
                db_column="reason_sealed",
                max_length=300,
                bound_to=("request_id", "target", "key"),
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            "submittedmaterial",
            "original_name",
            SealedTextField(default="", verbose_name="文件名", db_column="original_name_sealed", max_length=255),
            preserve_default=False,
        ),
        migrations.RunPython(seal, unseal),
        *(migrations.RemoveField(model, f"{name}_clear") for model, name in COLUMNS),
        migrations.AddConstraint("decision", states_grounds(b"")),
    ]
