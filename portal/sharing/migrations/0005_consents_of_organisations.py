"""Consents say for which organisation somebody agreed."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies: ClassVar = [
        ('accounts', '0010_organisations_stay'),
        ('sharing', '0004_phone_check'),
    ]

    operations: ClassVar = [
        migrations.AddField(
            model_name='sharingconsent',
            name='organisation',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation', verbose_name='经营主体'),
        ),
    ]
