"""A version of a lake's table offered to an engine: its files where they lie, if the engine reaches them there."""

from pathlib import Path

from chengshu.dataplane.engines.protocol import Engine
from chengshu.dataplane.engines.stores import is_address
from chengshu.dataplane.errors import DataUnreadable
from chengshu.dataplane.lake.reading import ActiveFiles


def offer_table(engine: Engine, name: str, active: ActiveFiles) -> None:
    """Have the engine read the files where they lie; those from before a column was added have nulls there.

    Raises:
        DataUnreadable: they lie where the machines of its cluster do not see them.
    """
    if engine.shared and not all(_is_seen(file, engine.shared) for file in active.files):
        message = (
            f"数据湖的文件 {active.files[0]} 不在共享目录 {engine.shared} 里，集群的其他机器读不到它。"
            "请把数据目录（CHENGSHU_VAR_DIR）放进共享目录，或把 CHENGSHU_ENGINE 改为 duckdb。"
        )
        raise DataUnreadable(message)
    if active.files:
        engine.offer(name, active.files, schema=active.schema)
    else:
        engine.offer(name, active.schema.empty_table())


def _is_seen(file: str, shared: Path) -> bool:
    return is_address(file) or Path(file).resolve().is_relative_to(shared.resolve())
