"""For which organisation a certificate was applied is never rewritten: it says who finds it."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

STAYS = """
CREATE FUNCTION certificates_for_whom_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.organisation_id, NEW.matter) IS DISTINCT FROM (OLD.organisation_id, OLD.matter) THEN
        RAISE EXCEPTION 'for whom a certificate was applied is never rewritten' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER certificates_for_whom_stays BEFORE UPDATE OF organisation_id, matter ON certificates_certificate
    FOR EACH ROW EXECUTE FUNCTION certificates_for_whom_stays();
"""

MOVES = """
DROP TRIGGER certificates_for_whom_stays ON certificates_certificate;
DROP FUNCTION certificates_for_whom_stays();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("certificates", "0010_for_whom_it_is")]

    operations: ClassVar = [migrations.RunSQL(STAYS, MOVES)]
