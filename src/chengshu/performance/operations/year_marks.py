"""The database's own marks of years whose sums have changed (models/year_tallies.py).

SQLite drops a table's triggers when a migration makes the table anew: such a migration sets the marks up again.
"""

from django.db.backends.base.base import BaseDatabaseWrapper

_YEARS, _PAPERS = "performance_projectyear", "performance_evaluation"
_YEAR_COLUMNS = ("year", "unit_id", "initial_yuan", "budget_yuan", "executed_yuan")
_PAPER_COLUMNS = (
    "project_year_id", "state", "total", "grade", "error_count", "breach_count",
    "indicator_count", "indicator_weight", "evidence_count", "evidence_weight",
)  # fmt: skip
_SIDES = {"insert": ("new",), "update": ("old", "new"), "delete": ("old",)}


def install_marks(connection: BaseDatabaseWrapper) -> None:
    """Let the database mark unit and year whenever a year's money or its self-evaluation changes."""
    remove_marks(connection)
    build = _postgresql if connection.vendor == "postgresql" else _sqlite
    with connection.cursor() as cursor:
        for table, columns in ((_YEARS, _YEAR_COLUMNS), (_PAPERS, _PAPER_COLUMNS)):
            for event in _SIDES:
                for statement in build(table, columns, event):
                    cursor.execute(statement)


def remove_marks(connection: BaseDatabaseWrapper) -> None:
    """Take the triggers away: for a migration that changes the tables."""
    is_postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        for table in (_YEARS, _PAPERS):
            for event in _SIDES:
                cursor.execute(f"DROP TRIGGER IF EXISTS {_name(table, event)}{f' ON {table}' if is_postgresql else ''}")
                if is_postgresql:
                    cursor.execute(f"DROP FUNCTION IF EXISTS {_name(table, event)}()")


def _name(table: str, event: str) -> str:
    return f"{table}_mark_{event}"


def _mark(table: str, event: str) -> str:
    """Build the statement that marks where a row stood and where it stands: one mark where that is the same."""
    if table == _YEARS:
        places = [f"SELECT {side}.year, {side}.unit_id" for side in _SIDES[event]]
    else:
        found = "SELECT year, unit_id FROM performance_projectyear WHERE id ="
        places = [f"{found} {side}.project_year_id" for side in _SIDES[event]]
    return f"INSERT INTO performance_yearmark (year, unit_id) {' UNION '.join(places)};"


def _when(table: str, columns: tuple[str, ...], event: str) -> str:
    of = f" OF {', '.join(columns)}" if event == "update" else ""
    return f"AFTER {event.upper()}{of} ON {table} FOR EACH ROW"


def _sqlite(table: str, columns: tuple[str, ...], event: str) -> list[str]:
    when = _when(table, columns, event)
    return [f"CREATE TRIGGER {_name(table, event)} {when} BEGIN {_mark(table, event)} END"]


def _postgresql(table: str, columns: tuple[str, ...], event: str) -> list[str]:
    name, body = _name(table, event), _mark(table, event)
    return [
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} RETURN NULL; END $$",
        f"CREATE TRIGGER {name} {_when(table, columns, event)} EXECUTE FUNCTION {name}()",
    ]
