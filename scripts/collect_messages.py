"""Bring the English catalogues in step with the texts of the program; `--check` only tells what is missing.

Texts are Chinese in templates (`translate`, `blocktranslate`) and in code (`gettext` and its kin). Those of an app that
has a folder `locale` go to its own catalogue, all others to that of the house.
"""

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polib

SOURCE = Path(__file__).resolve().parents[1] / "src" / "chengshu"
# Every app with a folder `locale` has its own catalogue; the rest share that of the house.
CATALOGUES = {
    folder.parent: folder / "en" / "LC_MESSAGES" / "django.po"
    for folder in sorted(SOURCE.rglob("locale"))
    if folder.is_dir()
}
HEADER = {
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Language": "en",
    "Plural-Forms": "nplurals=2; plural=(n != 1);",
}
FUNCTIONS = {"gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "gettext_noop"}
_TRANSLATE = re.compile(r"""{%-?\s*trans(?:late)?\s+(?P<quote>["'])(?P<text>.+?)(?P=quote)""")
_INLINE = re.compile(r"""_\((?P<quote>["'])(?P<text>.+?)(?P=quote)\)""")
_BLOCK = re.compile(
    r"{%\s*blocktrans(?:late)?\b(?P<options>[^%]*)%}(?P<body>.*?){%\s*endblocktrans(?:late)?\s*%}", re.DOTALL
)
_PLURAL = re.compile(r"{%\s*plural\s*%}")
_VARIABLE = re.compile(r"{{\s*(\w+)\s*}}")


@dataclass(frozen=True, slots=True, order=True)
class Text:
    """A text of the program; `plural` is empty when it has none."""

    singular: str
    plural: str = ""


def main() -> int:
    """Update the catalogues, or with `--check` return 1 and name what they lack."""
    is_check = "--check" in sys.argv[1:]
    faults = 0
    for folder, path in CATALOGUES.items():
        texts = collect(folder)
        catalogue = polib.pofile(str(path), wrapwidth=110) if path.exists() else polib.POFile(wrapwidth=110)
        lacking = sorted(text for text in texts if not is_translated(catalogue, text))
        faults += len(lacking)
        for text in lacking:
            print(f"{path.relative_to(SOURCE)}: no English for: {text.singular}")
        if not is_check and texts:
            update(catalogue, texts)
            path.parent.mkdir(parents=True, exist_ok=True)
            catalogue.save(str(path))
    return 1 if is_check and faults else 0


def collect(folder: Path) -> set[Text]:
    """Return the texts of the files below `folder` that belong to no deeper catalogue."""
    others = [other for other in CATALOGUES if other != folder and other.is_relative_to(folder)]
    files = [file for file in folder.rglob("*") if not any(file.is_relative_to(other) for other in others)]
    texts: set[Text] = set()
    for file in files:
        if file.suffix == ".py":
            texts.update(texts_of_code(file.read_text(encoding="utf-8")))
        elif file.suffix in {".html", ".txt"} and "templates" in file.parts:
            texts.update(texts_of_template(file.read_text(encoding="utf-8")))
    return texts


def texts_of_code(source: str) -> Iterator[Text]:
    """Give the literal texts that are handed to gettext, by whatever name the file imports it."""
    tree = ast.parse(source)
    imported = (name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for name in node.names)
    called = {"_", *(name.asname or name.name for name in imported if name.name in FUNCTIONS)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or getattr(node.func, "id", "") not in called:
            continue
        literals = [part.value for part in node.args if isinstance(part, ast.Constant) and isinstance(part.value, str)]
        if literals:
            yield Text(*literals[:2])


def texts_of_template(source: str) -> Iterator[Text]:
    """Give the texts of a template's translation tags; Django doubles their per cent signs before it looks them up."""
    source = re.sub(r"(?<!{)%(?!})", "%%", source)
    for match in (*_TRANSLATE.finditer(source), *_INLINE.finditer(source)):
        yield Text(match["text"])
    for match in _BLOCK.finditer(source):
        parts = [_VARIABLE.sub(r"%(\1)s", part) for part in _PLURAL.split(match["body"])]
        if "trimmed" in match["options"]:
            parts = [" ".join(line.strip() for line in part.splitlines() if line.strip()) for part in parts]
        yield Text(*parts)


def is_translated(catalogue: polib.POFile, text: Text) -> bool:
    """Tell whether the catalogue has English for the text."""
    entry = catalogue.find(text.singular)
    if entry is None or entry.fuzzy or entry.obsolete:
        return False
    return bool(all(entry.msgstr_plural.values()) and entry.msgstr_plural) if text.plural else bool(entry.msgstr)


def update(catalogue: polib.POFile, texts: set[Text]) -> None:
    """Add new texts without English, drop those that are gone, sort."""
    catalogue.metadata = HEADER
    kept = {text.singular: catalogue.find(text.singular) for text in texts}
    catalogue.clear()
    for text in sorted(texts):
        plurals = {"msgid_plural": text.plural, "msgstr_plural": {0: "", 1: ""}} if text.plural else {}
        catalogue.append(kept[text.singular] or polib.POEntry(msgid=text.singular, msgstr="", **plurals))


if __name__ == "__main__":
    sys.exit(main())
