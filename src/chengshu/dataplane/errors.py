"""Faults of tables, pipelines, engines, the lake, checks and lineage.

DataplaneError
├── TableFault      a table, column or constraint declared wrongly
├── SampleImpossible  no rows can be drawn that keep all constraints of a table
├── PipelineFault   steps that do not fit together, found before anything runs
├── RuleInvalid     a rule of quality that cannot be asked, or not of this table
├── RulesUnreadable a file of rules; the message has a line for each fault
├── DataUnreadable  rows that were to be checked and cannot be read
├── StatementUnreadable  a statement that no columns can be told of, and why
├── SchemaUnreadable     a description of tables that is not in the agreed form
├── EventUnreadable      an event of lineage that is not in the published form; details name the place
├── GraphUnreadable      files of a column graph that are damaged or of another version
├── EngineMissing   an engine that is not installed here, or that nothing starts
├── EngineFault     a statement that the engine refused; `details["statement"]` holds it
│   └── StepFault   the same, in a pipeline: `details["step"]` names the step
├── LakeFault       the lake cannot do what was asked
│   ├── LakeTableUnknown  no such table
│   ├── SnapshotNotFound  the table had no such version, or did not live at that moment
│   ├── DriftFound        rows of another shape than the table's; details name columns and types
│   ├── TypeUnfit         a column of a type that the lake cannot keep
│   ├── KeyAmbiguous      rows to be merged whose key is missing, or there twice
│   ├── ReadRefused       reading the files alone would give wrong rows
│   ├── RetentionTooShort files that a running writer or reader may still need
│   └── LakeBusy          others kept committing first, or the store did not answer
├── RunFault        a run that cannot go on
│   ├── CancelAsked       somebody asked to stop; what is committed stays
│   └── RunUnknown        the journal knows no such run
└── SourceFault     a source that gives no rows
    ├── SourceUnreadable  a file or answer that is not what it was said to be
    └── SourceUnreachable a server that does not answer
"""

from typing import ClassVar

from chengshu.base.errors import ChengshuError


class DataplaneError(ChengshuError):
    """A fault of the data plane."""

    code: ClassVar[str] = "DATAPLANE"


class EngineFault(DataplaneError):
    """A statement that the engine refused."""

    code: ClassVar[str] = "ENGINE_FAULT"


class StepFault(EngineFault):
    """A step of a pipeline that the engine refused."""

    code: ClassVar[str] = "STEP_FAULT"


class EngineMissing(DataplaneError):
    """An engine that is not installed here, or that nothing starts."""

    code: ClassVar[str] = "ENGINE_MISSING"


class TableFault(DataplaneError):
    """A table, column or constraint that is declared wrongly."""

    code: ClassVar[str] = "TABLE_FAULT"


class SampleImpossible(DataplaneError):
    """No rows can be drawn that keep all constraints of a table."""

    code: ClassVar[str] = "SAMPLE_IMPOSSIBLE"


class PipelineFault(DataplaneError):
    """Steps that do not fit together, found before anything runs."""

    code: ClassVar[str] = "PIPELINE_FAULT"


class LakeFault(DataplaneError):
    """The lake cannot do what was asked."""

    code: ClassVar[str] = "LAKE"


class LakeTableUnknown(LakeFault):
    """The lake has no such table."""

    code: ClassVar[str] = "LAKE_TABLE_UNKNOWN"


class SnapshotNotFound(LakeFault):
    """The table had no such version, or did not live at that moment."""

    code: ClassVar[str] = "SNAPSHOT_NOT_FOUND"


class DriftFound(LakeFault):
    """Rows of another shape than the table's; `details` name the columns and their types."""

    code: ClassVar[str] = "DRIFT_FOUND"


class TypeUnfit(LakeFault):
    """A column of a type that the lake cannot keep."""

    code: ClassVar[str] = "TYPE_UNFIT"


class KeyAmbiguous(LakeFault):
    """Rows to be merged whose key is missing, or there twice."""

    code: ClassVar[str] = "KEY_AMBIGUOUS"


class ReadRefused(LakeFault):
    """Reading the files alone would give wrong rows."""

    code: ClassVar[str] = "READ_REFUSED"


class RetentionTooShort(LakeFault):
    """Files would go that a running writer or reader may still need."""

    code: ClassVar[str] = "RETENTION_TOO_SHORT"


class LakeBusy(LakeFault):
    """Others kept committing first, or the store did not answer."""

    code: ClassVar[str] = "LAKE_BUSY"


class RunFault(DataplaneError):
    """A run that cannot go on."""

    code: ClassVar[str] = "RUN"


class CancelAsked(RunFault):
    """Somebody asked to stop; what is committed stays."""

    code: ClassVar[str] = "CANCEL_ASKED"


class RunUnknown(RunFault):
    """The journal knows no such run."""

    code: ClassVar[str] = "RUN_UNKNOWN"


class SourceFault(DataplaneError):
    """A source that gives no rows."""

    code: ClassVar[str] = "SOURCE"


class SourceUnreadable(SourceFault):
    """A file or an answer that is not what it was said to be."""

    code: ClassVar[str] = "SOURCE_UNREADABLE"


class SourceUnreachable(SourceFault):
    """A server that does not answer."""

    code: ClassVar[str] = "SOURCE_UNREACHABLE"


class RuleInvalid(DataplaneError):
    """A rule of quality that cannot be asked, or not of this table."""

    code: ClassVar[str] = "RULE_INVALID"


class RulesUnreadable(DataplaneError):
    """A file of rules that cannot be read; the message has a line for each fault, with its place."""

    code: ClassVar[str] = "RULES_UNREADABLE"


class DataUnreadable(DataplaneError):
    """Rows that were to be checked and cannot be read."""

    code: ClassVar[str] = "DATA_UNREADABLE"


class StatementUnreadable(DataplaneError):
    """A statement, or a query within it, that no columns can be told of; the message says why."""

    code: ClassVar[str] = "STATEMENT_UNREADABLE"


class SchemaUnreadable(DataplaneError):
    """A description of tables that is not in the agreed form."""

    code: ClassVar[str] = "SCHEMA_UNREADABLE"


class EventUnreadable(DataplaneError):
    """An event of lineage that is not in the published form; `details["place"]` names the part."""

    code: ClassVar[str] = "EVENT_UNREADABLE"


class GraphUnreadable(DataplaneError):
    """Files of a column graph that are damaged or of another version."""

    code: ClassVar[str] = "GRAPH_UNREADABLE"
