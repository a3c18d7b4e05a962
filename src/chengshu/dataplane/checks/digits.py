"""Numbers that carry a check digit, as data, and the SQL that recomputes it.

The SQL is unrolled: no lambda, no list. Runs of digits are read as one integer and taken apart by division, which an
engine does far faster than cutting one character after another out of a text. With q(k) = floor(n / 10^k), the digit
before the last k digits is q(k) - 10 q(k+1), so the weighted sum of all digits is the sum of q(k) times
(w(k) - 10 w(k-1)), where w(k) is the weight of that digit: one division a digit.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import sqlglot
from sqlglot import exp

from chengshu.dataplane.checks.cells import full_match, shared

DIGITS = "0123456789"
_ALPHABET_31 = "0123456789ABCDEFGHJKLMNPQRTUWXY"
# Eight digits that are a day of the calendar. A pattern costs an automaton the same however long it is; reckoning
# with month and leap year costs more than the check digit.
_CALENDAR_DAY = (
    r"([1-9][0-9]{3}((0[13578]|1[02])(0[1-9]|[12][0-9]|3[01])|(0[469]|11)(0[1-9]|[12][0-9]|30)|02(0[1-9]|1[0-9]|2[0-8]))"
    r"|([1-9][0-9](0[48]|[2468][048]|[13579][26])|([2468][048]|[13579][26])00)0229)"
)
_ALPHABET_36 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Scheme:
    """One weighted sum with a modulus.

    The body is what stands before the check character. `numeric` are the stretches of it (start, length; from 1) that
    hold digits only, at most 17 in one, so that sums stay within 64 bits. `checks[r]` is the check character that belongs to the remainder r of the sum.
    """

    key: str
    name: str
    source: str
    pattern: str
    weights: tuple[int, ...]
    modulus: int
    checks: str
    alphabet: str
    numeric: tuple[tuple[int, int], ...]


SCHEMES: Mapping[str, Scheme] = {
    scheme.key: scheme
    for scheme in (
        Scheme(
            key="citizen_id",
            name="公民身份号码",
            source="GB 11643-1999",
            pattern=rf"[1-9][0-9]{{5}}{_CALENDAR_DAY}[0-9]{{3}}[0-9X]",
            weights=(7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2),
            modulus=11,
            checks="10X98765432",
            alphabet=DIGITS,
            numeric=((1, 17),),
        ),
        Scheme(
            key="credit_code",
            name="统一社会信用代码",
            source="GB 32100-2015",
            pattern=r"[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}",
            weights=(1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28),
            modulus=31,
            checks=_ALPHABET_31[0] + _ALPHABET_31[:0:-1],
            alphabet=_ALPHABET_31,
            numeric=((3, 6),),
        ),
        Scheme(
            key="organisation_code",
            name="组织机构代码",
            source="GB 11714-1997",
            pattern=r"[0-9A-Z]{8}-?[0-9X]",  # for machines the hyphen is left out
            weights=(3, 7, 9, 10, 5, 8, 4, 2),
            modulus=11,
            checks="0X987654321",
            alphabet=_ALPHABET_36,
            numeric=(),
        ),
        Scheme(
            key="isbn13",
            name="国际标准书号",
            source="GB/T 5795-2006",
            pattern=r"97[89][0-9]{10}",
            weights=(1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3),
            modulus=10,
            checks="0987654321",
            alphabet=DIGITS,
            numeric=((1, 12),),
        ),
    )
}


def valid_number(scheme: Scheme, text: exp.Expr) -> exp.Expr:
    """Give the condition that a text follows a scheme: form and check digit.

    The condition is null where a stretch cannot be read as digits; callers take that for false.
    """
    remainder = f"(({weighted_sum_sql(scheme)}) % {scheme.modulus} + {scheme.modulus}) % {scheme.modulus}"
    same = f"SUBSTRING('{scheme.checks}', {remainder} + 1, 1) = RIGHT(x, 1)"
    tree = sqlglot.parse_one(same, dialect="duckdb")
    right_digit = tree.transform(lambda node: text.copy() if isinstance(node, exp.Column) else node)
    return exp.and_(full_match(text, scheme.pattern), shared(right_digit), copy=False)


def weighted_sum_sql(scheme: Scheme) -> str:
    """Give the weighted sum of the body of `x`, congruent to it by the scheme's modulus."""
    weights = dict(enumerate(scheme.weights, start=1))
    terms: list[str] = []
    for start, length in scheme.numeric:
        run = [weights.pop(place) for place in range(start, start + length)]
        terms.extend(
            f"{factor} * ({_digits_sql(start, length)} // {10**power})"
            for power, factor in enumerate(coefficients(run, scheme.modulus))
        )
    terms.extend(
        f"{weight} * (STRPOS('{scheme.alphabet}', SUBSTRING(x, {place}, 1)) - 1)" for place, weight in weights.items()
    )
    return " + ".join(terms)


def coefficients(weights: Sequence[int], modulus: int) -> tuple[int, ...]:
    """Give the factors of q(0), q(1), … for the weights of a run of digits, the smallest ones of their classes."""
    backward = [0, *reversed(weights)]
    factors = (later - 10 * earlier for earlier, later in pairwise(backward))
    return tuple((factor + modulus // 2) % modulus - modulus // 2 for factor in factors)


def _digits_sql(start: int, length: int) -> str:
    return f"TRY_CAST(SUBSTRING(x, {start}, {length}) AS BIGINT)"
