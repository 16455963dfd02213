"""Combinations that were frozen before their lead department was kept get the one their content names."""

from __future__ import annotations

from django.db import migrations

LEADS = """
UPDATE catalog_matter m SET lead_department_id = lead.id
  FROM catalog_matterversion v, catalog_department lead
 WHERE v.id = m.current_version_id AND lead.code = v.content #>> '{matter,lead_department}'
   AND NOT m.is_listed AND m.lead_department_id IS NULL
"""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0019_matterrole_same_as")]

    operations = [migrations.RunSQL(LEADS, migrations.RunSQL.noop)]
