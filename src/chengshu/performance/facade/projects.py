"""The door of projects and their years."""

from chengshu.performance.contracts.projects import ProjectFacts
from chengshu.performance.errors import ProjectInvalid, ProjectNotFound, ProjectStale, ReasonMissing
from chengshu.performance.models import Project, ProjectYear
from chengshu.performance.operations.project_loading import load_demonstration_projects, load_projects
from chengshu.performance.operations.projects import change_project, create_project, end_project, open_year
from chengshu.performance.queries.projects import (
    EDIT_MONEY,
    EDIT_PROJECT,
    SEE,
    facts_of,
    find_year,
    get_project,
    get_year,
    list_budget_years,
    list_departments,
    list_history,
    list_projects,
    list_units,
    list_years,
    permitted_acts,
)
from chengshu.performance.rules.year.projects import CODE_LENGTH, DESCRIPTION_LENGTH, NAME_LENGTH, mark_facts

__all__ = [
    "CODE_LENGTH",
    "DESCRIPTION_LENGTH",
    "EDIT_MONEY",
    "EDIT_PROJECT",
    "NAME_LENGTH",
    "SEE",
    "Project",
    "ProjectFacts",
    "ProjectInvalid",
    "ProjectNotFound",
    "ProjectStale",
    "ProjectYear",
    "ReasonMissing",
    "change_project",
    "create_project",
    "end_project",
    "facts_of",
    "find_year",
    "get_project",
    "get_year",
    "list_budget_years",
    "list_departments",
    "list_history",
    "list_projects",
    "list_units",
    "list_years",
    "load_demonstration_projects",
    "load_projects",
    "mark_facts",
    "open_year",
    "permitted_acts",
]
