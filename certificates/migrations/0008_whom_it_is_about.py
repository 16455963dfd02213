"""Whom a certificate is about, apart from who applied for it; and one term, the one its face shows."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, ClassVar

import django.db.models.deletion
from django.db import migrations, models

from portal.lib.sealed_text import SealedTextField
from portal.lib.vault import SealBroken, blind_index, unseal

# Types of earlier releases that organisations hold, and the line of their face that names the organisation.
ORGANISATIONS = {
    "business_licence": "name",
    "deregistration_notice": "company",
    "fire_safety_opinion": "name",
    "food_business_permit": "name",
    "gas_access_notice": "user",
    "power_access_notice": "user",
    "road_digging_permit": "holder",
    "road_transport_certificate": "company",
    "road_transport_licence": "company",
    "seal_record": "name",
    "shop_sign_opinion": "name",
    "small_food_permit": "name",
    "tax_clearance": "company",
    "tobacco_licence": "name",
    "water_access_notice": "user",
}
DAY = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")
CITIZEN = re.compile(r"\d{17}[\dX]")
STAYS = """
DO $outer$
BEGIN
    EXECUTE replace(replace(pg_get_functiondef('certificates_stay'::regproc), 'NEW.{0},', 'NEW.{1},'), 'OLD.{0},', 'OLD.{2},');
END $outer$;
"""
REST = "ALTER TABLE certificates_certificate {0} TRIGGER certificates_certificate_stays;"
APPEND_ONLY = """
CREATE TRIGGER certificates_certificateholder_append_only BEFORE UPDATE OR DELETE ON certificates_certificateholder
    FOR EACH ROW EXECUTE FUNCTION certificates_refuse();
"""


def name_holders(apps: Any, schema_editor: Any) -> None:
    """Write the holders of earlier certificates, as their faces name them, and the term that their faces show."""
    certificates = apps.get_model("certificates", "Certificate")
    for certificate in certificates.objects.select_related("certificate_type").iterator():
        try:
            said = unseal(certificate.face_sealed, f"certificate.face:{certificate.pk}")
        except SealBroken:  # a person sees to it already
            said = {"lines": []}
        face = {line["code"]: line["value"] for line in said["lines"]}
        slug, kind = certificate.certificate_type.slug, "person"
        if organisation := face.get(ORGANISATIONS.get(slug, "")):
            kind, holders = "organisation", [(organisation, "credit_code", face.get("credit_code", ""))]
        elif slug == "marriage_certificate" and face:
            holders = [_person(face[f"{one}_name"], face[f"{one}_id"]) for one in ("husband", "wife")]
        else:
            holders = [_person(certificate.holder_name, face.get("id_number", ""))]
        _write(apps, certificate, kind, holders)
        if found := DAY.fullmatch(face.get("valid_until", "")):
            certificate.expires_on = date(*map(int, found.groups()))
        certificate.holder_kind = kind
        certificate.holder_name = "、".join(name for name, _kind, _number in holders)
        certificate.save(update_fields=["holder_kind", "holder_name", "expires_on"])


def _person(name: str, number: str) -> tuple[str, str, str]:
    return (name, "111", number) if CITIZEN.fullmatch(number) else (name, "", "")


def _write(apps: Any, certificate: Any, kind: str, holders: list[tuple[str, str, str]]) -> None:
    model = apps.get_model("certificates", "CertificateHolder")
    for position, (name, number_kind, number) in enumerate(holders, start=1):
        space = number_kind if kind == "organisation" else f"document:{number_kind}"
        model(
            certificate=certificate,
            position=position,
            name=name,
            number_kind=number_kind if number else "",
            number=number,
            number_index=blind_index(space, number) if number else b"",
        ).save(force_insert=True)


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("certificates", "0007_edition"),
        ("accounts", "0006_seal_names_and_phones"),
        ("catalog", "0018_whom_a_result_is_about"),
    ]

    operations: ClassVar = [
        # The column keeps its name: triggers and rows know it by that.
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveIndex("certificate", "certificate_library"),
                migrations.RenameField("certificate", "holder", "applicant"),
                migrations.AlterField(
                    "certificate",
                    "applicant",
                    models.ForeignKey(
                        db_column="holder_id",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="certificates",
                        to="accounts.person",
                        verbose_name="申请人",
                    ),
                ),
                migrations.AddIndex(
                    "certificate", models.Index(fields=["applicant", "-issued_at"], name="certificate_library")
                ),
            ]
        ),
        migrations.AddField(
            "certificate",
            "holder_kind",
            models.CharField(
                choices=[("person", "自然人"), ("organisation", "组织")],
                db_default="person",
                default="person",
                max_length=12,
                verbose_name="持证主体类型",
            ),
        ),
        migrations.AlterField(
            "certificate",
            "holder_name",
            SealedTextField(db_column="holder_name_sealed", max_length=500, verbose_name="持证主体"),
        ),
        migrations.AlterField(
            "certificate",
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
        migrations.CreateModel(
            "CertificateHolder",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(verbose_name="顺序")),
                (
                    "name",
                    SealedTextField(
                        bound_to=("certificate_id", "position"),
                        db_column="name_sealed",
                        max_length=200,
                        verbose_name="持证主体",
                    ),
                ),
                ("number_kind", models.CharField(blank=True, max_length=12, verbose_name="持证主体代码类型")),
                (
                    "number",
                    SealedTextField(
                        blank=True,
                        bound_to=("certificate_id", "position"),
                        db_column="number_sealed",
                        max_length=40,
                        verbose_name="持证主体代码",
                    ),
                ),
                ("number_index", models.BinaryField(max_length=32, verbose_name="代码索引")),
                (
                    "certificate",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="holders",
                        to="certificates.certificate",
                        verbose_name="证照",
                    ),
                ),
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
        migrations.RunSQL(REST.format("DISABLE"), REST.format("ENABLE")),
        migrations.RunPython(name_holders, migrations.RunPython.noop),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.RunSQL(
            STAYS.format("holder_id", "holder_id, NEW.holder_kind", "holder_id, OLD.holder_kind"),
            STAYS.format("holder_id, NEW.holder_kind", "holder_id", "holder_id").replace(
                "OLD.holder_id, NEW.holder_kind,", "OLD.holder_id, OLD.holder_kind,"
            ),
        ),
        migrations.RunSQL(REST.format("ENABLE"), REST.format("DISABLE")),
        migrations.RunSQL(APPEND_ONLY, "DROP TRIGGER certificates_certificateholder_append_only ON certificates_certificateholder"),
    ]
