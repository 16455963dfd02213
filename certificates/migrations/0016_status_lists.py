"""Each certificate has a random place in a status list, which is published signed; those issued before get theirs here."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models

import certificates.models
from certificates.core.status_list import GIVEN_OUT, PLACES

SEATS = "CREATE SEQUENCE certificates_status_seat AS bigint MINVALUE 0 START 0"
# Within its list every certificate takes another stretch of places, and one at random of it.
PLACE_ALL = f"""
UPDATE certificates_certificate c SET status_place = new.place
  FROM (SELECT id, (row_number() OVER (PARTITION BY status_list ORDER BY random()) - 1) * {PLACES // GIVEN_OUT}
                   + floor(random() * {PLACES // GIVEN_OUT})::int AS place FROM certificates_certificate) new
 WHERE c.id = new.id;
"""  # noqa: S608 - two numbers of ours
STAYS = """
CREATE TRIGGER certificates_certificate_status_place_stays BEFORE UPDATE ON certificates_certificate
    FOR EACH ROW WHEN ((NEW.status_list, NEW.status_place) IS DISTINCT FROM (OLD.status_list, OLD.status_place))
    EXECUTE FUNCTION certificates_edition_stays();
"""
MAY_MOVE = "DROP TRIGGER certificates_certificate_status_place_stays ON certificates_certificate"


class Migration(migrations.Migration):
    dependencies: ClassVar = [("certificates", "0015_suspension")]

    operations: ClassVar = [
        migrations.RunSQL(SEATS, "DROP SEQUENCE certificates_status_seat"),
        migrations.AddField(
            "certificate",
            "status_list",
            models.IntegerField(db_default=certificates.models.NextStatusList(), editable=False),
        ),
        migrations.AddField("certificate", "status_place", models.IntegerField(null=True, editable=False)),
        migrations.RunSQL(PLACE_ALL, migrations.RunSQL.noop),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AlterField(
            "certificate",
            "status_place",
            models.IntegerField(default=certificates.models.new_status_place, editable=False),
        ),
        migrations.AddConstraint(
            "certificate",
            models.UniqueConstraint(fields=["status_list", "status_place"], name="certificate_status_place_once"),
        ),
        migrations.AddIndex(
            "certificate",
            models.Index(
                fields=["status_list", "status_place"],
                name="certificate_not_valid",
                condition=~models.Q(status="valid"),
            ),
        ),
        migrations.RunSQL(STAYS, MAY_MOVE),
        migrations.CreateModel(
            name="StatusList",
            fields=[
                ("number", models.IntegerField(primary_key=True, serialize=False, verbose_name="状态表编号")),
                ("token", models.TextField(blank=True, verbose_name="已签名的状态表")),
                ("signed_at", models.DateTimeField(null=True, verbose_name="签名时间")),
            ],
            options={"verbose_name": "证照状态表", "verbose_name_plural": "证照状态表"},
        ),
    ]
