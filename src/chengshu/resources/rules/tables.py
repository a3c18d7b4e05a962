"""The two sheets of a workbook of entries: their columns, and rows into content and back."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from chengshu.resources.contracts.catalogue import (
    Access,
    Classification,
    Cycle,
    FieldContent,
    Group,
    ListContent,
    ListKind,
    ResourceContent,
    ResourceKind,
    ValueType,
)
from chengshu.resources.errors import ResourceInvalid
from chengshu.resources.rules.origins import read_origins, write_origins
from chengshu.resources.rules.ties import write_reference

ENTRIES_SHEET, FIELDS_SHEET = "资源", "信息项"

KIND_WORDS = {
    ResourceKind.TABLE: "库表",
    ResourceKind.INTERFACE: "接口",
    ResourceKind.SPREADSHEET: "电子表格",
    ResourceKind.FILE: "电子文件",
    ResourceKind.PICTURE: "图形图像",
    ResourceKind.STREAM: "流媒体",
}
CYCLE_WORDS = {
    Cycle.REAL_TIME: "实时",
    Cycle.DAILY: "每日",
    Cycle.WEEKLY: "每周",
    Cycle.MONTHLY: "每月",
    Cycle.QUARTERLY: "每季度",
    Cycle.HALF_YEARLY: "每半年",
    Cycle.YEARLY: "每年",
    Cycle.IRREGULAR: "不定期",
}
SHARING_WORDS = {Access.FREE: "无条件共享", Access.CONDITIONAL: "有条件共享", Access.REFUSED: "不予共享"}
OPENING_WORDS = {Access.FREE: "无条件开放", Access.CONDITIONAL: "有条件开放", Access.REFUSED: "不开放"}
GROUP_WORDS = {Group.BASIC: "基础", Group.TOPIC: "主题", Group.DEPARTMENT: "部门"}
CLASSIFICATION_WORDS = {Classification.GENERAL: "一般", Classification.IMPORTANT: "重要", Classification.CORE: "核心"}
TYPE_WORDS = {
    ValueType.TEXT: "字符型",
    ValueType.INTEGER: "整数型",
    ValueType.DECIMAL: "小数型",
    ValueType.BOOLEAN: "布尔型",
    ValueType.DATE: "日期型",
    ValueType.MOMENT: "日期时间型",
    ValueType.BINARY: "二进制",
}
_YES = {"是", "y", "yes", "true", "1", "√"}
_NO = {"否", "n", "no", "false", "0", "", "×"}


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """One column: its header, the place that it fills, and how its text is read and written."""

    header: str
    place: str
    read: Callable[[str, str], Any]
    write: Callable[[Any], str]
    help: str = ""


def _text(text: str, _header: str) -> str:
    return text


def _word(words: Mapping[Any, str]) -> tuple[Callable[[str, str], Any], Callable[[Any], str], str]:
    known = {word: key for key, word in words.items()}

    def read(text: str, header: str) -> Any:
        if text not in known:
            raise ResourceInvalid(f"“{header}”一栏只填{'、'.join(known)}，这里是“{text}”。", field=header)
        return known[text]

    return read, words.__getitem__, "、".join(known)


def _number(text: str, header: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise ResourceInvalid(f"“{header}”一栏只填整数，这里是“{text}”。", field=header)
    return int(text)


def _origins(text: str, _header: str) -> str:
    return write_origins(read_origins(text))


def _reference(text: str, _header: str) -> str:
    return write_reference(text)


def _flag(text: str, header: str) -> bool:
    folded = text.lower()
    if folded not in _YES | _NO:
        raise ResourceInvalid(f"“{header}”一栏只填是或否，这里是“{text}”。", field=header)
    return folded in _YES


def _yes(flag: object) -> str:
    return "是" if flag else "否"


def _plain(value: object) -> str:
    return "" if value is None else str(value)


ENTRY_COLUMNS = (
    SheetColumn("目录编码", "code", _text, str, "全市唯一；凭它认出已有的资源"),
    SheetColumn("资源名称", "name", _text, str),
    SheetColumn("提供方代码", "department", _text, str, "部门的组织代码"),
    SheetColumn("摘要", "summary", _text, str),
    SheetColumn("资源分组", "group", *_word(GROUP_WORDS)),
    SheetColumn("分类", "category", _text, str, "类/项/目/细目"),
    SheetColumn("类型", "kind", *_word(KIND_WORDS)),
    SheetColumn("更新周期", "cycle", *_word(CYCLE_WORDS)),
    SheetColumn("共享类型", "sharing", *_word(SHARING_WORDS)),
    SheetColumn("共享条件", "sharing_terms", _text, str, "不予共享时写依据"),
    SheetColumn("共享方式", "sharing_mode", _text, str),
    SheetColumn("开放属性", "opening", *_word(OPENING_WORDS)),
    SheetColumn("开放条件", "opening_terms", _text, str),
    SheetColumn("数据分类", "classification", *_word(CLASSIFICATION_WORDS)),
    SheetColumn("分级", "grade", _number, _plain, "1 至 5；不低于信息项的最高级"),
    SheetColumn("信息系统", "system", _text, str),
    SheetColumn("关联资源", "related", _text, str),
    SheetColumn("元数据规范", "profile", _text, str, "national 或 shanghai"),
    SheetColumn("责任清单依据", "responsibility", _text, str),
    SheetColumn("需求清单说明", "demand", _text, str, "用途"),
    SheetColumn("需求方", "requester", _text, str, "提出需求的单位"),
    SheetColumn("需求联系人", "contact", _text, str, "姓名和办公电话"),
    SheetColumn("需求时限", "wanted_by", _text, str, "如 2024-12-31"),
    SheetColumn("负面清单依据", "negative", _text, str),
)
FIELD_COLUMNS = (
    SheetColumn("目录编码", "resource", _text, str, "所属资源"),
    SheetColumn("信息项代码", "code", _text, str),
    SheetColumn("信息项名称", "name", _text, str),
    SheetColumn("数据类型", "type", *_word(TYPE_WORDS)),
    SheetColumn("长度", "length", _number, _plain),
    SheetColumn("计量单位", "unit", _text, str),
    SheetColumn("数据元", "element", _text, str, "数据元的标识符"),
    SheetColumn("信息项分级", "grade", _number, _plain, "1 至 5"),
    SheetColumn("主键", "is_key", _flag, _yes, "是或否"),
    SheetColumn("可为空", "is_nullable", _flag, _yes, "是或否"),
    SheetColumn("说明", "description", _text, str),
    SheetColumn("来源信息项", "derived_from", _origins, str, "如 307/MZ001 sfzh；汇总 307/MZ002 je"),
    SheetColumn("不早于", "not_before", _text, str, "同一资源里另一个日期信息项的代码"),
    SheetColumn("引用", "refers_to", _reference, str, "取值须在其中的信息项，如 307/GA001 sfzh"),
)
_LISTS = {kind.value: kind for kind in ListKind}
_DEMANDED = ("requester", "contact", "wanted_by")


def find_columns(cells: Sequence[str], columns: Sequence[SheetColumn]) -> dict[int, SheetColumn] | None:
    """Give which column stands where in a header row; None when the row is no header, its first column missing."""
    known = {column.header: column for column in columns}
    headers = [cell.strip().strip("*") for cell in cells]
    if columns[0].header not in headers or len(set(headers) & set(known)) < 2:
        return None
    return {at: known[header] for at, header in enumerate(headers) if header in known}


def read_entry(
    cells: Sequence[str], columns: Mapping[int, SheetColumn], known: ResourceContent | None
) -> ResourceContent:
    """Read one row of the first sheet; what it leaves out is as in `known`, or as an entry begins.

    Raises:
        ResourceInvalid: a cell cannot be read, or a new entry lacks code, name or department.
    """
    told = _read(cells, columns)
    lists = {item.kind: item for item in known.lists} if known else {}
    for place, kind in _LISTS.items():
        if place in told:
            basis = told.pop(place)
            was = lists.pop(kind, None)
            since = was.since if was and was.basis == basis else ""
            lists[kind] = replace(was or ListContent(kind), basis=basis, since=since)
    demanded = {name: told.pop(name) for name in _DEMANDED if name in told}
    if demanded:
        lists[ListKind.DEMAND] = replace(lists.get(ListKind.DEMAND, ListContent(ListKind.DEMAND)), **demanded)
    own = {name: getattr(known, name) for name in known.__slots__} if known else {}
    missing = [c.header for c in ENTRY_COLUMNS[:3] if not (own | told).get(c.place)]
    if missing:
        raise ResourceInvalid(f"没有填{'、'.join(missing)}。", field=missing[0])
    return ResourceContent(**(own | told | {"lists": tuple(lists[kind] for kind in sorted(lists, key=str))}))


def read_field(cells: Sequence[str], columns: Mapping[int, SheetColumn]) -> tuple[str, FieldContent]:
    """Read one row of the second sheet: the code of its resource, and the field.

    Raises:
        ResourceInvalid: a cell cannot be read, or a code or the name is missing.
    """
    told = _read(cells, columns)
    missing = [c.header for c in FIELD_COLUMNS[:2] if not told.get(c.place)]
    if missing:
        raise ResourceInvalid(f"没有填{'、'.join(missing)}。", field=missing[0])
    resource = str(told.pop("resource"))
    return resource, FieldContent(**({"name": ""} | told))


def write_entry(content: ResourceContent) -> list[str]:
    """Give an entry as a row of the first sheet."""
    held = {item.kind.value: item.basis for item in content.lists}
    demand = next((item for item in content.lists if item.kind is ListKind.DEMAND), ListContent(ListKind.DEMAND))
    held |= {name: getattr(demand, name) for name in _DEMANDED}
    on_lists = {*_LISTS, *_DEMANDED}
    return [
        held.get(column.place, "") if column.place in on_lists else column.write(getattr(content, column.place))
        for column in ENTRY_COLUMNS
    ]


def write_fields(content: ResourceContent) -> Iterable[list[str]]:
    """Give an entry's fields as rows of the second sheet."""
    for field in content.fields:
        yield [content.code, *(column.write(getattr(field, column.place)) for column in FIELD_COLUMNS[1:])]


def _read(cells: Sequence[str], columns: Mapping[int, SheetColumn]) -> dict[str, Any]:
    """Read what is filled in; an empty cell says nothing."""
    told = {}
    for at, column in columns.items():
        text = cells[at].strip() if at < len(cells) else ""
        if text:
            told[column.place] = column.read(text, column.header)
    return told
