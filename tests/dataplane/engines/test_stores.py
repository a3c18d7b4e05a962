"""Engines before an S3 store: what they are told, and what is missing. Rows out of a store are in lake/test_stores.py."""

import logging
import shutil
from pathlib import Path

import pytest

from chengshu.dataplane.engines.clusters import Cluster
from chengshu.dataplane.engines.opening import open_engine
from chengshu.dataplane.engines.protocol import Engine
from chengshu.dataplane.engines.stores import store_of
from chengshu.dataplane.errors import EngineFault, EngineMissing

OPTIONS = {
    "AWS_ENDPOINT_URL": "http://127.0.0.1:9000",
    "AWS_ACCESS_KEY_ID": "city",
    "AWS_SECRET_ACCESS_KEY": "a'b",
    "AWS_REGION": "cn-east-1",
    "AWS_ALLOW_HTTP": "true",
}


def test_options_of_the_lake_are_told_to_each_engine() -> None:
    store = store_of(OPTIONS)
    assert store.duckdb_secret().endswith(
        "(TYPE s3, KEY_ID 'city', SECRET 'a''b', REGION 'cn-east-1', ENDPOINT '127.0.0.1:9000', URL_STYLE 'path',"
        " USE_SSL false)"
    )
    assert store.spark_settings() == {
        "spark.hadoop.fs.s3a.endpoint": "http://127.0.0.1:9000",
        "spark.hadoop.fs.s3a.endpoint.region": "cn-east-1",
        "spark.hadoop.fs.s3a.access.key": "city",
        "spark.hadoop.fs.s3a.secret.key": "a'b",
        "spark.hadoop.fs.s3a.path.style.access": "true",
        "spark.hadoop.fs.s3a.connection.ssl.enabled": "false",
    }
    assert store_of({"endpoint": "https://s3.city"}).is_encrypted


def test_without_a_store_addresses_are_refused_with_the_cure(duckdb_engine: Engine) -> None:
    with pytest.raises(EngineFault, match="给出 store"):
        duckdb_engine.offer("t", ["s3://city/raw/t/part-0.parquet"])


@pytest.mark.skipif(shutil.which("java") is None, reason="Spark asks for Java first")
def test_spark_says_which_jars_it_lacks_for_a_store(tmp_path: Path) -> None:
    logging.getLogger("py4j").setLevel(logging.WARNING)
    with pytest.raises(EngineMissing, match=r"hadoop-aws-3\.\d+\.\d+\.jar.*spark\.jars"):
        open_engine("spark", temp_folder=tmp_path, store=OPTIONS, cluster=Cluster(reads_s3=True))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("master", ["spark:7077", "http://cluster:7077", "local[x]", "spark://a b:1", "spark://a"])
def test_an_address_that_is_no_cluster_is_refused(master: str) -> None:
    with pytest.raises(EngineMissing, match="spark://主机:7077"):
        Cluster(master)


@pytest.mark.parametrize(
    "master", ["", "local", "local[*]", "local[4, 2]", "spark://a:7077,b:7077", "k8s://https://h:6443", "yarn"]
)
def test_addresses_of_clusters_are_taken(master: str) -> None:
    assert Cluster(master).master == master
