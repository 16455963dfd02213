"""A column is called as the file of a package and the frozen definition call it: one name from the file to the value.

The history keeps what was written before under the names of then.
"""

import django.db.models.deletion
from django.db import migrations, models

RENAMED = (
    ("crossrule", "rule", "violated"),
    ("dataelement", "is_sensitive", "sensitive"),
    ("formline", "is_required", "required"),
    ("guidequestion", "is_multiple", "multiple"),
    ("guidequestion", "is_required", "required"),
    ("itemconsent", "is_required", "required"),
    ("itemoutput", "is_required", "required"),
    ("matteritem", "is_optional", "optional"),
)


class Migration(migrations.Migration):
    dependencies = [  # noqa: RUF012
        ("catalog", "0009_unit_of_element"),
    ]

    operations = [  # noqa: RUF012
        *(migrations.RenameField(model, before, after) for model, before, after in RENAMED),
        migrations.AlterField(
            model_name="itemmaterial",
            name="item",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="materials",
                to="catalog.serviceitem",
                verbose_name="事项",
            ),
        ),
        migrations.AlterField(
            model_name="matterdependency",
            name="matter_item",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="after",
                to="catalog.matteritem",
                verbose_name="联办事项",
            ),
        ),
    ]
