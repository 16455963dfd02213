"""A matter's version has a content, as an item's version and a proposal have; a plan is what one set of answers leads to."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0007_managers_keep_the_search'),
    ]

    operations = [
        migrations.RenameField(model_name='matterversion', old_name='plan', new_name='content'),
    ]
