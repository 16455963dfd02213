"""Where a file stands that took another's place."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("matters", "0017_given_numbers")]

    operations = [
        migrations.AddField(
            model_name="submittedmaterial",
            name="placed_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
    ]
