from django.db import migrations, models

FILL = """
UPDATE matters_subitem s SET is_in_part = true FROM matters_decision d WHERE d.sub_item_id = s.id AND d.is_in_part
"""


class Migration(migrations.Migration):
    dependencies = [
        ("matters", "0072_office_code"),
    ]

    operations = [
        migrations.AddField(
            model_name="subitem",
            name="is_in_part",
            field=models.BooleanField(db_default=False, default=False, verbose_name="部分准予"),
        ),
        migrations.AddField(
            model_name="dailyfigure",
            name="in_part",
            field=models.PositiveIntegerField(db_default=0, default=0, verbose_name="其中部分准予"),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
