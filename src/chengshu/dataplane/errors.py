"""Faults of tables, pipelines, engines, the lake, checks and lineage.

DataplaneError
└── EngineFault     a statement that the engine refused; `details["statement"]` holds it
"""

from typing import ClassVar

from chengshu.base.errors import ChengshuError


class DataplaneError(ChengshuError):
    """A fault of the data plane."""

    code: ClassVar[str] = "DATAPLANE"


class EngineFault(DataplaneError):
    """A statement that the engine refused."""

    code: ClassVar[str] = "ENGINE_FAULT"
