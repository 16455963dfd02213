"""An official document stays as it was drawn up; its file and its first opening are written, once each: the database itself sees to it."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

REFUSE = """
CREATE FUNCTION matters_letter_only_made_and_delivered() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    made text[] := ARRAY['file', 'file_sha256', 'rendered_at', 'set_aside'];
    delivered text[] := ARRAY['delivered_at', 'delivered_to_id'];
    before jsonb := to_jsonb(OLD);
    after jsonb := to_jsonb(NEW);
BEGIN
    IF OLD.rendered_at IS NOT NULL AND (after - delivered) IS DISTINCT FROM (before - delivered)
       OR OLD.delivered_at IS NOT NULL AND (after - made) IS DISTINCT FROM (before - made)
       OR (after - made - delivered) IS DISTINCT FROM (before - made - delivered) THEN
        RAISE EXCEPTION 'an official document stays as it was; its file and its first opening are written once'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER matters_officialdocument_stays_as_it_was BEFORE UPDATE ON matters_officialdocument
    FOR EACH ROW EXECUTE FUNCTION matters_letter_only_made_and_delivered();
CREATE TRIGGER matters_officialdocument_stays BEFORE DELETE ON matters_officialdocument
    FOR EACH ROW EXECUTE FUNCTION sharing_refuse();
CREATE TRIGGER matters_officialdocument_no_truncate BEFORE TRUNCATE ON matters_officialdocument
    FOR EACH STATEMENT EXECUTE FUNCTION sharing_refuse();
CREATE FUNCTION matters_series_only_counts_on() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.last < OLD.last OR to_jsonb(NEW) - 'last' IS DISTINCT FROM to_jsonb(OLD) - 'last' THEN
        RAISE EXCEPTION 'a series of numbers only counts on'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER matters_documentseries_only_counts_on BEFORE UPDATE ON matters_documentseries
    FOR EACH ROW EXECUTE FUNCTION matters_series_only_counts_on();
CREATE TRIGGER matters_documentseries_stays BEFORE DELETE ON matters_documentseries
    FOR EACH ROW EXECUTE FUNCTION sharing_refuse();
CREATE TRIGGER matters_documentseries_no_truncate BEFORE TRUNCATE ON matters_documentseries
    FOR EACH STATEMENT EXECUTE FUNCTION sharing_refuse();
"""
ALLOW = """
DROP TRIGGER matters_officialdocument_stays_as_it_was ON matters_officialdocument;
DROP TRIGGER matters_officialdocument_stays ON matters_officialdocument;
DROP TRIGGER matters_officialdocument_no_truncate ON matters_officialdocument;
DROP FUNCTION matters_letter_only_made_and_delivered();
DROP TRIGGER matters_documentseries_only_counts_on ON matters_documentseries;
DROP TRIGGER matters_documentseries_stays ON matters_documentseries;
DROP TRIGGER matters_documentseries_no_truncate ON matters_documentseries;
DROP FUNCTION matters_series_only_counts_on();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("matters", "0057_official_documents")]

    operations: ClassVar = [migrations.RunSQL(REFUSE, ALLOW)]
