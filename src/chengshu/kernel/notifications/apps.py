"""Wiring of `kernel.notifications`."""

from datetime import datetime

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from chengshu.kernel.audit.registry import register_actions


class NotificationsConfig(AppConfig):
    """The app `notifications`."""

    name = "chengshu.kernel.notifications"
    label = "notifications"
    verbose_name = "通知"

    def ready(self) -> None:
        """Send digests each morning, and let endpoints subscribe to what people are told."""
        from chengshu.kernel.jobs import facade as jobs  # noqa: PLC0415 - models are ready only now
        from chengshu.kernel.notifications.contracts import TOPIC  # noqa: PLC0415 - the same
        from chengshu.kernel.notifications.facade import send_digests  # noqa: PLC0415 - the same
        from chengshu.kernel.outbox.facade import Topic, register_topic  # noqa: PLC0415 - the same

        def send(progress: jobs.Progress) -> dict[str, int]:
            return {"mails": send_digests(now=datetime.fromisoformat(progress.payload["due_at"]))}

        jobs.register_kind(jobs.JobKind("notifications.send_digests", _("发送通知汇总"), send))
        jobs.register_schedule(
            jobs.Schedule("notifications.digest", _("发送通知汇总"), "0 8 * * *", "notifications.send_digests")
        )
        register_topic(Topic(TOPIC, _("给人的通知")))
        register_actions(_ACTIONS)


# What people call the actions that the audit keeps.
_ACTIONS = {"notifications.change_preferences": _("更改通知设置")}
