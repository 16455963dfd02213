"""What an organisation is rests on a row that stays; who acts for it is written once and only ended: the database itself sees to it."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

RESTS = """
CREATE TRIGGER accounts_organisationcheck_append_only BEFORE UPDATE OR DELETE ON accounts_organisationcheck
    FOR EACH ROW EXECUTE FUNCTION accounts_identitycheck_refuse();

CREATE FUNCTION accounts_organisation_rests_on_a_check() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM accounts_organisationcheck c
         WHERE c.organisation_id = NEW.id AND c.name = NEW.name
           AND c.legal_representative_id IS NOT DISTINCT FROM NEW.legal_representative_id
    ) THEN
        RAISE EXCEPTION 'what organisation % is rests on no check', NEW.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER accounts_organisation_rests_on_a_check
    AFTER INSERT OR UPDATE OF name, credit_code, legal_representative_id ON accounts_organisation
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION accounts_organisation_rests_on_a_check();

CREATE FUNCTION accounts_only_ends() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    ending CONSTANT text[] := ARRAY['ended_at', 'ended_by_id', 'handler_id'];
BEGIN
    IF TG_OP = 'DELETE' OR OLD.ended_at IS NOT NULL OR NEW.ended_at IS NULL
       OR to_jsonb(NEW) - ending IS DISTINCT FROM to_jsonb(OLD) - ending THEN
        RAISE EXCEPTION '% is only ended, once: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER accounts_handler_only_ends BEFORE UPDATE OR DELETE ON accounts_handler
    FOR EACH ROW EXECUTE FUNCTION accounts_only_ends();
CREATE TRIGGER accounts_invitation_only_ends BEFORE UPDATE OR DELETE ON accounts_invitation
    FOR EACH ROW EXECUTE FUNCTION accounts_only_ends();

CREATE FUNCTION accounts_handler_is_proved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM accounts_person WHERE id = NEW.person_id AND level > 0) THEN
        RAISE EXCEPTION 'only a proved person acts for an organisation' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER accounts_handler_is_proved BEFORE INSERT ON accounts_handler
    FOR EACH ROW EXECUTE FUNCTION accounts_handler_is_proved();
"""

STANDS = """
DROP TRIGGER accounts_handler_is_proved ON accounts_handler;
DROP FUNCTION accounts_handler_is_proved();
DROP TRIGGER accounts_invitation_only_ends ON accounts_invitation;
DROP TRIGGER accounts_handler_only_ends ON accounts_handler;
DROP FUNCTION accounts_only_ends();
DROP TRIGGER accounts_organisation_rests_on_a_check ON accounts_organisation;
DROP FUNCTION accounts_organisation_rests_on_a_check();
DROP TRIGGER accounts_organisationcheck_append_only ON accounts_organisationcheck;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("accounts", "0009_organisations")]

    operations: ClassVar = [migrations.RunSQL(RESTS, STANDS)]
