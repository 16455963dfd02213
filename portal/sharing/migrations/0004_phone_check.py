"""A code to the telephone that a register has for a number."""

from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
import portal.lib.uuid7
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("accounts", "0008_left_claims"),
        ("sharing", "0003_disputes_of_grants"),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name='PhoneCheck',
            fields=[
                ('id', models.UUIDField(default=portal.lib.uuid7.uuid7, editable=False, primary_key=True, serialize=False)),
                ('text', models.TextField(verbose_name='同意的原文')),
                ('text_sha256', models.CharField(max_length=64, verbose_name='原文摘要')),
                ('asked_at', models.DateTimeField(auto_now_add=True, verbose_name='同意时间')),
                ('milliseconds', models.PositiveIntegerField(null=True, verbose_name='用时（毫秒）')),
                ('outcome', models.CharField(blank=True, choices=[('found', '有记录'), ('not_found', '没有查到'), ('refused', '对方不予答复'), ('away', '没有回应'), ('unreadable', '答复读不懂')], max_length=12, verbose_name='结果')),
                ('code_index', models.BinaryField(default=b'', max_length=32)),
                ('until', models.DateTimeField(null=True, verbose_name='有效期至')),
                ('tries', models.PositiveSmallIntegerField(default=0, verbose_name='填写次数')),
                ('used_at', models.DateTimeField(null=True, verbose_name='通过时间')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.person', verbose_name='自然人')),
                ('provision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='sharing.provision', verbose_name='供给项')),
            ],
            options={
                'verbose_name': '手机号核验',
                'verbose_name_plural': '手机号核验',
                'indexes': [models.Index(fields=['person', '-asked_at'], name='phone_check_of_person')],
            },
        ),
    ]
