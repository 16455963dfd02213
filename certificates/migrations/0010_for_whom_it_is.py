"""A certificate says for which organisation it was applied, and in which matter."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies: ClassVar = [
        ('accounts', '0010_organisations_stay'),
        ('certificates', '0009_status_words'),
    ]

    operations: ClassVar = [
        migrations.AddField(
            model_name='certificate',
            name='matter',
            field=models.CharField(blank=True, db_default='', default='', editable=False, max_length=80),
        ),
        migrations.AddField(
            model_name='certificate',
            name='organisation',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation', verbose_name='经营主体'),
        ),
    ]
