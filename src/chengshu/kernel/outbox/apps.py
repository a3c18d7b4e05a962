"""Wiring of `kernel.outbox`."""

from datetime import datetime, timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from chengshu.kernel.audit.registry import register_actions
from chengshu.kernel.navigation.facade import NavigationEntry, register_entry


class OutboxConfig(AppConfig):
    """The app `outbox`."""

    name = "chengshu.kernel.outbox"
    label = "outbox"
    verbose_name = "对外发送"

    def ready(self) -> None:
        """Have the worker deliver at a pace of its own and forget old contents; offer the administrators' pages."""
        from chengshu.kernel.grants.facade import Permission, register_permission  # noqa: PLC0415 - models are ready only now
        from chengshu.kernel.jobs import facade as jobs  # noqa: PLC0415 - the same
        from chengshu.kernel.outbox.facade import forget_contents, run_round  # noqa: PLC0415 - the same

        register_actions(_ACTIONS)

        def forget(progress: jobs.Progress) -> dict[str, int]:
            return {"forgotten": forget_contents(now=datetime.fromisoformat(progress.payload["due_at"]))}

        jobs.register_chore("outbox.deliver", run_round, every=_PACE)
        jobs.register_kind(jobs.JobKind("outbox.forget", _("清空已发消息的内容"), forget))
        jobs.register_schedule(jobs.Schedule("outbox.forget", _("清空已发消息的内容"), "40 3 * * *", "outbox.forget"))
        register_permission(Permission("outbox.manage", _("管理对外发送和推送地址")))
        register_entry(NavigationEntry("outbox", _("对外发送"), "outbox:list", "webhook", 850, "outbox.manage"))


_PACE = timedelta(seconds=3)


# What people call the actions that the audit keeps.
_ACTIONS = {
    "outbox.register": _("登记推送地址"),
    "outbox.rotate_secret": _("更换推送密钥"),
    "outbox.switch": _("启停推送地址"),
    "outbox.test": _("试发推送"),
    "outbox.retry": _("重发消息"),
    "outbox.dismiss": _("了结消息"),
}
