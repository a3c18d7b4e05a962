"""`chengshu manage run_worker`: the process that does the background work."""

from django.core.management.base import BaseCommand

from chengshu.kernel.jobs.worker import run_worker


class Command(BaseCommand):
    """Starts the worker."""

    help = "运行后台任务，直到收到停止信号。chengshu serve 会自己启动它。"

    def handle(self, *_args: str, **_options: str) -> None:
        """Work until told to stop."""
        run_worker()
