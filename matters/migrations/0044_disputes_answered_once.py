"""What a person said against a fact stays as it was; only its answer is written, once: the database itself sees to it."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

REFUSE = """
CREATE FUNCTION matters_dispute_only_answered() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    answered text[] := ARRAY['outcome', 'answer_sealed', 'answered_by_id', 'answered_at'];
BEGIN
    IF OLD.outcome <> '' OR NEW.outcome = '' OR to_jsonb(NEW) - answered IS DISTINCT FROM to_jsonb(OLD) - answered THEN
        RAISE EXCEPTION 'a request for correction is answered once, and nothing else of it changes'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER matters_factdispute_only_answered BEFORE UPDATE ON matters_factdispute
    FOR EACH ROW EXECUTE FUNCTION matters_dispute_only_answered();
CREATE TRIGGER matters_factdispute_stays BEFORE DELETE ON matters_factdispute
    FOR EACH ROW EXECUTE FUNCTION sharing_refuse();
CREATE TRIGGER matters_factdispute_no_truncate BEFORE TRUNCATE ON matters_factdispute
    FOR EACH STATEMENT EXECUTE FUNCTION sharing_refuse();
"""
ALLOW = """
DROP TRIGGER matters_factdispute_only_answered ON matters_factdispute;
DROP TRIGGER matters_factdispute_stays ON matters_factdispute;
DROP TRIGGER matters_factdispute_no_truncate ON matters_factdispute;
DROP FUNCTION matters_dispute_only_answered();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("matters", "0043_extensions")]

    operations: ClassVar = [migrations.RunSQL(REFUSE, ALLOW)]
