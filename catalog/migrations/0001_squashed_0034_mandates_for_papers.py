"""The tables, functions and triggers of `catalog` as one step; an installation that has the steps it replaces takes it as done."""

from typing import Any

import django.core.validators
import django.db.models.deletion
import django.db.models.fields.json
import django.db.models.functions.comparison
from django.conf import settings
from django.contrib.auth.management import create_permissions
from django.db import migrations, models

from portal.lib.creating_models import CreateModels

FUNCTIONS = """
CREATE FUNCTION catalog_group_of_post(department bigint, role text) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN role = 'catalog_manager' THEN '目录管理员' WHEN role = 'catalog_reviewer' THEN '目录审核员'
           ELSE (SELECT 'dept:' || d.code || ':' || role FROM catalog_department d WHERE d.id = department) END
$$;

CREATE FUNCTION catalog_parent_model(content jsonb, parent text, model text, other_parent text, other_model text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN content ->> parent IS NOT NULL THEN model
                WHEN content ->> other_parent IS NOT NULL THEN other_model ELSE '' END
$$;

CREATE FUNCTION catalog_group_needs_post() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wanted text;
BEGIN
    SELECT name INTO wanted FROM auth_group WHERE id = NEW.group_id;
    IF (wanted LIKE 'dept:%' OR wanted IN ('目录管理员', '目录审核员')) AND NOT EXISTS (
        SELECT FROM catalog_membership m
         WHERE m.user_id = NEW.user_id AND catalog_group_of_post(m.department_id, m.role) = wanted) THEN
        RAISE EXCEPTION 'the group % is of a post that the account does not hold', wanted
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

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

CREATE FUNCTION catalog_keep_history() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    key text := TG_ARGV[1];
    parent text := TG_ARGV[2];
    other_parent text := TG_ARGV[4];
    context uuid;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NOT EXISTS (SELECT FROM new_rows) THEN RETURN NULL; END IF;
        context := catalog_history_context();
        INSERT INTO catalog_definitionevent
            (at, operation, model, object_id, parent_model, parent_id, "row", before, context_id)
        SELECT now(), 'insert', TG_ARGV[0], content ->> key,
            catalog_parent_model(content, parent, TG_ARGV[3], other_parent, TG_ARGV[5]),
            coalesce(content ->> parent, content ->> other_parent, ''), content, NULL, context
        FROM (SELECT to_jsonb(new_rows) AS content FROM new_rows) AS added;
    ELSIF TG_OP = 'UPDATE' THEN
        IF NOT EXISTS (SELECT FROM new_rows) THEN RETURN NULL; END IF;
        context := catalog_history_context();
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
        context := catalog_history_context();
        INSERT INTO catalog_definitionevent
            (at, operation, model, object_id, parent_model, parent_id, "row", before, context_id)
        SELECT now(), 'delete', TG_ARGV[0], content ->> key,
            catalog_parent_model(content, parent, TG_ARGV[3], other_parent, TG_ARGV[5]),
            coalesce(content ->> parent, content ->> other_parent, ''), content, NULL, context
        FROM (SELECT to_jsonb(old_rows) AS content FROM old_rows) AS removed;
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION catalog_post_takes_its_group() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM accounts_user_groups held USING auth_group g
     WHERE g.id = held.group_id AND held.user_id = OLD.user_id AND g.name = catalog_group_of_post(OLD.department_id, OLD.role);
    RETURN NULL;
END $$;

CREATE FUNCTION catalog_refuse_history_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the history of the catalog is never changed or deleted (%)', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE FUNCTION catalog_refuse_item_version_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a published version is never changed or deleted (item %, version %)', OLD.item_id, OLD.number
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE FUNCTION catalog_refuse_version_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a published version is never deleted (matter %, version %)', OLD.matter_id, OLD.number
            USING ERRCODE = 'restrict_violation';
    END IF;
    RAISE EXCEPTION 'a published version is never rewritten (matter %, version %)', OLD.matter_id, OLD.number
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE FUNCTION catalog_renew_search_revision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE catalog_searchrevision SET token = gen_random_uuid();
    IF NOT FOUND THEN
        INSERT INTO catalog_searchrevision (token) VALUES (gen_random_uuid());
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION catalog_unwatch(watched regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('DROP TRIGGER keep_history_insert ON %s', watched);
    EXECUTE format('DROP TRIGGER keep_history_update ON %s', watched);
    EXECUTE format('DROP TRIGGER keep_history_delete ON %s', watched);
END $$;

CREATE FUNCTION catalog_watch(watched regclass, VARIADIC arguments text[]) RETURNS void LANGUAGE plpgsql AS $_$
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
END $_$;
"""

TRIGGERS = """
SELECT catalog_watch('catalog_certificatetype', 'certificatetype', 'id');
SELECT catalog_watch('catalog_crossrule', 'crossrule', 'id', 'item_id', 'serviceitem');
SELECT catalog_watch('catalog_dataelement', 'dataelement', 'id');
SELECT catalog_watch('catalog_declaredfigure', 'declaredfigure', 'id', 'matter_id', 'matter');
SELECT catalog_watch('catalog_department', 'department', 'id');
SELECT catalog_watch('catalog_division', 'division', 'code');
SELECT catalog_watch('catalog_factsource', 'factsource', 'id');
SELECT catalog_watch('catalog_formline', 'formline', 'id', 'item_id', 'serviceitem');
SELECT catalog_watch('catalog_frequentquestion', 'frequentquestion', 'id', 'matter_id', 'matter', 'item_id', 'serviceitem');
SELECT catalog_watch('catalog_guideoption', 'guideoption', 'id', 'question_id', 'guidequestion');
SELECT catalog_watch('catalog_guidequestion', 'guidequestion', 'id', 'matter_id', 'matter');
SELECT catalog_watch('catalog_itemconsent', 'itemconsent', 'id', 'item_id', 'serviceitem');
SELECT catalog_watch('catalog_itemimplementation', 'itemimplementation', 'id', 'item_id', 'serviceitem');
SELECT catalog_watch('catalog_itemmaterial', 'itemmaterial', 'id', 'item_id', 'serviceitem');
SELECT catalog_watch('catalog_itemoutput', 'itemoutput', 'id', 'item_id', 'serviceitem');
SELECT catalog_watch('catalog_itemresult', 'itemresult', 'id', 'item_id', 'serviceitem');
SELECT catalog_watch('catalog_material', 'material', 'id');
SELECT catalog_watch('catalog_materialexemption', 'materialexemption', 'id', 'need_id', 'itemmaterial');
SELECT catalog_watch('catalog_matter', 'matter', 'id');
SELECT catalog_watch('catalog_matterdependency', 'matterdependency', 'id', 'matter_item_id', 'matteritem');
SELECT catalog_watch('catalog_matteritem', 'matteritem', 'id', 'matter_id', 'matter');
SELECT catalog_watch('catalog_matterrole', 'matterrole', 'id', 'matter_id', 'matter');
SELECT catalog_watch('catalog_mattersection', 'mattersection', 'id', 'matter_id', 'matter');
SELECT catalog_watch('catalog_regionalguide', 'regionalguide', 'id', 'matter_id', 'matter', 'item_id', 'serviceitem');
SELECT catalog_watch('catalog_regionalversion', 'regionalversion', 'id', 'matter_id', 'matter');
SELECT catalog_watch('catalog_reviewpoint', 'reviewpoint', 'id', 'item_id', 'serviceitem');
SELECT catalog_watch('catalog_serviceitem', 'serviceitem', 'id');
SELECT catalog_watch('catalog_translation', 'translation', 'id', 'matter_id', 'matter');
CREATE TRIGGER accounts_user_groups_need_post BEFORE INSERT OR UPDATE ON accounts_user_groups
    FOR EACH ROW
    EXECUTE FUNCTION catalog_group_needs_post();
CREATE TRIGGER catalog_membership_takes_its_group AFTER DELETE ON catalog_membership
    FOR EACH ROW
    EXECUTE FUNCTION catalog_post_takes_its_group();
CREATE TRIGGER definition_event_is_never_changed BEFORE DELETE OR UPDATE ON catalog_definitionevent
    FOR EACH ROW
    EXECUTE FUNCTION catalog_refuse_history_change();
CREATE TRIGGER definition_event_no_truncate BEFORE TRUNCATE ON catalog_definitionevent
    FOR EACH STATEMENT
    EXECUTE FUNCTION catalog_refuse_history_change();
CREATE TRIGGER history_context_is_never_deleted BEFORE DELETE ON pghistory_context
    FOR EACH ROW
    EXECUTE FUNCTION catalog_refuse_history_change();
CREATE TRIGGER history_context_is_never_rewritten BEFORE UPDATE ON pghistory_context
    FOR EACH ROW
    WHEN (((old.id)::text IS DISTINCT FROM current_setting('pghistory.context_id'::text, true)))
    EXECUTE FUNCTION catalog_refuse_history_change();
CREATE TRIGGER history_context_no_truncate BEFORE TRUNCATE ON pghistory_context
    FOR EACH STATEMENT
    EXECUTE FUNCTION catalog_refuse_history_change();
CREATE TRIGGER item_version_is_never_deleted BEFORE DELETE ON catalog_itemversion
    FOR EACH ROW
    EXECUTE FUNCTION catalog_refuse_item_version_change();
CREATE TRIGGER item_version_is_never_rewritten AFTER UPDATE ON catalog_itemversion
    FOR EACH ROW
    WHEN ((old.* IS DISTINCT FROM new.*))
    EXECUTE FUNCTION catalog_refuse_item_version_change();
CREATE TRIGGER matter_version_is_never_deleted BEFORE DELETE ON catalog_matterversion
    FOR EACH ROW
    EXECUTE FUNCTION catalog_refuse_version_change();
CREATE TRIGGER matter_version_is_never_rewritten AFTER UPDATE ON catalog_matterversion
    FOR EACH ROW
    WHEN ((old.* IS DISTINCT FROM new.*))
    EXECUTE FUNCTION catalog_refuse_version_change();
CREATE TRIGGER search_phrase_renews_revision AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON catalog_searchphrase
    FOR EACH STATEMENT
    EXECUTE FUNCTION catalog_renew_search_revision();
CREATE TRIGGER search_question_renews_revision AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON catalog_searchquestion
    FOR EACH STATEMENT
    EXECUTE FUNCTION catalog_renew_search_revision();
CREATE TRIGGER search_target_renews_revision AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON catalog_searchtarget
    FOR EACH STATEMENT
    EXECUTE FUNCTION catalog_renew_search_revision();
CREATE TRIGGER synonym_group_renews_revision AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON catalog_synonymgroup
    FOR EACH STATEMENT
    EXECUTE FUNCTION catalog_renew_search_revision();
"""

DROPPED = """
DROP FUNCTION
    catalog_group_needs_post, catalog_group_of_post, catalog_history_context, catalog_keep_history,
    catalog_parent_model, catalog_post_takes_its_group, catalog_refuse_history_change,
    catalog_refuse_item_version_change, catalog_refuse_version_change, catalog_renew_search_revision,
    catalog_unwatch, catalog_watch
    CASCADE
"""


WRITTEN = (
    "certificatetype",
    "crossrule",
    "dataelement",
    "declaredfigure",
    "department",
    "factsource",
    "formline",
    "frequentquestion",
    "guideoption",
    "guidequestion",
    "itemconsent",
    "itemimplementation",
    "itemmaterial",
    "itemoutput",
    "itemresult",
    "material",
    "materialexemption",
    "matter",
    "matterdependency",
    "matteritem",
    "matterrole",
    "mattersection",
    "regionalguide",
    "reviewpoint",
    "searchphrase",
    "searchquestion",
    "searchtarget",
    "serviceitem",
    "synonymgroup",
    "translation",
)
SEEN = ("division", "itemversion", "matterversion", "proposal", "regionalversion", "searchmiss")
OFFICES = {
    "目录管理员": (("view", "add", "change", "delete"), ("propose_definition", "delete_searchmiss")),
    "目录审核员": (("view",), ("review_definition",)),
}


def found_offices(apps: Any, schema_editor: Any) -> None:
    """Create the two groups with their rights."""
    config = apps.get_app_config("catalog")
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0)
    config.models_module = None
    permissions = apps.get_model("auth", "Permission").objects.filter(content_type__app_label="catalog")
    for name, (verbs, own) in OFFICES.items():
        wanted = [
            *own,
            *(f"view_{model}" for model in SEEN),
            *(f"{verb}_{model}" for verb in verbs for model in WRITTEN),
        ]
        apps.get_model("auth", "Group").objects.create(name=name).permissions.set(
            permissions.filter(codename__in=wanted)
        )


class Migration(migrations.Migration):
    """Stands for the steps it replaces."""

    initial = True

    replaces = [
        ("catalog", "0001_initial"),
        ("catalog", "0002_triggers"),
        ("catalog", "0003_search"),
        ("catalog", "0004_regions_and_proposals"),
        ("catalog", "0005_history"),
        ("catalog", "0006_catalog_managers"),
        ("catalog", "0007_managers_keep_the_search"),
        ("catalog", "0008_content_of_a_version"),
        ("catalog", "0009_unit_of_element"),
        ("catalog", "0010_one_name_per_attribute"),
        ("catalog", "0011_context_of_the_history"),
        ("catalog", "0012_status"),
        ("catalog", "0013_right_to_serve"),
        ("catalog", "0014_claim_hours"),
        ("catalog", "0015_forget_misses"),
        ("catalog", "0016_appointments"),
        ("catalog", "0017_published_with_the_version"),
        ("catalog", "0018_whom_a_result_is_about"),
        ("catalog", "0019_matterrole_same_as"),
        ("catalog", "0020_who_leads_combinations"),
        ("catalog", "0021_search_elsewhere"),
        ("catalog", "0022_fees_and_visits_may_be_unknown"),
        ("catalog", "0023_what_nobody_said_is_unknown"),
        ("catalog", "0024_divisions_are_imported"),
        ("catalog", "0025_decision_rule"),
        ("catalog", "0026_what_is_known"),
        ("catalog", "0027_demanded_identity"),
        ("catalog", "0028_founded_by_a_result"),
        ("catalog", "0029_review_points_name_gaps"),
        ("catalog", "0030_in_person_only"),
        ("catalog", "0031_card_days"),
        ("catalog", "0032_procedures_by_kind"),
        ("catalog", "0033_papers_that_follow"),
        ("catalog", "0034_mandates_for_papers"),
    ]

    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("pghistory", "0007_auto_20250421_0444"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels(
            models=[
                migrations.CreateModel(
                    name="FactSource",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("package", models.SlugField(blank=True, max_length=60, verbose_name="所在事项包")),
                        ("key", models.CharField(max_length=40, unique=True, verbose_name="出处代号")),
                        ("citation", models.TextField(verbose_name="出处")),
                    ],
                    options={
                        "verbose_name": "事实出处",
                        "verbose_name_plural": "事实出处",
                        "ordering": ["key"],
                    },
                ),
                migrations.CreateModel(
                    name="Material",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("package", models.SlugField(blank=True, max_length=60, verbose_name="所在事项包")),
                        ("sources", models.JSONField(blank=True, default=list, verbose_name="出处")),
                        (
                            "confidence",
                            models.CharField(
                                choices=[
                                    ("seen", "有出处"),
                                    ("inferred", "由所见推出"),
                                    ("general", "通识，未见出处"),
                                    ("open", "待查"),
                                ],
                                default="general",
                                max_length=10,
                                verbose_name="把握",
                            ),
                        ),
                        ("code", models.SlugField(max_length=60, unique=True, verbose_name="代码")),
                        ("name", models.CharField(max_length=120, verbose_name="名称")),
                        ("standard_code", models.CharField(blank=True, max_length=20, verbose_name="标准材料编码")),
                        (
                            "accept",
                            models.JSONField(
                                blank=True, default=list, help_text="如 pdf、jpeg、png", verbose_name="可收格式"
                            ),
                        ),
                        ("issued_by", models.CharField(blank=True, max_length=60, verbose_name="来源渠道")),
                        ("note", models.CharField(blank=True, max_length=300, verbose_name="说明")),
                        (
                            "valid_days",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                help_text="交过的这份材料在这么多天内可用于同一个人的下一件申请；空为不能",
                                null=True,
                                verbose_name="可再用天数",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "材料",
                        "verbose_name_plural": "材料",
                        "ordering": ["code"],
                    },
                ),
                migrations.CreateModel(
                    name="SearchMiss",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("text", models.CharField(max_length=30, unique=True, verbose_name="问法")),
                        ("count", models.PositiveIntegerField(default=1, verbose_name="次数")),
                        ("last_on", models.DateField(verbose_name="最近一次")),
                    ],
                    options={
                        "verbose_name": "没有结果的检索",
                        "verbose_name_plural": "没有结果的检索",
                        "ordering": ["-count", "text"],
                    },
                ),
                migrations.CreateModel(
                    name="SearchQuestion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("ask", models.CharField(max_length=100, unique=True, verbose_name="反问")),
                        ("phrases", models.TextField(help_text="用“、”隔开", verbose_name="遇到这些说法时")),
                        (
                            "candidates",
                            models.JSONField(help_text="[[检索目标代码, 按钮文字], …]", verbose_name="可选的答案"),
                        ),
                        ("is_active", models.BooleanField(default=True, verbose_name="启用")),
                        (
                            "origin",
                            models.CharField(
                                choices=[("content", "随系统发布"), ("manager", "管理员添加")],
                                default="manager",
                                editable=False,
                                max_length=10,
                                verbose_name="来源",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "反问",
                        "verbose_name_plural": "反问",
                        "ordering": ["pk"],
                    },
                ),
                migrations.CreateModel(
                    name="SearchRevision",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("token", models.UUIDField()),
                    ],
                    options={
                        "verbose_name": "检索内容的版本",
                        "verbose_name_plural": "检索内容的版本",
                    },
                ),
                migrations.CreateModel(
                    name="SearchTarget",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "slug",
                            models.CharField(
                                max_length=80,
                                unique=True,
                                validators=[django.core.validators.RegexValidator("^(item:)?[a-z0-9][a-z0-9_-]*$")],
                                verbose_name="代码",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[("matter", "一件事"), ("item", "单项事项"), ("elsewhere", "不在这里办")],
                                max_length=10,
                                verbose_name="类别",
                            ),
                        ),
                        ("name", models.CharField(max_length=100, verbose_name="名称")),
                        ("department", models.CharField(blank=True, max_length=60, verbose_name="主管部门")),
                        ("is_active", models.BooleanField(default=True, verbose_name="参与检索")),
                        (
                            "origin",
                            models.CharField(
                                choices=[("content", "随系统发布"), ("manager", "管理员添加")],
                                default="manager",
                                editable=False,
                                max_length=10,
                                verbose_name="来源",
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField(default=0, verbose_name="顺序")),
                    ],
                    options={
                        "verbose_name": "检索目标",
                        "verbose_name_plural": "检索目标",
                        "ordering": ["position", "slug"],
                    },
                ),
                migrations.CreateModel(
                    name="SynonymGroup",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=30, unique=True, verbose_name="代表词")),
                        (
                            "words",
                            models.TextField(help_text="用空格隔开，可以包含方言、简称和英文", verbose_name="同义词"),
                        ),
                        ("is_active", models.BooleanField(default=True, verbose_name="启用")),
                        (
                            "origin",
                            models.CharField(
                                choices=[("content", "随系统发布"), ("manager", "管理员添加")],
                                default="manager",
                                editable=False,
                                max_length=10,
                                verbose_name="来源",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "同义词组",
                        "verbose_name_plural": "同义词组",
                        "ordering": ["pk"],
                    },
                ),
                migrations.CreateModel(
                    name="DataElement",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("package", models.SlugField(blank=True, max_length=60, verbose_name="所在事项包")),
                        ("sources", models.JSONField(blank=True, default=list, verbose_name="出处")),
                        (
                            "confidence",
                            models.CharField(
                                choices=[
                                    ("seen", "有出处"),
                                    ("inferred", "由所见推出"),
                                    ("general", "通识，未见出处"),
                                    ("open", "待查"),
                                ],
                                default="general",
                                max_length=10,
                                verbose_name="把握",
                            ),
                        ),
                        (
                            "code",
                            models.CharField(
                                help_text="如 person.birth_date", max_length=60, unique=True, verbose_name="代码"
                            ),
                        ),
                        ("name", models.CharField(max_length=60, verbose_name="名称")),
                        ("type", models.CharField(max_length=20, verbose_name="类型")),
                        (
                            "options",
                            models.JSONField(
                                blank=True, default=list, help_text="[{value, label}]，按顺序", verbose_name="可选值"
                            ),
                        ),
                        ("constraints", models.JSONField(blank=True, default=dict, verbose_name="格式要求")),
                        (
                            "unit",
                            models.CharField(
                                blank=True,
                                help_text="数的单位，如 克、平方米；不写进名称",
                                max_length=20,
                                verbose_name="单位",
                            ),
                        ),
                        ("sensitive", models.BooleanField(default=False, verbose_name="敏感信息")),
                        (
                            "authority",
                            models.CharField(
                                blank=True, help_text="哪个部门的数据说了算", max_length=100, verbose_name="权威来源"
                            ),
                        ),
                        (
                            "known_from",
                            models.JSONField(
                                blank=True,
                                default=list,
                                help_text="按先后：profile（只用于申请人自己）、shared:部门、certificate:证照类型",
                                verbose_name="可从何处得知",
                            ),
                        ),
                        (
                            "fixed",
                            models.BooleanField(
                                default=False,
                                help_text="有关部门查到的就以它为准，有误的找来源部门更正",
                                verbose_name="查到的不能改",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "数据元",
                        "verbose_name_plural": "数据元",
                        "ordering": ["code"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("unit", ""), ("type__in", ["decimal", "integer"]), _connector="OR"),
                                name="data_element_unit_of_a_number",
                                violation_error_message="只有数才有单位",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Department",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("code", models.SlugField(max_length=40, unique=True, verbose_name="代码")),
                        ("name", models.CharField(max_length=100, verbose_name="名称")),
                        ("short_name", models.CharField(max_length=20, verbose_name="简称")),
                        ("credit_code", models.CharField(blank=True, max_length=18, verbose_name="统一社会信用代码")),
                        (
                            "division",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="catalog.division",
                                verbose_name="区划",
                            ),
                        ),
                        (
                            "level",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("province", "省级"),
                                    ("prefecture", "市级"),
                                    ("county", "县级"),
                                    ("township", "乡镇（街道）级"),
                                ],
                                max_length=12,
                                verbose_name="层级",
                            ),
                        ),
                        (
                            "parent",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="children",
                                to="catalog.department",
                                verbose_name="上级部门",
                            ),
                        ),
                        ("phone", models.CharField(blank=True, max_length=40, verbose_name="咨询电话")),
                        (
                            "claim_hours",
                            models.PositiveSmallIntegerField(
                                db_default=24,
                                default=24,
                                help_text="认领后这么久没有办理，办件自动退回队列，由同事认领；休息日不计。办理人接着办就重新计时。",
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(240),
                                ],
                                verbose_name="认领保留时间（小时）",
                            ),
                        ),
                        (
                            "card_days",
                            models.PositiveSmallIntegerField(
                                db_default=1,
                                default=1,
                                help_text="办件离应办结的日子还剩这么多个工作日时，提醒办理人和部门负责人；0 为不亮黄牌。超期一律亮红牌。",
                                validators=[django.core.validators.MaxValueValidator(10)],
                                verbose_name="提前几个工作日亮黄牌",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "部门",
                        "verbose_name_plural": "部门",
                        "permissions": [
                            ("serve_department", "综合窗口服务"),
                            ("accept_department", "收件受理"),
                            ("review_department", "审查"),
                            ("decide_department", "决定"),
                            ("issue_department", "签发证照"),
                            ("supervise_department", "监督督办"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CertificateType",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("package", models.SlugField(blank=True, max_length=60, verbose_name="所在事项包")),
                        ("sources", models.JSONField(blank=True, default=list, verbose_name="出处")),
                        (
                            "confidence",
                            models.CharField(
                                choices=[
                                    ("seen", "有出处"),
                                    ("inferred", "由所见推出"),
                                    ("general", "通识，未见出处"),
                                    ("open", "待查"),
                                ],
                                default="general",
                                max_length=10,
                                verbose_name="把握",
                            ),
                        ),
                        ("slug", models.SlugField(max_length=60, unique=True, verbose_name="代码")),
                        ("code", models.CharField(max_length=21, unique=True, verbose_name="证照类型代码")),
                        ("name", models.CharField(max_length=100, verbose_name="名称")),
                        ("name_en", models.CharField(blank=True, max_length=200, verbose_name="英文名称")),
                        (
                            "department",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="catalog.department",
                                verbose_name="颁发机构",
                            ),
                        ),
                        (
                            "face",
                            models.JSONField(
                                default=list,
                                help_text="照面信息，按顺序：[{code, label, label_en}]",
                                verbose_name="照面",
                            ),
                        ),
                        (
                            "subject",
                            models.CharField(
                                blank=True,
                                choices=[("person", "自然人"), ("organisation", "组织")],
                                max_length=12,
                                verbose_name="持证主体类型",
                            ),
                        ),
                        (
                            "valid_years",
                            models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="有效年限"),
                        ),
                    ],
                    options={
                        "verbose_name": "证照类型",
                        "verbose_name_plural": "证照类型",
                        "ordering": ["slug"],
                    },
                ),
                migrations.CreateModel(
                    name="Division",
                    fields=[
                        (
                            "code",
                            models.CharField(max_length=6, primary_key=True, serialize=False, verbose_name="区划代码"),
                        ),
                        ("name", models.CharField(max_length=60, verbose_name="名称")),
                        ("level", models.CharField(max_length=20, verbose_name="层级")),
                        (
                            "parent",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="children",
                                to="catalog.division",
                                verbose_name="上级",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "行政区划",
                        "verbose_name_plural": "行政区划",
                    },
                ),
                migrations.CreateModel(
                    name="ItemVersion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "item",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="versions",
                                to="catalog.serviceitem",
                                verbose_name="事项",
                            ),
                        ),
                        ("number", models.PositiveIntegerField(verbose_name="版本号")),
                        ("content", models.JSONField(verbose_name="内容")),
                        ("content_hash", models.CharField(max_length=64, verbose_name="内容摘要")),
                        ("published_at", models.DateTimeField(auto_now_add=True, verbose_name="发布时间")),
                        (
                            "published_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="发布人",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "事项版本",
                        "verbose_name_plural": "事项版本",
                        "constraints": [
                            models.UniqueConstraint(fields=("item", "number"), name="item_version_number_unique"),
                            models.UniqueConstraint(
                                fields=("item", "content_hash"), name="item_version_content_unique"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Matter",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("facts", models.JSONField(blank=True, default=dict, verbose_name="各要素的出处")),
                        ("slug", models.SlugField(max_length=60, unique=True, verbose_name="代码")),
                        ("name", models.CharField(max_length=100, verbose_name="名称")),
                        (
                            "subject",
                            models.CharField(
                                choices=[("person", "个人"), ("organisation", "经营主体")],
                                max_length=20,
                                verbose_name="服务对象",
                            ),
                        ),
                        ("stage", models.CharField(max_length=20, verbose_name="阶段")),
                        ("theme", models.CharField(blank=True, max_length=30, verbose_name="主题")),
                        (
                            "lead_department",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="catalog.department",
                                verbose_name="牵头部门",
                            ),
                        ),
                        (
                            "division",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="catalog.division",
                                verbose_name="实施区划",
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[("open", "可在线办理"), ("guide", "仅提供指南"), ("coming", "即将开通")],
                                default="open",
                                max_length=10,
                                verbose_name="开放程度",
                            ),
                        ),
                        (
                            "is_listed",
                            models.BooleanField(
                                default=True,
                                help_text="申请人自由组合的一件事不列入，也不参与检索",
                                verbose_name="列入专区",
                            ),
                        ),
                        ("summary", models.CharField(blank=True, max_length=200, verbose_name="一句话说明")),
                        ("conditions", models.JSONField(blank=True, default=list, verbose_name="办理条件")),
                        (
                            "labels",
                            models.JSONField(
                                blank=True, default=dict, help_text="{角色:数据元: 名称}", verbose_name="字段改称"
                            ),
                        ),
                        (
                            "placement",
                            models.JSONField(
                                blank=True, default=dict, help_text="{角色:数据元: 表单部分}", verbose_name="字段归位"
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField(default=0, verbose_name="顺序")),
                        (
                            "current_version",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="catalog.matterversion",
                                verbose_name="现行版本",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "一件事",
                        "verbose_name_plural": "一件事",
                        "ordering": ["position", "slug"],
                    },
                ),
                migrations.CreateModel(
                    name="GuideQuestion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("sources", models.JSONField(blank=True, default=list, verbose_name="出处")),
                        (
                            "confidence",
                            models.CharField(
                                choices=[
                                    ("seen", "有出处"),
                                    ("inferred", "由所见推出"),
                                    ("general", "通识，未见出处"),
                                    ("open", "待查"),
                                ],
                                default="general",
                                max_length=10,
                                verbose_name="把握",
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField(default=0, verbose_name="顺序")),
                        (
                            "matter",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="questions",
                                to="catalog.matter",
                                verbose_name="一件事",
                            ),
                        ),
                        ("key", models.SlugField(max_length=40, verbose_name="代码")),
                        ("text", models.CharField(max_length=120, verbose_name="问题")),
                        ("help", models.CharField(blank=True, max_length=200, verbose_name="说明")),
                        ("condition", models.JSONField(blank=True, null=True, verbose_name="何时问")),
                        ("multiple", models.BooleanField(default=False, verbose_name="可多选")),
                        ("required", models.BooleanField(default=True, verbose_name="必答")),
                        ("minimum", models.PositiveSmallIntegerField(default=0, verbose_name="最少")),
                        (
                            "maximum",
                            models.PositiveSmallIntegerField(
                                blank=True, help_text="没有选项时问一个数，不超过它", null=True, verbose_name="最多"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "引导问题",
                        "verbose_name_plural": "引导问题",
                        "ordering": ["position", "pk"],
                        "abstract": False,
                        "constraints": [
                            models.UniqueConstraint(fields=("matter", "key"), name="guide_question_key_unique")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DeclaredFigure",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("sources", models.JSONField(blank=True, default=list, verbose_name="出处")),
                        (
                            "confidence",
                            models.CharField(
                                choices=[
                                    ("seen", "有出处"),
                                    ("inferred", "由所见推出"),
                                    ("general", "通识，未见出处"),
                                    ("open", "待查"),
                                ],
                                default="general",
                                max_length=10,
                                verbose_name="把握",
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField(default=0, verbose_name="顺序")),
                        (
                            "matter",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="declared_figures",
                                to="catalog.matter",
                                verbose_name="一件事",
                            ),
                        ),
                        ("place", models.CharField(max_length=60, verbose_name="地方")),
                        (
                            "metric",
                            models.CharField(
                                choices=[
                                    ("materials", "材料"),
                                    ("forms", "表单"),
                                    ("steps", "环节"),
                                    ("visits", "跑动"),
                                    ("days", "办理时间"),
                                ],
                                max_length=12,
                                verbose_name="指标",
                            ),
                        ),
                        ("before", models.CharField(max_length=40, verbose_name="改前")),
                        ("after", models.CharField(max_length=40, verbose_name="改后")),
                    ],
                    options={
                        "verbose_name": "申报数",
                        "verbose_name_plural": "申报数",
                        "ordering": ["position", "pk"],
                        "abstract": False,
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("matter", "place", "metric"), name="declared_figure_once_per_place"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="MatterItem",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("sources", models.JSONField(blank=True, default=list, verbose_name="出处")),
                        (
                            "confidence",
                            models.CharField(
                                choices=[
                                    ("seen", "有出处"),
                                    ("inferred", "由所见推出"),
                                    ("general", "通识，未见出处"),
                                    ("open", "待查"),
                                ],
                                default="general",
                                max_length=10,
                                verbose_name="把握",
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField(default=0, verbose_name="顺序")),
                        (
                            "matter",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="items",
                                to="catalog.matter",
                                verbose_name="一件事",
                            ),
                        ),
                        (
                            "item",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="matter_items",
                                to="catalog.serviceitem",
                                verbose_name="事项",
                            ),
                        ),
                        ("condition", models.JSONField(blank=True, null=True, verbose_name="纳入条件")),
                        ("optional", models.BooleanField(default=False, verbose_name="可选")),
                        ("group", models.SlugField(blank=True, max_length=40, verbose_name="择一组")),
                        ("per", models.SlugField(blank=True, max_length=40, verbose_name="按谁各办一次")),
                        (
                            "roles",
                            models.JSONField(
                                blank=True,
                                default=dict,
                                help_text="{事项中的角色: 一件事中的角色}",
                                verbose_name="角色改称",
                            ),
                        ),
                        ("reason", models.CharField(blank=True, max_length=200, verbose_name="为什么要办")),
                    ],
                    options={
                        "verbose_name": "联办事项",
                        "verbose_name_plural": "联办事项",
                        "ordering": ["position", "pk"],
                        "abstract": False,
                        "constraints": [
                            models.UniqueConstraint(fields=("matter", "item"), name="matter_item_once_per_matter")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="MatterDependency",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("sources", models.JSONField(blank=True, default=list, verbose_name="出处")),
                        (
                            "confidence",
                            models.CharField(
                                choices=[
                                    ("seen", "有出处"),
                                    ("inferred", "由所见推出"),
                                    ("general", "通识，未见出处"),
                                    ("open", "待查"),
                                ],
                                default="general",
                                max_length=10,
                                verbose_name="把握",
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField(default=0, verbose_name="顺序")),
                        (
                            "matter_item",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="after",
                                to="catalog.matteritem",
                                verbose_name="联办事项",
                            ),
                        ),
                        (
                            "prerequisite",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="dependants",
                                to="catalog.matteritem",
                                verbose_name="须先办",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("must_finish_first", "前项办结后才办"),
                                    ("result_feeds", "前项结果供后项使用"),
                                    ("parallel_after", "取得前项信息后即可并行"),
                                    ("parallel", "互不等待"),
                                    ("independent", "与其他无关"),
                                ],
                                default="result_feeds",
                                max_length=20,
                                verbose_name="关系",
                            ),
                        ),
                        ("what", models.CharField(blank=True, max_length=200, verbose_name="等什么")),
                    ],
                    options={
                        "verbose_name": "先后关系",
                        "verbose_name_plural": "先后关系",
                        "ordering": ["position", "pk"],
                        "abstract": False,
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("matter_item", "prerequisite"), name="matter_dependency_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("matter_item", models.F("prerequisite")), _negated=True),
                                name="matter_dependency_not_on_itself",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="MatterRole",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("sources", models.JSONField(blank=True, default=list, verbose_name="出处")),
                        (
                            "confidence",
                            models.CharField(
                                choices=[
                                    ("seen", "有出处"),
                                    ("inferred", "由所见推出"),
                                    ("general", "通识，未见出处"),
                                    ("open", "待查"),
                                ],
                                default="general",
                                max_length=10,
                                verbose_name="把握",
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField(default=0, verbose_name="顺序")),
                        (
                            "matter",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="roles",
                                to="catalog.matter",
                                verbose_name="一件事",
                            ),
                        ),
                        ("key", models.SlugField(max_length=40, verbose_name="代码")),
                        ("label", models.CharField(max_length=40, verbose_name="称呼")),
                        ("is_applicant", models.JSONField(blank=True, null=True, verbose_name="何时即申请人")),
                        ("count", models.JSONField(blank=True, null=True, verbose_name="人数")),
                        ("maximum", models.PositiveSmallIntegerField(default=1, verbose_name="最多")),
                        ("same_as", models.JSONField(blank=True, null=True, verbose_name="何时与另一角色是同一人")),
                        (
                            "kin",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("spouse", "配偶"),
                                    ("child", "子女"),
                                    ("representative", "法定代表人"),
                                    ("own", "本人名下的"),
                                ],
                                max_length=20,
                                verbose_name="是谁的什么人",
                            ),
                        ),
                        ("kin_of", models.JSONField(blank=True, null=True, verbose_name="从哪一角色的记录查到")),
                    ],
                    options={
                        "verbose_name": "角色",
                        "verbose_name_plural": "角色",
                        "ordering": ["position", "pk"],
                        "abstract": False,
                        "constraints": [
                            models.UniqueConstraint(fields=("matter", "key"), name="matter_role_key_unique")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="MatterSection",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("sources", models.JSONField(blank=True, default=list, verbose_name="出处")),
                        (
                            "confidence",
                            models.CharField(
                                choices=[
                                    ("seen", "有出处"),
                                    ("inferred", "由所见推出"),
                                    ("general", "通识，未见出处"),
                                    ("open", "待查"),
                                ],
                                default="general",
                                max_length=10,
                                verbose_name="把握",
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField(default=0, verbose_name="顺序")),
                        (
                            "matter",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="sections",
                                to="catalog.matter",
                                verbose_name="一件事",
                            ),
                        ),
                        ("key", models.SlugField(max_length=40, verbose_name="代码")),
                        ("label", models.CharField(max_length=60, verbose_name="名称")),
                        ("help", models.CharField(blank=True, max_length=200, verbose_name="说明")),
                    ],
                    options={
                        "verbose_name": "表单部分",
                        "verbose_name_plural": "表单部分",
                        "ordering": ["position", "pk"],
                        "abstract": False,
                        "constraints": [
                            models.UniqueConstraint(fields=("matter", "key"), name="matter_section_key_unique")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="MatterVersion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "matter",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="versions",
                                to="catalog.matter",
                                verbose_name="一件事",
                            ),
                        ),
                        (
                            "division",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="catalog.division",
                                verbose_name="实施区划",
                            ),
                        ),
                        ("number", models.PositiveIntegerField(verbose_name="版本号")),
                        ("content", models.JSONField(verbose_name="编译结果")),
                        ("content_hash", models.CharField(max_length=64, verbose_name="内容摘要")),
                        (
                            "name",
                            models.GeneratedField(
                                db_persist=True,
                                expression=django.db.models.fields.json.KeyTextTransform(
                                    "name", django.db.models.fields.json.KeyTextTransform("matter", "content")
                                ),
                                null=True,
                                output_field=models.CharField(max_length=100, verbose_name="名称"),
                                verbose_name="名称",
                            ),
                        ),
                        (
                            "subject",
                            models.GeneratedField(
                                db_persist=True,
                                expression=django.db.models.fields.json.KeyTextTransform(
                                    "subject", django.db.models.fields.json.KeyTextTransform("matter", "content")
                                ),
                                null=True,
                                output_field=models.CharField(
                                    choices=[("person", "个人"), ("organisation", "经营主体")],
                                    max_length=20,
                                    verbose_name="服务对象",
                                ),
                                verbose_name="服务对象",
                            ),
                        ),
                        (
                            "stage",
                            models.GeneratedField(
                                db_persist=True,
                                expression=django.db.models.fields.json.KeyTextTransform(
                                    "stage", django.db.models.fields.json.KeyTextTransform("matter", "content")
                                ),
                                null=True,
                                output_field=models.CharField(max_length=20, verbose_name="阶段"),
                                verbose_name="阶段",
                            ),
                        ),
                        (
                            "theme",
                            models.GeneratedField(
                                db_persist=True,
                                expression=django.db.models.fields.json.KeyTextTransform(
                                    "theme", django.db.models.fields.json.KeyTextTransform("matter", "content")
                                ),
                                null=True,
                                output_field=models.CharField(max_length=30, verbose_name="主题"),
                                verbose_name="主题",
                            ),
                        ),
                        (
                            "status",
                            models.GeneratedField(
                                db_persist=True,
                                expression=django.db.models.fields.json.KeyTextTransform(
                                    "status", django.db.models.fields.json.KeyTextTransform("matter", "content")
                                ),
                                null=True,
                                output_field=models.CharField(
                                    choices=[("open", "可在线办理"), ("guide", "仅提供指南"), ("coming", "即将开通")],
                                    max_length=10,
                                    verbose_name="开放程度",
                                ),
                                verbose_name="开放程度",
                            ),
                        ),
                        (
                            "is_listed",
                            models.GeneratedField(
                                db_persist=True,
                                expression=django.db.models.functions.comparison.Cast(
                                    django.db.models.fields.json.KeyTextTransform(
                                        "is_listed", django.db.models.fields.json.KeyTextTransform("matter", "content")
                                    ),
                                    models.BooleanField(verbose_name="列入专区"),
                                ),
                                null=True,
                                output_field=models.BooleanField(verbose_name="列入专区"),
                                verbose_name="列入专区",
                            ),
                        ),
                        (
                            "position",
                            models.GeneratedField(
                                db_persist=True,
                                expression=django.db.models.functions.comparison.Cast(
                                    django.db.models.fields.json.KeyTextTransform(
                                        "position", django.db.models.fields.json.KeyTextTransform("matter", "content")
                                    ),
                                    models.IntegerField(verbose_name="顺序"),
                                ),
                                null=True,
                                output_field=models.IntegerField(verbose_name="顺序"),
                                verbose_name="顺序",
                            ),
                        ),
                        ("published_at", models.DateTimeField(auto_now_add=True, verbose_name="发布时间")),
                        (
                            "published_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="发布人",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "一件事版本",
                        "verbose_name_plural": "一件事版本",
                        "constraints": [
                            models.UniqueConstraint(fields=("matter", "number"), name="matter_version_number_unique"),
                            models.UniqueConstraint(
                                fields=("matter", "content_hash"), name="matter_version_content_unique"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Membership",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="memberships",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="人员",
                            ),
                        ),
                        (
                            "department",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="memberships",
                                to="catalog.department",
                                verbose_name="部门",
                            ),
                        ),
                        (
                            "role",
                            models.CharField(
                                choices=[
                                    ("clerk", "综合窗口人员"),
                                    ("reviewer", "审查人员"),
                                    ("lead", "部门负责人"),
                                    ("supervisor", "效能监察人员"),
                                    ("catalog_manager", "目录管理员"),
                                    ("catalog_reviewer", "目录审核员"),
                                ],
                                max_length=20,
                                verbose_name="岗位",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "部门人员",
                        "verbose_name_plural": "部门人员",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("user", "department", "role"), name="membership_unique", nulls_distinct=False
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("department__isnull", True),
                                        ("role__in", ("catalog_manager", "catalog_reviewer")),
                                    ),
                                    models.Q(
                                        ("department__isnull", False),
                                        models.Q(("role__in", ("catalog_manager", "catalog_reviewer")), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="membership_office_has_no_department",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RegionalVersion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "matter",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="regional_versions",
                                to="catalog.matter",
                                verbose_name="一件事",
                            ),
                        ),
                        (
                            "division",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="catalog.division",
                                verbose_name="实施区划",
                            ),
                        ),
                        (
                            "version",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="catalog.matterversion",
                                verbose_name="现行版本",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "地方现行版本",
                        "verbose_name_plural": "地方现行版本",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("matter", "division"), name="regional_version_once_per_division"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SearchPhrase",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "target",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="phrases",
                                to="catalog.searchtarget",
                                verbose_name="指向",
                            ),
                        ),
                        ("text", models.CharField(max_length=120, verbose_name="说法")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("name", "名称"),
                                    ("alias", "别名"),
                                    ("phrase", "说法"),
                                    ("keyword", "旁证（子事项、结果）"),
                                ],
                                default="phrase",
                                max_length=10,
                                verbose_name="类别",
                            ),
                        ),
                        ("is_active", models.BooleanField(default=True, verbose_name="启用")),
                        (
                            "origin",
                            models.CharField(
                                choices=[("content", "随系统发布"), ("manager", "管理员添加")],
                                default="manager",
                                editable=False,
                                max_length=10,
                                verbose_name="来源",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "群众说法",
                        "verbose_name_plural": "群众说法",
                        "ordering": ["target", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("target", "text"),
                                name="search_phrase_unique",
                                violation_error_message="这个目标已有这句说法。",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ServiceItem",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("package", models.SlugField(blank=True, max_length=60, verbose_name="所在事项包")),
                        ("facts", models.JSONField(blank=True, default=dict, verbose_name="各要素的出处")),
                        ("slug", models.SlugField(max_length=60, unique=True, verbose_name="代码")),
                        ("name", models.CharField(max_length=120, verbose_name="名称")),
                        ("short_name", models.CharField(blank=True, max_length=40, verbose_name="简称")),
                        (
                            "department",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="service_items",
                                to="catalog.department",
                                verbose_name="实施部门",
                            ),
                        ),
                        ("catalog_code", models.CharField(blank=True, max_length=12, verbose_name="基本编码")),
                        ("task_code", models.CharField(blank=True, max_length=36, verbose_name="实施编码")),
                        ("local_code", models.CharField(blank=True, max_length=50, verbose_name="地方编码")),
                        (
                            "item_type",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("01", "行政许可"),
                                    ("02", "行政处罚"),
                                    ("03", "行政强制"),
                                    ("04", "行政征收"),
                                    ("05", "行政给付"),
                                    ("06", "行政检查"),
                                    ("07", "行政确认"),
                                    ("08", "行政奖励"),
                                    ("09", "行政裁决"),
                                    ("10", "其他行政权力"),
                                    ("20", "公共服务"),
                                ],
                                max_length=2,
                                verbose_name="事项类型",
                            ),
                        ),
                        (
                            "exercise_level",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("1", "国家级"),
                                    ("2", "省级"),
                                    ("3", "市级"),
                                    ("4", "县级"),
                                    ("5", "乡镇（街道）级"),
                                    ("6", "村（社区）级"),
                                ],
                                max_length=1,
                                verbose_name="行使层级",
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[("in_use", "在用"), ("paused", "暂停"), ("cancelled", "取消")],
                                default="in_use",
                                max_length=10,
                                verbose_name="事项状态",
                            ),
                        ),
                        ("theme", models.CharField(blank=True, max_length=30, verbose_name="主题")),
                        ("subjects", models.JSONField(blank=True, default=list, verbose_name="服务对象")),
                        (
                            "handling",
                            models.CharField(
                                choices=[("immediate", "即办件"), ("promised", "承诺件")],
                                default="promised",
                                max_length=12,
                                verbose_name="办件类型",
                            ),
                        ),
                        (
                            "statutory_limit_days",
                            models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="法定时限"),
                        ),
                        (
                            "promised_limit_days",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                help_text="不知道就空着，页面上写“未公布”",
                                null=True,
                                verbose_name="承诺时限",
                            ),
                        ),
                        (
                            "limit_unit",
                            models.CharField(
                                choices=[("working_days", "工作日"), ("calendar_days", "自然日")],
                                default="working_days",
                                max_length=14,
                                verbose_name="时限单位",
                            ),
                        ),
                        ("limit_note", models.CharField(blank=True, max_length=200, verbose_name="时限说明")),
                        (
                            "legal_basis",
                            models.JSONField(
                                blank=True, default=list, help_text="[{law, article, text}]", verbose_name="设定依据"
                            ),
                        ),
                        ("conditions", models.JSONField(blank=True, default=list, verbose_name="受理条件")),
                        ("flow", models.JSONField(blank=True, default=list, verbose_name="办理流程")),
                        (
                            "fees",
                            models.JSONField(
                                blank=True,
                                help_text="[{name, amount, basis}]；不收费写 []，不知道就空着",
                                null=True,
                                verbose_name="收费",
                            ),
                        ),
                        (
                            "visits",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                help_text="不用到现场写 0，不知道就空着",
                                null=True,
                                verbose_name="到现场次数（单独办理）",
                            ),
                        ),
                        (
                            "visits_together",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                help_text="不用到现场写 0，不知道就空着",
                                null=True,
                                verbose_name="到现场次数（联办）",
                            ),
                        ),
                        ("steps", models.PositiveSmallIntegerField(default=1, verbose_name="办理环节（单独办理）")),
                        (
                            "identity_level",
                            models.PositiveSmallIntegerField(
                                choices=[
                                    (0, "本人填写即可"),
                                    (1, "要实名（平台、短信或窗口核验过）"),
                                    (2, "要在窗口当面核验过"),
                                ],
                                default=0,
                                help_text="低于它的不能提交",
                                verbose_name="申请人身份",
                            ),
                        ),
                        (
                            "in_person_only",
                            models.BooleanField(
                                default=False,
                                help_text="法律规定必须本人亲自办理的，不接受代办",
                                verbose_name="只能本人办理",
                            ),
                        ),
                        ("visit_reason", models.CharField(blank=True, max_length=200, verbose_name="到现场原因")),
                        ("online_depth", models.JSONField(blank=True, default=list, verbose_name="网上办理深度")),
                        ("cross_region", models.CharField(blank=True, max_length=40, verbose_name="通办范围")),
                        (
                            "special_procedures",
                            models.JSONField(
                                blank=True,
                                default=list,
                                help_text="[{name, kind, days, counted, basis}]；有 kind 的办理时可以启动",
                                verbose_name="特别程序",
                            ),
                        ),
                        (
                            "places",
                            models.JSONField(
                                blank=True,
                                default=list,
                                help_text="[{name, address, hours, phone}]",
                                verbose_name="办理地点和时间",
                            ),
                        ),
                        ("consulting", models.CharField(blank=True, max_length=200, verbose_name="咨询方式")),
                        ("complaints", models.CharField(blank=True, max_length=200, verbose_name="监督投诉方式")),
                        (
                            "locked",
                            models.JSONField(
                                blank=True,
                                default=list,
                                help_text="地方实施时不得改动；见 catalog.definitions.overrides",
                                verbose_name="另外锁定的要素",
                            ),
                        ),
                        (
                            "current_version",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="catalog.itemversion",
                                verbose_name="现行版本",
                            ),
                        ),
                        (
                            "decision_rule",
                            models.JSONField(
                                blank=True,
                                help_text="{clauses, facts, outputs, share}；空着由人办",
                                null=True,
                                verbose_name="自动办结规则",
                            ),
                        ),
                        ("result_note", models.CharField(blank=True, max_length=200, verbose_name="结果说明")),
                        ("remark", models.CharField(blank=True, max_length=300, verbose_name="说明")),
                    ],
                    options={
                        "verbose_name": "政务服务事项",
                        "verbose_name_plural": "政务服务事项",
                        "ordering": ["slug"],
                    },
                ),
                migrations.CreateModel(
                    name="ReviewPoint",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("sources", models.JSONField(blank=True, default=list, verbose_name="出处")),
                        (
                            "confidence",
                            models.CharField(
                                choices=[
                                    ("seen", "有出处"),
                                    ("inferred", "由所见推出"),
                                    ("general", "通识，未见出处"),
                                    ("open", "待查"),
                                ],
                                default="general",
                                max_length=10,
                                verbose_name="把握",
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField(default=0, verbose_name="顺序")),
                        (
                            "item",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="review_points",
                                to="catalog.serviceitem",
                                verbose_name="事项",
                            ),
                        ),
                        ("code", models.CharField(max_length=60, verbose_name="代码")),
                        ("text", models.CharField(max_length=200, verbose_name="审查要点")),
                        (
                            "message",
                            models.CharField(
                                blank=True,
                                help_text="哪里不对、怎样改；补正时可以再改",
                                max_length=200,
                                verbose_name="不通过时告诉申请人",
                            ),
                        ),
                        ("fields", models.JSONField(blank=True, default=list, verbose_name="核对哪些内容")),
                        ("materials", models.JSONField(blank=True, default=list, verbose_name="核对哪些材料")),
                    ],
                    options={
                        "verbose_name": "审查要点",
                        "verbose_name_plural": "审查要点",
                        "ordering": ["position", "pk"],
                        "abstract": False,
                        "constraints": [
                            models.UniqueConstraint(fields=("item", "code"), name="review_point_code_once_per_item")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RegionalGuide",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("package", models.SlugField(blank=True, max_length=60, verbose_name="所在事项包")),
                        ("sources", models.JSONField(blank=True, default=list, verbose_name="出处")),
                        (
                            "confidence",
                            models.CharField(
                                choices=[
                                    ("seen", "有出处"),
                                    ("inferred", "由所见推出"),
                                    ("general", "通识，未见出处"),
                                    ("open", "待查"),
                                ],
                                default="general",
                                max_length=10,
                                verbose_name="把握",
                            ),
                        ),
                        ("key", models.SlugField(max_length=60, unique=True, verbose_name="代码")),
                        ("name", models.CharField(max_length=120, verbose_name="名称")),
                        (
                            "matter",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="guides",
                                to="catalog.matter",
                                verbose_name="一件事",
                            ),
                        ),
                        (
                            "item",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="guides",
                                to="catalog.serviceitem",
                                verbose_name="事项",
                            ),
                        ),
                        ("place", models.CharField(max_length=60, verbose_name="地方")),
                        ("division_code", models.CharField(blank=True, max_length=12, verbose_name="区划代码")),
                        ("facts", models.JSONField(default=dict, verbose_name="所载内容")),
                        ("position", models.PositiveSmallIntegerField(default=0, verbose_name="顺序")),
                    ],
                    options={
                        "verbose_name": "各地办事指南",
                        "verbose_name_plural": "各地办事指南",
                        "ordering": ["position", "key"],
                    },
                ),
                migrations.CreateModel(
                    name="Proposal",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "matter",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="proposals",
                                to="catalog.matter",
                                verbose_name="一件事",
                            ),
                        ),
                        (
                            "item",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="proposals",
                                to="catalog.serviceitem",
                                verbose_name="事项",
                            ),
                        ),
                        (
                            "division",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="catalog.division",
                                verbose_name="实施区划",
                            ),
                        ),
                        ("content", models.JSONField(verbose_name="拟发布的内容")),
                        ("content_hash", models.CharField(max_length=64, verbose_name="内容摘要")),
                        (
                            "base_number",
                            models.PositiveIntegerField(
                                blank=True,
                                help_text="提出时的现行版本号；空为第一次发布",
                                null=True,
                                verbose_name="所比的版本",
                            ),
                        ),
                        ("note", models.CharField(max_length=300, verbose_name="修改说明")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("open", "待审核"),
                                    ("published", "已发布"),
                                    ("sent_back", "已退回"),
                                    ("withdrawn", "已撤回"),
                                ],
                                default="open",
                                max_length=12,
                                verbose_name="状态",
                            ),
                        ),
                        (
                            "proposed_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="提出人",
                            ),
                        ),
                        ("proposed_at", models.DateTimeField(auto_now_add=True, verbose_name="提出时间")),
                        (
                            "reviewed_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="审核人",
                            ),
                        ),
                        ("reviewed_at", models.DateTimeField(blank=True, null=True, verbose_name="审核时间")),
                        ("review_note", models.CharField(blank=True, max_length=300, verbose_name="审核意见")),
                        (
                            "matter_version",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="catalog.matterversion",
                                verbose_name="发布为",
                            ),
                        ),
                        (
                            "item_version",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="catalog.itemversion",
                                verbose_name="发布为",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "发布申请",
                        "verbose_name_plural": "发布申请",
                        "ordering": ["-proposed_at", "-pk"],
                        "permissions": [("propose_definition", "提出发布"), ("review_definition", "审核发布")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("item__isnull", False), ("matter__isnull", True)),
                                    models.Q(("item__isnull", True), ("matter__isnull", False)),
                                    _connector="OR",
                                ),
                                name="proposal_of_one_definition",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("reviewed_by__isnull", True),
                                    models.Q(("reviewed_by", models.F("proposed_by")), _negated=True),
                                    _connector="OR",
                                ),
                                name="proposal_reviewed_by_another",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("state", "open")),
                                fields=("matter", "item", "division"),
                                name="proposal_one_open",
                                nulls_distinct=False,
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="MistakeReport",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "matter",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="catalog.matter",
                                verbose_name="一件事",
                            ),
                        ),
                        (
                            "item",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="catalog.serviceitem",
                                verbose_name="事项",
                            ),
                        ),
                        (
                            "department",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="mistake_reports",
                                to="catalog.department",
                                verbose_name="负责部门",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("materials", "材料不对"),
                                    ("limit", "时限不对"),
                                    ("place", "地点、时间或电话不对"),
                                    ("conditions", "条件或流程不对"),
                                    ("fees", "收费不对"),
                                    ("link", "打不开或点不动"),
                                    ("wording", "看不懂或有错字"),
                                    ("other", "其他"),
                                ],
                                max_length=12,
                                verbose_name="哪里不对",
                            ),
                        ),
                        ("text", models.CharField(max_length=500, verbose_name="说明")),
                        ("contact", models.BinaryField(blank=True, null=True, verbose_name="联系方式（密文）")),
                        (
                            "reported_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="报错人",
                            ),
                        ),
                        ("reported_at", models.DateTimeField(auto_now_add=True, verbose_name="报错时间")),
                        (
                            "state",
                            models.CharField(
                                choices=[("open", "待处理"), ("answered", "已答复"), ("corrected", "已更正")],
                                default="open",
                                max_length=10,
                                verbose_name="状态",
                            ),
                        ),
                        ("answer", models.CharField(blank=True, max_length=500, verbose_name="答复")),
                        (
                            "handled_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="处理人",
                            ),
                        ),
                        ("handled_at", models.DateTimeField(blank=True, null=True, verbose_name="处理时间")),
                    ],
                    options={
                        "verbose_name": "报错",
                        "verbose_name_plural": "报错",
                        "ordering": ["-reported_at", "-pk"],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state", "open")),
                                fields=["department", "-reported_at"],
                                name="mistake_report_open",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ItemResult",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("sources", models.JSONField(blank=True, default=list, verbose_name="出处")),
                        (
                            "confidence",
                            models.CharField(
                                choices=[
                                    ("seen", "有出处"),
                                    ("inferred", "由所见推出"),
                                    ("general", "通识，未见出处"),
                                    ("open", "待查"),
                                ],
                                default="general",
                                max_length=10,
                                verbose_name="把握",
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField(default=0, verbose_name="顺序")),
                        (
                            "item",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="results",
                                to="catalog.serviceitem",
                                verbose_name="事项",
                            ),
                        ),
                        (
                            "certificate_type",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="catalog.certificatetype",
                                verbose_name="证照类型",
                            ),
                        ),
                        (
                            "holder",
                            models.CharField(
                                blank=True, help_text="角色；空为申请人", max_length=40, verbose_name="持证的是谁"
                            ),
                        ),
                        (
                            "co_holders",
                            models.JSONField(
                                blank=True, default=list, help_text="角色，如夫妻的另一方", verbose_name="共同持证的"
                            ),
                        ),
                        (
                            "holder_name",
                            models.CharField(
                                blank=True,
                                help_text="名称随准予而变时才填：field:字段 或者 output:决定内容",
                                max_length=200,
                                verbose_name="持证主体名称取自",
                            ),
                        ),
                        (
                            "founds",
                            models.CharField(
                                blank=True,
                                help_text="准予后才有这个单位时填：法定代表人（负责人）的角色",
                                max_length=40,
                                verbose_name="设立后由谁代表",
                            ),
                        ),
                        (
                            "face",
                            models.JSONField(
                                default=dict,
                                help_text="{照面代码: field:字段 | output:决定内容 | const:固定文字}",
                                verbose_name="照面取值",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "办理结果",
                        "verbose_name_plural": "办理结果",
                        "ordering": ["position", "pk"],
                        "abstract": False,
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("item", "certificate_type"), name="item_result_once_per_item"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ItemOutput",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("sources", models.JSONField(blank=True, default=list, verbose_name="出处")),
                        (
                            "confidence",
                            models.CharField(
                                choices=[
                                    ("seen", "有出处"),
                                    ("inferred", "由所见推出"),
                                    ("general", "通识，未见出处"),
                                    ("open", "待查"),
                                ],
                                default="general",
                                max_length=10,
                                verbose_name="把握",
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField(default=0, verbose_name="顺序")),
                        (
                            "item",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="outputs",
                                to="catalog.serviceitem",
                                verbose_name="事项",
                            ),
                        ),
                        ("code", models.CharField(max_length=60, verbose_name="代码")),
                        ("label", models.CharField(max_length=100, verbose_name="名称")),
                        ("type", models.CharField(max_length=20, verbose_name="类型")),
                        (
                            "options",
                            models.JSONField(
                                blank=True, default=list, help_text="[{value, label}]，按顺序", verbose_name="可选值"
                            ),
                        ),
                        ("constraints", models.JSONField(blank=True, default=dict, verbose_name="格式要求")),
                        ("required", models.BooleanField(default=True, verbose_name="必填")),
                        (
                            "feeds",
                            models.CharField(
                                blank=True, help_text="如 child:person.id_number", max_length=100, verbose_name="供给"
                            ),
                        ),
                        (
                            "repeats",
                            models.JSONField(
                                blank=True,
                                default=list,
                                help_text="申请表上已经填过的字段，取第一个填了的",
                                verbose_name="与申请一致",
                            ),
                        ),
                        (
                            "series",
                            models.CharField(
                                blank=True,
                                help_text="同一序列里的编号只给出一次",
                                max_length=60,
                                verbose_name="编号序列",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "决定内容",
                        "verbose_name_plural": "决定内容",
                        "ordering": ["position", "pk"],
                        "abstract": False,
                        "constraints": [
                            models.UniqueConstraint(fields=("item", "code"), name="item_output_code_once_per_item")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ItemMaterial",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("sources", models.JSONField(blank=True, default=list, verbose_name="出处")),
                        (
                            "confidence",
                            models.CharField(
                                choices=[
                                    ("seen", "有出处"),
                                    ("inferred", "由所见推出"),
                                    ("general", "通识，未见出处"),
                                    ("open", "待查"),
                                ],
                                default="general",
                                max_length=10,
                                verbose_name="把握",
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField(default=0, verbose_name="顺序")),
                        (
                            "item",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="materials",
                                to="catalog.serviceitem",
                                verbose_name="事项",
                            ),
                        ),
                        (
                            "material",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="needs",
                                to="catalog.material",
                                verbose_name="材料",
                            ),
                        ),
                        (
                            "necessity",
                            models.CharField(
                                choices=[("required", "必要"), ("optional", "非必要"), ("deferrable", "可容缺后补")],
                                default="required",
                                max_length=12,
                                verbose_name="必要性",
                            ),
                        ),
                        ("condition", models.JSONField(blank=True, null=True, verbose_name="需要的条件")),
                        (
                            "form",
                            models.CharField(
                                choices=[
                                    ("paper", "纸质"),
                                    ("electronic", "电子"),
                                    ("paper_or_electronic", "纸质或电子"),
                                    ("paper_and_electronic", "纸质和电子"),
                                ],
                                default="paper_or_electronic",
                                max_length=24,
                                verbose_name="材料形式",
                            ),
                        ),
                        (
                            "deferred_days",
                            models.PositiveSmallIntegerField(
                                default=10,
                                help_text="受理后多少个工作日内补交；只用于可容缺后补的材料",
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(60),
                                ],
                                verbose_name="后补期限",
                            ),
                        ),
                        (
                            "result_waits",
                            models.BooleanField(
                                default=True,
                                help_text="法律规定材料齐全才能作出决定的，要勾选；只用于可容缺后补的材料",
                                verbose_name="补齐后才出结果",
                            ),
                        ),
                        ("copies", models.PositiveSmallIntegerField(default=1, verbose_name="份数")),
                        ("role", models.CharField(blank=True, max_length=40, verbose_name="谁的")),
                        ("excludes", models.JSONField(blank=True, default=list, verbose_name="不能与何者同时要求")),
                        ("reason", models.CharField(blank=True, max_length=200, verbose_name="为什么要")),
                    ],
                    options={
                        "verbose_name": "申请材料",
                        "verbose_name_plural": "申请材料",
                        "ordering": ["position", "pk"],
                        "abstract": False,
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("item", "material", "role"), name="item_material_once_per_item"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ItemImplementation",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("package", models.SlugField(blank=True, max_length=60, verbose_name="所在事项包")),
                        ("sources", models.JSONField(blank=True, default=list, verbose_name="出处")),
                        (
                            "confidence",
                            models.CharField(
                                choices=[
                                    ("seen", "有出处"),
                                    ("inferred", "由所见推出"),
                                    ("general", "通识，未见出处"),
                                    ("open", "待查"),
                                ],
                                default="general",
                                max_length=10,
                                verbose_name="把握",
                            ),
                        ),
                        (
                            "item",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="implementations",
                                to="catalog.serviceitem",
                                verbose_name="标准事项",
                            ),
                        ),
                        (
                            "division",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="catalog.division",
                                verbose_name="实施区划",
                            ),
                        ),
                        (
                            "department",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="catalog.department",
                                verbose_name="实施部门",
                            ),
                        ),
                        (
                            "overrides",
                            models.JSONField(
                                blank=True,
                                default=dict,
                                help_text="{要素: 本地的值}；见 catalog.definitions.overrides",
                                verbose_name="与标准的不同",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "地方实施",
                        "verbose_name_plural": "地方实施",
                        "ordering": ["item", "division"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("item", "division"), name="implementation_once_per_division"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ItemConsent",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("sources", models.JSONField(blank=True, default=list, verbose_name="出处")),
                        (
                            "confidence",
                            models.CharField(
                                choices=[
                                    ("seen", "有出处"),
                                    ("inferred", "由所见推出"),
                                    ("general", "通识，未见出处"),
                                    ("open", "待查"),
                                ],
                                default="general",
                                max_length=10,
                                verbose_name="把握",
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField(default=0, verbose_name="顺序")),
                        (
                            "item",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="consents",
                                to="catalog.serviceitem",
                                verbose_name="事项",
                            ),
                        ),
                        ("code", models.CharField(max_length=60, verbose_name="代码")),
                        ("text", models.TextField(verbose_name="同意内容")),
                        ("required", models.BooleanField(default=True, verbose_name="必须同意")),
                    ],
                    options={
                        "verbose_name": "同意事项",
                        "verbose_name_plural": "同意事项",
                        "ordering": ["position", "pk"],
                        "abstract": False,
                        "constraints": [
                            models.UniqueConstraint(fields=("item", "code"), name="item_consent_code_once_per_item")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FrequentQuestion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("sources", models.JSONField(blank=True, default=list, verbose_name="出处")),
                        (
                            "confidence",
                            models.CharField(
                                choices=[
                                    ("seen", "有出处"),
                                    ("inferred", "由所见推出"),
                                    ("general", "通识，未见出处"),
                                    ("open", "待查"),
                                ],
                                default="general",
                                max_length=10,
                                verbose_name="把握",
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField(default=0, verbose_name="顺序")),
                        (
                            "matter",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="faqs",
                                to="catalog.matter",
                                verbose_name="一件事",
                            ),
                        ),
                        (
                            "item",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="faqs",
                                to="catalog.serviceitem",
                                verbose_name="事项",
                            ),
                        ),
                        ("question", models.CharField(max_length=200, verbose_name="问")),
                        ("answer", models.TextField(verbose_name="答")),
                    ],
                    options={
                        "verbose_name": "常见问题",
                        "verbose_name_plural": "常见问题",
                        "ordering": ["position", "pk"],
                        "abstract": False,
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("item__isnull", False), ("matter__isnull", True)),
                                    models.Q(("item__isnull", True), ("matter__isnull", False)),
                                    _connector="OR",
                                ),
                                name="frequent_question_of_one_owner",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FormLine",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("sources", models.JSONField(blank=True, default=list, verbose_name="出处")),
                        (
                            "confidence",
                            models.CharField(
                                choices=[
                                    ("seen", "有出处"),
                                    ("inferred", "由所见推出"),
                                    ("general", "通识，未见出处"),
                                    ("open", "待查"),
                                ],
                                default="general",
                                max_length=10,
                                verbose_name="把握",
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField(default=0, verbose_name="顺序")),
                        (
                            "item",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="lines",
                                to="catalog.serviceitem",
                                verbose_name="事项",
                            ),
                        ),
                        ("code", models.CharField(max_length=60, verbose_name="表单字段代码")),
                        ("role", models.CharField(max_length=40, verbose_name="谁的")),
                        (
                            "element",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="catalog.dataelement",
                                verbose_name="数据元",
                            ),
                        ),
                        ("label", models.CharField(max_length=100, verbose_name="表单上的名称")),
                        ("required", models.BooleanField(default=True, verbose_name="必填")),
                        (
                            "required_when",
                            models.JSONField(
                                blank=True, help_text="填了它，就不看“必填”", null=True, verbose_name="必填的条件"
                            ),
                        ),
                        ("condition", models.JSONField(blank=True, null=True, verbose_name="出现条件")),
                        ("section", models.CharField(max_length=40, verbose_name="所在部分")),
                        (
                            "reuse",
                            models.CharField(
                                choices=[("reuse", "直接沿用"), ("confirm", "请申请人核对"), ("ask", "每次都问")],
                                default="reuse",
                                max_length=10,
                                verbose_name="沿用方式",
                            ),
                        ),
                        ("constraints", models.JSONField(blank=True, default=dict, verbose_name="格式要求")),
                        ("help", models.CharField(blank=True, max_length=200, verbose_name="填写说明")),
                        ("reason", models.CharField(blank=True, max_length=200, verbose_name="用途")),
                    ],
                    options={
                        "verbose_name": "表单字段",
                        "verbose_name_plural": "表单字段",
                        "ordering": ["position", "pk"],
                        "abstract": False,
                        "constraints": [
                            models.UniqueConstraint(fields=("item", "code"), name="form_line_code_once_per_item"),
                            models.UniqueConstraint(
                                fields=("item", "role", "element"), name="form_line_fact_once_per_item"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CrossRule",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("sources", models.JSONField(blank=True, default=list, verbose_name="出处")),
                        (
                            "confidence",
                            models.CharField(
                                choices=[
                                    ("seen", "有出处"),
                                    ("inferred", "由所见推出"),
                                    ("general", "通识，未见出处"),
                                    ("open", "待查"),
                                ],
                                default="general",
                                max_length=10,
                                verbose_name="把握",
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField(default=0, verbose_name="顺序")),
                        (
                            "item",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="cross_rules",
                                to="catalog.serviceitem",
                                verbose_name="事项",
                            ),
                        ),
                        ("code", models.CharField(max_length=60, verbose_name="代码")),
                        ("violated", models.JSONField(verbose_name="何时有误")),
                        ("message", models.CharField(max_length=200, verbose_name="提示")),
                        ("fields", models.JSONField(default=list, verbose_name="涉及字段")),
                    ],
                    options={
                        "verbose_name": "跨字段规则",
                        "verbose_name_plural": "跨字段规则",
                        "ordering": ["position", "pk"],
                        "abstract": False,
                        "constraints": [
                            models.UniqueConstraint(fields=("item", "code"), name="cross_rule_code_once_per_item")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Translation",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "matter",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="translations",
                                to="catalog.matter",
                                verbose_name="一件事",
                            ),
                        ),
                        ("language", models.CharField(default="en", max_length=10, verbose_name="语言")),
                        ("source", models.TextField(verbose_name="原文")),
                        ("text", models.TextField(verbose_name="译文")),
                    ],
                    options={
                        "verbose_name": "译文",
                        "verbose_name_plural": "译文",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("matter", "language", "source"), name="translation_once", nulls_distinct=False
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DefinitionEvent",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("at", models.DateTimeField(verbose_name="时间")),
                        (
                            "operation",
                            models.CharField(
                                choices=[("insert", "新增"), ("update", "修改"), ("delete", "删除")],
                                max_length=6,
                                verbose_name="做了什么",
                            ),
                        ),
                        (
                            "model",
                            models.CharField(help_text="模型名，如 formline", max_length=40, verbose_name="什么"),
                        ),
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
                migrations.CreateModel(
                    name="Appointment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="appointments",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="人员",
                            ),
                        ),
                        (
                            "department",
                            models.ForeignKey(
                                blank=True,
                                help_text="目录管理员、目录审核员不属于部门，留空。",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="catalog.department",
                                verbose_name="部门",
                            ),
                        ),
                        (
                            "role",
                            models.CharField(
                                choices=[
                                    ("clerk", "综合窗口人员"),
                                    ("reviewer", "审查人员"),
                                    ("lead", "部门负责人"),
                                    ("supervisor", "效能监察人员"),
                                    ("catalog_manager", "目录管理员"),
                                    ("catalog_reviewer", "目录审核员"),
                                ],
                                max_length=20,
                                verbose_name="岗位",
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("open", "待确认"),
                                    ("granted", "已任命"),
                                    ("refused", "未同意"),
                                    ("withdrawn", "已撤回"),
                                ],
                                default="open",
                                max_length=10,
                                verbose_name="状态",
                            ),
                        ),
                        (
                            "proposed_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="提出人",
                            ),
                        ),
                        ("proposed_at", models.DateTimeField(auto_now_add=True, verbose_name="提出时间")),
                        (
                            "decided_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="确认人",
                            ),
                        ),
                        ("decided_at", models.DateTimeField(null=True, verbose_name="确认时间")),
                        ("by_lead", models.BooleanField(default=False, verbose_name="由部门负责人直接任命")),
                    ],
                    options={
                        "verbose_name": "任职",
                        "verbose_name_plural": "任职",
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("status", "open")),
                                fields=("user", "department", "role"),
                                name="appointment_one_open",
                                nulls_distinct=False,
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("department__isnull", True),
                                        ("role__in", ("catalog_manager", "catalog_reviewer")),
                                    ),
                                    models.Q(
                                        ("department__isnull", False),
                                        models.Q(("role__in", ("catalog_manager", "catalog_reviewer")), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="appointment_office_has_no_department",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("status", "granted"), _negated=True),
                                    models.Q(
                                        ("decided_by__isnull", False),
                                        models.Q(("decided_by", models.F("user")), _negated=True),
                                        models.Q(("proposed_by", models.F("user")), _negated=True),
                                        models.Q(
                                            models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                                            models.Q(("by_lead", True), ("department__isnull", False)),
                                            _connector="OR",
                                        ),
                                    ),
                                    _connector="OR",
                                ),
                                name="appointment_by_two_people",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DepartmentGroupObjectPermission",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "permission",
                            models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="auth.permission"),
                        ),
                        ("group", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="auth.group")),
                        (
                            "content_object",
                            models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="catalog.department"),
                        ),
                    ],
                    options={
                        "unique_together": {("group", "permission", "content_object")},
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="DepartmentUserObjectPermission",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "permission",
                            models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="auth.permission"),
                        ),
                        (
                            "user",
                            models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL),
                        ),
                        (
                            "content_object",
                            models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="catalog.department"),
                        ),
                    ],
                    options={
                        "unique_together": {("user", "permission", "content_object")},
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="GuideOption",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("sources", models.JSONField(blank=True, default=list, verbose_name="出处")),
                        (
                            "confidence",
                            models.CharField(
                                choices=[
                                    ("seen", "有出处"),
                                    ("inferred", "由所见推出"),
                                    ("general", "通识，未见出处"),
                                    ("open", "待查"),
                                ],
                                default="general",
                                max_length=10,
                                verbose_name="把握",
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField(default=0, verbose_name="顺序")),
                        (
                            "question",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="options",
                                to="catalog.guidequestion",
                                verbose_name="引导问题",
                            ),
                        ),
                        ("value", models.SlugField(max_length=40, verbose_name="值")),
                        ("label", models.CharField(max_length=80, verbose_name="选项")),
                        ("note", models.CharField(blank=True, max_length=300, verbose_name="影响")),
                        ("stops", models.CharField(blank=True, max_length=300, verbose_name="不能网办的说明")),
                        ("condition", models.JSONField(blank=True, null=True, verbose_name="何时可选")),
                    ],
                    options={
                        "verbose_name": "选项",
                        "verbose_name_plural": "选项",
                        "ordering": ["position", "pk"],
                        "abstract": False,
                        "constraints": [
                            models.UniqueConstraint(fields=("question", "value"), name="guide_option_value_unique")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="MaterialExemption",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("sources", models.JSONField(blank=True, default=list, verbose_name="出处")),
                        (
                            "confidence",
                            models.CharField(
                                choices=[
                                    ("seen", "有出处"),
                                    ("inferred", "由所见推出"),
                                    ("general", "通识，未见出处"),
                                    ("open", "待查"),
                                ],
                                default="general",
                                max_length=10,
                                verbose_name="把握",
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField(default=0, verbose_name="顺序")),
                        (
                            "need",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="exemptions",
                                to="catalog.itemmaterial",
                                verbose_name="申请材料",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("certificate", "电子证照"),
                                    ("shared_data", "数据共享"),
                                    ("result", "本次联办的结果"),
                                    ("commitment", "告知承诺"),
                                    ("generated", "系统生成"),
                                    ("mandate", "登记的授权"),
                                    ("earlier_upload", "以前交过"),
                                ],
                                max_length=16,
                                verbose_name="方式",
                            ),
                        ),
                        (
                            "reference",
                            models.CharField(
                                blank=True,
                                help_text="证照类型、共享数据、联办事项或承诺的代码",
                                max_length=80,
                                verbose_name="所指",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "免交方式",
                        "verbose_name_plural": "免交方式",
                        "ordering": ["position", "pk"],
                        "abstract": False,
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("need", "kind", "reference"), name="exemption_once_per_need"
                            )
                        ],
                    },
                ),
            ],
        ),
        migrations.RunSQL(FUNCTIONS, DROPPED),
        migrations.RunSQL(TRIGGERS, migrations.RunSQL.noop),
        migrations.RunSQL(
            "INSERT INTO catalog_searchrevision (token) VALUES (gen_random_uuid())", migrations.RunSQL.noop
        ),
        migrations.RunPython(found_offices, migrations.RunPython.noop),
    ]
