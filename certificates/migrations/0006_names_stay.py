"""A certificate keeps the names under which it was issued: its type's, in both languages, and its issuer's."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations, models

from portal.lib.vault import SealBroken, unseal

NAMES = ("type_name", "type_name_en", "issuer_name")
REST = "ALTER TABLE certificates_certificate {0} TRIGGER certificates_certificate_stays;"

# The one text of ``certificates_stay()`` so far: that of 0002 with the sealed column of 0004 and the three names.
STAYS = """
CREATE OR REPLACE FUNCTION certificates_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a certificate is never deleted' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (NEW.id, NEW.certificate_type_id, {new}NEW.identifier, NEW.serial, NEW.holder_id, NEW.holder_name_sealed, NEW.issuer_id,
        NEW.decision_reference, NEW.issued_at, NEW.expires_on, NEW.verification_token)
       IS DISTINCT FROM
       (OLD.id, OLD.certificate_type_id, {old}OLD.identifier, OLD.serial, OLD.holder_id, OLD.holder_name_sealed, OLD.issuer_id,
        OLD.decision_reference, OLD.issued_at, OLD.expires_on, OLD.verification_token) THEN
        RAISE EXCEPTION 'what was issued is never rewritten' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.rendered_at IS NOT NULL AND (NEW.file, NEW.file_sha256, NEW.rendered_at)
       IS DISTINCT FROM (OLD.file, OLD.file_sha256, OLD.rendered_at) THEN
        RAISE EXCEPTION 'a sealed file is never replaced' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
"""
WITH_NAMES = STAYS.format(
    new="".join(f"NEW.{name}, " for name in NAMES), old="".join(f"OLD.{name}, " for name in NAMES)
)
WITHOUT = STAYS.format(new="", old="")


def copy_from_faces(apps: Any, schema_editor: Any) -> None:
    """Fill in what is printed on each certificate; where its face cannot be opened, what the rows say now."""
    model = apps.get_model("certificates", "Certificate")
    filled = []
    needed = ("face_sealed", "certificate_type__name", "certificate_type__name_en", "issuer__name")
    for certificate in model.objects.select_related("certificate_type", "issuer").only(*needed).iterator(500):
        try:
            face = unseal(certificate.face_sealed, f"certificate.face:{certificate.pk}")
        except SealBroken:
            kind = certificate.certificate_type
            face = {"type_name": kind.name, "type_name_en": kind.name_en, "issuer_name": certificate.issuer.name}
        for name in NAMES:
            setattr(certificate, name, face[name])
        filled.append(certificate)
        if len(filled) == 500:
            model.objects.bulk_update(filled, NAMES)
            filled = []
    model.objects.bulk_update(filled, NAMES)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("certificates", "0005_signer_refused")]

    operations: ClassVar = [
        migrations.RunSQL(REST.format("DISABLE"), REST.format("ENABLE")),
        migrations.AddField(
            "certificate",
            "type_name",
            models.CharField(default="", max_length=100, verbose_name="证照类型"),
            preserve_default=False,
        ),
        migrations.AddField(
            "certificate",
            "type_name_en",
            models.CharField(blank=True, default="", max_length=200, verbose_name="英文名称"),
            preserve_default=False,
        ),
        migrations.AddField(
            "certificate",
            "issuer_name",
            models.CharField(default="", max_length=100, verbose_name="颁发机构"),
            preserve_default=False,
        ),
        migrations.RunPython(copy_from_faces, migrations.RunPython.noop),
        migrations.RunSQL(WITH_NAMES, WITHOUT),
        migrations.RunSQL(REST.format("ENABLE"), REST.format("DISABLE")),
    ]
