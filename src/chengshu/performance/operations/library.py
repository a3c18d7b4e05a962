"""Writing the indicator library: load what is delivered, add, change, retire with reason, offer again."""

from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from chengshu.base.texts import drop_controls
from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit.facade import record
from chengshu.kernel.grants import facade as grants
from chengshu.kernel.indicators import facade as indicators
from chengshu.performance.contracts.goals import LibraryEntry
from chengshu.performance.errors import LibraryInvalid, LibraryNotFound, ReasonMissing
from chengshu.performance.models import LibraryIndicator
from chengshu.performance.rules.year.goals import TREE
from chengshu.performance.rules.year.library import SIGNS, delivered_entries

_LENGTHS = {"domain": 40, "name": 200, "target": 100, "unit": 20, "measured_by": 80, "basis": 200}
_REASON_LENGTH = 200
_FIELDS = ("domain", "level1", "level2", "name", "sign", "target", "unit", "measured_by", "basis")


@transaction.atomic
def load_library(*, actor: User | None, now: datetime) -> int:
    """Load the delivered indicators that are not there yet and tell how many; what stands is left as it is.

    The system (`actor` None) may; a person needs the right to keep the library.

    Raises:
        PermissionRefused: he may not keep the library.
    """
    if actor is not None:
        _require(actor, now)
    codes = set(LibraryIndicator.objects.values_list("code", flat=True))
    named = set(LibraryIndicator.objects.values_list("domain", "level2", "name"))
    missing = [
        LibraryIndicator(code=code, **_columns(entry))
        for code, entry in delivered_entries().items()
        if code not in codes and (entry.domain, entry.level2, entry.name) not in named
    ]
    if not missing:
        return 0
    LibraryIndicator.objects.bulk_create(missing)
    record(actor, "performance.load_library", "library:all", now=now, details={"added": len(missing)})
    return len(missing)


@transaction.atomic
def add_entry(entry: LibraryEntry, *, actor: User, now: datetime) -> LibraryIndicator:
    """Add an indicator under a new code.

    Raises:
        PermissionRefused: he may not keep the library.
        LibraryInvalid: something it needs is missing, too long or unknown, or it stands there already.
    """
    _require(actor, now)
    checked = _check(entry, other_than=None)
    last = LibraryIndicator.objects.select_for_update().order_by("-pk").first()
    row = LibraryIndicator.objects.create(code=f"N-{(last.pk if last else 0) + 1:05d}", **_columns(checked))
    record(actor, "performance.add_library", f"library:{row.pk}", now=now, after=_columns(checked))
    return row


@transaction.atomic
def change_entry(entry_id: int, entry: LibraryEntry, *, actor: User, now: datetime) -> LibraryIndicator:
    """Change an indicator. Goals that took it keep what they took.

    Raises:
        LibraryNotFound: there is none.
        PermissionRefused, LibraryInvalid: as `add_entry`.
    """
    row = _lock(entry_id, actor, now)
    before = {name: getattr(row, name) for name in _FIELDS}
    after = _columns(_check(entry, other_than=entry_id))
    if before == after:
        return row
    for name, value in after.items():
        setattr(row, name, value)
    row.save(update_fields=_FIELDS)
    moved = [name for name in _FIELDS if before[name] != after[name]]
    changes = ({name: side[name] for name in moved} for side in (before, after))
    record(actor, "performance.change_library", f"library:{row.pk}", now=now, before=next(changes), after=next(changes))
    return row


@transaction.atomic
def retire_entry(entry_id: int, reason: str, *, actor: User, now: datetime) -> LibraryIndicator:
    """Offer an indicator no more, with the reason.

    Raises:
        LibraryNotFound: there is none.
        PermissionRefused: he may not keep the library.
        ReasonMissing: the reason is empty.
    """
    row = _lock(entry_id, actor, now)
    told = drop_controls(reason).strip()[:_REASON_LENGTH]
    if not told:
        raise ReasonMissing(_("请写明停用的理由，别人要知道为什么。"), entry=entry_id)
    if not row.is_retired:
        row.is_retired, row.retired_reason = True, told
        row.save(update_fields=["is_retired", "retired_reason"])
        record(actor, "performance.retire_library", f"library:{row.pk}", now=now, reason=told)
    return row


@transaction.atomic
def offer_entry(entry_id: int, *, actor: User, now: datetime) -> LibraryIndicator:
    """Offer a retired indicator again.

    Raises:
        LibraryNotFound: there is none.
        PermissionRefused: he may not keep the library.
    """
    row = _lock(entry_id, actor, now)
    if row.is_retired:
        row.is_retired, row.retired_reason = False, ""
        row.save(update_fields=["is_retired", "retired_reason"])
        record(actor, "performance.offer_library", f"library:{row.pk}", now=now)
    return row


def _require(actor: User, now: datetime) -> None:
    grants.require_anywhere(actor, "performance.edit_library", on=localdate(now))


def _lock(entry_id: int, actor: User, now: datetime) -> LibraryIndicator:
    _require(actor, now)
    row = LibraryIndicator.objects.select_for_update().filter(pk=entry_id).first()
    if row is None:
        raise LibraryNotFound(_("指标库里没有这项指标。"), entry=entry_id)
    return row


def _columns(entry: LibraryEntry) -> dict[str, str]:
    return {name: getattr(entry, name) for name in _FIELDS}


def _check(entry: LibraryEntry, *, other_than: int | None) -> LibraryEntry:
    texts = {name: drop_controls(getattr(entry, name)).strip() for name in _FIELDS}
    checked = LibraryEntry(**texts)
    for name, most in _LENGTHS.items():
        if len(texts[name]) > most:
            raise LibraryInvalid(_("这一栏最多 %(most)s 字。") % {"most": most}, field=name)
    if not checked.name:
        raise LibraryInvalid(_("请填写指标名称。"), field="name")
    if checked.level2 not in dict(TREE).get(checked.level1, ()):
        raise LibraryInvalid(_("请选择指标所属的类别。"), field="level2")
    if checked.sign and checked.sign not in SIGNS:
        raise LibraryInvalid(_("请选择指标值的符号。"), field="sign")
    if checked.measured_by and checked.measured_by not in {spec.key for spec in indicators.list_offered()}:
        raise LibraryInvalid(_("没有登记过这个测量指标，请从列表中选择。"), field="measured_by")
    same = LibraryIndicator.objects.filter(domain=checked.domain, level2=checked.level2, name=checked.name)
    if (same if other_than is None else same.exclude(pk=other_than)).exists():
        raise LibraryInvalid(_("这一类别里已有同名指标。"), field="name")
    return checked
