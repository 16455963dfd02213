"""The tables, functions and triggers of `ledger` as one step; an installation that has the steps it replaces takes it as done."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import portal.lib.sealed_text
from portal.lib.creating_models import CreateModels

FUNCTIONS = """
CREATE FUNCTION ledger_chain_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR NEW.id <> OLD.id OR NEW.length <= OLD.length THEN
        RAISE EXCEPTION 'a chain only grows: % refused', TG_OP USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""

TRIGGERS = """
CREATE TRIGGER ledger_accessrecord_append_only BEFORE DELETE OR UPDATE ON ledger_accessrecord
    FOR EACH ROW
    EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_accessrecord_no_truncate BEFORE TRUNCATE ON ledger_accessrecord
    FOR EACH STATEMENT
    EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_chain_only_grows BEFORE DELETE OR UPDATE ON ledger_chain
    FOR EACH ROW
    EXECUTE FUNCTION ledger_chain_grows();
CREATE TRIGGER ledger_event_append_only BEFORE DELETE OR UPDATE ON ledger_event
    FOR EACH ROW
    EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_event_no_truncate BEFORE TRUNCATE ON ledger_event
    FOR EACH STATEMENT
    EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_securityevent_append_only BEFORE DELETE OR UPDATE ON ledger_securityevent
    FOR EACH ROW
    EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_securityevent_no_truncate BEFORE TRUNCATE ON ledger_securityevent
    FOR EACH STATEMENT
    EXECUTE FUNCTION ledger_refuse();
"""

DROPPED = """
DROP FUNCTION
    ledger_chain_grows, ledger_refuse
    CASCADE
"""


class Migration(migrations.Migration):
    """Stands for the steps it replaces."""

    initial = True

    replaces = [
        ("ledger", "0001_initial"),
        ("ledger", "0002_triggers"),
        ("ledger", "0003_security_events"),
        ("ledger", "0004_note_of_a_reading"),
        ("ledger", "0005_seal_notes_of_readings"),
        ("ledger", "0006_kinds_of_security_events"),
    ]

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels(
            models=[
                migrations.CreateModel(
                    name="Chain",
                    fields=[
                        ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                        ("length", models.PositiveIntegerField(default=0)),
                        (
                            "head",
                            models.BinaryField(
                                default=b"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00",
                                max_length=32,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "事件链",
                        "verbose_name_plural": "事件链",
                    },
                ),
                migrations.CreateModel(
                    name="AccessRecord",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("at", models.DateTimeField(auto_now_add=True, verbose_name="时间")),
                        (
                            "reader",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="查看人",
                            ),
                        ),
                        ("department", models.CharField(blank=True, max_length=40, verbose_name="部门")),
                        ("subject", models.UUIDField(verbose_name="办件")),
                        ("purpose", models.CharField(max_length=60, verbose_name="目的")),
                        ("fields", models.JSONField(default=list, verbose_name="内容")),
                        (
                            "note",
                            portal.lib.sealed_text.SealedTextField(
                                blank=True,
                                bound_to=("subject", "reader_id", "purpose"),
                                db_column="note_sealed",
                                max_length=200,
                                verbose_name="说明",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "查看记录",
                        "verbose_name_plural": "查看记录",
                        "indexes": [models.Index(fields=["subject", "-id"], name="access_by_subject")],
                    },
                ),
                migrations.CreateModel(
                    name="Event",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "chain",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="events", to="ledger.chain"
                            ),
                        ),
                        ("sequence", models.PositiveIntegerField(verbose_name="序号")),
                        ("at", models.DateTimeField(verbose_name="时间")),
                        ("kind", models.CharField(max_length=60, verbose_name="事件")),
                        (
                            "actor",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="经办人",
                            ),
                        ),
                        ("department", models.CharField(blank=True, max_length=40, verbose_name="部门")),
                        ("sub_item", models.CharField(blank=True, max_length=80, verbose_name="子项")),
                        ("data", models.JSONField(default=dict, verbose_name="内容")),
                        ("previous_hash", models.BinaryField(max_length=32)),
                        ("hash", models.BinaryField(max_length=32)),
                    ],
                    options={
                        "verbose_name": "事件",
                        "verbose_name_plural": "事件",
                        "constraints": [
                            models.UniqueConstraint(fields=("chain", "sequence"), name="event_sequence_unique")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SecurityEvent",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("at", models.DateTimeField(auto_now_add=True, verbose_name="时间")),
                        ("kind", models.CharField(max_length=40, verbose_name="事件")),
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
                        ("address", models.GenericIPAddressField(null=True, verbose_name="地址")),
                        ("page", models.CharField(blank=True, max_length=200, verbose_name="页面")),
                        ("data", models.JSONField(default=dict, verbose_name="内容")),
                    ],
                    options={
                        "verbose_name": "安全事件",
                        "verbose_name_plural": "安全事件",
                        "indexes": [
                            models.Index(fields=["user", "-id"], name="security_event_of_user"),
                            models.Index(fields=["address", "-id"], name="security_event_from"),
                            models.Index(fields=["kind", "-id"], name="security_event_of_kind"),
                        ],
                    },
                ),
            ],
        ),
        migrations.RunSQL(FUNCTIONS, DROPPED),
        migrations.RunSQL(TRIGGERS, migrations.RunSQL.noop),
    ]
