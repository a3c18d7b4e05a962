"""Which constraints a value breaks: the simplest reading of them, against which faster ones are judged."""

import re
from collections.abc import Mapping

from chengshu.dataplane.tables.constraints import (
    Between,
    CheckDigits,
    Constraint,
    Length,
    Matches,
    NotBefore,
    NotNull,
    OneOf,
    Scheme,
)
from chengshu.dataplane.tables.digits import is_citizen_id, is_credit_code

_SCHEMES = {Scheme.CITIZEN_ID: is_citizen_id, Scheme.CREDIT_CODE: is_credit_code}


def keeps(constraint: Constraint, value: object, row: Mapping[str, object]) -> bool:  # noqa: PLR0911 - one a kind
    """Tell whether a value, in its row, keeps a constraint; Unique and References need other rows and are kept here."""
    if value is None:
        return not isinstance(constraint, NotNull)
    match constraint:
        case Length(least, most):
            return least <= len(str(value)) <= most
        case Matches(pattern):
            return re.compile(pattern, re.ASCII).fullmatch(str(value)) is not None
        case OneOf(values):
            return value in values
        case Between(least, most):
            return (least is None or least <= value) and (most is None or value <= most)  # type: ignore[operator]
        case CheckDigits(scheme):
            return _SCHEMES[scheme](str(value))
        case NotBefore(column):
            earlier = row.get(column)
            return earlier is None or earlier <= value  # type: ignore[operator]
    return True
