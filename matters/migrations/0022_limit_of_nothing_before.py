"""Going back, a limit that is not published is kept as it used to be: as none."""

from typing import Any

from django.db import migrations


def fill_limits(apps: Any, schema_editor: Any) -> None:
    """Say 0 where the column may no longer be empty."""
    apps.get_model("matters", "SubItem").objects.filter(promised_limit_days=None).update(promised_limit_days=0)


class Migration(migrations.Migration):
    dependencies = [("matters", "0021_limit_may_be_unpublished")]

    operations = [migrations.RunPython(migrations.RunPython.noop, fill_limits)]
