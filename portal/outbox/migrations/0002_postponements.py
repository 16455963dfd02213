from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("outbox", "0001_initial")]

    operations = [
        migrations.AddField(
            "outboxmessage",
            "postponements",
            models.PositiveIntegerField(db_default=0, default=0, verbose_name="推迟次数"),
        ),
        migrations.AddField(
            "outboxmessage",
            "postponed_since",
            models.DateTimeField(blank=True, null=True, verbose_name="自何时起推迟"),
        ),
        migrations.AddIndex(
            "outboxmessage",
            models.Index(
                condition=models.Q(done_at__isnull=True, quarantined_at__isnull=True, postponements__gt=0),
                fields=["kind", "id"],
                name="outbox_postponed",
            ),
        ),
    ]
