"""The door of indicators."""

from chengshu.kernel.indicators.contracts import (
    Aggregation,
    Direction,
    FactColumn,
    FactKind,
    IndicatorSpec,
    Mask,
    Scope,
    Verification,
    Window,
)
from chengshu.kernel.indicators.errors import (
    EvidenceMissing,
    FactInvalid,
    IndicatorError,
    IndicatorInvalid,
    IndicatorTwice,
    IndicatorUnknown,
    MeasurementNotFound,
    ScopeUnknown,
    WindowInvalid,
)
from chengshu.kernel.indicators.models import Measurement
from chengshu.kernel.indicators.operations import MEASURE_MANY, measure, start_measuring, verify_again, work_measuring
from chengshu.kernel.indicators.queries import (
    MEASURE,
    SEE,
    get_measurement,
    list_measurements,
    open_measurement,
    read_evidence,
    verify_measurement,
)
from chengshu.kernel.indicators.registry import (
    get_spec,
    list_specs,
    register_indicator,
    register_scope,
    register_source,
)
from chengshu.kernel.indicators.rules.canonical import plain_decimal
from chengshu.kernel.indicators.views.words import name_aggregation, read_sample, write_scope

__all__ = [
    "MEASURE",
    "MEASURE_MANY",
    "SEE",
    "Aggregation",
    "Direction",
    "EvidenceMissing",
    "FactColumn",
    "FactInvalid",
    "FactKind",
    "IndicatorError",
    "IndicatorInvalid",
    "IndicatorSpec",
    "IndicatorTwice",
    "IndicatorUnknown",
    "Mask",
    "Measurement",
    "MeasurementNotFound",
    "Scope",
    "ScopeUnknown",
    "Verification",
    "Window",
    "WindowInvalid",
    "get_measurement",
    "get_spec",
    "list_measurements",
    "list_specs",
    "measure",
    "name_aggregation",
    "open_measurement",
    "plain_decimal",
    "read_evidence",
    "read_sample",
    "register_indicator",
    "register_scope",
    "register_source",
    "start_measuring",
    "verify_again",
    "verify_measurement",
    "work_measuring",
    "write_scope",
]
