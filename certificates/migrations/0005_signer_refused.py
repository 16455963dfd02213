"""A certificate that the signer refuses is set aside with a reason of its own."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("certificates", "0004_seal_names_and_reasons")]

    operations: ClassVar = [
        migrations.AlterField(
            "certificate",
            "set_aside_reason",
            models.CharField(
                blank=True,
                choices=[
                    ("rare_characters", "含生僻字，现有字库无法印制"),
                    ("face_too_long", "照面内容过长，一页放不下"),
                    ("face_unreadable", "照面信息无法解密"),
                    ("signer_refused", "签章服务查不到相应的准予决定，没有签章"),
                ],
                editable=False,
                max_length=20,
                verbose_name="转人工原因",
            ),
        ),
    ]
