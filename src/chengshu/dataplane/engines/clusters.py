"""Where Spark runs: on this machine, or on a cluster that this machine can reach and shares a folder with."""

import re
import socket
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from chengshu.dataplane.errors import EngineMissing

_MASTER = re.compile(r"local(\[(\*|\d+)(,\s*\d+)?\])?|spark://[^\s/,:]+:\d+(,[^\s/,:]+:\d+)*|k8s://\S+|yarn")
_CONNECT_SECONDS = 5
MEANING = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",  # what cannot be computed is a fault, not a null
    "spark.sql.caseSensitive": "false",
    "spark.sql.variable.substitute": "false",  # else ${x} within a text would be taken for a variable
    "spark.sql.decimalOperations.allowPrecisionLoss": "false",
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
}
"""Settings of Spark by which SQL means on it what it means on DuckDB; nobody may set them otherwise."""
_OWN = frozenset({*MEANING, "spark.master", "spark.submit.deployMode"})


@dataclass(frozen=True, slots=True)
class Cluster:
    """Where Spark runs, and its own settings by their names.

    `master` is spark://host:7077, k8s://https://host:6443 or yarn; local[*] are all cores of this machine, and nothing
    as many as the engine is given threads. Executors have to come within `patience_seconds`. Files of an S3 store are
    copied into the engine's folder, at most `copied_bytes` of them at a time; `reads_s3` says that Spark has the jars
    of hadoop-aws and reads the store by itself. `shared` is the folder that all its machines see, where that is more than
    the engine's own. Raises EngineMissing for a master of another form, and for settings
    that are not to be chosen.
    """

    master: str = ""
    settings: Mapping[str, str] = field(default_factory=dict)
    patience_seconds: float = 120
    copied_bytes: int = 50 * 2**30
    reads_s3: bool = False
    shared: Path | None = None

    def __post_init__(self) -> None:
        if self.master and not _MASTER.fullmatch(self.master):
            message = (
                f"“{self.master}”不是 Spark 主节点的地址；"
                "可以写 local[*]、spark://主机:7077、k8s://https://主机:6443 或 yarn。"
            )
            raise EngineMissing(message, engine="spark")
        if taken := sorted(_OWN & self.settings.keys()):
            message = f"Spark 的设置 {'、'.join(taken)} 由本系统给出，不能另设，否则结果会与其他引擎不同。请去掉。"
            raise EngineMissing(message, engine="spark")

    @property
    def is_local(self) -> bool:
        """Whether driver and executors are one process of this machine."""
        return not self.master or self.master.startswith("local")


def reach_master(master: str) -> str | None:
    """Give the address by which this machine reaches a standalone master, so that executors find the way back.

    None for other kinds of clusters. Raises EngineMissing where no master answers: Spark itself would try for a minute,
    and then say only that its context is stopped.
    """
    if not master.startswith("spark://"):
        return None
    for place in master.removeprefix("spark://").split(","):
        address = urlsplit(f"//{place}")
        with suppress(OSError), socket.create_connection((address.hostname, address.port), _CONNECT_SECONDS) as way:
            return str(way.getsockname()[0])
    message = f"连不上 Spark 集群“{master}”。请核对地址和端口、确认主节点（Master）已启动、防火墙放行，再试一次。"
    raise EngineMissing(message, engine="spark")
