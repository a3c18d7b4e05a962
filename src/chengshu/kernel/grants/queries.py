"""Reads of grants. Every right is one subquery over Grant and Ancestry: lists filter by it, single checks ask it."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.grants.contracts import Viewer
from chengshu.kernel.grants.errors import ExistenceHidden, GrantNotFound, PermissionRefused
from chengshu.kernel.grants.holdings import grants_of, ids_beneath, is_everything, list_holdings
from chengshu.kernel.grants.models import Grant, GrantQuerySet
from chengshu.kernel.grants.registry import permissions_of, roles_holding
from chengshu.kernel.grants.rules.scopes import split_scope
from chengshu.kernel.organisations import facade as organisations
from chengshu.kernel.organisations.facade import Ancestry, OrganisationQuerySet

VIEW_GRANTS = "grants.view"
GIVE_GRANTS = "grants.give"


def permitted(viewer: Viewer, permission: str, *, on: date, scope: str = "") -> QuerySet[Ancestry, int]:
    """Return the ids of the organisations where the viewer may do this, as one subquery for `organisation__in=`.

    Grants that are limited to one subject do not count, unless `scope` names that subject. An id may come twice.

    Raises:
        RegistrationWrong: there is no such permission.
        ValueError: the scope is no scope.
    """
    return _below(_effective(viewer, permission, on=on).filter(_in_scope(scope)))


def permit_filter(
    viewer: Viewer,
    permission: str,
    *,
    on: date,
    kind: str,
    organisation: str = "organisation_id",
    subject: str = "pk",
) -> Q:
    """Return the condition that leaves the rows where the viewer may do this, grants limited to one subject included.

    A row passes when an unlimited grant covers its organisation, or a grant that is limited to this very row does. The
    viewer's own grants, a handful, are read at once, so that the condition says no more than he holds: who may do it
    everywhere gets no condition, and a database finds the rows of one unit by their index.

    Args:
        viewer: whose rights count.
        permission: what is to be done.
        on: the day on which the grants must hold.
        kind: the kind before the colon of the scopes that speak of these rows, such as `project`.
        organisation: the path from a row to the id of its organisation, which every row must have.
        subject: the path from a row to the id that scopes of this kind name.
    """
    roles = set(roles_holding(permission))
    unlimited, is_city = set[int](), False
    limited: dict[int, set[int]] = defaultdict(set)
    for holding in list_holdings(viewer, on=on):
        if holding.role not in roles or holding.scope_kind not in {"", kind}:
            continue
        if holding.scope_id is not None:
            limited[holding.place].add(holding.scope_id)
        else:
            unlimited.add(holding.place)
            is_city = is_city or holding.is_city
    if is_city and is_everything(frozenset(unlimited)):
        return Q()
    condition = Q(**{f"{organisation}__in": _beneath(unlimited)}) if unlimited else Q(pk__in=())
    for place, subjects in limited.items():
        condition |= Q(**{f"{subject}__in": subjects, f"{organisation}__in": _beneath({place})})
    return condition


def is_permitted(viewer: Viewer, permission: str, organisation_id: int, *, on: date, scope: str = "") -> bool:
    """Tell whether the viewer may do this at the organisation, for the subject that `scope` names if it names one."""
    return permitted(viewer, permission, on=on, scope=scope).filter(descendant=organisation_id).exists()


def is_permitted_anywhere(viewer: Viewer, permission: str, *, on: date) -> bool:
    """Tell whether the viewer may do this at any organisation, be it for one subject only."""
    roles = set(roles_holding(permission))
    return any(holding.role in roles for holding in list_holdings(viewer, on=on))


def is_limited(viewer: Viewer, permission: str, *, on: date, kind: str) -> bool:
    """Tell whether the viewer has grants to do this that are limited to single subjects of a kind."""
    roles = set(roles_holding(permission))
    return any(holding.role in roles and holding.scope_kind == kind for holding in list_holdings(viewer, on=on))


def require(
    viewer: Viewer, permission: str, organisation_id: int, *, on: date, scope: str = "", is_hidden: bool = False
) -> None:
    """Pass if the viewer may do this at the organisation.

    Raises:
        PermissionRefused: he may not; answered by 403 and audited.
        ExistenceHidden: he may not, and `is_hidden` says that he is not to learn of the thing; answered by 404.
    """
    if is_permitted(viewer, permission, organisation_id, on=on, scope=scope):
        return
    refusal = ExistenceHidden if is_hidden else PermissionRefused
    raise refusal(_("您没有这项权限。"), permission=permission, organisation_id=organisation_id)


def require_anywhere(viewer: Viewer, permission: str, *, on: date) -> None:
    """Pass if the viewer may do this somewhere: for pages whose lists leave out the rest.

    Raises:
        PermissionRefused: he may do it nowhere.
    """
    if not is_permitted_anywhere(viewer, permission, on=on):
        raise PermissionRefused(_("您没有这项权限。"), permission=permission)


def require_in_city(viewer: Viewer, permission: str, *, on: date) -> None:
    """Pass if the viewer may do this in the whole city: for pages that speak of every unit at once.

    Raises:
        PermissionRefused: he may not, or only below the city.
    """
    city = organisations.Organisation.objects.filter(kind=organisations.Kind.CITY)
    if city.filter(pk__in=permitted(viewer, permission, on=on)).exists():
        return
    raise PermissionRefused(_("您没有这项权限。"), permission=permission)


def held_permissions(viewer: Viewer, *, on: date, organisation_id: int | None = None) -> frozenset[str]:
    """Return what the viewer may do by unlimited grants at the organisation; None counts every grant he has."""
    if organisation_id is None:
        roles = {holding.role for holding in list_holdings(viewer, on=on)}
    else:
        above = Ancestry.objects.filter(descendant=organisation_id).values("ancestor")
        grants = grants_of(viewer, on=on).filter(_in_scope(""), organisation__in=above)
        roles = set(grants.order_by().values_list("role", flat=True).distinct())
    return frozenset[str]().union(*(permissions_of(role) for role in roles))


def list_grants(viewer: Viewer, *, on: date, account_id: int | None = None) -> GrantQuerySet:
    """Return the grants that the viewer may see, also ended ones, with `organisation_name` of that day, unordered."""
    grants = Grant.objects.filter(organisation__in=permitted(viewer, VIEW_GRANTS, on=on))
    if account_id is not None:
        grants = grants.filter(account=account_id)
    added: dict[str, Any] = {"organisation_name": organisations.name_expression(on, of="organisation_id")}
    return grants.select_related("account", "organisation", "granted_by", "ended_by").annotate(**added)


def get_grant(grant_id: int, *, viewer: Viewer, on: date) -> Grant:
    """Return a grant in sight of the viewer.

    Raises:
        GrantNotFound: there is none.
    """
    grant = list_grants(viewer, on=on).filter(pk=grant_id).first()
    if grant is None:
        raise GrantNotFound(_("没有这项授权。"), grant_id=grant_id)
    return grant


def list_accounts(viewer: Viewer, *, on: date) -> QuerySet[User]:
    """Return the accounts that the viewer administers: those with a grant in his sight, and those without any grant.

    Each with `grant_count`: how many of its grants in his sight hold that day.
    """
    if not is_permitted_anywhere(viewer, VIEW_GRANTS, on=on):
        return User.objects.none()
    own = Grant.objects.filter(account=OuterRef("pk"))
    seen = own.filter(organisation__in=permitted(viewer, VIEW_GRANTS, on=on))
    held = seen.in_force_on(on).order_by().values("account").annotate(n=Count("pk")).values("n")
    added: dict[str, Any] = {"grant_count": Coalesce(Subquery(held), 0)}
    return User.objects.filter(Exists(seen) | ~Exists(own)).annotate(**added)


def list_permitted_organisations(viewer: Viewer, permission: str, *, on: date) -> OrganisationQuerySet:
    """Return the organisations where the viewer may do this, with their `name` and `parent_pk` of that day."""
    return organisations.list_organisations(on=on, within=permitted(viewer, permission, on=on))


def list_granted_organisations(viewer: Viewer, permission: str, *, on: date) -> OrganisationQuerySet:
    """Return the organisations that the viewer's own unlimited grants name, without what lies below them.

    For choosing in whose name he does this; those that ended by that day are left out.
    """
    named = _effective(viewer, permission, on=on).filter(_in_scope("")).values_list("organisation", flat=True)
    standing = Q(ended_on__isnull=True) | Q(ended_on__gt=on)
    return organisations.list_organisations(on=on, within=set(named)).filter(standing)


def _effective(viewer: Viewer, permission: str, *, on: date) -> GrantQuerySet:
    return grants_of(viewer, on=on).filter(role__in=roles_holding(permission))


def _in_scope(scope: str) -> Q:
    kind, subject_id = split_scope(scope)
    unlimited = Q(scope_kind="")
    return unlimited | Q(scope_kind=kind, scope_id=subject_id) if kind else unlimited


def _beneath(places: set[int]) -> Iterable[int] | QuerySet[Ancestry, int]:
    named = ids_beneath(frozenset(places))
    if named is not None:
        return named
    return Ancestry.objects.filter(ancestor__in=sorted(places)).values_list("descendant_id", flat=True)


def _below(grants: GrantQuerySet) -> QuerySet[Ancestry, int]:
    return Ancestry.objects.filter(ancestor__in=grants.values("organisation")).values_list("descendant_id", flat=True)
