"""How far the identity of whoever applies must be proved, item by item; nothing is demanded of those that are there."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ('catalog', '0026_what_is_known'),
    ]

    operations: ClassVar = [
        migrations.AddField(
            model_name='serviceitem',
            name='identity_level',
            field=models.PositiveSmallIntegerField(choices=[(0, '本人填写即可'), (1, '要实名（平台、短信或窗口核验过）'), (2, '要在窗口当面核验过')], default=0, help_text='低于它的不能提交', verbose_name='申请人身份'),
        ),
    ]
