"""CSV: exact columns, no merges."""

import csv
import io
import re

from chengshu.documents.contracts import Cell, Layout, Place, Row
from chengshu.documents.encoding import decode_text
from chengshu.documents.transcript import Source, Transcript

_DELIMITERS = ",;\t|"
_SAMPLE_LINES = 50


def transcribe(source: Source, transcript: Transcript) -> None:
    """Give every record as a GRID row of one table.

    The columns are exact, but a merged cell of the sheet that was exported has left its text in the first position and
    plain blanks in the others: no spans are known. `Place.line` is the line where the record begins; a quoted field
    may hold line breaks. Blank records are skipped.
    """
    text = decode_text(source.data, file=source.file)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_find_delimiter(text))
    table = transcript.open_table()
    line = 1
    for record in reader:
        if any(field.strip() for field in record):
            transcript.refuse_beyond(1, len(record))  # before so many cells are made
            cells = (
                Cell(field.strip(), Place(line=line, ref=f"C{column}")) for column, field in enumerate(record, start=1)
            )
            transcript.add_row(Row(tuple(cells), Layout.GRID, table))
        line = reader.line_num + 1


def _find_delimiter(text: str) -> str:
    """The candidate that most lines of the beginning hold, quoted text apart; comma when none is found."""
    sample = re.sub(r'"[^"]*"', "", text[:100_000]).splitlines()[:_SAMPLE_LINES]
    return max(_DELIMITERS, key=lambda delimiter: sum(delimiter in line for line in sample))
