"""When somebody may be disturbed."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo


def end_of_quiet(now: datetime, quiet_from: time, quiet_until: time, zone: ZoneInfo) -> datetime:
    """Return `now` when it is not within the quiet hours, else the moment at which they end, in UTC.

    They last from `quiet_from` until before `quiet_until` by the clock of `zone`, over midnight when that is earlier;
    equal hours mean that there are none.
    """
    local = now.astimezone(zone)
    clock = local.time()
    is_over_midnight = quiet_until < quiet_from
    within = clock >= quiet_from or clock < quiet_until if is_over_midnight else quiet_from <= clock < quiet_until
    if not within:
        return now
    day = local.date() + timedelta(days=1 if is_over_midnight and clock >= quiet_from else 0)
    return datetime.combine(day, quiet_until, zone).astimezone(UTC)
