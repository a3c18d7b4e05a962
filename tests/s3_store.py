"""An S3 store made for tests and gone after them, with a key that may do everything."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote
from uuid import uuid4

import boto3  # type: ignore[import-untyped]  # it ships no types
from botocore.config import Config  # type: ignore[import-untyped]  # the same

KEY, SECRET, REGION = "tests", "a/b+c", "us-east-1"


@contextmanager
def server() -> Iterator[str]:
    """Run one in a process of its own: calls into the lake may hold this one's interpreter until it answers."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        place = f"127.0.0.1:{free.getsockname()[1]}"
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", place.rpartition(":")[2]]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            yield place
        finally:
            process.kill()


def address(place: str, bucket: str) -> str:
    """Give the address of a lake there, as a house writes it into its settings."""
    return f"http://{KEY}:{quote(SECRET, safe='')}@{place}/{bucket}/city?region={REGION}"


def make_bucket(place: str) -> str:
    """Make a bucket, and give its name."""
    client = boto3.client(
        "s3",
        endpoint_url=f"http://{place}",
        region_name=REGION,
        aws_access_key_id=KEY,
        aws_secret_access_key=SECRET,
        config=Config(retries={"max_attempts": 12, "mode": "standard"}),  # until the server has started
    )
    name = f"lake-{uuid4().hex}"
    client.create_bucket(Bucket=name)
    return name
