"""A whole lake copied to another place, such as from a folder into an S3 store: again and again until all is there.

Rows come before the log that names them, and the log in the order of its versions: whoever opens the copy meanwhile sees
whole versions, older ones perhaps, never half of one.
"""

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import obstore
from obstore.exceptions import BaseError

from chengshu.dataplane.errors import LakeFault
from chengshu.dataplane.lake.places import Lake, Zone, store_fault

_PLACES = (*(zone.value for zone in Zone), "_runs")
_FIRST = "/_delta_log/00000000000000000000.json"
_LOG, _LAST = "/_delta_log/", "/_last_checkpoint"
Report = Callable[[str, int, int], object]
"""Told of each object: its path, how many are done, how many there are."""


@dataclass(frozen=True, slots=True)
class Copied:
    """What a copying did: objects copied, objects that were there already, bytes copied."""

    copied: int
    there: int
    size: int


def copy_lake(source: Lake, target: Lake, report: Report = lambda _path, _done, _total: None) -> Copied:
    """Copy tables and the journal of runs; what lies at the target under the same name and size is left as it is.

    Raises:
        LakeFault: the target holds something else under a name of the source: it belongs to another lake.
        LakeBusy: one of the stores does not answer; run again, it goes on where it stopped.
    """
    found = sorted(_list(source), key=_order)
    held = dict(_list(target))
    strange = [path for path in held if path.endswith(_FIRST) and _differs(source, target, path, dict(found))]
    strange += [path for path, size in found if held.get(path, size) != size and not path.endswith(_LAST)]
    if strange:
        message = (
            f"目标里已有内容不同的“{strange[0]}”{f'等 {len(strange)} 个文件' if strange[1:] else ''}，没有复制任何文件。"
            "它属于另一个数据湖，或复制之后又写过；请换一个空的桶或前缀，或清空它再试。"
        )
        raise LakeFault(message, path=strange[0])
    wanted = [(path, size) for path, size in found if path not in held or path.endswith(_LAST)]
    for done, (path, _size) in enumerate(wanted):
        report(path, done, len(wanted))
        _copy(source, target, path)
    return Copied(len(wanted), len(found) - len(wanted), sum(size for _path, size in wanted))


def _list(lake: Lake) -> Iterator[tuple[str, int]]:
    try:
        for place in _PLACES:
            for page in obstore.list(lake.store(), prefix=f"{place}/"):
                for one in page:
                    yield str(one["path"]), int(one["size"])
    except BaseError as error:
        raise store_fault(lake, error) from error


def _differs(source: Lake, target: Lake, path: str, known: dict[str, int]) -> bool:
    """Tell whether two tables began differently: their logs may be of one length by chance."""
    if path not in known:
        return False
    try:
        first, other = (obstore.get(lake.store(), path).bytes() for lake in (source, target))
    except BaseError as error:
        raise store_fault(target, error) from error
    return bytes(first) != bytes(other)


def _order(one: tuple[str, int]) -> tuple[bool, bool, str]:
    """Rows first, then logs by their version; the note of a log's last checkpoint after all it speaks of."""
    path = one[0]
    return (_LOG in path, path.endswith(_LAST), path)


def _copy(source: Lake, target: Lake, path: str) -> None:
    """Copy an object by way of a temporary file: one store's stream cannot feed another's."""
    with tempfile.TemporaryFile() as held:
        try:
            for piece in obstore.get(source.store(), path).stream():
                held.write(piece)
        except BaseError as error:
            raise store_fault(source, error) from error
        held.seek(0)
        try:
            obstore.put(target.store(), path, held)
        except BaseError as error:
            raise store_fault(target, error) from error
