"""A city's catalogue as a workbook, taken away and handed in, beside openpyxl alone on the same cells.

Each step runs in a process of its own, so that its memory is its own; `--full` grows the catalogue to a million fields.
SQLite stands in files of its own, one house for each side.
"""

import marshal
import multiprocessing
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.houses import enter_house
from benchmarks.measuring import peak_mib, print_line

ENTRIES, FULL_ENTRIES, FIELDS_EACH = 1_000, (1_000, 5_000, 20_000), 50
_HOUSES = ("from", "to")
"""Folders of the house that gives the workbook, and of the one that takes it."""
Told = tuple[float, float, float, str]
"""Seconds, processor seconds of them, peak memory in MiB, and what was done."""


def run() -> None:
    """Target: a million fields within ten minutes each way, memory that does not grow with them."""
    _measure((ENTRIES,))


def run_full() -> None:
    """The same as it grows to 20,000 entries with 1,000,000 fields."""
    _measure(FULL_ENTRIES)


def _measure(sizes: tuple[int, ...]) -> None:
    for entries in sizes:
        with tempfile.TemporaryDirectory() as folder:
            _measure_size(entries, Path(folder))


def _measure_size(entries: int, folder: Path) -> None:
    book, rows = folder / "book.xlsx", folder / "rows"
    print_line(f"{entries:,} entries, {entries * FIELDS_EACH:,} fields", "")
    _print("  laid down", _apart(lay_down, folder / "from", entries))
    _print("  export", _apart(take_away, folder / "from", book))
    _print("  openpyxl alone: read, not kept", _apart(read_bare, book, rows))
    _print("  openpyxl alone: the same cells written", _apart(write_bare, rows, folder / "bare.xlsx"))
    _apart(lay_down, folder / "to", 0)
    _print("  import, all new", _apart(hand_in, folder / "to", book))
    _print("  import, the same again", _apart(hand_in, folder / "to", book))


def _print(label: str, told: Told) -> None:
    seconds, busy, peak, what = told
    print_line(label, f"{seconds:,.1f} s", f"{busy:,.1f} s of a core, {peak:,.0f} MiB  {what}")
    sys.stdout.flush()


def _apart(work: Callable[..., str], *told: object) -> Told:
    """Do something in a process of its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_timed, (work, told))


def _timed(work: Callable[..., str], told: tuple[object, ...]) -> Told:
    folder = told[0]
    if isinstance(folder, Path) and folder.name in _HOUSES:
        folder.mkdir(exist_ok=True)
        enter_house(folder)
    start, busy = time.perf_counter(), time.process_time()
    what = work(*told)
    return time.perf_counter() - start, time.process_time() - busy, peak_mib(), what


def lay_down(_house: Path, entries: int) -> str:
    """Found a house with departments, data elements, somebody who keeps all entries, and so many entries."""
    import_module("django.core.management").call_command("migrate", verbosity=0, interactive=False)
    now = datetime.now(tz=UTC)
    fields = import_module("benchmarks.catalogue_rows").lay_catalogue(entries, FIELDS_EACH, now=now)
    accounts: Any = import_module("chengshu.kernel.accounts.facade")
    grants: Any = import_module("chengshu.kernel.grants.facade")
    units: Any = import_module("chengshu.kernel.organisations.facade")
    new = accounts.NewAccount("keeper", "测试", "示范市", accounts.Role.OFFICER, "correct-horse-battery")
    account = accounts.create_account(new, now=now)
    grant = grants.NewGrant(account.pk, "data_operator", units.find_organisation("C").pk, now.date(), "测试")
    grants.give_grant(grant, actor=None, now=now)
    return f"{fields:,} fields"


def take_away(_house: Path, book: Path) -> str:
    """Let the product write all entries, as its job does, and copy the file out of the store."""
    intakes: Any = import_module("chengshu.resources.facade.intakes")
    models: Any = import_module("chengshu.resources.models")
    files: Any = import_module("chengshu.kernel.files.facade")
    now = datetime.now(tz=UTC)
    ids = list(models.DataResource.objects.values_list("pk", flat=True))
    export = intakes.CatalogueExport.objects.create(author=_keeper(), asked_at=now, entries=len(ids))
    kept = intakes.write_export(export.pk, ids, now=now, report=lambda _done, _total: None)
    with files.open_file(kept.file) as stream, book.open("wb") as target:
        while chunk := stream.read(1 << 20):
            target.write(chunk)
    return f"{book.stat().st_size / 1e6:,.1f} MB"


def hand_in(_house: Path, book: Path) -> str:
    """Let the product take the workbook, as its job does."""
    intakes: Any = import_module("chengshu.resources.facade.intakes")
    now = datetime.now(tz=UTC)
    intake = intakes.receive_workbook(book.read_bytes(), name="目录.xlsx", actor=_keeper(), now=now)
    kept = intakes.take_intake(intake.pk, clock=lambda: datetime.now(tz=UTC), report=lambda _done, _total: None)
    return f"{kept.created:,} new, {kept.unchanged:,} stood so, {kept.rejected:,} refused"


def _keeper() -> Any:
    return import_module("chengshu.kernel.accounts.facade").User.objects.get(login_name="keeper")


def read_bare(book: Path, target: Path) -> str:
    """Read all cells by openpyxl, streaming; put the rows aside for the other way."""
    openpyxl: Any = import_module("openpyxl")
    cells = 0
    with target.open("wb") as kept:
        found = openpyxl.load_workbook(book, read_only=True)
        for sheet in found.worksheets:
            for row in sheet.iter_rows(values_only=True):
                told = tuple(value or None for value in row)
                cells += sum(value is not None for value in told)
                marshal.dump((sheet.title, told), kept)
        found.close()
    return f"{cells:,} cells that hold something"


def write_bare(source: Path, book: Path) -> str:
    """Write the same rows by openpyxl, streaming."""
    openpyxl: Any = import_module("openpyxl")
    made, sheets = openpyxl.Workbook(write_only=True), dict[str, Any]()
    for title, row in _rows(source):
        sheet = sheets.get(title)
        if sheet is None:
            sheet = sheets[title] = made.create_sheet(title)
        sheet.append(row)
    made.save(book)
    return f"{book.stat().st_size / 1e6:,.1f} MB"


def _rows(source: Path) -> Iterator[tuple[str, tuple[str, ...]]]:
    size = source.stat().st_size
    with source.open("rb") as kept:
        while kept.tell() < size:
            yield marshal.load(kept)  # noqa: S302 - written by ourselves a moment ago
