"""When a schedule was last due, and when it will be next."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

from chengshu.kernel.jobs.errors import ScheduleWrong


def check_times(cron: str) -> None:
    """Refuse times that cannot be read.

    Raises:
        ScheduleWrong: they are not the five fields of cron, or never come.
    """
    try:
        next(CronSim(cron, datetime(2024, 1, 1, tzinfo=UTC)))
    except (CronSimError, StopIteration) as error:
        raise ScheduleWrong(f"计划时间“{cron}”不对", cron=cron) from error


def last_due(cron: str, now: datetime, zone: ZoneInfo) -> datetime:
    """Return the last moment up to and with `now` at which it was due, in UTC; times are those of `zone`."""
    # Looking back leaves out the minute that it starts in.
    minute_after = now.astimezone(zone).replace(second=0, microsecond=0) + timedelta(minutes=1)
    return next(CronSim(cron, minute_after, reverse=True)).astimezone(UTC)


def next_due(cron: str, now: datetime, zone: ZoneInfo) -> datetime:
    """Return the first moment after `now` at which it will be due, in UTC; times are those of `zone`."""
    return next(CronSim(cron, now.astimezone(zone))).astimezone(UTC)
