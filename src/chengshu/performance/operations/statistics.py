"""What the database knows of its own tables, renewed after many rows came in at once."""

import structlog
from django.db import OperationalError, connection, transaction

log = structlog.get_logger(__name__)

# Rows of an index that are looked at for each table; SQLite's own advice for PRAGMA optimize.
_LOOKED_AT = 400
# All tables and not only those that this connection has asked (0x10000), analysed where they need it (0x02).
_WHERE_NEEDED = 0x10002


def renew_statistics() -> None:
    """Let SQLite choose its indexes by the tables as they are now; PostgreSQL sees to it by itself.

    Takes milliseconds where nothing has changed much. Where somebody else writes all the while it is left for the
    next time, for it spoils nothing.
    """
    if connection.vendor != "sqlite":
        return
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"PRAGMA analysis_limit={_LOOKED_AT}")
            cursor.execute(f"PRAGMA optimize={_WHERE_NEEDED}")
    except OperationalError as fault:
        log.info("statistics_not_renewed", fault=str(fault))
