"""Reads of organisations. `day` is always the day that is asked about, never the day of asking."""

from collections.abc import Collection, Iterable
from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from chengshu.kernel.organisations.contracts import SUCCESSION_LABELS, Ancestor, HistoryEvent, SuccessionKind
from chengshu.kernel.organisations.errors import OrganisationNotFound
from chengshu.kernel.organisations.models import (
    Ancestry,
    Organisation,
    OrganisationName,
    OrganisationQuerySet,
    Placement,
    Succession,
)


def find_organisation(code: str) -> Organisation | None:
    """Return the organisation with this code, or None."""
    return Organisation.objects.filter(code=code).first()


def get_organisation(organisation_id: int) -> Organisation:
    """Return the organisation with this id.

    Raises:
        OrganisationNotFound: there is none.
    """
    found = Organisation.objects.filter(pk=organisation_id).first()
    if found is None:
        raise OrganisationNotFound(_("没有这个组织。"), organisation_id=organisation_id)
    return found


def list_organisations(
    *, on: date, within: QuerySet[Ancestry, int] | Collection[int] | None = None
) -> OrganisationQuerySet:
    """Return organisations with the `name` and the `parent_pk` of that day, unordered; those that ended are among them.

    `within` leaves those whose ids it gives, mostly `grants.permitted(...)`, in the same query.
    """
    rows = Organisation.objects.all() if within is None else Organisation.objects.filter(pk__in=within)
    return rows.named_on(on).placed_on(on)


def name_on(organisation_id: int, day: date) -> str:
    """Return what the organisation was called that day: before its first name the first, after its end the last.

    Raises:
        OrganisationNotFound: there is none with this id.
    """
    names = names_on([organisation_id], day)
    if organisation_id not in names:
        raise OrganisationNotFound(_("没有这个组织。"), organisation_id=organisation_id)
    return names[organisation_id]


def names_on(organisation_ids: Iterable[int], day: date) -> dict[int, str]:
    """Return the names of that day by id, in one query; ids that do not exist are left out."""
    names: dict[int, str] = {}
    wanted = set(organisation_ids)
    for key, name, since in (
        OrganisationName.objects.filter(organisation__in=wanted)
        .order_by("organisation_id", "since")
        .values_list("organisation_id", "name", "since")
    ):
        if key not in names or since <= day:
            names[key] = name
    return names


def ancestors_on(organisation_id: int, day: date) -> tuple[Ancestor, ...]:
    """Return who stood above the organisation that day, the root first, without the organisation itself.

    Empty for a root, and on days when the organisation was not there.
    """
    chain: list[int] = []
    current = parent_on(organisation_id, day)
    while current is not None:
        chain.append(current)
        current = parent_on(current, day)
    names = names_on(chain, day)
    codes = dict(Organisation.objects.filter(pk__in=chain).values_list("pk", "code"))
    return tuple(Ancestor(key, codes[key], names[key]) for key in reversed(chain))


def parent_on(organisation_id: int, day: date) -> int | None:
    """Return the id of what the organisation belonged to that day, or None."""
    placement = Placement.objects.filter(organisation=organisation_id).in_force_on(day).first()
    return placement.parent_id if placement else None


def list_descendant_ids(organisation_id: int) -> QuerySet[Ancestry, int]:
    """Return the ids of today's subtree with the organisation itself, as a subquery for `organisation__in=`."""
    return Ancestry.objects.filter(ancestor=organisation_id).values_list("descendant_id", flat=True)


def list_children(organisation_id: int, *, on: date) -> OrganisationQuerySet:
    """Return those that belonged to the organisation that day, under their names of that day, unordered."""
    places = Placement.objects.filter(parent=organisation_id).in_force_on(on)
    return Organisation.objects.filter(pk__in=places.values("organisation")).named_on(on)


def list_history(organisation_id: int) -> list[HistoryEvent]:
    """Return what happened to the organisation, the newest first; others under the name of that day."""
    organisation = get_organisation(organisation_id)
    events = [HistoryEvent(organisation.founded_on, _("设立"))]
    events += _name_events(organisation_id)
    events += _placement_events(organisation_id)
    events += _succession_events(organisation_id)
    if organisation.ended_on:
        events.append(HistoryEvent(organisation.ended_on, _("撤销")))
    return sorted(events, key=lambda event: event.on, reverse=True)


def _name_events(organisation_id: int) -> list[HistoryEvent]:
    rows = OrganisationName.objects.filter(organisation=organisation_id).order_by("since")
    return [HistoryEvent(row.since, _("名称为“%(name)s”") % {"name": row.name}) for row in rows]


def _placement_events(organisation_id: int) -> list[HistoryEvent]:
    rows = list(Placement.objects.filter(organisation=organisation_id).order_by("since"))
    events = []
    for row in rows:
        if row.parent_id is None:
            events.append(HistoryEvent(row.since, _("没有上级")))
        else:
            events.append(HistoryEvent(row.since, _("隶属于"), row.parent_id, name_on(row.parent_id, row.since)))
    return events


def _succession_events(organisation_id: int) -> list[HistoryEvent]:
    events = []
    for row in Succession.objects.filter(predecessor=organisation_id):
        text = _("%(kind)s，由其承接：") % {"kind": SUCCESSION_LABELS[SuccessionKind(row.kind)]}
        events.append(HistoryEvent(row.on, text, row.successor_id, name_on(row.successor_id, row.on)))
    for row in Succession.objects.filter(successor=organisation_id):
        text = _("%(kind)s，承接：") % {"kind": SUCCESSION_LABELS[SuccessionKind(row.kind)]}
        events.append(HistoryEvent(row.on, text, row.predecessor_id, name_on(row.predecessor_id, row.on)))
    return events
