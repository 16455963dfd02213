"""Security events, which the database refuses to change or remove."""

from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

REFUSE = """
CREATE TRIGGER ledger_securityevent_append_only BEFORE UPDATE OR DELETE ON ledger_securityevent
    FOR EACH ROW EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_securityevent_no_truncate BEFORE TRUNCATE ON ledger_securityevent
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
"""
ALLOW = """
DROP TRIGGER ledger_securityevent_append_only ON ledger_securityevent;
DROP TRIGGER ledger_securityevent_no_truncate ON ledger_securityevent;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("ledger", "0002_triggers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="SecurityEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="时间")),
                ("kind", models.CharField(max_length=40, verbose_name="事件")),
                ("address", models.GenericIPAddressField(null=True, verbose_name="地址")),
                ("page", models.CharField(blank=True, max_length=200, verbose_name="页面")),
                ("data", models.JSONField(default=dict, verbose_name="内容")),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="账户",
                    ),
                ),
            ],
            options={
                "verbose_name": "安全事件",
                "verbose_name_plural": "安全事件",
                "indexes": [
                    models.Index(fields=["user", "-id"], name="security_event_of_user"),
                    models.Index(fields=["address", "-id"], name="security_event_from"),
                ],
            },
        ),
        migrations.RunSQL(REFUSE, ALLOW),
    ]
