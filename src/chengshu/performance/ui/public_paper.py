"""A public record as pages and tables show it: the official form without marks, and the annex as rows."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from chengshu.kernel.listing.facade import guard_formula
from chengshu.performance.contracts import Form
from chengshu.performance.facade import SheetCell, publications
from chengshu.performance.facade.publications import AnnexRow

_MEASURED = ("value", "unit", "numerator", "denominator", "counted", "from", "until", "query", "digest")
_BYTE_ORDER_MARK = "\ufeff"  # without it spreadsheets take the file for one in the machine's own encoding


@dataclass(frozen=True, slots=True)
class PublicSheet:
    """The official form as a table; widths in per cent."""

    title: str
    year_line: str
    widths_pct: tuple[int, ...]
    rows: tuple[tuple[SheetCell, ...], ...]


def draw_public_paper(form: Form) -> PublicSheet:
    """Lay a form out as its official paper."""
    sheet = publications.lay_out_form(form)
    whole = sum(sheet.widths) or 1
    widths = tuple(round(width * 100 / whole) for width in sheet.widths)
    return PublicSheet(sheet.title, sheet.year_line, widths, sheet.rows)


def write_annex(rows: Iterable[AnnexRow]) -> str:
    """Write the annex as CSV: each indicator, and what its figure was counted from."""
    file = io.StringIO()
    file.write(_BYTE_ORDER_MARK)
    table = csv.writer(file)
    table.writerow(_headings())
    for row in rows:
        evidence = row.evidence or {}
        measured = ["" if evidence.get(key) is None else str(evidence[key]) for key in _MEASURED]
        cells = [row.name, row.target, row.actual, row.score or "", name_basis(row), evidence.get("definition", "")]
        table.writerow([row.number, *(guard_formula(cell) for cell in (*cells, *measured))])
    return file.getvalue()


def name_basis(row: AnnexRow) -> str:
    """Say on what a result rests."""
    if row.evidence is not None:
        return _("系统计量")
    return _("材料（由单位保管）") if row.is_document else _("单位填报")


def _headings() -> list[str]:
    said = (_("指标"), _("年度指标值"), _("实际完成值"), _("得分"), _("依据"), _("定义"))
    counted = (_("计量值"), _("计量单位"), _("分子"), _("分母"), _("计数行数"), _("起"), _("止"), _("查询"), _("摘要"))
    return [_("序号"), *said, *counted]
