"""A certificate may be suspended for a time; a change of status says which authority decided it, and under which number."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models

STATUSES = [
    ("valid", "有效"),
    ("suspended", "已暂扣"),
    ("revoked", "已吊销"),
    ("rescinded", "已撤销"),
    ("recalled", "已撤回"),
    ("deregistered", "已注销"),
]


class Migration(migrations.Migration):
    dependencies: ClassVar = [("certificates", "0014_showings")]

    operations: ClassVar = [
        migrations.AlterField(
            "certificate",
            "status",
            models.CharField(choices=STATUSES, default="valid", max_length=20, verbose_name="状态"),
        ),
        migrations.AlterField(
            "statuschange", "status", models.CharField(choices=STATUSES, max_length=20, verbose_name="状态")
        ),
        migrations.AddField(
            "statuschange",
            "authority_name",
            models.CharField(blank=True, db_default="", default="", max_length=100, verbose_name="决定机关"),
        ),
        migrations.AddField(
            "statuschange",
            "document_number",
            models.CharField(blank=True, db_default="", default="", max_length=60, verbose_name="决定文号"),
        ),
        migrations.RemoveConstraint("certificate", "certificate_one_valid_per_decision"),
        migrations.AddConstraint(
            "certificate",
            models.UniqueConstraint(
                condition=models.Q(("status__in", ["valid", "suspended"])),
                fields=("decision_reference", "certificate_type"),
                name="certificate_one_standing_per_decision",
                violation_error_message="这项决定签发的这种证照还有一份没有了结。",
            ),
        ),
    ]
