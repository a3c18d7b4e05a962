"""The kinds of rules and what they ask for, as people call them."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

KIND_WORDS: Mapping[str, Promise] = {
    "not_null": _("不得为空"),
    "unique": _("不得重复"),
    "between": _("在取值范围内"),
    "one_of": _("在列出的值之内"),
    "matches": _("符合格式"),
    "length": _("字数合适"),
    "type": _("读得成一种类型"),
    "check_digit": _("号码的校验码正确"),
    "date_order": _("两个日期有先后"),
    "compare": _("两个栏目相比较"),
    "expression": _("符合一个条件"),
    "references": _("在另一项资源里有"),
    "completeness": _("有值的占比够高"),
    "timeliness": _("最新一行够新"),
    "delivery_timeliness": _("最近交付过"),
    "history_drift": _("与以往相差不大"),
}
_ROWS, _TABLE = _("逐行检查"), _("整张表检查")
_OF_TABLE = ("completeness", "timeliness", "delivery_timeliness", "history_drift")
KIND_CHOICES = [
    (_ROWS, [(kind, words) for kind, words in KIND_WORDS.items() if kind not in _OF_TABLE]),
    (_TABLE, [(kind, KIND_WORDS[kind]) for kind in _OF_TABLE]),
]
COMPARISON_WORDS: Mapping[str, Promise] = {
    "<=": _("不大于（≤）"),
    "<": _("小于（<）"),
    "=": _("等于（=）"),
    "<>": _("不等于（≠）"),
    ">=": _("不小于（≥）"),
    ">": _("大于（>）"),
}
MEASURE_WORDS: Mapping[str, Promise] = {
    "rows": _("行数（按以往的几成算）"),
    "nulls": _("空值的占比（按百分点算，0.1 是 10 个）"),
    "distinct": _("不同值的个数（按以往的几成算）"),
}
VALUE_TYPE_WORDS: Mapping[str, Promise] = {
    "integer": _("整数"),
    "number": _("数"),
    "boolean": _("真或假"),
    "date": _("日期"),
    "timestamp": _("日期时间"),
}
SCHEME_WORDS: Mapping[str, Promise] = {
    "citizen_id": _("公民身份号码"),
    "credit_code": _("统一社会信用代码"),
    "organisation_code": _("组织机构代码"),
    "isbn13": _("国际标准书号（ISBN）"),
}
UNIT_WORDS: Mapping[str, Promise] = {"m": _("分钟"), "h": _("小时"), "d": _("天"), "w": _("周")}
PART_HELP: Mapping[str, Promise] = {
    "least": _("写数，或日期如 2024-01-31；没有就留空"),
    "values": _("一行一个"),
    "pattern": _("整个值都要符合，如 1[3-9][0-9]{9}"),
    "expression": _("写成 SQL 的条件，用栏目的代码，如 年龄 >= 20 or 婚姻状况 = '10'"),
    "where": _("写成 SQL 的条件，如 zt = '2'；空着就查所有的行"),
    "tolerance": _("如 0.3 是三成，或 30 个百分点"),
    "table": _("填编码，或从列出的资源里选"),
}
"""What is said under a part's label."""
_DRIFT_COLUMN = _("比行数时不用选")


def part_help(kind: str, part: str) -> str | Promise:
    """Give what is said under the label of a part of a kind; empty where nothing is."""
    if (kind, part) == ("history_drift", "column"):
        return _DRIFT_COLUMN
    return PART_HELP.get(part, "")
