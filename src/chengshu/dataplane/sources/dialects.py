"""How a CSV file is written: delimiter, quote, header."""

import csv
import re
from collections import Counter
from dataclasses import dataclass

from chengshu.dataplane.errors import SourceUnreadable
from chengshu.dataplane.sources.texts import TextFile

_DELIMITERS = ",;\t|"
_SAMPLE_BYTES = 200_000
_SAMPLE_LINES = 50


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a CSV file is written, and its columns."""

    delimiter: str
    quote: str
    header: tuple[str, ...]


def sniff_dialect(file: TextFile, *, name: str) -> Dialect:
    """Find delimiter and quote in the first lines, and read the header.

    Raises:
        SourceUnreadable: the header has a column without a name, or a name twice.
    """
    with file.path.open(encoding="utf-8-sig", errors="replace", newline="") as source:
        sample = source.read(_SAMPLE_BYTES)
    lines = re.sub(r'"[^"]*"', "", sample).splitlines()[:_SAMPLE_LINES]
    delimiter = max(_DELIMITERS, key=lambda sign: sum(sign in line for line in lines))
    single = re.search(rf"(^|{re.escape(delimiter)})'[^']*'({re.escape(delimiter)}|$)", sample, re.MULTILINE)
    quote = "'" if single and '"' not in sample else '"'
    first = next(csv.reader(sample.splitlines(), delimiter=delimiter, quotechar=quote), [])  # none after a mark alone
    header = tuple(column.strip() for column in first)
    return Dialect(delimiter, quote, require_header(header, name=name))


def require_header(header: tuple[str, ...], *, name: str) -> tuple[str, ...]:
    """Return the header.

    Raises:
        SourceUnreadable: a column has no name, or a name stands twice.
    """
    if not any(header):
        raise SourceUnreadable(f"“{name}”没有表头，请在第一行写上列名后重新交付。", source=name)
    if not all(header):
        place = header.index("") + 1
        raise SourceUnreadable(f"“{name}”的表头第 {place} 列没有列名，请补全后重新交付。", source=name)
    folded = Counter(column.lower() for column in header)  # engines do not tell A from a
    twice = sorted({column for column in header if folded[column.lower()] > 1})
    if twice:
        raise SourceUnreadable(
            f"“{name}”的表头中列“{'、'.join(twice)}”重复（不分大小写），请改正后重新交付。", source=name
        )
    return header
