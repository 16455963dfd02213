from django.db import migrations, models

KINDS = [
    ("receipt", "receipt"),
    ("acceptance", "acceptance"),
    ("acceptance_refused", "acceptance_refused"),
    ("correction", "correction"),
    ("extension", "extension"),
    ("grant", "grant"),
    ("grant_in_part", "grant_in_part"),
    ("refusal", "refusal"),
    ("delivery", "delivery"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("matters", "0070_contradictions"),
    ]

    operations = [
        migrations.AlterField(
            model_name=name,
            name="kind",
            field=models.CharField(choices=KINDS, max_length=20, verbose_name="文书种类"),
        )
        for name in ("documentseries", "officialdocument")
    ]
