import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("matters", "0078_not_under_an_unconfirmed_guardianship"),
    ]

    operations = [
        migrations.CreateModel(
            name="HeldValues",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("revision", models.PositiveIntegerField(verbose_name="保存次数")),
                ("values_sealed", models.BinaryField(verbose_name="原来的内容（加密）")),
                ("saved_at", models.DateTimeField(verbose_name="保存时间")),
                (
                    "draft",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="held_values",
                        to="matters.draft",
                        verbose_name="草稿",
                    ),
                ),
            ],
            options={
                "verbose_name": "保全期间改动前的内容",
                "verbose_name_plural": "保全期间改动前的内容",
                "constraints": [models.UniqueConstraint(fields=("draft", "revision"), name="held_values_once_a_save")],
            },
        ),
    ]
