"""One step with many tickets: each is a transaction of its own, and says what became of it."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext

from chengshu.base.errors import ChengshuError
from chengshu.kernel.accounts.models import User
from chengshu.kernel.audit import facade as audit
from chengshu.kernel.grants.facade import PermissionRefused
from chengshu.kernel.tickets.contracts import NOTHING_GIVEN, BatchOutcome, Given
from chengshu.kernel.tickets.errors import InputMissing
from chengshu.kernel.tickets.models import Ticket
from chengshu.kernel.tickets.operations.acting import act
from chengshu.kernel.tickets.operations.people import assign

MAX_BATCH = 200
ASSIGN_ACTION = "assign"
REFUSE = "tickets.refuse_in_batch"


def batch_act(
    ticket_ids: Sequence[int], action: str, *, actor: User, now: datetime, given: Given = NOTHING_GIVEN
) -> list[BatchOutcome]:
    """Take the same step with many tickets, or assign them all; return what became of each, in the given order.

    Raises:
        InputMissing: there are none, or more than `MAX_BATCH`.
    """
    wanted = list(dict.fromkeys(ticket_ids))
    if not 0 < len(wanted) <= MAX_BATCH:
        raise InputMissing(gettext("请选择 1 至 %(most)s 张工单。") % {"most": MAX_BATCH}, field="selected")
    outcomes = [_try(ticket_id, action, actor, now, given) for ticket_id in wanted]
    seen = [outcome.ticket_id for outcome in outcomes if outcome.code != "TICKET_NOT_FOUND"]
    numbers = dict(Ticket.objects.filter(pk__in=seen).values_list("pk", "number"))
    return [
        BatchOutcome(outcome.ticket_id, numbers.get(outcome.ticket_id, ""), outcome.error, outcome.code)
        for outcome in outcomes
    ]


def _try(ticket_id: int, action: str, actor: User, now: datetime, given: Given) -> BatchOutcome:
    try:
        if action == ASSIGN_ACTION:
            assign(ticket_id, given.assignee_id or 0, actor=actor, now=now, expected_version=None, note=given.note)
        else:
            act(ticket_id, action, actor=actor, now=now, expected_version=None, given=given)
    except PermissionRefused as refused:
        # No page answers for one of many, so the refusal is kept here, after its transaction was rolled back.
        audit.record(actor, REFUSE, f"ticket:{ticket_id}", now=now, details={**refused.details, "action": action})
        return BatchOutcome(ticket_id, "", refused.message, refused.code)
    except ChengshuError as fault:
        return BatchOutcome(ticket_id, "", fault.message, fault.code)
    return BatchOutcome(ticket_id, "")
