"""What ends the reading of one statement, or of what is said about tables."""

from typing import ClassVar

from chengshu.dataplane.errors import DataplaneError


class StatementUnreadable(DataplaneError):
    """A statement, or a query within it, that no columns can be told of; the message says why."""

    code: ClassVar[str] = "STATEMENT_UNREADABLE"


class SchemaUnreadable(DataplaneError):
    """A description of tables that is not in the agreed form."""

    code: ClassVar[str] = "SCHEMA_UNREADABLE"
