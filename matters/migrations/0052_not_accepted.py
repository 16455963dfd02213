"""A refusal to accept (不予受理) is a state and an outcome of its own; what was refused before acceptance until now reads so as well."""

from typing import ClassVar

from django.db import migrations, models

STATES = [
    "accepted", "approved", "not_accepted", "queued", "rejected", "resubmitted", "returned", "terminated", "under_review",
    "waiting", "withdrawn",
]  # fmt: skip
CONCLUDED = ["approved", "not_accepted", "rejected", "terminated", "withdrawn"]

# The event says which of the rejections was one: a department's own system may reject before acceptance as well.
REFUSED = """
UPDATE matters_subitem s SET state = 'not_accepted'
  FROM ledger_event e
 WHERE s.state = 'rejected' AND e.chain_id = s.bundle_id AND e.sub_item = s.key AND e.kind = 'acceptance_refused';
UPDATE matters_decision d SET outcome = 'not_accepted'
  FROM matters_subitem s
 WHERE s.id = d.sub_item_id AND s.state = 'not_accepted' AND d.outcome = 'rejected';
"""

TAKEN_BACK = """
UPDATE matters_subitem SET state = 'rejected' WHERE state = 'not_accepted';
UPDATE matters_decision SET outcome = 'rejected' WHERE outcome = 'not_accepted';
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("matters", "0051_not_decided_by_who_acts"), ("ledger", "0006_kinds_of_security_events")]

    operations: ClassVar = [
        migrations.AlterField(
            "decision",
            "outcome",
            models.CharField(
                "结论",
                max_length=12,
                choices=[("approved", "准予"), ("rejected", "不予"), ("not_accepted", "不予受理")],
            ),
        ),
        migrations.AlterField(
            "subitem",
            "state",
            models.CharField(
                "状态",
                max_length=20,
                default="waiting",
                choices=[(each, each) for each in (
                    "waiting", "queued", "returned", "resubmitted", "accepted", "under_review", "approved", "rejected",
                    "not_accepted", "withdrawn", "terminated",
                )],
            ),
        ),  # fmt: skip
        migrations.RemoveConstraint("subitem", "sub_item_concluded_exactly_when_final"),
        migrations.RemoveConstraint("subitem", "sub_item_state_known"),
        migrations.AddConstraint(
            "subitem",
            models.CheckConstraint(
                condition=models.Q(concluded_at__isnull=False, state__in=CONCLUDED)
                | (~models.Q(state__in=CONCLUDED) & models.Q(concluded_at__isnull=True)),
                name="sub_item_concluded_exactly_when_final",
            ),
        ),
        migrations.AddConstraint(
            "subitem", models.CheckConstraint(condition=models.Q(state__in=STATES), name="sub_item_state_known")
        ),
        migrations.RunSQL(REFUSED, TAKEN_BACK),
    ]
