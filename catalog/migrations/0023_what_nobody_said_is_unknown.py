"""What was 0 or empty only because nobody wrote anything is not known: no fee, no visit, unless a fact says where that was read."""

from typing import Any

from django.db import migrations, models

EMPTY = {"fees": [], "visits": 0, "visits_together": 0}


def forget_defaults(apps: Any, schema_editor: Any) -> None:
    """Empty the fees and visits that are at what used to be the default and that no fact speaks of."""
    items = apps.get_model("catalog", "ServiceItem").objects
    for item in items.only("facts", *EMPTY):
        said = {name: (item.facts.get(name) or {}).get("confidence", "open") != "open" for name in EMPTY}
        said["visits_together"] = said["visits_together"] or said["visits"]
        unknown = {name: None for name, value in EMPTY.items() if getattr(item, name) == value and not said[name]}
        if unknown:
            items.filter(pk=item.pk).update(**unknown)


def fill_defaults(apps: Any, schema_editor: Any) -> None:
    """Say again what an empty column used to say."""
    items = apps.get_model("catalog", "ServiceItem").objects
    for name, value in EMPTY.items():
        items.filter(**{f"{name}__isnull": True}).update(**{name: models.Value(value, models.JSONField()) if name == "fees" else value})


class Migration(migrations.Migration):
    dependencies = [("catalog", "0022_fees_and_visits_may_be_unknown")]

    operations = [migrations.RunPython(forget_defaults, fill_defaults)]
