"""Why rows were refused, in the reader's language. What is kept of them is in the words of the house."""

import re

from django.utils.translation import gettext, gettext_noop

_PATTERNS = tuple(
    (re.compile(pattern), said)
    for pattern, said in (
        ("不是最多 (?P<places>[0-9]+) 位小数的数", gettext_noop("不是最多 %(places)s 位小数的数")),
        ("单元格是公式的错误值 (?P<value>.*)", gettext_noop("单元格是公式的错误值 %(value)s")),
    )
)
_INNER = "其中的对象："
_REASONS = frozenset(
    (
        gettext_noop("不是整数"),
        gettext_noop("不是数"),
        gettext_noop("不是日期"),
        gettext_noop("不是时刻"),
        gettext_noop("不是是或否"),
        gettext_noop("不是可以读出的文字"),
        gettext_noop("不能为空"),
        gettext_noop("列数少于表头"),
        gettext_noop("列数多于表头"),
        gettext_noop("公式没有计算结果"),
        gettext_noop("引号没有成对"),
        gettext_noop("引号或分隔符的位置不对"),
        gettext_noop("这一行过长（超过 2 MB）"),
        gettext_noop("有无法解码的字节"),
        gettext_noop("多出前面记录没有的列"),
        gettext_noop("不是有效的 JSON"),
        gettext_noop("不是一个 JSON 对象"),
        gettext_noop("嵌套太深"),
        gettext_noop("同一个对象里写了两次"),
        gettext_noop("有不成字的代码（单独的代理项）"),
        gettext_noop("单元格并入了别的单元格，没有自己的值；请取消合并、逐行填写"),
        gettext_noop("数超过 15 位，末几位已被表格软件改动；请把这一列设为文本后重新填写"),
    )
)


def say_refusal(reason: str) -> str:
    """Give the reason that is kept with a refused row in the language that is active; one unknown here as it is."""
    if reason.startswith(_INNER):
        return gettext("其中的对象：%(reason)s") % {"reason": say_refusal(reason.removeprefix(_INNER))}
    for pattern, said in _PATTERNS:
        if found := pattern.fullmatch(reason):
            return gettext(said) % found.groupdict()
    return gettext(reason) if reason in _REASONS else reason
