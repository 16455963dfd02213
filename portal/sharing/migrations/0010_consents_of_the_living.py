"""Nobody agrees in a dead person's name that a source is asked: the database itself sees to it."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

REFUSE = """
CREATE FUNCTION sharing_consent_of_the_living() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Agreeing and recording a death have an order: a death locks the person.
    PERFORM 1 FROM accounts_person WHERE id = NEW.person_id FOR SHARE;
    IF accounts_is_dead(NEW.person_id) THEN
        RAISE EXCEPTION 'nobody agrees to anything in a dead person''s name' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER sharing_consent_of_the_living BEFORE INSERT ON sharing_sharingconsent
    FOR EACH ROW EXECUTE FUNCTION sharing_consent_of_the_living();
"""
ALLOW = """
DROP TRIGGER sharing_consent_of_the_living ON sharing_sharingconsent;
DROP FUNCTION sharing_consent_of_the_living();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("sharing", "0009_asked_by_law"), ("accounts", "0019_two_officers_stay")]

    operations: ClassVar = [migrations.RunSQL(REFUSE, ALLOW)]
