"""A matter and an item have a status: what may be done with it now. ``standing`` was a second word for it."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [  # noqa: RUF012
        ("catalog", "0011_context_of_the_history"),
    ]

    operations = [  # noqa: RUF012
        migrations.RenameField("matter", "standing", "status"),
        migrations.RenameField("serviceitem", "standing", "status"),
    ]
