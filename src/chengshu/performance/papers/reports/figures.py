"""How the report writes moments, figures and the step from a printed value to the one expected."""

from datetime import datetime, timedelta, timezone
from decimal import Decimal

from chengshu.performance.contracts import Checked, Finding, Form
from chengshu.performance.papers.reports.words import Words

_CHINA = timezone(timedelta(hours=8))
_NONE = "—"


def show_moment(moment: datetime, words: Words) -> str:
    """Write an aware moment in China's time."""
    return words["moment"].format(moment.astimezone(_CHINA))


def show_figure(value: Decimal | None) -> str:
    """Write a figure with its decimals and thousands separators; a dash where there is none."""
    return _NONE if value is None else f"{value:,f}"


def show_text(text: str | None) -> str:
    """Write a text, or a dash where there is none."""
    return text or _NONE


def show_change(finding: Finding, words: Words) -> str:
    """Write "printed → expected", as far as the finding has them."""
    if finding.expected is None:
        return finding.printed or ""
    return f"{finding.printed or words['absent']} → {finding.expected}"


def show_source(form: Form, words: Words) -> str:
    """Write file and number of a form."""
    return words["source_of"].format(file=form.source.file, form=form.source.form)


def show_money(form: Form) -> dict[str, str]:
    """Write the total money row's parts for a sentence."""
    total = form.money.total
    rate = _NONE if total.rate is None else f"{total.rate:,f}%"
    return {"budget": show_figure(total.budget), "executed": show_figure(total.executed), "rate": rate}


def total_difference(form: Form, checked: Checked) -> Decimal | None:
    """Subtract the printed total from the one by rule."""
    if checked.rescored.total is None or form.total.score is None:
        return None
    return checked.rescored.total - form.total.score


def show_difference(value: Decimal | None) -> str:
    """Write a difference with its sign."""
    return _NONE if value is None else f"{value:+,f}" if value else "0"
