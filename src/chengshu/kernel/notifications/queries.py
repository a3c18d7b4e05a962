"""Reads of notifications. A person sees his own, and only what he may still see."""

from collections.abc import Collection, Iterable
from datetime import date
from itertools import groupby

from django.db.models import Q, QuerySet
from django.utils.translation import get_language

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.grants import facade as grants
from chengshu.kernel.grants.facade import Grant
from chengshu.kernel.notifications.contracts import Digest, News, Preferences, Template, Told
from chengshu.kernel.notifications.errors import NotificationNotFound
from chengshu.kernel.notifications.models import Notification, PersonPreferences
from chengshu.kernel.notifications.registry import get_template, list_templates
from chengshu.kernel.notifications.rules.words import put_in_words
from chengshu.kernel.organisations.facade import Ancestry

PROJECT = "project"
#: Beyond it the count in the header is not exact.
COUNTED = 100


def list_notifications(viewer: User, *, on: date) -> QuerySet[Notification]:
    """Return what the viewer was told and may see today, newest first."""
    own = Notification.objects.filter(_may_see(viewer, on, list_templates()), account=viewer)
    return own.order_by("-created_at", "-id")


def count_unread(viewer: User, *, on: date) -> int:
    """Return how many of them are unread; at most `COUNTED`.

    Every page asks this: who has nothing unread costs one look into an index, and rights are asked for what there is.
    """
    unread = Notification.objects.filter(account=viewer, read_at=None).order_by()
    keys = set(unread.values_list("template", flat=True).distinct())
    if not keys:
        return 0
    return unread.filter(_may_see(viewer, on, [each for each in list_templates() if each.key in keys]))[
        :COUNTED
    ].count()


def get_notification(pk: int, *, viewer: User, on: date) -> Notification:
    """Return one of the viewer's notifications.

    Raises:
        NotificationNotFound: there is none, or he may not see it any more.
    """
    found = list_notifications(viewer, on=on).filter(pk=pk).first()
    if found is None:
        raise NotificationNotFound("没有这条通知，或者您已无权查看", notification=pk)
    return found


def tell(notification: Notification, *, language: str | None = None) -> Told:
    """Return the notification in words; the language is that of the page unless it is named."""
    template = get_template(notification.template)
    return put_in_words(template, notification.fields, language=language or get_language() or "zh-hans")


def get_preferences(account: User) -> Preferences:
    """Return how a person wants to be told."""
    return map_preferences([account.pk]).get(account.pk, Preferences())


def map_preferences(account_ids: Collection[int]) -> dict[int, Preferences]:
    """Return the preferences of those who have chosen any."""
    rows = PersonPreferences.objects.filter(account__in=account_ids)
    return {row.account_id: _preferences(row) for row in rows}


def list_holders(permission: str, organisation_id: int, *, on: date, project_id: int | None = None) -> list[int]:
    """Return the accounts that may do this at the organisation, or for the one project there; in order."""
    above = Ancestry.objects.filter(descendant=organisation_id).values("ancestor")
    covering = Q(scope_kind="")
    if project_id is not None:
        covering |= Q(scope_kind=PROJECT, scope_id=project_id)
    found = Grant.objects.filter(
        covering, role__in=grants.roles_holding(permission), organisation__in=above, account__is_active=True
    )
    return sorted(set(found.in_force_on(on).values_list("account", flat=True)))


def list_told(key: str) -> frozenset[int]:
    """List the accounts that were told of a happening by its key."""
    return frozenset(Notification.objects.filter(key=key).values_list("account", flat=True))


def narrow_to_permitted(account_ids: Iterable[int], template: Template, news: News, *, on: date) -> list[int]:
    """Return those of the accounts that are active and may be told."""
    wanted = set(account_ids)
    if template.permission and news.organisation_id is not None:
        holders = list_holders(template.permission, news.organisation_id, on=on, project_id=news.project_id)
        return [pk for pk in holders if pk in wanted]
    return sorted(User.objects.filter(pk__in=wanted, is_active=True).values_list("pk", flat=True))


def _may_see(viewer: User, on: date, among: Iterable[Template]) -> Q:
    """Return the condition that leaves what the viewer may see: one subquery for each permission, none for each row."""
    templates = sorted(among, key=lambda template: template.permission)
    may = Q(pk__in=())
    for permission, group in groupby(templates, key=lambda template: template.permission):
        keys = Q(template__in=[template.key for template in group])
        if permission:
            keys &= grants.permit_filter(viewer, permission, on=on, kind=PROJECT, subject="project_id")
        may |= keys
    return may


def _preferences(row: PersonPreferences) -> Preferences:
    return Preferences(
        email=row.email,
        language=row.language,
        quiet_from=row.quiet_from,
        quiet_until=row.quiet_until,
        digest=Digest(row.digest),
        no_email=frozenset(row.no_email),
        webhook=frozenset(row.webhook),
    )
