"""An answer that nothing rests on goes once its consent is over; that it was asked for and found stays: the database itself sees to it."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

FORGET = """
-- Only the answer goes, once: under a consent that is over, and not before.
CREATE FUNCTION sharing_fetch_only_forgotten() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.forgotten_at IS NOT NULL OR NEW.forgotten_at IS NULL OR NEW.answer_sealed IS NOT NULL
       OR to_jsonb(NEW) - ARRAY['answer_sealed', 'forgotten_at'] IS DISTINCT FROM to_jsonb(OLD) - ARRAY['answer_sealed', 'forgotten_at']
       OR EXISTS (SELECT 1 FROM sharing_sharingconsent c
                   WHERE c.id = OLD.consent_id AND c.withdrawn_at IS NULL AND c.until > statement_timestamp()) THEN
        RAISE EXCEPTION 'what was asked and answered stays; an answer is only forgotten, once its consent is over'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER sharing_fetch_append_only ON sharing_fetch;
CREATE TRIGGER sharing_fetch_stays BEFORE DELETE ON sharing_fetch FOR EACH ROW EXECUTE FUNCTION sharing_refuse();
CREATE TRIGGER sharing_fetch_only_forgotten BEFORE UPDATE ON sharing_fetch
    FOR EACH ROW EXECUTE FUNCTION sharing_fetch_only_forgotten();
"""
KEEP = """
DROP TRIGGER sharing_fetch_only_forgotten ON sharing_fetch;
DROP TRIGGER sharing_fetch_stays ON sharing_fetch;
CREATE TRIGGER sharing_fetch_append_only BEFORE UPDATE OR DELETE ON sharing_fetch
    FOR EACH ROW EXECUTE FUNCTION sharing_refuse();
DROP FUNCTION sharing_fetch_only_forgotten();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("sharing", "0006_forgotten_answers")]

    operations: ClassVar = [migrations.RunSQL(FORGET, KEEP)]
