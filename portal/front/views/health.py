"""Is this process alive, and may it be sent visitors?"""

from __future__ import annotations

from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.embedded import EmbeddedServerError

_is_migrated = False


@never_cache
@require_safe
def livez(request: HttpRequest) -> JsonResponse:
    """Answer at all. Touches nothing: a slow database is no reason to restart the process."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Answer 200 when pages can be served: the database is there and migrated; else 503 with what is wanting.

    The broker and the workers are left out: without them pages work, and submissions arrive later.
    """
    parts = {"database": "ok", "migrations": "ok"}
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        if not _migrated():
            parts["migrations"] = "pending"
    except (Error, EmbeddedServerError):
        parts = {"database": "unreachable", "migrations": "unknown"}
    is_ready = all(state == "ok" for state in parts.values())
    return JsonResponse(
        {"status": "ok" if is_ready else "unavailable", "parts": parts}, status=200 if is_ready else 503
    )


def _migrated() -> bool:
    """Say whether every migration of this code is applied; asked of the database until the answer is yes."""
    global _is_migrated
    if not _is_migrated:
        executor = MigrationExecutor(connection)
        _is_migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _is_migrated
