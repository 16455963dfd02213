"""Policies are versions with a term: what one says stays as it is, the database sees to it."""

import django.db.models.deletion
from django.db import migrations, models

KEEP = """
CREATE FUNCTION matters_policy_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a version of a policy stays as it is: % refused', TG_OP USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER matters_benefitpolicy_stays BEFORE UPDATE ON matters_benefitpolicy FOR EACH ROW WHEN (
    (OLD.code, OLD.version, OLD.name, OLD.name_en, OLD.department_id, OLD.matter, OLD.items, OLD.conditions, OLD.ground,
     OLD.certificate_type, OLD.within_days, OLD.lacks_type, OLD.least_age, OLD.is_demo, OLD.is_open, OLD.valid_from)
    IS DISTINCT FROM
    (NEW.code, NEW.version, NEW.name, NEW.name_en, NEW.department_id, NEW.matter, NEW.items, NEW.conditions, NEW.ground,
     NEW.certificate_type, NEW.within_days, NEW.lacks_type, NEW.least_age, NEW.is_demo, NEW.is_open, NEW.valid_from)
    OR OLD.replaced_by_id IS NOT NULL AND OLD.replaced_by_id IS DISTINCT FROM NEW.replaced_by_id
) EXECUTE FUNCTION matters_policy_stays();

CREATE TRIGGER matters_benefitpolicy_kept BEFORE DELETE ON matters_benefitpolicy
    FOR EACH ROW EXECUTE FUNCTION matters_policy_stays();
"""

CHANGE = """
DROP TRIGGER matters_benefitpolicy_kept ON matters_benefitpolicy;
DROP TRIGGER matters_benefitpolicy_stays ON matters_benefitpolicy;
DROP FUNCTION matters_policy_stays();
"""

# Before there were versions, a code was one row's alone.
ONE_EACH = """
UPDATE matters_benefitpolicy SET code = left(code, 55) || '_v' || version, is_open = false WHERE replaced_by_id IS NOT NULL;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0028_founded_by_a_result'),
        ('matters', '0045_disputes_follow_their_person'),
    ]

    operations = [
        migrations.AddField(
            model_name='benefitpolicy',
            name='name_en',
            field=models.CharField(blank=True, max_length=120, verbose_name='英文名称'),
        ),
        migrations.AddField(
            model_name='benefitpolicy',
            name='replaced_by',
            field=models.OneToOneField(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaces', to='matters.benefitpolicy', verbose_name='接替的版本'),
        ),
        migrations.AddField(
            model_name='benefitpolicy',
            name='valid_from',
            field=models.DateField(blank=True, null=True, verbose_name='从哪天起有效'),
        ),
        migrations.AddField(
            model_name='benefitpolicy',
            name='valid_to',
            field=models.DateField(blank=True, null=True, verbose_name='有效到哪天'),
        ),
        migrations.AddField(
            model_name='benefitpolicy',
            name='version',
            field=models.PositiveSmallIntegerField(default=1, editable=False, verbose_name='第几版'),
        ),
        migrations.AlterField(
            model_name='benefitpolicy',
            name='code',
            field=models.SlugField(max_length=60, verbose_name='代码'),
        ),
        migrations.AddConstraint(
            model_name='benefitpolicy',
            constraint=models.UniqueConstraint(fields=('code', 'version'), name='benefit_policy_version_once'),
        ),
        migrations.AddConstraint(
            model_name='benefitpolicy',
            constraint=models.CheckConstraint(condition=models.Q(('replaced_by__isnull', False), ('valid_from__isnull', True), ('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='benefit_policy_ends_after_it_begins'),
        ),
        migrations.RunSQL(migrations.RunSQL.noop, ONE_EACH),
        migrations.RunSQL(KEEP, CHANGE),
    ]
