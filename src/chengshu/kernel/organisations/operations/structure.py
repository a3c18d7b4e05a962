"""Found, rename, move, merge, split and end organisations.

Every change names the day from which it holds: not before the last change of the organisation, and not in the future.
Answers about earlier days stay what they were.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.audit import facade as audit
from chengshu.kernel.organisations.contracts import Kind, NewOrganisation, Part, SuccessionKind
from chengshu.kernel.organisations.errors import ChangeTooEarly, OrganisationInvalid
from chengshu.kernel.organisations.models import Ancestry, Organisation, Placement, Succession
from chengshu.kernel.organisations.operations import rows
from chengshu.kernel.organisations.operations.tree import changing_tree
from chengshu.kernel.organisations.queries import name_on, parent_on


def create_organisation(new: NewOrganisation, *, actor: User | None, now: datetime, reason: str = "") -> Organisation:
    """Found an organisation.

    Raises:
        OrganisationInvalid: code or name is empty or too long.
        CodeTaken: another organisation has the code.
        ChangeRefused: the parent or the day cannot be.
    """
    with changing_tree() as changed:
        organisation = rows.found(new, now=now)
        changed.add(organisation.pk)
        details = {"code": organisation.code, "name": new.name, "kind": new.kind.value, "parent": new.parent_id}
        _record("create", organisation, actor=actor, now=now, reason=reason, details=details)
    return organisation


def rename_organisation(
    organisation_id: int, name: str, *, on: date, actor: User | None, now: datetime, reason: str
) -> None:
    """Give the organisation another name from that day on.

    Raises:
        OrganisationNotFound, OrganisationInvalid, ChangeRefused: it cannot be.
    """
    with changing_tree():
        rows.refuse_future(on, now=now)
        organisation = rows.get_living(organisation_id)
        before = name_on(organisation_id, on)
        rows.give_name(organisation, name, on=on)
        details = {"on": on.isoformat(), "before": before, "after": name.strip()}
        _record("rename", organisation, actor=actor, now=now, reason=reason, details=details)


def move_organisation(
    organisation_id: int, parent_id: int | None, *, on: date, actor: User | None, now: datetime, reason: str
) -> None:
    """Put the organisation, with all below it, under another parent from that day on; None makes it a root.

    Raises:
        OrganisationNotFound: there is no such organisation or parent.
        ChangeRefused: the place or the day cannot be.
    """
    with changing_tree() as changed:
        rows.refuse_future(on, now=now)
        organisation = rows.get_living(organisation_id)
        before = parent_on(organisation_id, on)
        rows.give_parent(organisation, parent_id, on=on)
        changed.add(organisation_id)
        details = {"on": on.isoformat(), "before": before, "after": parent_id}
        _record("move", organisation, actor=actor, now=now, reason=reason, details=details)


def merge_organisations(
    predecessor_ids: Sequence[int], into_id: int, *, on: date, actor: User | None, now: datetime, reason: str
) -> None:
    """End the predecessors that day; their records and whoever belongs to them go to the organisation `into_id`.

    Raises:
        OrganisationNotFound: there is no such organisation.
        OrganisationInvalid: nobody is to be merged, or one into itself.
        ChangeRefused: a place or the day cannot be.
    """
    if not predecessor_ids or into_id in predecessor_ids:
        raise OrganisationInvalid(_("请选择要并入的组织，它不能是被合并的组织之一。"))
    with changing_tree() as changed:
        rows.refuse_future(on, now=now)
        into = _standing_on(into_id, on)
        for predecessor_id in _lowest_first(predecessor_ids):
            predecessor = rows.get_living(predecessor_id)
            _hand_over(predecessor, {into_id: None}, SuccessionKind.MERGE, on=on, changed=changed)
            details = {"on": on.isoformat(), "into": into.pk}
            _record("merge", predecessor, actor=actor, now=now, reason=reason, details=details)


def split_organisation(
    organisation_id: int, parts: Sequence[Part], *, on: date, actor: User | None, now: datetime, reason: str
) -> list[Organisation]:
    """End the organisation that day and found its parts at its place; all of them follow it.

    Raises:
        OrganisationNotFound: there is no such organisation.
        OrganisationInvalid, CodeTaken: there are fewer than two parts, or one cannot be kept as given.
        ChangeRefused: a place or the day cannot be.
    """
    if len(parts) < 2:
        raise OrganisationInvalid(_("分立至少要有两个新组织。"))
    with changing_tree() as changed:
        founded, predecessor = _succeed(organisation_id, parts, SuccessionKind.SPLIT, on=on, now=now, changed=changed)
        details = {"on": on.isoformat(), "parts": [part.pk for part in founded]}
        _record("split", predecessor, actor=actor, now=now, reason=reason, details=details)
    return founded


def recode_organisation(
    organisation_id: int, part: Part, *, on: date, actor: User | None, now: datetime, reason: str
) -> Organisation:
    """End the organisation and found it anew under another code, with all that belongs to it.

    Raises:
        OrganisationNotFound: there is no such organisation.
        OrganisationInvalid, CodeTaken: code or name cannot be kept as given.
        ChangeRefused: the day cannot be.
    """
    with changing_tree() as changed:
        (founded,), predecessor = _succeed(
            organisation_id, [part], SuccessionKind.RENAME, on=on, now=now, changed=changed
        )
        details = {"on": on.isoformat(), "after": founded.pk}
        _record("recode", predecessor, actor=actor, now=now, reason=reason, details=details)
    return founded


def end_organisation(organisation_id: int, *, on: date, actor: User | None, now: datetime, reason: str) -> None:
    """End the organisation that day, without a successor; its records stay in sight of its last parent.

    Raises:
        OrganisationNotFound: there is no such organisation.
        HasChildren: others still belong to it.
        ChangeRefused: the day cannot be.
    """
    with changing_tree() as changed:
        rows.refuse_future(on, now=now)
        organisation = rows.get_living(organisation_id)
        rows.close(organisation, on=on)
        changed.add(organisation_id)
        _record("end", organisation, actor=actor, now=now, reason=reason, details={"on": on.isoformat()})


def _succeed(
    organisation_id: int, parts: Sequence[Part], kind: SuccessionKind, *, on: date, now: datetime, changed: set[int]
) -> tuple[list[Organisation], Organisation]:
    """Found the parts at the organisation's place and hand over to them."""
    rows.refuse_future(on, now=now)
    predecessor = rows.get_living(organisation_id)
    parent_id = Placement.objects.get(organisation=predecessor, until__isnull=True).parent_id
    founded = [
        rows.found(NewOrganisation(part.code, Kind(predecessor.kind), part.name, on, parent_id), now=now)
        for part in parts
    ]
    changed.update(new.pk for new in founded)
    takes = {new.pk: frozenset(part.child_ids) for new, part in zip(founded, parts, strict=True)}
    _hand_over(predecessor, takes, kind, on=on, changed=changed)
    return founded, predecessor


def _hand_over(
    predecessor: Organisation,
    takes: Mapping[int, frozenset[int] | None],
    kind: SuccessionKind,
    *,
    on: date,
    changed: set[int],
) -> None:
    """Move the children to the successors that take them (the first takes the rest), end and note the succession."""
    rest = next(iter(takes))
    own_parent = parent_on(predecessor.pk, on)
    for child in rows.list_children(predecessor):
        target = next((key for key, ids in takes.items() if ids and child.pk in ids), rest)
        rows.give_parent(child, own_parent if child.pk in takes else target, on=on)
        changed.add(child.pk)
    rows.close(predecessor, on=on)
    for successor_id in takes:
        Succession.objects.create(predecessor=predecessor, successor_id=successor_id, on=on, kind=kind.value)
    changed.add(predecessor.pk)


def _lowest_first(organisation_ids: Sequence[int]) -> list[int]:
    """Order so that whoever belongs to another of them comes before it."""
    above = (
        Ancestry.objects.filter(descendant__in=organisation_ids).values_list("descendant_id").annotate(n=Count("pk"))
    )
    depth = dict(above)
    return sorted(set(organisation_ids), key=lambda key: (-depth.get(key, 0), key))


def _standing_on(organisation_id: int, on: date) -> Organisation:
    """Return a living organisation that was there that day."""
    organisation = rows.get_living(organisation_id)
    if organisation.founded_on > on:
        raise ChangeTooEarly(_("“%(code)s”在 %(on)s 还没有设立。") % {"code": organisation.code, "on": on})
    return organisation


def _record(
    action: str, organisation: Organisation, *, actor: User | None, now: datetime, reason: str, details: dict[str, Any]
) -> None:
    subject = f"organisation:{organisation.pk}"
    audit.record(actor, f"organisations.{action}", subject, now=now, reason=reason, details=details)
