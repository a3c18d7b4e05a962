"""The door of notifications."""

from chengshu.kernel.notifications.contracts import (
    DIGEST_LABELS,
    Digest,
    News,
    Preferences,
    Template,
    Told,
    Words,
)
from chengshu.kernel.notifications.errors import (
    FieldsWrong,
    NotificationError,
    NotificationNotFound,
    PreferenceInvalid,
    TemplateUnknown,
    TemplateWrong,
)
from chengshu.kernel.notifications.models import Notification
from chengshu.kernel.notifications.operations.choosing import save_preferences
from chengshu.kernel.notifications.operations.reading import mark_read, unmark_read
from chengshu.kernel.notifications.operations.telling import notify, send_digests
from chengshu.kernel.notifications.queries import (
    COUNTED,
    count_unread,
    get_notification,
    get_preferences,
    list_holders,
    list_notifications,
    list_told,
    tell,
)
from chengshu.kernel.notifications.registry import get_template, list_templates, register_template

__all__ = [
    "COUNTED",
    "DIGEST_LABELS",
    "Digest",
    "FieldsWrong",
    "News",
    "Notification",
    "NotificationError",
    "NotificationNotFound",
    "PreferenceInvalid",
    "Preferences",
    "Template",
    "TemplateUnknown",
    "TemplateWrong",
    "Told",
    "Words",
    "count_unread",
    "get_notification",
    "get_preferences",
    "get_template",
    "list_holders",
    "list_notifications",
    "list_templates",
    "list_told",
    "mark_read",
    "notify",
    "register_template",
    "save_preferences",
    "send_digests",
    "tell",
    "unmark_read",
]
