"""Files of an S3 store as files of a folder, for an engine that cannot read the store by itself."""

import hashlib
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from chengshu.dataplane.engines.stores import ADDRESS, Store, is_address
from chengshu.dataplane.errors import EngineFault

_AT_ONCE = 8
_PIECE_BYTES = 16 * 2**20
"""Of one request: the client's time limit is for a request, however large the file."""


class StoreCopies:
    """Copies that are kept as long as there is room: a data file of the lake never changes under its name.

    A copy is held while a relation was offered with it; of the others, those used longest ago go first. Copies and
    those in the making never take more than `most_bytes`. One thread asks at a time; `stop` may come from another.
    """

    def __init__(self, store: Store, folder: Path, *, most_bytes: int) -> None:
        self._store = store
        self._folder = folder
        self._most_bytes = most_bytes
        self._buckets: dict[str, S3Store] = {}
        self._kept: dict[str, int] = {}
        """Bytes by address, those used last at the end."""
        self._held: dict[str, set[str]] = {}
        """Addresses by the relation that has them."""
        self._stopped = threading.Event()

    def hold(self, relation: str, files: Sequence[Path | str]) -> list[Path]:
        """Give the files as paths: addresses are fetched where there is no copy yet, paths stay as they are.

        Raises EngineFault for what the store does not give, for more bytes than there is room, and when stopped.
        """
        self._stopped.clear()
        addresses = {file for file in files if isinstance(file, str) and is_address(file)}
        self._held[relation] = self._held.get(relation, set()) | addresses
        with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="chengshu-copies") as pool:
            missing = sorted(addresses - self._kept.keys())
            sizes = list(pool.map(self._measure, missing))
            self._make_room(sum(sizes))
            list(pool.map(self._fetch, missing, sizes))
        for address in addresses:
            self._kept[address] = self._kept.pop(address)
        self._held[relation] = addresses
        return [self._path_of(str(file)) if is_address(file) else Path(file) for file in files]

    def release(self, relation: str) -> None:
        """Say that a relation's copies may go when others need the room."""
        self._held.pop(relation, None)

    def stop(self) -> None:
        """End the fetching that runs now; nothing when none runs."""
        self._stopped.set()

    def _make_room(self, wanted: int) -> None:
        held = set[str]().union(*self._held.values())
        needed = wanted + sum(self._kept.get(address, 0) for address in held)
        if needed > self._most_bytes:
            message = (
                f"从对象存储复制的文件需要 {_gigabytes(needed)} GB，超过上限 {_gigabytes(self._most_bytes)} GB。"
                "请调大 Cluster 的 copied_bytes 并保证磁盘空间，或给 Spark 装上 hadoop-aws 后设 reads_s3=True（设置 CHENGSHU_SPARK_READS_S3=true）直接读取。"
            )
            raise EngineFault(message, statement="", engine="spark")
        for address in [one for one in self._kept if one not in held]:
            if wanted + sum(self._kept.values()) <= self._most_bytes:
                return
            self._path_of(address).unlink(missing_ok=True)
            del self._kept[address]

    def _measure(self, address: str) -> int:
        bucket, key = _split(address)
        try:
            return int(obstore.head(self._bucket(bucket), key)["size"])
        except (BaseError, OSError) as error:
            raise _refused(address, error) from error

    def _fetch(self, address: str, size: int) -> None:
        """Fetch a file under another name first: what was cut is never read."""
        bucket, key = _split(address)
        path = self._path_of(address)
        making = path.with_suffix(".part")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with making.open("wb") as file:
                for start in range(0, size, _PIECE_BYTES):
                    if self._stopped.is_set():
                        raise EngineFault(f"已按要求停止从对象存储复制“{address}”。", statement="", engine="spark")
                    end = min(start + _PIECE_BYTES, size)
                    file.write(obstore.get_range(self._bucket(bucket), key, start=start, end=end))
            if making.stat().st_size != size:
                raise EngineFault(f"对象存储中的“{address}”在复制时变了，请重试。", statement="", engine="spark")
            making.rename(path)
        except (BaseError, OSError) as error:
            raise _refused(address, error) from error
        finally:
            making.unlink(missing_ok=True)
        self._kept[address] = size

    def _bucket(self, name: str) -> S3Store:
        return self._buckets.setdefault(name, self._store.open_bucket(name))

    def _path_of(self, address: str) -> Path:
        """A name that no key can lead out of the folder, nor be too long for."""
        return self._folder / f"{hashlib.sha256(address.encode()).hexdigest()}.parquet"


def _split(address: str) -> tuple[str, str]:
    """Give bucket and key."""
    bucket, _, key = address.removeprefix(ADDRESS).partition("/")
    return bucket, key


def _refused(address: str, error: Exception) -> EngineFault:
    reason = str(error).partition("\n")[0]
    return EngineFault(f"没能从对象存储取得“{address}”：{reason}", statement="", engine="spark")


def _gigabytes(size: int) -> str:
    return f"{size / 2**30:.3g}"
