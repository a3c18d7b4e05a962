"""Errors of notifications.

NotificationError
├── TemplateWrong         a template that speaks of fields it does not have, or was registered twice
├── TemplateUnknown       nobody registered this template
├── FieldsWrong           the fields given are not those of the template
├── NotificationNotFound  no such notification, or not this person's, or no longer his to see
└── PreferenceInvalid     an address or hour that cannot be kept
"""

from chengshu.base.errors import ChengshuError


class NotificationError(ChengshuError):
    """The root of the errors of notifications."""

    code = "NOTIFICATION_ERROR"


class TemplateWrong(NotificationError):
    """The template cannot be registered."""

    code = "NOTIFICATION_TEMPLATE_WRONG"


class TemplateUnknown(NotificationError):
    """Nobody registered this template."""

    code = "NOTIFICATION_TEMPLATE_UNKNOWN"


class FieldsWrong(NotificationError):
    """The fields given are not those of the template."""

    code = "NOTIFICATION_FIELDS_WRONG"


class NotificationNotFound(NotificationError):
    """There is no such notification for this person."""

    code = "NOTIFICATION_NOT_FOUND"


class PreferenceInvalid(NotificationError):
    """What was chosen cannot be kept."""

    code = "NOTIFICATION_PREFERENCE_INVALID"
