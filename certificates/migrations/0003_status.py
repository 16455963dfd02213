"""A certificate has a status, as everything else that has one."""

from django.db import migrations, models
from django.db.models.deletion import PROTECT

RENAME = """
ALTER TRIGGER certificates_{0}change_append_only ON certificates_statuschange RENAME TO certificates_{1}change_append_only;
CREATE OR REPLACE FUNCTION certificates_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a change of {1} is never rewritten: % refused', TG_OP
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("certificates", "0002_triggers")]

    operations = [
        migrations.RenameField("certificate", "standing", "status"),
        migrations.RenameModel("StandingChange", "StatusChange"),
        migrations.RenameField("statuschange", "standing", "status"),
        migrations.AlterField(
            "statuschange",
            "certificate",
            models.ForeignKey(
                on_delete=PROTECT, related_name="status_changes", to="certificates.certificate", verbose_name="证照"
            ),
        ),
        migrations.RunSQL(
            RENAME.format("standing", "status"),
            RENAME.format("status", "standing"),
        ),
    ]
