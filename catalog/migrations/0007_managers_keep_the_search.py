"""The catalog managers keep the words of the search, and read what nobody found; the reviewers look."""

from typing import Any

from django.contrib.auth.management import create_permissions
from django.db import migrations

WORDS = ("searchtarget", "searchphrase", "synonymgroup", "searchquestion")
RIGHTS = {
    "目录管理员": (
        *(f"{verb}_{model}" for verb in ("view", "add", "change", "delete") for model in WORDS),
        *("view_searchmiss", "delete_searchmiss"),
    ),
    "目录审核员": (*(f"view_{model}" for model in WORDS), "view_searchmiss"),
}


def give_search(apps: Any, schema_editor: Any) -> None:
    """Add the rights to the two offices where they are there; an office that was dissolved stays so."""
    config = apps.get_app_config("catalog")
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0)
    config.models_module = None
    group_model, permission_model = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    for group in group_model.objects.filter(name__in=RIGHTS):
        wanted = permission_model.objects.filter(content_type__app_label="catalog", codename__in=RIGHTS[group.name])
        group.permissions.add(*wanted)


class Migration(migrations.Migration):
    dependencies = [("catalog", "0006_catalog_managers")]  # noqa: RUF012

    operations = [migrations.RunPython(give_search, migrations.RunPython.noop)]
