"""Notes of a department about its part, and messages with the applicant's side: written once, the database itself sees to it."""

from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import portal.lib.sealed_text

REFUSE = "".join(
    f"""
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION sharing_refuse();
CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION sharing_refuse();
"""
    for table in ("matters_casenote", "matters_casemessage")
)
ALLOW = "".join(
    f"""
DROP TRIGGER {table}_append_only ON {table};
DROP TRIGGER {table}_no_truncate ON {table};
"""
    for table in ("matters_casenote", "matters_casemessage")
)


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("matters", "0073_in_part_on_the_sub_item"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="CaseNote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "text",
                    portal.lib.sealed_text.SealedTextField(
                        bound_to=("sub_item_id", "written_at"),
                        db_column="text_sealed",
                        max_length=500,
                        verbose_name="备注",
                    ),
                ),
                ("written_at", models.DateTimeField(verbose_name="填写时间")),
                (
                    "sub_item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notes",
                        to="matters.subitem",
                        verbose_name="子项",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="填写人",
                    ),
                ),
            ],
            options={"verbose_name": "内部备注", "verbose_name_plural": "内部备注"},
        ),
        migrations.CreateModel(
            name="CaseMessage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "side",
                    models.CharField(
                        choices=[("department", "部门"), ("applicant", "申请人"), ("window", "收件窗口")],
                        max_length=10,
                        verbose_name="谁写的",
                    ),
                ),
                (
                    "text",
                    portal.lib.sealed_text.SealedTextField(
                        bound_to=("sub_item_id", "side", "sent_at"),
                        db_column="text_sealed",
                        max_length=1000,
                        verbose_name="内容",
                    ),
                ),
                ("sent_at", models.DateTimeField(verbose_name="发送时间")),
                (
                    "sent_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="发送人",
                    ),
                ),
                (
                    "sub_item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="messages",
                        to="matters.subitem",
                        verbose_name="子项",
                    ),
                ),
            ],
            options={"verbose_name": "办件消息", "verbose_name_plural": "办件消息"},
        ),
        migrations.AddConstraint(
            model_name="casenote",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", b""), _negated=True), name="note_says_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="casemessage",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", b""), _negated=True), name="message_says_something"
            ),
        ),
        migrations.RunSQL(REFUSE, ALLOW),
    ]
