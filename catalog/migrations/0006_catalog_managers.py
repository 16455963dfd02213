"""Proposals know what they were compared with, and the two offices of the catalog are there from the start."""

from typing import Any

from django.contrib.auth.management import create_permissions
from django.db import migrations, models

EDITED = (
    "department",
    "division",
    "dataelement",
    "material",
    "certificatetype",
    "factsource",
    "translation",
    "serviceitem",
    "formline",
    "itemmaterial",
    "materialexemption",
    "itemoutput",
    "itemresult",
    "itemconsent",
    "crossrule",
    "reviewpoint",
    "itemimplementation",
    "matter",
    "matterrole",
    "mattersection",
    "guidequestion",
    "guideoption",
    "matteritem",
    "matterdependency",
    "declaredfigure",
    "frequentquestion",
    "regionalguide",
)
SEEN = ("proposal", "matterversion", "itemversion", "regionalversion")
OFFICES = {
    "目录管理员": (("view", "add", "change", "delete"), "propose_definition"),
    "目录审核员": (("view",), "review_definition"),
}


def found_offices(apps: Any, schema_editor: Any) -> None:
    """Create the two groups with their rights; whoever changes them later is not overruled."""
    config = apps.get_app_config("catalog")
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0)
    config.models_module = None
    group_model, permission_model = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    for name, (verbs, own) in OFFICES.items():
        group, is_new = group_model.objects.get_or_create(name=name)
        if is_new:
            wanted = [
                own,
                *(f"view_{model}" for model in SEEN),
                *(f"{verb}_{model}" for verb in verbs for model in EDITED),
            ]
            group.permissions.set(
                permission_model.objects.filter(content_type__app_label="catalog", codename__in=wanted)
            )


class Migration(migrations.Migration):
    dependencies = [  # noqa: RUF012
        ("catalog", "0005_history"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [  # noqa: RUF012
        migrations.AlterModelOptions(
            name="proposal",
            options={
                "ordering": ["-proposed_at", "-pk"],
                "permissions": [("propose_definition", "提出发布"), ("review_definition", "审核发布")],
                "verbose_name": "发布申请",
                "verbose_name_plural": "发布申请",
            },
        ),
        migrations.AddField(
            model_name="proposal",
            name="base_number",
            field=models.PositiveIntegerField(
                blank=True, help_text="提出时的现行版本号；空为第一次发布", null=True, verbose_name="所比的版本"
            ),
        ),
        migrations.RunPython(found_offices, migrations.RunPython.noop),
    ]
