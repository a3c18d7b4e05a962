"""The database's own refusal to change or remove what the audit keeps.

SQLite drops a table's triggers when a migration makes the table anew: such a migration installs the guards again.
"""

from django.db.backends.base.base import BaseDatabaseWrapper

TABLES = ("audit_entry", "audit_link", "audit_head")
_MESSAGE = "the audit is append-only"

_POSTGRESQL_FUNCTION = f"""
CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{_MESSAGE}' USING ERRCODE = 'restrict_violation'; END $$
"""


def install_guards(connection: BaseDatabaseWrapper) -> None:
    """Let the database refuse UPDATE, DELETE and TRUNCATE on the audit's tables."""
    remove_guards(connection)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_POSTGRESQL_FUNCTION)
        for table in TABLES:
            for statement in _guards_sql(connection.vendor, table):
                cursor.execute(statement)


def remove_guards(connection: BaseDatabaseWrapper) -> None:
    """Take the guards away: for a migration that changes the tables, and for databases of tests, which are emptied."""
    with connection.cursor() as cursor:
        for table in TABLES:
            for event in ("update", "delete", "truncate"):
                on_table = f" ON {table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{event}{on_table}")


def _guards_sql(vendor: str, table: str) -> list[str]:
    if vendor == "postgresql":
        return [
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION audit_refuse()",
            f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION audit_refuse()",
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} EXECUTE FUNCTION audit_refuse()",
        ]
    return [
        f"CREATE TRIGGER {table}_no_{event} BEFORE {event.upper()} ON {table} BEGIN SELECT RAISE(ABORT, '{_MESSAGE}'); END"
        for event in ("update", "delete")
    ]
