"""Reading text forms, beside splitting the same bytes into lines and cells."""

import json
from functools import partial
from pathlib import Path

from benchmarks.measuring import best_seconds, print_line
from chengshu.documents.reading import read_document
from chengshu.performance.contracts import Form
from chengshu.performance.contracts.wire import form_from_record
from chengshu.performance.papers.forms import render_forms
from chengshu.performance.reading.reader import read_forms

ROOT = Path(__file__).parents[1]
PUBLISHED = ROOT.parent / "shared" / "seeds"
EXAMPLES = ROOT / "examples" / "forms"


def run() -> None:
    """Target: at least 300 forms/s on one core."""
    files, origin = _published() or _rendered()
    size = sum(len(data) for _, data in files)
    counts = {name: len(_read(name, data)) for name, data in files}
    forms = sum(counts.values())
    reading = best_seconds(lambda: [_read(name, data) for name, data in files])
    splitting = best_seconds(lambda: [_split(data) for _, data in files])
    print_line("input", f"{forms} forms", f"{origin}, {len(files)} files, {size / 1024:.0f} KiB")
    print_line("read into forms", f"{forms / reading:,.0f} forms/s", f"{reading / forms * 1e6:,.0f} µs a form")
    for name, data in files:
        print_line(f"  {name}", f"{counts[name] / best_seconds(partial(_read, name, data)):,.0f} forms/s")
    print_line("floor: lines and cells of the same bytes", f"{forms / splitting:,.0f} forms/s")


def _read(name: str, data: bytes) -> tuple[Form, ...]:
    return read_forms(read_document(name, data))


def _published() -> tuple[list[tuple[str, bytes]], str] | None:
    paths = sorted(PUBLISHED.glob("*.txt")) if PUBLISHED.is_dir() else []
    return ([(path.name, path.read_bytes()) for path in paths], "published texts") if paths else None


def _rendered() -> tuple[list[tuple[str, bytes]], str]:
    records = [json.loads(path.read_text("utf-8")) for path in sorted(EXAMPLES.glob("[0-9]*.json"))]
    data = render_forms([form_from_record(record) for record in records], kind="txt")
    return [("examples.txt", data)], "texts rendered from the examples"


def _split(data: bytes) -> list[list[str]]:
    return [line.split("\t") for line in data.decode().split("\n")]
