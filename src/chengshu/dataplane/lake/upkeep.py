"""Small files put together; files that no version within the retention needs taken away."""

from dataclasses import dataclass
from datetime import timedelta

from deltalake import CommitProperties, WriterProperties
from deltalake.exceptions import CommitFailedError

from chengshu.dataplane.errors import LakeBusy, RetentionTooShort
from chengshu.dataplane.lake.places import Lake, TableName, open_table

SHORTEST_RETENTION = timedelta(days=1)
"""Files younger than this may belong to a writer that has not committed yet."""
USUAL_RETENTION = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Compacted:
    """Files before that were put together, and files they became."""

    removed: int
    added: int


def compact(lake: Lake, table: TableName, *, actor: str, target_bytes: int = 256 * 1024 * 1024) -> Compacted:
    """Put small files together into files of about `target_bytes`; the rows stay the same.

    Raises:
        LakeTableUnknown: there is no such table.
        LakeBusy: others wrote the table meanwhile; nothing changed.
    """
    try:
        outcome = open_table(lake, table).optimize.compact(
            target_size=target_bytes,
            writer_properties=WriterProperties(compression="ZSTD"),
            commit_properties=CommitProperties(custom_metadata={"actor": actor}),
        )
    except CommitFailedError as error:
        raise LakeBusy(f"表“{table}”正在被写入，这次没有合并小文件，下次再合并。", table=str(table)) from error
    return Compacted(removed=outcome["numFilesRemoved"], added=outcome["numFilesAdded"])


def find_expired(lake: Lake, table: TableName, *, keep: timedelta = USUAL_RETENTION) -> list[str]:
    """Name the files that `remove_expired` would take away, and touch none.

    Raises:
        LakeTableUnknown: there is no such table.
        RetentionTooShort: `keep` is below a day.
    """
    return _vacuum(lake, table, keep, dry_run=True)


def remove_expired(lake: Lake, table: TableName, *, keep: timedelta = USUAL_RETENTION) -> list[str]:
    """Take away files that were replaced, or never committed, longer than `keep` ago; versions that need them go too.

    Raises as `find_expired` does.
    """
    return _vacuum(lake, table, keep, dry_run=False)


def _vacuum(lake: Lake, table: TableName, keep: timedelta, *, dry_run: bool) -> list[str]:
    if keep < SHORTEST_RETENTION:
        message = "保留时间不能少于一天：正在进行的写入和读取还需要这些文件。"
        raise RetentionTooShort(message, hours=int(keep.total_seconds() // 3600))
    hours = int(keep.total_seconds() // 3600)
    return sorted(
        open_table(lake, table).vacuum(
            retention_hours=hours, dry_run=dry_run, enforce_retention_duration=False, full=True
        )
    )
