"""The lake kept in order each night: small files put together, and what no version that is kept needs taken away."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import structlog
from django.conf import settings

from chengshu.dataplane.engines import workplaces
from chengshu.dataplane.errors import LakeFault
from chengshu.dataplane.lake.places import Lake, TableName, list_tables
from chengshu.dataplane.lake.reading import active_files
from chengshu.dataplane.lake.upkeep import compact, remove_expired
from chengshu.resources.queries.lake import open_lake

MANY_FILES = 10
"""From how many files on they are put together: each time, all small ones are written anew."""
ACTOR = "系统"
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Tidied:
    """What was done to the lake: tables looked at, files put together, files taken away, tables that refused."""

    tables: int
    joined: int
    removed: int
    failed: tuple[str, ...]


def tidy_lake(report: Callable[[str, int, int], object]) -> Tidied:
    """Tidy one table after the other; what one refuses does not keep the others from their turn.

    `report` is told each table's name, tables done, and all of them; it may raise to stop. Versions younger than the
    setting CHENGSHU_LAKE_KEEP_DAYS stay readable.

    Raises:
        LakeBusy: the store does not answer at all.
    """
    lake, keep = open_lake(), timedelta(days=settings.LAKE_KEEP_DAYS)
    tables = list(list_tables(lake))
    joined, removed, failed = 0, 0, []
    for place, table in enumerate(tables):
        report(str(table), place, len(tables))
        try:
            joined += _join_files(lake, table)
            removed += len(remove_expired(lake, table, keep=keep))
        except LakeFault as fault:
            _log.warning("table_not_tidied", table=str(table), reason=fault.message)
            failed.append(str(table))
    return Tidied(len(tables), joined, removed, tuple(failed))


def sweep_work() -> None:
    """Take away what processes that died left of their work, under the data folder and where a cluster shares files."""
    for place in filter(None, (settings.WORK_ROOT, settings.ENGINE.shared)):
        if swept := workplaces.sweep_work(place):
            _log.info("work_swept", place=str(place), folders=swept)


def _join_files(lake: Lake, table: TableName) -> int:
    if len(active_files(lake, table).files) < MANY_FILES:
        return 0
    return compact(lake, table, actor=ACTOR).removed
