"""How findings are worded: level, basis and texts of each kind of notice, from lexicons/notices.toml."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files

from chengshu.performance.contracts import Finding, Level
from chengshu.performance.rules.view import FormView

_DOUBT = "疑为识别问题，请先核对原件。"
_DOUBT_EN = "Possibly a reading fault, check the original first. "


@dataclass(frozen=True, slots=True)
class Notice:
    """One kind of notice: its code, its level, the setting or principle it rests on, and its texts with {facts} to fill in."""

    code: str
    level: Level
    basis: str
    zh: str
    en: str


@cache
def notices() -> Mapping[str, Notice]:
    """Give every notice by its key, "CODE" or "CODE.variant"."""
    path = files("chengshu.performance.rules").joinpath("lexicons", "notices.toml")
    table = tomllib.loads(path.read_text("utf-8"))
    return {
        key: Notice(key.partition(".")[0], Level(entry["level"]), entry["basis"], entry["zh"], entry["en"])
        for key, entry in table.items()
    }


def plain(value: Decimal | str | None) -> str | None:
    """Give a figure as it stands on a form."""
    return format(value, "f") if isinstance(value, Decimal) else value


def find(
    view: FormView,
    key: str,
    field: str,
    *,
    printed: Decimal | str | None = None,
    expected: Decimal | str | None = None,
    cells: tuple[str, ...] = (),
    **facts: object,
) -> Finding:
    """Word a finding on `field`; it rests on `cells` too, and is only a doubtful hint where one of them is in doubt."""
    notice = notices()[key]
    printed, expected = plain(printed), plain(expected)
    said = {"printed": printed, "expected": expected, **facts}
    message, message_en = notice.zh.format_map(said), notice.en.format_map(said)
    basis = view.rules.basis_of(notice.basis)
    if view.is_doubtful(field, *cells):
        message, message_en = _DOUBT + message, _DOUBT_EN + message_en
        return Finding(notice.code, Level.HINT, field, printed, expected, message, message_en, basis, doubtful=True)
    return Finding(notice.code, notice.level, field, printed, expected, message, message_en, basis)
