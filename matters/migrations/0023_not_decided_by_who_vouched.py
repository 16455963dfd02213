"""Who vouched for the applicant's identity at a window decides no part of their case; who may not decide stands in one function from now on."""

from importlib import import_module

from django.db import migrations

REFUSE = """
CREATE FUNCTION matters_had_a_hand(part uuid, who bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM matters_subitem s
                     JOIN matters_bundle b ON b.id = s.bundle_id
                     JOIN accounts_person p ON p.id = b.applicant_id
                    WHERE s.id = part
                      AND (p.user_id = who
                           OR (b.channel = 'counter' AND who = ANY (b.clerks || b.entered_by_id))
                           OR EXISTS (SELECT FROM accounts_identitycheck c
                                       WHERE c.person_id = p.id AND c.officer_id = who)
                           OR EXISTS (SELECT FROM matters_subitem o
                                        JOIN matters_correctionrequest r ON r.sub_item_id = o.id
                                       WHERE o.bundle_id = b.id AND r.answered_by_id = who)))
$$;

CREATE OR REPLACE FUNCTION matters_decision_by_another() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF matters_had_a_hand(NEW.sub_item_id, NEW.decided_by_id) THEN
        RAISE EXCEPTION 'nobody decides on what they applied for, vouched for, entered or answered themselves'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION matters_amendment_by_another() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF matters_had_a_hand(NEW.sub_item_id, NEW.handled_by_id) THEN
        RAISE EXCEPTION 'nobody decides on what they applied for, vouched for, entered or answered themselves'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER matters_amendment_by_another BEFORE INSERT OR UPDATE OF handled_by_id, sub_item_id ON matters_amendment
    FOR EACH ROW WHEN (NEW.handled_by_id IS NOT NULL) EXECUTE FUNCTION matters_amendment_by_another();
"""

ALLOW = (
    """
DROP TRIGGER matters_amendment_by_another ON matters_amendment;
DROP FUNCTION matters_amendment_by_another();
"""
    + import_module("matters.migrations.0019_clerks").REFUSE
    + "DROP FUNCTION matters_had_a_hand(uuid, bigint);"
)


class Migration(migrations.Migration):
    dependencies = [  # noqa: RUF012
        ("accounts", "0003_identity_check"),
        ("matters", "0022_limit_of_nothing_before"),
    ]

    operations = [migrations.RunSQL(REFUSE, ALLOW)]  # noqa: RUF012
