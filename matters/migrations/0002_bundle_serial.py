"""The serial in a bundle's number: a sequence, so that nobody waits for anybody's number."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("matters", "0001_initial")]

    operations = [
        migrations.RunSQL("CREATE SEQUENCE matters_bundle_serial AS bigint", "DROP SEQUENCE matters_bundle_serial")
    ]
