"""Beside what was named, a correction keeps what its answer set off: opened by a rule, made necessary, no longer needed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("matters", "0013_not_decided_by_who_entered")]

    operations = [
        migrations.AddField(
            model_name="correctionitem",
            name="origin",
            field=models.CharField(
                choices=[
                    ("named", "部门指出"),
                    ("necessary", "因改动而需要"),
                    ("rule", "与改动的内容相关"),
                    ("needless", "改动后不再需要"),
                ],
                db_default="named",
                default="named",
                max_length=10,
                verbose_name="来由",
            ),
        ),
    ]
