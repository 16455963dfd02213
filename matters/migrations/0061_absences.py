"""When an officer is away and who stands in."""

from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

STANDING = models.Q(ended_at__isnull=True)


def officer(label: str) -> models.ForeignKey:
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name=label
    )


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("matters", "0060_orders_stay"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="OfficerAbsence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("user", officer("不在岗的人")),
                (
                    "department",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.department",
                        verbose_name="部门",
                    ),
                ),
                ("stand_in", officer("代办人员")),
                ("from_on", models.DateField(verbose_name="开始日期")),
                ("until_on", models.DateField(verbose_name="结束日期")),
                ("recorded_by", officer("登记人")),
                ("recorded_at", models.DateTimeField(verbose_name="登记时间")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="提前结束时间")),
            ],
            options={
                "verbose_name": "不在岗",
                "verbose_name_plural": "不在岗",
                "indexes": [
                    models.Index(
                        fields=["user", "department", "until_on"], name="absence_of_officer", condition=STANDING
                    ),
                    models.Index(fields=["until_on"], name="absence_under_way", condition=STANDING),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(until_on__gte=models.F("from_on")), name="absence_ends_after_it_begins"
                    ),
                    models.CheckConstraint(
                        condition=~models.Q(stand_in=models.F("user")), name="absence_stand_in_is_another"
                    ),
                ],
            },
        ),
    ]
