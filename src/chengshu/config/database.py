"""Records: SQLite in the data folder by default, PostgreSQL by DATABASE_URL."""

from typing import Any

import dj_database_url

from chengshu.config import env

_SQLITE_OPTIONS = {
    # Readers go on while one writes; a writer waits for its turn instead of failing half-way through a transaction.
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
}


def _database() -> dict[str, Any]:
    url = env.read(env.DATABASE_URL) or f"sqlite:///{env.read(env.VAR_DIR) / 'chengshu.sqlite3'}"
    database: dict[str, Any] = dict(dj_database_url.parse(url, conn_max_age=60, conn_health_checks=True))
    if database["ENGINE"] == "django.db.backends.sqlite3":
        database["OPTIONS"] = {**database.get("OPTIONS", {}), **_SQLITE_OPTIONS}
    return database


env.read(env.VAR_DIR).mkdir(parents=True, exist_ok=True)

DATABASES = {"default": _database()}
