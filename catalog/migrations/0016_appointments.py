"""Posts: given by two people, and groups follow from them.

Offices of the catalog become posts as well. Whoever was put into a department's group by hand, without a post, leaves it.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# The group of a post; the two offices of the catalog have groups of their own (catalog.staff.managers).
TRIGGERS = """
CREATE FUNCTION catalog_group_of_post(department bigint, role text) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN role = 'catalog_manager' THEN '目录管理员' WHEN role = 'catalog_reviewer' THEN '目录审核员'
           ELSE (SELECT 'dept:' || d.code || ':' || role FROM catalog_department d WHERE d.id = department) END
$$;

CREATE FUNCTION catalog_group_needs_post() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    wanted text;
BEGIN
    SELECT name INTO wanted FROM auth_group WHERE id = NEW.group_id;
    IF (wanted LIKE 'dept:%' OR wanted IN ('目录管理员', '目录审核员')) AND NOT EXISTS (
        SELECT FROM catalog_membership m
         WHERE m.user_id = NEW.user_id AND catalog_group_of_post(m.department_id, m.role) = wanted) THEN
        RAISE EXCEPTION 'the group % is of a post that the account does not hold', wanted
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER accounts_user_groups_need_post BEFORE INSERT OR UPDATE ON accounts_user_groups
    FOR EACH ROW EXECUTE FUNCTION catalog_group_needs_post();

CREATE FUNCTION catalog_post_takes_its_group() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM accounts_user_groups held USING auth_group g
     WHERE g.id = held.group_id AND held.user_id = OLD.user_id AND g.name = catalog_group_of_post(OLD.department_id, OLD.role);
    RETURN NULL;
END $$;

CREATE TRIGGER catalog_membership_takes_its_group AFTER DELETE ON catalog_membership
    FOR EACH ROW EXECUTE FUNCTION catalog_post_takes_its_group();
"""

NO_TRIGGERS = """
DROP TRIGGER catalog_membership_takes_its_group ON catalog_membership;
DROP FUNCTION catalog_post_takes_its_group();
DROP TRIGGER accounts_user_groups_need_post ON accounts_user_groups;
DROP FUNCTION catalog_group_needs_post();
DROP FUNCTION catalog_group_of_post(bigint, text);
"""

IN_STEP = """
INSERT INTO catalog_membership (user_id, department_id, role)
SELECT held.user_id, NULL, CASE g.name WHEN '目录管理员' THEN 'catalog_manager' ELSE 'catalog_reviewer' END
  FROM accounts_user_groups held JOIN auth_group g ON g.id = held.group_id
 WHERE g.name IN ('目录管理员', '目录审核员');

DELETE FROM accounts_user_groups held USING auth_group g
 WHERE g.id = held.group_id AND g.name LIKE 'dept:%' AND NOT EXISTS (
    SELECT FROM catalog_membership m
     WHERE m.user_id = held.user_id AND catalog_group_of_post(m.department_id, m.role) = g.name);
"""

NO_OFFICES = "DELETE FROM catalog_membership WHERE department_id IS NULL"


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0015_forget_misses'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Appointment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('clerk', '综合窗口人员'), ('reviewer', '审查人员'), ('lead', '部门负责人'), ('supervisor', '效能监察人员'), ('catalog_manager', '目录管理员'), ('catalog_reviewer', '目录审核员')], max_length=20, verbose_name='岗位')),
                ('status', models.CharField(choices=[('open', '待确认'), ('granted', '已任命'), ('refused', '未同意'), ('withdrawn', '已撤回')], default='open', max_length=10, verbose_name='状态')),
                ('proposed_at', models.DateTimeField(auto_now_add=True, verbose_name='提出时间')),
                ('decided_at', models.DateTimeField(null=True, verbose_name='确认时间')),
                ('by_lead', models.BooleanField(default=False, verbose_name='由部门负责人直接任命')),
            ],
            options={
                'verbose_name': '任职',
                'verbose_name_plural': '任职',
            },
        ),
        migrations.RemoveConstraint(
            model_name='membership',
            name='membership_unique',
        ),
        migrations.AlterField(
            model_name='membership',
            name='department',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to='catalog.department', verbose_name='部门'),
        ),
        migrations.AlterField(
            model_name='membership',
            name='role',
            field=models.CharField(choices=[('clerk', '综合窗口人员'), ('reviewer', '审查人员'), ('lead', '部门负责人'), ('supervisor', '效能监察人员'), ('catalog_manager', '目录管理员'), ('catalog_reviewer', '目录审核员')], max_length=20, verbose_name='岗位'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.UniqueConstraint(fields=('user', 'department', 'role'), name='membership_unique', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('department__isnull', True), ('role__in', ('catalog_manager', 'catalog_reviewer'))), models.Q(('department__isnull', False), models.Q(('role__in', ('catalog_manager', 'catalog_reviewer')), _negated=True)), _connector='OR'), name='membership_office_has_no_department'),
        ),
        migrations.AddField(
            model_name='appointment',
            name='decided_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='确认人'),
        ),
        migrations.AddField(
            model_name='appointment',
            name='department',
            field=models.ForeignKey(blank=True, help_text='目录管理员、目录审核员不属于部门，留空。', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalog.department', verbose_name='部门'),
        ),
        migrations.AddField(
            model_name='appointment',
            name='proposed_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='提出人'),
        ),
        migrations.AddField(
            model_name='appointment',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appointments', to=settings.AUTH_USER_MODEL, verbose_name='人员'),
        ),
        migrations.AddConstraint(
            model_name='appointment',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'open')), fields=('user', 'department', 'role'), name='appointment_one_open', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='appointment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('department__isnull', True), ('role__in', ('catalog_manager', 'catalog_reviewer'))), models.Q(('department__isnull', False), models.Q(('role__in', ('catalog_manager', 'catalog_reviewer')), _negated=True)), _connector='OR'), name='appointment_office_has_no_department'),
        ),
        migrations.AddConstraint(
            model_name='appointment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'granted'), _negated=True), models.Q(('decided_by__isnull', False), models.Q(('decided_by', models.F('user')), _negated=True), models.Q(('proposed_by', models.F('user')), _negated=True), models.Q(models.Q(('decided_by', models.F('proposed_by')), _negated=True), models.Q(('by_lead', True), ('department__isnull', False)), _connector='OR')), _connector='OR'), name='appointment_by_two_people'),
        ),
        migrations.RunSQL(TRIGGERS, NO_TRIGGERS),
        migrations.RunSQL(IN_STEP, NO_OFFICES),
    ]
