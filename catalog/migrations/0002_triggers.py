"""Published versions are never rewritten or deleted; the database itself refuses."""

from django.db import migrations

CREATE = """
CREATE FUNCTION catalog_refuse_version_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a published version is never deleted (matter %, version %)', OLD.matter_id, OLD.number
            USING ERRCODE = 'restrict_violation';
    END IF;
    RAISE EXCEPTION 'a published version is never rewritten (matter %, version %)', OLD.matter_id, OLD.number
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER matter_version_is_never_rewritten
    BEFORE UPDATE ON catalog_matterversion FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION catalog_refuse_version_change();

CREATE TRIGGER matter_version_is_never_deleted
    BEFORE DELETE ON catalog_matterversion FOR EACH ROW
    EXECUTE FUNCTION catalog_refuse_version_change();
"""

DROP = """
DROP TRIGGER matter_version_is_never_deleted ON catalog_matterversion;
DROP TRIGGER matter_version_is_never_rewritten ON catalog_matterversion;
DROP FUNCTION catalog_refuse_version_change();
"""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0001_initial")]  # noqa: RUF012

    operations = [migrations.RunSQL(CREATE, DROP)]  # noqa: RUF012
