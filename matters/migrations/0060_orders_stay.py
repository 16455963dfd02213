"""A supervisory order is answered once and nothing else of it changes; a card stays: the database itself sees to it."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

REFUSE = """
CREATE FUNCTION matters_order_only_answered() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    answered text[] := ARRAY['answer_sealed', 'answered_by_id', 'answered_at'];
BEGIN
    IF OLD.answered_at IS NOT NULL OR to_jsonb(NEW) - answered IS DISTINCT FROM to_jsonb(OLD) - answered THEN
        RAISE EXCEPTION 'a supervisory order is answered once, and nothing else of it changes'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER matters_supervisoryorder_only_answered BEFORE UPDATE ON matters_supervisoryorder
    FOR EACH ROW EXECUTE FUNCTION matters_order_only_answered();
CREATE TRIGGER matters_supervisoryorder_stays BEFORE DELETE ON matters_supervisoryorder
    FOR EACH ROW EXECUTE FUNCTION sharing_refuse();
CREATE TRIGGER matters_supervisoryorder_no_truncate BEFORE TRUNCATE ON matters_supervisoryorder
    FOR EACH STATEMENT EXECUTE FUNCTION sharing_refuse();
CREATE TRIGGER matters_deadlinecard_append_only BEFORE UPDATE OR DELETE ON matters_deadlinecard
    FOR EACH ROW EXECUTE FUNCTION sharing_refuse();
CREATE TRIGGER matters_deadlinecard_no_truncate BEFORE TRUNCATE ON matters_deadlinecard
    FOR EACH STATEMENT EXECUTE FUNCTION sharing_refuse();
"""
ALLOW = """
DROP TRIGGER matters_supervisoryorder_only_answered ON matters_supervisoryorder;
DROP TRIGGER matters_supervisoryorder_stays ON matters_supervisoryorder;
DROP TRIGGER matters_supervisoryorder_no_truncate ON matters_supervisoryorder;
DROP TRIGGER matters_deadlinecard_append_only ON matters_deadlinecard;
DROP TRIGGER matters_deadlinecard_no_truncate ON matters_deadlinecard;
DROP FUNCTION matters_order_only_answered();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("matters", "0059_supervision")]

    operations: ClassVar = [migrations.RunSQL(REFUSE, ALLOW)]
