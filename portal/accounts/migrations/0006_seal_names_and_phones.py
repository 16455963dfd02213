"""Names and telephone numbers are sealed, and found again by blind indexes."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations, models

import portal.lib.sealed_text
import portal.lib.uuid7
from portal.lib.sealing_rows import open_rows, seal_rows


def seal(apps: Any, schema_editor: Any) -> None:
    user, person = apps.get_model("accounts", "User"), apps.get_model("accounts", "Person")
    # The default of a new column is one value for all rows.
    schema_editor.execute("UPDATE accounts_user SET seal_id = gen_random_uuid()")
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    seal_rows(user, "name_clear", "name", "name_index")
    seal_rows(person, "name_clear", "name", "name_index")
    seal_rows(person, "phone_clear", "phone", "phone_index")


def unseal(apps: Any, schema_editor: Any) -> None:
    user, person = apps.get_model("accounts", "User"), apps.get_model("accounts", "Person")
    open_rows(user, "name_clear", "name")
    open_rows(person, "name_clear", "name")
    open_rows(person, "phone_clear", "phone")


def text(**more: Any) -> Any:
    return models.CharField(default="", **more)


def sealed(label: str, column: str, **more: Any) -> Any:
    return portal.lib.sealed_text.SealedTextField(db_column=column, default="", verbose_name=label, **more)


def index(label: str, of: str) -> Any:
    return portal.lib.sealed_text.BlindIndexField(of=of, kind=of, verbose_name=label)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("accounts", "0005_proved_persons")]

    operations: ClassVar = [
        migrations.RenameField("user", "name", "name_clear"),
        migrations.RenameField("person", "name", "name_clear"),
        migrations.RenameField("person", "phone", "phone_clear"),
        # A default, so that the way back can make the columns again.
        migrations.AlterField("user", "name_clear", text(max_length=100, blank=True)),
        migrations.AlterField("person", "name_clear", text(max_length=100)),
        migrations.AlterField("person", "phone_clear", text(max_length=20, blank=True)),
        migrations.AddField("user", "seal_id", models.UUIDField(default=portal.lib.uuid7.uuid7, editable=False)),
        migrations.AddField("user", "name", sealed("姓名", "name_sealed", max_length=100, blank=True, bound_to=("seal_id",)), preserve_default=False),
        migrations.AddField("user", "name_index", index("姓名索引", "name")),
        migrations.AddField("person", "name", sealed("姓名", "name_sealed", max_length=100), preserve_default=False),
        migrations.AddField("person", "name_index", index("姓名索引", "name")),
        migrations.AddField("person", "phone", sealed("手机号", "phone_sealed", max_length=20, blank=True), preserve_default=False),
        migrations.AddField("person", "phone_index", index("手机号索引", "phone")),
        migrations.RunPython(seal, unseal),
        migrations.RemoveField("user", "name_clear"),
        migrations.RemoveField("person", "name_clear"),
        migrations.RemoveField("person", "phone_clear"),
        migrations.AddIndex("user", models.Index(fields=["name_index"], name="account_name")),
        migrations.AddIndex("person", models.Index(fields=["name_index"], name="person_name")),
        migrations.AddIndex("person", models.Index(fields=["phone_index"], name="person_phone")),
    ]
