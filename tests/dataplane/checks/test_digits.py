"""Check digits reckoned in SQL are those that python-stdnum reckons."""

import random
from collections.abc import Callable
from datetime import date

import pyarrow as pa
import pytest
from sqlglot import exp
from stdnum import isbn
from stdnum.cn import ric, uscc

from chengshu.dataplane.checks.digits import SCHEMES, coefficients, valid_number
from chengshu.dataplane.engines.protocol import Engine

_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def _citizen(draw: random.Random) -> str:
    day = date.fromordinal(draw.randrange(date(1900, 1, 1).toordinal(), date(2100, 1, 1).toordinal()))
    month_and_day = (
        f"{day:%m%d}" if draw.random() < 0.8 else draw.choice(("0229", "0230", "0431", "1301", "0100", "1131"))
    )
    body = f"{draw.randrange(110000, 660000)}{day:%Y}{month_and_day}{draw.randrange(1000):03}"
    return _dirtied(body + ric.calc_check_digit(body + "0"), "0123456789Xx +.", draw)


def _is_citizen(number: str) -> bool:
    body, plain = number[:-1], number.isascii() and len(number) == 18 and number[:-1].isdigit()
    if not plain or number[0] == "0" or number[6] == "0" or number[-1] not in "0123456789X":
        return False
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    return ric.calc_check_digit(body + "0") == number[-1]


def _code(draw: random.Random) -> str:
    body = draw.choice(("91", "11", "52")) + f"{draw.randrange(110000, 660000)}" + "".join(draw.choices(_LETTERS, k=9))
    return _dirtied(body + uscc.calc_check_digit(body), _LETTERS + "IOSVZ x", draw)


def _is_code(number: str) -> bool:
    # The library wants digits in the first two places, where the standard has letters too.
    return len(number) == 18 and set(number) <= set(_LETTERS) and number[:8].isdigit() and uscc.is_valid(number)


def _book(draw: random.Random) -> str:
    body = draw.choice(("978", "979")) + f"{draw.randrange(10**9):09}"
    return _dirtied(body + f"{-sum(int(d) * (3 if i % 2 else 1) for i, d in enumerate(body)) % 10}", "0123456789", draw)


def _is_book(number: str) -> bool:
    return len(number) == 13 and number[:3] in {"978", "979"} and isbn.is_valid(number)


def _dirtied(number: str, letters: str, draw: random.Random) -> str:
    """Half of the numbers stay as they are; the rest lose, gain, swap or change a character."""
    place = draw.randrange(len(number))
    match draw.randrange(8):
        case 0:
            return number[:place] + draw.choice(letters) + number[place + 1 :]
        case 1:
            return number[:place] + number[place + 1 :]
        case 2:
            return number[:place] + draw.choice(letters) + number[place:]
        case 3 if place:
            return number[: place - 1] + number[place] + number[place - 1] + number[place + 1 :]
        case _:
            return number


CASES = {"citizen_id": (_citizen, _is_citizen), "credit_code": (_code, _is_code), "isbn13": (_book, _is_book)}


@pytest.mark.parametrize("scheme", CASES)
def test_a_number_is_valid_when_the_library_says_so(scheme: str, engine: Engine) -> None:
    make: Callable[[random.Random], str]
    make, is_valid = CASES[scheme]
    draw = random.Random(scheme)  # noqa: S311 - numbers for a test
    numbers = [make(draw) for _ in range(4_000)]
    numbers = [number for number in numbers if scheme != "credit_code" or number[:8].isdigit()]
    engine.offer("numbers", pa.table({"n": numbers}))
    condition = exp.alias_(valid_number(SCHEMES[scheme], exp.column("n")), "valid")
    rows = engine.fetch(exp.select("n", condition).from_("numbers").sql(dialect=engine.dialect)).to_pylist()
    engine.withdraw("numbers")
    found = {row["n"]: bool(row["valid"]) for row in rows}
    expected = {number: is_valid(number) for number in numbers}
    assert {n for n in expected if found[n] != expected[n]} == set()
    assert 500 < sum(expected.values()) < len(numbers) - 500


def test_factors_give_the_weighted_sum_of_digits() -> None:
    weights, number = (7, 9, 10, 5), 4_083
    factors = coefficients(weights, 11)
    by_division = sum(factor * (number // 10**power) for power, factor in enumerate(factors))
    assert by_division % 11 == (4 * 7 + 0 * 9 + 8 * 10 + 3 * 5) % 11
    assert max(map(abs, factors)) <= 5
