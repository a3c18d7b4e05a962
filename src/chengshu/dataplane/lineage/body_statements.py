"""The statements of a body, PL/SQL's, PL/pgSQL's and MySQL's alike: what each begins with says how it is taken."""

from collections.abc import Callable
from typing import Final

from chengshu.dataplane.lineage.bodies import Cutter, StepKind
from chengshu.dataplane.lineage.body_words import Phrase, unquote
from chengshu.dataplane.lineage.variables import Frame, Name

SQL_WORDS: Final = frozenset(
    {"INSERT", "UPDATE", "DELETE", "MERGE", "SELECT", "WITH", "REPLACE", "TRUNCATE", "CREATE", "DROP", "ALTER", "("}
    | {"COPY", "LOAD", "RENAME", "VALUES", "TABLE", "GRANT", "REVOKE", "ANALYZE", "COMMENT", "REFRESH", "IMPORT"}
)
_QUERIES: Final = frozenset({"SELECT", "WITH", "(", "VALUES", "TABLE"})
_VERBS: Final = frozenset({"SELECT", "INSERT", "UPDATE", "DELETE", "MERGE", "REPLACE", "VALUES", "TABLE"})
_DYNAMIC: Final = "动态 SQL（{0}）的文本运行时才拼成，无从得知它写什么"
_HARMLESS: Final = (
    *("dbms_output.", "dbms_stats.", "dbms_lock.", "dbms_session.", "dbms_application_info.", "dbms_random."),
    *("dbms_alert.", "dbms_profiler.", "dbms_utility.format", "raise_application_error", "dbms_sql.close"),
    *("dbms_sql.define", "dbms_sql.bind", "dbms_sql.column_value", "pg_", "set_config", "nextval", "setval"),
)
"""What the beginnings of the names of routines that write no table are."""
_COLLECTION_METHODS: Final = frozenset({"extend", "delete", "trim"})


def take_statement(cutter: Cutter) -> None:
    """Take the statement here, or the head of one that holds others."""
    word = cutter.peek()
    taken = _STATEMENTS.get(word)
    if word == ";":
        cutter.at += 1
    elif _skip_label(cutter):
        return
    elif taken is not None and not _is_assigned(cutter):
        taken(cutter)
    elif word in SQL_WORDS and not _is_assigned(cutter):
        take_sql(cutter)
    else:
        _take_other(cutter)


def _is_assigned(cutter: Cutter) -> bool:
    return cutter.peek(1) == ":" and cutter.peek(2) == "="


def _skip_label(cutter: Cutter) -> bool:
    if cutter.peek() == "<" and cutter.peek(1) == "<":
        cutter.at += 5  # << name >>
        return True
    if cutter.peek(1) == ":" and cutter.peek(2) != "=":  # name: BEGIN
        cutter.at += 2
        return True
    return False


def _is_record_set(phrase: Phrase) -> bool:
    place = phrase.find({"SET"})
    return place is not None and [word.upper for word in phrase.words[place + 1 : place + 3]] == ["ROW", "="]


def take_sql(cutter: Cutter, phrase: Phrase | None = None) -> None:
    """Take a statement of SQL; what it puts into variables is noted beside it."""
    phrase = cutter.take_statement() if phrase is None else phrase
    verb = phrase.find(_VERBS)
    if verb is not None and phrase.words[verb].upper == "SELECT" and phrase.first in {"SELECT", "WITH"}:
        _take_query(cutter, phrase, verb)
        return
    if _is_record_set(phrase):
        cutter.add(StepKind.UNREAD, phrase, "SET ROW 按整条记录改写，没有写明各列")
        return
    returning = phrase.find({"RETURNING", "RETURN"})
    into = phrase.find({"INTO"}, returning) if returning is not None else None
    if returning is None or into is None or verb is None:
        cutter.add(StepKind.SQL, phrase)
        return
    cutter.add(StepKind.SQL, phrase.part(0, returning))
    listed = phrase.part(returning + 1, into - 2 if phrase.words[into - 1].upper == "COLLECT" else into)
    after = phrase.part(verb + 1)
    table = after.part(1 if after.first in {"INTO", "FROM", "ONLY"} else 0)
    text = f"SELECT {listed.sql()} FROM {_table_text(table)}"  # noqa: S608 - parsed, never run
    cutter.add(StepKind.FILL, phrase, text, _targets(phrase.part(into + 1)))


def _table_text(phrase: Phrase) -> str:
    stop = 1
    while stop + 1 < len(phrase.words) and phrase.words[stop].text == ".":
        stop += 2
    return phrase.part(0, stop).sql()


def _take_query(cutter: Cutter, phrase: Phrase, verb: int) -> None:
    """Take a query; with INTO, its row goes into variables and not to whoever called."""
    into = phrase.find({"INTO"}, verb)
    if into is None or phrase.part(into + 1).first in {"OUTFILE", "DUMPFILE"}:
        cutter.add(StepKind.SQL, phrase)
        return
    start = into + 1 + (phrase.part(into + 1).first == "STRICT")
    stop = _end_of_targets(phrase, start)
    before = into - 2 if phrase.words[into - 1].upper == "COLLECT" else into
    text = f"{phrase.part(0, before).sql()} {phrase.part(stop).sql()}"
    targets = _targets(phrase.part(start, stop))
    row = next((target for target in targets if cutter.frame.find_row(target[0])[0]), None)
    if row is not None:
        reason = f"查询的值写入触发器所在行的 {row[-1]}，还读不懂这种写法" if len(targets) > 1 else None
        cutter.add(StepKind.UNREAD if reason else StepKind.ROW, phrase, reason or text, targets)
        return
    cutter.add(StepKind.INTO, phrase, text, targets)


def _end_of_targets(phrase: Phrase, place: int) -> int:
    """Give where a list of variables ends: behind a name that no comma, dot or bracket follows."""
    words, depth, is_named = phrase.words, 0, False
    while place < len(words):
        text = words[place].text
        if depth == 0 and is_named and text not in {",", ".", "(", "["}:
            return place
        depth += (text in "([") - (text in ")]")
        is_named = depth == 0 and (words[place].is_name or text in ")]")
        place += 1
    return place


def _targets(phrase: Phrase) -> tuple[Name, ...]:
    return tuple(name for item in phrase.items() if (name := item.name()))


def _take_other(cutter: Cutter) -> None:
    """Take an assignment or a call; everything else could write, and is told of."""
    phrase = cutter.take_statement()
    colon = phrase.find({":"}, 1)
    equals = phrase.find({"="}, 1)
    is_colon = colon is not None and equals == colon + 1
    if colon is not None and is_colon:
        _assign(cutter, phrase.part(0, colon), phrase.part(colon + 2))
    elif equals is not None and cutter.naming.dialect == "postgres":
        _assign(cutter, phrase.part(0, equals), phrase.part(equals + 1))
    elif phrase and phrase.words[0].is_name:
        _call(cutter, phrase)
    elif phrase:
        cutter.add(StepKind.UNREAD, phrase, f"读不懂以“{phrase.words[0].text[:40]}”开头的语句，不知道它写什么")


def _assign(cutter: Cutter, target: Phrase, value: Phrase) -> None:
    name = target.name()
    kind = StepKind.ROW if len(name) > 1 and cutter.frame.find_row(name[0])[0] else StepKind.FILL
    if name and value:
        cutter.add_value(kind, value, (name,))


def _call(cutter: Cutter, phrase: Phrase) -> None:
    name = phrase.name()
    told = ".".join(name).lower()
    is_method = name[-1].lower() in _COLLECTION_METHODS and cutter.frame.find(name[0]) is not None
    if not (is_method or told.startswith(_HARMLESS)):
        cutter.add(StepKind.CALL, phrase, told, (name,))


def _take_dynamic(cutter: Cutter) -> None:
    """Take EXECUTE: a text that stands there whole is read as a statement, every other one cannot be."""
    verb = "EXECUTE IMMEDIATE" if cutter.peek(1) == "IMMEDIATE" else "EXECUTE"
    phrase = cutter.take_statement()
    given = phrase.part(len(verb.split()))
    add_dynamic(cutter, given, verb)


def add_dynamic(cutter: Cutter, given: Phrase, verb: str) -> None:
    """Note a statement that is given as a text, and what it puts into variables."""
    end = given.find({"INTO", "USING", "RETURNING"})
    into = given.find({"INTO"})
    dialect = cutter.naming.dialect
    targets: tuple[Name, ...] = ()
    if into is not None:
        targets = _targets(given.part(into + 1, given.find({"USING"}, into)))
    whole = unquote(given.words[0].text, dialect) if len(given.part(0, end).words) == 1 else None
    if whole is None or given.find({"USING"}) is not None or whole.split(maxsplit=1)[:1] in (["BEGIN"], ["DECLARE"]):
        cutter.add(StepKind.UNREAD, given, _DYNAMIC.format(verb), targets)
    else:
        cutter.add(StepKind.INTO if targets else StepKind.SQL, given, whole, targets)


def _take_for(cutter: Cutter) -> None:
    """Take the head of FOR … IN … LOOP; the loop's record is made of the query's columns."""
    cutter.at += 1
    head = cutter.take_until("LOOP")
    place = head.find({"IN"}) or 0
    names, source = head.part(0, place), head.part(place + 1)
    frame = Frame(cutter.frame)
    targets = _targets(names)
    cutter.open("LOOP", frame)
    for name in targets:
        if cutter.naming.dialect == "oracle" or cutter.frame.find(name[0]) is None:
            frame.declare(name[0])
    is_range = any(one.text == two.text == "." for one, two in zip(source.words, source.words[1:], strict=False))
    if source.first == "EXECUTE":
        add_dynamic(cutter, source.part(1), "EXECUTE")
        cutter.add(StepKind.FILL, head, "", targets)
    elif source.first in {"INSERT", "UPDATE", "DELETE"}:
        take_sql(cutter, source)
        cutter.add(StepKind.FILL, head, "", targets)
    elif not (is_range or source.first in {"REVERSE", "INDICES", "VALUES", "PAIRS"}):
        add_fill(cutter, source, targets)


def add_fill(cutter: Cutter, source: Phrase, targets: tuple[Name, ...]) -> None:
    """Note that variables take the rows of a query, or those of a cursor with or without arguments."""
    inner = source.within_brackets() if source.first == "(" else source
    if inner.first in _QUERIES:
        cutter.add(StepKind.FILL, source, inner.sql(), targets)
    else:
        cutter.add_row_of(source, source.name(), targets)


def _take_foreach(cutter: Cutter) -> None:
    cutter.at += 1
    head = cutter.take_until("LOOP")
    cutter.open("LOOP", Frame(cutter.frame))
    place = head.find({"ARRAY"})
    if place is not None:
        cutter.add_value(StepKind.FILL, head.part(place + 1), (head.name(),))


def _take_forall(cutter: Cutter) -> None:
    cutter.frame.declare(cutter.fold(cutter.peek(1)))
    while not cutter.is_done and cutter.peek() not in {"INSERT", "UPDATE", "DELETE", "MERGE", "EXECUTE", ";"}:
        cutter.at += 1


def _take_open(cutter: Cutter) -> None:
    phrase = cutter.take_statement()
    place = phrase.find({"FOR"})
    if place is None:
        return
    name, query = phrase.part(1).name(), phrase.part(place + 1)
    if query.first in _QUERIES:
        cutter.add(StepKind.SQL, query)
        cutter.add(StepKind.FILL, query, targets=(name,))
    else:
        add_dynamic(cutter, query.part(1 if query.first == "EXECUTE" else 0), "OPEN … FOR")
        cutter.add(StepKind.FILL, query, "", (name,))


def _take_fetch(cutter: Cutter) -> None:
    phrase = cutter.take_statement()
    into = phrase.find({"INTO"})
    if into is None:
        return
    before = into - 2 if phrase.words[into - 1].upper == "COLLECT" else into
    stop = _end_of_targets(phrase, into + 1)
    cursor = phrase.part(before - 1, before).name()
    cutter.add_row_of(phrase, cursor, _targets(phrase.part(into + 1, stop)))


def _take_return(cutter: Cutter) -> None:
    phrase = cutter.take_statement()
    if phrase.part(1).first != "QUERY":
        return
    if phrase.part(2).first == "EXECUTE":
        add_dynamic(cutter, phrase.part(3), "RETURN QUERY EXECUTE")
    else:
        take_sql(cutter, phrase.part(2))


def _take_perform(cutter: Cutter) -> None:
    called = cutter.take_statement().part(1)
    if called.find({"("}) is not None and called.first not in SQL_WORDS:
        _call(cutter, called)


def _take_called(cutter: Cutter) -> None:
    _call(cutter, cutter.take_statement().part(1))


def _take_set(cutter: Cutter) -> None:
    """Take MySQL's SET of variables; elsewhere it is a setting of the session."""
    phrase = cutter.take_statement().part(1)
    if cutter.naming.dialect != "mysql":
        return
    for item in phrase.items():
        equals = item.find({"="})
        if equals:
            name = item.part(0, equals - 1 if item.words[equals - 1].text == ":" else equals)
            _assign(cutter, name, item.part(equals + 1))


def _begin(cutter: Cutter) -> None:
    cutter.at += 2 if cutter.peek(1) == "ATOMIC" else 1
    if cutter.is_declaring:
        cutter.blocks[-1].has_begun = True
    else:
        cutter.open("BEGIN", Frame(cutter.frame) if cutter.naming.dialect == "mysql" else None)


def _end(cutter: Cutter) -> None:
    cutter.take_statement()
    cutter.close()


def _open_until(kind: str, *ends: str) -> Callable[[Cutter], None]:
    """Give what takes a word with the condition behind it, and opens a block; without a kind, another branch of one."""

    def take(cutter: Cutter) -> None:
        cutter.at += 1
        if ends:
            cutter.take_until(*ends)
        if kind:
            cutter.open(kind)
        else:
            cutter.branch()

    return take


def _take_case(cutter: Cutter) -> None:
    cutter.at += 1
    cutter.take_until("WHEN")
    cutter.at -= 1
    cutter.open("CASE")


def _take_until(cutter: Cutter) -> None:
    while not cutter.is_done and cutter.peek() != "END":
        cutter.at += 1


def _pass(cutter: Cutter) -> None:
    cutter.take_statement()


_PASSED: Final = (
    *("NULL", "EXIT", "CONTINUE", "RAISE", "GOTO", "LEAVE", "ITERATE", "CLOSE", "COMMIT", "ROLLBACK", "SAVEPOINT"),
    *("ASSERT", "GET", "SIGNAL", "RESIGNAL", "PRAGMA", "MOVE", "DEALLOCATE", "PIPE", "PREPARE", "LOCK", "START"),
)
"""What writes no table: control of the run and of transactions. What is prepared is told of where it is executed."""
_STATEMENTS: Final[dict[str, Callable[[Cutter], None]]] = {
    **dict.fromkeys(_PASSED, _pass),
    "BEGIN": _begin,
    "END": _end,
    "EXCEPTION": _open_until(""),
    "ELSE": _open_until(""),
    "LOOP": _open_until("LOOP"),
    "REPEAT": _open_until("REPEAT"),
    "UNTIL": _take_until,
    "WHEN": _open_until("", "THEN"),
    "ELSIF": _open_until("", "THEN"),
    "ELSEIF": _open_until("", "THEN"),
    "IF": _open_until("IF", "THEN"),
    "WHILE": _open_until("LOOP", "LOOP", "DO"),
    "CASE": _take_case,
    "FOR": _take_for,
    "FOREACH": _take_foreach,
    "FORALL": _take_forall,
    "OPEN": _take_open,
    "FETCH": _take_fetch,
    "RETURN": _take_return,
    "PERFORM": _take_perform,
    "CALL": _take_called,
    "SET": _take_set,
    "EXECUTE": _take_dynamic,
}
