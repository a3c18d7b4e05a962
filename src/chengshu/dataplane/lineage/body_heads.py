"""Routines cut into steps: what stands before a body (names, parameters, a trigger's table), and declarations."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from chengshu.dataplane.errors import StatementUnreadable
from chengshu.dataplane.lineage.bodies import Cutter, Step, StepKind
from chengshu.dataplane.lineage.body_statements import SQL_WORDS, add_fill, take_statement
from chengshu.dataplane.lineage.body_words import Phrase, unquote
from chengshu.dataplane.lineage.naming import Naming
from chengshu.dataplane.lineage.splitting import Statement
from chengshu.dataplane.lineage.variables import Frame

DIALECTS_WITH_BODIES: Final = frozenset({"oracle", "postgres", "mysql"})
"""The dialects whose bodies are read."""
_MODES: Final = frozenset({"IN", "OUT", "INOUT", "VARIADIC"})
_GIVEN: Final = {
    "oracle": ("sql", "sqlcode", "sqlerrm", "inserting", "updating", "deleting", "true", "false", "null"),
    "postgres": (
        *("found", "sqlstate", "sqlerrm", "tg_op", "tg_name", "tg_when", "tg_level", "tg_relid"),
        *("tg_table_name", "tg_table_schema", "tg_relname", "tg_nargs", "tg_argv"),
    ),
}
"""Variables that are there without being declared."""
_BODY_STARTS: Final = (SQL_WORDS - {"COMMENT", "("}) | {
    "BEGIN",
    "SET",
    "CALL",
    "IF",
    "CASE",
    "LOOP",
    "WHILE",
    "REPEAT",
    "RETURN",
    "DECLARE",
}
_BOUND: Final = re.compile(r":(?=\s*[^\W\d])")
_TRIGGER: Final = re.compile(r"\s*create\b[^;(]{0,200}?\btrigger\b", re.IGNORECASE)
_TRIGGER_OF_FUNCTION: Final = re.compile(
    r"\bcreate\s+(?:or\s+replace\s+)?(?:constraint\s+)?trigger\b[^;]*?\son\s+(?P<table>[\w.\"]+)[^;]*?"
    r"\bexecute\s+(?:function|procedure)\s+(?P<function>[\w.\"]+)",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Routine:
    """A routine cut into steps: the numbers of its loops, its name and those of the routines within."""

    steps: list[Step] = field(default_factory=list)
    loops: set[int] = field(default_factory=set)
    names: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Heads:
    """Cuts the routines of one script; variables of a package's head are known in its body."""

    naming: Naming
    script: str
    _packages: dict[str, Frame] = field(default_factory=dict)

    def cut(self, statement: Statement) -> Routine:
        """Cut a routine into steps.

        Raises StatementUnreadable for a body in a language that is not read.
        """
        root = Frame()
        for name in _GIVEN.get(self.naming.dialect, ()):
            root.declare(self.naming.fold(name), gives_way=True)
        text = statement.text
        if self.naming.dialect == "oracle" and _TRIGGER.match(text):
            text = _BOUND.sub(" ", text)  # the row that it is called for is named as a variable is
        cutter = Cutter(text, self.naming, statement.line, root)
        routine = Routine(cutter.steps, cutter.loops, cutter.routines)
        kind = self._take_head(cutter)
        if kind == "ALTER":
            return routine
        if self.naming.dialect == "postgres":
            self._cut_text(cutter, kind)
        else:
            run_through(cutter)
        return routine

    def _take_head(self, cutter: Cutter) -> str:
        """Take what stands before the body, and give what kind of routine it is."""
        if cutter.peek() == "ALTER":
            return "ALTER"
        if cutter.peek() != "CREATE":
            return cutter.peek()
        cutter.take_until("PROCEDURE", "FUNCTION", "PACKAGE", "TRIGGER", "EVENT", "BODY")
        kind = cutter.words[cutter.at - 1].upper if cutter.at <= len(cutter.words) else ""
        cutter.at += cutter.peek() == "BODY"
        if (cutter.peek(), cutter.peek(1), cutter.peek(2)) == ("IF", "NOT", "EXISTS"):
            cutter.at += 3
        name = cutter.rest().name()
        called = name[-1].lower() if name else ""
        if kind in {"PROCEDURE", "FUNCTION"}:
            cutter.routines.add(called)
        cutter.at += 2 * len(name) - 1
        if kind in {"PACKAGE", "BODY"}:
            frame = self._packages.setdefault(called, Frame(cutter.frame))
            _open_package(cutter, frame)
        elif kind == "TRIGGER":
            _take_trigger(cutter)
        elif kind == "EVENT":
            cutter.take_until("DO")
        else:
            self._take_parameters(cutter)
        return kind

    def _take_parameters(self, cutter: Cutter) -> None:
        if self.naming.dialect == "oracle":
            open_routine(cutter)
            return
        frame = Frame(cutter.frame)
        declare_parameters(cutter, frame)
        cutter.open("HEAD", frame)
        if self.naming.dialect == "mysql":
            _pass_to_body(cutter)

    def _cut_text(self, cutter: Cutter, kind: str) -> None:
        """Cut a body of PostgreSQL, which is a text within the statement; BEGIN ATOMIC stands there as it is."""
        if kind == "TRIGGER":
            return  # it names a function that stands elsewhere
        phrase = cutter.rest()
        language = phrase.find({"LANGUAGE"})
        told = phrase.words[language + 1].text.strip("'\"").lower() if language is not None else ""
        if phrase.find({"ATOMIC"}) is not None:
            cutter.at += (phrase.find({"BEGIN"}) or 0) + 1 + 1
            run_through(cutter)
            return
        if (told or "plpgsql") not in {"plpgsql", "sql"}:
            raise StatementUnreadable(f"{told} 语言的程序体读不懂，不知道它写什么")
        as_ = phrase.find({"AS"})
        body = next((word for word in phrase.words[as_ or 0 :] if unquote(word.text, "postgres") is not None), None)
        if body is None:
            return
        text = unquote(body.text, "postgres") or ""
        opening = body.text.index("$", 1) + 1 if body.text.startswith("$") else 1
        lines = cutter.text.count("\n", 0, body.start + opening)
        inner = Cutter(
            text, self.naming, cutter.line + lines, cutter.frame, cutter.steps, cutter.loops, cutter.routines
        )
        if "RETURNS" in {word.upper for word in phrase.words} and (told or "plpgsql") == "plpgsql":
            self._declare_result(phrase, cutter)
        while inner.peek() == "#":
            inner.at += 3  # variable_conflict and its choice
        run_through(inner)

    def _declare_result(self, phrase: Phrase, cutter: Cutter) -> None:
        place = (phrase.find({"RETURNS"}) or 0) + 1
        result = phrase.part(place)
        if result.first == "TRIGGER":
            tables = {
                found["table"]
                for found in _TRIGGER_OF_FUNCTION.finditer(self.script)
                if found["function"].split(".")[-1].strip('"').lower() in cutter.routines
            }
            _declare_rows(cutter, ("new", "old"), tables.pop() if len(tables) == 1 else None)
        elif result.first == "TABLE":
            for item in result.part(1).within_brackets().items():
                for key in item.name()[:1]:
                    cutter.frame.declare(key, gives_way=True)


def run_through(cutter: Cutter) -> None:
    """Take everything that is left."""
    while not cutter.is_done:
        before = cutter.at
        if cutter.is_declaring:
            _take_declaration(cutter)
        elif cutter.naming.dialect != "mysql" and cutter.peek() == "DECLARE":
            cutter.at += 1
            cutter.open("DECLARE", Frame(cutter.frame))
        elif cutter.naming.dialect == "mysql" and cutter.peek() == "DECLARE":
            _take_declared(cutter)
        else:
            take_statement(cutter)
        cutter.at = max(cutter.at, before + 1)


def declare_parameters(cutter: Cutter, frame: Frame) -> None:
    """Declare what the brackets here list as parameters."""
    for item in cutter.take_brackets().items():
        names = [word for word in item.words[:2] if word.upper not in _MODES]
        if names:
            frame.declare(Phrase(item.text, names[:1], item.naming).name()[0]) if names[0].is_name else None


def open_routine(cutter: Cutter, name: str = "") -> None:
    """Open a procedure or function of PL/SQL behind its name; one that is only announced opens nothing."""
    frame = Frame(cutter.frame)
    declare_parameters(cutter, frame)
    cutter.take_until("IS", "AS", ";")
    if cutter.words[min(cutter.at, len(cutter.words)) - 1].text != ";":
        cutter.open("ROUTINE", frame)
        cutter.routines |= {name} if name else set()


def _open_package(cutter: Cutter, frame: Frame) -> None:
    cutter.take_until("IS", "AS")
    cutter.open("PACKAGE", frame)


def _take_trigger(cutter: Cutter) -> None:
    """Take a trigger's head: its rows are those of the table that it is called for."""
    naming = cutter.naming
    if naming.dialect == "postgres":
        return
    head = cutter.take_until("ON")
    table = cutter.rest().name()
    words = cutter.words[cutter.at : cutter.at + max(2 * len(table) - 1, 0)]
    cutter.at += len(words)
    frame = Frame(cutter.frame)
    is_of_schema = cutter.words[cutter.at - 1].upper in {"DATABASE", "SCHEMA"}
    names = ["new", "old", *([] if head.find({"INSTEAD"}) is None else ["parent"])]
    start = cutter.at
    _pass_to_body(cutter)
    referencing = Phrase(cutter.text, cutter.words[start : cutter.at], naming)
    if (place := referencing.find({"REFERENCING"})) is not None:
        names += _aliases(referencing.part(place + 1))
    cutter.open("HEAD", frame)
    if not is_of_schema:
        _declare_rows(cutter, tuple(names), Phrase(cutter.text, words, naming).sql())
    if cutter.peek() == "COMPOUND":
        cutter.at += 2
        cutter.open("PACKAGE", Frame(cutter.frame))


def _aliases(phrase: Phrase) -> Iterator[str]:
    """Give the names that REFERENCING gives to the rows."""
    for place, word in enumerate(phrase.words[:8]):
        if word.upper in {"NEW", "OLD", "PARENT"} and place + 1 < len(phrase.words):
            after = phrase.words[place + 1 + (phrase.words[place + 1].upper == "AS")]
            yield after.text


def _declare_rows(cutter: Cutter, names: tuple[str, ...], table: str | None) -> None:
    """Declare the rows that a trigger is called for; without a table, nothing is known of them."""
    for name in names:
        key = cutter.naming.fold(name)
        cutter.frame.declare(key)
        cutter.frame.row_tables[key] = table
        text = f"SELECT * FROM {table}" if table is not None else ""  # noqa: S608 - parsed, never run
        cutter.add(StepKind.FILL, cutter.rest(), text, ((key,),))


def _pass_to_body(cutter: Cutter) -> None:
    """Pass what a head says beside names: options, WHEN (…), FOR EACH ROW; the body begins with a statement."""
    while not cutter.is_done:
        word = cutter.peek()
        if word == "(":
            cutter.take_brackets()
            continue
        is_charset = word == "SET" and cutter.words[cutter.at - 1].upper == "CHARACTER"
        is_label = cutter.peek(1) == ":" and cutter.peek(2) in _BODY_STARTS
        if (word in _BODY_STARTS and not is_charset) or is_label or word == "COMPOUND":
            break
        cutter.at += 1


def _take_declaration(cutter: Cutter) -> None:
    """Take one declaration of PL/SQL or PL/pgSQL, or the BEGIN or END that ends them."""
    word = cutter.peek()
    if word in {"BEGIN", "END"}:
        take_statement(cutter)
    elif word in {"MEMBER", "STATIC", "CONSTRUCTOR", "MAP", "ORDER", "OVERRIDING", "FINAL", "DECLARE"}:
        cutter.at += 1
    elif word in {"PROCEDURE", "FUNCTION"}:
        name = cutter.peek(1).lower()
        cutter.at += 2
        open_routine(cutter, name)
    elif word in {"BEFORE", "AFTER", "INSTEAD"}:  # a part of a compound trigger
        open_routine(cutter)
    elif word in {"TYPE", "SUBTYPE", "PRAGMA", "<"}:
        cutter.take_statement() if word != "<" else take_statement(cutter)
    elif word == "CURSOR":
        cutter.at += 1
        _take_cursor(cutter, cutter.take_statement())
    else:
        _take_variable(cutter, cutter.take_statement())


def _take_variable(cutter: Cutter, phrase: Phrase) -> None:
    name = phrase.name()[:1]
    if not name:
        return
    if phrase.find({"CURSOR"}) is not None and phrase.find({"FOR", "IS"}) is not None:
        _take_cursor(cutter, phrase)
        return
    cutter.frame.declare(name[0])
    _add_default(cutter, phrase, name[0])


def _add_default(cutter: Cutter, phrase: Phrase, name: str) -> None:
    place = phrase.find({"DEFAULT", "="})
    if place is not None:
        cutter.add_value(StepKind.FILL, phrase.part(place + 1), ((name,),))


def _take_cursor(cutter: Cutter, phrase: Phrase) -> None:
    """Take a cursor's query, which sees the cursor's own parameters."""
    name = phrase.name()[:1]
    start = phrase.find({"FOR", "IS"})
    cutter.frame.declare(name[0])
    if start is None:
        return
    outside, cutter.frame = cutter.frame, Frame(cutter.frame, cutter.frame.routine)
    brackets = next((place for place, word in enumerate(phrase.words[:start]) if word.text == "("), None)
    if brackets is not None:
        for item in phrase.part(brackets).within_brackets().items():
            for key in item.name()[:1]:
                cutter.frame.declare(key)
    add_fill(cutter, phrase.part(start + 1), (name,))
    cutter.frame = outside


def _take_declared(cutter: Cutter) -> None:
    """Take a DECLARE of MySQL: variables, a cursor, or a handler with the statement that it runs."""
    cutter.at += 1
    if cutter.peek(1) == "HANDLER":
        cutter.at += 3
        while not cutter.is_done and (cutter.peek() not in _BODY_STARTS or cutter.peek(-1) == ","):
            cutter.at += 1
        return
    phrase = cutter.take_statement()
    if phrase.part(1).first == "CURSOR":
        _take_cursor(cutter, phrase)
        return
    for place, word in enumerate(phrase.words):
        if place == 0 or phrase.words[place - 1].text == ",":
            key = cutter.fold(word.text.strip("`"))
            cutter.frame.declare(key)
            _add_default(cutter, phrase, key)
        elif word.text != ",":
            break
