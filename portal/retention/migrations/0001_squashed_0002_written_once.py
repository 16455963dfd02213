"""The tables, functions and triggers of `retention` as one step; an installation that has the steps it replaces takes it as done."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import portal.lib.sealed_text
import portal.lib.uuid7
from portal.lib.creating_models import CreateModels

FUNCTIONS = """
CREATE FUNCTION retention_only_lifted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.lifted_at IS NOT NULL OR NEW.lifted_at IS NULL
       OR to_jsonb(NEW) - ARRAY['lifted_at', 'lifted_by_id', 'lifted_why_sealed']
          IS DISTINCT FROM to_jsonb(OLD) - ARRAY['lifted_at', 'lifted_by_id', 'lifted_why_sealed'] THEN
        RAISE EXCEPTION 'a hold is lifted once, and nothing else of it changes' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION retention_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""

TRIGGERS = """
CREATE TRIGGER retention_closedaccount_append_only BEFORE DELETE OR UPDATE ON retention_closedaccount
    FOR EACH ROW
    EXECUTE FUNCTION retention_refuse();
CREATE TRIGGER retention_closedaccount_no_truncate BEFORE TRUNCATE ON retention_closedaccount
    FOR EACH STATEMENT
    EXECUTE FUNCTION retention_refuse();
CREATE TRIGGER retention_deletionrequest_append_only BEFORE DELETE OR UPDATE ON retention_deletionrequest
    FOR EACH ROW
    EXECUTE FUNCTION retention_refuse();
CREATE TRIGGER retention_deletionrequest_no_truncate BEFORE TRUNCATE ON retention_deletionrequest
    FOR EACH STATEMENT
    EXECUTE FUNCTION retention_refuse();
CREATE TRIGGER retention_legalhold_no_truncate BEFORE TRUNCATE ON retention_legalhold
    FOR EACH STATEMENT
    EXECUTE FUNCTION retention_refuse();
CREATE TRIGGER retention_legalhold_only_lifted BEFORE UPDATE ON retention_legalhold
    FOR EACH ROW
    EXECUTE FUNCTION retention_only_lifted();
CREATE TRIGGER retention_legalhold_stays BEFORE DELETE ON retention_legalhold
    FOR EACH ROW
    EXECUTE FUNCTION retention_refuse();
"""

DROPPED = """
DROP FUNCTION
    retention_only_lifted, retention_refuse
    CASCADE
"""


class Migration(migrations.Migration):
    """Stands for the steps it replaces."""

    initial = True

    replaces = [
        ("retention", "0001_initial"),
        ("retention", "0002_written_once"),
    ]

    dependencies = [
        ("accounts", "0001_squashed_0023_named_by_a_founding"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels(
            models=[
                migrations.CreateModel(
                    name="PruningRun",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("day", models.DateField(unique=True, verbose_name="日期")),
                        ("started_at", models.DateTimeField(verbose_name="开始时间")),
                        ("ended_at", models.DateTimeField(null=True, verbose_name="结束时间")),
                        ("counts", models.JSONField(default=dict, verbose_name="各类数量")),
                    ],
                    options={
                        "verbose_name": "到期清理",
                        "verbose_name_plural": "到期清理",
                    },
                ),
                migrations.CreateModel(
                    name="ClosedAccount",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "user",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="closed",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="账户",
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.person",
                                verbose_name="自然人",
                            ),
                        ),
                        ("level", models.PositiveSmallIntegerField(verbose_name="身份核验")),
                        ("at", models.DateTimeField(verbose_name="注销时间")),
                    ],
                    options={
                        "verbose_name": "已注销的账户",
                        "verbose_name_plural": "已注销的账户",
                    },
                ),
                migrations.CreateModel(
                    name="DeletionRequest",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=portal.lib.uuid7.uuid7, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.person",
                                verbose_name="本人",
                            ),
                        ),
                        (
                            "asked_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="操作账户",
                            ),
                        ),
                        ("asked_at", models.DateTimeField(verbose_name="提出时间")),
                        ("lines", models.JSONField(default=list, verbose_name="结果")),
                    ],
                    options={
                        "verbose_name": "删除请求",
                        "verbose_name_plural": "删除请求",
                        "indexes": [models.Index(fields=["person", "-asked_at"], name="deletion_of_person")],
                    },
                ),
                migrations.CreateModel(
                    name="LegalHold",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=portal.lib.uuid7.uuid7, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.person",
                                verbose_name="自然人",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.organisation",
                                verbose_name="组织",
                            ),
                        ),
                        ("case", models.UUIDField(blank=True, editable=False, null=True, verbose_name="联办件")),
                        ("subject", models.CharField(max_length=200, verbose_name="保全对象")),
                        (
                            "reason",
                            portal.lib.sealed_text.SealedTextField(
                                db_column="reason_sealed", max_length=500, verbose_name="理由"
                            ),
                        ),
                        (
                            "placed_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="设定人",
                            ),
                        ),
                        ("placed_at", models.DateTimeField(verbose_name="开始时间")),
                        (
                            "lifted_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="解除人",
                            ),
                        ),
                        ("lifted_at", models.DateTimeField(null=True, verbose_name="解除时间")),
                        (
                            "lifted_why",
                            portal.lib.sealed_text.SealedTextField(
                                blank=True, db_column="lifted_why_sealed", max_length=500, verbose_name="解除理由"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "保全",
                        "verbose_name_plural": "保全",
                        "permissions": (("place_legalhold", "Can place and lift legal holds"),),
                        "indexes": [
                            models.Index(
                                condition=models.Q(("lifted_at__isnull", True)),
                                fields=["person"],
                                name="hold_on_person",
                            ),
                            models.Index(
                                condition=models.Q(("lifted_at__isnull", True)),
                                fields=["organisation"],
                                name="hold_on_organisation",
                            ),
                            models.Index(
                                condition=models.Q(("lifted_at__isnull", True)), fields=["case"], name="hold_on_case"
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("case__isnull", True),
                                        ("organisation__isnull", True),
                                        ("person__isnull", False),
                                    ),
                                    models.Q(
                                        ("case__isnull", True),
                                        ("organisation__isnull", False),
                                        ("person__isnull", True),
                                    ),
                                    models.Q(
                                        ("case__isnull", False),
                                        ("organisation__isnull", True),
                                        ("person__isnull", True),
                                    ),
                                    _connector="OR",
                                ),
                                name="hold_on_one_thing",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("lifted_at__isnull", True), ("lifted_by__isnull", True)),
                                    models.Q(("lifted_at__isnull", False), ("lifted_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="hold_lifted_by_somebody",
                            ),
                        ],
                    },
                ),
            ],
        ),
        migrations.RunSQL(FUNCTIONS, DROPPED),
        migrations.RunSQL(TRIGGERS, migrations.RunSQL.noop),
    ]
