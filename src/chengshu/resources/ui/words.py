"""The words of the catalogue, by the keys that the database keeps."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from chengshu.kernel.listing.facade import Choice, Filter
from chengshu.resources.contracts.catalogue import (
    Access,
    Classification,
    Cycle,
    Group,
    ListKind,
    ResourceKind,
    ResourceState,
    Step,
    ValueType,
)
from chengshu.resources.contracts.grading import Derivation

KINDS: Mapping[str, Promise] = {
    ResourceKind.TABLE: _("库表"),
    ResourceKind.INTERFACE: _("接口"),
    ResourceKind.SPREADSHEET: _("电子表格"),
    ResourceKind.FILE: _("电子文件"),
    ResourceKind.PICTURE: _("图形图像"),
    ResourceKind.STREAM: _("流媒体"),
}
CYCLES: Mapping[str, Promise] = {
    Cycle.REAL_TIME: _("实时"),
    Cycle.DAILY: _("每日"),
    Cycle.WEEKLY: _("每周"),
    Cycle.MONTHLY: _("每月"),
    Cycle.QUARTERLY: _("每季度"),
    Cycle.HALF_YEARLY: _("每半年"),
    Cycle.YEARLY: _("每年"),
    Cycle.IRREGULAR: _("不定期"),
}
SHARING: Mapping[str, Promise] = {
    Access.FREE: _("无条件共享"),
    Access.CONDITIONAL: _("有条件共享"),
    Access.REFUSED: _("不予共享"),
}
OPENING: Mapping[str, Promise] = {
    Access.FREE: _("无条件开放"),
    Access.CONDITIONAL: _("有条件开放"),
    Access.REFUSED: _("不开放"),
}
GROUPS: Mapping[str, Promise] = {
    Group.BASIC: _("基础信息资源"),
    Group.TOPIC: _("主题信息资源"),
    Group.DEPARTMENT: _("部门信息资源"),
}
CLASSIFICATIONS: Mapping[str, Promise] = {
    Classification.GENERAL: _("一般数据"),
    Classification.IMPORTANT: _("重要数据"),
    Classification.CORE: _("核心数据"),
}
TYPES: Mapping[str, Promise] = {
    ValueType.TEXT: _("字符型"),
    ValueType.INTEGER: _("整数型"),
    ValueType.DECIMAL: _("小数型"),
    ValueType.BOOLEAN: _("布尔型"),
    ValueType.DATE: _("日期型"),
    ValueType.MOMENT: _("日期时间型"),
    ValueType.BINARY: _("二进制"),
}
TRANSFORMATIONS: Mapping[str, Promise] = {
    "constant": _("常量"),
    "identity": _("原样"),
    "expression": _("计算"),
    "aggregate": _("汇总"),
    "": _("只决定哪些行"),
}
"""How a column follows from others, in lineage and in runs; empty: it only decides which rows there are."""
WAYS: Mapping[str, Promise] = {
    Derivation.IDENTITY: _("直接"),
    Derivation.EXPRESSION: _("加工"),
    Derivation.AGGREGATE: _("汇总"),
    Derivation.CONSTANT: _("常数"),
}
LISTS: Mapping[str, Promise] = {
    ListKind.RESPONSIBILITY: _("责任清单"),
    ListKind.DEMAND: _("需求清单"),
    ListKind.NEGATIVE: _("负面清单"),
}
STATES: Mapping[str, Promise] = {
    ResourceState.DRAFT: _("草稿"),
    ResourceState.SUBMITTED: _("待审核"),
    ResourceState.PUBLISHED: _("已发布"),
    ResourceState.WITHDRAWN: _("已下架"),
}
STEPS: Mapping[str, Promise] = {
    Step.SUBMIT: _("提交审核"),
    Step.TAKE_BACK: _("收回"),
    Step.APPROVE: _("审核通过"),
    Step.RETURN: _("退回修改"),
    Step.WITHDRAW: _("下架"),
    Step.RESTORE: _("恢复编目"),
    Step.DISCARD: _("放弃修改"),
}


def by_words(column: str, label: Promise, words: Mapping[str, Promise], narrow: Callable[..., Any]) -> Filter:
    """Filter by a column that keeps keys of a vocabulary."""
    return Filter(column, label, lambda: [Choice(key, shown) for key, shown in words.items()], partial(narrow, column))


CHECK_WORDS: Mapping[str, str | Promise] = {
    "": "—",
    "id_number": _("公民身份号码校验位"),
    "credit_code": _("统一社会信用代码校验位"),
    "phone": _("手机号码"),
    "postcode": _("邮政编码"),
    "plate": _("机动车号牌"),
}
"""Checks of values by name; how people call them."""
