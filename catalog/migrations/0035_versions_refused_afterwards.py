"""A rewritten version is refused after the row is there, with its generated columns.

Before it, PostgreSQL compares whole rows only while a table has no generated column: such a trigger can be made on an old installation
alone, never on a new one.
"""

from django.db import migrations

AFTERWARDS = """
DROP TRIGGER matter_version_is_never_rewritten ON catalog_matterversion;
CREATE TRIGGER matter_version_is_never_rewritten AFTER UPDATE ON catalog_matterversion FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION catalog_refuse_version_change();
DROP TRIGGER item_version_is_never_rewritten ON catalog_itemversion;
CREATE TRIGGER item_version_is_never_rewritten AFTER UPDATE ON catalog_itemversion FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION catalog_refuse_item_version_change();
"""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0034_mandates_for_papers")]  # noqa: RUF012

    operations = [migrations.RunSQL(AFTERWARDS, migrations.RunSQL.noop)]
