
import django.contrib.postgres.fields
import django.db.models.deletion
import portal.lib.sealed_text
import portal.lib.uuid7
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0012_one_export_at_a_time'),
    ]

    operations = [
        migrations.AlterField(
            model_name='identitycheck',
            name='method',
            field=models.CharField(choices=[('counter', '窗口当面核验'), ('demo', '演示数据'), ('earlier', '以前在窗口登记'), ('platform', '省统一身份认证平台'), ('sms', '登记手机号的短信验证码'), ('mandate', '代办人在窗口出示的证件和委托书'), ('register', '登记机关数据')], max_length=10, verbose_name='核验方式'),
        ),
        migrations.CreateModel(
            name='Death',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('died_on', models.DateField(verbose_name='去世日期')),
                ('paper', portal.lib.sealed_text.SealedTextField(bound_to=('person_id',), db_column='paper_sealed', max_length=200, verbose_name='看到的证明')),
                ('at', models.DateTimeField(auto_now_add=True, verbose_name='登记时间')),
                ('officer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='登记人')),
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='death', to='accounts.person', verbose_name='自然人')),
            ],
            options={
                'verbose_name': '去世登记',
                'verbose_name_plural': '去世登记',
            },
        ),
        migrations.CreateModel(
            name='Mandate',
            fields=[
                ('id', models.UUIDField(default=portal.lib.uuid7.uuid7, editable=False, primary_key=True, serialize=False)),
                ('number', models.CharField(max_length=20, unique=True, verbose_name='授权编号')),
                ('kind', models.CharField(choices=[('authorised', '委托代办'), ('parent', '父母（法定监护人）'), ('guardian', '其他监护人')], default='authorised', max_length=10, verbose_name='类别')),
                ('matters', django.contrib.postgres.fields.ArrayField(base_field=models.SlugField(max_length=80), null=True, size=None, verbose_name='可办的事')),
                ('sees_certificates', models.BooleanField(default=False, verbose_name='可以看办出的证照')),
                ('consents', models.BooleanField(default=False, verbose_name='可以代为同意向部门查询')),
                ('begins_on', models.DateField(verbose_name='从哪一天起')),
                ('until', models.DateField(null=True, verbose_name='到哪一天为止')),
                ('source', models.CharField(choices=[('online', '本人网上授权'), ('paper', '窗口凭书面材料登记'), ('register', '登记机关数据'), ('demo', '演示数据')], max_length=10, verbose_name='依据')),
                ('paper', portal.lib.sealed_text.SealedTextField(blank=True, db_column='paper_sealed', max_length=200, verbose_name='看到的书面材料')),
                ('fetch', models.UUIDField(editable=False, null=True, verbose_name='查询记录')),
                ('given_at', models.DateTimeField(auto_now_add=True, verbose_name='登记时间')),
                ('ended_at', models.DateTimeField(null=True, verbose_name='终止时间')),
                ('agent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='mandates_held', to='accounts.person', verbose_name='代办人')),
                ('agent_organisation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='mandates_held', to='accounts.organisation', verbose_name='代办机构')),
                ('ended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='终止人')),
                ('officer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='登记人')),
                ('principal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mandates_given', to='accounts.person', verbose_name='委托人')),
            ],
            options={
                'verbose_name': '授权',
                'verbose_name_plural': '授权',
            },
        ),
        migrations.CreateModel(
            name='MandateOffer',
            fields=[
                ('id', models.UUIDField(default=portal.lib.uuid7.uuid7, editable=False, primary_key=True, serialize=False)),
                ('code_index', models.BinaryField(max_length=32, unique=True)),
                ('agent_name', portal.lib.sealed_text.SealedTextField(db_column='agent_name_sealed', max_length=200, verbose_name='授权给谁')),
                ('to_organisation', models.BooleanField(default=False, verbose_name='授权给单位')),
                ('matters', django.contrib.postgres.fields.ArrayField(base_field=models.SlugField(max_length=80), null=True, size=None, verbose_name='可办的事')),
                ('sees_certificates', models.BooleanField(default=False, verbose_name='可以看办出的证照')),
                ('consents', models.BooleanField(default=False, verbose_name='可以代为同意向部门查询')),
                ('until', models.DateField(verbose_name='到哪一天为止')),
                ('offered_at', models.DateTimeField(auto_now_add=True, verbose_name='授权时间')),
                ('expires_at', models.DateTimeField(verbose_name='授权码有效期至')),
                ('ended_at', models.DateTimeField(null=True, verbose_name='使用或撤回时间')),
                ('ended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='操作人')),
                ('mandate', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, to='accounts.mandate', verbose_name='授权')),
                ('principal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mandates_offered', to='accounts.person', verbose_name='委托人')),
            ],
            options={
                'verbose_name': '授权码',
                'verbose_name_plural': '授权码',
            },
        ),
        migrations.AddIndex(
            model_name='mandate',
            index=models.Index(fields=['principal'], name='mandate_of_principal'),
        ),
        migrations.AddIndex(
            model_name='mandate',
            index=models.Index(condition=models.Q(('agent__isnull', False)), fields=['agent'], name='mandate_of_agent'),
        ),
        migrations.AddConstraint(
            model_name='mandate',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('agent__isnull', False), ('agent_organisation__isnull', True)), models.Q(('agent__isnull', True), ('agent_organisation__isnull', False)), _connector='OR'), name='mandate_to_one_agent'),
        ),
        migrations.AddConstraint(
            model_name='mandate',
            constraint=models.CheckConstraint(condition=models.Q(('agent', models.F('principal')), _negated=True), name='mandate_not_to_oneself'),
        ),
        migrations.AddConstraint(
            model_name='mandate',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('until__gte', models.F('begins_on')), ('until__isnull', False)), models.Q(('kind', 'guardian'), ('until__isnull', True)), _connector='OR'), name='mandate_has_a_term'),
        ),
        migrations.AddConstraint(
            model_name='mandate',
            constraint=models.CheckConstraint(condition=models.Q(('kind', 'authorised'), ('agent__isnull', False), _connector='OR'), name='mandate_guardian_is_a_person'),
        ),
        migrations.AddConstraint(
            model_name='mandate',
            constraint=models.CheckConstraint(condition=models.Q(('source__in', ['online', 'demo']), models.Q(('officer__isnull', False), ('source', 'paper'), models.Q(('paper', ''), _negated=True)), models.Q(('fetch__isnull', False), ('source', 'register')), _connector='OR'), name='mandate_rests_on_something'),
        ),
        migrations.AddConstraint(
            model_name='mandate',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('source', 'online'), _negated=True), ('kind', 'authorised'), _connector='OR'), name='mandate_guardian_by_paper_or_register'),
        ),
        migrations.AddConstraint(
            model_name='mandateoffer',
            constraint=models.CheckConstraint(condition=models.Q(('mandate__isnull', True), ('ended_at__isnull', False), _connector='OR'), name='mandate_offer_used_once'),
        ),
    ]
