"""One proved person a document; a level rests on its row, which stays: the database itself sees to it."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models

RESTS = """
CREATE FUNCTION accounts_identitycheck_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER accounts_identitycheck_append_only BEFORE UPDATE OR DELETE ON accounts_identitycheck
    FOR EACH ROW EXECUTE FUNCTION accounts_identitycheck_refuse();

CREATE FUNCTION accounts_level_rests_on_a_check() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.level > 0 AND NOT EXISTS (
        SELECT 1 FROM accounts_identitycheck WHERE person_id = NEW.id AND level >= NEW.level
    ) THEN
        RAISE EXCEPTION 'the level of person % rests on no check', NEW.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER accounts_person_level_rests_on_a_check AFTER INSERT OR UPDATE OF level ON accounts_person
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION accounts_level_rests_on_a_check();
"""

STANDS = """
DROP TRIGGER accounts_person_level_rests_on_a_check ON accounts_person;
DROP FUNCTION accounts_level_rests_on_a_check();
DROP TRIGGER accounts_identitycheck_append_only ON accounts_identitycheck;
DROP FUNCTION accounts_identitycheck_refuse();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("accounts", "0004_level_of_earlier_persons")]

    operations: ClassVar = [
        migrations.AddConstraint(
            model_name="person",
            constraint=models.UniqueConstraint(
                condition=models.Q(("level__gt", 0)),
                fields=("document_kind", "document_index"),
                name="person_proved_document_unique",
                violation_error_message="这个证件已经登记过。",
            ),
        ),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.CheckConstraint(
                condition=models.Q(("level__gt", 0), ("user__isnull", False), _connector="OR"),
                name="person_claimed_by_an_account",
            ),
        ),
        migrations.RunSQL(RESTS, STANDS),
    ]
