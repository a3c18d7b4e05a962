"""The door of what brings entries in and out many at once: workbooks, and scans of source databases."""

from chengshu.resources.contracts.catalogue import IntakeState
from chengshu.resources.errors import SourceUnreadable, TableUnreadable
from chengshu.resources.models import CatalogueExport, Intake, RejectedEntry
from chengshu.resources.operations.exports import EXPORT_JOB, ask_export, holds_export, write_export
from chengshu.resources.operations.intakes import (
    IMPORT_JOB,
    MOST_PREVIEWED,
    Outcome,
    Verdict,
    preview_workbook,
    receive_workbook,
    take_intake,
    take_workbook,
)
from chengshu.resources.operations.scanning import ScanAsked, Scanned, scan_source
from chengshu.resources.queries.intakes import get_intake, list_intakes, list_rejections
from chengshu.resources.queries.sources import (
    MysqlSource,
    PostgresqlSource,
    ScannedColumn,
    ScannedTable,
    SourceDatabase,
    SqliteSource,
)
from chengshu.resources.queries.workbooks import AT_ONCE, fetch_entries, write_workbook
from chengshu.resources.rules.tables import (
    ENTRIES_SHEET,
    ENTRY_COLUMNS,
    FIELD_COLUMNS,
    FIELDS_SHEET,
    read_field,
    write_fields,
)

__all__ = [
    "AT_ONCE",
    "ENTRIES_SHEET",
    "ENTRY_COLUMNS",
    "EXPORT_JOB",
    "FIELDS_SHEET",
    "FIELD_COLUMNS",
    "IMPORT_JOB",
    "MOST_PREVIEWED",
    "CatalogueExport",
    "Intake",
    "IntakeState",
    "MysqlSource",
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
    "ask_export",
    "fetch_entries",
    "get_intake",
    "holds_export",
    "list_intakes",
    "list_rejections",
    "preview_workbook",
    "read_field",
    "receive_workbook",
    "scan_source",
    "take_intake",
    "take_workbook",
    "write_export",
    "write_fields",
    "write_workbook",
]
