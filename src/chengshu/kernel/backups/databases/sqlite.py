"""SQLite: its online backup, which copies a consistent state while others write."""

import sqlite3
from contextlib import closing
from pathlib import Path

from django.db import connection
from django.db.backends.sqlite3.base import DatabaseWrapper

from chengshu.kernel.backups.errors import DatabaseToolFailed


class SqliteDatabase:
    """The embedded database; satisfies `contracts.Database`."""

    engine = "sqlite"

    def dump(self, target: Path) -> None:
        """Copy the database into a file.

        Raises:
            DatabaseToolFailed: the disk is full, or the database is damaged.
        """
        connection.ensure_connection()
        try:
            with closing(_open(str(target))) as copy:
                connection.connection.backup(copy)
                _check(copy)
        except sqlite3.Error as error:
            raise DatabaseToolFailed(f"数据库没有备份成：{error}") from error

    def load(self, source: Path) -> None:
        """Copy the file over the database in one transaction of SQLite's.

        Raises:
            DatabaseToolFailed: the copy is damaged, or another process holds the database.
        """
        connection.ensure_connection()
        try:
            with closing(_open(f"{source.resolve().as_uri()}?mode=ro")) as copy:
                _check(copy)
                copy.backup(connection.connection)
        except sqlite3.Error as error:
            raise DatabaseToolFailed(f"数据库没有恢复成：{error}") from error
        connection.close()


def _open(place: str) -> sqlite3.Connection:
    """Open a copy with the functions of Django, which constraints of ours may call when SQLite checks them."""
    own = DatabaseWrapper({**connection.settings_dict, "NAME": place, "OPTIONS": {}})
    opened: sqlite3.Connection = own.get_new_connection(own.get_connection_params())
    return opened


def _check(database: sqlite3.Connection) -> None:
    """Ask SQLite whether the copy is sound.

    Raises:
        DatabaseToolFailed: it is not.
    """
    (verdict,) = database.execute("PRAGMA quick_check").fetchone()
    if verdict != "ok":
        raise DatabaseToolFailed(f"数据库副本有损坏：{verdict}")
