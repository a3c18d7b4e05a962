"""Telling people: a row for the pages, and what each wants beside it into the outbox, in one transaction."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext, override

from chengshu.kernel.accounts.facade import User
from chengshu.kernel.jobs.facade import house_zone
from chengshu.kernel.notifications.contracts import TOPIC, Digest, News, Preferences, Template, Told
from chengshu.kernel.notifications.models import Notification
from chengshu.kernel.notifications.queries import (
    list_notifications,
    map_preferences,
    narrow_to_permitted,
    tell,
)
from chengshu.kernel.notifications.registry import get_template
from chengshu.kernel.notifications.rules.quiet import end_of_quiet
from chengshu.kernel.notifications.rules.words import check_fields
from chengshu.kernel.outbox import facade as outbox

_IN_ONE_DIGEST = 50


@transaction.atomic
def notify(account_ids: Iterable[int], news: News, *, now: datetime) -> int:
    """Tell people of a happening and return how many were told; who was told before, or may not know, is left out.

    Mails and webhooks go as each person wants them, after the quiet hours; urgent ones at once.

    Raises:
        TemplateUnknown: nobody registered the template.
        FieldsWrong: the fields are not those of the template.
    """
    template = get_template(news.template)
    check_fields(template, news.fields)
    permitted = narrow_to_permitted(account_ids, template, news, on=localdate(now))
    before = set(Notification.objects.filter(key=news.key, account__in=permitted).values_list("account", flat=True))
    new = [pk for pk in permitted if pk not in before]
    chosen = map_preferences(new)
    plain = Preferences()
    rows = [_row(pk, news, template, chosen.get(pk, plain), now) for pk in new]
    Notification.objects.bulk_create(rows, ignore_conflicts=True)
    for row in rows:
        _send_out(row, template, chosen.get(row.account_id, plain), now)
    return len(rows)


def send_digests(*, now: datetime) -> int:
    """Mail those who want one mail a day what has come in since the last; return how many mails were put in."""
    waiting = Notification.objects.filter(is_for_digest=True).values_list("account", flat=True).distinct()
    return sum(_send_digest(pk, now) for pk in sorted(waiting))


@transaction.atomic
def _send_digest(account_id: int, now: datetime) -> bool:
    account = User.objects.get(pk=account_id)
    waiting = Notification.objects.select_for_update().filter(account=account, is_for_digest=True)
    ids = list(waiting.values_list("pk", flat=True))
    seen = list_notifications(account, on=localdate(now)).filter(pk__in=ids, read_at=None)
    rows = list(seen[:_IN_ONE_DIGEST])
    Notification.objects.filter(pk__in=ids).update(is_for_digest=False)
    person = map_preferences([account_id]).get(account_id, Preferences())
    if not rows or not person.email:
        return False
    told = [tell(row, language=person.language).title for row in rows]
    with override(person.language):
        subject = gettext("城枢：%(count)s 条未读通知") % {"count": seen.count()}
        text = "\n".join(f"- {title}" for title in told) + _closing("/notifications/")
    mail = {"to": person.email, "subject": subject, "text": text}
    outbox.enqueue("email", mail, key=f"digest:{account_id}:{now.isoformat()}", now=now)
    return True


def _row(account_id: int, news: News, template: Template, person: Preferences, now: datetime) -> Notification:
    by_mail = bool(person.email) and template.key not in person.no_email
    return Notification(
        account_id=account_id,
        template=template.key,
        fields=dict(news.fields),
        key=news.key,
        url=news.url,
        organisation_id=news.organisation_id,
        project_id=news.project_id,
        created_at=now,
        is_for_digest=by_mail and person.digest is Digest.DAILY and not template.is_urgent,
    )


def _send_out(row: Notification, template: Template, person: Preferences, now: datetime) -> None:
    """Put mail and webhook into the outbox, as the person wants them."""
    quiet_end = end_of_quiet(now, person.quiet_from, person.quiet_until, house_zone())
    not_before = now if template.is_urgent else quiet_end
    told = tell(row, language=person.language)
    key = f"notification:{row.account_id}:{row.key}"
    wants_mail = person.email and template.key not in person.no_email and not row.is_for_digest
    if wants_mail and outbox.can_send_email():
        with override(person.language):
            text = told.body + _closing(row.url)
        mail = {"to": person.email, "subject": told.title, "text": text}
        outbox.enqueue("email", mail, key=f"{key}:email", now=now, not_before=not_before)
    if template.key in person.webhook:
        outbox.publish(TOPIC, _data(row, told), key=f"{key}:webhook", now=now, not_before=not_before)


def _data(row: Notification, told: Told) -> dict[str, str]:
    account = User.objects.get(pk=row.account_id)
    return {
        "account": account.login_name,
        "template": row.template,
        "title": told.title,
        "body": told.body,
        "url": _absolute(row.url),
    }


def _closing(url: str) -> str:
    link = _absolute(url)
    return (f"\n\n{link}" if link else "") + "\n\n" + gettext("在城枢的“通知设置”里可以改变或停止这些邮件。") + "\n"


def _absolute(url: str) -> str:
    return f"{settings.SITE_URL}{url}" if url and settings.SITE_URL else ""
