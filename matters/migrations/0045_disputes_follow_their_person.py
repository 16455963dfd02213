"""What a person said against a fact follows them where a window found two entries to be one; nothing else of it changes but the answer."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

FOLLOW = """
CREATE OR REPLACE FUNCTION matters_dispute_only_answered() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    answered text[] := ARRAY['outcome', 'answer_sealed', 'answered_by_id', 'answered_at'];
BEGIN
    -- It follows the person whose two entries a window found to be one.
    IF NEW.person_id <> OLD.person_id AND to_jsonb(NEW) - 'person_id' = to_jsonb(OLD) - 'person_id' AND EXISTS (
        SELECT 1 FROM accounts_personmerge m WHERE m.merged_id = OLD.person_id AND m.kept_id = NEW.person_id) THEN
        RETURN NEW;
    END IF;
    IF OLD.outcome <> '' OR NEW.outcome = '' OR to_jsonb(NEW) - answered IS DISTINCT FROM to_jsonb(OLD) - answered THEN
        RAISE EXCEPTION 'a request for correction is answered once, and nothing else of it changes'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
"""
STAY = """
CREATE OR REPLACE FUNCTION matters_dispute_only_answered() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    answered text[] := ARRAY['outcome', 'answer_sealed', 'answered_by_id', 'answered_at'];
BEGIN
    IF OLD.outcome <> '' OR NEW.outcome = '' OR to_jsonb(NEW) - answered IS DISTINCT FROM to_jsonb(OLD) - answered THEN
        RAISE EXCEPTION 'a request for correction is answered once, and nothing else of it changes'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("accounts", "0017_merges_stay"), ("matters", "0044_disputes_answered_once")]

    operations: ClassVar = [migrations.RunSQL(FOLLOW, STAY)]
