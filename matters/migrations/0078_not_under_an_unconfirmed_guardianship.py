"""Nothing is begun or filed by a guardian whom one officer alone recorded: the database sees to it, as of other mandates that are not in force."""

from __future__ import annotations

from importlib import import_module
from typing import ClassVar

from django.db import migrations

BEFORE = import_module("matters.migrations.0048_deaths_taken_back")._STANDING
CONFIRMED = BEFORE.replace(
    "AND NEW.organisation_id IS NULL",
    """AND NEW.organisation_id IS NULL
            AND (m.kind = 'authorised' OR m.source <> 'paper' OR m.confirmed_by_id IS NOT NULL)""",
)


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("matters", "0077_promises_stay"),
        ("accounts", "0021_guardians_of_one_officer"),
    ]

    operations: ClassVar = [migrations.RunSQL(CONFIRMED, BEFORE)]
