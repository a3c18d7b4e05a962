"""What test_cluster.py runs against its cluster, in a process of its own and in this order.

Against another: CHENGSHU_TEST_SPARK=spark://host:7077 pytest -m spark -n 0 -p no:randomly FILE
"""

import os
from pathlib import Path

import pyarrow as pa
import pytest
from dataplane.spec.cases import Case, Feature
from dataplane.spec.test_spec import FEATURES, check_case

from chengshu.dataplane.engines.clusters import Cluster
from chengshu.dataplane.engines.opening import open_engine
from chengshu.dataplane.engines.protocol import Engine
from chengshu.dataplane.errors import EngineMissing
from chengshu.dataplane.lake.places import Lake, TableName, Zone
from chengshu.dataplane.lake.reading import active_files, read
from chengshu.dataplane.lake.writing import Entry, append, replace

pytestmark = pytest.mark.spark

MASTER = os.environ.get("CHENGSHU_TEST_SPARK", "")
JAVA = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
SMALL = {
    "spark.executor.memory": "512m",
    "spark.driver.extraJavaOptions": JAVA,
    "spark.executor.extraJavaOptions": JAVA,
    "spark.sql.shuffle.partitions": "2",
}
FIRST = [pytest.param(feature, feature.cases[0], id=feature.title) for feature in FEATURES]


def test_executors_that_do_not_come_are_missed_with_the_cure(tmp_path: Path) -> None:
    greedy = Cluster(MASTER, {**SMALL, "spark.executor.memory": "64g"}, patience_seconds=2)
    with pytest.raises(EngineMissing, match=r"2 秒内没有给出执行器.*spark\.executor\.memory"):
        open_engine("spark", memory_limit="1GB", temp_folder=tmp_path, cluster=greedy)


def test_a_folder_that_executors_do_not_share_is_found_before_rows_are_lost() -> None:
    """/proc/self/cwd is another folder in each process, as /tmp is on each machine.

    Executors come although the engine before asked for 64 GB: its settings went with it.
    """
    settings = {name: value for name, value in SMALL.items() if name != "spark.executor.memory"}
    with pytest.raises(EngineMissing, match=r"执行器写出 1 行，本机只看到 0 行.*共享目录"):
        open_engine("spark", temp_folder=Path("/proc/self/cwd"), cluster=Cluster(MASTER, settings))


@pytest.mark.parametrize(("feature", "case"), FIRST)
def test_the_first_case_of_each_chapter_holds(spark_engine: Engine, feature: Feature, case: Case) -> None:
    check_case(spark_engine, feature, case)


def test_the_active_files_of_a_version_are_read_and_written_back(spark_engine: Engine, tmp_path: Path) -> None:
    lake, persons = Lake(str(tmp_path / "湖")), TableName(Zone.RAW, "人口")
    rows = pa.table({"n": list(range(1000)), "s": [None if n % 7 else f"第{n}" for n in range(1000)]})
    append(lake, persons, rows, entry=Entry("first", "王工"))
    replace(lake, persons, rows.slice(0, 10), entry=Entry("second", "王工"))
    spark_engine.offer("t", active_files(lake, persons, version=0).files)
    spark_engine.offer("u", active_files(lake, persons).files)
    query = "SELECT t.n, t.s FROM t LEFT JOIN u ON t.n = u.n WHERE u.n IS NULL"
    written = spark_engine.write(query, tmp_path / "own" / "rows")
    assert written.rows == 990
    replace(lake, persons, written.files, entry=Entry("third", "王工"))
    assert read(lake, persons).sort_by("n") == rows.slice(10)
    pieces = list(spark_engine.stream("SELECT n FROM t ORDER BY n", batch_rows=300))
    assert [n for piece in pieces for n in piece["n"].to_pylist()] == list(range(1000))
