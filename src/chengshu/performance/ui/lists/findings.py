"""The list of findings."""

from functools import partial

from django.db.models import Q
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.listing.facade import Column, Filter, ListingSpec
from chengshu.performance.facade import FindingRecord
from chengshu.performance.ui.lists.filters import (
    by_batch,
    by_column,
    by_condition,
    list_code_choices,
    list_level_choices,
    narrow_in,
)
from chengshu.performance.ui.wording import message_of, name_cell, words

_DOUBTS = {"yes": (_("读数存疑"), Q(doubtful=True)), "no": (_("读数可靠"), Q(doubtful=False))}
_PRINTINGS = {
    "first": (_("首次出现"), Q(form__duplicate_of__isnull=True)),
    "repeated": (_("重复的表"), Q(form__duplicate_of__isnull=False)),
}


def findings_spec(viewer: User) -> ListingSpec:
    """Give the list of findings."""
    return ListingSpec(
        key="findings",
        columns=_columns(),
        default_sort="level",
        filters=(
            Filter("level", _("级别"), list_level_choices, partial(narrow_in, "level")),
            Filter("code", _("类别"), partial(list_code_choices, viewer), partial(narrow_in, "code")),
            by_column(viewer, "year", _("年度"), lookup="form__year"),
            by_column(viewer, "unit", _("实施单位"), lookup="form__unit"),
            by_condition("doubtful", _("读数"), _DOUBTS),
            by_condition("printing", _("重复"), _PRINTINGS),
            by_batch(viewer, _("批次"), lookup="form__batch"),
        ),
        search=("form__project__icontains", "form__unit__icontains", "message__icontains"),
        search_hint=_("项目、实施单位、说明"),
        empty=_("没有发现问题。"),
        file_name="核查发现",
    )


def finding_page(finding: FindingRecord) -> str:
    """Give the address of the finding's cell on its form."""
    page = reverse("performance:form", args=[finding.form_id])
    query = urlencode({"cell": finding.field}) if finding.field else ""
    return f"{page}?{query}#finding-{finding.number}" if query else f"{page}#finding-{finding.number}"


def _columns() -> tuple[Column, ...]:
    return (
        Column("code", _("类别"), lambda f: words().code(f.code), order_by=("code",), url=finding_page),
        Column(
            "level",
            _("级别"),
            lambda f: words().levels[f.level],
            order_by=("gravity", "form_id", "number"),
            template="performance/lists/level.html",
        ),
        Column(
            "project",
            _("项目名称"),
            lambda f: f.form.project or "—",
            order_by=("form__project", "form_id", "number"),
            url=_form_page,
        ),
        Column("year", _("年度"), lambda f: str(f.form.year or ""), order_by=("form__year",)),
        Column("unit", _("实施单位"), lambda f: f.form.unit, order_by=("form__unit",), is_shown=False),
        Column("cell", _("单元格"), lambda f: name_cell(f.field), order_by=("field",)),
        Column("printed", _("表上"), lambda f: f.printed or ""),
        Column("expected", _("应为"), lambda f: f.expected or ""),
        Column("message", _("说明"), message_of),
        Column("basis", _("依据"), lambda f: f.basis, order_by=("basis",), is_shown=False),
        Column("file", _("来源"), _source, order_by=("form__source_file_id", "form__number"), is_shown=False),
        Column("batch", _("批次"), lambda f: f.form.batch.name, order_by=("form__batch_id",), is_shown=False),
    )


def _form_page(finding: FindingRecord) -> str:
    return reverse("performance:form", args=[finding.form_id])


def _source(finding: FindingRecord) -> str:
    return f"{finding.form.source_file} · {finding.form.number}"
