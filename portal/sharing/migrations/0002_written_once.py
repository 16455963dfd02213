"""What was asked and answered stays as it was; of a consent only its withdrawal is written afterwards."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

REFUSE = """
CREATE FUNCTION sharing_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER sharing_fetch_append_only BEFORE UPDATE OR DELETE ON sharing_fetch
    FOR EACH ROW EXECUTE FUNCTION sharing_refuse();
CREATE TRIGGER sharing_fetch_no_truncate BEFORE TRUNCATE ON sharing_fetch
    FOR EACH STATEMENT EXECUTE FUNCTION sharing_refuse();
CREATE TRIGGER sharing_consent_stays BEFORE DELETE ON sharing_sharingconsent
    FOR EACH ROW EXECUTE FUNCTION sharing_refuse();
CREATE TRIGGER sharing_consent_no_truncate BEFORE TRUNCATE ON sharing_sharingconsent
    FOR EACH STATEMENT EXECUTE FUNCTION sharing_refuse();

CREATE FUNCTION sharing_consent_only_withdrawn() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.withdrawn_at IS NOT NULL OR NEW.withdrawn_at IS NULL
       OR to_jsonb(NEW) - 'withdrawn_at' IS DISTINCT FROM to_jsonb(OLD) - 'withdrawn_at' THEN
        RAISE EXCEPTION 'a consent is withdrawn once, and nothing else of it changes' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER sharing_consent_only_withdrawn BEFORE UPDATE ON sharing_sharingconsent
    FOR EACH ROW EXECUTE FUNCTION sharing_consent_only_withdrawn();

-- Nothing is asked without a consent in force that names the case, the source, what is asked and about whom.
CREATE FUNCTION sharing_fetch_under_consent() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM sharing_sharingconsent c
         WHERE c.id = NEW.consent_id AND c."case" = NEW."case" AND c.source_id = NEW.source_id
           AND NEW.asked <@ c.asked AND NEW.subject_index = ANY (c.subjects) AND NEW.asked_at >= c.given_at AND NEW.asked_at < c.until
           AND (c.withdrawn_at IS NULL OR NEW.asked_at < c.withdrawn_at)
    ) THEN
        RAISE EXCEPTION 'no consent in force covers what was asked' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER sharing_fetch_under_consent BEFORE INSERT ON sharing_fetch
    FOR EACH ROW EXECUTE FUNCTION sharing_fetch_under_consent();
"""
ALLOW = """
DROP TRIGGER sharing_fetch_append_only ON sharing_fetch;
DROP TRIGGER sharing_fetch_no_truncate ON sharing_fetch;
DROP TRIGGER sharing_consent_stays ON sharing_sharingconsent;
DROP TRIGGER sharing_consent_no_truncate ON sharing_sharingconsent;
DROP TRIGGER sharing_consent_only_withdrawn ON sharing_sharingconsent;
DROP TRIGGER sharing_fetch_under_consent ON sharing_fetch;
DROP FUNCTION sharing_refuse();
DROP FUNCTION sharing_consent_only_withdrawn();
DROP FUNCTION sharing_fetch_under_consent();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("sharing", "0001_initial")]

    operations: ClassVar = [migrations.RunSQL(REFUSE, ALLOW)]
