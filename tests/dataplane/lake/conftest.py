"""A lake in a folder, and the same in an S3 store."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

import boto3  # type: ignore[import-untyped]  # it ships no types
import pytest
from botocore.config import Config  # type: ignore[import-untyped]  # the same

from chengshu.dataplane.lake.places import Lake, TableName, Zone


@pytest.fixture(scope="session")
def s3_server() -> Iterator[str]:
    """A server in a process of its own: calls into the lake may hold this one's interpreter until it answers."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            server.kill()


@pytest.fixture
def s3_lake(s3_server: str) -> Lake:
    secret = "a/b+c"  # noqa: S105 - of a server that lives for these tests
    client = boto3.client(
        "s3",
        endpoint_url=s3_server,
        region_name="us-east-1",
        aws_access_key_id="tests",
        aws_secret_access_key=secret,
        config=Config(retries={"max_attempts": 12, "mode": "standard"}),  # until the server has started
    )
    bucket = f"lake-{uuid4().hex}"
    client.create_bucket(Bucket=bucket)
    return Lake(
        f"s3://{bucket}/{quote('city')}",
        {
            "AWS_ENDPOINT_URL": s3_server,
            "AWS_ACCESS_KEY_ID": "tests",
            "AWS_SECRET_ACCESS_KEY": secret,
            "AWS_REGION": "us-east-1",
            "AWS_ALLOW_HTTP": "true",
        },
    )


@pytest.fixture(params=["folder", "s3"])
def lake(request: pytest.FixtureRequest, tmp_path: Path) -> Lake:
    if request.param == "s3":
        found: Lake = request.getfixturevalue("s3_lake")
        return found
    return Lake(str(tmp_path / "湖"))


@pytest.fixture
def folder_lake(tmp_path: Path) -> Lake:
    return Lake(str(tmp_path / "湖"))


@pytest.fixture
def persons() -> TableName:
    return TableName(Zone.RAW, "人口 基本信息")
