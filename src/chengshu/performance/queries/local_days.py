"""The day of a moment in the house's zone, asked of the database itself."""

from datetime import UTC, datetime
from typing import Any

from django.db.models.functions import TruncDate
from django.utils.timezone import get_current_timezone

_FIRST = datetime(1992, 1, 1, tzinfo=UTC)  # before any moment that is kept


class LocalDay(TruncDate):
    """As TruncDate. Where SQLite would call back into Python for each row, a zone of one offset is added in SQL."""

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Use SQLite's own function where the zone has had one offset ever since; otherwise Django's."""
        zone = get_current_timezone()
        offsets = {moment.astimezone(zone).utcoffset() for moment in _seasons()}
        offset = offsets.pop()
        if offsets or offset is None:
            return super().as_sql(compiler, connection, **context)
        inner, params = compiler.compile(self.lhs)
        return f"DATE({inner}, '{int(offset.total_seconds()):+d} seconds')", params


def _seasons() -> list[datetime]:
    years = range(_FIRST.year, datetime.now(UTC).year + 2)
    return [datetime(year, month, 1, tzinfo=UTC) for year in years for month in (1, 7)]
