"""Faults of tables, pipelines, engines, the lake, checks and lineage.

DataplaneError
├── TableFault      a table, column or constraint declared wrongly
├── SampleImpossible  no rows can be drawn that keep all constraints of a table
├── PipelineFault   steps that do not fit together, found before anything runs
├── EngineMissing   an engine that is not installed here, or that nothing starts
└── EngineFault     a statement that the engine refused; `details["statement"]` holds it
    └── StepFault   the same, in a pipeline: `details["step"]` names the step
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
