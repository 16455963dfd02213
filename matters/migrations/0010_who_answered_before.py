"""Who answered earlier corrections stands in the ledger; where it was who had asked, the ledger alone says so."""

from django.db import migrations

FILL = """
WITH answered AS (
    SELECT r.id, r.requested_by_id, s.bundle_id, s.key,
           row_number() OVER (PARTITION BY r.sub_item_id ORDER BY r.answered_at, r.id) AS place
      FROM matters_correctionrequest r JOIN matters_subitem s ON s.id = r.sub_item_id
     WHERE r.answered_at IS NOT NULL
), answers AS (
    SELECT chain_id, sub_item, actor_id, row_number() OVER (PARTITION BY chain_id, sub_item ORDER BY sequence) AS place
      FROM ledger_event WHERE kind = 'resubmitted'
)
UPDATE matters_correctionrequest r SET answered_by_id = answers.actor_id
  FROM answered
  JOIN answers ON answers.chain_id = answered.bundle_id AND answers.sub_item = answered.key AND answers.place = answered.place
 WHERE r.id = answered.id AND answers.actor_id <> answered.requested_by_id
"""


class Migration(migrations.Migration):
    dependencies = [("matters", "0009_answered_by"), ("ledger", "0001_initial")]  # noqa: RUF012

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]  # noqa: RUF012
