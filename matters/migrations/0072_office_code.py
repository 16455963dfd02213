from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("matters", "0071_letter_of_a_grant_in_part"),
    ]

    operations = [
        migrations.AddField(
            model_name="decision",
            name="office_code",
            field=models.CharField(
                blank=True, db_default="", default="", max_length=18, verbose_name="决定机关统一社会信用代码"
            ),
        ),
    ]
