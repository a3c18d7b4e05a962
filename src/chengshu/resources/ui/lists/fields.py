"""The lists of fields, of entries that lack something or wait, of data elements and value domains, of imports."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.listing.facade import Column, Filter, Kind, ListingSpec
from chengshu.resources.facade import catalogue
from chengshu.resources.facade.intakes import IntakeState
from chengshu.resources.ui.fault_words import word_faults
from chengshu.resources.ui.lists.resources import department_filter, grade_choices, narrow, resource_page
from chengshu.resources.ui.words import STATES, TYPES, by_words

_TOLD = 3


def fields_spec() -> ListingSpec:
    """Give the list of one resource's fields."""
    return ListingSpec(
        key="resource-fields",
        columns=(
            Column("name", _("信息项名称"), lambda f: f.name),
            Column("code", _("代码"), lambda f: f.code, order_by=("code",)),
            Column("number", _("次序"), lambda f: f.number + 1, Kind.NUMBER, ("number",)),
            Column("type", _("数据类型"), lambda f: TYPES[f.type]),
            Column("length", _("长度"), lambda f: f.length, Kind.NUMBER),
            Column("unit", _("计量单位"), lambda f: f.unit, is_shown=False),
            Column("element", _("数据元"), lambda f: f.element.name if f.element else "", url=_element_of_field),
            Column("grade", _("分级"), lambda f: f.grade, Kind.NUMBER),
            Column("key", _("主键"), lambda f: _now("是") if f.is_key else ""),
            Column("nullable", _("可为空"), lambda f: _now("是") if f.is_nullable else _now("否")),
            Column("not_before", _("不早于"), lambda f: f.not_before, is_shown=False),
            Column("refers_to", _("引用"), lambda f: f.refers_to, is_shown=False),
            Column("description", _("说明"), lambda f: f.description),
        ),
        default_sort="number",
        filters=(by_words("type", _("数据类型"), TYPES, narrow), Filter("grade", _("分级"), grade_choices, _by_grade)),
        search=("name__icontains", "code__icontains", "element__name__icontains"),
        search_hint=_("名称、代码或数据元"),
        empty=_("还没有信息项。请在修改页面补上，或从编目表导入。"),
        file_name=_now("信息项"),
    )


def lacking_spec(viewer: User, *, today: date) -> ListingSpec:
    """Give the list of entries that do not meet their profile."""
    return ListingSpec(
        key="resources-lacking",
        columns=(
            Column("name", _("资源名称"), lambda r: r.name, order_by=("name",), url=_faults_page),
            Column("code", _("目录编码"), lambda r: r.code),
            Column("department", _("提供方"), lambda r: r.department_name, order_by=("department_id", "name")),
            Column("faults", _("未达标处"), lambda r: r.fault_count, Kind.NUMBER, ("fault_count",)),
            Column("cures", _("改哪里"), _cures),
            Column("state", _("状态"), lambda r: STATES[r.state]),
        ),
        default_sort="-faults",
        filters=(department_filter(viewer, today), by_words("state", _("状态"), STATES, narrow)),
        search=("name__icontains", "code__icontains"),
        search_hint=_("资源名称或目录编码"),
        empty=_("没有未达标的编目。"),
        file_name=_now("未达标的编目"),
    )


def waiting_spec(viewer: User, *, today: date) -> ListingSpec:
    """Give the list of entries that wait for the viewer's approval."""
    return ListingSpec(
        key="resources-waiting",
        columns=(
            Column("name", _("资源名称"), lambda r: r.name, order_by=("name",), url=resource_page),
            Column("code", _("目录编码"), lambda r: r.code),
            Column("department", _("提供方"), lambda r: r.department_name, order_by=("department_id", "name")),
            Column("what", _("审核什么"), lambda r: _now("修改") if r.version else _now("新编目")),
            Column("fields", _("信息项"), lambda r: r.field_count, Kind.NUMBER),
            Column("grade", _("分级"), lambda r: r.grade, Kind.NUMBER),
            Column("since", _("提交时间"), lambda r: r.edited_at, Kind.MOMENT, ("edited_at",)),
        ),
        default_sort="since",
        filters=(department_filter(viewer, today),),
        search=("name__icontains", "code__icontains"),
        empty=_("没有等您审核的编目。"),
        file_name=_now("待审核编目"),
    )


def elements_spec() -> ListingSpec:
    """Give the list of data elements."""
    return ListingSpec(
        key="data-elements",
        columns=(
            Column("name", _("名称"), lambda e: e.name, order_by=("name",), url=_element_page),
            Column("code", _("标识符"), lambda e: e.code, order_by=("code",)),
            Column("type", _("数据类型"), lambda e: TYPES[e.type]),
            Column("format", _("表示格式"), lambda e: e.format),
            Column("least", _("最小值"), lambda e: e.least, is_shown=False),
            Column("most", _("最大值"), lambda e: e.most, is_shown=False),
            Column("domain", _("值域"), lambda e: e.domain.name if e.domain else ""),
            Column("grade", _("分级"), lambda e: e.grade, Kind.NUMBER),
            Column("uses", _("使用的信息项"), lambda e: e.use_count, Kind.NUMBER),
        ),
        default_sort="name",
        filters=(by_words("type", _("数据类型"), TYPES, narrow),),
        search=("name__icontains", "code__icontains", "definition__icontains"),
        search_hint=_("名称、标识符或定义"),
        empty=_("还没有数据元。请数据中心管理员登记。"),
        file_name=_now("数据元"),
    )


def domains_spec() -> ListingSpec:
    """Give the list of value domains."""
    return ListingSpec(
        key="value-domains",
        columns=(
            Column("name", _("名称"), lambda d: d.name, order_by=("name",), url=_domain_page),
            Column("code", _("标识符"), lambda d: d.code, order_by=("code",)),
            Column("source", _("采用的标准"), lambda d: d.source),
            Column("codes", _("代码数"), lambda d: d.code_count, Kind.NUMBER),
        ),
        default_sort="name",
        search=("name__icontains", "code__icontains", "source__icontains"),
        empty=_("还没有值域。请数据中心管理员登记。"),
        file_name=_now("值域"),
    )


def codes_spec(name: str) -> ListingSpec:
    """Give the list of one domain's codes."""
    return ListingSpec(
        key="domain-codes",
        columns=(
            Column("code", _("代码"), lambda c: c.code, order_by=("number",)),
            Column("label", _("名称"), lambda c: c.label),
        ),
        default_sort="code",
        search=("code__icontains", "label__icontains"),
        empty=_("这个值域还没有代码。"),
        file_name=name,
    )


def intakes_spec() -> ListingSpec:
    """Give the list of workbooks that a person handed in."""
    return ListingSpec(
        key="resource-intakes",
        columns=(
            Column("name", _("文件"), lambda i: i.name, url=lambda i: reverse("resources:intake", args=[i.pk])),
            Column("taken", _("交来时间"), lambda i: i.taken_at, Kind.MOMENT, ("taken_at",)),
            Column("state", _("状态"), lambda i: INTAKE_STATES[i.state]),
            *(Column(key, label, _attribute(key), Kind.NUMBER) for key, label in INTAKE_COUNTS),
        ),
        default_sort="-taken",
        empty=_("还没有导入过编目表。"),
        file_name=_now("编目导入"),
    )


INTAKE_STATES: Mapping[str, Promise] = {
    IntakeState.WAITING: _("正在导入"),
    IntakeState.TAKEN: _("已导入"),
    IntakeState.STOPPED: _("已停止"),
    IntakeState.FAILED: _("没有导入"),
}
INTAKE_COUNTS = (
    ("sent", _("行数")),
    ("created", _("新登记")),
    ("changed", _("有改动")),
    ("unchanged", _("没有变化")),
    ("rejected", _("未收下")),
)


def rejections_spec() -> ListingSpec:
    """Give the list of rows that were not taken."""
    return ListingSpec(
        key="rejected-entries",
        columns=(
            Column(
                "place", _("所在位置"), lambda r: _now("%(sheet)s 第 %(row)s 行") % {"sheet": r.sheet, "row": r.row}
            ),
            Column("code", _("目录编码"), lambda r: r.code),
            Column("reason", _("原因和改法"), lambda r: r.reason),
            Column("cells", _("内容"), lambda r: " | ".join(str(cell) for cell in r.cells)[:300]),
            Column("row", _("行号"), lambda r: r.row, Kind.NUMBER, ("sheet", "row"), is_shown=False),
        ),
        default_sort="row",
        search=("code__icontains", "reason__icontains"),
        empty=_("所有行都收下了。"),
        file_name=_now("未收下的行"),
    )


def _attribute(key: str) -> Any:
    return lambda row: getattr(row, key)


def _by_grade(rows: Any, values: Any) -> Any:
    return narrow("grade", rows, values)


def _element_of_field(field: Any) -> str | None:
    return reverse("resources:element", args=[field.element_id]) if field.element_id else None


def _element_page(element: Any) -> str:
    return reverse("resources:element", args=[element.pk])


def _domain_page(domain: Any) -> str:
    return reverse("resources:domain", args=[domain.pk])


def _faults_page(resource: Any) -> str:
    return f"{resource_page(resource)}#faults"


def _cures(resource: Any) -> str:
    """Tell the first places and what to do there."""
    told = [
        _now("%(place)s：%(words)s") % {"place": fault.place, "words": fault.words}
        for fault in word_faults(catalogue.check_standing(resource)[:_TOLD])
    ]
    return _now("；").join(text.removesuffix("。") for text in told)
