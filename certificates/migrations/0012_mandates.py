
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0014_mandates_stay'),
        ('certificates', '0011_for_whom_stays'),
    ]

    operations = [
        migrations.AddField(
            model_name='certificate',
            name='mandate',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.mandate', verbose_name='授权'),
        ),
    ]
