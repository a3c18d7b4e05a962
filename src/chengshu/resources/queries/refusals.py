"""Why rows were refused, in the reader's language. What is kept of them is in the words of the house."""

import re

from django.utils.translation import gettext, gettext_noop

_PLACES = re.compile("不是最多 ([0-9]+) 位小数的数")
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
    )
)


def say_refusal(reason: str) -> str:
    """Give the reason that is kept with a refused row in the language that is active; one unknown here as it is."""
    if found := _PLACES.fullmatch(reason):
        return gettext("不是最多 %(places)s 位小数的数") % {"places": found[1]}
    return gettext(reason) if reason in _REASONS else reason
