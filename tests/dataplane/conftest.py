"""Engines for the tests: DuckDB for each test, Spark once a process because it takes ten seconds to start; a lake in S3."""

import gc
import logging
import os
import shutil
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
import s3_store

from chengshu.dataplane.engines.clusters import Cluster
from chengshu.dataplane.engines.opening import open_engine
from chengshu.dataplane.engines.protocol import Engine
from chengshu.dataplane.lake.places import Lake, lake_in_store

SPARK = pytest.param("spark", marks=pytest.mark.spark)


@pytest.fixture
def duckdb_engine() -> Iterator[Engine]:
    engine = open_engine("duckdb", threads=2, memory_limit="1GB")
    yield engine
    engine.close()


@pytest.fixture(scope="session")
def s3_options(s3_server: str) -> dict[str, str]:
    return dict(lake_in_store(s3_store.address(s3_server, "any")).options)


@pytest.fixture
def s3_lake(s3_address: str) -> Lake:
    return lake_in_store(s3_address)


@pytest.fixture(scope="session")
def spark_session(tmp_path_factory: pytest.TempPathFactory, s3_options: dict[str, str]) -> Iterator[Engine]:
    """On this machine; or on the cluster whose master CHENGSHU_TEST_SPARK names, with 512 MB an executor."""
    if shutil.which("java") is None:
        message = "Java is missing, so nothing was tried on Spark: apt-get install openjdk-17-jre-headless"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(message)
    logging.getLogger("py4j").setLevel(logging.WARNING)  # it speaks when all streams are closed
    # Each statement runs once: what the compiler of Java would gain, it costs twice over.
    java = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
    settings = {
        "spark.driver.extraJavaOptions": java,
        "spark.executor.extraJavaOptions": java,
        "spark.executor.memory": "512m",
        "spark.sql.shuffle.partitions": "2",
    }
    cluster = Cluster(os.environ.get("CHENGSHU_TEST_SPARK", ""), settings)
    folder = tmp_path_factory.mktemp("spark")
    engine = open_engine("spark", memory_limit="2GB", temp_folder=folder, cluster=cluster, store=s3_options)
    yield engine
    engine.close()
    with warnings.catch_warnings():  # of sockets that pyspark leaves to the garbage collector, as below
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


@pytest.fixture
def spark_engine(spark_session: Engine) -> Engine:
    return spark_session


@pytest.fixture(params=["duckdb", SPARK])
def engine(request: pytest.FixtureRequest) -> Engine:
    """Give either engine in turn."""
    chosen: Engine = request.getfixturevalue(f"{request.param}_engine")
    return chosen


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give an empty folder that does not exist yet, with a name as people give them."""
    return tmp_path / "结果 [一] '{a}' 100%"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let pass that pyspark leaves the closing of its sockets to the garbage collector."""
    for item in items:
        if item.get_closest_marker("spark"):
            item.add_marker(pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning"))
