from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("accounts", "0022_use_of_certificates")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="organisationcheck",
            name="named_index",
            field=models.BinaryField(max_length=32, null=True, verbose_name="申请写明的法定代表人"),
        ),
    ]
