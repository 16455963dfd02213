"""Samples drawn for supervision; what was drawn stays as it was drawn, the database sees to it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

KEEP = """
CREATE FUNCTION matters_drawn_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER matters_inspection_append_only BEFORE UPDATE OR DELETE ON matters_inspection
    FOR EACH ROW EXECUTE FUNCTION matters_drawn_stays();
CREATE TRIGGER matters_inspection_cases_append_only BEFORE UPDATE OR DELETE ON matters_inspection_cases
    FOR EACH ROW EXECUTE FUNCTION matters_drawn_stays();
"""

FORGET = """
DROP TRIGGER matters_inspection_cases_append_only ON matters_inspection_cases;
DROP TRIGGER matters_inspection_append_only ON matters_inspection;
DROP FUNCTION matters_drawn_stays();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0016_appointments'),
        ('matters', '0010_who_answered_before'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Inspection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('purpose', models.CharField(max_length=200, verbose_name='抽查目的')),
                ('population', models.PositiveIntegerField(verbose_name='总件数')),
                ('drawn_at', models.DateTimeField(verbose_name='抽取时间')),
                ('closes_at', models.DateTimeField(verbose_name='可查看到')),
                ('cases', models.ManyToManyField(related_name='inspections', to='matters.subitem', verbose_name='抽中的办件')),
                ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.department', verbose_name='部门')),
                ('inspector', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='监察人员')),
            ],
            options={
                'verbose_name': '抽查',
                'verbose_name_plural': '抽查',
                'indexes': [models.Index(fields=['inspector', 'department', 'drawn_at'], name='inspection_by_whom')],
                'constraints': [models.CheckConstraint(condition=models.Q(('purpose', ''), _negated=True), name='inspection_has_a_purpose')],
            },
        ),
        migrations.RunSQL(KEEP, FORGET),
    ]
