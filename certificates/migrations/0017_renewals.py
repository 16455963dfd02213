"""A certificate says whose place it took when that was renewed; nobody rewrites it."""

from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

STAYS = """
CREATE TRIGGER certificates_certificate_renews_stays BEFORE UPDATE ON certificates_certificate
    FOR EACH ROW WHEN (NEW.renews_id IS DISTINCT FROM OLD.renews_id) EXECUTE FUNCTION certificates_edition_stays();
"""
MAY_MOVE = "DROP TRIGGER certificates_certificate_renews_stays ON certificates_certificate"


class Migration(migrations.Migration):
    dependencies: ClassVar = [("certificates", "0016_status_lists")]

    operations: ClassVar = [
        migrations.AddField(
            "certificate",
            "renews",
            models.OneToOneField(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="renewed_by",
                to="certificates.certificate",
                verbose_name="续自",
            ),
        ),
        migrations.RunSQL(STAYS, MAY_MOVE),
        migrations.AddIndex(
            "certificate",
            models.Index(
                fields=["certificate_type", "expires_on"],
                name="certificate_ends",
                condition=models.Q(status="valid", expires_on__isnull=False),
            ),
        ),
    ]
