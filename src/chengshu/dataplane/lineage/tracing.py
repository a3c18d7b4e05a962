"""Scripts traced from first to last: each statement with its reading, tables made on the way known to later ones."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import sqlglot
from sqlglot import exp
from sqlglot.errors import ParseError, SqlglotError, TokenError

from chengshu.dataplane.errors import StatementUnreadable
from chengshu.dataplane.lineage.columns import Reading
from chengshu.dataplane.lineage.known import KnownTables
from chengshu.dataplane.lineage.mending import mend_after, mend_before
from chengshu.dataplane.lineage.naming import Naming
from chengshu.dataplane.lineage.splitting import Statement, split_statements
from chengshu.dataplane.lineage.statements import read_statement

sqlglot.logger.setLevel("ERROR")  # that it takes a statement as a bare command is told here, as a reason

_JOIN = re.compile(r"\bjoin\b", re.IGNORECASE)
_JOIN_CONDITION = re.compile(r"\b(?:on|using|cross\s+join|natural)\b", re.IGNORECASE)
_WANTED = re.compile(r"Expect(?:ing|ed) (?P<what>\S+)(?: after \w+)?\Z")
_BARE_JOINS = 12
"""The parser tries every way to nest joins without condition: each one more doubles its time."""

UNREAD = ""
"""The kind of a statement of which nothing could be read."""


@dataclass(frozen=True, slots=True)
class Script:
    """A text of statements, and the name that answers give it by."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Traced:
    """A statement of a script with what was read of it; its kind is UNREAD where nothing was."""

    script: str
    number: int
    line: int
    reading: Reading


def trace_scripts(
    scripts: Iterable[Script], *, dialect: str, schema: Mapping[str, Mapping[str, str]] | None = None
) -> list[Traced]:
    """Trace all statements in order.

    Tables and views that a statement makes are known to those after it. A statement that lacked a table's columns is
    read once more at the end, for scripts are not always named in the order that they run in. `schema` is tables,
    their columns and types.
    """
    known = KnownTables(Naming(dialect))
    known.add_schema(schema or {})
    traced: list[Traced] = []
    waiting: dict[int, exp.Expr] = {}
    for script in scripts:
        for statement in split_statements(script.text, dialect):
            tree = _parse(statement, dialect)
            reading = _read(tree, known)
            if reading.faults and isinstance(tree, exp.Expr):
                waiting[len(traced)] = tree
            traced.append(Traced(script.name, statement.number, statement.line, reading))
    return _read_again(traced, waiting, known)


def _read_again(traced: list[Traced], waiting: dict[int, exp.Expr], known: KnownTables) -> list[Traced]:
    """Read what had faults with all tables known, as long as something comes of it: backwards, forwards, and again."""
    progress = True
    while waiting and progress:
        progress = False
        waiting = dict(reversed(waiting.items()))
        for place, tree in list(waiting.items()):
            reading = _read(tree, known)
            if len(reading.faults) < len(traced[place].reading.faults):
                traced[place] = replace(traced[place], reading=reading)
                progress = True
            if not reading.faults:
                del waiting[place]
    return traced


def _parse(statement: Statement, dialect: str) -> exp.Expr | Reading:
    """Parse a statement, or give the reading that says why it cannot be."""
    if statement.is_routine:
        return _unread("程序体（存储过程、函数、触发器、匿名块）不逐句解析；请把其中的语句单独给出")
    if len(_JOIN.findall(statement.text)) - len(_JOIN_CONDITION.findall(statement.text)) > _BARE_JOINS:
        return _unread(f"有 {_BARE_JOINS} 个以上的 JOIN 没有写 ON 或 USING，无法解析；请补上条件，或写 CROSS JOIN")
    tree = _parse_text(mend_before(statement.text, dialect), dialect, statement.line)
    if isinstance(tree, Reading | exp.Command):
        mended = mend_after(statement.text)
        again = _parse_text(mended, dialect, statement.line) if mended is not None else tree
        return tree if isinstance(again, Reading | exp.Command) else again
    return tree


def _parse_text(text: str, dialect: str, line: int) -> exp.Expr | Reading:
    try:
        trees = [tree for tree in sqlglot.parse(text, dialect=dialect) if tree is not None]
    except RecursionError:
        return _unread("嵌套太深，无法解析")
    except (SqlglotError, ValueError, TypeError, AttributeError, LookupError, NotImplementedError) as error:
        # Not only its own errors: the parser itself stumbles over some texts that are no SQL.
        return _unread(f"语法读不懂：{_tell_syntax(error, line)}")
    if len(trees) == 1:
        return trees[0]
    return _unread("一条语句里读出了几条，分不开") if trees else Reading("EMPTY")


def _tell_syntax(error: Exception, line: int) -> str:
    """Say in Chinese what the parser stumbled over, and on which line of the script; `line` is the statement's first."""
    if isinstance(error, TokenError):
        return "引号或注释没有成对，或者有认不出的符号"
    if not isinstance(error, ParseError) or not error.errors:
        return _first_line(error)
    found = error.errors[0]
    said = str(found.get("description"))
    place = f"第 {line + int(found.get('line') or 1) - 1} 行“{str(found.get('highlight'))[:40]}”附近"
    if said.startswith("Expected table name"):
        return f"{place}应当有表名"
    if (wanted := _WANTED.match(said)) is not None:
        return f"{place}缺少 {wanted['what']}"
    return f"{place}{'没有写完' if said.startswith('Required keyword') else '不合语法'}"


def _first_line(error: Exception) -> str:
    text = str(error).strip().splitlines()
    return text[0][:200] if text else type(error).__name__


def _read(tree: exp.Expr | Reading, known: KnownTables) -> Reading:
    if isinstance(tree, Reading):
        return tree
    try:
        return read_statement(tree, known)
    except StatementUnreadable as fault:
        return _unread(fault.message)
    except RecursionError:
        return _unread("嵌套太深，无法解析")
    except (ValueError, TypeError, AttributeError, LookupError) as error:
        # One statement of a shape that nobody foresaw must not take thousands of others with it.
        return _unread(f"没有读成这条语句（{type(error).__name__}：{_first_line(error)}）")


def _unread(reason: str) -> Reading:
    return Reading(UNREAD, faults=(reason,))
