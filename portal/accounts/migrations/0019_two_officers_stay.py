"""A guardianship, a death and its withdrawal take two officers, and a death that was withdrawn counts no more: the database sees to it."""

from __future__ import annotations

from importlib import import_module
from typing import ClassVar

from django.db import migrations

_BEFORE = import_module("portal.accounts.migrations.0014_mandates_stay").STAYS


def _function(name: str) -> str:
    """Return a function as the mandates' first guard made it."""
    start = _BEFORE.index(f"FUNCTION {name}()")
    return "CREATE OR REPLACE " + _BEFORE[start : _BEFORE.index("END $$;", start) + len("END $$;")]


_ONLY_ENDS, _OF_THE_LIVING = _function("accounts_only_ends"), _function("accounts_mandate_of_the_living")

TWO = (
    """
CREATE FUNCTION accounts_is_dead(who uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM accounts_death d WHERE d.person_id = who
                      AND NOT EXISTS (SELECT FROM accounts_deathwithdrawal w WHERE w.death_id = d.id))
$$;

CREATE FUNCTION accounts_death_by_two() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.confirmed_by_id IS NULL OR NEW.confirmed_by_id = NEW.officer_id THEN
        RAISE EXCEPTION 'another officer confirms a death' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    PERFORM 1 FROM accounts_person WHERE id = NEW.person_id FOR NO KEY UPDATE;
    IF accounts_is_dead(NEW.person_id) THEN
        RAISE EXCEPTION 'a person dies once' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER accounts_death_by_two BEFORE INSERT ON accounts_death
    FOR EACH ROW EXECUTE FUNCTION accounts_death_by_two();
CREATE TRIGGER accounts_deathwithdrawal_append_only BEFORE UPDATE OR DELETE ON accounts_deathwithdrawal
    FOR EACH ROW EXECUTE FUNCTION accounts_identitycheck_refuse();

CREATE FUNCTION accounts_proposal_decided_once() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    deciding CONSTANT text[] := ARRAY['status', 'decided_by_id', 'decided_at'];
BEGIN
    IF TG_OP = 'DELETE' OR OLD.status <> 'open' OR NEW.status = 'open'
       OR to_jsonb(NEW) - deciding IS DISTINCT FROM to_jsonb(OLD) - deciding THEN
        RAISE EXCEPTION 'a proposal is decided once: % refused', TG_OP USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER accounts_proposal_decided_once BEFORE UPDATE OR DELETE ON accounts_windowproposal
    FOR EACH ROW EXECUTE FUNCTION accounts_proposal_decided_once();
"""
    + _ONLY_ENDS.replace("'ended_by_id',", "'ended_by_id', 'ended_why_sealed',")
    + _OF_THE_LIVING.replace(
        "EXISTS (SELECT FROM accounts_death WHERE person_id IN (NEW.principal_id, NEW.agent_id))",
        "accounts_is_dead(NEW.principal_id) OR accounts_is_dead(NEW.agent_id)",
    ).replace(
        "    RETURN NEW;",
        """    IF NEW.source = 'paper' AND NEW.kind <> 'authorised'
       AND (NEW.confirmed_by_id IS NULL OR NEW.confirmed_by_id = NEW.officer_id) THEN
        RAISE EXCEPTION 'another officer confirms a guardianship' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;""",
    )
)
ONE = (
    """
DROP TRIGGER accounts_proposal_decided_once ON accounts_windowproposal;
DROP FUNCTION accounts_proposal_decided_once();
DROP TRIGGER accounts_deathwithdrawal_append_only ON accounts_deathwithdrawal;
DROP TRIGGER accounts_death_by_two ON accounts_death;
DROP FUNCTION accounts_death_by_two();
"""
    + _ONLY_ENDS
    + _OF_THE_LIVING
    + "DROP FUNCTION accounts_is_dead(uuid);"
)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("accounts", "0018_two_officers")]

    operations: ClassVar = [migrations.RunSQL(TWO, ONE)]
