"""Events of OpenLineage that others post: kept as they came, and told as lineage when their run has ended well."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate

from chengshu.dataplane.errors import EventUnreadable
from chengshu.dataplane.lineage.event_book import tell_story
from chengshu.dataplane.lineage.events import EventType
from chengshu.dataplane.lineage.events_in import Event, read_event
from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit.facade import record
from chengshu.kernel.grants import facade as grants
from chengshu.resources.contracts.arrivals import Arrival, ArrivalKind
from chengshu.resources.contracts.lineage import TellerKind
from chengshu.resources.errors import LineageRefused
from chengshu.resources.models import KEEP_LINEAGE, LineageEvent, LineageStatement, LineageTeller
from chengshu.resources.operations.arrivals import Sender, keeping_refused
from chengshu.resources.operations.lineage_saving import StatementTold, save_statements

_TITLE_LENGTH = 200
_EMPTY_SIGN = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")


def take_events(bodies: Sequence[Mapping[str, Any]], *, actor: User, now: datetime) -> int:
    """Keep events, and what their runs say once they have ended; return how many were not known before.

    A run that failed, and one that has not ended yet, changes nothing of what its job said before. Either all events
    are taken or none; what is refused is kept with the refusal.

    Raises:
        PermissionRefused: the actor may not send lineage.
        LineageRefused: an event is not in the published form; `details["field"]` names the place, which begins with
            the number of the event, from 0, where there are several.
    """

    def came() -> Arrival:
        told = json.dumps(bodies if len(bodies) != 1 else bodies[0], ensure_ascii=False)
        return Arrival(ArrivalKind.EVENTS, "OpenLineage.json", told.encode("utf-8", "surrogatepass"))

    with keeping_refused(came, LineageRefused, Sender(actor, KEEP_LINEAGE, now)):
        return _take_events(bodies, actor=actor, now=now)


@transaction.atomic
def _take_events(bodies: Sequence[Mapping[str, Any]], *, actor: User, now: datetime) -> int:
    grants.require_anywhere(actor, KEEP_LINEAGE, on=localdate(now))
    fresh = 0
    for number, body in enumerate(bodies):
        try:
            fresh += _take(body, actor=actor, now=now)
        except EventUnreadable as fault:
            place = str(fault.details.get("place", ""))
            where = f"{number}/{place}".rstrip("/") if len(bodies) > 1 else place
            message = fault.message if len(bodies) == 1 else f"第 {number + 1} 个：{fault.message}"
            raise LineageRefused(message, field=where) from fault
    if fresh:
        record(actor, "resources.take_events", "lineage:events", now=now, after={"events": fresh})
    return fresh


def _take(body: Mapping[str, Any], *, actor: User, now: datetime) -> bool:
    told = _canonical(body)
    event = read_event(body)
    teller = _keep_teller(event, now)
    _kept, is_new = LineageEvent.objects.get_or_create(
        digest=hashlib.sha256(told).hexdigest(),
        defaults={
            "teller": teller,
            "story": _story_of(event),
            "body": body,
            "author": actor,
            "received_at": now,
        },
    )
    if is_new and event.job is not None:
        _tell(teller, event, now=now)
    return is_new


def _canonical(body: Mapping[str, Any]) -> bytes:
    """Write an event in one form, or refuse what no database of ours takes: numbers without value, empty signs."""
    try:
        told = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
        if _EMPTY_SIGN.search(told):
            raise EventUnreadable("血缘事件里有不能保存的空字符（\\u0000）", place="")
        return told.encode()
    except (ValueError, RecursionError) as error:
        raise EventUnreadable("血缘事件里有不能保存的数值或文字（NaN、无穷大、不成对的代理字符）", place="") from error


def _keep_teller(event: Event, now: datetime) -> LineageTeller:
    """Find or make the teller of an event: the namespace of its job."""
    namespace = event.job.namespace if event.job is not None else "dataset"
    title = f"OpenLineage {namespace}"[:_TITLE_LENGTH]
    LineageTeller.objects.get_or_create(title=title, defaults={"kind": TellerKind.EVENTS.value, "told_at": now})
    return LineageTeller.objects.select_for_update().get(title=title)


def _story_of(event: Event) -> str:
    if event.run_id is not None:
        return str(event.run_id)
    told = f"{event.job.namespace}\n{event.job.name}" if event.job is not None else ""
    return hashlib.sha256(told.encode()).hexdigest()


def _tell(teller: LineageTeller, event: Event, *, now: datetime) -> None:
    """Put what a run says in place of what its job said before, unless a later run has spoken."""
    kept = LineageEvent.objects.filter(story=_story_of(event))
    events = [read_event(body) for body in kept.values_list("body", flat=True)]
    story = tell_story(events)
    if story.kind is not EventType.COMPLETE or story.job is None:
        return
    ended_at = max(one.at for one in events)
    later = LineageStatement.objects.filter(teller=teller, name=story.job.name, told_at__gt=ended_at)
    if later.exists():
        return
    faults = list(dict.fromkeys(fault for one in events for fault in one.faults))
    told = StatementTold(story.job.name, story.edges, faults, script=story.job.name, kind="JOB")
    save_statements(teller, [told], now=now, said_at=ended_at, keeps_others=True)
