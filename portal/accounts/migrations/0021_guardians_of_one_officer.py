"""A guardianship that one officer alone recorded counts for nothing until another confirms it, once: the database lets that one column be written."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models

STAYS = """
CREATE FUNCTION accounts_mandate_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    ending CONSTANT text[] := ARRAY['ended_at', 'ended_by_id', 'ended_why_sealed'];
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.source = 'paper' AND OLD.kind <> 'authorised' AND OLD.ended_at IS NULL
       AND OLD.confirmed_by_id IS NULL AND NEW.confirmed_by_id <> OLD.officer_id
       AND to_jsonb(NEW) - 'confirmed_by_id' IS NOT DISTINCT FROM to_jsonb(OLD) - 'confirmed_by_id' THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' OR OLD.ended_at IS NOT NULL OR NEW.ended_at IS NULL
       OR to_jsonb(NEW) - ending IS DISTINCT FROM to_jsonb(OLD) - ending THEN
        RAISE EXCEPTION 'a mandate is confirmed by another officer and ended, once each: % refused', TG_OP
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER accounts_mandate_only_ends ON accounts_mandate;
CREATE TRIGGER accounts_mandate_stays BEFORE UPDATE OR DELETE ON accounts_mandate
    FOR EACH ROW EXECUTE FUNCTION accounts_mandate_stays();
"""
ONLY_ENDS = """
DROP TRIGGER accounts_mandate_stays ON accounts_mandate;
DROP FUNCTION accounts_mandate_stays();
CREATE TRIGGER accounts_mandate_only_ends BEFORE UPDATE OR DELETE ON accounts_mandate
    FOR EACH ROW EXECUTE FUNCTION accounts_only_ends();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("accounts", "0020_certificates_used")]

    operations: ClassVar = [
        migrations.AddIndex(
            model_name="mandate",
            index=models.Index(
                condition=models.Q(
                    confirmed_by__isnull=True,
                    ended_at__isnull=True,
                    kind__in=["parent", "guardian"],
                    source="paper",
                ),
                fields=["given_at"],
                name="mandate_unconfirmed",
            ),
        ),
        migrations.RunSQL(STAYS, ONLY_ENDS),
    ]
