"""Contents in an S3 store; readers get them through a cache on the local disk."""

import os
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from chengshu.kernel.files.errors import StoreUnreachable
from chengshu.kernel.files.stores.local import LocalStore

_DIGEST = re.compile(r"^[0-9a-f]{64}$")


@dataclass(frozen=True, slots=True)
class S3ContentStore:
    """Keeps contents in a bucket, and those that were read in `cache`."""

    bucket: Any
    cache: LocalStore

    @classmethod
    def from_address(cls, address: str, *, cache: LocalStore) -> "S3ContentStore":
        """Return the store at `https://key:secret@host/bucket/prefix?region=…`; http is for trials on one machine."""
        parts = urlsplit(address)
        bucket, _slash, prefix = parts.path.strip("/").partition("/")
        place = f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)
        options: Any = {"allow_http": parts.scheme == "http", "timeout": "60s"}
        store = S3Store(
            bucket,
            prefix=prefix or None,
            endpoint=f"{parts.scheme}://{place}",
            access_key_id=unquote(parts.username or ""),
            secret_access_key=unquote(parts.password or ""),
            region=parse_qs(parts.query).get("region", ["us-east-1"])[0],
            virtual_hosted_style_request=False,
            client_options=options,
            retry_config={"max_retries": 3},
        )
        return cls(store, cache)

    def put(self, path: Path, digest: str) -> None:
        """Send the file, then keep it in the cache.

        Raises:
            StoreUnreachable: the store does not take it.
        """
        try:
            with path.open("rb") as content:
                obstore.put(self.bucket, digest, content)
        except BaseError as error:
            raise StoreUnreachable("文件存储没有响应，文件没有存入，请稍后再试") from error
        self.cache.put(path, digest)

    def fetch(self, digest: str) -> Path | None:
        """Return the content's file in the cache, brought there when it is not.

        Raises:
            StoreUnreachable: the store does not answer.
        """
        kept = self.cache.fetch(digest)
        if kept is not None:
            return kept
        self.cache.root.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=self.cache.root, prefix=".incoming-")
        temporary = Path(name)
        os.close(descriptor)
        try:
            if not self.copy_to(digest, temporary):
                return None
            self.cache.put(temporary, digest)
        finally:
            temporary.unlink(missing_ok=True)
        return self.cache.fetch(digest)

    def copy_to(self, digest: str, target: Path) -> bool:
        """Write the content to a file, past the cache; tell whether it is there.

        Raises:
            StoreUnreachable: the store does not answer.
        """
        try:
            with target.open("wb") as file:
                for piece in obstore.get(self.bucket, digest):
                    file.write(piece)
        except FileNotFoundError:
            return False
        except BaseError as error:
            raise StoreUnreachable("文件存储没有响应，请稍后再试") from error
        return True

    def delete(self, digest: str) -> None:
        """Forget the content, also in the cache."""
        self.cache.delete(digest)
        obstore.delete(self.bucket, digest)

    def list_contents(self) -> Iterator[tuple[str, datetime]]:
        """Give every digest with the moment it was last put.

        Raises:
            StoreUnreachable: the store does not answer.
        """
        try:
            for page in obstore.list(self.bucket):
                for found in page:
                    if _DIGEST.match(found["path"]):
                        yield found["path"], found["last_modified"]
        except BaseError as error:
            raise StoreUnreachable("文件存储没有响应，请稍后再试") from error
