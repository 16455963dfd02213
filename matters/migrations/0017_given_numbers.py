"""Numbers that were given out, each once; and where a decision says otherwise than the form."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

from portal.lib.vault import SealBroken, blind_index, unseal

SERIES = "identity_number"


def note_given(apps: Any, schema_editor: Any) -> None:
    """Note the identity numbers that earlier decisions gave out; of one that was given twice, the first."""
    given = apps.get_model("matters", "GivenNumber")
    decisions = apps.get_model("matters", "Decision").objects.filter(outcome="approved", outputs_sealed__isnull=False)
    codes: dict[tuple[Any, str], list[str]] = {}
    rows = decisions.select_related("sub_item__bundle").order_by("decided_at", "pk")
    for decision in rows.iterator():
        version, slug = decision.sub_item.bundle.matter_version_id, decision.sub_item.key.partition("#")[0]
        if (version, slug) not in codes:
            content = apps.get_model("catalog", "MatterVersion").objects.get(pk=version).content
            codes[version, slug] = _identity_outputs(content, slug)
        if not codes[version, slug]:
            continue
        try:
            outputs = unseal(decision.outputs_sealed, f"decision.outputs:{decision.sub_item_id}")
        except SealBroken:  # `check_integrity` names it
            continue
        numbers = [str(outputs[code]).strip().upper() for code in codes[version, slug] if outputs.get(code)]
        given.objects.bulk_create(
            [
                given(decision=decision, series=SERIES, number_index=blind_index(f"given:{SERIES}", number))
                for number in numbers
            ],
            ignore_conflicts=True,
        )


def _identity_outputs(content: dict[str, Any], slug: str) -> list[str]:
    outputs = [o for each in content["items"] if each["definition"]["slug"] == slug for o in each["definition"]["outputs"]]
    return [output["code"] for output in outputs if output.get("feeds", "").endswith(":person.id_number")]


class Migration(migrations.Migration):

    dependencies = [
        ('matters', '0016_answer_by'),
        ('catalog', '0018_whom_a_result_is_about'),
    ]

    operations = [
        migrations.AddField(
            model_name='decision',
            name='departures_sealed',
            field=models.BinaryField(null=True, verbose_name='与申请不同之处（加密）'),
        ),
        migrations.CreateModel(
            name='GivenNumber',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('series', models.CharField(max_length=60, verbose_name='编号序列')),
                ('number_index', models.BinaryField(max_length=32, verbose_name='编号索引')),
                ('decision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='given_numbers', to='matters.decision', verbose_name='决定')),
            ],
            options={
                'verbose_name': '已给出的编号',
                'verbose_name_plural': '已给出的编号',
                'constraints': [models.UniqueConstraint(fields=('series', 'number_index'), name='number_given_once')],
            },
        ),
        migrations.RunPython(note_given, migrations.RunPython.noop),
    ]
