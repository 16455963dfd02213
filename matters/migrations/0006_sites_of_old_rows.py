"""What was entered at a window before is of the department where whoever entered it is a window clerk: the first by code."""

from django.db import migrations

_FILL = """
UPDATE {table} SET site_id = (
    SELECT member.department_id
      FROM catalog_membership member
      JOIN catalog_department department ON department.id = member.department_id
     WHERE member.user_id = {table}.entered_by_id AND member.role = 'clerk'
     ORDER BY department.code
     LIMIT 1)
 WHERE channel = 'counter' AND site_id IS NULL
"""


class Migration(migrations.Migration):
    dependencies = [("matters", "0005_site_of_the_window")]  # noqa: RUF012

    operations = [  # noqa: RUF012
        migrations.RunSQL(_FILL.format(table="matters_draft"), migrations.RunSQL.noop),
        migrations.RunSQL(_FILL.format(table="matters_bundle"), migrations.RunSQL.noop),
    ]
