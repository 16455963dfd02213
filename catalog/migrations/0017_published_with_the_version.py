"""A version says where lists show it and how far it is open; current ones that do not yet are followed by one that does.

Publishing a version is all that changes a public page from here on. What was current before is kept as it was: a
version is never rewritten, so its content goes into the next number, with the four values that stood in the matter's row.
"""

from typing import Any

import django.db.models.fields.json
import django.db.models.functions.comparison
from django.db import migrations, models

from catalog.definitions.hashing import content_hash


def say_it_in_the_version(apps: Any, schema_editor: Any) -> None:
    """Give each current version, of the standard and of divisions, a successor that says what its matter's row said."""
    matters, versions = apps.get_model("catalog", "Matter"), apps.get_model("catalog", "MatterVersion")
    regional = apps.get_model("catalog", "RegionalVersion")
    for matter in matters.objects.exclude(current_version=None):
        renewed = {}
        for pk in {matter.current_version_id, *regional.objects.filter(matter=matter).values_list("version", flat=True)}:
            version = versions.objects.get(pk=pk)
            if "status" in version.content["matter"]:
                continue
            told = {name: getattr(matter, name) for name in ("theme", "position", "is_listed", "status")}
            content = version.content | {"matter": version.content["matter"] | told}
            last = versions.objects.filter(matter=matter).aggregate(models.Max("number"))["number__max"]
            renewed[pk] = versions.objects.create(
                matter=matter,
                division=version.division,
                number=last + 1,
                content=content,
                content_hash=content_hash(content),
                published_by=version.published_by,
            )
        if matter.current_version_id in renewed:
            matters.objects.filter(pk=matter.pk).update(current_version=renewed[matter.current_version_id])
        for local in regional.objects.filter(matter=matter, version__in=renewed):
            regional.objects.filter(pk=local.pk).update(version=renewed[local.version_id])


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', "0016_appointments"),
    ]

    operations = [
        migrations.AddField(
            model_name='matterversion',
            name='is_listed',
            field=models.GeneratedField(db_persist=True, expression=django.db.models.functions.comparison.Cast(django.db.models.fields.json.KeyTextTransform('is_listed', django.db.models.fields.json.KeyTextTransform('matter', 'content')), models.BooleanField(verbose_name='列入专区')), null=True, output_field=models.BooleanField(verbose_name='列入专区'), verbose_name='列入专区'),
        ),
        migrations.AddField(
            model_name='matterversion',
            name='name',
            field=models.GeneratedField(db_persist=True, expression=django.db.models.fields.json.KeyTextTransform('name', django.db.models.fields.json.KeyTextTransform('matter', 'content')), null=True, output_field=models.CharField(max_length=100, verbose_name='名称'), verbose_name='名称'),
        ),
        migrations.AddField(
            model_name='matterversion',
            name='position',
            field=models.GeneratedField(db_persist=True, expression=django.db.models.functions.comparison.Cast(django.db.models.fields.json.KeyTextTransform('position', django.db.models.fields.json.KeyTextTransform('matter', 'content')), models.IntegerField(verbose_name='顺序')), null=True, output_field=models.IntegerField(verbose_name='顺序'), verbose_name='顺序'),
        ),
        migrations.AddField(
            model_name='matterversion',
            name='stage',
            field=models.GeneratedField(db_persist=True, expression=django.db.models.fields.json.KeyTextTransform('stage', django.db.models.fields.json.KeyTextTransform('matter', 'content')), null=True, output_field=models.CharField(max_length=20, verbose_name='阶段'), verbose_name='阶段'),
        ),
        migrations.AddField(
            model_name='matterversion',
            name='status',
            field=models.GeneratedField(db_persist=True, expression=django.db.models.fields.json.KeyTextTransform('status', django.db.models.fields.json.KeyTextTransform('matter', 'content')), null=True, output_field=models.CharField(choices=[('open', '可在线办理'), ('guide', '仅提供指南'), ('coming', '即将开通')], max_length=10, verbose_name='开放程度'), verbose_name='开放程度'),
        ),
        migrations.AddField(
            model_name='matterversion',
            name='subject',
            field=models.GeneratedField(db_persist=True, expression=django.db.models.fields.json.KeyTextTransform('subject', django.db.models.fields.json.KeyTextTransform('matter', 'content')), null=True, output_field=models.CharField(choices=[('person', '个人'), ('organisation', '经营主体')], max_length=20, verbose_name='服务对象'), verbose_name='服务对象'),
        ),
        migrations.AddField(
            model_name='matterversion',
            name='theme',
            field=models.GeneratedField(db_persist=True, expression=django.db.models.fields.json.KeyTextTransform('theme', django.db.models.fields.json.KeyTextTransform('matter', 'content')), null=True, output_field=models.CharField(max_length=30, verbose_name='主题'), verbose_name='主题'),
        ),
        migrations.RunPython(say_it_in_the_version, migrations.RunPython.noop),
    ]
