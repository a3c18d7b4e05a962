"""What a public record may hold: no personal data, and a digest that anybody can compute again."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

_IDENTITY = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")
_MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


def write_content(record: Mapping[str, Any], annex: Mapping[str, Any]) -> bytes:
    """Return {"annex", "record"} as JSON: keys sorted, no blanks, UTF-8 unescaped. Its SHA-256 is the digest."""
    content = {"annex": annex, "record": record}
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest_publication(record: Mapping[str, Any], annex: Mapping[str, Any]) -> str:
    """Return the SHA-256 of what `write_content` gives, in hexadecimal."""
    return hashlib.sha256(write_content(record, annex)).hexdigest()


def find_personal_data(value: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """Give the places (JSON pointers) that hold an identity number, a mobile number or a mail address, and which.

    Identity numbers count only with a right check digit (GB 11643), so that amounts and codes are not taken for one.
    """
    if isinstance(value, str):
        if any(_is_identity(found) for found in _IDENTITY.findall(value)):
            yield place, "身份证号"
        if _MOBILE.search(value):
            yield place, "手机号"
        if _MAIL.search(value):
            yield place, "电子邮箱"
    elif isinstance(value, Mapping):
        for key, part in value.items():
            yield from find_personal_data(part, f"{place}/{key}")
    elif isinstance(value, list | tuple):
        for number, part in enumerate(value):
            yield from find_personal_data(part, f"{place}/{number}")


def _is_identity(number: str) -> bool:
    weighed = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    return _CHECKS[weighed % 11] == number[-1].upper()


def public_sample(sample: list[list[Any]], personal: frozenset[str]) -> list[list[Any]]:
    """Return a sample without the columns that hold personal data, masked or not; its first row has the names."""
    if not sample:
        return []
    kept = [number for number, name in enumerate(sample[0]) if name not in personal]
    return [[row[number] for number in kept] for row in sample]
