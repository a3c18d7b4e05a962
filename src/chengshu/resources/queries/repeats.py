"""What it means that a content comes to a source again: the same delivery, one more of it, or nothing new."""

from datetime import datetime
from enum import Enum, auto

from chengshu.kernel.jobs import facade as jobs
from chengshu.resources.contracts.collection import DeliveryState, WriteMode
from chengshu.resources.models import DataSource, Delivery, DeliveryPromise
from chengshu.resources.queries.collection import promise_content
from chengshu.resources.rules.promises import last_ended

_COMING = (DeliveryState.WAITING.value, DeliveryState.TAKING.value)


class Meaning(Enum):
    """How the same content is received."""

    REPLAY = auto()  # the delivery that is there
    UNCHANGED = auto()  # a delivery of another cycle with nothing new
    ANEW = auto()  # taken once more: its table holds something else since


def judge_repeat(known: Delivery, *, now: datetime) -> Meaning:
    """Tell what it means that the content of a delivery comes again; `known` is the newest with it."""
    source = known.source
    if known.state != DeliveryState.TAKEN.value:
        is_behind = (
            known.state in _COMING and source.mode == WriteMode.REPLACE.value and _others_coming(known, known.pk)
        )
        return Meaning.ANEW if is_behind else Meaning.REPLAY
    is_same_cycle = not _has_cycle_ended(source, known.received_at, now)
    holds = source.mode == WriteMode.APPEND.value or _holds(known)
    if not holds and (source.mode == WriteMode.REPLACE.value or not is_same_cycle):
        return Meaning.ANEW
    return Meaning.REPLAY if is_same_cycle else Meaning.UNCHANGED


def _has_cycle_ended(source: DataSource, since: datetime, now: datetime) -> bool:
    promise = DeliveryPromise.objects.filter(source=source).first()
    found = last_ended(promise_content(promise), now=now, zone=jobs.house_zone()) if promise else None
    return found is not None and since < found[1]


def _holds(known: Delivery) -> bool:
    """Tell whether a table stands as this content left it, and nothing else is on its way there."""
    if _others_coming(known):
        return False
    if known.version is None and not known.is_unchanged:
        return True  # no row of it could be read: it would not be otherwise now
    made = Delivery.objects.filter(source=known.source, version__isnull=False)
    last = made.order_by("-version").only("digest").first()
    return last is None or last.digest == known.digest


def _others_coming(known: Delivery, after: int = 0) -> bool:
    """Tell whether other contents are on their way to the same table, asked for after a delivery."""
    others = Delivery.objects.filter(source=known.source, state__in=_COMING, pk__gt=after).exclude(digest=known.digest)
    return others.exists()
