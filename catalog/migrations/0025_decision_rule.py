"""An item may be decided by a rule over what departments' sources say."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("catalog", "0024_divisions_are_imported")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="serviceitem",
            name="decision_rule",
            field=models.JSONField(
                blank=True,
                help_text="{clauses, facts, outputs, share}；空着由人办",
                null=True,
                verbose_name="自动办结规则",
            ),
        ),
    ]
