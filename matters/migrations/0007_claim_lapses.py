"""A claim lapses: what is held already is held for a day more."""

from django.conf import settings
from django.db import migrations, models

_A_DAY_MORE = """
UPDATE matters_reviewtask SET claim_lapses_at = coalesce(closed_at, now()) + interval '24 hours' WHERE claimed_by_id IS NOT NULL
"""


class Migration(migrations.Migration):
    dependencies = [  # noqa: RUF012
        ("catalog", "0014_claim_hours"),
        ("matters", "0006_sites_of_old_rows"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [  # noqa: RUF012
        migrations.AddField(
            model_name='reviewtask',
            name='claim_lapses_at',
            field=models.DateTimeField(null=True, verbose_name='认领保留到'),
        ),
        migrations.RunSQL(_A_DAY_MORE, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name='reviewtask',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('claim_lapses_at__isnull', True), ('claimed_by__isnull', True)), models.Q(('claim_lapses_at__isnull', False), ('claimed_by__isnull', False)), _connector='OR'), name='review_task_claim_lapses'),
        ),
    ]
