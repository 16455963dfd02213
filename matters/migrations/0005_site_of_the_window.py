"""A draft and a bundle know at whose window they were entered."""

import django.db.models.deletion
from django.db import migrations, models


def site() -> models.ForeignKey:
    return models.ForeignKey(
        blank=True,
        help_text="在窗口收件时，收件人员所在的部门",
        null=True,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to="catalog.department",
        verbose_name="收件窗口",
    )


class Migration(migrations.Migration):
    dependencies = [  # noqa: RUF012
        ("catalog", "0013_right_to_serve"),
        ("matters", "0004_no_organisation_on_a_bundle"),
    ]

    operations = [  # noqa: RUF012
        migrations.AddField("draft", "site", site()),
        migrations.AddField("bundle", "site", site()),
    ]
