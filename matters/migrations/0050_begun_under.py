"""A bundle says under which mandate it was begun, also where the applicant filed it themselves."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [  # noqa: RUF012
        ("accounts", "0019_two_officers_stay"),
        ("matters", "0049_systems_switched_since"),
    ]

    operations = [  # noqa: RUF012
        migrations.AddField(
            model_name="bundle",
            name="begun_under",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.mandate",
            ),
        ),
    ]
