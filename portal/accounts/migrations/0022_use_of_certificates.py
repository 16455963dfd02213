from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("accounts", "0021_guardians_of_one_officer")]

    operations: ClassVar = [
        migrations.AddField(
            model_name=name,
            name="uses_certificates",
            field=models.BooleanField(db_default=False, default=False, verbose_name="可以用证照填表、代替材料"),
        )
        for name in ("mandate", "mandateoffer")
    ]
