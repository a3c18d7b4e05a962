"""Whether the site lives, and whether it can work; for the machinery that watches it."""

from collections.abc import Callable
from datetime import timedelta

import structlog
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from chengshu.kernel.jobs import facade as jobs

log = structlog.get_logger(__name__)

_WORKER_SILENCE = timedelta(seconds=60)


@require_safe
@never_cache
def live(request: HttpRequest) -> JsonResponse:  # noqa: ARG001 - Django calls views with the request
    """Answer 200 as long as the process answers at all."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def ready(request: HttpRequest) -> JsonResponse:  # noqa: ARG001 - Django calls views with the request
    """Answer 200 when database, migrations and worker are in order, else 503; each check says `ok` or `failed`."""
    checks = {name: _passes(name, check) for name, check in _CHECKS.items()}
    is_ready = all(checks.values())
    body = {
        "status": "ok" if is_ready else "failed",
        "checks": {name: "ok" if passed else "failed" for name, passed in checks.items()},
    }
    return JsonResponse(body, status=200 if is_ready else 503)


def _passes(name: str, check: Callable[[], bool]) -> bool:
    try:
        return check()
    except DatabaseError:
        log.warning("health_check_failed", check=name, exc_info=True)
        return False


def _database_answers() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone())


def _migrations_are_applied() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _worker_lives() -> bool:
    return jobs.has_live_worker(timezone.now(), timeout=_WORKER_SILENCE)


_CHECKS: dict[str, Callable[[], bool]] = {
    "database": _database_answers,
    "migrations": _migrations_are_applied,
    "worker": _worker_lives,
}
