"""Whose word an identity check rests on, what lay on the counter, and whether the person signed."""

from __future__ import annotations

from typing import ClassVar

import portal.lib.sealed_text
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ('accounts', '0006_seal_names_and_phones'),
    ]

    operations: ClassVar = [
        migrations.AddField(
            model_name='identitycheck',
            name='reference',
            field=portal.lib.sealed_text.SealedTextField(blank=True, bound_to=('person_id', 'method'), db_column='reference_sealed', max_length=400, verbose_name='依据'),
        ),
        migrations.AddField(
            model_name='identitycheck',
            name='reference_index',
            field=portal.lib.sealed_text.BlindIndexField(kind='identity_check', of='reference', verbose_name='依据索引'),
        ),
        migrations.AddField(
            model_name='identitycheck',
            name='seen',
            field=models.CharField(blank=True, choices=[('original', '证件原件'), ('temporary', '临时居民身份证'), ('household_book', '居民户口簿'), ('loss_report', '公安机关的身份证明')], max_length=20, verbose_name='当面看到的'),
        ),
        migrations.AddField(
            model_name='identitycheck',
            name='signed',
            field=models.BooleanField(default=False, verbose_name='本人已在核验单上签名'),
        ),
        migrations.AlterField(
            model_name='identitycheck',
            name='method',
            field=models.CharField(choices=[('counter', '窗口当面核验'), ('demo', '演示数据'), ('earlier', '以前在窗口登记'), ('platform', '省统一身份认证平台'), ('sms', '登记手机号的短信验证码')], max_length=10, verbose_name='核验方式'),
        ),
    ]
