"""A decision may lead to a second certificate of a type, when a fact is amended; one of them at a time is valid."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models

REFUSE = """
CREATE FUNCTION certificates_edition_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was issued is never rewritten' USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER certificates_certificate_edition_stays BEFORE UPDATE ON certificates_certificate
    FOR EACH ROW WHEN (NEW.edition IS DISTINCT FROM OLD.edition) EXECUTE FUNCTION certificates_edition_stays();
"""
ALLOW = """
DROP TRIGGER certificates_certificate_edition_stays ON certificates_certificate;
DROP FUNCTION certificates_edition_stays();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("certificates", "0006_names_stay")]

    operations: ClassVar = [
        migrations.AddField(
            "certificate",
            "edition",
            models.PositiveSmallIntegerField(db_default=1, default=1, verbose_name="版次"),
        ),
        migrations.RemoveConstraint("certificate", "certificate_once_per_decision"),
        migrations.AddConstraint(
            "certificate",
            models.UniqueConstraint(
                fields=("decision_reference", "certificate_type", "edition"),
                name="certificate_once_per_decision",
                violation_error_message="这项决定已经签发过这种证照。",
            ),
        ),
        migrations.AddConstraint(
            "certificate",
            models.UniqueConstraint(
                condition=models.Q(("status", "valid")),
                fields=("decision_reference", "certificate_type"),
                name="certificate_one_valid_per_decision",
                violation_error_message="这项决定签发的这种证照还有一份有效。",
            ),
        ),
        migrations.RunSQL(REFUSE, ALLOW),
    ]
