"""Texts of statements parsed and read; what the parser does not take is told in Chinese, with the line."""

import re

import sqlglot
from sqlglot import exp
from sqlglot.errors import ParseError, SqlglotError, TokenError

from chengshu.dataplane.errors import StatementUnreadable
from chengshu.dataplane.lineage.columns import Reading
from chengshu.dataplane.lineage.known import KnownTables
from chengshu.dataplane.lineage.mending import mend_after, mend_before
from chengshu.dataplane.lineage.statements import read_statement
from chengshu.dataplane.lineage.variables import Sight

sqlglot.logger.setLevel("ERROR")  # that it takes a statement as a bare command is told here, as a reason

_JOIN = re.compile(r"\bjoin\b", re.IGNORECASE)
_JOIN_CONDITION = re.compile(r"\b(?:on|using|cross\s+join|natural)\b", re.IGNORECASE)
_WANTED = re.compile(r"Expect(?:ing|ed) (?P<what>\S+)(?: after \w+)?\Z")
_BARE_JOINS = 12
"""The parser tries every way to nest joins without condition: each one more doubles its time."""

UNREAD = ""
"""The kind of a statement of which nothing could be read."""

Parsed = exp.Expr | Reading
"""A statement parsed, or the reading that says why it cannot be."""


def parse_statement(text: str, dialect: str, line: int) -> Parsed:
    """Parse the text of one statement, which begins on a line of its script."""
    if len(_JOIN.findall(text)) - len(_JOIN_CONDITION.findall(text)) > _BARE_JOINS:
        return unread(f"有 {_BARE_JOINS} 个以上的 JOIN 没有写 ON 或 USING，无法解析；请补上条件，或写 CROSS JOIN")
    tree = _parse_text(mend_before(text, dialect), dialect, line)
    if isinstance(tree, Reading | exp.Command):
        mended = mend_after(text)
        again = _parse_text(mended, dialect, line) if mended is not None else tree
        return tree if isinstance(again, Reading | exp.Command) else again
    return tree


def _parse_text(text: str, dialect: str, line: int) -> Parsed:
    try:
        trees = [tree for tree in sqlglot.parse(text, dialect=dialect) if tree is not None]
    except RecursionError:
        return unread("嵌套太深，无法解析")
    except (SqlglotError, ValueError, TypeError, AttributeError, LookupError, NotImplementedError) as error:
        # Not only its own errors: the parser itself stumbles over some texts that are no SQL.
        return unread(f"语法读不懂：{_tell_syntax(error, line)}")
    if len(trees) == 1:
        return trees[0]
    return unread("一条语句里读出了几条，分不开") if trees else Reading("EMPTY")


def _tell_syntax(error: Exception, line: int) -> str:
    """Say in Chinese what the parser stumbled over, and on which line of the script; `line` is the statement's first."""
    if isinstance(error, TokenError):
        return "引号或注释没有成对，或者有认不出的符号"
    if not isinstance(error, ParseError) or not error.errors:
        return first_line(error)
    found = error.errors[0]
    said = str(found.get("description"))
    place = f"第 {line + int(found.get('line') or 1) - 1} 行“{str(found.get('highlight'))[:40]}”附近"
    if said.startswith("Expected table name"):
        return f"{place}应当有表名"
    if (wanted := _WANTED.match(said)) is not None:
        return f"{place}缺少 {wanted['what']}"
    return f"{place}{'没有写完' if said.startswith('Required keyword') else '不合语法'}"


def first_line(error: Exception) -> str:
    """Give what an error says first."""
    text = str(error).strip().splitlines()
    return text[0][:200] if text else type(error).__name__


def read_parsed(tree: Parsed, known: KnownTables, sight: Sight | None = None) -> Reading:
    """Read a statement, or give the reading that says why it cannot be; `sight` holds the variables around it."""
    if isinstance(tree, Reading):
        return tree
    try:
        return read_statement(tree, known, sight)
    except StatementUnreadable as fault:
        return unread(fault.message)
    except RecursionError:
        return unread("嵌套太深，无法解析")
    except (ValueError, TypeError, AttributeError, LookupError) as error:
        # One statement of a shape that nobody foresaw must not take thousands of others with it.
        return unread(f"没有读成这条语句（{type(error).__name__}：{first_line(error)}）")


def unread(reason: str) -> Reading:
    """Give the reading of which only this is told."""
    return Reading(UNREAD, faults=(reason,))
