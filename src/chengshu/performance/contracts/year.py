"""The words of the performance year: fund sources, sheets and their states, lamps."""

from dataclasses import dataclass
from enum import StrEnum


class FundSource(StrEnum):
    """Where money comes from; the rows of the form's money block."""

    FISCAL = "fiscal"  # 当年财政拨款
    CARRIED_OVER = "carried_over"  # 上年结转资金
    OTHER = "other"  # 其他资金


class TableKind(StrEnum):
    """What the rows of a table that is handed in are."""

    PAYMENTS = "payments"  # 支付明细
    PROJECTS = "projects"  # 项目及年初预算


class SheetKind(StrEnum):
    """The papers of a project's year."""

    GOAL = "goal"
    MONITORING = "monitoring"
    EVALUATION = "evaluation"


class SheetState(StrEnum):
    """Where a sheet stands. Who may lead it on is in `rules/stages.py`."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    DEPARTMENT_APPROVED = "department_approved"
    APPROVED = "approved"


class Lamp(StrEnum):
    """How an indicator looks in the middle of the year (财预〔2019〕136号, as local systems print it)."""

    GREEN = "green"  # 能完成
    YELLOW = "yellow"  # 可能偏离
    RED = "red"  # 预计不能完成


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a sheet's way: from a state, by an action, to a state; who may take it, and whether it needs a reason."""

    kind: SheetKind
    source: SheetState
    action: str
    target: SheetState
    permission: str
    needs_reason: bool = False


@dataclass(frozen=True, slots=True)
class StepAsked:
    """A step that somebody wants to take: on which sheet, as seen in which version, and why."""

    kind: SheetKind
    sheet_id: int
    action: str
    version: int
    reason: str = ""
