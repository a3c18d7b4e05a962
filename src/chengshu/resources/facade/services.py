"""The door of the data-operation service (数据运营服务): its kinds of tickets."""

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

__all__ = [
    "HANDLING",
    "PLATFORM",
    "SECURITY_CHECK",
    "SERVICE_KINDS",
    "TROUBLE",
    "TROUBLE_KIND",
    "VOID",
    "WORK",
    "WORK_KIND",
]
