"""A certificate stays what it was when it was issued: the database itself refuses to rewrite or remove it."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

REFUSE = """
CREATE FUNCTION certificates_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a certificate is never deleted' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (NEW.id, NEW.certificate_type_id, NEW.identifier, NEW.serial, NEW.holder_id, NEW.holder_name, NEW.issuer_id,
        NEW.decision_reference, NEW.issued_at, NEW.expires_on, NEW.verification_token)
       IS DISTINCT FROM
       (OLD.id, OLD.certificate_type_id, OLD.identifier, OLD.serial, OLD.holder_id, OLD.holder_name, OLD.issuer_id,
        OLD.decision_reference, OLD.issued_at, OLD.expires_on, OLD.verification_token) THEN
        RAISE EXCEPTION 'what was issued is never rewritten' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.rendered_at IS NOT NULL AND (NEW.file, NEW.file_sha256, NEW.rendered_at)
       IS DISTINCT FROM (OLD.file, OLD.file_sha256, OLD.rendered_at) THEN
        RAISE EXCEPTION 'a sealed file is never replaced' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER certificates_certificate_stays BEFORE UPDATE OR DELETE ON certificates_certificate
    FOR EACH ROW EXECUTE FUNCTION certificates_stay();

CREATE FUNCTION certificates_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a change of standing is never rewritten: % refused', TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER certificates_standingchange_append_only BEFORE UPDATE OR DELETE ON certificates_standingchange
    FOR EACH ROW EXECUTE FUNCTION certificates_refuse();
"""

ALLOW = """
DROP TRIGGER certificates_standingchange_append_only ON certificates_standingchange;
DROP FUNCTION certificates_refuse();
DROP TRIGGER certificates_certificate_stays ON certificates_certificate;
DROP FUNCTION certificates_stay();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("certificates", "0001_initial")]

    operations: ClassVar = [migrations.RunSQL(REFUSE, ALLOW)]
