"""Months that are over: what had to be done in them, and which standing mechanisms worked."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('organisations', '0001_initial'),
        ('resources', '0018_work_items'),
    ]

    operations = [
        migrations.CreateModel(
            name='MonthRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month_on', models.DateField(help_text='First day of the month')),
                ('month_at', models.DateTimeField(help_text='Its first moment, in the zone of the house')),
                ('ended_at', models.DateTimeField(help_text='The first moment after it')),
                ('chapter', models.CharField(help_text='obligation or mechanism', max_length=12)),
                ('topic', models.CharField(help_text='Which one', max_length=16)),
                ('items', models.PositiveIntegerField(help_text='How many things there were')),
                ('kept', models.PositiveIntegerField(help_text='With how many of them all was well')),
                ('noted_at', models.DateTimeField(help_text='When it was counted')),
                ('organisation', models.ForeignKey(blank=True, help_text='Who owed it; null = the house as a whole', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
            ],
            options={
                'indexes': [models.Index(fields=['chapter', 'month_at'], name='month_record_chapter_at')],
                'constraints': [models.UniqueConstraint(fields=('month_on', 'topic', 'organisation'), name='month_record_once'), models.UniqueConstraint(condition=models.Q(('organisation', None)), fields=('month_on', 'topic'), name='month_record_of_house_once'), models.CheckConstraint(condition=models.Q(('items__gte', 1), ('kept__lte', models.F('items'))), name='month_record_counts'), models.CheckConstraint(condition=models.Q(('month_on__day', 1)), name='month_record_names_first_day'), models.CheckConstraint(condition=models.Q(('chapter__in', ['obligation', 'mechanism'])), name='month_record_chapter_known'), models.CheckConstraint(condition=models.Q(('topic__in', ['plan', 'checks', 'deliveries', 'drift', 'disputes', 'rectifying', 'follow_ups', 'check_plan', 'promises', 'responsible', 'escalation', 'upkeep', 'audit_seal'])), name='month_record_topic_known')],
            },
        ),
    ]
