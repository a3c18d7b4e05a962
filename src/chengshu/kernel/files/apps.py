"""Wiring of `kernel.files`."""

from datetime import datetime

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FilesConfig(AppConfig):
    """The app `files`."""

    name = "chengshu.kernel.files"
    label = "files"
    verbose_name = "文件"

    def ready(self) -> None:
        """Sweep out each night what nobody refers to."""
        from chengshu.kernel.files.facade import sweep_orphans  # noqa: PLC0415 - models are ready only now
        from chengshu.kernel.jobs import facade as jobs  # noqa: PLC0415 - the same

        def sweep(progress: jobs.Progress) -> dict[str, int]:
            swept = sweep_orphans(now=datetime.fromisoformat(progress.payload["due_at"]))
            return {"removed": swept.removed, "young": swept.young}

        jobs.register_kind(jobs.JobKind("files.sweep", _("清理无人引用的文件内容"), sweep))
        jobs.register_schedule(jobs.Schedule("files.sweep", _("清理无人引用的文件内容"), "10 4 * * *", "files.sweep"))
