"""Who answers a correction is written down; never who asked for it, and who answered it does not decide: the database sees to both."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

REFUSE = """
CREATE FUNCTION matters_correction_answered() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    applicant bigint;
    came_by text;
BEGIN
    IF NEW.answered_by_id IS NULL THEN
        RAISE EXCEPTION 'a correction is answered by somebody' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    SELECT p.user_id, b.channel INTO applicant, came_by
      FROM matters_subitem s
      JOIN matters_bundle b ON b.id = s.bundle_id
      JOIN accounts_person p ON p.id = b.applicant_id
     WHERE s.id = NEW.sub_item_id;
    IF came_by = 'online' AND applicant IS DISTINCT FROM NEW.answered_by_id THEN
        RAISE EXCEPTION 'an online application is answered for by its applicant'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER matters_correctionrequest_answered BEFORE UPDATE OF answered_at ON matters_correctionrequest
    FOR EACH ROW WHEN (OLD.answered_at IS NULL AND NEW.answered_at IS NOT NULL)
    EXECUTE FUNCTION matters_correction_answered();

CREATE FUNCTION matters_decision_by_another() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM matters_correctionrequest r
                WHERE r.sub_item_id = NEW.sub_item_id AND r.answered_by_id = NEW.decided_by_id)
       OR EXISTS (SELECT FROM matters_subitem s
                    JOIN matters_bundle b ON b.id = s.bundle_id
                    JOIN accounts_person p ON p.id = b.applicant_id
                   WHERE s.id = NEW.sub_item_id AND p.user_id = NEW.decided_by_id) THEN
        RAISE EXCEPTION 'nobody decides on what they applied for or answered themselves'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER matters_decision_by_another BEFORE INSERT OR UPDATE OF decided_by_id, sub_item_id ON matters_decision
    FOR EACH ROW EXECUTE FUNCTION matters_decision_by_another();
"""

ALLOW = """
DROP TRIGGER matters_decision_by_another ON matters_decision;
DROP FUNCTION matters_decision_by_another();
DROP TRIGGER matters_correctionrequest_answered ON matters_correctionrequest;
DROP FUNCTION matters_correction_answered();
"""


class Migration(migrations.Migration):
    dependencies = [  # noqa: RUF012
        ("accounts", "0002_initial"),
        ("matters", "0008_scan_of_papers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [  # noqa: RUF012
        migrations.AddField(
            model_name='correctionrequest',
            name='answered_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='补正人'),
        ),
        migrations.AddConstraint(
            model_name='correctionrequest',
            constraint=models.CheckConstraint(condition=models.Q(('answered_by__isnull', True), models.Q(('answered_by', models.F('requested_by')), _negated=True), _connector='OR'), name='correction_not_answered_by_who_asked'),
        ),
        migrations.RunSQL(REFUSE, ALLOW),
    ]
