"""Engines for the tests: DuckDB for each test, Spark once a process because it takes ten seconds to start."""

import logging
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from chengshu.dataplane.engines.opening import Cluster, open_engine
from chengshu.dataplane.engines.protocol import Engine

SPARK = pytest.param("spark", marks=pytest.mark.spark)


@pytest.fixture
def duckdb_engine() -> Iterator[Engine]:
    engine = open_engine("duckdb", threads=2, memory_limit="1GB")
    yield engine
    engine.close()


@pytest.fixture(scope="session")
def spark_session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    if shutil.which("java") is None:
        message = "Java is missing, so nothing was tried on Spark: apt-get install openjdk-17-jre-headless"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(message)
    logging.getLogger("py4j").setLevel(logging.WARNING)  # it speaks when all streams are closed
    # Each statement runs once: what the compiler of Java would gain, it costs twice over.
    settings = {"spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"}
    folder = tmp_path_factory.mktemp("spark")
    engine = open_engine("spark", memory_limit="2GB", temp_folder=folder, cluster=Cluster(settings=settings))
    yield engine
    engine.close()


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
