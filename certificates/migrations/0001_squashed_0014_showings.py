"""The tables, functions and triggers of `certificates` as one step; an installation that has the steps it replaces takes it as done."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import certificates.models
import portal.lib.sealed_text
import portal.lib.uuid7
from portal.lib.creating_models import CreateModels

FUNCTIONS = """
CREATE FUNCTION certificates_edition_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was issued is never rewritten' USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE FUNCTION certificates_for_whom_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.organisation_id, NEW.matter) IS DISTINCT FROM (OLD.organisation_id, OLD.matter) THEN
        RAISE EXCEPTION 'for whom a certificate was applied is never rewritten' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION certificates_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a change of status is never rewritten: % refused', TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE FUNCTION certificates_stay() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    holder uuid := NEW.holder_id;
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a certificate is never deleted' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF holder <> OLD.holder_id AND EXISTS (
        SELECT 1 FROM accounts_personmerge m WHERE m.merged_id = OLD.holder_id AND m.kept_id = NEW.holder_id) THEN
        holder := OLD.holder_id;
    END IF;
    IF (NEW.id, NEW.certificate_type_id, NEW.type_name, NEW.type_name_en, NEW.issuer_name, NEW.identifier, NEW.serial, holder,
        NEW.holder_name_sealed, NEW.issuer_id, NEW.decision_reference, NEW.issued_at, NEW.expires_on, NEW.verification_token)
       IS DISTINCT FROM
       (OLD.id, OLD.certificate_type_id, OLD.type_name, OLD.type_name_en, OLD.issuer_name, OLD.identifier, OLD.serial, OLD.holder_id,
        OLD.holder_name_sealed, OLD.issuer_id, OLD.decision_reference, OLD.issued_at, OLD.expires_on, OLD.verification_token) THEN
        RAISE EXCEPTION 'what was issued is never rewritten' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.rendered_at IS NOT NULL AND (NEW.file, NEW.file_sha256, NEW.rendered_at)
       IS DISTINCT FROM (OLD.file, OLD.file_sha256, OLD.rendered_at) THEN
        RAISE EXCEPTION 'a sealed file is never replaced' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
"""

TRIGGERS = """
CREATE TRIGGER certificates_certificate_edition_stays BEFORE UPDATE ON certificates_certificate
    FOR EACH ROW
    WHEN ((new.edition IS DISTINCT FROM old.edition))
    EXECUTE FUNCTION certificates_edition_stays();
CREATE TRIGGER certificates_certificate_stays BEFORE DELETE OR UPDATE ON certificates_certificate
    FOR EACH ROW
    EXECUTE FUNCTION certificates_stay();
CREATE TRIGGER certificates_certificateholder_append_only BEFORE DELETE OR UPDATE ON certificates_certificateholder
    FOR EACH ROW
    EXECUTE FUNCTION certificates_refuse();
CREATE TRIGGER certificates_for_whom_stays BEFORE UPDATE OF organisation_id, matter ON certificates_certificate
    FOR EACH ROW
    EXECUTE FUNCTION certificates_for_whom_stays();
CREATE TRIGGER certificates_statuschange_append_only BEFORE DELETE OR UPDATE ON certificates_statuschange
    FOR EACH ROW
    EXECUTE FUNCTION certificates_refuse();
"""

DROPPED = """
DROP FUNCTION
    certificates_edition_stays, certificates_for_whom_stays, certificates_refuse, certificates_stay
    CASCADE
"""


class Migration(migrations.Migration):
    """Stands for the steps it replaces."""

    initial = True

    replaces = [
        ("certificates", "0001_initial"),
        ("certificates", "0002_triggers"),
        ("certificates", "0003_status"),
        ("certificates", "0004_seal_names_and_reasons"),
        ("certificates", "0005_signer_refused"),
        ("certificates", "0006_names_stay"),
        ("certificates", "0007_edition"),
        ("certificates", "0008_whom_it_is_about"),
        ("certificates", "0009_status_words"),
        ("certificates", "0010_for_whom_it_is"),
        ("certificates", "0011_for_whom_stays"),
        ("certificates", "0012_mandates"),
        ("certificates", "0013_follow_their_person"),
        ("certificates", "0014_showings"),
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
                    name="Certificate",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=portal.lib.uuid7.uuid7, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "certificate_type",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="certificates",
                                to="catalog.certificatetype",
                                verbose_name="证照类型",
                            ),
                        ),
                        ("type_name", models.CharField(max_length=100, verbose_name="证照类型")),
                        ("type_name_en", models.CharField(blank=True, max_length=200, verbose_name="英文名称")),
                        ("issuer_name", models.CharField(max_length=100, verbose_name="颁发机构")),
                        ("identifier", models.CharField(max_length=120, unique=True, verbose_name="电子证照标识")),
                        ("serial", models.CharField(max_length=40, verbose_name="证照编号")),
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
                            "matter",
                            models.CharField(blank=True, db_default="", default="", editable=False, max_length=80),
                        ),
                        (
                            "mandate",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="accounts.mandate",
                                verbose_name="授权",
                            ),
                        ),
                        (
                            "applicant",
                            models.ForeignKey(
                                db_column="holder_id",
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="certificates",
                                to="accounts.person",
                                verbose_name="申请人",
                            ),
                        ),
                        (
                            "holder_kind",
                            models.CharField(
                                choices=[("person", "自然人"), ("organisation", "组织")],
                                db_default="person",
                                default="person",
                                max_length=12,
                                verbose_name="持证主体类型",
                            ),
                        ),
                        (
                            "holder_name",
                            portal.lib.sealed_text.SealedTextField(
                                db_column="holder_name_sealed", max_length=500, verbose_name="持证主体"
                            ),
                        ),
                        (
                            "issuer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="catalog.department",
                                verbose_name="颁发机构",
                            ),
                        ),
                        ("decision_reference", models.CharField(max_length=120, verbose_name="所依据的决定")),
                        ("edition", models.PositiveSmallIntegerField(db_default=1, default=1, verbose_name="版次")),
                        ("face_sealed", models.BinaryField(verbose_name="照面信息（加密）")),
                        ("issued_at", models.DateTimeField(verbose_name="签发时间")),
                        ("expires_on", models.DateField(blank=True, null=True, verbose_name="有效期至")),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("valid", "有效"),
                                    ("revoked", "已吊销"),
                                    ("rescinded", "已撤销"),
                                    ("recalled", "已撤回"),
                                    ("deregistered", "已注销"),
                                ],
                                default="valid",
                                max_length=20,
                                verbose_name="状态",
                            ),
                        ),
                        (
                            "verification_token",
                            models.CharField(
                                default=certificates.models.new_verification_token,
                                editable=False,
                                max_length=40,
                                unique=True,
                            ),
                        ),
                        (
                            "file",
                            models.FileField(
                                blank=True,
                                editable=False,
                                max_length=200,
                                upload_to="certificates/",
                                verbose_name="文件",
                            ),
                        ),
                        (
                            "file_sha256",
                            models.CharField(blank=True, editable=False, max_length=64, verbose_name="文件摘要"),
                        ),
                        ("rendered_at", models.DateTimeField(editable=False, null=True, verbose_name="制证时间")),
                        ("set_aside_at", models.DateTimeField(editable=False, null=True, verbose_name="转人工时间")),
                        (
                            "set_aside_reason",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("rare_characters", "含生僻字，现有字库无法印制"),
                                    ("face_too_long", "照面内容过长，二十页也放不下"),
                                    ("face_unreadable", "照面信息无法解密"),
                                    ("signer_refused", "签章服务查不到相应的准予决定，没有签章"),
                                ],
                                editable=False,
                                max_length=20,
                                verbose_name="转人工原因",
                            ),
                        ),
                        (
                            "set_aside_detail",
                            portal.lib.sealed_text.SealedTextField(
                                blank=True,
                                db_column="set_aside_detail_sealed",
                                editable=False,
                                max_length=200,
                                verbose_name="转人工说明",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "电子证照",
                        "verbose_name_plural": "电子证照",
                        "indexes": [
                            models.Index(fields=["serial"], name="certificate_serial"),
                            models.Index(
                                condition=models.Q(("file_sha256", ""), _negated=True),
                                fields=["file_sha256"],
                                name="certificate_file",
                            ),
                            models.Index(
                                condition=models.Q(("rendered_at__isnull", True), ("set_aside_at__isnull", True)),
                                fields=["issued_at"],
                                name="certificate_to_render",
                            ),
                            models.Index(fields=["applicant", "-issued_at"], name="certificate_library"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("decision_reference", "certificate_type", "edition"),
                                name="certificate_once_per_decision",
                                violation_error_message="这项决定已经签发过这种证照。",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("status", "valid")),
                                fields=("decision_reference", "certificate_type"),
                                name="certificate_one_valid_per_decision",
                                violation_error_message="这项决定签发的这种证照还有一份有效。",
                            ),
                            models.UniqueConstraint(
                                fields=("certificate_type", "serial"),
                                name="certificate_serial_unique",
                                violation_error_message="这个证照编号已经用过。",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("file", ""), ("file_sha256", ""), ("rendered_at__isnull", True)),
                                    models.Q(
                                        ("rendered_at__isnull", False),
                                        models.Q(("file", ""), _negated=True),
                                        models.Q(("file_sha256", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="certificate_file_exactly_when_rendered",
                                violation_error_message="制证时间、文件和文件摘要必须同时具备。",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("set_aside_at__isnull", True), ("set_aside_reason", "")),
                                    models.Q(
                                        ("rendered_at__isnull", True),
                                        ("set_aside_at__isnull", False),
                                        models.Q(("set_aside_reason", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="certificate_set_aside_with_reason",
                                violation_error_message="转人工处理必须写明原因，制证后不再转人工。",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CertificateHolder",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "certificate",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="holders",
                                to="certificates.certificate",
                                verbose_name="证照",
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField(verbose_name="顺序")),
                        (
                            "name",
                            portal.lib.sealed_text.SealedTextField(
                                bound_to=("certificate_id", "position"),
                                db_column="name_sealed",
                                max_length=200,
                                verbose_name="持证主体",
                            ),
                        ),
                        ("number_kind", models.CharField(blank=True, max_length=12, verbose_name="持证主体代码类型")),
                        (
                            "number",
                            portal.lib.sealed_text.SealedTextField(
                                blank=True,
                                bound_to=("certificate_id", "position"),
                                db_column="number_sealed",
                                max_length=40,
                                verbose_name="持证主体代码",
                            ),
                        ),
                        ("number_index", models.BinaryField(max_length=32, verbose_name="代码索引")),
                    ],
                    options={
                        "verbose_name": "持证主体",
                        "verbose_name_plural": "持证主体",
                        "ordering": ["position"],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("number_index", b""), _negated=True),
                                fields=["number_index"],
                                name="certificate_holder_number",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(fields=("certificate", "position"), name="certificate_holder_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Showing",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=portal.lib.uuid7.uuid7, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "certificate",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="showings",
                                to="certificates.certificate",
                                verbose_name="证照",
                            ),
                        ),
                        (
                            "shown_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="出示人",
                            ),
                        ),
                        ("shown_at", models.DateTimeField(verbose_name="出示时间")),
                        ("until", models.DateTimeField(verbose_name="有效期至")),
                        ("code_index", models.BinaryField(max_length=32, unique=True)),
                        ("looks", models.PositiveIntegerField(default=0, verbose_name="查看次数")),
                        ("looked_at", models.DateTimeField(null=True, verbose_name="最近查看")),
                    ],
                    options={
                        "verbose_name": "亮证记录",
                        "verbose_name_plural": "亮证记录",
                        "indexes": [models.Index(fields=["certificate", "-shown_at"], name="showing_of_certificate")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("until__gt", models.F("shown_at"))), name="showing_has_a_term"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="StatusChange",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "certificate",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="status_changes",
                                to="certificates.certificate",
                                verbose_name="证照",
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("valid", "有效"),
                                    ("revoked", "已吊销"),
                                    ("rescinded", "已撤销"),
                                    ("recalled", "已撤回"),
                                    ("deregistered", "已注销"),
                                ],
                                max_length=20,
                                verbose_name="状态",
                            ),
                        ),
                        (
                            "reason",
                            portal.lib.sealed_text.SealedTextField(
                                bound_to=("certificate_id", "status"),
                                db_column="reason_sealed",
                                max_length=300,
                                verbose_name="理由",
                            ),
                        ),
                        (
                            "changed_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="经办人",
                            ),
                        ),
                        ("changed_at", models.DateTimeField(auto_now_add=True, verbose_name="时间")),
                    ],
                    options={
                        "verbose_name": "状态变更",
                        "verbose_name_plural": "状态变更",
                        "ordering": ["id"],
                    },
                ),
            ],
        ),
        migrations.RunSQL(FUNCTIONS, DROPPED),
        migrations.RunSQL(TRIGGERS, migrations.RunSQL.noop),
    ]
