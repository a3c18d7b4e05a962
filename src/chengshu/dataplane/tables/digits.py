"""Check digits of identifiers, in plain Python: the judge of the same rules in SQL, and a help for sample rows.

Sources: GB 11643-1999 (citizen's number: ISO 7064 MOD 11-2) and GB 32100-2015 (unified social credit code: MOD 31).
"""

import re
from datetime import date

CITIZEN_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CITIZEN_SIGNS = "10X98765432"
"""Check sign by the weighted sum modulo 11."""
CREDIT_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
CREDIT_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""The 31 signs in the order of their values; I, O, S, V and Z are not among them."""
_CITIZEN = re.compile(r"\d{17}[\dX]", re.ASCII)
_CREDIT = re.compile(rf"[{CREDIT_SIGNS}]{{2}}\d{{6}}[{CREDIT_SIGNS}]{{10}}", re.ASCII)


def citizen_check(body: str) -> str:
    """Give the check sign of the first 17 digits of a citizen's number."""
    total = sum(weight * int(digit) for weight, digit in zip(CITIZEN_WEIGHTS, body, strict=True))
    return CITIZEN_SIGNS[total % 11]


def credit_check(body: str) -> str:
    """Give the check sign of the first 17 signs of a unified social credit code."""
    total = sum(weight * CREDIT_SIGNS.index(sign) for weight, sign in zip(CREDIT_WEIGHTS, body, strict=True))
    return CREDIT_SIGNS[-total % 31]


def is_citizen_id(text: str) -> bool:
    """Tell whether a text is a citizen's number: 18 signs, a real day of birth, the right check sign."""
    if not _CITIZEN.fullmatch(text):
        return False
    try:
        date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        return False
    return citizen_check(text[:17]) == text[17]


def is_credit_code(text: str) -> bool:
    """Tell whether a text is a unified social credit code: 18 signs, the place in digits, the right check sign."""
    return bool(_CREDIT.fullmatch(text)) and credit_check(text[:17]) == text[17]
