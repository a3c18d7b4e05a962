"""Files and functions stay small enough to be read at one sitting."""

import ast
from pathlib import Path

SOURCE_LINES = 400
TEST_LINES = 600
FUNCTION_LINES = 40


def _line_count(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def test_source_files_stay_within_the_limit(source_files: list[Path]) -> None:
    assert {str(path): n for path in source_files if (n := _line_count(path)) > SOURCE_LINES} == {}


def test_test_files_stay_within_the_limit(test_files: list[Path]) -> None:
    assert {str(path): n for path in test_files if (n := _line_count(path)) > TEST_LINES} == {}


def test_functions_stay_within_the_limit(source_files: list[Path]) -> None:
    long = {
        f"{path.name}:{node.lineno} {node.name}": length
        for path in source_files
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or node.lineno) - node.lineno + 1) > FUNCTION_LINES
    }
    assert long == {}
