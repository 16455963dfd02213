"""Whoever had a hand in an application at a window, or answered for it, decides no part of it: the database sees to it."""

import django.contrib.postgres.fields
from django.db import migrations, models

REFUSE = """
CREATE OR REPLACE FUNCTION matters_decision_by_another() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM matters_subitem s
                 JOIN matters_bundle b ON b.id = s.bundle_id
                 JOIN accounts_person p ON p.id = b.applicant_id
                WHERE s.id = NEW.sub_item_id
                  AND (p.user_id = NEW.decided_by_id
                       OR (b.channel = 'counter' AND NEW.decided_by_id = ANY (b.clerks || b.entered_by_id))
                       OR EXISTS (SELECT FROM matters_subitem o
                                    JOIN matters_correctionrequest r ON r.sub_item_id = o.id
                                   WHERE o.bundle_id = b.id AND r.answered_by_id = NEW.decided_by_id))) THEN
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
                   WHERE s.id = NEW.sub_item_id
                     AND (p.user_id = NEW.decided_by_id
                          OR (b.channel = 'counter' AND b.entered_by_id = NEW.decided_by_id))) THEN
        RAISE EXCEPTION 'nobody decides on what they applied for, entered or answered themselves'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
"""

# Of what was entered before, whoever started the application, and whoever sent it.
FILL = """
UPDATE matters_draft SET clerks = ARRAY[entered_by_id] WHERE channel = 'counter';
UPDATE matters_bundle b
   SET clerks = ARRAY[b.entered_by_id] || coalesce((SELECT d.clerks FROM matters_draft d
                                                     WHERE d.submission_key = b.idempotency_key), '{}')
 WHERE b.channel = 'counter';
"""


def clerks() -> django.contrib.postgres.fields.ArrayField:
    return django.contrib.postgres.fields.ArrayField(
        base_field=models.BigIntegerField(), db_default=[], default=list, editable=False, size=None
    )


class Migration(migrations.Migration):
    dependencies = [("matters", "0018_placed_at")]  # noqa: RUF012

    operations = [  # noqa: RUF012
        migrations.AddField("draft", "clerks", clerks()),
        migrations.AddField("bundle", "clerks", clerks()),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunSQL(REFUSE, ALLOW),
    ]
