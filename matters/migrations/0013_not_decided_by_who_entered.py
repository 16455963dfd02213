"""Who entered a case at a window decides no part of it: the database sees to it as well."""

from django.db import migrations

REFUSE = """
CREATE OR REPLACE FUNCTION matters_decision_by_another() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM matters_correctionrequest r
                WHERE r.sub_item_id = NEW.sub_item_id AND r.answered_by_id = NEW.decided_by_id)
       OR EXISTS (SELECT FROM matters_subitem s
                    JOIN matters_bundle b ON b.id = s.bundle_id
                    JOIN accounts_person p ON p.id = b.applicant_id
                   WHERE s.id = NEW.sub_item_id
                     AND (p.user_id = NEW.decided_by_id
                          OR (b.channel = 'counter' AND b.entered_by_id = NEW.decided_by_id))) THEN
        RAISE EXCEPTION 'nobody decides on what they applied for, entered or answered themselves'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
"""

ALLOW = """
CREATE OR REPLACE FUNCTION matters_decision_by_another() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM matters_correctionrequest r
                WHERE r.sub_item_id = NEW.sub_item_id AND r.answered_by_id = NEW.decided_by_id)
       OR EXISTS (SELECT FROM matters_subitem s
                    JOIN matters_bundle b ON b.id = s.bundle_id
                    JOIN accounts_person p ON p.id = b.applicant_id
                   WHERE s.id = NEW.sub_item_id AND p.user_id = NEW.decided_by_id) THEN
        RAISE EXCEPTION 'nobody decides on what they applied for or answered themselves'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("matters", "0012_seal_reasons_and_file_names")]  # noqa: RUF012

    operations = [migrations.RunSQL(REFUSE, ALLOW)]  # noqa: RUF012
