"""What was issued follows its person where a window found two entries to be one; nothing else of it is ever rewritten."""

from __future__ import annotations

from importlib import import_module
from typing import ClassVar

from django.db import migrations

FOLLOW = """
CREATE OR REPLACE FUNCTION certificates_stay() RETURNS trigger LANGUAGE plpgsql AS $$
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
STAY = import_module("certificates.migrations.0006_names_stay").WITH_NAMES


class Migration(migrations.Migration):
    dependencies: ClassVar = [("accounts", "0017_merges_stay"), ("certificates", "0012_mandates")]

    operations: ClassVar = [migrations.RunSQL(FOLLOW, STAY)]
