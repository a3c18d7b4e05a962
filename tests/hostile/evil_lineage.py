"""Lineage among tables and columns whose names are attacks, and the addresses of the pages about it."""

from urllib.parse import urlencode

from conftest import NOW
from django.urls import reverse
from hostile.evil_world import ATTACK

from chengshu.resources.facade import lineage_work
from chengshu.resources.facade.lineage import LineageTeller, ScriptGiven, ScriptsGiven, TellerKind

UNSEEN = ("\u202egnp.sql", "a\tb\nc")
"""A sign that lets what follows read backwards, and signs that break a line."""
NASTY = (
    ATTACK,
    "</title></svg><script>a()</script>",
    "'\"`><svg/onload=a()>&amp;&#x3c;",
    "{{ 7*7 }}{% debug %}${7*7}<%= 7*7 %>#{7*7}",
    "=cmd|' /C calc'!A0",
    "@SUM(1)",
    "javascript:a()//",
    "\u0633\u062c\u0644 \u0627\u0644\u0632\u0648\u0627\u062c",
    "长" * 390,
    "W" * 390,
)
HUB = NASTY[0]


def build_evil_lineage(unit: str) -> dict[str, str]:
    """Hand in scripts whose every name is an attack, build the graph, and give the addresses of its pages."""
    columns = ", ".join(f"{_quote(name)} as {_quote(name)}" for name in NASTY)
    made = [f"create table {_quote(HUB)} as select {columns} from {_quote('源' + HUB)};"]
    made += [
        f"create table {_quote(name)} as select * from {_quote(HUB)};" for name in (*NASTY, *UNSEEN) if name != HUB
    ]
    broken = f"select {_quote(ATTACK)} from where;"
    scripts = _hand_in(unit, TellerKind.SCRIPTS, f"{ATTACK}.sql", "\n".join([*made, broken]))
    _hand_in(unit, TellerKind.REPORTS, f"{ATTACK}.report.sql", f"select * from {_quote(NASTY[-1])}")
    lineage_work.build_graph()
    teller = {"teller_id": scripts.pk}
    asked = {"node": HUB, "column": HUB}
    return {
        "resources:lineage": f"{reverse('resources:lineage')}?{urlencode({'q': ATTACK[:6]})}",
        "resources:lineage-impact": _ask("impact", **asked),
        "resources:lineage-origins": _ask("origins", node=NASTY[-1]),
        "resources:lineage-graph": _ask("graph", **asked),
        "resources:lineage-teller": reverse("resources:lineage-teller", kwargs=teller),
        "resources:lineage-edition": reverse("resources:lineage-edition", kwargs=teller | {"number": 1}),
    }


def list_questions() -> list[str]:
    """Give the addresses of all questions about each table and each of its columns by name."""
    pages = ("impact", "origins", "graph")
    return [_ask(page, node=name, column=column) for page in pages for name in NASTY for column in ("", name)]


def _hand_in(unit: str, kind: TellerKind, name: str, text: str) -> LineageTeller:
    told = ScriptsGiven(f"{ATTACK}{kind.value}", unit, "postgres", (ScriptGiven(name, text),), kind)
    edition, _is_new = lineage_work.take_scripts(told, actor=None, now=NOW)
    return edition.teller


def _quote(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _ask(page: str, **asked: str) -> str:
    return f"{reverse(f'resources:lineage-{page}')}?{urlencode({key: value for key, value in asked.items() if value})}"
