"""The list of findings."""

from collections.abc import Sequence
from functools import partial

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.listing.facade import Choice, Column, Filter, ListingSpec
from chengshu.performance import facade
from chengshu.performance.facade import FindingRecord
from chengshu.performance.ui.lists.forms import batch_choices, code_choices
from chengshu.performance.ui.wording import message_of, name_cell, words

Rows = QuerySet[FindingRecord]


def findings_spec(viewer: User) -> ListingSpec:
    """Give the list of findings."""
    return ListingSpec(
        key="findings",
        columns=_columns(),
        default_sort="level",
        filters=(
            Filter("level", _("级别"), _level_choices, partial(_narrow_in, "level")),
            Filter("code", _("类别"), partial(code_choices, viewer), partial(_narrow_in, "code")),
            _form_filter(viewer, "year", _("年度")),
            _form_filter(viewer, "unit", _("实施单位")),
            Filter("doubtful", _("读数"), _doubt_choices, _narrow_doubt),
            Filter("printing", _("重复"), _printing_choices, _narrow_printing),
            Filter("batch", _("批次"), partial(batch_choices, viewer), partial(_narrow_in, "form__batch")),
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


def _level_choices() -> list[Choice]:
    return [Choice(level, name) for level, name in words().levels.items()]


def _doubt_choices() -> list[Choice]:
    return [Choice("yes", _("读数存疑")), Choice("no", _("读数可靠"))]


def _printing_choices() -> list[Choice]:
    return [Choice("first", _("首次出现")), Choice("repeated", _("重复的表"))]


def _form_filter(viewer: User, column: str, label: Promise) -> Filter:
    def choices() -> list[Choice]:
        return [Choice(value, value) for value in facade.list_values(viewer, column)]

    return Filter(column, label, choices, partial(_narrow_in, f"form__{column}"))


def _narrow_in(column: str, rows: Rows, values: Sequence[str]) -> Rows:
    return rows.filter(**{f"{column}__in": list(values)})


def _narrow_doubt(rows: Rows, values: Sequence[str]) -> Rows:
    return rows.filter(doubtful__in=[value == "yes" for value in values])


def _narrow_printing(rows: Rows, values: Sequence[str]) -> Rows:
    return rows if len(values) > 1 else rows.filter(form__duplicate_of__isnull="first" in values)
