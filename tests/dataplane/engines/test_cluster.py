"""Spark on a cluster: a master and a worker of their own, in processes that live for this module."""

import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from pyspark.find_spark_home import _find_spark_home
from spark_process import run_on_spark

from chengshu.dataplane.engines.clusters import Cluster
from chengshu.dataplane.engines.opening import open_engine
from chengshu.dataplane.errors import EngineMissing

HOST = "127.0.0.1"
JAVA = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
START_SECONDS = 90
ROOT = Path(__file__).parents[3]
COMMAND = [
    "test_spark_answers_as_duckdb_does[delta]",
    "test_spark_keeps_the_same_failing_rows",
    "test_parquet_that_a_cluster_does_not_see_is_refused",
]
"""What of the command is tried on a cluster as well: data read in place, data staged, and data out of its sight."""
HAS_JAVA = shutil.which("java") is not None


@dataclass(frozen=True, slots=True)
class Started:
    """A cluster that stands: the address of its master, and where the master tells what it knows."""

    master: str
    answers: str


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Started]:
    folder = tmp_path_factory.mktemp("cluster")
    port, pages, worker, worker_pages = (str(number) for number in _free_ports(4))
    started = Started(f"spark://{HOST}:{port}", f"http://{HOST}:{pages}/json/")
    with ExitStack() as stack:
        place = ["--host", HOST, "--port"]
        given = ["--cores", "1", "--memory", "1g", "--work-dir", str(folder / "work"), started.master]
        services = {
            "master.Master": [*place, port, "--webui-port", pages],
            "worker.Worker": [*place, worker, "--webui-port", worker_pages, *given],
        }
        for workers, (name, arguments) in enumerate(services.items()):
            log = folder / f"{name}.log"
            process = _start(log, name, *arguments)
            stack.callback(_stop, process)
            _await_workers(started, workers, process, log)
        yield started


@pytest.mark.spark
@pytest.mark.skipif(not HAS_JAVA, reason="the other tests on Spark say that Java is missing")
def test_pipelines_lake_and_store_hold_on_a_cluster(cluster: Started, tmp_path: Path) -> None:
    here = Path(__file__).parent
    shown = run_on_spark(
        tmp_path, here / "on_cluster.py", here.parent / "lake" / "test_stores.py", master=cluster.master
    )
    known = _ask(cluster)
    applications = [*known["activeapps"], *known["completedapps"]]
    assert "skipped" not in shown
    assert any(one["name"] == "chengshu" and one["memoryperexecutor"] == 512 for one in applications)


@pytest.mark.spark
@pytest.mark.skipif(not HAS_JAVA, reason="the other tests on Spark say that Java is missing")
def test_the_command_checks_data_on_a_cluster(cluster: Started, tmp_path: Path) -> None:
    tests = ROOT / "tests" / "cli" / "on_spark.py"
    shown = run_on_spark(tmp_path, *(f"{tests}::{name}" for name in COMMAND), master=cluster.master)
    assert f"{len(COMMAND)} passed" in shown


@pytest.mark.spark
@pytest.mark.skipif(not HAS_JAVA, reason="the other tests on Spark say that Java is missing")
def test_the_house_checks_and_processes_on_a_cluster(cluster: Started, tmp_path: Path) -> None:
    resources = ROOT / "tests" / "resources"
    month = resources / "quality" / "month_on_spark.py"
    chosen: list[Path | str] = [
        f"{month}::test_a_month_is_checked_on_spark_as_on_duckdb",
        resources / "processing" / "standard_on_spark.py",
    ]
    assert "3 passed" in run_on_spark(tmp_path, *chosen, master=cluster.master)


@pytest.mark.skipif(not HAS_JAVA, reason="Spark asks for Java first")
def test_a_cluster_that_does_not_answer_is_named_at_once(tmp_path: Path) -> None:
    master = f"spark://{HOST}:{_free_ports(1)[0]}"
    with pytest.raises(EngineMissing, match=rf"连不上 Spark 集群“{master}”.*Master"):
        open_engine("spark", temp_folder=tmp_path, cluster=Cluster(master))
    assert list(tmp_path.iterdir()) == []


def _start(log: Path, name: str, *arguments: str) -> subprocess.Popen[bytes]:
    """Start one of Spark's own services; the launching shell becomes the service, so that its handle stops it."""
    home = _find_spark_home()  # type: ignore[no-untyped-call]  # it has no types
    settings = {
        "SPARK_HOME": home,
        "SPARK_LOCAL_IP": HOST,
        "SPARK_DAEMON_MEMORY": "256m",
        "SPARK_DAEMON_JAVA_OPTS": JAVA,
    }
    command = [f"{home}/bin/spark-class", f"org.apache.spark.deploy.{name}", *arguments]
    with log.open("wb") as file:
        return subprocess.Popen(command, env={**os.environ, **settings}, stdout=file, stderr=file)


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _await_workers(started: Started, count: int, process: subprocess.Popen[bytes], log: Path) -> None:
    """Ask the master until it knows of so many workers; between two questions, see whether the service has ended."""
    limit = time.monotonic() + START_SECONDS
    while time.monotonic() < limit:
        with suppress(OSError):  # it does not listen yet
            if _ask(started)["aliveworkers"] == count:
                return
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.2)
            break
    pytest.fail(f"no master with {count} workers within {START_SECONDS} s\n{log.read_text('utf-8', 'replace')}")


def _ask(started: Started) -> dict[str, Any]:
    with urlopen(started.answers, timeout=5) as answer:  # noqa: S310 - of this machine
        known: dict[str, Any] = json.load(answer)
    return known


def _free_ports(count: int) -> list[int]:
    with ExitStack() as stack:
        return [stack.enter_context(socket.create_server((HOST, 0))).getsockname()[1] for _ in range(count)]
