"""What has happened stays: the database itself refuses to change or remove events and access records."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

REFUSE = """
CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER ledger_event_append_only BEFORE UPDATE OR DELETE ON ledger_event
    FOR EACH ROW EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_event_no_truncate BEFORE TRUNCATE ON ledger_event
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_accessrecord_append_only BEFORE UPDATE OR DELETE ON ledger_accessrecord
    FOR EACH ROW EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_accessrecord_no_truncate BEFORE TRUNCATE ON ledger_accessrecord
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
"""

ALLOW = """
DROP TRIGGER ledger_event_append_only ON ledger_event;
DROP TRIGGER ledger_event_no_truncate ON ledger_event;
DROP TRIGGER ledger_accessrecord_append_only ON ledger_accessrecord;
DROP TRIGGER ledger_accessrecord_no_truncate ON ledger_accessrecord;
DROP FUNCTION ledger_refuse();
"""

GROW = """
CREATE FUNCTION ledger_chain_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR NEW.id <> OLD.id OR NEW.length <= OLD.length THEN
        RAISE EXCEPTION 'a chain only grows: % refused', TG_OP USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER ledger_chain_only_grows BEFORE UPDATE OR DELETE ON ledger_chain
    FOR EACH ROW EXECUTE FUNCTION ledger_chain_grows();
"""

SHRINK = """
DROP TRIGGER ledger_chain_only_grows ON ledger_chain;
DROP FUNCTION ledger_chain_grows();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("ledger", "0001_initial")]

    operations: ClassVar = [
        migrations.RunSQL(REFUSE, ALLOW),
        migrations.RunSQL(GROW, SHRINK),
    ]
