"""Nothing is begun or filed for a person but by a mandate in force, nor in a dead person's name, and no agent decides on it: the database sees to it."""

from importlib import import_module
from typing import ClassVar

from django.db import migrations

GUARD = """
CREATE FUNCTION matters_mandated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.mandate_id IS DISTINCT FROM OLD.mandate_id
           OR (NEW.mandate_id IS NOT NULL AND NEW.applicant_id IS DISTINCT FROM OLD.applicant_id) THEN
            RAISE EXCEPTION 'under which mandate it is stays' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF EXISTS (SELECT FROM accounts_death d WHERE d.person_id = NEW.applicant_id) THEN
        RAISE EXCEPTION 'nobody acts in a dead person''s name' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.mandate_id IS NOT NULL THEN
        PERFORM 1 FROM accounts_mandate m
          WHERE m.id = NEW.mandate_id AND m.principal_id = NEW.applicant_id AND m.ended_at IS NULL
            AND NEW.organisation_id IS NULL
            AND m.begins_on <= (now() AT TIME ZONE 'Asia/Shanghai')::date
            AND (m.until IS NULL OR m.until >= (now() AT TIME ZONE 'Asia/Shanghai')::date)
            FOR SHARE;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'nobody acts for a person but by a mandate' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER matters_draft_mandated BEFORE INSERT OR UPDATE OF mandate_id, applicant_id ON matters_draft
    FOR EACH ROW EXECUTE FUNCTION matters_mandated();
CREATE TRIGGER matters_bundle_mandated BEFORE INSERT OR UPDATE OF mandate_id, applicant_id ON matters_bundle
    FOR EACH ROW EXECUTE FUNCTION matters_mandated();

CREATE OR REPLACE FUNCTION matters_correction_answered() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    applicant bigint;
    came_by text;
BEGIN
    IF NEW.answered_by_id IS NULL THEN
        RAISE EXCEPTION 'a correction is answered by somebody' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    SELECT p.user_id, b.channel INTO applicant, came_by
      FROM matters_subitem s
      JOIN matters_bundle b ON b.id = s.bundle_id
      JOIN accounts_person p ON p.id = b.applicant_id
     WHERE s.id = NEW.sub_item_id;
    IF came_by = 'online' AND applicant IS DISTINCT FROM NEW.answered_by_id AND NOT EXISTS (
        SELECT FROM matters_subitem s
          JOIN matters_bundle b ON b.id = s.bundle_id
          LEFT JOIN accounts_mandate a ON a.id = b.mandate_id AND a.ended_at IS NULL
          LEFT JOIN accounts_person g ON g.id = a.agent_id
          LEFT JOIN accounts_handler h
                 ON h.organisation_id IN (b.organisation_id, a.agent_organisation_id) AND h.ended_at IS NULL
          LEFT JOIN accounts_person m ON m.id = h.person_id
         WHERE s.id = NEW.sub_item_id AND NEW.answered_by_id IN (g.user_id, m.user_id)) THEN
        RAISE EXCEPTION 'an online application is answered for by its applicant'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;CREATE OR REPLACE FUNCTION matters_had_a_hand(part uuid, who bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM matters_subitem s
                     JOIN matters_bundle b ON b.id = s.bundle_id
                     JOIN accounts_person p ON p.id = b.applicant_id
                    WHERE s.id = part
                      AND (p.user_id = who
                           OR (b.channel = 'counter' AND who = ANY (b.clerks || b.entered_by_id))
                           OR EXISTS (SELECT FROM accounts_handler h JOIN accounts_person m ON m.id = h.person_id
                                       WHERE h.organisation_id = b.organisation_id AND m.user_id = who)
                           OR EXISTS (SELECT FROM accounts_mandate a
                                        LEFT JOIN accounts_person g ON g.id = a.agent_id
                                        LEFT JOIN accounts_handler h ON h.organisation_id = a.agent_organisation_id
                                        LEFT JOIN accounts_person m ON m.id = h.person_id
                                       WHERE a.id = b.mandate_id AND who IN (g.user_id, m.user_id))
                           OR EXISTS (SELECT FROM accounts_identitycheck c
                                       WHERE c.person_id = p.id AND c.officer_id = who)
                           OR EXISTS (SELECT FROM matters_subitem o
                                        JOIN matters_correctionrequest r ON r.sub_item_id = o.id
                                       WHERE o.bundle_id = b.id AND r.answered_by_id = who)))
$$;
"""

_HAD_A_HAND = import_module("matters.migrations.0033_no_act_after_removal").GUARD
_ANSWERED = import_module("matters.migrations.0009_answered_by").REFUSE
FREE = (
    """
DROP TRIGGER matters_bundle_mandated ON matters_bundle;
DROP TRIGGER matters_draft_mandated ON matters_draft;
DROP FUNCTION matters_mandated();
"""
    + _ANSWERED[: _ANSWERED.index("END $$;") + 7].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
    + _HAD_A_HAND[_HAD_A_HAND.index("CREATE OR REPLACE FUNCTION matters_had_a_hand") :]
)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("accounts", "0014_mandates_stay"), ("matters", "0041_mandates")]

    operations: ClassVar = [migrations.RunSQL(GUARD, FREE)]
