"""The single rows that a change of the tree writes, with the checks that belong to them. Only under the tree's lock."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import Q
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from chengshu.base.texts import drop_controls
from chengshu.kernel.organisations.contracts import Kind, NewOrganisation
from chengshu.kernel.organisations.errors import (
    ChangeInFuture,
    ChangeTooEarly,
    CodeTaken,
    HasChildren,
    OrganisationEnded,
    OrganisationInvalid,
    PlaceImpossible,
)
from chengshu.kernel.organisations.models import (
    CODE_LENGTH,
    NAME_LENGTH,
    Organisation,
    OrganisationName,
    Placement,
)
from chengshu.kernel.organisations.queries import get_organisation, parent_on
from chengshu.kernel.organisations.rules.places import fits_below


def found(new: NewOrganisation, *, now: datetime) -> Organisation:
    """Write a new organisation with its first name and place."""
    refuse_future(new.founded_on, now=now)
    code = clean_code(new.code)
    if Organisation.objects.filter(code=code).exists():
        raise CodeTaken(_("代码 %(code)s 已被使用。") % {"code": code}, code=code)
    name = clean_name(new.name)
    organisation = Organisation(code=code, kind=new.kind.value, founded_on=new.founded_on)
    if new.parent_id is not None:
        _refuse_parent(organisation, new.parent_id, since=new.founded_on)
    organisation.save(force_insert=True)
    OrganisationName.objects.create(organisation=organisation, name=name, since=new.founded_on)
    Placement.objects.create(organisation=organisation, parent_id=new.parent_id, since=new.founded_on)
    return organisation


def give_name(organisation: Organisation, name: str, *, on: date) -> None:
    """Close the present name and open another; one that began the same day is replaced."""
    name = clean_name(name)
    current = OrganisationName.objects.get(organisation=organisation, until__isnull=True)
    _refuse_before(current.since, on)
    if current.since == on:
        OrganisationName.objects.filter(pk=current.pk).update(name=name)
        return
    OrganisationName.objects.filter(pk=current.pk).update(until=on)
    OrganisationName.objects.create(organisation=organisation, name=name, since=on)


def give_parent(organisation: Organisation, parent_id: int | None, *, on: date) -> None:
    """Close the present place and open another; one that began the same day is replaced."""
    current = Placement.objects.get(organisation=organisation, until__isnull=True)
    _refuse_before(current.since, on)
    if parent_id is not None:
        _refuse_parent(organisation, parent_id, since=on)
    if current.since == on:
        Placement.objects.filter(pk=current.pk).update(parent=parent_id)
        return
    Placement.objects.filter(pk=current.pk).update(until=on)
    Placement.objects.create(organisation=organisation, parent_id=parent_id, since=on)


def close(organisation: Organisation, *, on: date) -> None:
    """Write the end of an organisation that nobody belongs to any more; the last name stays open."""
    current = Placement.objects.get(organisation=organisation, until__isnull=True)
    if current.since >= on or organisation.founded_on >= on:
        raise ChangeTooEarly(
            _("“%(code)s”在 %(since)s 还有变动，只能在此后撤销。") % {"code": organisation.code, "since": current.since}
        )
    _refuse_before(OrganisationName.objects.get(organisation=organisation, until__isnull=True).since, on)
    if Placement.objects.filter(Q(until__isnull=True) | Q(until__gt=on), parent=organisation).exists():
        raise HasChildren(_("“%(code)s”还有下级，请先把它们划走。") % {"code": organisation.code})
    Placement.objects.filter(pk=current.pk).update(until=on)
    Organisation.objects.filter(pk=organisation.pk).update(ended_on=on)


def list_children(organisation: Organisation) -> list[Organisation]:
    """Return those that belong to the organisation now."""
    places = Placement.objects.filter(parent=organisation, until__isnull=True)
    return list(Organisation.objects.filter(pk__in=places.values("organisation_id")).order_by("code"))


def get_living(organisation_id: int) -> Organisation:
    """Return the organisation if it has not ended."""
    organisation = get_organisation(organisation_id)
    if organisation.ended_on is not None:
        raise OrganisationEnded(
            _("“%(code)s”已于 %(on)s 撤销，不能再变动。") % {"code": organisation.code, "on": organisation.ended_on}
        )
    return organisation


def refuse_future(on: date, *, now: datetime) -> None:
    """Refuse a day that has not come."""
    if on > localdate(now):
        raise ChangeInFuture(_("%(on)s 还没有到，变动请在生效当天或之后登记。") % {"on": on})


def clean_code(text: str) -> str:
    """Return the code without blanks around it."""
    code = drop_controls(text).strip()
    if not code or len(code) > CODE_LENGTH or any(sign.isspace() for sign in code):
        raise OrganisationInvalid(_("代码不能为空，不能有空格，最长 %(n)s 个字符。") % {"n": CODE_LENGTH})
    return code


def clean_name(text: str) -> str:
    """Return the name without blanks around it."""
    name = drop_controls(text).strip()
    if not name or len(name) > NAME_LENGTH:
        raise OrganisationInvalid(_("名称不能为空，最长 %(n)s 个字符。") % {"n": NAME_LENGTH})
    return name


def _refuse_before(since: date, on: date) -> None:
    if on < since:
        raise ChangeTooEarly(_("%(since)s 已登记过变动，新的变动不能早于这一天。") % {"since": since})


def _refuse_parent(organisation: Organisation, parent_id: int, *, since: date) -> None:
    """Refuse a parent that is of a lower kind, is not there from that day on, or stands below on any of those days."""
    parent = get_living(parent_id)
    if parent.founded_on > since:
        raise PlaceImpossible(_("“%(code)s”在 %(on)s 还没有设立。") % {"code": parent.code, "on": since})
    if not fits_below(Kind(organisation.kind), Kind(parent.kind)):
        raise PlaceImpossible(
            _("%(child)s不能隶属于%(parent)s。")
            % {"child": organisation.get_kind_display(), "parent": parent.get_kind_display()}
        )
    for day in _days_of_change(since) if organisation.pk else ():
        if organisation.pk in _chain(parent.pk, day):
            raise PlaceImpossible(
                _("“%(parent)s”在“%(child)s”之下，不能反过来作它的上级。")
                % {"parent": parent.code, "child": organisation.code}
            )


def _days_of_change(since: date) -> Sequence[date]:
    """Return the day and every later one on which some place in the tree changed: on no other can a ring arise."""
    later = Placement.objects.filter(since__gt=since).values_list("since", flat=True).distinct()
    return [since, *later.order_by("since")]


def _chain(organisation_id: int, day: date) -> list[int]:
    """Return the organisation and who stood above it that day."""
    chain: list[int] = []
    current: int | None = organisation_id
    while current is not None:
        chain.append(current)
        current = parent_on(current, day)
    return chain
