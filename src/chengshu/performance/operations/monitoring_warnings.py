"""Early warning: once a day, list the projects that are behind, keep since when, and tell their officers."""

from collections.abc import Collection
from datetime import datetime

from django.core.cache import cache
from django.db import transaction
from django.utils.timezone import localdate

from chengshu.kernel.audit.facade import record
from chengshu.performance.contracts.monitoring import Behind, Notifier, Warned
from chengshu.performance.models import EarlyWarning, MonitoringPoint, ProjectYear
from chengshu.performance.operations.monitoring import open_reports
from chengshu.performance.queries.monitoring import find_behind, list_officers, list_unopened_years

_DONE_KEY = "performance:early_warning"
_A_DAY = 86_400
_notifiers: list[Notifier] = []


def register_notifier(notifier: Notifier) -> None:
    """Let somebody tell people of a warning; each is asked once when a warning begins."""
    if notifier not in _notifiers:
        _notifiers.append(notifier)


def keep_monitoring(now: datetime) -> None:
    """Do what is due once a day: open reports of points whose day has come, and warn of what is behind."""
    today = localdate(now)
    if not cache.add(f"{_DONE_KEY}:{today.isoformat()}", value=True, timeout=_A_DAY):
        return
    for point in MonitoringPoint.objects.filter(year=today.year, until_on__lte=today):
        if list_unopened_years(point).exists():
            open_reports(point.pk, now=now)
    warn_of_behind(now, notifiers=_notifiers)


def warn_of_behind(now: datetime, *, notifiers: Collection[Notifier] = ()) -> tuple[Warned, ...]:
    """Begin the warnings that hold now, end those that hold no more, and tell the officers of what began.

    Asked again on unchanged facts it tells nobody anything.
    """
    began = tuple(warned for reason in Behind for warned in _renew(reason, now))
    for warned in began:
        for notify in notifiers:
            notify(warned.officer_ids, warned, now)
    return began


@transaction.atomic
def _renew(reason: Behind, now: datetime) -> list[Warned]:
    today = localdate(now)
    standing = EarlyWarning.objects.select_for_update(of=("self",)).filter(reason=reason, ended_at__isnull=True)
    known = set(standing.values_list("project_year", flat=True))
    behind = {year.pk: year for year in find_behind(reason, today).select_related("project")}
    gone = known - behind.keys()
    EarlyWarning.objects.filter(reason=reason, ended_at__isnull=True, project_year__in=gone).update(ended_at=now)
    new = [year for pk, year in behind.items() if pk not in known]
    EarlyWarning.objects.bulk_create(
        (EarlyWarning(project_year=year, reason=reason, raised_at=now) for year in new), ignore_conflicts=True
    )
    if new or gone:
        facts = {"reason": reason.value, "began": len(new), "ended": len(gone)}
        record(None, "performance.warn_of_behind", "monitoring:all", now=now, details=facts)
    return _address(new, reason, now)


def _address(years: list[ProjectYear], reason: Behind, now: datetime) -> list[Warned]:
    officers = list_officers([year.unit_id for year in years], on=localdate(now))
    return [Warned(year.pk, year.project.name, year.year, reason, officers.get(year.unit_id, ())) for year in years]
