"""A hold is written once and only lifted; requests for deletion and closed accounts stay as they are: the database itself sees to it."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

REFUSE = """
CREATE FUNCTION retention_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE FUNCTION retention_only_lifted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.lifted_at IS NOT NULL OR NEW.lifted_at IS NULL
       OR to_jsonb(NEW) - ARRAY['lifted_at', 'lifted_by_id', 'lifted_why_sealed']
          IS DISTINCT FROM to_jsonb(OLD) - ARRAY['lifted_at', 'lifted_by_id', 'lifted_why_sealed'] THEN
        RAISE EXCEPTION 'a hold is lifted once, and nothing else of it changes' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER retention_legalhold_only_lifted BEFORE UPDATE ON retention_legalhold
    FOR EACH ROW EXECUTE FUNCTION retention_only_lifted();
CREATE TRIGGER retention_legalhold_stays BEFORE DELETE ON retention_legalhold
    FOR EACH ROW EXECUTE FUNCTION retention_refuse();
CREATE TRIGGER retention_legalhold_no_truncate BEFORE TRUNCATE ON retention_legalhold
    FOR EACH STATEMENT EXECUTE FUNCTION retention_refuse();
CREATE TRIGGER retention_deletionrequest_append_only BEFORE UPDATE OR DELETE ON retention_deletionrequest
    FOR EACH ROW EXECUTE FUNCTION retention_refuse();
CREATE TRIGGER retention_deletionrequest_no_truncate BEFORE TRUNCATE ON retention_deletionrequest
    FOR EACH STATEMENT EXECUTE FUNCTION retention_refuse();
CREATE TRIGGER retention_closedaccount_append_only BEFORE UPDATE OR DELETE ON retention_closedaccount
    FOR EACH ROW EXECUTE FUNCTION retention_refuse();
CREATE TRIGGER retention_closedaccount_no_truncate BEFORE TRUNCATE ON retention_closedaccount
    FOR EACH STATEMENT EXECUTE FUNCTION retention_refuse();
"""
ALLOW = """
DROP TRIGGER retention_legalhold_only_lifted ON retention_legalhold;
DROP TRIGGER retention_legalhold_stays ON retention_legalhold;
DROP TRIGGER retention_legalhold_no_truncate ON retention_legalhold;
DROP TRIGGER retention_deletionrequest_append_only ON retention_deletionrequest;
DROP TRIGGER retention_deletionrequest_no_truncate ON retention_deletionrequest;
DROP TRIGGER retention_closedaccount_append_only ON retention_closedaccount;
DROP TRIGGER retention_closedaccount_no_truncate ON retention_closedaccount;
DROP FUNCTION retention_refuse();
DROP FUNCTION retention_only_lifted();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("retention", "0001_initial")]

    operations: ClassVar = [migrations.RunSQL(REFUSE, ALLOW)]
