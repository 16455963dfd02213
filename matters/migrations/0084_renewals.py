"""Which application was begun to renew a certificate, and which reminders went out: only added to."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


STAYS = """
CREATE TRIGGER matters_renewal_append_only BEFORE DELETE OR UPDATE ON matters_renewal
    FOR EACH ROW EXECUTE FUNCTION sharing_refuse();
CREATE TRIGGER matters_renewal_no_truncate BEFORE TRUNCATE ON matters_renewal
    FOR EACH STATEMENT EXECUTE FUNCTION sharing_refuse();
CREATE TRIGGER matters_renewalreminder_append_only BEFORE DELETE OR UPDATE ON matters_renewalreminder
    FOR EACH ROW EXECUTE FUNCTION sharing_refuse();
CREATE TRIGGER matters_renewalreminder_no_truncate BEFORE TRUNCATE ON matters_renewalreminder
    FOR EACH STATEMENT EXECUTE FUNCTION sharing_refuse();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('certificates', '0017_renewals'),
        ('matters', '0083_letters_printed_when_opened'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Renewal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('application', models.UUIDField(editable=False, unique=True)),
                ('begun_at', models.DateTimeField(auto_now_add=True, verbose_name='开始时间')),
                ('begun_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='申请人')),
                ('certificate', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='renewals', to='certificates.certificate', verbose_name='证照')),
            ],
            options={
                'verbose_name': '续证申请',
                'verbose_name_plural': '续证申请',
            },
        ),
        migrations.CreateModel(
            name='RenewalReminder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('days', models.PositiveSmallIntegerField(verbose_name='到期前天数')),
                ('sent_at', models.DateTimeField(auto_now_add=True, verbose_name='提醒时间')),
                ('certificate', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='renewal_reminders', to='certificates.certificate', verbose_name='证照')),
            ],
            options={
                'verbose_name': '续证提醒',
                'verbose_name_plural': '续证提醒',
                'constraints': [models.UniqueConstraint(fields=('certificate', 'days'), name='renewal_reminder_once')],
            },
        ),
        migrations.RunSQL(STAYS, migrations.RunSQL.noop),
    ]
