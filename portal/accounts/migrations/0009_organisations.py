"""Organisations of a kind that fits their code, the rows on which they rest, and the people who act for them."""

from typing import ClassVar

import django.contrib.postgres.fields
import django.db.models.deletion
import portal.lib.sealed_text
import portal.lib.uuid7
from django.conf import settings
from django.db import migrations, models


KINDS = """
UPDATE accounts_organisation SET kind = CASE
    WHEN credit_code LIKE '91%' THEN 'company' WHEN credit_code LIKE '92%' THEN 'sole_trader'
    WHEN credit_code LIKE '93%' THEN 'cooperative' WHEN credit_code LIKE '1%' THEN 'public_body' ELSE 'other' END
"""

class Migration(migrations.Migration):

    dependencies: ClassVar = [
        ('accounts', '0008_left_claims'),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name='Handler',
            fields=[
                ('id', models.UUIDField(default=portal.lib.uuid7.uuid7, editable=False, primary_key=True, serialize=False)),
                ('role', models.CharField(choices=[('legal', '法定代表人（负责人）'), ('administrator', '管理员'), ('handler', '经办人')], max_length=14, verbose_name='身份')),
                ('matters', django.contrib.postgres.fields.ArrayField(base_field=models.SlugField(max_length=80), null=True, size=None, verbose_name='可办的事')),
                ('until', models.DateField(null=True, verbose_name='有效期至')),
                ('began_at', models.DateTimeField(auto_now_add=True, verbose_name='开始时间')),
                ('ended_at', models.DateTimeField(null=True, verbose_name='移除时间')),
            ],
            options={
                'verbose_name': '组织人员',
                'verbose_name_plural': '组织人员',
            },
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.UUIDField(default=portal.lib.uuid7.uuid7, editable=False, primary_key=True, serialize=False)),
                ('code_index', models.BinaryField(max_length=32, unique=True)),
                ('for_whom', portal.lib.sealed_text.SealedTextField(db_column='for_whom_sealed', max_length=100, verbose_name='邀请谁')),
                ('role', models.CharField(choices=[('legal', '法定代表人（负责人）'), ('administrator', '管理员'), ('handler', '经办人')], max_length=14, verbose_name='身份')),
                ('matters', django.contrib.postgres.fields.ArrayField(base_field=models.SlugField(max_length=80), null=True, size=None, verbose_name='可办的事')),
                ('until', models.DateField(null=True, verbose_name='有效期至')),
                ('invited_at', models.DateTimeField(auto_now_add=True, verbose_name='邀请时间')),
                ('expires_at', models.DateTimeField(verbose_name='邀请码有效期至')),
                ('ended_at', models.DateTimeField(null=True, verbose_name='使用或撤回时间')),
            ],
            options={
                'verbose_name': '邀请',
                'verbose_name_plural': '邀请',
            },
        ),
        migrations.CreateModel(
            name='OrganisationCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(choices=[('register', '登记机关数据'), ('counter', '窗口当面核验'), ('founded', '设立登记的结果'), ('demo', '演示数据')], max_length=10, verbose_name='来源')),
                ('name', models.CharField(max_length=200, verbose_name='名称')),
                ('fetch', models.UUIDField(editable=False, null=True, verbose_name='查询记录')),
                ('reference', models.CharField(blank=True, max_length=60, verbose_name='办件')),
                ('at', models.DateTimeField(auto_now_add=True, verbose_name='时间')),
            ],
            options={
                'verbose_name': '组织核验记录',
                'verbose_name_plural': '组织核验记录',
            },
        ),
        migrations.AddField(
            model_name='organisation',
            name='kind',
            field=models.CharField(choices=[('company', '企业'), ('branch', '分支机构'), ('foreign', '外国（地区）企业'), ('sole_trader', '个体工商户'), ('cooperative', '农民专业合作社'), ('public_body', '机关、事业单位、群众团体'), ('other', '其他组织')], default='other', max_length=12, verbose_name='类型'),
        ),
        migrations.RunSQL(KINDS, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('credit_code__startswith', '91'), ('kind__in', ['company', 'branch', 'foreign'])), models.Q(('credit_code__startswith', '92'), ('kind', 'sole_trader')), models.Q(('credit_code__startswith', '93'), ('kind', 'cooperative')), models.Q(('credit_code__startswith', '1'), ('kind', 'public_body')), models.Q(('kind', 'other'), models.Q(('credit_code__regex', '^(1|91|92|93)'), _negated=True)), _connector='OR'), name='organisation_kind_fits_its_code'),
        ),
        migrations.AddField(
            model_name='handler',
            name='ended_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='移除人'),
        ),
        migrations.AddField(
            model_name='handler',
            name='invited_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='邀请人'),
        ),
        migrations.AddField(
            model_name='handler',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='handlers', to='accounts.organisation', verbose_name='组织'),
        ),
        migrations.AddField(
            model_name='handler',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='acts_for', to='accounts.person', verbose_name='人员'),
        ),
        migrations.AddField(
            model_name='invitation',
            name='ended_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='操作人'),
        ),
        migrations.AddField(
            model_name='invitation',
            name='handler',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, to='accounts.handler', verbose_name='组织人员'),
        ),
        migrations.AddField(
            model_name='invitation',
            name='invited_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='邀请人'),
        ),
        migrations.AddField(
            model_name='invitation',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='invitations', to='accounts.organisation', verbose_name='组织'),
        ),
        migrations.AddField(
            model_name='organisationcheck',
            name='legal_representative',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.person', verbose_name='法定代表人'),
        ),
        migrations.AddField(
            model_name='organisationcheck',
            name='officer',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='核验人'),
        ),
        migrations.AddField(
            model_name='organisationcheck',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='checks', to='accounts.organisation', verbose_name='组织'),
        ),
        migrations.AddIndex(
            model_name='handler',
            index=models.Index(fields=['person'], name='handler_of_person'),
        ),
        migrations.AddConstraint(
            model_name='handler',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('organisation', 'person'), name='handler_once_per_organisation'),
        ),
        migrations.AddConstraint(
            model_name='handler',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True), ('role', 'legal')), fields=('organisation',), name='handler_one_legal_representative'),
        ),
        migrations.AddConstraint(
            model_name='handler',
            constraint=models.CheckConstraint(condition=models.Q(('role', 'handler'), ('matters__isnull', True), _connector='OR'), name='handler_rights_are_those_of_the_role'),
        ),
        migrations.AddConstraint(
            model_name='handler',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('role', 'legal'), _negated=True), ('until__isnull', True), _connector='OR'), name='handler_legal_representative_without_term'),
        ),
        migrations.AddConstraint(
            model_name='invitation',
            constraint=models.CheckConstraint(condition=models.Q(('role', 'legal'), _negated=True), name='invitation_of_no_legal_representative'),
        ),
        migrations.AddConstraint(
            model_name='invitation',
            constraint=models.CheckConstraint(condition=models.Q(('handler__isnull', True), ('ended_at__isnull', False), _connector='OR'), name='invitation_used_once'),
        ),
        migrations.AddConstraint(
            model_name='organisationcheck',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('fetch__isnull', False), ('source', 'register')), models.Q(('officer__isnull', False), ('source', 'counter')), models.Q(('source', 'founded'), models.Q(('reference', ''), _negated=True)), ('source', 'demo'), _connector='OR'), name='organisation_check_rests_on_something'),
        ),
    ]
