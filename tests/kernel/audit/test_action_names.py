"""Every action that is written anywhere has a name in both languages."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation

import chengshu
from chengshu.kernel.audit import facade as audit

_SOURCE = Path(chengshu.__file__).parent
_RECORDERS = {"record", "audit"}


class _Module:
    """The actions that one file hands to the audit, as patterns: what is put together while running is `.*`."""

    def __init__(self, tree: ast.Module) -> None:
        self.constants: dict[str, str] = {}
        self.calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
        self.functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
        for node in tree.body:
            if isinstance(node, ast.Assign):
                self._note(node.targets[0], node.value)
            elif isinstance(node, ast.ImportFrom):
                self._note_imported(node)

    def _note(self, target: ast.expr, value: ast.expr) -> None:
        if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
            for name, one in zip(target.elts, value.elts, strict=True):
                self._note(name, one)
        elif isinstance(target, ast.Tuple) and isinstance(value, ast.GeneratorExp):
            verbs = [one.value for one in ast.walk(value.generators[0].iter) if isinstance(one, ast.Constant)]
            prefix = str(next(one.value for one in ast.walk(value.elt) if isinstance(one, ast.Constant)))
            for name, verb in zip(target.elts, verbs, strict=True):
                self._note(name, ast.Constant(f"{prefix}{verb!s}"))
        elif isinstance(target, ast.Name) and isinstance(value, ast.Constant) and isinstance(value.value, str):
            self.constants[target.id] = value.value

    def _note_imported(self, node: ast.ImportFrom) -> None:
        file = _SOURCE.parent / f"{(node.module or '').replace('.', '/')}.py"
        wanted = {alias.name for alias in node.names if alias.name.isupper()}
        if wanted and file.is_file():
            theirs = _Module(ast.parse(file.read_text("utf-8"))).constants
            self.constants |= {name: theirs[name] for name in wanted & set(theirs)}

    def actions(self) -> Iterator[str]:
        for function in self.functions:
            for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
                name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
                if name in _RECORDERS and len(call.args) >= 3:
                    yield from self._read(call.args[1], function)

    def _read(self, node: ast.expr, function: ast.FunctionDef) -> Iterator[str]:
        if isinstance(node, ast.Constant):
            yield re.escape(str(node.value))
        elif isinstance(node, ast.JoinedStr):
            parts = [re.escape(str(p.value)) if isinstance(p, ast.Constant) else "[a-z_]+" for p in node.values]
            yield "".join(map(str, parts))
        elif isinstance(node, ast.IfExp):
            yield from self._read(node.body, function)
            yield from self._read(node.orelse, function)
        elif isinstance(node, ast.Name):
            yield from self._read_name(node.id, function)

    def _read_name(self, name: str, function: ast.FunctionDef) -> Iterator[str]:
        """Follow a name to the constant, to what the function sets it to, or to what its callers hand over."""
        if name in self.constants:
            yield re.escape(self.constants[name])
            return
        set_here = [n.value for n in ast.walk(function) if isinstance(n, ast.Assign) and _is_name(n.targets[0], name)]
        places = [argument.arg for argument in function.args.args]
        if name in places and not set_here:
            at = places.index(name)
            callers = [call for call in self.calls if _is_name(call.func, function.name) and len(call.args) > at]
            set_here = [call.args[at] for call in callers]
        for value in set_here:
            yield from self._read(value, function)


def _is_name(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _written() -> dict[str, str]:
    """Give the patterns of all actions with the file that writes each."""
    found: dict[str, str] = {}
    for file in sorted(_SOURCE.rglob("*.py")):
        for pattern in _Module(ast.parse(file.read_text("utf-8"))).actions():
            found[pattern] = str(file.relative_to(_SOURCE))
    return found


class TestNames:
    def test_every_action_that_is_written_has_one(self) -> None:
        written, named = _written(), audit.list_named_actions()
        assert len(written) > 60
        assert {p: f for p, f in written.items() if not any(re.fullmatch(p, action) for action in named)} == {}

    def test_every_name_belongs_to_an_action_that_is_written(self) -> None:
        patterns = _written()
        assert [a for a in audit.list_named_actions() if not any(re.fullmatch(p, a) for p in patterns)] == []

    def test_are_in_chinese_and_english(self) -> None:
        for action in audit.list_named_actions():
            with translation.override("zh-hans"):
                assert re.search("[\u4e00-\u9fff]", audit.name_action(action)), action
            with translation.override("en"):
                assert audit.name_action(action).isascii(), action

    def test_of_an_action_that_nobody_names_any_more_is_its_key(self) -> None:
        assert audit.name_action("gone.did") == "gone.did"

    def test_are_given_once(self) -> None:
        with pytest.raises(audit.ActionNamedTwice):
            audit.register_actions({"grants.give": "别的名称"})
