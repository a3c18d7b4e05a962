"""Every text of the pages has English, and every translation keeps its variables."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
from django.conf import settings

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "chengshu"
CATALOGUES = sorted(SOURCE.rglob("locale/*/LC_MESSAGES/*.po"))
_APPS = [name for name in settings.INSTALLED_APPS if name.startswith("chengshu.")]
"""In the order in which their catalogues are asked."""


def test_no_text_is_without_english() -> None:
    command = [sys.executable, str(ROOT / "scripts" / "collect_messages.py"), "--check"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-5])
def test_translations_keep_their_variables(path: Path) -> None:
    variables = re.compile(r"%\(\w+\)[sd]|%s|\{\w*\}")
    faults = [
        entry.msgid
        for entry in polib.pofile(str(path))
        for text in [entry.msgstr, *entry.msgstr_plural.values()]
        if text and sorted(variables.findall(text)) != sorted(variables.findall(entry.msgid))
    ]
    assert faults == []


_HAN = re.compile(r"[\u3001-\u9fff\uff01-\uffee“”]")
_TAGS = re.compile(
    r"{#.*?#}|{%\s*comment\b.*?{%\s*endcomment\s*%}|{%\s*blocktrans(?:late)?\b.*?{%\s*endblocktrans(?:late)?\s*%}"
    r"|{%\s*trans(?:late)?\b.*?%}|_\((?P<quote>[\"']).*?(?P=quote)\)",
    re.DOTALL,
)
_SIGNS = re.compile("＋|－")
"""Signs of a button in a drawing, the same in every language."""


@pytest.mark.parametrize("app", ["resources"])
def test_no_page_has_chinese_of_its_own(app: str) -> None:
    templates = (SOURCE / app).rglob("templates/**/*.html")
    faults = {
        f"{path.name}: {line.strip()[:80]}"
        for path in templates
        for line in _SIGNS.sub("", _TAGS.sub("", path.read_text("utf-8"))).splitlines()
        if _HAN.search(line)
    }
    assert faults == set()


@pytest.mark.parametrize("app", ["resources"])
def test_no_script_has_chinese_of_its_own(app: str) -> None:
    scripts = {path: re.sub(r"//.*", "", path.read_text("utf-8")) for path in (SOURCE / app).rglob("static/**/*.js")}
    assert {path.name for path, text in scripts.items() if _HAN.search(text)} == set()


@pytest.mark.parametrize("app", ["resources"])
def test_what_pages_say_in_code_is_handed_to_gettext(app: str) -> None:
    faults = {
        f"{path.name}:{line}: {text}"
        for path in (SOURCE / app).rglob("ui/**/*.py")
        for line, text in _own_words(path.read_text("utf-8"))
        if text not in _TYPED
    }
    assert faults == set()


_TYPED = {"文字", "整数", "小数", "是否", "日期", "时刻", "必填"}
"""Words that people type to describe a column, and that are read; the English page explains them."""


def _own_words(source: str) -> Iterator[tuple[int, str]]:
    """Give the Chinese texts of code that are no docstring and not handed to gettext, with their lines."""
    tree = ast.parse(source)
    called = {"_"} | {
        name.asname or name.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for name in node.names
    }
    handed = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and getattr(node.func, "id", "") in called]
    said = [node for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)]
    known = {part for node in (*handed, *said) for part in ast.walk(node)}
    for node in ast.walk(tree):
        own = node.value if isinstance(node, ast.Constant) and node not in known else None
        if isinstance(own, str) and re.search(r"[\u3400-\u9fff]", own):
            yield getattr(node, "lineno", 0), own


@pytest.mark.parametrize("app", ["resources"])
def test_no_other_catalogue_puts_its_english_before_this_ones(app: str) -> None:
    """One text has one English in the whole house: the first catalogue wins, so the others have to agree with it."""
    order = [SOURCE / "locale", *(SOURCE / name.partition(".")[2].replace(".", "/") / "locale" for name in _APPS)]
    won: dict[str, str] = {}
    for folder in order:
        path = folder / "en" / "LC_MESSAGES" / "django.po"
        for entry in polib.pofile(str(path)) if path.exists() else ():
            english = entry.msgstr or str(sorted(entry.msgstr_plural.items()))
            if won.setdefault(entry.msgid, english) != english and folder.parent == SOURCE / app:
                pytest.fail(f"{entry.msgid}: {english!r} here, but shown is {won[entry.msgid]!r}")
