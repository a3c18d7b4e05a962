"""What every kind of rule says of rows, drawn as small tables. They hold on every engine."""

from datetime import date, datetime
from decimal import Decimal

from dataplane.checks.drawn import Spec

from chengshu.dataplane.checks.rules import (
    Between,
    Castable,
    CheckDigit,
    Completeness,
    Holds,
    Length,
    Matches,
    NotNull,
    OneOf,
    Ordered,
    References,
    Rule,
    Test,
    Type,
    Unique,
)


def _rule(test: Test, *columns: str, where: str = "") -> Rule:
    usual = () if isinstance(test, Holds) else ("值",)
    return Rule("r", columns or usual, test, where=where)


TEXTS = """
id | 值
1  | 甲
2  | ∅
3  | ␣␣
4  |
5  | ␣\u3000\u00a0
"""

SPECS = [
    Spec("a value is there; blanks are values", _rule(NotNull()), TEXTS, fails="2"),
    Spec("with blank, a text of spaces is no value", _rule(NotNull(blank=True)), TEXTS, fails="2 3 4 5"),
    Spec("one missing among several columns fails the row", _rule(NotNull(), "a", "b"), """
        id | a | b
        1  | x | y
        2  | ∅ | y
        3  | x | ∅
        """, fails="2 3"),
    Spec("a text that can be read as a whole number", _rule(Castable(Type.INTEGER)), """
        id | 值
        1  | 12
        2  | -7
        3  | 1.5
        4  | 1e3
        5  | ␣1
        6  | 十
        7  | ∅
        8  | 99999999999999999999
        """, fails="3 4 5 6 8"),
    Spec("a text that can be read as a number", _rule(Castable(Type.NUMBER)), """
        id | 值
        1  | 12
        2  | -7.25
        3  | 1e3
        4  | 1d
        5  | nan
        6  | 1,000
        7  | .5
        """, fails="4 5 6"),
    Spec("a text that can be read as a day of the calendar", _rule(Castable(Type.DATE)), """
        id | 值
        1  | 2024-02-29
        2  | 2023-02-29
        3  | 2024-2-9
        4  | 20240209
        5  | 2024-13-01
        6  | ∅
        """, fails="2 3 4 5"),
    Spec("a text that can be read as a moment", _rule(Castable(Type.TIMESTAMP)), """
        id | 值
        1  | 2024-02-29 08:30:00
        2  | 2024-02-29T08:30
        3  | 2024-02-29
        4  | 2024-02-29 25:00:00
        5  | 08:30
        """, fails="4 5"),
    Spec("a number that is whole, and one that is not", _rule(Castable(Type.INTEGER)), """
        id | 值:number
        1  | 2.0
        2  | 2.5
        3  | ∅
        """, fails="2"),
    Spec("the whole text matches", _rule(Matches("1[0-9]{10}")), """
        id | 值
        1  | 13800000000
        2  | 138000000001
        3  | ␣13800000000
        4  | ∅
        5  |
        """, fails="2 3 5"),
    Spec("anchors by habit change nothing", _rule(Matches(r"^\d{3}$")), """
        id | 值
        1  | 123
        2  | 1234
        """, fails="2"),
    Spec("a pattern of Chinese characters", _rule(Matches(r"[\u4e00-\u9fa5·]{2,20}")), """
        id | 值
        1  | 阿依古丽·买买提
        2  | 张3
        """, fails="2"),
    Spec("a pattern over a number looks at its digits", _rule(Matches("[0-9]{2}")), """
        id | 值:integer
        1  | 12
        2  | 123
        """, fails="2"),
    Spec("the length counts characters, not bytes", _rule(Length(2, 4)), """
        id | 值
        1  | 张三
        2  | 张
        3  | 欧阳修文公
        4  | ∅
        """, fails="2 3"),
    Spec("codes of a value domain", _rule(OneOf(("1", "2"))), """
        id | 值
        1  | 1
        2  | 3
        3  | ∅
        4  | 1␣
        """, fails="2 4"),
    Spec("codes of a value domain kept as numbers", _rule(OneOf(("1", "2"))), """
        id | 值:integer
        1  | 1
        2  | 3
        """, fails="2"),
    Spec("a large value domain is the same", _rule(OneOf(tuple(str(code) for code in range(1_000)))), """
        id | 值
        1  | 999
        2  | 1000
        3  | ∅
        """, fails="2"),
    Spec("a number within bounds, ends included", _rule(Between(0, 150)), """
        id | 值:integer
        1  | 0
        2  | 150
        3  | 151
        4  | -1
        5  | ∅
        """, fails="3 4"),
    Spec("decimals are compared exactly", _rule(Between(Decimal("0.10"))), """
        id | 值:decimal
        1  | 0.10
        2  | 0.09
        """, fails="2"),
    Spec("a text within bounds is read as a number; what cannot be read fails", _rule(Between(0, 150)), """
        id | 值
        1  | 9
        2  | 1000
        3  | abc
        4  | ∅
        """, fails="2 3"),
    Spec("a day within bounds", _rule(Between(date(2024, 1, 1), date(2024, 12, 31))), """
        id | 值:date
        1  | 2024-12-31
        2  | 2025-01-01
        """, fails="2"),
    Spec("a moment of the last day is within a bound that is a day", _rule(Between(maximum=date(2024, 12, 31))), """
        id | 值:moment
        1  | 2024-12-31T23:59:59
        2  | 2025-01-01T00:00:00
        """, fails="2"),
    Spec("a moment within bounds that are moments", _rule(Between(maximum=datetime.fromisoformat("2024-12-31T12:00"))), """
        id | 值:moment
        1  | 2024-12-31T12:00:00
        2  | 2024-12-31T12:00:01
        """, fails="2"),
    Spec("numbers of citizens", _rule(CheckDigit("citizen_id")), """
        id | 值
        1  | 11010519491231002X
        2  | 110105194912310021
        3  | 11010519491231002x
        4  | 440524188001010014
        5  | 440524188002300012
        6  | 11010519491231002
        7  | +1010519491231002X
        8  | ∅
        """, fails="2 3 5 6 7"),
    Spec("credit codes", _rule(CheckDigit("credit_code")), """
        id | 值
        1  | 91110000600037341L
        2  | 911100006000373411
        3  | 91110000I00037341L
        4  | 51440300MJL1744852
        """, fails="2 3 4"),
    Spec("codes of organisations", _rule(CheckDigit("organisation_code")), """
        id | 值
        1  | D2143569-X
        2  | D2143569-1
        3  | D2143569X
        4  | D21435691
        5  | D2143569--X
        """, fails="2 4 5"),
    Spec("moments within days: of each its day", _rule(Between(date(2024, 1, 1), date(2024, 1, 31))), """
        id | 值
        1  | 2024-01-31 23:59:59
        2  | 2024-01-31
        3  | 2024-02-01 00:00
        4  | 2024-01-05 25:00:00
        5  | 2024/01/05
        """, fails="3 4 5"),
    Spec("an hour 24 is none", _rule(Castable(Type.TIMESTAMP)), """
        id | 值
        1  | 2024-01-31 24:00:00
        2  | 2024-01-31T23:00
        """, fails="1"),
    Spec("moments written beside a day are compared with it", _rule(Holds("值 < date '2000-01-01'")), """
        id | 值
        1  | 1999-12-31 10:00:00
        2  | 2001-01-01 10:00:00
        3  | 1999-12-31
        """, fails="2"),
    Spec("numbers of books", _rule(CheckDigit("isbn13")), """
        id | 值
        1  | 9787115546081
        2  | 9787115546082
        """, fails="2"),
    Spec("days that do not go back", _rule(Ordered(), "始", "终"), """
        id | 始:date    | 终:date
        1  | 2024-01-01 | 2024-01-01
        2  | 2024-01-02 | 2024-01-01
        3  | ∅          | 2024-01-01
        """, fails="2"),
    Spec("days that go forward; texts that are no days fail", _rule(Ordered(strict=True), "始", "终"), """
        id | 始         | 终
        1  | 2024-01-01 | 2024-01-02
        2  | 2024-01-01 | 2024-01-01
        3  | 2024-01-01 | 明天
        4  | 2024-01-01 | ∅
        """, fails="2 3"),
    Spec("an expression over several columns; null passes", _rule(Holds("收 - 支 = 余")), """
        id | 收:integer | 支:integer | 余:integer
        1  | 5          | 3          | 2
        2  | 5          | 3          | 1
        3  | 5          | ∅          | 1
        """, fails="2"),
    Spec("an expression reads texts as numbers where it compares them with one", _rule(Holds("值 >= 10")), """
        id | 值
        1  | 9
        2  | 10
        3  | abc
        """, fails="1"),
    Spec("an expression that divides by zero is null there", _rule(Holds("a / b < 2")), """
        id | a:integer | b:integer
        1  | 4         | 1
        2  | 4         | 0
        3  | 2         | 2
        """, fails="1"),
    Spec("an expression takes the year out of a text that is a day", _rule(Holds("year(值) = 2024")), """
        id | 值
        1  | 2024-06-30
        2  | 2023-06-30
        3  | 随便
        """, fails="2"),
    Spec("an expression that knows today", _rule(Holds("值 <= current_date")), """
        id | 值:date
        1  | 2024-06-30
        2  | 2024-07-01
        """, fails="2"),
    Spec("an expression with functions and cases", _rule(Holds(
        "case when starts_with(值, '沪') then length(值) = 3 else upper(trim(值)) in ('A', 'B') end")), """
        id | 值
        1  | 沪一号
        2  | 沪
        3  | a
        4  | C
        """, fails="2 4"),
    Spec("declared types hold in expressions too", _rule(Holds("a < b")), """
        id | a | b
        1  | 9 | 10
        2  | 10 | 9
        """, fails="2", read_as={"a": Type.NUMBER, "b": Type.NUMBER}),
    Spec("only the rows of the condition are looked at", _rule(NotNull(), where="类 = '1'"), """
        id | 值 | 类
        1  | ∅  | 1
        2  | ∅  | 2
        3  | ∅  | ∅
        4  | x  | 1
        """, fails="1", checked=2),
    Spec("no value twice; every row of a repeated value fails", _rule(Unique()), """
        id | 值
        1  | a
        2  | b
        3  | a
        4  | ∅
        5  | ∅
        """, fails="1 3"),
    Spec("no pair of values twice, among the rows of the condition", _rule(Unique(), "a", "b", where="c = '1'"), """
        id | a | b | c
        1  | x | 1 | 1
        2  | x | 2 | 1
        3  | x | 1 | 1
        4  | x | 2 | 2
        5  | x | ∅ | 1
        6  | x | ∅ | 1
        """, fails="1 3", checked=5),
    Spec("a value that stands in another table", _rule(References("部门", ("代码",))), """
        id | 值
        1  | A
        2  | C
        3  | ∅
        """, fails="2", others={"部门": "代码\nA\nB\nA"}),
    Spec("a pair that stands in another table, whatever its types", _rule(References("部门", ("年", "值")), "年", "值"), """
        id | 年:integer | 值
        1  | 2024       | A
        2  | 2023       | A
        """, fails="2", others={"部门": "年 | 值\n2024 | A"}),
    Spec("completeness keeps the rows with a gap", _rule(Completeness(Decimal("0.9")), "a", "b"), """
        id | a | b
        1  | x | y
        2  | ∅ | y
        3  | ∅ | ∅
        """, fails="2 3", checked=6),
]  # fmt: skip
