"""How entries and sources stood since when, for figures of a past day."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('files', '0002_scan'),
        ('organisations', '0001_initial'),
        ('resources', '0014_repeats'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ResourceStanding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(help_text='From 1, in the order of writing')),
                ('since_at', models.DateTimeField(help_text='From when on it stood so')),
                ('code', models.CharField(help_text='Its code then', max_length=64)),
                ('name', models.CharField(help_text='Its name then', max_length=200)),
                ('state', models.CharField(help_text='Where it stood', max_length=12)),
                ('field_count', models.PositiveIntegerField(help_text='Number of its fields')),
                ('fault_count', models.PositiveIntegerField(blank=True, help_text='Places that did not meet the profile; null = nobody kept it', null=True)),
                ('is_backfilled', models.BooleanField(default=False, help_text='Put together later, from editions and decisions')),
            ],
        ),
        migrations.CreateModel(
            name='SourceStanding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(help_text='From 1, in the order of writing')),
                ('since_at', models.DateTimeField(help_text='From when on it stood so')),
                ('name', models.CharField(help_text='Its name then', max_length=200)),
                ('table', models.CharField(help_text='Its table in the lake then', max_length=60)),
                ('is_active', models.BooleanField(help_text='Whether it was collected from')),
                ('is_backfilled', models.BooleanField(default=False, help_text='Put together later, from the audit')),
            ],
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('rows_held__isnull', False)), fields=['source', 'version', 'ended_at'], name='delivery_held_versions'),
        ),
        migrations.AddField(
            model_name='resourcestanding',
            name='department',
            field=models.ForeignKey(help_text='Whose it was', on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation'),
        ),
        migrations.AddField(
            model_name='resourcestanding',
            name='resource',
            field=models.ForeignKey(db_index=False, help_text='The entry', on_delete=django.db.models.deletion.PROTECT, related_name='standings', to='resources.dataresource'),
        ),
        migrations.AddField(
            model_name='sourcestanding',
            name='source',
            field=models.ForeignKey(db_index=False, help_text='The source', on_delete=django.db.models.deletion.CASCADE, related_name='standings', to='resources.datasource'),
        ),
        migrations.AddConstraint(
            model_name='resourcestanding',
            constraint=models.UniqueConstraint(fields=('resource', 'number'), name='resource_standing_once'),
        ),
        migrations.AddConstraint(
            model_name='resourcestanding',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'submitted', 'published', 'withdrawn'])), name='resource_standing_state_known'),
        ),
        migrations.AddConstraint(
            model_name='sourcestanding',
            constraint=models.UniqueConstraint(fields=('source', 'number'), name='source_standing_once'),
        ),
    ]
