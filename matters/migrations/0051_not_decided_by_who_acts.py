"""Whoever acted for the applicant on the draft, or has a mandate with them in whichever direction, decides no part: the database sees to it."""

from importlib import import_module
from typing import ClassVar

from django.db import migrations

# Those filed before: a draft keeps under which mandate it was begun.
FILL = """
UPDATE matters_bundle b SET begun_under_id = COALESCE(b.mandate_id, d.mandate_id)
  FROM matters_draft d
 WHERE d.submission_key = b.idempotency_key AND COALESCE(b.mandate_id, d.mandate_id) IS NOT NULL;
UPDATE matters_bundle SET begun_under_id = mandate_id WHERE mandate_id IS NOT NULL AND begun_under_id IS NULL;
"""

GUARD = """
CREATE FUNCTION matters_begun_under_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.begun_under_id IS DISTINCT FROM OLD.begun_under_id THEN
        RAISE EXCEPTION 'under which mandate it was begun stays' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER matters_bundle_begun_under_stays BEFORE UPDATE OF begun_under_id ON matters_bundle
    FOR EACH ROW EXECUTE FUNCTION matters_begun_under_stays();

CREATE FUNCTION matters_acts_under(mandate uuid, who bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM accounts_mandate a
                     LEFT JOIN accounts_person g ON g.id = a.agent_id
                     LEFT JOIN accounts_handler h ON h.organisation_id = a.agent_organisation_id
                     LEFT JOIN accounts_person m ON m.id = h.person_id
                    WHERE a.id = mandate AND who IN (g.user_id, m.user_id))
$$;

CREATE OR REPLACE FUNCTION matters_had_a_hand(part uuid, who bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM matters_subitem s
                     JOIN matters_bundle b ON b.id = s.bundle_id
                     JOIN accounts_person p ON p.id = b.applicant_id
                    WHERE s.id = part
                      AND (p.user_id = who
                           OR (b.channel = 'counter' AND who = ANY (b.clerks || b.entered_by_id))
                           OR EXISTS (SELECT FROM accounts_handler h JOIN accounts_person m ON m.id = h.person_id
                                       WHERE h.organisation_id = b.organisation_id AND m.user_id = who)
                           OR matters_acts_under(b.mandate_id, who)
                           OR matters_acts_under(b.begun_under_id, who)
                           -- As `Mandate.objects.between` has it: at any time since it was filed.
                           OR EXISTS (SELECT FROM accounts_mandate a
                                        JOIN accounts_person q ON q.id = a.principal_id
                                       WHERE (a.principal_id = p.id OR a.agent_id = p.id)
                                         AND a.begins_on <= (now() AT TIME ZONE 'Asia/Shanghai')::date
                                         AND (a.until IS NULL OR a.until >= (b.submitted_at AT TIME ZONE 'Asia/Shanghai')::date)
                                         AND (a.ended_at IS NULL OR a.ended_at >= b.submitted_at)
                                         AND CASE WHEN a.principal_id = p.id THEN matters_acts_under(a.id, who) ELSE q.user_id = who END)
                           OR EXISTS (SELECT FROM accounts_identitycheck c
                                       WHERE c.person_id = p.id AND c.officer_id = who)
                           OR EXISTS (SELECT FROM matters_subitem o
                                        JOIN matters_correctionrequest r ON r.sub_item_id = o.id
                                       WHERE o.bundle_id = b.id AND r.answered_by_id = who)))
$$;
"""

_BEFORE = import_module("matters.migrations.0042_no_act_after_a_mandate").GUARD
FREE = (
    """
DROP TRIGGER matters_bundle_begun_under_stays ON matters_bundle;
DROP FUNCTION matters_begun_under_stays();
"""
    + _BEFORE[_BEFORE.index("CREATE OR REPLACE FUNCTION matters_had_a_hand") :]
    + "DROP FUNCTION matters_acts_under(uuid, bigint);"
)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("matters", "0050_begun_under")]

    operations: ClassVar = [
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunSQL(GUARD, FREE),
    ]
