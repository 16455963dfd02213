"""A version may take the place of several earlier ones: of what is in force, and of what was to follow it."""

import django.db.models.deletion
from django.db import migrations, models

DROP = "DROP TRIGGER matters_benefitpolicy_stays ON matters_benefitpolicy;"
# Of what took its place only another version may take the place.
NEXT = """
CREATE TRIGGER matters_benefitpolicy_stays BEFORE UPDATE ON matters_benefitpolicy FOR EACH ROW WHEN (
    (OLD.code, OLD.version, OLD.name, OLD.name_en, OLD.department_id, OLD.matter, OLD.items, OLD.conditions, OLD.ground,
     OLD.certificate_type, OLD.within_days, OLD.lacks_type, OLD.least_age, OLD.is_demo, OLD.is_open, OLD.valid_from)
    IS DISTINCT FROM
    (NEW.code, NEW.version, NEW.name, NEW.name_en, NEW.department_id, NEW.matter, NEW.items, NEW.conditions, NEW.ground,
     NEW.certificate_type, NEW.within_days, NEW.lacks_type, NEW.least_age, NEW.is_demo, NEW.is_open, NEW.valid_from)
    OR OLD.replaced_by_id IS NOT NULL AND NEW.replaced_by_id IS NULL
) EXECUTE FUNCTION matters_policy_stays();
"""
BEFORE = """
CREATE TRIGGER matters_benefitpolicy_stays BEFORE UPDATE ON matters_benefitpolicy FOR EACH ROW WHEN (
    (OLD.code, OLD.version, OLD.name, OLD.name_en, OLD.department_id, OLD.matter, OLD.items, OLD.conditions, OLD.ground,
     OLD.certificate_type, OLD.within_days, OLD.lacks_type, OLD.least_age, OLD.is_demo, OLD.is_open, OLD.valid_from)
    IS DISTINCT FROM
    (NEW.code, NEW.version, NEW.name, NEW.name_en, NEW.department_id, NEW.matter, NEW.items, NEW.conditions, NEW.ground,
     NEW.certificate_type, NEW.within_days, NEW.lacks_type, NEW.least_age, NEW.is_demo, NEW.is_open, NEW.valid_from)
    OR OLD.replaced_by_id IS NOT NULL AND OLD.replaced_by_id IS DISTINCT FROM NEW.replaced_by_id
) EXECUTE FUNCTION matters_policy_stays();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('matters', '0046_policy_versions'),
    ]

    operations = [
        migrations.RunSQL(DROP, BEFORE),
        migrations.AlterField(
            model_name='benefitpolicy',
            name='replaced_by',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='matters.benefitpolicy', verbose_name='接替的版本'),
        ),
        migrations.RunSQL(NEXT, DROP),
    ]
