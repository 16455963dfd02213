"""A question rests on a consent, or on a grant with a legal ground in force that is about just this: the database itself sees to it."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

COVERED = """
CREATE OR REPLACE FUNCTION sharing_fetch_under_consent() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM sharing_sharingconsent c
         WHERE c.id = NEW.consent_id AND c."case" = NEW."case" AND c.source_id = NEW.source_id
           AND NEW.asked <@ c.asked AND NEW.subject_index = ANY (c.subjects) AND NEW.asked_at >= c.given_at AND NEW.asked_at < c.until
           AND (c.withdrawn_at IS NULL OR NEW.asked_at < c.withdrawn_at)
    ){or_by_law} THEN
        RAISE EXCEPTION 'no consent in force{nor} covers what was asked' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
"""
# A grant that ended while it was asked still covers what was asked before.
OR_BY_LAW = """ AND NOT EXISTS (
        SELECT 1 FROM sharing_grant g JOIN sharing_provision p ON p.id = g.provision_id
         WHERE g.id = NEW.grant_id AND g.legal_ground <> '' AND g.legal_ground = NEW.ground AND p.source_id = NEW.source_id
           AND NEW.asked = ARRAY[p.kind || ':' || p.code]::varchar[] AND NEW.asked_at >= g.decided_at
           AND (g.state = 'granted' OR g.state = 'ended' AND NEW.asked_at < g.ended_at)
    )"""
FORGET = """
CREATE OR REPLACE FUNCTION sharing_fetch_only_forgotten() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.forgotten_at IS NOT NULL OR NEW.forgotten_at IS NULL OR NEW.answer_sealed IS NOT NULL
       OR to_jsonb(NEW) - ARRAY['answer_sealed', 'forgotten_at'] IS DISTINCT FROM to_jsonb(OLD) - ARRAY['answer_sealed', 'forgotten_at']
       OR EXISTS (SELECT 1 FROM sharing_sharingconsent c
                   WHERE c.id = OLD.consent_id AND c.withdrawn_at IS NULL AND c.until > statement_timestamp()){or_by_law} THEN
        RAISE EXCEPTION 'what was asked and answered stays; an answer is only forgotten, once its consent is over'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
"""
OR_GRANTED = """
       OR EXISTS (SELECT 1 FROM sharing_grant g
                   WHERE g.id = OLD.grant_id AND g.state = 'granted' AND g.decided_at <= OLD.asked_at AND OLD.until > statement_timestamp())"""
APPLY = COVERED.format(or_by_law=OR_BY_LAW, nor=" and no legal ground") + FORGET.format(or_by_law=OR_GRANTED)
UNDO = COVERED.format(or_by_law="", nor="") + FORGET.format(or_by_law="")


class Migration(migrations.Migration):
    dependencies: ClassVar = [("sharing", "0008_legal_ground")]

    operations: ClassVar = [migrations.RunSQL(APPLY, UNDO)]
