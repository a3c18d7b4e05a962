"""The door of the data-operation service (数据运营服务): its kinds of tickets, its figures, what waits."""

from chengshu.resources.contracts.service import FigureGroup, ServiceFigure, WaitingWork
from chengshu.resources.models import SEE_SERVICE
from chengshu.resources.operations.months import note_months
from chengshu.resources.operations.service_tickets import (
    HANDLING,
    PLATFORM,
    SECURITY_CHECK,
    SERVICE_KINDS,
    TROUBLE,
    TROUBLE_KIND,
    VOID,
    WORK,
    WORK_KIND,
)
from chengshu.resources.queries.service import (
    find_measured_place,
    list_measurable,
    list_service_places,
    list_waiting_work,
    month_window,
    read_figures,
    year_window,
)

__all__ = [
    "HANDLING",
    "PLATFORM",
    "SECURITY_CHECK",
    "SEE_SERVICE",
    "SERVICE_KINDS",
    "TROUBLE",
    "TROUBLE_KIND",
    "VOID",
    "WORK",
    "WORK_KIND",
    "FigureGroup",
    "ServiceFigure",
    "WaitingWork",
    "find_measured_place",
    "list_measurable",
    "list_service_places",
    "list_waiting_work",
    "month_window",
    "note_months",
    "read_figures",
    "year_window",
]
