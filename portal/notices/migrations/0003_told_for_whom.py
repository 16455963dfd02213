"""A message says for which organisation its recipient was told it."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies: ClassVar = [
        ('notices', '0002_seal_what_is_said'),
    ]

    operations: ClassVar = [
        migrations.AddField(
            model_name='message',
            name='principal',
            field=models.UUIDField(editable=False, null=True),
        ),
    ]
