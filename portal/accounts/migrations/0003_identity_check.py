"""How sure it is who somebody is: a level on the person, resting on a row that says who proved it and how.

Backwards, the old rule of one person a document comes back; it is refused where two accounts have claimed the same one meanwhile.
"""

from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

LEVELS = [(0, "本人填写，未核验"), (1, "平台核验"), (2, "窗口当面核验")]


class Migration(migrations.Migration):
    dependencies: ClassVar = [("accounts", "0002_initial")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="IdentityCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "method",
                    models.CharField(
                        choices=[("counter", "窗口当面核验"), ("demo", "演示数据"), ("earlier", "以前在窗口登记")],
                        max_length=10,
                        verbose_name="核验方式",
                    ),
                ),
                ("level", models.PositiveSmallIntegerField(choices=LEVELS, verbose_name="身份核验")),
                (
                    "document_kind",
                    models.CharField(
                        choices=[
                            ("111", "居民身份证"),
                            ("154", "港澳台居民居住证"),
                            ("414", "普通护照"),
                            ("511", "台湾居民来往大陆通行证"),
                            ("516", "港澳居民来往内地通行证"),
                            ("553", "外国人永久居留身份证"),
                        ],
                        max_length=3,
                        verbose_name="核验的证件",
                    ),
                ),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="时间")),
                (
                    "officer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="核验人",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="checks",
                        to="accounts.person",
                        verbose_name="自然人",
                    ),
                ),
            ],
            options={"verbose_name": "身份核验记录", "verbose_name_plural": "身份核验记录"},
        ),
        migrations.RemoveConstraint(model_name="person", name="person_document_unique"),
        migrations.AddField(
            model_name="person",
            name="level",
            field=models.PositiveSmallIntegerField(choices=LEVELS, default=0, verbose_name="身份核验"),
        ),
        migrations.AddIndex(
            model_name="person", index=models.Index(fields=["document_index"], name="person_document")
        ),
        migrations.AddConstraint(
            model_name="identitycheck",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("level__gt", 0),
                    models.Q(
                        models.Q(("method", "counter"), _negated=True), ("officer__isnull", False), _connector="OR"
                    ),
                ),
                name="identity_check_by_somebody",
            ),
        ),
    ]
