"""What statements of several indicators share."""

from django.utils.translation import gettext_lazy as _

from chengshu.kernel.indicators.facade import FactColumn


def within(column: str) -> str:
    """Give the condition that an organisation lies in the scope; `column` is a constant of the house."""
    return f"""(CAST(%(organisation)s AS bigint) IS NULL OR {column} IN (
    SELECT descendant_id FROM organisations_ancestry WHERE ancestor_id = %(organisation)s))"""  # noqa: S608 - see above


IN_RESOURCE = within("r.department_id")
CODE, NAME = FactColumn("code", _("目录编码")), FactColumn("name", _("资源名称"))
NUMBER = FactColumn("number", _("工单编号"))
