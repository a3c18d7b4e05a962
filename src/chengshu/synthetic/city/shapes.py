"""The tables that five systems of the city keep: their columns, and what a column promises. Nothing else is known here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What the source system takes a column for."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its code in the source, what people call it, and what its values keep to.

    `check` names the kind of number (id_number, credit_code or phone). `is_typed` says that the reader of deliveries
    already refuses what is no value of the kind; other columns arrive as texts, and rules find what is wrong.
    """

    code: str
    name: str
    kind: Kind = Kind.TEXT
    check: str = ""
    codes: tuple[str, ...] = ()
    is_key: bool = False
    is_needed: bool = False
    is_typed: bool = False


@dataclass(frozen=True, slots=True)
class WrittenRule:
    """A rule that follows from no column and that somebody wrote, in the form of rule files."""

    key: str
    name: str
    definition: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its name in the source system, what people call it, its columns, the rules that people wrote for it."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rules: tuple[WrittenRule, ...] = ()
    refers: Mapping[str, str] = field(default_factory=dict)
    """Columns whose values are keys of another table, with that table's name."""

    @property
    def codes(self) -> list[str]:
        """The codes of the columns, in their order."""
        return [column.code for column in self.columns]

    @property
    def key(self) -> str:
        """The code of the one column that names a row."""
        return next(column.code for column in self.columns if column.is_key)

    def column(self, code: str) -> Column:
        """Give a column by its code."""
        return next(column for column in self.columns if column.code == code)


_NAME_RULE = WrittenRule(
    "xm.hanzi", "姓名应是 2 至 20 个汉字", {"kind": "matches", "columns": ["xm"], "pattern": "[\u4e00-\u9fa5·]{2,20}"}
)
_FIRM_RULE = WrittenRule(
    "dwmc.whole",
    "单位名称应写全称",
    {"kind": "matches", "columns": ["dwmc"], "pattern": ".{2,60}(公司|中心|商行|合作社)"},
)
_SEX_RULE = WrittenRule(
    "xb.agrees",
    "性别应与公民身份号码第 17 位一致",
    {"kind": "expression", "columns": ["sfzh", "xb"], "expression": "CAST(substring(sfzh, 17, 1) AS INT) % 2 = CAST(xb AS INT) % 2"},
)  # fmt: skip
_PERSON = (
    Column("xm", "姓名", is_needed=True),
    Column("sfzh", "公民身份号码", check="id_number", is_needed=True),
    Column("xb", "性别", codes=("0", "1", "2", "9")),
    Column("csrq", "出生日期", Kind.DATE),
    Column("lxdh", "联系电话", check="phone"),
)
MARRIAGES = Table(
    "hydj",
    "婚姻登记信息",
    (
        Column("djzh", "登记证号", is_key=True),
        Column("djjg", "登记机关"),
        Column("djlx", "登记类型"),
        *_PERSON,
        Column("hyzk", "婚姻状况", codes=("10", "20", "30", "40", "90")),
        Column("blrq", "办理日期", Kind.DATE),
    ),
    (_NAME_RULE, _SEX_RULE),
)
ALLOWANCES = Table(
    "dbdx",
    "最低生活保障对象信息",
    (
        Column("dbzh", "低保证号", is_key=True, is_typed=True),
        Column("jtrk", "家庭人口", Kind.INTEGER, is_typed=True),
        Column("bzlb", "保障类别"),
        Column("qsyf", "起始月份"),
        *_PERSON,
        Column("zz", "住址"),
        Column("je", "金额", Kind.DECIMAL, is_typed=True),
        Column("jdmc", "街道名称"),
        Column("jwmc", "居村委名称"),
    ),
    (_NAME_RULE, _SEX_RULE),
)
SUPPLIERS = Table(
    "gysml",
    "政府采购供应商名录",
    (
        Column("gysbh", "供应商编号", is_key=True),
        Column("gyslb", "供应商类别"),
        Column("tyshxydm", "统一社会信用代码", check="credit_code", is_needed=True),
        Column("dwmc", "单位名称", is_needed=True),
        Column("lxdh", "联系电话", check="phone"),
    ),
    (_FIRM_RULE,),
)
CONTRACTS = Table(
    "cght",
    "政府采购合同信息",
    (
        Column("htbh", "合同编号", is_key=True),
        Column("cgxm", "采购项目"),
        Column("gysbh", "供应商"),
        Column("tyshxydm", "统一社会信用代码", check="credit_code", is_needed=True),
        Column("dwmc", "单位名称", is_needed=True),
        Column("je", "金额", Kind.DECIMAL, is_typed=True),
        Column("blrq", "办理日期", Kind.DATE),
    ),
    (_FIRM_RULE,),
    {"gysbh": "gysml"},
)
CASES = Table(
    "zwbj",
    "政务服务办件信息",
    (
        Column("bjbh", "办件编号", is_key=True),
        Column("sxmc", "事项名称"),
        Column("slsj", "受理时间"),
        Column("bjzt", "办结状态"),
        Column("xm", "姓名", is_needed=True),
        Column("sfzh", "公民身份号码", check="id_number", is_needed=True),
        Column("lxdh", "联系电话", check="phone"),
        Column("blrq", "办理日期", Kind.DATE),
    ),
    (
        _NAME_RULE,
        WrittenRule("blrq.after", "办结不早于受理", {"kind": "date_order", "columns": ["slsj", "blrq"]}),
    ),
)
TABLES: Mapping[str, Table] = {table.name: table for table in (MARRIAGES, ALLOWANCES, SUPPLIERS, CONTRACTS, CASES)}
"""All tables by their name; those that others refer to come first."""
