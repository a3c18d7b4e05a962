"""A table of organisations becomes rows: the header says where each column stands, faults are kept with their line."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.utils.translation import gettext as _

from chengshu.kernel.organisations.contracts import ImportedRow, Kind, Rejection
from chengshu.kernel.organisations.errors import TableUnreadable

_HEADERS: Mapping[str, tuple[str, ...]] = {
    "code": ("代码", "组织代码", "单位代码", "统一社会信用代码", "code"),
    "name": ("名称", "组织名称", "单位名称", "name"),
    "kind": ("类别", "组织类别", "kind"),
    "parent": ("上级代码", "上级", "parent"),
    "founded": ("设立日期", "成立日期", "founded_on"),
}
_NEEDED = ("code", "name", "kind")
_KINDS: Mapping[str, Kind] = {
    **{kind.value: kind for kind in Kind},
    "市": Kind.CITY,
    "区": Kind.DISTRICT,
    "县": Kind.DISTRICT,
    "部门": Kind.DEPARTMENT,
    "单位": Kind.UNIT,
}
_DATE_FORMATS = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y-%m-%d %H:%M:%S")


def read_table(table: Sequence[Sequence[str]]) -> tuple[list[ImportedRow], list[Rejection]]:
    """Return the rows of a table and the faulty ones; empty lines are passed over, the first of two equal codes holds.

    Raises:
        TableUnreadable: no line names the columns 代码, 名称 and 类别.
    """
    at, columns = _find_header(table)
    rows: dict[str, ImportedRow] = {}
    rejected: list[Rejection] = []
    for line, cells in enumerate(table[at + 1 :], start=at + 2):
        if not any(cell.strip() for cell in cells):
            continue
        read = _read_line(line, cells, columns)
        if isinstance(read, Rejection):
            rejected.append(read)
        elif read.code in rows:
            rejected.append(Rejection(line, read.code, _("代码在第 %(n)s 行已出现过。") % {"n": rows[read.code].line}))
        else:
            rows[read.code] = read
    return list(rows.values()), rejected


def _find_header(table: Sequence[Sequence[str]]) -> tuple[int, dict[str, int]]:
    for at, cells in enumerate(table):
        texts = [cell.strip().lower() for cell in cells]
        columns = {key: index for key, words in _HEADERS.items() for index, text in enumerate(texts) if text in words}
        if all(key in columns for key in _NEEDED):
            return at, columns
    raise TableUnreadable(_("没有找到表头。表头要有“代码”“名称”“类别”三列，“上级代码”“设立日期”可以没有。"))


def _read_line(line: int, cells: Sequence[str], columns: Mapping[str, int]) -> ImportedRow | Rejection:
    texts = {key: cells[index].strip() if index < len(cells) else "" for key, index in columns.items()}
    code = texts["code"]
    if not code or not texts["name"]:
        return Rejection(line, code, _("代码和名称都要填。"))
    kind = _KINDS.get(texts["kind"].lower())
    if kind is None:
        return Rejection(line, code, _("类别“%(text)s”不是市、区、部门、单位之一。") % {"text": texts["kind"]})
    founded = texts.get("founded", "")
    day = _read_date(founded)
    if founded and day is None:
        return Rejection(line, code, _("设立日期“%(text)s”读不出来，请写成 2024-03-15。") % {"text": founded})
    return ImportedRow(line, code, texts["name"], kind, texts.get("parent", ""), day)


def _read_date(text: str) -> date | None:
    for form in _DATE_FORMATS:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    return None
