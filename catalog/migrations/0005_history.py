"""The history of every definition: one table of events, filled by triggers on every table of the catalog."""

from collections.abc import Iterable

import django.db.models.deletion
from django.db import migrations, models

# Table, model, primary key, then pairs: the column that leads to what it is a part of, and the model of that.
WATCHED = (
    ("catalog_division", "division", "code"),
    ("catalog_department", "department", "id"),
    ("catalog_dataelement", "dataelement", "id"),
    ("catalog_material", "material", "id"),
    ("catalog_certificatetype", "certificatetype", "id"),
    ("catalog_factsource", "factsource", "id"),
    ("catalog_serviceitem", "serviceitem", "id"),
    ("catalog_formline", "formline", "id", "item_id", "serviceitem"),
    ("catalog_itemmaterial", "itemmaterial", "id", "item_id", "serviceitem"),
    ("catalog_materialexemption", "materialexemption", "id", "need_id", "itemmaterial"),
    ("catalog_itemoutput", "itemoutput", "id", "item_id", "serviceitem"),
    ("catalog_itemresult", "itemresult", "id", "item_id", "serviceitem"),
    ("catalog_itemconsent", "itemconsent", "id", "item_id", "serviceitem"),
    ("catalog_crossrule", "crossrule", "id", "item_id", "serviceitem"),
    ("catalog_reviewpoint", "reviewpoint", "id", "item_id", "serviceitem"),
    ("catalog_itemimplementation", "itemimplementation", "id", "item_id", "serviceitem"),
    ("catalog_matter", "matter", "id"),
    ("catalog_matterrole", "matterrole", "id", "matter_id", "matter"),
    ("catalog_mattersection", "mattersection", "id", "matter_id", "matter"),
    ("catalog_guidequestion", "guidequestion", "id", "matter_id", "matter"),
    ("catalog_guideoption", "guideoption", "id", "question_id", "guidequestion"),
    ("catalog_matteritem", "matteritem", "id", "matter_id", "matter"),
    ("catalog_matterdependency", "matterdependency", "id", "matter_item_id", "matteritem"),
    ("catalog_declaredfigure", "declaredfigure", "id", "matter_id", "matter"),
    ("catalog_frequentquestion", "frequentquestion", "id", "matter_id", "matter", "item_id", "serviceitem"),
    ("catalog_regionalversion", "regionalversion", "id", "matter_id", "matter"),
    ("catalog_regionalguide", "regionalguide", "id", "matter_id", "matter", "item_id", "serviceitem"),
    ("catalog_translation", "translation", "id", "matter_id", "matter"),
)

# Fires once a statement, however many rows it changed. Arguments as in WATCHED, without the table.
CREATE = """
CREATE FUNCTION catalog_parent_model(content jsonb, parent text, model text, other_parent text, other_model text)
RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN content ->> parent IS NOT NULL THEN model
                WHEN content ->> other_parent IS NOT NULL THEN other_model ELSE '' END
$$;

CREATE FUNCTION catalog_keep_history() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    key text := TG_ARGV[1];
    parent text := TG_ARGV[2];
    other_parent text := TG_ARGV[4];
    context uuid;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NOT EXISTS (SELECT FROM new_rows) THEN RETURN NULL; END IF;
        context := _pgh_attach_context();
        INSERT INTO catalog_definitionevent
            (at, operation, model, object_id, parent_model, parent_id, "row", before, context_id)
        SELECT now(), 'insert', TG_ARGV[0], content ->> key,
            catalog_parent_model(content, parent, TG_ARGV[3], other_parent, TG_ARGV[5]),
            coalesce(content ->> parent, content ->> other_parent, ''), content, NULL, context
        FROM (SELECT to_jsonb(new_rows) AS content FROM new_rows) AS added;
    ELSIF TG_OP = 'UPDATE' THEN
        IF NOT EXISTS (SELECT FROM new_rows) THEN RETURN NULL; END IF;
        context := _pgh_attach_context();
        INSERT INTO catalog_definitionevent
            (at, operation, model, object_id, parent_model, parent_id, "row", before, context_id)
        SELECT now(), 'update', TG_ARGV[0], content ->> key,
            catalog_parent_model(content, parent, TG_ARGV[3], other_parent, TG_ARGV[5]),
            coalesce(content ->> parent, content ->> other_parent, ''), content,
            (SELECT jsonb_object_agg(name, value) FROM jsonb_each(earlier) AS held (name, value)
             WHERE value IS DISTINCT FROM content -> name),
            context
        FROM (SELECT to_jsonb(new_rows) AS content FROM new_rows) AS changed
        JOIN (SELECT to_jsonb(old_rows) AS earlier FROM old_rows) AS held_before ON earlier ->> key = content ->> key
        WHERE earlier IS DISTINCT FROM content;
    ELSE
        IF NOT EXISTS (SELECT FROM old_rows) THEN RETURN NULL; END IF;
        context := _pgh_attach_context();
        INSERT INTO catalog_definitionevent
            (at, operation, model, object_id, parent_model, parent_id, "row", before, context_id)
        SELECT now(), 'delete', TG_ARGV[0], content ->> key,
            catalog_parent_model(content, parent, TG_ARGV[3], other_parent, TG_ARGV[5]),
            coalesce(content ->> parent, content ->> other_parent, ''), content, NULL, context
        FROM (SELECT to_jsonb(old_rows) AS content FROM old_rows) AS removed;
    END IF;
    RETURN NULL;
END $$;

-- Have a table's changes told. What is there already gets its first event, so that its first change can be compared.
CREATE FUNCTION catalog_watch(watched regclass, VARIADIC arguments text[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    listed text := (SELECT string_agg(quote_literal(argument), ', ') FROM unnest(arguments) AS argument);
BEGIN
    EXECUTE format('CREATE TRIGGER keep_history_insert AFTER INSERT ON %s REFERENCING NEW TABLE AS new_rows '
        'FOR EACH STATEMENT EXECUTE FUNCTION catalog_keep_history(%s)', watched, listed);
    EXECUTE format('CREATE TRIGGER keep_history_update AFTER UPDATE ON %s REFERENCING OLD TABLE AS old_rows '
        'NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION catalog_keep_history(%s)', watched, listed);
    EXECUTE format('CREATE TRIGGER keep_history_delete AFTER DELETE ON %s REFERENCING OLD TABLE AS old_rows '
        'FOR EACH STATEMENT EXECUTE FUNCTION catalog_keep_history(%s)', watched, listed);
    EXECUTE format(
        'INSERT INTO catalog_definitionevent (at, operation, model, object_id, parent_model, parent_id, "row") '
        'SELECT now(), %L, $1[1], content ->> $1[2], catalog_parent_model(content, $1[3], $1[4], $1[5], $1[6]), '
        'coalesce(content ->> $1[3], content ->> $1[5], %L), content '
        'FROM (SELECT to_jsonb(held) AS content FROM %s AS held) AS there', 'insert', '', watched
    ) USING arguments;
END $$;

CREATE FUNCTION catalog_unwatch(watched regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('DROP TRIGGER keep_history_insert ON %s', watched);
    EXECUTE format('DROP TRIGGER keep_history_update ON %s', watched);
    EXECUTE format('DROP TRIGGER keep_history_delete ON %s', watched);
END $$;

-- What happened stays told: no event is changed, deleted or emptied away. In what it happened is told while it is going on.
CREATE FUNCTION catalog_refuse_history_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the history of the catalog is never changed or deleted (%)', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER definition_event_is_never_changed
    BEFORE UPDATE OR DELETE ON catalog_definitionevent FOR EACH ROW
    EXECUTE FUNCTION catalog_refuse_history_change();

CREATE TRIGGER definition_event_no_truncate
    BEFORE TRUNCATE ON catalog_definitionevent EXECUTE FUNCTION catalog_refuse_history_change();

CREATE TRIGGER history_context_is_never_rewritten
    BEFORE UPDATE ON pghistory_context FOR EACH ROW
    WHEN (OLD.id::text IS DISTINCT FROM current_setting('pghistory.context_id', true))
    EXECUTE FUNCTION catalog_refuse_history_change();

CREATE TRIGGER history_context_is_never_deleted
    BEFORE DELETE ON pghistory_context FOR EACH ROW
    EXECUTE FUNCTION catalog_refuse_history_change();

CREATE TRIGGER history_context_no_truncate
    BEFORE TRUNCATE ON pghistory_context EXECUTE FUNCTION catalog_refuse_history_change();
"""

DROP = """
DROP TRIGGER history_context_no_truncate ON pghistory_context;
DROP TRIGGER history_context_is_never_deleted ON pghistory_context;
DROP TRIGGER history_context_is_never_rewritten ON pghistory_context;
DROP TRIGGER definition_event_no_truncate ON catalog_definitionevent;
DROP TRIGGER definition_event_is_never_changed ON catalog_definitionevent;
DROP FUNCTION catalog_refuse_history_change();
DROP FUNCTION catalog_unwatch(regclass);
DROP FUNCTION catalog_watch(regclass, VARIADIC text[]);
DROP FUNCTION catalog_keep_history();
DROP FUNCTION catalog_parent_model(jsonb, text, text, text, text);
"""


def _calls(function: str, tables: Iterable[Iterable[str]]) -> str:
    return "".join(f"SELECT {function}({', '.join(repr(each) for each in arguments)});\n" for arguments in tables)


class Migration(migrations.Migration):
    dependencies = [  # noqa: RUF012
        ("catalog", "0004_regions_and_proposals"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [  # noqa: RUF012
        migrations.CreateModel(
            name="DefinitionEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(verbose_name="时间")),
                (
                    "operation",
                    models.CharField(
                        choices=[("insert", "新增"), ("update", "修改"), ("delete", "删除")],
                        max_length=6,
                        verbose_name="做了什么",
                    ),
                ),
                ("model", models.CharField(help_text="模型名，如 formline", max_length=40, verbose_name="什么")),
                ("object_id", models.CharField(max_length=20, verbose_name="哪一个")),
                ("parent_model", models.CharField(blank=True, max_length=40, verbose_name="属于什么")),
                ("parent_id", models.CharField(blank=True, max_length=20, verbose_name="属于哪一个")),
                ("row", models.JSONField(verbose_name="内容")),
                ("before", models.JSONField(null=True, verbose_name="改前")),
                (
                    "context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                        verbose_name="何人何故",
                    ),
                ),
            ],
            options={
                "verbose_name": "定义的变更",
                "verbose_name_plural": "定义的变更",
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["model", "object_id"], name="definition_event_of"),
                    models.Index(fields=["parent_model", "parent_id"], name="definition_event_of_parts"),
                ],
            },
        ),
        migrations.RunSQL(CREATE, DROP),
        migrations.RunSQL(_calls("catalog_watch", WATCHED), _calls("catalog_unwatch", [each[:1] for each in WATCHED])),
    ]
