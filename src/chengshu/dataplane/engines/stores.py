"""An S3 store as engines are told of it, out of the options that the lake has for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from obstore.store import S3Store

from chengshu.dataplane.errors import EngineFault

ADDRESS: Final = "s3://"


@dataclass(frozen=True, slots=True)
class Store:
    """Where an S3 store answers (empty: Amazon's own), and who asks. Keys never stand in a message."""

    endpoint: str = ""
    region: str = "us-east-1"
    key: str = ""
    secret: str = ""
    token: str = ""

    @property
    def is_encrypted(self) -> bool:
        """Whether it is asked by HTTPS."""
        return not self.endpoint.startswith("http://")

    def duckdb_secret(self) -> str:
        """Give the statement by which DuckDB is told."""
        host = urlsplit(self.endpoint).netloc if self.endpoint else ""
        told = {
            "KEY_ID": _quote(self.key),
            "SECRET": _quote(self.secret),
            "SESSION_TOKEN": _quote(self.token),
            "REGION": _quote(self.region),
            "ENDPOINT": _quote(host),
            "URL_STYLE": "'path'",
            "USE_SSL": "true" if self.is_encrypted else "false",
        }
        options = ", ".join(f"{name} {value}" for name, value in told.items() if value != "''")
        return f"CREATE OR REPLACE SECRET chengshu_store (TYPE s3, {options})"

    def open_bucket(self, name: str) -> S3Store:
        """Give a bucket, to read its objects by this process."""
        told = {
            "endpoint": self.endpoint,
            "region": self.region,
            "access_key_id": self.key,
            "secret_access_key": self.secret,
            "session_token": self.token,
        }
        config: Any = {f"aws_{option}": value for option, value in told.items() if value}
        return S3Store(name, config=config, client_options={"allow_http": not self.is_encrypted})

    def spark_settings(self) -> dict[str, str]:
        """Give Spark's settings: of Hadoop's S3A, whose jars must lie beside Spark's own."""
        told = {
            "endpoint": self.endpoint,
            "endpoint.region": self.region,
            "access.key": self.key,
            "secret.key": self.secret,
            "session.token": self.token,
        }
        return {
            **{f"spark.hadoop.fs.s3a.{name}": value for name, value in told.items() if value},
            "spark.hadoop.fs.s3a.path.style.access": "true",
            "spark.hadoop.fs.s3a.connection.ssl.enabled": "true" if self.is_encrypted else "false",
        }


def store_of(options: Mapping[str, str]) -> Store:
    """Read the options of a lake: AWS_ENDPOINT_URL, AWS_REGION, AWS_ACCESS_KEY_ID and so on, in any case."""
    plain = {name.lower().removeprefix("aws_"): value for name, value in options.items()}
    return Store(
        endpoint=plain.get("endpoint_url") or plain.get("endpoint", ""),
        region=plain.get("region") or plain.get("default_region", "us-east-1"),
        key=plain.get("access_key_id", ""),
        secret=plain.get("secret_access_key", ""),
        token=plain.get("session_token", ""),
    )


def require_store(files: Sequence[Path | str], *, has_store: bool, engine: str) -> None:
    """Raise EngineFault for addresses that an engine without a store cannot reach."""
    for file in files:
        if not has_store and is_address(file):
            message = f"引擎没有连接对象存储，读不到“{file}”；打开引擎时请给出 store（数据湖的存储选项）。"
            raise EngineFault(message, statement="", engine=engine)


def is_address(file: Path | str) -> bool:
    """Tell an address in the store from a path."""
    return isinstance(file, str) and file.startswith(ADDRESS)


def _quote(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
