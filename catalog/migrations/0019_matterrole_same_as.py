"""A role may say when it is the same person as another: their facts are then asked once."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalog", "0018_whom_a_result_is_about")]

    operations = [
        migrations.AddField(
            model_name="matterrole",
            name="same_as",
            field=models.JSONField(blank=True, null=True, verbose_name="何时与另一角色是同一人"),
        ),
    ]
