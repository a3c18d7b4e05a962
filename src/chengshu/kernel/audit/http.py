"""The audit over HTTP: entries with their places in the chain. Reading them is recorded like on the pages."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext_noop as _
from ninja import Query, Router, Schema
from pydantic import AwareDatetime, Field

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit import facade as audit
from chengshu.kernel.grants import facade as grants
from chengshu.kernel.http.facade import Id, Line, Page, PageAsked, narrow_to_words, person_of, read_page

READ = "audit.read"
router = Router(tags=["audit"])
_FIELDS = ("login_name", "address")


class EntryRow(Schema):
    """Who did or saw what, when, and on what; `sequence` is the place in the chain, empty until it is linked."""

    id: int
    at: datetime
    actor_id: int | None
    actor_name: str
    action: str
    subject: str
    reason: str
    digest: str
    sequence: int | None


class EntryRecord(EntryRow):
    """An entry with what changed and from where it was done."""

    details: dict[str, Any]
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    address: str
    request: str


class EntryPage(Page[EntryRow]):
    """One page of entries, newest first."""


class EntriesAsked(PageAsked):
    """Which entries are asked for."""

    action: list[Line] = Field(default_factory=list, max_length=50, description="动作，可多选")
    subject: Line = Field("", description="对象，如 form:12")
    since: AwareDatetime | None = Field(None, description="此刻起")
    until: AwareDatetime | None = Field(None, description="此刻之前")


@router.get("/entries", response=EntryPage, summary=_("审计记录"))
def list_entries(request: HttpRequest, asked: Query[EntriesAsked]) -> dict[str, Any]:
    """List the entries of the whole city, newest first; that somebody looked is an entry of its own."""
    viewer = _require_reader(request)
    conditions: dict[str, Any] = {
        "action__in": asked.action,
        "subject": asked.subject,
        "at__gte": asked.since,
        "at__lt": asked.until,
    }
    rows = audit.list_all_entries().filter(**{name: value for name, value in conditions.items() if value})
    found = narrow_to_words(rows, asked, ("actor_name__istartswith", "subject__istartswith", "action__istartswith"))
    audit.record_view(viewer, "audit:entries", now=timezone.now(), fields=_FIELDS, reason=asked.q[:200])
    return read_page(found, asked, _write_row, order=["-at"])


@router.get("/entries/{entry_id}", response=EntryRecord, summary=_("一条审计记录"))
def get_entry(request: HttpRequest, entry_id: Id) -> EntryRecord:
    """Give an entry with what changed."""
    viewer = _require_reader(request)
    entry = audit.get_entry(entry_id)
    audit.record_view(viewer, f"audit:{entry.pk}", now=timezone.now(), fields=_FIELDS)
    return EntryRecord(
        **_write_row(entry).model_dump(),
        details=entry.details,
        before=entry.before,
        after=entry.after,
        address=entry.address,
        request=entry.request,
    )


def _write_row(entry: Any) -> EntryRow:
    link = getattr(entry, "link", None)
    return EntryRow(
        id=entry.pk,
        at=entry.at,
        actor_id=entry.actor_id,
        actor_name=entry.actor_name,
        action=entry.action,
        subject=entry.subject,
        reason=entry.reason,
        digest=entry.digest,
        sequence=link.sequence if link else None,
    )


def _require_reader(request: HttpRequest) -> User:
    """Return who asks if he may read the audit of the whole city; entries speak of every unit.

    Raises:
        PermissionRefused: he may not.
    """
    viewer = person_of(request)
    grants.require_in_city(viewer, READ, on=localdate())
    return viewer
