
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0014_mandates_stay'),
        ('catalog', '0028_founded_by_a_result'),
        ('matters', '0040_forgotten_papers'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='bundle',
            name='mandate',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.mandate', verbose_name='授权'),
        ),
        migrations.AddField(
            model_name='draft',
            name='mandate',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.mandate', verbose_name='授权'),
        ),
        migrations.AddIndex(
            model_name='bundle',
            index=models.Index(condition=models.Q(('mandate__isnull', False)), fields=['mandate', '-submitted_at'], name='bundle_under_mandate'),
        ),
        migrations.AddIndex(
            model_name='draft',
            index=models.Index(condition=models.Q(('mandate__isnull', False), ('submitted_at__isnull', True)), fields=['mandate', '-saved_at'], name='draft_under_mandate'),
        ),
    ]
