"""Keeps the web server and the worker running together, and ends both together."""

import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field

import structlog

log = structlog.get_logger(__name__)

_POLL_SECONDS = 0.2
_GRACE_SECONDS = 30.0
_SHORTEST_LIFE_SECONDS = 5.0
_LONGEST_PAUSE_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Service:
    """Where the web server listens and with how many processes it works."""

    host: str
    port: int
    workers: int


@dataclass(slots=True)
class _Child:
    """One child process; a pause before each new start grows while it keeps dying young."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    start_after: float = 0.0
    pause: float = 1.0

    def start(self) -> None:
        # A session of its own: Ctrl-C reaches the supervisor alone, which then ends the children in order.
        self.process = subprocess.Popen(self.command, start_new_session=True)  # noqa: S603 - our own commands
        self.started_at = time.monotonic()

    def keep_running(self) -> None:
        """Start the child again when it has died and its pause is over."""
        now = time.monotonic()
        if self.process is None:
            if now >= self.start_after:
                self.start()
            return
        code = self.process.poll()
        if code is None:
            return
        died_young = now - self.started_at < _SHORTEST_LIFE_SECONDS
        self.pause = min(self.pause * 2, _LONGEST_PAUSE_SECONDS) if died_young else 1.0
        log.warning("child_ended", child=self.name, code=code, restart_in_seconds=self.pause)
        self.process, self.start_after = None, now + self.pause


@dataclass(slots=True)
class Supervisor:
    """Runs until it is told to stop or the web server ends."""

    service: Service
    _is_stopping: bool = field(default=False, init=False)

    def run(self) -> int:
        """Start both, restart a dead worker, and return the exit code: 0 after a stop, else the server's."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        server = _Child("server", _server_command(self.service))
        worker = _Child("worker", [sys.executable, "-m", "chengshu", "manage", "run_worker"])
        server.start()
        worker.start()
        try:
            while not self._is_stopping:
                code = server.process.poll() if server.process else 1
                if code is not None:
                    log.error("server_ended", code=code)
                    return code or 1
                worker.keep_running()
                time.sleep(_POLL_SECONDS)
            return 0
        finally:
            _end([server, worker])

    def _stop(self, _number: int, _frame: object) -> None:
        self._is_stopping = True


def _server_command(service: Service) -> list[str]:
    options = {
        "--interface": "wsgi",
        "--host": service.host,
        "--port": str(service.port),
        "--workers": str(service.workers),
        "--blocking-threads": "4",
        "--log-level": "warning",
    }
    flags = [part for pair in options.items() for part in pair]
    return [
        sys.executable,
        "-m",
        "granian",
        *flags,
        "--no-ws",
        "--respawn-failed-workers",
        "chengshu.config.wsgi:application",
    ]


def _end(children: list[_Child]) -> None:
    """Ask all to end, give them the grace, then end them."""
    running = [child.process for child in children if child.process and child.process.poll() is None]
    for process in running:
        process.terminate()
    deadline = time.monotonic() + _GRACE_SECONDS
    for process in running:
        try:
            process.wait(timeout=max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
