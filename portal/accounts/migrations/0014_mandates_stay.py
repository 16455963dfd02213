"""A mandate is written once and only ended, between proved persons who live; a death is written once: the database itself sees to it."""

from __future__ import annotations

from importlib import import_module
from typing import ClassVar

from django.db import migrations

STAYS = """
CREATE OR REPLACE FUNCTION accounts_only_ends() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    ending CONSTANT text[] := ARRAY['ended_at', 'ended_by_id', 'handler_id', 'mandate_id'];
BEGIN
    IF TG_OP = 'DELETE' OR OLD.ended_at IS NOT NULL OR NEW.ended_at IS NULL
       OR to_jsonb(NEW) - ending IS DISTINCT FROM to_jsonb(OLD) - ending THEN
        RAISE EXCEPTION '% is only ended, once: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER accounts_mandate_only_ends BEFORE UPDATE OR DELETE ON accounts_mandate
    FOR EACH ROW EXECUTE FUNCTION accounts_only_ends();
CREATE TRIGGER accounts_mandateoffer_only_ends BEFORE UPDATE OR DELETE ON accounts_mandateoffer
    FOR EACH ROW EXECUTE FUNCTION accounts_only_ends();
CREATE TRIGGER accounts_death_append_only BEFORE UPDATE OR DELETE ON accounts_death
    FOR EACH ROW EXECUTE FUNCTION accounts_identitycheck_refuse();

CREATE FUNCTION accounts_mandate_of_the_living() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM accounts_person WHERE id IN (NEW.principal_id, NEW.agent_id) AND level = 0) THEN
        RAISE EXCEPTION 'only proved persons give and hold mandates' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF EXISTS (SELECT FROM accounts_death WHERE person_id IN (NEW.principal_id, NEW.agent_id)) THEN
        RAISE EXCEPTION 'nobody acts in a dead person''s name' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER accounts_mandate_of_the_living BEFORE INSERT ON accounts_mandate
    FOR EACH ROW EXECUTE FUNCTION accounts_mandate_of_the_living();
"""

_BEFORE = import_module("portal.accounts.migrations.0010_organisations_stay").RESTS
_FROM = _BEFORE.index("CREATE FUNCTION accounts_only_ends()")
FREE = (
    """
DROP TRIGGER accounts_mandate_of_the_living ON accounts_mandate;
DROP FUNCTION accounts_mandate_of_the_living();
DROP TRIGGER accounts_death_append_only ON accounts_death;
DROP TRIGGER accounts_mandateoffer_only_ends ON accounts_mandateoffer;
DROP TRIGGER accounts_mandate_only_ends ON accounts_mandate;
"""
    + _BEFORE[_FROM : _BEFORE.index("$$;", _BEFORE.index("$$", _FROM) + 2) + 3].replace(
        "CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"
    )
)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("accounts", "0013_mandates")]

    operations: ClassVar = [migrations.RunSQL(STAYS, FREE)]
