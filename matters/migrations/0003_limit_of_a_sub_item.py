"""A sub-item keeps the limit that its plan promises, in the plan's own days; so far it held a conversion to working days."""

from django.db import migrations, models

# Sub-items whose item counts calendar days: the number promised, as the frozen content of their version has it.
CALENDAR_DAYS = """
UPDATE matters_subitem s
   SET promised_limit_days = (item #>> '{definition,promised_limit_days}')::int, limit_unit = 'calendar_days'
  FROM matters_bundle b
  JOIN catalog_matterversion v ON v.id = b.matter_version_id
 CROSS JOIN jsonb_array_elements(v.content -> 'items') AS item
 WHERE b.id = s.bundle_id AND item #>> '{definition,slug}' = split_part(s.key, '#', 1)
   AND item #>> '{definition,limit_unit}' = 'calendar_days' AND item #>> '{definition,promised_limit_days}' IS NOT NULL
"""


class Migration(migrations.Migration):
    dependencies = [
        ("matters", "0002_bundle_serial"),
        ("catalog", "0008_content_of_a_version"),
    ]

    operations = [
        migrations.AddField(
            "subitem",
            "limit_unit",
            models.CharField(
                choices=[("working_days", "工作日"), ("calendar_days", "自然日")],
                db_default="working_days",
                default="working_days",
                max_length=14,
                verbose_name="时限单位",
            ),
        ),
        migrations.AlterField("subitem", "promised_limit_days", models.PositiveSmallIntegerField(verbose_name="承诺时限")),
        migrations.RunSQL(CALENDAR_DAYS, migrations.RunSQL.noop),
    ]
