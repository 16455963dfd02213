"""The tables, functions and triggers of `notices` as one step; an installation that has the steps it replaces takes it as done."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import portal.lib.sealed_text
from portal.lib.creating_models import CreateModels


class Migration(migrations.Migration):
    """Stands for the steps it replaces."""

    initial = True

    replaces = [
        ("notices", "0001_initial"),
        ("notices", "0002_seal_what_is_said"),
        ("notices", "0003_told_for_whom"),
    ]

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels(
            models=[
                migrations.CreateModel(
                    name="Message",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "recipient",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="messages",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="收件人",
                            ),
                        ),
                        ("principal", models.UUIDField(editable=False, null=True)),
                        ("key", models.CharField(max_length=120)),
                        ("kind", models.CharField(max_length=60, verbose_name="种类")),
                        (
                            "content",
                            portal.lib.sealed_text.SealedTextField(
                                blank=True,
                                bound_to=("recipient_id", "key"),
                                db_column="data_sealed",
                                verbose_name="内容",
                            ),
                        ),
                        ("link", models.CharField(blank=True, max_length=300, verbose_name="链接")),
                        ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="时间")),
                        ("read_at", models.DateTimeField(null=True, verbose_name="已读时间")),
                    ],
                    options={
                        "verbose_name": "消息",
                        "verbose_name_plural": "消息",
                        "indexes": [models.Index(fields=["recipient", "-id"], name="message_inbox")],
                        "constraints": [
                            models.UniqueConstraint(fields=("recipient", "key"), name="message_once_per_fact")
                        ],
                    },
                ),
            ],
        ),
    ]
