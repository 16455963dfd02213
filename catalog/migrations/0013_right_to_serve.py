"""The window has a right of its own, ``serve``; who is a window clerk already is given it."""

from typing import Any

from django.contrib.auth.management import create_permissions
from django.db import migrations


def give_it_to_the_clerks(apps: Any, schema_editor: Any) -> None:
    """Grant ``serve`` on its department to each group of window clerks (``dept:<code>:clerk``)."""
    config = apps.get_app_config("catalog")
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0)
    config.models_module = None
    group_model, permission_model = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    department_model = apps.get_model("catalog", "Department")
    grant_model = apps.get_model("catalog", "DepartmentGroupObjectPermission")
    serve = permission_model.objects.get(content_type__app_label="catalog", codename="serve_department")
    for department in department_model.objects.all():
        for group in group_model.objects.filter(name=f"dept:{department.code}:clerk"):
            grant_model.objects.get_or_create(group=group, permission=serve, content_object=department)


def take_it_back(apps: Any, schema_editor: Any) -> None:
    """Remove every grant of ``serve``."""
    for name in ("DepartmentGroupObjectPermission", "DepartmentUserObjectPermission"):
        apps.get_model("catalog", name).objects.filter(permission__codename="serve_department").delete()


class Migration(migrations.Migration):
    dependencies = [("catalog", "0012_status")]  # noqa: RUF012

    operations = [  # noqa: RUF012
        migrations.AlterModelOptions(
            name="department",
            options={
                "permissions": [
                    ("serve_department", "综合窗口服务"),
                    ("accept_department", "收件受理"),
                    ("review_department", "审查"),
                    ("decide_department", "决定"),
                    ("issue_department", "签发证照"),
                    ("supervise_department", "监督督办"),
                ],
                "verbose_name": "部门",
                "verbose_name_plural": "部门",
            },
        ),
        migrations.RunPython(give_it_to_the_clerks, take_it_back),
    ]
