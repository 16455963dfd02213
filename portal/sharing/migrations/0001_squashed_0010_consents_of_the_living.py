"""The tables, functions and triggers of `sharing` as one step; an installation that has the steps it replaces takes it as done."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import portal.lib.uuid7
from portal.lib.creating_models import CreateModels

FUNCTIONS = """
CREATE FUNCTION sharing_consent_of_the_living() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Agreeing and recording a death have an order: a death locks the person.
    PERFORM 1 FROM accounts_person WHERE id = NEW.person_id FOR SHARE;
    IF accounts_is_dead(NEW.person_id) THEN
        RAISE EXCEPTION 'nobody agrees to anything in a dead person''s name' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION sharing_consent_only_withdrawn() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.withdrawn_at IS NOT NULL OR NEW.withdrawn_at IS NULL
       OR to_jsonb(NEW) - 'withdrawn_at' IS DISTINCT FROM to_jsonb(OLD) - 'withdrawn_at' THEN
        RAISE EXCEPTION 'a consent is withdrawn once, and nothing else of it changes' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION sharing_fetch_only_forgotten() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.forgotten_at IS NOT NULL OR NEW.forgotten_at IS NULL OR NEW.answer_sealed IS NOT NULL
       OR to_jsonb(NEW) - ARRAY['answer_sealed', 'forgotten_at'] IS DISTINCT FROM to_jsonb(OLD) - ARRAY['answer_sealed', 'forgotten_at']
       OR EXISTS (SELECT 1 FROM sharing_sharingconsent c
                   WHERE c.id = OLD.consent_id AND c.withdrawn_at IS NULL AND c.until > statement_timestamp())
       OR EXISTS (SELECT 1 FROM sharing_grant g
                   WHERE g.id = OLD.grant_id AND g.state = 'granted' AND g.decided_at <= OLD.asked_at AND OLD.until > statement_timestamp()) THEN
        RAISE EXCEPTION 'what was asked and answered stays; an answer is only forgotten, once its consent is over'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION sharing_fetch_under_consent() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM sharing_sharingconsent c
         WHERE c.id = NEW.consent_id AND c."case" = NEW."case" AND c.source_id = NEW.source_id
           AND NEW.asked <@ c.asked AND NEW.subject_index = ANY (c.subjects) AND NEW.asked_at >= c.given_at AND NEW.asked_at < c.until
           AND (c.withdrawn_at IS NULL OR NEW.asked_at < c.withdrawn_at)
    ) AND NOT EXISTS (
        SELECT 1 FROM sharing_grant g JOIN sharing_provision p ON p.id = g.provision_id
         WHERE g.id = NEW.grant_id AND g.legal_ground <> '' AND g.legal_ground = NEW.ground AND p.source_id = NEW.source_id
           AND NEW.asked = ARRAY[p.kind || ':' || p.code]::varchar[] AND NEW.asked_at >= g.decided_at
           AND (g.state = 'granted' OR g.state = 'ended' AND NEW.asked_at < g.ended_at)
    ) THEN
        RAISE EXCEPTION 'no consent in force and no legal ground covers what was asked' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION sharing_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""

TRIGGERS = """
CREATE TRIGGER sharing_consent_no_truncate BEFORE TRUNCATE ON sharing_sharingconsent
    FOR EACH STATEMENT
    EXECUTE FUNCTION sharing_refuse();
CREATE TRIGGER sharing_consent_of_the_living BEFORE INSERT ON sharing_sharingconsent
    FOR EACH ROW
    EXECUTE FUNCTION sharing_consent_of_the_living();
CREATE TRIGGER sharing_consent_only_withdrawn BEFORE UPDATE ON sharing_sharingconsent
    FOR EACH ROW
    EXECUTE FUNCTION sharing_consent_only_withdrawn();
CREATE TRIGGER sharing_consent_stays BEFORE DELETE ON sharing_sharingconsent
    FOR EACH ROW
    EXECUTE FUNCTION sharing_refuse();
CREATE TRIGGER sharing_fetch_no_truncate BEFORE TRUNCATE ON sharing_fetch
    FOR EACH STATEMENT
    EXECUTE FUNCTION sharing_refuse();
CREATE TRIGGER sharing_fetch_only_forgotten BEFORE UPDATE ON sharing_fetch
    FOR EACH ROW
    EXECUTE FUNCTION sharing_fetch_only_forgotten();
CREATE TRIGGER sharing_fetch_stays BEFORE DELETE ON sharing_fetch
    FOR EACH ROW
    EXECUTE FUNCTION sharing_refuse();
CREATE TRIGGER sharing_fetch_under_consent BEFORE INSERT ON sharing_fetch
    FOR EACH ROW
    EXECUTE FUNCTION sharing_fetch_under_consent();
"""

DROPPED = """
DROP FUNCTION
    sharing_consent_of_the_living, sharing_consent_only_withdrawn, sharing_fetch_only_forgotten,
    sharing_fetch_under_consent, sharing_refuse
    CASCADE
"""


class Migration(migrations.Migration):
    """Stands for the steps it replaces."""

    initial = True

    replaces = [
        ("sharing", "0001_initial"),
        ("sharing", "0002_written_once"),
        ("sharing", "0003_disputes_of_grants"),
        ("sharing", "0004_phone_check"),
        ("sharing", "0005_consents_of_organisations"),
        ("sharing", "0006_forgotten_answers"),
        ("sharing", "0007_answers_end"),
        ("sharing", "0008_legal_ground"),
        ("sharing", "0009_asked_by_law"),
        ("sharing", "0010_consents_of_the_living"),
    ]

    dependencies = [
        ("accounts", "0001_squashed_0023_named_by_a_founding"),
        ("catalog", "0001_squashed_0034_mandates_for_papers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels(
            models=[
                migrations.CreateModel(
                    name="DataSource",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.SlugField(max_length=40, unique=True, verbose_name="代码")),
                        ("name", models.CharField(max_length=80, verbose_name="名称")),
                        ("name_en", models.CharField(blank=True, max_length=120, verbose_name="英文名称")),
                        (
                            "department",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="data_sources",
                                to="catalog.department",
                                verbose_name="所属部门",
                            ),
                        ),
                        ("contact", models.CharField(blank=True, max_length=120, verbose_name="联系方式")),
                        ("legal_basis", models.CharField(max_length=300, verbose_name="共享依据")),
                        (
                            "adapter",
                            models.CharField(
                                help_text="YIJIAN_SHARING_ADAPTERS 中的名称", max_length=40, verbose_name="接入方式"
                            ),
                        ),
                        ("address", models.CharField(blank=True, max_length=200, verbose_name="接口")),
                        (
                            "certainty",
                            models.PositiveSmallIntegerField(
                                choices=[(1, "本人申报，未核实"), (2, "业务登记"), (3, "法定登记")],
                                default=3,
                                verbose_name="可信程度",
                            ),
                        ),
                        (
                            "fresh_days",
                            models.PositiveSmallIntegerField(
                                default=30, help_text="查询结果在这么多天内可用于同一件申请", verbose_name="有效天数"
                            ),
                        ),
                        ("is_open", models.BooleanField(default=True, verbose_name="可以查询")),
                    ],
                    options={
                        "verbose_name": "数据来源",
                        "verbose_name_plural": "数据来源",
                    },
                ),
                migrations.CreateModel(
                    name="Provision",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "source",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="provisions",
                                to="sharing.datasource",
                                verbose_name="数据来源",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[("element", "数据元"), ("material", "材料")],
                                max_length=10,
                                verbose_name="种类",
                            ),
                        ),
                        ("code", models.CharField(max_length=80, verbose_name="数据元或材料代码")),
                        (
                            "about",
                            models.CharField(
                                choices=[("person", "自然人"), ("organisation", "组织")],
                                default="person",
                                max_length=12,
                                verbose_name="关于",
                            ),
                        ),
                        (
                            "path",
                            models.CharField(
                                blank=True,
                                help_text="如 record.name；空与代码相同",
                                max_length=120,
                                verbose_name="在答复中的位置",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "供给项",
                        "verbose_name_plural": "供给清单",
                        "constraints": [
                            models.UniqueConstraint(fields=("source", "kind", "code"), name="provision_once_per_source")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PhoneCheck",
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
                                verbose_name="自然人",
                            ),
                        ),
                        (
                            "provision",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="sharing.provision",
                                verbose_name="供给项",
                            ),
                        ),
                        ("text", models.TextField(verbose_name="同意的原文")),
                        ("text_sha256", models.CharField(max_length=64, verbose_name="原文摘要")),
                        ("asked_at", models.DateTimeField(auto_now_add=True, verbose_name="同意时间")),
                        ("milliseconds", models.PositiveIntegerField(null=True, verbose_name="用时（毫秒）")),
                        (
                            "outcome",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("found", "有记录"),
                                    ("not_found", "没有查到"),
                                    ("refused", "对方不予答复"),
                                    ("away", "没有回应"),
                                    ("unreadable", "答复读不懂"),
                                ],
                                max_length=12,
                                verbose_name="结果",
                            ),
                        ),
                        ("code_index", models.BinaryField(default=b"", max_length=32)),
                        ("until", models.DateTimeField(null=True, verbose_name="有效期至")),
                        ("tries", models.PositiveSmallIntegerField(default=0, verbose_name="填写次数")),
                        ("used_at", models.DateTimeField(null=True, verbose_name="通过时间")),
                    ],
                    options={
                        "verbose_name": "手机号核验",
                        "verbose_name_plural": "手机号核验",
                        "indexes": [models.Index(fields=["person", "-asked_at"], name="phone_check_of_person")],
                    },
                ),
                migrations.CreateModel(
                    name="Grant",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "provision",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="grants",
                                to="sharing.provision",
                                verbose_name="供给项",
                            ),
                        ),
                        ("item", models.SlugField(max_length=60, verbose_name="事项")),
                        ("purpose", models.CharField(max_length=200, verbose_name="用途")),
                        ("legal_ground", models.CharField(blank=True, max_length=200, verbose_name="法律依据")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("requested", "待答复"),
                                    ("granted", "同意"),
                                    ("refused", "不同意"),
                                    ("ended", "已收回"),
                                ],
                                default="requested",
                                max_length=10,
                                verbose_name="状态",
                            ),
                        ),
                        (
                            "requested_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="申请人",
                            ),
                        ),
                        ("requested_at", models.DateTimeField(auto_now_add=True, verbose_name="申请时间")),
                        (
                            "decided_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="答复人",
                            ),
                        ),
                        ("decided_at", models.DateTimeField(null=True, verbose_name="答复时间")),
                        ("reason", models.CharField(blank=True, max_length=300, verbose_name="理由")),
                        (
                            "ended_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="收回人",
                            ),
                        ),
                        ("ended_at", models.DateTimeField(null=True, verbose_name="收回时间")),
                    ],
                    options={
                        "verbose_name": "共享需求",
                        "verbose_name_plural": "共享需求",
                        "constraints": [
                            models.UniqueConstraint(fields=("provision", "item"), name="grant_once_per_item"),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("state", "requested"), ("decided_at__isnull", False), _connector="OR"
                                ),
                                name="grant_decided_at",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("ended_at__isnull", False), ("ended_by__isnull", False), ("state", "ended")
                                    ),
                                    models.Q(
                                        models.Q(("state", "ended"), _negated=True),
                                        ("ended_at__isnull", True),
                                        ("ended_by__isnull", True),
                                    ),
                                    _connector="OR",
                                ),
                                name="grant_ended_by_somebody",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("decided_by__isnull", True),
                                    models.Q(("decided_by", models.F("requested_by")), _negated=True),
                                    _connector="OR",
                                ),
                                name="grant_decided_by_another",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("legal_ground", ""),
                                    models.Q(("state", "granted"), _negated=True),
                                    ("decided_by__isnull", False),
                                    _connector="OR",
                                ),
                                name="grant_with_ground_decided_by_somebody",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SharingConsent",
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
                                related_name="sharing_consents",
                                to="accounts.person",
                                verbose_name="同意人",
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
                                verbose_name="经营主体",
                            ),
                        ),
                        (
                            "source",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="sharing.datasource",
                                verbose_name="数据来源",
                            ),
                        ),
                        ("case", models.UUIDField(help_text="提交前后同一件申请的标识", verbose_name="申请")),
                        (
                            "asked",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=100), size=None, verbose_name="同意查询"
                            ),
                        ),
                        (
                            "subjects",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=64), size=None, verbose_name="查询对象索引"
                            ),
                        ),
                        (
                            "items",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.SlugField(max_length=60), size=None, verbose_name="用于事项"
                            ),
                        ),
                        ("text", models.TextField(verbose_name="同意书原文")),
                        ("text_sha256", models.CharField(max_length=64)),
                        (
                            "given_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="操作账户",
                            ),
                        ),
                        ("given_at", models.DateTimeField(verbose_name="同意时间")),
                        ("until", models.DateTimeField(verbose_name="有效期至")),
                        ("withdrawn_at", models.DateTimeField(null=True, verbose_name="撤回时间")),
                    ],
                    options={
                        "verbose_name": "查询授权",
                        "verbose_name_plural": "查询授权",
                        "indexes": [models.Index(fields=["person", "-given_at"], name="consent_of_person")],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("withdrawn_at__isnull", True)),
                                fields=("case", "source"),
                                name="consent_in_force_once_per_source",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Fetch",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=portal.lib.uuid7.uuid7, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "source",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="sharing.datasource",
                                verbose_name="数据来源",
                            ),
                        ),
                        (
                            "consent",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="fetches",
                                to="sharing.sharingconsent",
                                verbose_name="查询授权",
                            ),
                        ),
                        (
                            "grant",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="fetches",
                                to="sharing.grant",
                                verbose_name="共享需求",
                            ),
                        ),
                        ("ground", models.CharField(blank=True, max_length=200, verbose_name="法律依据")),
                        (
                            "person",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.person",
                                verbose_name="申请人",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.organisation",
                                verbose_name="经营主体",
                            ),
                        ),
                        ("until", models.DateTimeField(null=True, verbose_name="有效期至")),
                        ("case", models.UUIDField(verbose_name="申请")),
                        ("subject_index", models.CharField(editable=False, max_length=64, verbose_name="查询对象索引")),
                        (
                            "asked",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=100), size=None, verbose_name="查询内容"
                            ),
                        ),
                        ("asked_at", models.DateTimeField(verbose_name="查询时间")),
                        ("milliseconds", models.PositiveIntegerField(verbose_name="用时（毫秒）")),
                        (
                            "outcome",
                            models.CharField(
                                choices=[
                                    ("found", "有记录"),
                                    ("not_found", "没有查到"),
                                    ("refused", "对方不予答复"),
                                    ("away", "没有回应"),
                                    ("unreadable", "答复读不懂"),
                                ],
                                max_length=12,
                                verbose_name="结果",
                            ),
                        ),
                        (
                            "found",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=100),
                                default=list,
                                size=None,
                                verbose_name="查到的内容",
                            ),
                        ),
                        ("as_of", models.DateField(null=True, verbose_name="数据日期")),
                        ("answer_sealed", models.BinaryField(null=True)),
                        ("answer_digest", models.CharField(blank=True, max_length=64, verbose_name="答复摘要")),
                        ("forgotten_at", models.DateTimeField(editable=False, null=True, verbose_name="销毁时间")),
                    ],
                    options={
                        "verbose_name": "查询记录",
                        "verbose_name_plural": "查询记录",
                        "indexes": [
                            models.Index(fields=["case", "source", "-asked_at"], name="fetch_of_case"),
                            models.Index(
                                condition=models.Q(("person__isnull", False)),
                                fields=["person", "-asked_at"],
                                name="fetch_by_law_of_person",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("consent__isnull", False),
                                        ("grant__isnull", True),
                                        ("ground", ""),
                                        ("organisation", None),
                                        ("person", None),
                                        ("until", None),
                                    ),
                                    models.Q(
                                        ("consent__isnull", True),
                                        ("grant__isnull", False),
                                        ("person__isnull", False),
                                        ("until__isnull", False),
                                        models.Q(("ground", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="fetch_by_consent_or_by_law",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("answer_sealed__isnull", False),
                                        ("forgotten_at__isnull", True),
                                        ("outcome", "found"),
                                    ),
                                    models.Q(
                                        ("answer_sealed__isnull", True),
                                        ("forgotten_at__isnull", False),
                                        ("outcome", "found"),
                                    ),
                                    models.Q(
                                        models.Q(("outcome", "found"), _negated=True),
                                        ("answer_sealed__isnull", True),
                                        ("forgotten_at__isnull", True),
                                    ),
                                    _connector="OR",
                                ),
                                name="fetch_answer_exactly_when_found",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="GrantDispute",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "grant",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="disputes",
                                to="sharing.grant",
                                verbose_name="共享需求",
                            ),
                        ),
                        ("said", models.CharField(max_length=300, verbose_name="争议理由")),
                        (
                            "opened_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="提出人",
                            ),
                        ),
                        ("opened_at", models.DateTimeField(verbose_name="提出时间")),
                        ("is_upheld", models.BooleanField(null=True, verbose_name="应当共享")),
                        ("settlement", models.CharField(blank=True, max_length=300, verbose_name="处理意见")),
                        (
                            "settled_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="处理人",
                            ),
                        ),
                        ("settled_at", models.DateTimeField(null=True, verbose_name="处理时间")),
                    ],
                    options={
                        "verbose_name": "共享争议",
                        "verbose_name_plural": "共享争议",
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("settled_at__isnull", True)),
                                fields=("grant",),
                                name="grant_dispute_one_open",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("is_upheld__isnull", True),
                                        ("settled_at__isnull", True),
                                        ("settled_by__isnull", True),
                                    ),
                                    models.Q(
                                        ("is_upheld__isnull", False),
                                        ("settled_at__isnull", False),
                                        ("settled_by__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="grant_dispute_settled_by_somebody",
                            ),
                        ],
                    },
                ),
            ],
        ),
        migrations.RunSQL(FUNCTIONS, DROPPED),
        migrations.RunSQL(TRIGGERS, migrations.RunSQL.noop),
    ]
