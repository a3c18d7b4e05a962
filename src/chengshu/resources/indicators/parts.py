"""What statements of several indicators share."""

from django.utils.translation import gettext_lazy as _

from chengshu.kernel.indicators.facade import FactColumn


def within(column: str) -> str:
    """Give the condition that an organisation lies in the scope; `column` is a constant of the house."""
    return f"""(CAST(%(organisation)s AS bigint) IS NULL OR {column} IN (
    SELECT descendant_id FROM organisations_ancestry WHERE ancestor_id = %(organisation)s))"""  # noqa: S608 - see above


def standing_resource(key: str) -> str:
    """Give the join with an entry as it stood at the end of the window, as `r`; `key` is a constant of the house."""
    return f"""JOIN resources_resourcestanding r ON r.id = (SELECT z.id FROM resources_resourcestanding z
    WHERE z.resource_id = {key} AND z.since_at < %(until)s ORDER BY z.number DESC LIMIT 1)"""  # noqa: S608 - see above


def standing_source(key: str) -> str:
    """Give the join with a source as it stood at the end of the window, as `p`; `key` is a constant of the house."""
    return f"""JOIN resources_sourcestanding p ON p.id = (SELECT z.id FROM resources_sourcestanding z
    WHERE z.source_id = {key} AND z.since_at < %(until)s ORDER BY z.number DESC LIMIT 1)"""  # noqa: S608 - see above


def told_resource(key: str) -> str:
    """Give the join with an entry as `standing_resource` does; what was done with one before it was kept shows its first."""
    return f"""JOIN resources_resourcestanding r ON r.id = (SELECT z.id FROM resources_resourcestanding z
    WHERE z.resource_id = {key} ORDER BY {_LAST_THEN_FIRST} LIMIT 1)"""  # noqa: S608 - see above


def told_source(key: str) -> str:
    """Give the join with a source as `standing_source` does; what was owed before it was kept shows its first."""
    return f"""JOIN resources_sourcestanding p ON p.id = (SELECT z.id FROM resources_sourcestanding z
    WHERE z.source_id = {key} ORDER BY {_LAST_THEN_FIRST} LIMIT 1)"""  # noqa: S608 - see above


_LAST_THEN_FIRST = "CASE WHEN z.since_at < %(until)s THEN 0 ELSE 1 END, CASE WHEN z.since_at < %(until)s THEN -z.number ELSE z.number END"
IN_RESOURCE = within("r.department_id")
CODE, NAME = FactColumn("code", _("目录编码")), FactColumn("name", _("资源名称"))
NUMBER = FactColumn("number", _("工单编号"))
