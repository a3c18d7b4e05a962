"""The door of what brings entries in and out many at once: workbooks, and scans of source databases."""

from chengshu.resources.errors import SourceUnreadable, TableUnreadable
from chengshu.resources.models import Intake, RejectedEntry
from chengshu.resources.operations.intakes import Outcome, Verdict, preview_workbook, take_workbook
from chengshu.resources.operations.scanning import ScanAsked, Scanned, scan_source
from chengshu.resources.queries.intakes import get_intake, list_intakes, list_rejections
from chengshu.resources.queries.sources import (
    PostgresqlSource,
    ScannedColumn,
    ScannedTable,
    SourceDatabase,
    SqliteSource,
)
from chengshu.resources.queries.workbooks import MOST_ENTRIES, write_workbook
from chengshu.resources.rules.tables import (
    ENTRIES_SHEET,
    ENTRY_COLUMNS,
    FIELD_COLUMNS,
    FIELDS_SHEET,
    read_field,
    write_fields,
)

__all__ = [
    "ENTRIES_SHEET",
    "ENTRY_COLUMNS",
    "FIELDS_SHEET",
    "FIELD_COLUMNS",
    "MOST_ENTRIES",
    "Intake",
    "Outcome",
    "PostgresqlSource",
    "RejectedEntry",
    "ScanAsked",
    "Scanned",
    "ScannedColumn",
    "ScannedTable",
    "SourceDatabase",
    "SourceUnreadable",
    "SqliteSource",
    "TableUnreadable",
    "Verdict",
    "get_intake",
    "list_intakes",
    "list_rejections",
    "preview_workbook",
    "read_field",
    "scan_source",
    "take_workbook",
    "write_fields",
    "write_workbook",
]
