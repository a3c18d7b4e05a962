"""Spark: on a cluster, or on this machine to try what will run there. Needs the extra `spark` and Java 17."""

import os
import re
import shutil
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from chengshu.dataplane.engines.canonical import canonical_schema
from chengshu.dataplane.engines.clusters import MEANING, Cluster, reach_master
from chengshu.dataplane.engines.copies import StoreCopies
from chengshu.dataplane.engines.protocol import Written
from chengshu.dataplane.engines.stores import ADDRESS, Store, is_address, require_store
from chengshu.dataplane.errors import EngineFault, EngineMissing

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession
    from pyspark.sql.types import StructType

_SETTINGS = {
    **MEANING,
    "spark.sql.parquet.compression.codec": "zstd",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}
_LOCAL = {
    "spark.sql.shuffle.partitions": "2",
    "spark.default.parallelism": "2",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
}
_DDL = {
    pa.int64(): "BIGINT",
    pa.float64(): "DOUBLE",
    pa.string(): "STRING",
    pa.bool_(): "BOOLEAN",
    pa.date32(): "DATE",
    pa.timestamp("us", tz="UTC"): "TIMESTAMP",
}
_CASTS = {"tinyint": "bigint", "smallint": "bigint", "int": "bigint", "float": "double"}


class SparkEngine:
    """Runs SQL of Spark in one session. A process has one session at a time: close before another is opened.

    Executors of a cluster must see the offered files and `temp_folder` under the same paths as this process, and run
    as its user; that is tried when the engine is opened. `memory` is the driver's; it holds only when this engine
    starts the process's first session.
    """

    name = "spark"
    dialect = "spark"

    def __init__(
        self, cluster: Cluster, *, memory: str = "2g", temp_folder: Path | None = None, store: Store | None = None
    ) -> None:
        self.reads_store = store is not None
        self.shared = None if cluster.is_local else Path(cluster.shared or temp_folder or tempfile.gettempdir())
        self._offered = 0
        self._temporary = Path(tempfile.mkdtemp(prefix="chengshu-spark-", dir=temp_folder))
        self.work: Path | None = self._temporary
        self._copies = (
            StoreCopies(store, self._temporary / "copies", most_bytes=cluster.copied_bytes)
            if store is not None and not cluster.reads_s3
            else None
        )
        self._settings = {
            **_SETTINGS,
            **(_LOCAL if cluster.is_local else {}),
            "spark.driver.memory": memory.upper().removesuffix("B").lower(),
            "spark.local.dir": str(self._temporary / "local"),
            "spark.sql.warehouse.dir": str(self._temporary / "warehouse"),
            **(store.spark_settings() if store and cluster.reads_s3 else {}),
            **cluster.settings,
        }
        try:
            self._session = _start_session(cluster.master, self._settings, reads_s3=cluster.reads_s3)
        except BaseException:
            shutil.rmtree(self._temporary, ignore_errors=True)
            raise
        if self.shared:
            self._try_cluster(cluster)

    def offer(self, name: str, rows: pa.Table | Sequence[Path | str], *, schema: pa.Schema | None = None) -> None:
        """Make rows readable under a name, instead of what had it: a table in memory, or Parquet files of one shape."""
        if not isinstance(rows, pa.Table) and not rows:
            raise EngineFault(f"“{name}”没有数据文件；空表请以内存表提供，列才有类型。", statement="", engine=self.name)
        reader = self._session.read
        if isinstance(rows, pa.Table):
            rows = rows.cast(canonical_schema(rows.schema))
            files: list[Path | str] = [self._keep(rows)]
            if rows.num_columns and all(kind in _DDL or pa.types.is_decimal(kind) for kind in rows.schema.types):
                reader = reader.schema(_ddl(rows.schema))  # else Spark runs a job to look into the file
        else:
            files = list(rows)
            require_store(files, has_store=self.reads_store, engine=self.name)
            if schema is not None:
                reader = reader.schema(_struct(schema))
        if self._copies:
            files = [*self._copies.hold(name, files)]
        if unseen := [file for file in files if Path(file).name.startswith(("_", "."))]:  # it would leave them out
            message = f"Spark 不读名称以“_”或“.”开头的文件：{unseen[0]}。请改名后再试。"
            raise EngineFault(message, statement="", engine=self.name)
        with _faults(f"offer {name}"):
            frame = reader.parquet(*(_file_to_read(file) for file in files))
            frame.createOrReplaceTempView(_quote_name(name))

    def withdraw(self, name: str) -> None:
        """Forget a name; nothing happens to the rows."""
        with _faults(f"withdraw {name}"):
            self._session.sql(f"DROP VIEW IF EXISTS {_quote_name(name)}")
        if self._copies:
            self._copies.release(name)

    def fetch(self, statement: str) -> pa.Table:
        """Run a query and give all of its rows."""
        with _faults(statement):
            table = self._frame(statement).toArrow()
            return table.cast(canonical_schema(table.schema))

    def stream(self, statement: str, *, batch_rows: int) -> Iterator[pa.RecordBatch]:
        """Run a query and give its rows piece by piece, from files that the cluster writes first."""
        folder = Path(tempfile.mkdtemp(dir=self._temporary))
        try:
            for file in self.write(statement, folder).files:
                with pq.ParquetFile(file) as parquet:
                    schema = canonical_schema(parquet.schema_arrow)
                    for batch in parquet.iter_batches(batch_rows):
                        yield batch.cast(schema)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def write(self, statement: str, folder: Path) -> Written:
        """Run a query and write its rows as Parquet files (zstd) into an empty folder."""
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise EngineFault(f"文件夹“{folder}”不是空的；请换一个空文件夹。", statement=statement, engine=self.name)
        if not self.shared:
            with _faults(statement):
                self._frame(statement).write.mode("append").parquet(_path_of(folder))
            return _gather(folder)
        return self._write_shared(statement, folder)

    def interrupt(self) -> None:
        """Stop the statement that runs now, from another thread."""
        if self._copies:
            self._copies.stop()
        self._session.sparkContext.cancelAllJobs()

    def close(self) -> None:
        """Let go of memory, threads and temporary files."""
        java: Any = self._session.sparkContext._jvm  # noqa: SLF001 - it has no other name
        self._session.stop()
        for name in self._settings:  # Java keeps those of its first session for all later ones
            java.System.clearProperty(name)
        shutil.rmtree(self._temporary, ignore_errors=True)

    def _write_shared(self, statement: str, folder: Path) -> Written:
        """Write to the shared folder first: the one asked for may be this machine's own.

        Spark's commit passes over files that it does not see here, so the executors' count of rows is compared.
        """
        from pyspark.sql import Observation, functions  # noqa: PLC0415 - as above

        shared = Path(tempfile.mkdtemp(dir=self._temporary))
        try:
            with _faults(statement):
                seen = Observation()
                frame = self._frame(statement).observe(seen, functions.count(functions.lit(1)).alias("rows"))
                frame.write.mode("append").parquet(_path_of(shared))
                sent = int(seen.get["rows"])
            written = _gather(shared)
            if written.rows != sent:
                message = (
                    f"执行器写出 {sent} 行，本机只看到 {written.rows} 行：执行器与本机没有共用目录“{self._temporary}”。"
                    "请改用各节点以同一路径挂载的共享目录（命令的 --shared，接口的 temp_folder），并用同一用户运行。"
                )
                raise EngineFault(message, statement=statement, engine=self.name)
            moved = tuple(Path(shutil.move(file, folder / file.name)) for file in written.files)
            return Written(moved, written.rows)
        finally:
            shutil.rmtree(shared, ignore_errors=True)

    def _try_cluster(self, cluster: Cluster) -> None:
        """Have a row written and see it. Raises EngineMissing, closed, where executors do not come or share nothing."""
        tried = threading.Event()

        def give_up() -> None:
            while not tried.wait(cluster.patience_seconds):  # again and again: a job in the making is not there yet
                late.set()
                self.interrupt()

        late = threading.Event()
        watch = threading.Thread(target=give_up, daemon=True)
        watch.start()
        try:
            self.write("SELECT 1 AS n", self._temporary / "tried")
        except EngineFault as fault:
            message = (
                f"Spark 集群“{cluster.master}”在 {cluster.patience_seconds:g} 秒内没有给出执行器。请查看主节点上的 Worker"
                " 是否在线、有没有空闲的核和内存；执行器要的内存由设置 spark.executor.memory 指定（默认 1g）。"
                if late.is_set()
                else fault.message
            )
            self.close()
            raise EngineMissing(message, engine=self.name) from fault
        finally:
            tried.set()
            watch.join()

    def _keep(self, rows: pa.Table) -> Path:
        """Write a table to where Spark reads it: that needs neither its Python workers nor pandas."""
        self._offered += 1
        path = self._temporary / f"offered-{self._offered}.parquet"
        pq.write_table(rows, path)
        return path

    def _frame(self, statement: str) -> "DataFrame":
        """Give the query's rows to come, with canonical types."""
        frame = self._session.sql(statement)
        kinds = frame.dtypes
        if not any(kind in _CASTS for _, kind in kinds):
            return frame
        return frame.select(
            *(frame[_quote_name(name)].cast(_CASTS.get(kind, kind)).alias(name) for name, kind in kinds)
        )


def _gather(folder: Path) -> Written:
    """Name and count what Spark wrote, without its own marks."""
    for mark in (*folder.glob("_SUCCESS"), *folder.glob(".*.crc")):
        mark.unlink()
    files = tuple(sorted(folder.glob("*.parquet")))
    return Written(files, sum(pq.read_metadata(file).num_rows for file in files))


def _start_session(master: str, settings: Mapping[str, str], *, reads_s3: bool) -> "SparkSession":
    try:
        from pyspark import SparkContext  # noqa: PLC0415 - half a gigabyte that most installations lack
        from pyspark.sql import SparkSession  # noqa: PLC0415 - the same
    except ImportError as error:
        raise EngineMissing("没有安装 Spark；请执行 pip install 'chengshu[spark]'。", engine="spark") from error
    home = os.environ.get("JAVA_HOME")  # noqa: TID251 - the variable by which Spark itself finds Java
    if shutil.which("java") is None and not (home and Path(home, "bin", "java").exists()):
        raise EngineMissing(
            "没有找到 Java，Spark 无法启动；请安装 Java 17（Debian：apt-get install openjdk-17-jre-headless）。",
            engine="spark",
        )
    if reads_s3:
        _require_hadoop(settings)
    here = reach_master(master)
    for variable in ("PYSPARK_PYTHON", "PYSPARK_DRIVER_PYTHON"):  # else its workers start the system's python3
        os.environ.setdefault(variable, sys.executable)  # noqa: TID251 - Spark takes it from nowhere else
    builder = SparkSession.builder.master(master).appName("chengshu")
    way_back = {"spark.driver.host": here} if here else {}
    for key, value in {**way_back, **settings}.items():
        builder = builder.config(key, value)
    before = SparkContext._active_spark_context  # noqa: SLF001 - it has no other name
    try:
        with _faults(f"SparkSession {master}"):
            session = builder.getOrCreate()
            session.sparkContext.setLogLevel("ERROR")
            return session
    except BaseException as error:
        broken = SparkContext._active_spark_context  # noqa: SLF001 - the same
        if broken is not None and broken is not before:
            broken.stop()  # else the next engine of this process would get it
        if isinstance(error, EngineFault):
            raise EngineMissing(_not_started(error, settings), engine="spark") from error
        raise


def _not_started(fault: EngineFault, settings: Mapping[str, str]) -> str:
    """Say what to look at when Spark ends before it can tell: Java has then said why on standard error."""
    reason = fault.message.partition("：")[2]
    return (
        f"Spark 没能启动：{reason} 请核对 Java 是 17 版、内存写法（驱动程序 {settings['spark.driver.memory']}，如 2GB）"
        "和 Spark 的各项设置。"
    )


def _require_hadoop(settings: Mapping[str, str]) -> None:
    """Raise EngineMissing where Spark lacks what reads S3: no package of Python brings it."""
    from pyspark.find_spark_home import _find_spark_home  # noqa: PLC0415 - as above

    jars = Path(_find_spark_home(), "jars")  # type: ignore[no-untyped-call]  # it has no types
    named = any(settings.get(name) for name in ("spark.jars", "spark.jars.packages", "spark.driver.extraClassPath"))
    if named or any(jars.glob("hadoop-aws-*.jar")):
        return
    found = next(jars.glob("hadoop-client-api-*.jar"), None)
    version = found.stem.removeprefix("hadoop-client-api-") if found else "*"
    message = (
        f"Spark 读不了 S3：缺少 hadoop-aws-{version}.jar 和它所用的 AWS SDK（bundle）。请放进目录 {jars}，"
        "或在 settings 里用 spark.jars 写明它们的路径；也可以不设 reads_s3（CHENGSHU_SPARK_READS_S3），由本系统先把文件复制到本机。"
    )
    raise EngineMissing(message, engine="spark")


@contextmanager
def _faults(statement: str) -> Iterator[None]:
    """Turn what Spark and Arrow refuse into a fault that shows the statement."""
    from py4j.protocol import Py4JError  # noqa: PLC0415 - comes with pyspark
    from pyspark.errors import PySparkException  # noqa: PLC0415 - the same

    try:
        yield
    except (PySparkException, Py4JError, pa.ArrowException) as error:
        reason = str(error).partition("\n\tat ")[0].partition("\nJVM stacktrace")[0].strip()
        raise EngineFault(f"Spark 不接受这条语句：{reason}", statement=statement, engine="spark") from error


def _ddl(schema: pa.Schema) -> str:
    """Give a schema of canonical types as Spark writes it."""
    kinds = (_DDL.get(one.type) or f"DECIMAL({one.type.precision}, {one.type.scale})" for one in schema)
    return ", ".join(f"{_quote_name(name)} {kind}" for name, kind in zip(schema.names, kinds, strict=True))


def _struct(schema: pa.Schema) -> "StructType":
    """Give a schema of any types as Spark has it."""
    from pyspark.sql.pandas.types import from_arrow_schema  # noqa: PLC0415 - as above

    return from_arrow_schema(schema, prefer_timestamp_ntz=True)


def _path_of(path: Path) -> str:
    """Give a local path as Hadoop takes it: not percent-encoded."""
    return f"file:{path.absolute()}"


def _file_to_read(file: Path | str) -> str:
    """The same, with the signs that a read would take for wildcards made plain."""
    place = f"s3a://{str(file).removeprefix(ADDRESS)}" if is_address(file) else _path_of(Path(file))
    return re.sub(r"([\\*?\[\]{}])", r"\\\1", place)


def _quote_name(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"
