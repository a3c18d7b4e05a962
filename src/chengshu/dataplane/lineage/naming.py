"""Names as the dialects fold them: what is the same name, and how it is spelled in answers."""

from dataclasses import dataclass, field
from typing import Final

from sqlglot import exp

DIALECTS: Final = ("postgres", "mysql", "hive", "spark", "oracle", "duckdb", "tsql")
"""The dialects that statements are read in, by sqlglot's names."""

_RAISED = frozenset({"oracle"})
_SHOWN_LOWERED = frozenset({"postgres", "hive"})
_TABLES_BY_CASE = frozenset({"mysql"})
_QUOTES_MATTER = frozenset({"postgres", "oracle"})
_LATERAL_ALIASES = frozenset({"spark", "duckdb"})


@dataclass(slots=True)
class Naming:
    """Folds names as one dialect does.

    PostgreSQL keeps quoted names and lowers others, Oracle raises others, MySQL tells tables apart by case but not
    columns, and the rest do not look at case. A name is spelled as the given schema spells it; otherwise in lower
    case where the dialect shows it so (PostgreSQL, Hive), and elsewhere as it was first written.
    """

    dialect: str
    _spelled: dict[str, str] = field(default_factory=dict)

    @property
    def has_lateral_aliases(self) -> bool:
        """Say whether an output may be named further right in the same list of a query."""
        return self.dialect in _LATERAL_ALIASES

    def fold(self, name: str, *, quoted: bool = False) -> str:
        """Give the form by which columns and aliases are matched."""
        if quoted and self.dialect in _QUOTES_MATTER:
            return name
        return name.upper() if self.dialect in _RAISED else name.lower()

    def fold_table(self, name: str, *, quoted: bool = False) -> str:
        """Give the form by which tables are matched."""
        return name if self.dialect in _TABLES_BY_CASE else self.fold(name, quoted=quoted)

    def key_of(self, identifier: exp.Expr) -> str:
        """Fold an identifier, or the name that a column or alias carries."""
        part = identifier if isinstance(identifier, exp.Identifier) else identifier.args.get("alias", identifier.this)
        if isinstance(part, exp.Identifier):
            return self.fold(part.name, quoted=bool(part.args.get("quoted")))
        return self.fold(identifier.alias_or_name)

    def table_parts(self, table: exp.Table) -> tuple[str, ...]:
        """Fold the parts of a table's name, from the catalogue down."""
        return tuple(self.fold_table(write_part(part), quoted=bool(part.args.get("quoted"))) for part in table.parts)

    def spell(self, key: str, written: str) -> str:
        """Give the spelling of a folded name in answers, where `written` is how it stands in the statement."""
        return key if self.dialect in _SHOWN_LOWERED else self._spelled.setdefault(key, written)

    def spell_folded(self, key: str) -> str:
        """Give the spelling of a name of which only the folded form is left."""
        return self.spell(key, key.lower())


def write_part(part: exp.Expr) -> str:
    """Give a part of a table's name as it is written: T-SQL tells temporary tables by a mark before the name."""
    return f"#{part.name}" if part.args.get("temporary") else part.name
