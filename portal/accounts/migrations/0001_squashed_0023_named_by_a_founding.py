"""The tables, functions and triggers of `accounts` as one step; an installation that has the steps it replaces takes it as done."""

import django.contrib.auth.validators
import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import portal.accounts.models.people
import portal.lib.sealed_text
import portal.lib.uuid7
from portal.lib.creating_models import CreateModels

FUNCTIONS = """
CREATE FUNCTION accounts_is_dead(who uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM accounts_death d WHERE d.person_id = who
                      AND NOT EXISTS (SELECT FROM accounts_deathwithdrawal w WHERE w.death_id = d.id))
$$;

CREATE FUNCTION accounts_death_by_two() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.confirmed_by_id IS NULL OR NEW.confirmed_by_id = NEW.officer_id THEN
        RAISE EXCEPTION 'another officer confirms a death' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    PERFORM 1 FROM accounts_person WHERE id = NEW.person_id FOR NO KEY UPDATE;
    IF accounts_is_dead(NEW.person_id) THEN
        RAISE EXCEPTION 'a person dies once' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION accounts_handler_is_proved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM accounts_person WHERE id = NEW.person_id AND level > 0) THEN
        RAISE EXCEPTION 'only a proved person acts for an organisation' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION accounts_identitycheck_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE FUNCTION accounts_level_rests_on_a_check() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.level > 0 AND NOT EXISTS (
        SELECT 1 FROM accounts_identitycheck WHERE person_id = NEW.id AND level >= NEW.level
    ) THEN
        RAISE EXCEPTION 'the level of person % rests on no check', NEW.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION accounts_mandate_of_the_living() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM accounts_person WHERE id IN (NEW.principal_id, NEW.agent_id) AND level = 0) THEN
        RAISE EXCEPTION 'only proved persons give and hold mandates' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF accounts_is_dead(NEW.principal_id) OR accounts_is_dead(NEW.agent_id) THEN
        RAISE EXCEPTION 'nobody acts in a dead person''s name' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.source = 'paper' AND NEW.kind <> 'authorised'
       AND (NEW.confirmed_by_id IS NULL OR NEW.confirmed_by_id = NEW.officer_id) THEN
        RAISE EXCEPTION 'another officer confirms a guardianship' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION accounts_mandate_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    ending CONSTANT text[] := ARRAY['ended_at', 'ended_by_id', 'ended_why_sealed'];
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.source = 'paper' AND OLD.kind <> 'authorised' AND OLD.ended_at IS NULL
       AND OLD.confirmed_by_id IS NULL AND NEW.confirmed_by_id <> OLD.officer_id
       AND to_jsonb(NEW) - 'confirmed_by_id' IS NOT DISTINCT FROM to_jsonb(OLD) - 'confirmed_by_id' THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' OR OLD.ended_at IS NOT NULL OR NEW.ended_at IS NULL
       OR to_jsonb(NEW) - ending IS DISTINCT FROM to_jsonb(OLD) - ending THEN
        RAISE EXCEPTION 'a mandate is confirmed by another officer and ended, once each: % refused', TG_OP
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION accounts_only_ends() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    ending CONSTANT text[] := ARRAY['ended_at', 'ended_by_id', 'ended_why_sealed', 'handler_id', 'mandate_id'];
BEGIN
    IF TG_OP = 'DELETE' OR OLD.ended_at IS NOT NULL OR NEW.ended_at IS NULL
       OR to_jsonb(NEW) - ending IS DISTINCT FROM to_jsonb(OLD) - ending THEN
        RAISE EXCEPTION '% is only ended, once: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION accounts_organisation_rests_on_a_check() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM accounts_organisationcheck c
         WHERE c.organisation_id = NEW.id AND c.name = NEW.name
           AND c.legal_representative_id IS NOT DISTINCT FROM NEW.legal_representative_id
    ) THEN
        RAISE EXCEPTION 'what organisation % is rests on no check', NEW.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION accounts_proposal_decided_once() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    deciding CONSTANT text[] := ARRAY['status', 'decided_by_id', 'decided_at'];
BEGIN
    IF TG_OP = 'DELETE' OR OLD.status <> 'open' OR NEW.status = 'open'
       OR to_jsonb(NEW) - deciding IS DISTINCT FROM to_jsonb(OLD) - deciding THEN
        RAISE EXCEPTION 'a proposal is decided once: % refused', TG_OP USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
"""

TRIGGERS = """
CREATE TRIGGER accounts_death_append_only BEFORE DELETE OR UPDATE ON accounts_death
    FOR EACH ROW
    EXECUTE FUNCTION accounts_identitycheck_refuse();
CREATE TRIGGER accounts_death_by_two BEFORE INSERT ON accounts_death
    FOR EACH ROW
    EXECUTE FUNCTION accounts_death_by_two();
CREATE TRIGGER accounts_deathwithdrawal_append_only BEFORE DELETE OR UPDATE ON accounts_deathwithdrawal
    FOR EACH ROW
    EXECUTE FUNCTION accounts_identitycheck_refuse();
CREATE TRIGGER accounts_handler_is_proved BEFORE INSERT ON accounts_handler
    FOR EACH ROW
    EXECUTE FUNCTION accounts_handler_is_proved();
CREATE TRIGGER accounts_handler_only_ends BEFORE DELETE OR UPDATE ON accounts_handler
    FOR EACH ROW
    EXECUTE FUNCTION accounts_only_ends();
CREATE TRIGGER accounts_identitycheck_append_only BEFORE DELETE OR UPDATE ON accounts_identitycheck
    FOR EACH ROW
    EXECUTE FUNCTION accounts_identitycheck_refuse();
CREATE TRIGGER accounts_invitation_only_ends BEFORE DELETE OR UPDATE ON accounts_invitation
    FOR EACH ROW
    EXECUTE FUNCTION accounts_only_ends();
CREATE TRIGGER accounts_mandate_of_the_living BEFORE INSERT ON accounts_mandate
    FOR EACH ROW
    EXECUTE FUNCTION accounts_mandate_of_the_living();
CREATE TRIGGER accounts_mandate_stays BEFORE DELETE OR UPDATE ON accounts_mandate
    FOR EACH ROW
    EXECUTE FUNCTION accounts_mandate_stays();
CREATE TRIGGER accounts_mandateoffer_only_ends BEFORE DELETE OR UPDATE ON accounts_mandateoffer
    FOR EACH ROW
    EXECUTE FUNCTION accounts_only_ends();
CREATE CONSTRAINT TRIGGER accounts_organisation_rests_on_a_check AFTER INSERT OR UPDATE OF name, credit_code, legal_representative_id ON accounts_organisation
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    EXECUTE FUNCTION accounts_organisation_rests_on_a_check();
CREATE TRIGGER accounts_organisationcheck_append_only BEFORE DELETE OR UPDATE ON accounts_organisationcheck
    FOR EACH ROW
    EXECUTE FUNCTION accounts_identitycheck_refuse();
CREATE CONSTRAINT TRIGGER accounts_person_level_rests_on_a_check AFTER INSERT OR UPDATE OF level ON accounts_person
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    EXECUTE FUNCTION accounts_level_rests_on_a_check();
CREATE TRIGGER accounts_personmerge_append_only BEFORE DELETE OR UPDATE ON accounts_personmerge
    FOR EACH ROW
    EXECUTE FUNCTION accounts_identitycheck_refuse();
CREATE TRIGGER accounts_proposal_decided_once BEFORE DELETE OR UPDATE ON accounts_windowproposal
    FOR EACH ROW
    EXECUTE FUNCTION accounts_proposal_decided_once();
"""

DROPPED = """
DROP FUNCTION
    accounts_death_by_two, accounts_handler_is_proved, accounts_identitycheck_refuse, accounts_is_dead,
    accounts_level_rests_on_a_check, accounts_mandate_of_the_living, accounts_mandate_stays, accounts_only_ends,
    accounts_organisation_rests_on_a_check, accounts_proposal_decided_once
    CASCADE
"""


class Migration(migrations.Migration):
    """Stands for the steps it replaces."""

    initial = True

    replaces = [
        ("accounts", "0001_initial"),
        ("accounts", "0002_initial"),
        ("accounts", "0003_identity_check"),
        ("accounts", "0004_level_of_earlier_persons"),
        ("accounts", "0005_proved_persons"),
        ("accounts", "0006_seal_names_and_phones"),
        ("accounts", "0007_word_of_a_platform"),
        ("accounts", "0008_left_claims"),
        ("accounts", "0009_organisations"),
        ("accounts", "0010_organisations_stay"),
        ("accounts", "0011_exports"),
        ("accounts", "0012_one_export_at_a_time"),
        ("accounts", "0013_mandates"),
        ("accounts", "0014_mandates_stay"),
        ("accounts", "0015_exports_of_organisations"),
        ("accounts", "0016_merges"),
        ("accounts", "0017_merges_stay"),
        ("accounts", "0018_two_officers"),
        ("accounts", "0019_two_officers_stay"),
        ("accounts", "0020_certificates_used"),
        ("accounts", "0021_guardians_of_one_officer"),
        ("accounts", "0022_use_of_certificates"),
        ("accounts", "0023_named_by_a_founding"),
    ]

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels(
            models=[
                migrations.CreateModel(
                    name="Organisation",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=portal.lib.uuid7.uuid7, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("name", models.CharField(max_length=200, verbose_name="名称")),
                        ("credit_code", models.CharField(max_length=18, unique=True, verbose_name="统一社会信用代码")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("company", "企业"),
                                    ("branch", "分支机构"),
                                    ("foreign", "外国（地区）企业"),
                                    ("sole_trader", "个体工商户"),
                                    ("cooperative", "农民专业合作社"),
                                    ("public_body", "机关、事业单位、群众团体"),
                                    ("other", "其他组织"),
                                ],
                                default="other",
                                max_length=12,
                                verbose_name="类型",
                            ),
                        ),
                        (
                            "legal_representative",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.person",
                                verbose_name="法定代表人",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "组织",
                        "verbose_name_plural": "组织",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("credit_code__startswith", "91"),
                                        ("kind__in", ["company", "branch", "foreign"]),
                                    ),
                                    models.Q(("credit_code__startswith", "92"), ("kind", "sole_trader")),
                                    models.Q(("credit_code__startswith", "93"), ("kind", "cooperative")),
                                    models.Q(("credit_code__startswith", "1"), ("kind", "public_body")),
                                    models.Q(
                                        ("kind", "other"),
                                        models.Q(("credit_code__regex", "^(1|91|92|93)"), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="organisation_kind_fits_its_code",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="User",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("password", models.CharField(max_length=128, verbose_name="password")),
                        ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                        (
                            "is_superuser",
                            models.BooleanField(
                                default=False,
                                help_text="Designates that this user has all permissions without explicitly assigning them.",
                                verbose_name="superuser status",
                            ),
                        ),
                        (
                            "username",
                            models.CharField(
                                error_messages={"unique": "A user with that username already exists."},
                                help_text="Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.",
                                max_length=150,
                                unique=True,
                                validators=[django.contrib.auth.validators.UnicodeUsernameValidator()],
                                verbose_name="username",
                            ),
                        ),
                        ("email", models.EmailField(blank=True, max_length=254, verbose_name="email address")),
                        (
                            "is_staff",
                            models.BooleanField(
                                default=False,
                                help_text="Designates whether the user can log into this admin site.",
                                verbose_name="staff status",
                            ),
                        ),
                        (
                            "is_active",
                            models.BooleanField(
                                default=True,
                                help_text="Designates whether this user should be treated as active. Unselect this instead of deleting accounts.",
                                verbose_name="active",
                            ),
                        ),
                        (
                            "date_joined",
                            models.DateTimeField(default=django.utils.timezone.now, verbose_name="date joined"),
                        ),
                        ("seal_id", models.UUIDField(default=portal.lib.uuid7.uuid7, editable=False)),
                        (
                            "name",
                            portal.lib.sealed_text.SealedTextField(
                                blank=True,
                                bound_to=("seal_id",),
                                db_column="name_sealed",
                                max_length=100,
                                verbose_name="姓名",
                            ),
                        ),
                        (
                            "name_index",
                            portal.lib.sealed_text.BlindIndexField(kind="name", of="name", verbose_name="姓名索引"),
                        ),
                        (
                            "groups",
                            models.ManyToManyField(
                                blank=True,
                                help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                                related_name="user_set",
                                related_query_name="user",
                                to="auth.group",
                                verbose_name="groups",
                            ),
                        ),
                        (
                            "user_permissions",
                            models.ManyToManyField(
                                blank=True,
                                help_text="Specific permissions for this user.",
                                related_name="user_set",
                                related_query_name="user",
                                to="auth.permission",
                                verbose_name="user permissions",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "账户",
                        "verbose_name_plural": "账户",
                        "indexes": [models.Index(fields=["name_index"], name="account_name")],
                        "constraints": [
                            models.UniqueConstraint(
                                django.db.models.functions.text.Lower("username"),
                                name="account_name_unique",
                                violation_error_message="这个账号名已有人使用，请换一个。",
                            )
                        ],
                    },
                    managers=[
                        ("objects", portal.accounts.models.people.AccountManager()),
                    ],
                ),
                migrations.CreateModel(
                    name="Death",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="deaths",
                                to="accounts.person",
                                verbose_name="自然人",
                            ),
                        ),
                        ("died_on", models.DateField(verbose_name="去世日期")),
                        (
                            "paper",
                            portal.lib.sealed_text.SealedTextField(
                                bound_to=("person_id",),
                                db_column="paper_sealed",
                                max_length=200,
                                verbose_name="看到的证明",
                            ),
                        ),
                        (
                            "officer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="登记人",
                            ),
                        ),
                        (
                            "confirmed_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="复核人",
                            ),
                        ),
                        ("at", models.DateTimeField(auto_now_add=True, verbose_name="登记时间")),
                    ],
                    options={
                        "verbose_name": "去世登记",
                        "verbose_name_plural": "去世登记",
                    },
                ),
                migrations.CreateModel(
                    name="DeathWithdrawal",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "death",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="withdrawal",
                                to="accounts.death",
                                verbose_name="去世登记",
                            ),
                        ),
                        (
                            "why",
                            portal.lib.sealed_text.SealedTextField(
                                bound_to=("death_id",), db_column="why_sealed", max_length=200, verbose_name="撤销理由"
                            ),
                        ),
                        (
                            "officer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="提出人",
                            ),
                        ),
                        (
                            "confirmed_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="复核人",
                            ),
                        ),
                        ("at", models.DateTimeField(auto_now_add=True, verbose_name="撤销时间")),
                    ],
                    options={
                        "verbose_name": "撤销去世登记",
                        "verbose_name_plural": "撤销去世登记",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("confirmed_by", models.F("officer")), _negated=True),
                                name="death_withdrawal_by_two",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Handler",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=portal.lib.uuid7.uuid7, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="handlers",
                                to="accounts.organisation",
                                verbose_name="组织",
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="acts_for",
                                to="accounts.person",
                                verbose_name="人员",
                            ),
                        ),
                        (
                            "role",
                            models.CharField(
                                choices=[
                                    ("legal", "法定代表人（负责人）"),
                                    ("administrator", "管理员"),
                                    ("handler", "经办人"),
                                ],
                                max_length=14,
                                verbose_name="身份",
                            ),
                        ),
                        (
                            "matters",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.SlugField(max_length=80),
                                null=True,
                                size=None,
                                verbose_name="可办的事",
                            ),
                        ),
                        ("until", models.DateField(null=True, verbose_name="有效期至")),
                        (
                            "invited_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="邀请人",
                            ),
                        ),
                        ("began_at", models.DateTimeField(auto_now_add=True, verbose_name="开始时间")),
                        ("ended_at", models.DateTimeField(null=True, verbose_name="移除时间")),
                        (
                            "ended_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="移除人",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "组织人员",
                        "verbose_name_plural": "组织人员",
                        "indexes": [models.Index(fields=["person"], name="handler_of_person")],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("ended_at__isnull", True)),
                                fields=("organisation", "person"),
                                name="handler_once_per_organisation",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("ended_at__isnull", True), ("role", "legal")),
                                fields=("organisation",),
                                name="handler_one_legal_representative",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("role", "handler"), ("matters__isnull", True), _connector="OR"),
                                name="handler_rights_are_those_of_the_role",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("role", "legal"), _negated=True), ("until__isnull", True), _connector="OR"
                                ),
                                name="handler_legal_representative_without_term",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Mandate",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=portal.lib.uuid7.uuid7, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("number", models.CharField(max_length=20, unique=True, verbose_name="授权编号")),
                        (
                            "principal",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="mandates_given",
                                to="accounts.person",
                                verbose_name="委托人",
                            ),
                        ),
                        (
                            "agent",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="mandates_held",
                                to="accounts.person",
                                verbose_name="代办人",
                            ),
                        ),
                        (
                            "agent_organisation",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="mandates_held",
                                to="accounts.organisation",
                                verbose_name="代办机构",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("authorised", "委托代办"),
                                    ("parent", "父母（法定监护人）"),
                                    ("guardian", "其他监护人"),
                                ],
                                default="authorised",
                                max_length=10,
                                verbose_name="类别",
                            ),
                        ),
                        (
                            "matters",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.SlugField(max_length=80),
                                null=True,
                                size=None,
                                verbose_name="可办的事",
                            ),
                        ),
                        ("sees_certificates", models.BooleanField(default=False, verbose_name="可以查看、使用证照")),
                        (
                            "uses_certificates",
                            models.BooleanField(
                                db_default=False, default=False, verbose_name="可以用证照填表、代替材料"
                            ),
                        ),
                        ("consents", models.BooleanField(default=False, verbose_name="可以代为同意向部门查询")),
                        ("begins_on", models.DateField(verbose_name="从哪一天起")),
                        ("until", models.DateField(null=True, verbose_name="到哪一天为止")),
                        (
                            "source",
                            models.CharField(
                                choices=[
                                    ("online", "本人网上授权"),
                                    ("paper", "窗口凭书面材料登记"),
                                    ("register", "登记机关数据"),
                                    ("demo", "演示数据"),
                                ],
                                max_length=10,
                                verbose_name="依据",
                            ),
                        ),
                        (
                            "paper",
                            portal.lib.sealed_text.SealedTextField(
                                blank=True, db_column="paper_sealed", max_length=200, verbose_name="看到的书面材料"
                            ),
                        ),
                        (
                            "officer",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="登记人",
                            ),
                        ),
                        (
                            "basis",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("court", "人民法院的判决书、裁定书"),
                                    ("committee", "居委会、村委会或者民政部门指定监护人的文件"),
                                    ("birth", "出生医学证明、户口簿"),
                                    ("other", "其他材料（遗嘱、协议等）"),
                                ],
                                max_length=10,
                                verbose_name="材料种类",
                            ),
                        ),
                        (
                            "confirmed_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="复核人",
                            ),
                        ),
                        (
                            "sites",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.SlugField(max_length=40),
                                blank=True,
                                default=list,
                                size=None,
                                verbose_name="登记窗口",
                            ),
                        ),
                        ("fetch", models.UUIDField(editable=False, null=True, verbose_name="查询记录")),
                        ("given_at", models.DateTimeField(auto_now_add=True, verbose_name="登记时间")),
                        ("ended_at", models.DateTimeField(null=True, verbose_name="终止时间")),
                        (
                            "ended_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="终止人",
                            ),
                        ),
                        (
                            "ended_why",
                            portal.lib.sealed_text.SealedTextField(
                                blank=True, db_column="ended_why_sealed", max_length=200, verbose_name="终止理由"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "授权",
                        "verbose_name_plural": "授权",
                        "indexes": [
                            models.Index(fields=["principal"], name="mandate_of_principal"),
                            models.Index(
                                condition=models.Q(("agent__isnull", False)), fields=["agent"], name="mandate_of_agent"
                            ),
                            models.Index(
                                condition=models.Q(
                                    ("confirmed_by__isnull", True),
                                    ("ended_at__isnull", True),
                                    ("kind__in", ["parent", "guardian"]),
                                    ("source", "paper"),
                                ),
                                fields=["given_at"],
                                name="mandate_unconfirmed",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("agent__isnull", False), ("agent_organisation__isnull", True)),
                                    models.Q(("agent__isnull", True), ("agent_organisation__isnull", False)),
                                    _connector="OR",
                                ),
                                name="mandate_to_one_agent",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("agent", models.F("principal")), _negated=True),
                                name="mandate_not_to_oneself",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("until__gte", models.F("begins_on")), ("until__isnull", False)),
                                    models.Q(("kind", "guardian"), ("until__isnull", True)),
                                    _connector="OR",
                                ),
                                name="mandate_has_a_term",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("kind", "authorised"), ("agent__isnull", False), _connector="OR"),
                                name="mandate_guardian_is_a_person",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("source__in", ["online", "demo"]),
                                    models.Q(
                                        ("officer__isnull", False),
                                        ("source", "paper"),
                                        models.Q(("paper", ""), _negated=True),
                                    ),
                                    models.Q(("fetch__isnull", False), ("source", "register")),
                                    _connector="OR",
                                ),
                                name="mandate_rests_on_something",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("source", "online"), _negated=True),
                                    ("kind", "authorised"),
                                    _connector="OR",
                                ),
                                name="mandate_guardian_by_paper_or_register",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Invitation",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=portal.lib.uuid7.uuid7, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="invitations",
                                to="accounts.organisation",
                                verbose_name="组织",
                            ),
                        ),
                        ("code_index", models.BinaryField(max_length=32, unique=True)),
                        (
                            "for_whom",
                            portal.lib.sealed_text.SealedTextField(
                                db_column="for_whom_sealed", max_length=100, verbose_name="邀请谁"
                            ),
                        ),
                        (
                            "role",
                            models.CharField(
                                choices=[
                                    ("legal", "法定代表人（负责人）"),
                                    ("administrator", "管理员"),
                                    ("handler", "经办人"),
                                ],
                                max_length=14,
                                verbose_name="身份",
                            ),
                        ),
                        (
                            "matters",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.SlugField(max_length=80),
                                null=True,
                                size=None,
                                verbose_name="可办的事",
                            ),
                        ),
                        ("until", models.DateField(null=True, verbose_name="有效期至")),
                        (
                            "invited_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="邀请人",
                            ),
                        ),
                        ("invited_at", models.DateTimeField(auto_now_add=True, verbose_name="邀请时间")),
                        ("expires_at", models.DateTimeField(verbose_name="邀请码有效期至")),
                        (
                            "handler",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                to="accounts.handler",
                                verbose_name="组织人员",
                            ),
                        ),
                        ("ended_at", models.DateTimeField(null=True, verbose_name="使用或撤回时间")),
                        (
                            "ended_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="操作人",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "邀请",
                        "verbose_name_plural": "邀请",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("role", "legal"), _negated=True),
                                name="invitation_of_no_legal_representative",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("handler__isnull", True), ("ended_at__isnull", False), _connector="OR"
                                ),
                                name="invitation_used_once",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Person",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=portal.lib.uuid7.uuid7, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "user",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="person",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="账户",
                            ),
                        ),
                        (
                            "name",
                            portal.lib.sealed_text.SealedTextField(
                                db_column="name_sealed", max_length=100, verbose_name="姓名"
                            ),
                        ),
                        (
                            "name_index",
                            portal.lib.sealed_text.BlindIndexField(kind="name", of="name", verbose_name="姓名索引"),
                        ),
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
                                default="111",
                                max_length=3,
                                verbose_name="证件类型",
                            ),
                        ),
                        ("document_sealed", models.BinaryField(verbose_name="证件号码（加密）")),
                        ("document_index", models.BinaryField(max_length=32, verbose_name="证件号码索引")),
                        (
                            "level",
                            models.PositiveSmallIntegerField(
                                choices=[(0, "本人填写，未核验"), (1, "平台核验"), (2, "窗口当面核验")],
                                default=0,
                                verbose_name="身份核验",
                            ),
                        ),
                        (
                            "phone",
                            portal.lib.sealed_text.SealedTextField(
                                blank=True, db_column="phone_sealed", max_length=20, verbose_name="手机号"
                            ),
                        ),
                        (
                            "phone_index",
                            portal.lib.sealed_text.BlindIndexField(kind="phone", of="phone", verbose_name="手机号索引"),
                        ),
                        ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="登记时间")),
                        (
                            "left_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="left_persons",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="曾用的账户",
                            ),
                        ),
                        ("left_at", models.DateTimeField(blank=True, null=True, verbose_name="与账户分开的时间")),
                    ],
                    options={
                        "verbose_name": "自然人",
                        "verbose_name_plural": "自然人",
                        "indexes": [
                            models.Index(fields=["document_index"], name="person_document"),
                            models.Index(fields=["name_index"], name="person_name"),
                            models.Index(fields=["phone_index"], name="person_phone"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("level__gt", 0)),
                                fields=("document_kind", "document_index"),
                                name="person_proved_document_unique",
                                violation_error_message="这个证件已经登记过。",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("level__gt", 0),
                                    ("user__isnull", False),
                                    models.Q(("left_at__isnull", False), ("left_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="person_claimed_by_an_account",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OrganisationCheck",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="checks",
                                to="accounts.organisation",
                                verbose_name="组织",
                            ),
                        ),
                        (
                            "source",
                            models.CharField(
                                choices=[
                                    ("register", "登记机关数据"),
                                    ("counter", "窗口当面核验"),
                                    ("founded", "设立登记的结果"),
                                    ("demo", "演示数据"),
                                ],
                                max_length=10,
                                verbose_name="来源",
                            ),
                        ),
                        ("name", models.CharField(max_length=200, verbose_name="名称")),
                        (
                            "legal_representative",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.person",
                                verbose_name="法定代表人",
                            ),
                        ),
                        ("fetch", models.UUIDField(editable=False, null=True, verbose_name="查询记录")),
                        ("reference", models.CharField(blank=True, max_length=60, verbose_name="办件")),
                        (
                            "named_index",
                            models.BinaryField(max_length=32, null=True, verbose_name="申请写明的法定代表人"),
                        ),
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
                        ("at", models.DateTimeField(auto_now_add=True, verbose_name="时间")),
                    ],
                    options={
                        "verbose_name": "组织核验记录",
                        "verbose_name_plural": "组织核验记录",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("fetch__isnull", False), ("source", "register")),
                                    models.Q(("officer__isnull", False), ("source", "counter")),
                                    models.Q(("source", "founded"), models.Q(("reference", ""), _negated=True)),
                                    ("source", "demo"),
                                    _connector="OR",
                                ),
                                name="organisation_check_rests_on_something",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="MandateOffer",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=portal.lib.uuid7.uuid7, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "principal",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="mandates_offered",
                                to="accounts.person",
                                verbose_name="委托人",
                            ),
                        ),
                        ("code_index", models.BinaryField(max_length=32, unique=True)),
                        (
                            "agent_name",
                            portal.lib.sealed_text.SealedTextField(
                                db_column="agent_name_sealed", max_length=200, verbose_name="授权给谁"
                            ),
                        ),
                        ("to_organisation", models.BooleanField(default=False, verbose_name="授权给单位")),
                        (
                            "matters",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.SlugField(max_length=80),
                                null=True,
                                size=None,
                                verbose_name="可办的事",
                            ),
                        ),
                        ("sees_certificates", models.BooleanField(default=False, verbose_name="可以查看、使用证照")),
                        (
                            "uses_certificates",
                            models.BooleanField(
                                db_default=False, default=False, verbose_name="可以用证照填表、代替材料"
                            ),
                        ),
                        ("consents", models.BooleanField(default=False, verbose_name="可以代为同意向部门查询")),
                        ("until", models.DateField(verbose_name="到哪一天为止")),
                        ("offered_at", models.DateTimeField(auto_now_add=True, verbose_name="授权时间")),
                        ("expires_at", models.DateTimeField(verbose_name="授权码有效期至")),
                        (
                            "mandate",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                to="accounts.mandate",
                                verbose_name="授权",
                            ),
                        ),
                        ("ended_at", models.DateTimeField(null=True, verbose_name="使用或撤回时间")),
                        (
                            "ended_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="操作人",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "授权码",
                        "verbose_name_plural": "授权码",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("mandate__isnull", True), ("ended_at__isnull", False), _connector="OR"
                                ),
                                name="mandate_offer_used_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="IdentityCheck",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                        (
                            "method",
                            models.CharField(
                                choices=[
                                    ("counter", "窗口当面核验"),
                                    ("demo", "演示数据"),
                                    ("earlier", "以前在窗口登记"),
                                    ("platform", "省统一身份认证平台"),
                                    ("sms", "登记手机号的短信验证码"),
                                    ("mandate", "代办人在窗口出示的证件和委托书"),
                                    ("register", "登记机关数据"),
                                ],
                                max_length=10,
                                verbose_name="核验方式",
                            ),
                        ),
                        (
                            "level",
                            models.PositiveSmallIntegerField(
                                choices=[(0, "本人填写，未核验"), (1, "平台核验"), (2, "窗口当面核验")],
                                verbose_name="身份核验",
                            ),
                        ),
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
                        ("at", models.DateTimeField(auto_now_add=True, verbose_name="时间")),
                        (
                            "reference",
                            portal.lib.sealed_text.SealedTextField(
                                blank=True,
                                bound_to=("person_id", "method"),
                                db_column="reference_sealed",
                                max_length=400,
                                verbose_name="依据",
                            ),
                        ),
                        (
                            "reference_index",
                            portal.lib.sealed_text.BlindIndexField(
                                kind="identity_check", of="reference", verbose_name="依据索引"
                            ),
                        ),
                        (
                            "seen",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("original", "证件原件"),
                                    ("temporary", "临时居民身份证"),
                                    ("household_book", "居民户口簿"),
                                    ("loss_report", "公安机关的身份证明"),
                                ],
                                max_length=20,
                                verbose_name="当面看到的",
                            ),
                        ),
                        ("signed", models.BooleanField(default=False, verbose_name="本人已在核验单上签名")),
                    ],
                    options={
                        "verbose_name": "身份核验记录",
                        "verbose_name_plural": "身份核验记录",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("level__gt", 0),
                                    models.Q(
                                        models.Q(("method", "counter"), _negated=True),
                                        ("officer__isnull", False),
                                        _connector="OR",
                                    ),
                                ),
                                name="identity_check_by_somebody",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FileExport",
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
                                related_name="exports",
                                to="accounts.person",
                                verbose_name="本人",
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.organisation",
                                verbose_name="组织",
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
                        ("language", models.CharField(max_length=10)),
                        ("made_at", models.DateTimeField(null=True, verbose_name="生成时间")),
                        ("until", models.DateTimeField(null=True, verbose_name="保留到")),
                        ("content_sealed", models.BinaryField(null=True)),
                    ],
                    options={
                        "verbose_name": "档案副本",
                        "verbose_name_plural": "档案副本",
                        "indexes": [
                            models.Index(
                                condition=models.Q(("content_sealed__isnull", False)),
                                fields=["until"],
                                name="export_to_forget",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("made_at__isnull", True), ("organisation__isnull", True)),
                                fields=("person",),
                                name="export_one_of_a_person_being_made",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("made_at__isnull", True)),
                                fields=("organisation",),
                                name="export_one_being_made",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PersonMerge",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=portal.lib.uuid7.uuid7, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "kept",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="merges",
                                to="accounts.person",
                                verbose_name="保留的登记",
                            ),
                        ),
                        (
                            "merged",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="merged_into",
                                to="accounts.person",
                                verbose_name="并入的登记",
                            ),
                        ),
                        (
                            "closed",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="停用的账户",
                            ),
                        ),
                        (
                            "officer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="核验人",
                            ),
                        ),
                        ("at", models.DateTimeField(auto_now_add=True, verbose_name="时间")),
                    ],
                    options={
                        "verbose_name": "合并记录",
                        "verbose_name_plural": "合并记录",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("kept", models.F("merged")), _negated=True),
                                name="person_merge_of_two",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="WindowProposal",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=portal.lib.uuid7.uuid7, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[("guardian", "登记监护"), ("death", "登记去世"), ("alive", "撤销去世登记")],
                                max_length=10,
                                verbose_name="类别",
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.person",
                                verbose_name="关于谁",
                            ),
                        ),
                        (
                            "agent",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.person",
                                verbose_name="监护人",
                            ),
                        ),
                        ("told", models.JSONField(default=dict, verbose_name="内容")),
                        (
                            "paper",
                            portal.lib.sealed_text.SealedTextField(
                                db_column="paper_sealed", max_length=200, verbose_name="看到的材料"
                            ),
                        ),
                        (
                            "sites",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.SlugField(max_length=40), size=None, verbose_name="登记窗口"
                            ),
                        ),
                        (
                            "proposed_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="登记人",
                            ),
                        ),
                        ("proposed_at", models.DateTimeField(auto_now_add=True, verbose_name="登记时间")),
                        (
                            "status",
                            models.CharField(
                                choices=[("open", "等待复核"), ("confirmed", "已复核"), ("refused", "没有通过")],
                                default="open",
                                max_length=10,
                                verbose_name="状态",
                            ),
                        ),
                        (
                            "decided_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="复核人",
                            ),
                        ),
                        ("decided_at", models.DateTimeField(null=True, verbose_name="复核时间")),
                    ],
                    options={
                        "verbose_name": "窗口登记",
                        "verbose_name_plural": "窗口登记",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("decided_at__isnull", True), ("decided_by__isnull", True), ("status", "open")
                                    ),
                                    models.Q(
                                        models.Q(("status", "open"), _negated=True),
                                        ("decided_at__isnull", False),
                                        ("decided_by__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="proposal_decided_by_somebody",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("decided_by", models.F("proposed_by")), ("status", "confirmed"), _negated=True
                                ),
                                name="proposal_confirmed_by_another",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("status", "open")),
                                fields=("kind", "person", "agent"),
                                name="proposal_open_once",
                                nulls_distinct=False,
                            ),
                        ],
                    },
                ),
            ],
        ),
        migrations.RunSQL(FUNCTIONS, DROPPED),
        migrations.RunSQL(TRIGGERS, migrations.RunSQL.noop),
    ]
