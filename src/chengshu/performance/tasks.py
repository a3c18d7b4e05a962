"""The long work that this domain offers to the worker."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chengshu.kernel.jobs.facade import JobKind, Progress
from chengshu.performance import facade
from chengshu.performance.facade import evaluations, money, monitoring, publications


def import_files(progress: Progress) -> Mapping[str, Any]:
    """Read the waiting files of a batch and check it."""
    return facade.work_import(progress, reader=facade.intake, clock=timezone.now)


def check_batch(progress: Progress) -> Mapping[str, Any]:
    """Check a batch again."""
    return facade.work_check(progress, reader=facade.intake, clock=timezone.now)


def print_report(progress: Progress) -> Mapping[str, Any]:
    """Print the findings report of a large batch."""
    return facade.work_report(progress, clock=timezone.now, font_dir=settings.FONT_DIR)


def import_table(progress: Progress) -> Mapping[str, Any]:
    """Take the rows of a large table."""
    return money.work_table_import(progress, clock=timezone.now)


def publish_papers(progress: Progress) -> Mapping[str, Any]:
    """Make self-evaluations public."""
    return publications.work_publishing(progress, clock=timezone.now)


def open_monitoring(progress: Progress) -> Mapping[str, Any]:
    """Open the reports of a monitoring point."""
    return monitoring.work_opening(progress, clock=timezone.now)


def open_evaluations(now: datetime) -> None:
    """Open what is due of the year that has ended, some at a time."""
    evaluations.open_due_evaluations(now)


def _opened_page(result: Mapping[str, Any]) -> str:
    return f"{reverse('performance:monitoring')}?point={result['point']}"


def _outcome_page(result: Mapping[str, Any]) -> str:
    return reverse("performance:publishing", args=[result["job"]])


def _receipt_page(result: Mapping[str, Any]) -> str:
    return reverse("performance:receipt", args=[result["receipt"]])


def _report_file(result: Mapping[str, Any]) -> str:
    return reverse("performance:report", args=[result["job"]])


def _batch_page(result: Mapping[str, Any]) -> str:
    return reverse("performance:batch", args=[result["batch"]])


KINDS = (
    JobKind(facade.IMPORT_KIND, _("导入自评表"), import_files, _batch_page),
    JobKind(facade.CHECK_KIND, _("重新检查"), check_batch, _batch_page),
    JobKind(facade.REPORT_KIND, _("生成核查报告"), print_report, _report_file),
    JobKind(publications.PUBLISH_KIND, _("公开自评"), publish_papers, _outcome_page),
    JobKind(monitoring.OPEN_KIND, _("下发监控表"), open_monitoring, _opened_page),
    JobKind(money.TABLE_KIND, _("登记表格的行"), import_table, _receipt_page),
)
