"""The text that a spreadsheet shows for a value: number formats as far as they change what is read."""

import datetime as dt
import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from openpyxl.styles.numbers import BUILTIN_FORMATS, BUILTIN_FORMATS_MAX_SIZE

_FIRST_SECTION = re.compile(r'(?:"[^"]*"|\\.|[^;"\\])*')
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|[\\!](?P<escaped>.)|(?P<skipped>[_*].|\[[^\]]*\])|(?P<digits>General|[#0?.,]+)|(?P<other>.)',
    re.IGNORECASE | re.DOTALL,
)
_DATE_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\[[^\]]*\]|\\(?P<escaped>.)|(?P<part>y+|m+|d+)|(?P<other>.)', re.IGNORECASE
)
_DATE_CODE = re.compile(r"(?!.*(?:mmm|ddd))[ymd年月日/.\s-]+", re.IGNORECASE)
# What Chinese spreadsheets show for the dates that the standard leaves to the language (ECMA-376, 18.8.30).
CHINESE_DATES = {
    14: "yyyy/m/d",
    27: "yyyy年m月",
    28: "m月d日",
    29: "m月d日",
    31: "yyyy年m月d日",
    36: "yyyy年m月",
    50: "yyyy年m月",
    51: "m月d日",
    52: "yyyy年m月",
    53: "m月d日",
    54: "m月d日",
    57: "yyyy年m月",
    58: "m月d日",
}
# A spreadsheet keeps and shows fifteen digits; what floats hold beyond is noise.
_SIGNIFICANT_DIGITS = 15


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """What a format does to a number: the text around it, the decimals (None: as many as there are), the scale."""

    prefix: str = ""
    suffix: str = ""
    decimals: int | None = None
    power: int = 0  # of ten, by which the value is shown multiplied: 2 for percent, -3 for a trailing comma

    def render(self, number: Decimal) -> str:
        """The number as shown, without thousands separators."""
        shown = number.scaleb(self.power)
        if self.decimals is not None:
            shown = shown.quantize(Decimal(1).scaleb(-self.decimals), rounding=ROUND_HALF_UP)
            return f"{self.prefix}{shown:f}{self.suffix}"
        return f"{self.prefix}{_trim_zeros(f'{shown:f}')}{self.suffix}"


def parse_number_format(code: str) -> NumberFormat:
    """The first section of a format code ("0.00%;[Red]-0.00%" is 0.00%); fractions and exponents count as General.

    An integer format keeps the decimals of the value: rounding money away would lose what was filled in.
    """
    section = _FIRST_SECTION.match(code)
    around: tuple[list[str], list[str]] = ([], [])
    digits: str | None = None
    has_percent = False
    for token in _TOKEN.finditer(section.group() if section else ""):
        if token["digits"] is not None and digits is None:
            digits = token["digits"]
        elif token["other"] in {"/", "E", "e"} or token["digits"] is not None:
            return NumberFormat()
        elif not token["skipped"]:
            text = token["quoted"] or token["escaped"] or token["other"] or ""
            has_percent = has_percent or token["other"] == "%"
            around[digits is not None].append("" if text == "@" else text)
    prefix, suffix = ("".join(parts).strip() for parts in around)
    places = (digits or "").rstrip(",").partition(".")[2]
    scale = 0 if digits is None else digits.count(",") and -3 * (len(digits) - len(digits.rstrip(",")))
    return NumberFormat(
        prefix,
        suffix,
        _count_decimals(places, digits, has_percent=has_percent),
        scale + (2 if has_percent else 0),
    )


def _count_decimals(places: str, digits: str | None, *, has_percent: bool) -> int | None:
    """Decimals that a format fixes; "0%" fixes none but is shown whole."""
    if "#" in places or "?" in places or digits is None or digits.lower() == "general":
        return None
    return len(places) if places or has_percent else None


def render_date(date: dt.date, code: str) -> str | None:
    """The date as a format of year, month and day shows it; None for a format that holds anything else."""
    section = _FIRST_SECTION.match(code)
    tokens = list(_DATE_TOKEN.finditer(section.group() if section else ""))
    shown = "".join(_show_part(date, token) for token in tokens if token["other"] not in {";", "@"})
    plain = "".join(token["quoted"] or token["escaped"] or token["part"] or token["other"] or "" for token in tokens)
    return shown.strip() if _DATE_CODE.fullmatch(plain.removesuffix("@").removesuffix(";")) else None


def _show_part(date: dt.date, token: re.Match[str]) -> str:
    part = (token["part"] or "").lower()
    if not part:
        return token["quoted"] or token["escaped"] or token["other"] or ""
    if part.startswith("y"):
        return f"{date.year:04}" if len(part) > len("yy") else f"{date.year % 100:02}"
    number = date.month if part.startswith("m") else date.day
    return f"{number:0{min(len(part), 2)}}"


class Renderer:
    """Renders the values of one workbook, each format parsed once."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._formats: dict[int, NumberFormat] = {}

    def render(self, value: Any, style_id: int) -> str:
        """The text of a cell's value; empty for None."""
        if isinstance(value, int | float) and not isinstance(value, bool):
            return self._format_of(style_id).render(_to_decimal(value))
        if isinstance(value, dt.datetime) and value.time() == dt.time():
            return render_date(value, self._code_of(style_id)) or value.date().isoformat()
        return _render_other(value)

    def _format_of(self, style_id: int) -> NumberFormat:
        if style_id not in self._formats:
            self._formats[style_id] = parse_number_format(self._code_of(style_id))
        return self._formats[style_id]

    def _code_of(self, style_id: int) -> str:
        styles = self._book._cell_styles  # noqa: SLF001 - openpyxl's cells look their formats up here
        custom = self._book._number_formats  # noqa: SLF001 - the same
        number = styles[style_id].numFmtId if style_id < len(styles) else 0
        if number in CHINESE_DATES:
            return CHINESE_DATES[number]
        if number < BUILTIN_FORMATS_MAX_SIZE:
            return BUILTIN_FORMATS.get(number, "General")
        position = number - BUILTIN_FORMATS_MAX_SIZE
        return custom[position] if position < len(custom) else "General"


def _render_other(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case dt.datetime():
            return value.isoformat(" ", "seconds")
        case dt.timedelta():
            minutes, seconds = divmod(int(value.total_seconds()), 60)
            return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
        case _:
            return str(value).strip()


def _to_decimal(value: float) -> Decimal:
    return Decimal(value) if isinstance(value, int) else Decimal(f"{value:.{_SIGNIFICANT_DIGITS}g}")


def _trim_zeros(digits: str) -> str:
    return digits.rstrip("0").rstrip(".") if "." in digits else digits
