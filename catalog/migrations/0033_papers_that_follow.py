from __future__ import annotations

import django.core.validators
from django.db import migrations, models

BETWEEN = [django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(60)]


class Migration(migrations.Migration):
    """Of a paper that may follow later: by when, and whether the result waits for it."""

    dependencies = [("catalog", "0032_procedures_by_kind")]

    operations = [
        migrations.AddField(
            model_name="itemmaterial",
            name="deferred_days",
            field=models.PositiveSmallIntegerField(
                default=10,
                help_text="受理后多少个工作日内补交；只用于可容缺后补的材料",
                validators=BETWEEN,
                verbose_name="后补期限",
            ),
        ),
        migrations.AddField(
            model_name="itemmaterial",
            name="result_waits",
            field=models.BooleanField(
                default=True,
                help_text="法律规定材料齐全才能作出决定的，要勾选；只用于可容缺后补的材料",
                verbose_name="补齐后才出结果",
            ),
        ),
    ]
