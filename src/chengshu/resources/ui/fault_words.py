"""What an entry lacks, and what differs between two versions, in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from chengshu.resources.facade.catalogue import Difference, EntryFault
from chengshu.resources.ui.words import (
    CLASSIFICATIONS,
    CYCLES,
    GROUPS,
    KINDS,
    LISTS,
    OPENING,
    SHARING,
    TYPES,
)

PLACES: Mapping[str, Promise] = {
    "code": _("目录编码"),
    "name": _("资源名称"),
    "department": _("提供方"),
    "summary": _("资源摘要"),
    "group": _("资源分组"),
    "category": _("分类"),
    "kind": _("类型"),
    "cycle": _("更新周期"),
    "sharing": _("共享类型"),
    "sharing_terms": _("共享条件"),
    "sharing_mode": _("共享方式"),
    "opening": _("开放属性"),
    "opening_terms": _("开放条件"),
    "classification": _("数据分类"),
    "grade": _("分级"),
    "system": _("信息系统"),
    "related": _("关联资源"),
    "profile": _("元数据规范"),
    "fields": _("信息项"),
}
PARTS: Mapping[str, Promise] = {
    "code": _("代码"),
    "name": _("名称"),
    "type": _("数据类型"),
    "length": _("长度"),
    "unit": _("计量单位"),
    "element": _("数据元"),
    "grade": _("分级"),
    "is_key": _("主键"),
    "is_nullable": _("可为空"),
    "description": _("说明"),
    "derived_from": _("来源信息项"),
    "not_before": _("不早于"),
    "refers_to": _("引用"),
    "number": _("次序"),
    "basis": _("依据"),
    "since": _("日期"),
}
LIST_PARTS: Mapping[str, Promise] = {
    "requester": _("需求方"),
    "contact": _("需求联系人"),
    "wanted_by": _("需求时限"),
}
RULES: Mapping[str, Promise] = {
    "missing": _("没有填写。请补上。"),
    "too_short": _("写得太短，至少 %(value)s 个字。请写清楚。"),
    "too_long": _("写得太长，最多 %(value)s 个字。请精简。"),
    "not_in_form": _("“%(value)s”不合编码规则：三个以上字母、数字，可带 . / _ -。"),
    "too_few_fields": _("至少要有 %(value)s 个信息项。请在信息项里补上。"),
    "no_key": _("没有标明主键。请在信息项里标出凭哪几项认出一行。"),
    "name_not_chinese": _("“%(value)s”不是中文名称。请写出业务上的叫法。"),
    "element_unknown": _("数据元“%(value)s”已不存在。请改选或去掉。"),
    "grade_below_element": _("分级低于数据元的 %(value)s 级。请提高。"),
    "type_differs_from_element": _("数据类型与数据元“%(value)s”不同。请核对。"),
    "shorter_than_element": _("长度短于数据元的 %(value)s。请核对。"),
    "refusal_without_basis": _("不予共享要列入负面清单并写明依据。"),
    "negative_but_shared": _("已列入负面清单，共享类型却不是不予共享。请改其中一处。"),
    "demand_without_requester": _("列入了需求清单，没有写是谁的需求。请补上需求方。"),
    "not_before_unknown": _("本资源里没有信息项“%(value)s”。请填另一个日期信息项的代码，或留空。"),
    "not_before_undated": _("与“%(value)s”比不出先后：两项要同是日期型，或同是日期时间型。请核对。"),
    "not_before_in_circle": _("绕了一圈又回到自己，先后成了循环。请去掉其中一处。"),
    "refers_to_unknown": _("已发布的目录里没有“%(value)s”。请核对目录编码和信息项代码。"),
    "refers_to_itself": _("引用了自己。请改成另一个信息项，或留空。"),
    "not_on_list": _("没有列入责任清单。请写明职责依据。"),
}
_VOCABULARIES: Mapping[str, Mapping[str, Promise]] = {
    "group": GROUPS,
    "kind": KINDS,
    "cycle": CYCLES,
    "sharing": SHARING,
    "opening": OPENING,
    "classification": CLASSIFICATIONS,
    "type": TYPES,
}


@dataclass(frozen=True, slots=True)
class WordedFault:
    """A place and what to do there."""

    place: str
    words: str


@dataclass(frozen=True, slots=True)
class WordedDifference:
    """A place with what stood there and what stands there now; empty texts where nothing did."""

    place: str
    before: str
    after: str
    kind: str


def word_faults(faults: Iterable[EntryFault]) -> list[WordedFault]:
    """Tell what an entry lacks."""
    return [
        WordedFault(name_place(fault.place), str(RULES.get(fault.rule, fault.rule)) % {"value": fault.value})
        for fault in faults
    ]


def word_differences(differences: Iterable[Difference]) -> list[WordedDifference]:
    """Tell what differs."""
    return [
        WordedDifference(
            name_place(found.place),
            _word_value(found.place, found.before),
            _word_value(found.place, found.after),
            "new" if found.before is None else "gone" if found.after is None else "other",
        )
        for found in differences
    ]


def name_place(place: str) -> str:
    """Name a place of an entry: `fields/sfzh/name` is 信息项 sfzh 的名称."""
    room, _slash, rest = place.partition("/")
    if not rest:
        return str(PLACES.get(room, room))
    key, _slash, part = (
        rest.rpartition("/") if room == "fields" and rest.rpartition("/")[2] in PARTS else (rest, "", "")
    )
    if room == "lists":
        kind, _slash, part = rest.partition("/")
        label = str(LISTS.get(kind, kind))
        return f"{label} · {LIST_PARTS[part]}" if part in LIST_PARTS else label
    label = _now("信息项 %(code)s") % {"code": key}
    return f"{label} · {PARTS[part]}" if part else label


def _word_value(place: str, value: str | None) -> str:
    if value is None:
        return ""
    words = _VOCABULARIES.get(place.rpartition("/")[2], {})
    if value in words:
        return str(words[value])
    if value in {"True", "False"}:
        return _now("是") if value == "True" else _now("否")
    return value or "—"
