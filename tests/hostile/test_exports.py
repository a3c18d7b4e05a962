"""No list, and no table beside a list, gives away a cell that a spreadsheet would run."""

import csv
import io
from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.http import HttpResponseBase
from django.test import Client
from hostile.evil_world import ATTACK, build_evil_world
from openpyxl import load_workbook
from web.list_pages import LIST_PAGES
from web.matrix import MATRIX
from web.world import World

from chengshu.kernel.listing.facade import Listing

pytestmark = pytest.mark.django_db
_RUNS = ("=", "+", "-", "@", "\t", "\r")


@pytest.fixture
def world() -> World:
    cache.clear()
    return build_evil_world()


def _read(answer: HttpResponseBase) -> bytes:
    parts = answer.streaming_content if answer.streaming else [answer.content]  # type: ignore[attr-defined]  # two kinds
    return b"".join(parts)


def _csv_cells(data: bytes) -> Iterator[str]:
    for row in csv.reader(io.StringIO(data.decode("utf-8-sig"))):
        yield from row


def _is_run(cell: str) -> bool:
    return cell.startswith(_RUNS) and not cell.lstrip("+-").replace(",", "").replace(".", "").rstrip("%").isdecimal()


def _exports(client: Client, address: str) -> tuple[bytes, bytes]:
    """Take a list away in both formats with every column that it has."""
    joiner = "&" if "?" in address else "?"
    listing = client.get(address).context["listing"]
    assert isinstance(listing, Listing)
    columns = ",".join(column.key for column in listing.spec.columns)
    asked = [client.get(f"{address}{joiner}columns={columns}&export={kind}") for kind in ("csv", "xlsx")]
    assert [answer.status_code for answer in asked] == [200, 200]
    return _read(asked[0]), _read(asked[1])


def test_no_list_gives_away_a_formula(world: World) -> None:
    faults, attacked = [], set()
    for name, (who, _add) in sorted(LIST_PAGES.items()):
        client = Client()
        client.force_login(world.people[who])
        as_csv, as_xlsx = _exports(client, MATRIX[name].address(name, world.sides["own"]))
        faults += [f"{name}.csv: {cell[:60]}" for cell in _csv_cells(as_csv) if _is_run(cell)]
        book = load_workbook(io.BytesIO(as_xlsx))
        cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
        faults += [f"{name}.xlsx: {cell.value}" for cell in cells if cell.data_type == "f"]
        if ATTACK.encode() in as_csv.replace(b'""', b'"'):
            attacked.add(name)
    assert faults == []
    assert len(attacked) > len(LIST_PAGES) // 2, f"the attack reached too few lists to prove anything: {attacked}"
