"""The words of pages that depend on data: names of cells, classes, levels, templates; numbers as people write them."""

from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import get_language, gettext

from chengshu.performance import facade
from chengshu.performance.contracts import Form, Source
from chengshu.performance.facade import FindingRecord, Language, Words

_CENT = Decimal("0.01")
_WAN = Decimal(10_000)
_EMPTY_FORM = Form(Source("", 1), "")


def language() -> Language:
    """Tell in which language the page is written."""
    return "en" if (get_language() or "").startswith("en") else "zh"


def words() -> Words:
    """Give the words of findings and of the form's parts in the page's language."""
    return facade.get_words(language())


def name_cell(pointer: str, form: Form = _EMPTY_FORM) -> str:
    """Name a cell as a person would point at it; without the form an indicator goes by its number."""
    return facade.name_cell(form, pointer, words())


def message_of(finding: FindingRecord) -> str:
    """Give a finding's sentence in the page's language."""
    return finding.message_en if language() == "en" else finding.message


def name_template(key: str) -> str:
    """Name a template; one without a name of its own goes by its key."""
    names = {
        "shanghai-2020": gettext("上海 2020"),
        "shanghai-2021": gettext("上海 2021"),
        "shanghai-2023": gettext("上海 2023"),
        "shanghai-2024": gettext("上海 2024"),
        "national-2020": gettext("全国 2020"),
        "sichuan-2023": gettext("四川 2023"),
        "hubei-2020": gettext("湖北 2020"),
        "yunnan-2020": gettext("云南 2020"),
    }
    return names.get(key, key)


def even_score(score: Decimal | None) -> Decimal | None:
    """Give a score two decimals, and more only where it has them, so that scores stand evenly in a column."""
    if score is None:
        return None
    cents = score.quantize(_CENT, ROUND_HALF_UP)
    return cents if cents == score else score.normalize()


def write_score(score: Decimal | None) -> str:
    """Write a score as `even_score` gives it; a dash when there is none."""
    even = even_score(score)
    return "—" if even is None else format(even, "f")


def write_figure(figure: Decimal | None) -> str:
    """Write a figure without idle zeros; a dash when there is none."""
    if figure is None:
        return "—"
    plain = format(figure, "f")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def write_move(move: Decimal | None) -> str:
    """Write a difference with its sign; empty when there is none."""
    if move is None or move == 0:
        return ""
    return ("+" if move > 0 else "−") + f"{write_figure(abs(move).quantize(Decimal('0.0001')))}"


def write_wan(amount: Decimal | None) -> str:
    """Write an amount of 元 in 万元, thousands apart, two decimals."""
    return "—" if amount is None else f"{(amount / _WAN).quantize(_CENT, ROUND_HALF_UP):,}"


def share_pct(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    """Give a share in per cent at two decimals; None without a whole."""
    if part is None or not whole:
        return None
    return (part / whole * 100).quantize(_CENT, ROUND_HALF_UP)
