"""What an account said of itself and may say no longer: the claim stays on record without the account."""

from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ('accounts', '0007_word_of_a_platform'),
    ]

    operations: ClassVar = [
        migrations.RemoveConstraint(
            model_name='person',
            name='person_claimed_by_an_account',
        ),
        migrations.AddField(
            model_name='person',
            name='left_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='与账户分开的时间'),
        ),
        migrations.AddField(
            model_name='person',
            name='left_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='left_persons', to=settings.AUTH_USER_MODEL, verbose_name='曾用的账户'),
        ),
        migrations.AddConstraint(
            model_name='person',
            constraint=models.CheckConstraint(condition=models.Q(('level__gt', 0), ('user__isnull', False), models.Q(('left_at__isnull', False), ('left_by__isnull', False)), _connector='OR'), name='person_claimed_by_an_account'),
        ),
    ]
