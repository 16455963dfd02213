from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('matters', '0048_deaths_taken_back'),
    ]

    operations = [
        migrations.AddField(
            model_name='departmentsystem',
            name='switched_at',
            field=models.DateTimeField(editable=False, null=True, verbose_name='最近一次启用或停用'),
        ),
    ]
