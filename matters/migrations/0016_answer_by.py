"""Until when a department asks the applicant to correct, where it says so."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("matters", "0015_amendments")]

    operations = [
        migrations.AddField(
            model_name="correctionrequest",
            name="answer_by",
            field=models.DateField(
                blank=True, help_text="请申请人在这一天以前补正；可不填", null=True, verbose_name="补正期限"
            ),
        ),
    ]
