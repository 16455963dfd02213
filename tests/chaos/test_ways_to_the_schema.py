"""A new installation and one that was upgraded step by step have the same database, names of its parts aside."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.db.backends.base.creation import BaseDatabaseCreation
from django.db.migrations.executor import MigrationExecutor

PARTS = {
    "columns": """
        SELECT table_name, column_name, udt_name, is_nullable, column_default ~ 'nextval', character_maximum_length,
               generation_expression, is_identity
          FROM information_schema.columns WHERE table_schema = 'public'""",
    "functions": """
        SELECT p.proname, pg_get_function_identity_arguments(p.oid), p.prosrc, p.provolatile
          FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
         WHERE n.nspname = 'public' AND p.proname !~ '^(gtrgm|gin_|similarity|show_|set_limit|word_|strict_)'""",
    "triggers": """
        SELECT t.tgrelid::regclass::text, t.tgname, regexp_replace(pg_get_triggerdef(t.oid), '[()]', '', 'g')
          FROM pg_trigger t WHERE NOT t.tgisinternal""",
    "constraints": """
        SELECT c.conrelid::regclass::text, c.contype, regexp_replace(pg_get_constraintdef(c.oid), '[()]', '', 'g')
          FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace WHERE n.nspname = 'public'""",
    "indexes": """
        SELECT tablename, regexp_replace(indexdef, 'INDEX \\S+ ON', 'INDEX ON')
          FROM pg_indexes WHERE schemaname = 'public'""",
    "sequences of its own": "SELECT sequencename FROM pg_sequences WHERE sequencename ~ '_serial$'",
    "offices": """
        SELECT g.name, p.codename FROM auth_group g JOIN auth_group_permissions x ON x.group_id = g.id
          JOIN auth_permission p ON p.id = x.permission_id""",
}


@pytest.mark.django_db(transaction=True)
def test_both_ways_lead_to_one_schema(django_db_blocker: Any) -> None:
    at_once = _described()
    creation: BaseDatabaseCreation = connection.creation
    ordinary = connection.settings_dict["NAME"]
    stepwise = f"{ordinary}_stepwise"
    with connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute(f'DROP DATABASE IF EXISTS "{stepwise}"')
        cursor.execute(f'CREATE DATABASE "{stepwise}" TEMPLATE template0')
    connection.close()
    connection.settings_dict["NAME"] = stepwise
    try:
        executor = MigrationExecutor(connection)
        executor.loader.replace_migrations = False
        executor.loader.build_graph()
        graph = executor.loader.graph
        executor.migrate([leaf for leaf in graph.leaf_nodes() if not graph.nodes[leaf].replaces])
        step_by_step = _described()
    finally:
        connection.close()
        connection.settings_dict["NAME"] = ordinary
        creation._destroy_test_db(stepwise, verbosity=0)
    for part in PARTS:
        assert at_once[part] ^ step_by_step[part] == set(), part


def _described() -> dict[str, set[tuple[Any, ...]]]:
    found = {}
    with connection.cursor() as cursor:
        for part, query in PARTS.items():
            cursor.execute(query)
            found[part] = set(cursor.fetchall())
    return found
