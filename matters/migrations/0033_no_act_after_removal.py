"""Nothing is begun or filed for an organisation but by who acts for it at that moment, and none of its people decides on it: the database sees to it."""

from importlib import import_module
from typing import ClassVar

from django.db import migrations

GUARD = """
CREATE FUNCTION matters_represented() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.organisation_id IS DISTINCT FROM OLD.organisation_id THEN
            RAISE EXCEPTION 'for whom it is stays' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF NEW.applicant_id IS NOT DISTINCT FROM OLD.applicant_id THEN
            RETURN NEW;
        END IF;
    END IF;
    IF NEW.organisation_id IS NOT NULL THEN
        PERFORM 1 FROM accounts_handler h
          WHERE h.organisation_id = NEW.organisation_id AND h.person_id = NEW.applicant_id AND h.ended_at IS NULL
            AND (h.until IS NULL OR h.until >= (now() AT TIME ZONE 'Asia/Shanghai')::date)
            FOR SHARE;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'nobody acts for an organisation but its people' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER matters_draft_represented BEFORE INSERT OR UPDATE OF organisation_id, applicant_id ON matters_draft
    FOR EACH ROW EXECUTE FUNCTION matters_represented();
CREATE TRIGGER matters_bundle_represented BEFORE INSERT OR UPDATE OF organisation_id, applicant_id ON matters_bundle
    FOR EACH ROW EXECUTE FUNCTION matters_represented();

CREATE OR REPLACE FUNCTION matters_had_a_hand(part uuid, who bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM matters_subitem s
                     JOIN matters_bundle b ON b.id = s.bundle_id
                     JOIN accounts_person p ON p.id = b.applicant_id
                    WHERE s.id = part
                      AND (p.user_id = who
                           OR (b.channel = 'counter' AND who = ANY (b.clerks || b.entered_by_id))
                           OR EXISTS (SELECT FROM accounts_handler h JOIN accounts_person m ON m.id = h.person_id
                                       WHERE h.organisation_id = b.organisation_id AND m.user_id = who)
                           OR EXISTS (SELECT FROM accounts_identitycheck c
                                       WHERE c.person_id = p.id AND c.officer_id = who)
                           OR EXISTS (SELECT FROM matters_subitem o
                                        JOIN matters_correctionrequest r ON r.sub_item_id = o.id
                                       WHERE o.bundle_id = b.id AND r.answered_by_id = who)))
$$;
"""

_BEFORE = import_module("matters.migrations.0023_not_decided_by_who_vouched").REFUSE
FREE = """
DROP TRIGGER matters_bundle_represented ON matters_bundle;
DROP TRIGGER matters_draft_represented ON matters_draft;
DROP FUNCTION matters_represented();
""" + _BEFORE[: _BEFORE.index("$$;") + 3].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")


class Migration(migrations.Migration):
    dependencies: ClassVar = [("accounts", "0010_organisations_stay"), ("matters", "0032_for_whom_it_is")]

    operations: ClassVar = [migrations.RunSQL(GUARD, FREE)]
