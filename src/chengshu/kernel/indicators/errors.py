"""Errors of indicators.

IndicatorError
├── IndicatorInvalid      a registered indicator whose data contradict themselves
├── IndicatorTwice        two indicators registered under one key
├── IndicatorUnknown      nobody registered this key
│   └── IndicatorAwaited  it is promised, and what it would count is not there yet
├── ScopeUnknown          a scope that the indicator cannot be measured over, or that does not exist
├── WindowInvalid         a window that ends before it begins, or lies in the future
├── FactInvalid           the query gave a row that cannot be counted
├── MeasurementNotFound   no such measurement, or not for this person
└── EvidenceMissing       the rows of a measurement were not kept, or are not on the disk any more
"""

from chengshu.base.errors import ChengshuError


class IndicatorError(ChengshuError):
    """The root of the errors of indicators."""

    code = "INDICATOR_ERROR"


class IndicatorInvalid(IndicatorError):
    """The data of an indicator contradict themselves."""

    code = "INDICATOR_INVALID"


class IndicatorTwice(IndicatorError):
    """Another indicator has this key."""

    code = "INDICATOR_TWICE"


class IndicatorUnknown(IndicatorError):
    """Nobody registered this key."""

    code = "INDICATOR_UNKNOWN"


class IndicatorAwaited(IndicatorUnknown):
    """The indicator is promised, and what it would count is not there yet."""

    code = "INDICATOR_AWAITED"


class ScopeUnknown(IndicatorError):
    """The indicator cannot be measured over this scope, or it does not exist."""

    code = "SCOPE_UNKNOWN"


class WindowInvalid(IndicatorError):
    """The window ends before it begins."""

    code = "WINDOW_INVALID"


class FactInvalid(IndicatorError):
    """The query gave a row that cannot be counted: no key, a key twice, a denominator below zero."""

    code = "FACT_INVALID"


class MeasurementNotFound(IndicatorError):
    """No such measurement, or not for this person."""

    code = "MEASUREMENT_NOT_FOUND"


class EvidenceMissing(IndicatorError):
    """The counted rows were not kept, or are not on the disk any more."""

    code = "EVIDENCE_MISSING"
