"""Stated rounding: half up, at a number of decimals, on exact decimals."""

from decimal import ROUND_DOWN, ROUND_HALF_UP, Context, Decimal
from enum import Enum

_STEPS = tuple(Decimal(1).scaleb(-digits) for digits in range(13))
_HALF = Decimal("0.5")
_WIDE = Context(prec=400)  # a printed figure of any length is rounded, never refused


def step(digits: int) -> Decimal:
    """Give one unit of the last place at this number of decimals (at most 12 are told apart)."""
    return _STEPS[min(max(digits, 0), 12)]


def decimals_of(value: Decimal) -> int:
    """Give how many decimals are printed; 0 for whole numbers."""
    exponent = value.as_tuple().exponent
    return -exponent if isinstance(exponent, int) and exponent < 0 else 0


def round_half_up(value: Decimal, digits: int) -> Decimal:
    """Round half up (away from zero) at this number of decimals."""
    return value.quantize(step(digits), ROUND_HALF_UP, _WIDE)


def cut(value: Decimal, digits: int) -> Decimal:
    """Cut the value off at this number of decimals."""
    return value.quantize(step(digits), ROUND_DOWN, _WIDE)


class Fit(Enum):
    """How a printed figure relates to the one it should be."""

    EXACT = "exact"
    CUT = "cut"
    NEAR = "near"
    WRONG = "wrong"


def judge(printed: Decimal, low: Decimal, high: Decimal, exact: Decimal, slack: Decimal) -> Fit:
    """Compare a printed figure with the exact one, which is known to lie within [low, high].

    EXACT: rounding some value of the interval half up at the printed decimals gives it. CUT: cutting the exact value
    off gives it. NEAR: it is off by at most `slack` units of its last place, or was rounded to fewer decimals (one
    at least) and printed with zeros. Otherwise WRONG.
    """
    digits = decimals_of(printed)
    if round_half_up(exact, digits) == printed:
        return Fit.EXACT
    if cut(exact, digits) == printed:
        return Fit.CUT
    unit = step(digits)
    if low - unit * _HALF <= printed <= high + unit * _HALF:
        return Fit.EXACT
    if low - unit * (slack + _HALF) < printed < high + unit * (slack + _HALF):
        return Fit.NEAR
    if any(round_half_up(exact, fewer) == printed for fewer in range(1, digits)):
        return Fit.NEAR
    return Fit.WRONG
