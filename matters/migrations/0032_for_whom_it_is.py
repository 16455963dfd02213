"""Drafts and bundles say for which organisation their applicant acts; none: for themselves."""

from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies: ClassVar = [
        ('accounts', '0010_organisations_stay'),
        ('catalog', '0024_divisions_are_imported'),
        ('matters', '0031_benefits'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        migrations.AddField(
            model_name='bundle',
            name='organisation',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='bundles', to='accounts.organisation', verbose_name='经营主体'),
        ),
        migrations.AddField(
            model_name='draft',
            name='organisation',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='drafts', to='accounts.organisation', verbose_name='经营主体'),
        ),
        migrations.AddIndex(
            model_name='bundle',
            index=models.Index(condition=models.Q(('organisation__isnull', False)), fields=['organisation', '-submitted_at'], name='bundle_of_organisation'),
        ),
        migrations.AddIndex(
            model_name='draft',
            index=models.Index(condition=models.Q(('organisation__isnull', False), ('submitted_at__isnull', True)), fields=['organisation', '-saved_at'], name='draft_of_organisation'),
        ),
    ]
