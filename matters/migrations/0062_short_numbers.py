"""A case is found within its department by the last digits of its number."""

from typing import ClassVar

from django.db import migrations, models

from matters.models.cases import NumberTail


class Migration(migrations.Migration):
    dependencies: ClassVar = [("matters", "0061_absences")]

    operations: ClassVar = [
        migrations.AddIndex(
            "subitem",
            models.Index(models.F("department"), NumberTail("number"), name="sub_item_number_tail"),
        ),
    ]
