"""No office of the catalog writes divisions: every page reads their rows at once."""

from typing import Any

from django.db import migrations

WRITING = ("add_division", "change_division", "delete_division")


def take_divisions(apps: Any, schema_editor: Any) -> None:
    """Take the rights from the offices that are there."""
    for group in apps.get_model("auth", "Group").objects.filter(name__in=("目录管理员", "目录审核员")):
        group.permissions.remove(*_writing(apps))


def give_divisions(apps: Any, schema_editor: Any) -> None:
    """Give them back to the managers."""
    for group in apps.get_model("auth", "Group").objects.filter(name="目录管理员"):
        group.permissions.add(*_writing(apps))


def _writing(apps: Any) -> Any:
    permissions = apps.get_model("auth", "Permission").objects
    return permissions.filter(content_type__app_label="catalog", codename__in=WRITING)


class Migration(migrations.Migration):
    dependencies = [("catalog", "0023_what_nobody_said_is_unknown")]  # noqa: RUF012

    operations = [migrations.RunPython(take_divisions, give_divisions)]
