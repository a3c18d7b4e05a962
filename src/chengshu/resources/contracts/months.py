"""What is kept of a month that is over: what had to be done in it and was, and which standing mechanisms worked."""

from dataclasses import dataclass
from enum import StrEnum


class Chapter(StrEnum):
    """What a record of a month is about."""

    OBLIGATION = "obligation"  # 月度职责: what a department or the centre had to do for it in that month
    MECHANISM = "mechanism"  # 长效机制: what has to work by itself, month after month


class MonthTopic(StrEnum):
    """Which obligation or mechanism."""

    PLAN = "plan"
    CHECKS = "checks"
    DELIVERIES = "deliveries"
    DRIFT = "drift"
    DISPUTES = "disputes"
    RECTIFYING = "rectifying"
    FOLLOW_UPS = "follow_ups"
    CHECK_PLAN = "check_plan"
    PROMISES = "promises"
    RESPONSIBLE = "responsible"
    ESCALATION = "escalation"
    UPKEEP = "upkeep"
    AUDIT_SEAL = "audit_seal"


@dataclass(frozen=True, slots=True)
class MonthCount:
    """How many things of a topic there were in a month, and with how many of them all was well.

    `organisation_id` is who owed them; None is the house as a whole.
    """

    chapter: Chapter
    topic: MonthTopic
    organisation_id: int | None
    items: int
    kept: int
