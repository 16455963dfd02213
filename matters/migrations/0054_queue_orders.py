"""Every list of a department's queue in each of its orders is a range of one index: by entry, by time left, by number."""

import datetime
from typing import ClassVar

import django.db.models.functions.comparison
from django.db import migrations, models

# A task is sorted by its sub-item's number; whoever inserts one need not know.
NUMBERED = """
CREATE FUNCTION matters_task_is_numbered() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT number INTO NEW.number FROM matters_subitem WHERE id = NEW.sub_item_id;
    RETURN NEW;
END $$;
CREATE TRIGGER matters_reviewtask_is_numbered BEFORE INSERT ON matters_reviewtask
    FOR EACH ROW EXECUTE FUNCTION matters_task_is_numbered();
UPDATE matters_reviewtask t SET number = s.number FROM matters_subitem s WHERE s.id = t.sub_item_id AND t.closed_at IS NULL;
-- The stored column has rewritten every row, so that its foreign keys wait to be checked again, and no index is made meanwhile.
SET CONSTRAINTS ALL IMMEDIATE;
"""
NOT_NUMBERED = """
DROP TRIGGER matters_reviewtask_is_numbered ON matters_reviewtask;
DROP FUNCTION matters_task_is_numbered();
"""
OPEN = models.Q(closed_at__isnull=True)
UNCLAIMED = models.Q(closed_at__isnull=True, claimed_by__isnull=True)
CLAIMED = models.Q(closed_at__isnull=True, claimed_by__isnull=False)


def queue_index(name: str, fields: list[str], condition: models.Q) -> migrations.AddIndex:
    return migrations.AddIndex("reviewtask", models.Index(fields=fields, name=name, condition=condition))


class Migration(migrations.Migration):
    dependencies: ClassVar = [("matters", "0053_deficiency_kinds")]

    operations: ClassVar = [
        migrations.AddField(
            "reviewtask",
            "number",
            models.CharField(db_default="", default="", editable=False, max_length=40, verbose_name="办件编号"),
        ),
        migrations.AddField(
            "reviewtask",
            "due_order",
            models.GeneratedField(
                db_persist=True,
                expression=django.db.models.functions.comparison.Coalesce(
                    "due_on", models.Value(datetime.date(9999, 12, 31), output_field=models.DateField())
                ),
                output_field=models.DateField(),
            ),
        ),
        migrations.RunSQL(NUMBERED, NOT_NUMBERED),
        migrations.RemoveIndex("reviewtask", "review_queue_due"),
        queue_index("review_queue_left", ["department", "due_order", "id"], OPEN),
        queue_index("review_queue_number", ["department", "number", "id"], OPEN),
        queue_index("review_queue_stage_left", ["department", "stage", "due_order", "id"], OPEN),
        queue_index("review_queue_unclaimed_left", ["department", "due_order", "id"], UNCLAIMED),
        queue_index("review_queue_mine_left", ["claimed_by", "department", "due_order", "id"], CLAIMED),
        migrations.AddIndex(
            "subitem",
            models.Index(
                fields=["department", "state_since", "id"],
                name="sub_item_waits_for_others",
                condition=models.Q(state__in=["waiting"]),
            ),
        ),
        migrations.AddIndex(
            "subitem",
            models.Index(
                fields=["department", "concluded_at", "id"],
                name="sub_item_concluded",
                condition=models.Q(concluded_at__isnull=False),
            ),
        ),
    ]
