"""The door of grades along lineage: why a field has its grade, and what its owner lowered."""

from chengshu.resources.contracts.grading import ColumnOrigin, Derivation, GradeTold, OriginTold
from chengshu.resources.operations.grading import LoweringAsked, lower_grade, regrade, regrade_all, regrade_traced
from chengshu.resources.queries.grading import explain_grades, register_origins

__all__ = [
    "ColumnOrigin",
    "Derivation",
    "GradeTold",
    "LoweringAsked",
    "OriginTold",
    "explain_grades",
    "lower_grade",
    "register_origins",
    "regrade",
    "regrade_all",
    "regrade_traced",
]
