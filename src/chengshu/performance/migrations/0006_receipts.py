"""Receipts speak of any table, not of payments alone; refused rows keep their fault by name."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):

    dependencies = [
        ("jobs", "__first__"),
        ("performance", "0005_performance_year"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint("PaymentImport", "payment_import_adds_up"),
        migrations.RenameModel("PaymentImport", "Receipt"),
        migrations.RenameModel("RejectedPayment", "RejectedRow"),
        migrations.RenameField("RejectedRow", "reason", "fault"),
        migrations.AlterField(
            "RejectedRow", "fault", models.CharField(max_length=40, help_text="What is wrong, as the rules name it")
        ),
        migrations.AddField(
            "RejectedRow",
            "value",
            models.CharField(max_length=200, blank=True, default="", help_text="The text at fault"),
        ),
        migrations.AddField(
            "Receipt",
            "kind",
            models.CharField(
                max_length=16,
                choices=[("payments", "payments"), ("projects", "projects")],
                default="payments",
                help_text="What the rows are",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            "Receipt",
            "job",
            models.ForeignKey(
                to="jobs.job",
                on_delete=django.db.models.deletion.PROTECT,
                null=True,
                blank=True,
                related_name="+",
                help_text="The long work on it",
            ),
        ),
        migrations.AddField(
            "Receipt",
            "finished_at",
            models.DateTimeField(null=True, blank=True, help_text="When its last row was done; null = not yet"),
        ),
        migrations.AddField(
            "Receipt",
            "fault",
            models.CharField(
                max_length=300, blank=True, default="", help_text="Why its rows could not be read on"
            ),
        ),
        migrations.AlterField("Receipt", "imported_at", models.DateTimeField(help_text="When it was handed in")),
        migrations.AlterField(
            "Receipt", "sent", models.PositiveIntegerField(default=0, help_text="Rows done so far")
        ),
        migrations.AlterField(
            "Receipt", "taken", models.PositiveIntegerField(default=0, help_text="Rows that became records")
        ),
        migrations.AlterField(
            "Receipt",
            "rejected",
            models.PositiveIntegerField(default=0, help_text="Rows refused, each kept with its fault"),
        ),
        migrations.AddConstraint(
            "Receipt",
            models.CheckConstraint(
                condition=Q(sent=F("taken") + F("repeated") + F("rejected")), name="receipt_adds_up"
            ),
        ),
        migrations.AddConstraint(
            "Receipt",
            models.CheckConstraint(condition=Q(kind__in=["payments", "projects"]), name="receipt_kind_known"),
        ),
        migrations.AddIndex("Receipt", models.Index(fields=["author", "imported_at"], name="receipt_author_moment")),
        migrations.AddIndex("RejectedRow", models.Index(fields=["receipt", "line"], name="rejected_row_line")),
    ]
