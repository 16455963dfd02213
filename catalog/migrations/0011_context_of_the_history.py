"""The history fetches its context with a function of its own, no longer with a private one of django-pghistory.

What the library promises is the table of contexts and the two settings that ``pghistory.context`` sends with each statement.
"""

from django.db import migrations

CREATE = """
CREATE FUNCTION catalog_history_context() RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE
    context uuid := nullif(current_setting('pghistory.context_id', true), '');
    told jsonb := nullif(current_setting('pghistory.context_metadata', true), '');
BEGIN
    IF context IS NULL OR told IS NULL THEN RETURN NULL; END IF;
    INSERT INTO pghistory_context (id, metadata, created_at, updated_at) VALUES (context, told, now(), now())
    ON CONFLICT (id) DO UPDATE SET metadata = EXCLUDED.metadata, updated_at = EXCLUDED.updated_at
        WHERE pghistory_context.metadata <> EXCLUDED.metadata;
    RETURN context;
END $$;
"""

# The trigger function of migration 0005, but for the one call.
CALL = """
DO $$ BEGIN
    EXECUTE replace(pg_get_functiondef('catalog_keep_history()'::regprocedure), '{before}()', '{after}()');
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [  # noqa: RUF012
        ("catalog", "0010_one_name_per_attribute"),
    ]

    operations = [  # noqa: RUF012
        migrations.RunSQL(CREATE, "DROP FUNCTION catalog_history_context();"),
        migrations.RunSQL(
            CALL.format(before="_pgh_attach_context", after="catalog_history_context"),
            CALL.format(before="catalog_history_context", after="_pgh_attach_context"),
        ),
    ]
