"""What the import contracts cannot see: lookups by string, foreign keys, forbidden rooms, words out of place."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

LAYERS = ("base", "documents", "synthetic", "dataplane", "kernel", "resources", "performance", "web", "cli", "config")
ATTICS = {"helpers", "helper", "utils", "util", "common", "misc", "services", "api", "signals"}


def _layer(module: str) -> int:
    return LAYERS.index(module.split(".")[1])


def _own_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("chengshu.")]


def test_no_model_is_looked_up_by_string(source_files: list[Path]) -> None:
    callers = [
        f"{path}:{node.lineno}"
        for path in source_files
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) == "get_model"
    ]
    assert callers == []


def test_foreign_keys_point_down_and_leave_no_way_back() -> None:
    faults = []
    for model in _own_models():
        for field in model._meta.get_fields():  # noqa: SLF001 - _meta is Django's documented model API
            target = getattr(field, "related_model", None)
            if not isinstance(field, models.ForeignKey | models.ManyToManyField) or not isinstance(target, type):
                continue
            if not target.__module__.startswith("chengshu."):
                continue
            same_domain = target.__module__.split(".")[1] == model.__module__.split(".")[1]
            if _layer(target.__module__) > _layer(model.__module__):
                faults.append(f"{model.__name__}.{field.name} points up")
            elif not same_domain and field.remote_field.related_name not in {"+", f"{field.name}+"}:
                faults.append(f"{model.__name__}.{field.name} leaves a way back")
    assert faults == []


def test_no_model_orders_itself() -> None:
    assert [m.__name__ for m in _own_models() if m._meta.ordering] == []  # noqa: SLF001 - Django's documented API


def test_every_column_says_what_it_holds() -> None:
    silent = [
        f"{model.__name__}.{field.name}"
        for model in _own_models()
        for field in model._meta.local_concrete_fields  # noqa: SLF001 - Django's documented API
        if field.model is model
        and field.name not in {"id", "password", "last_login", "is_superuser"}
        and not (field.help_text or field.db_comment)
    ]
    assert silent == []


def test_there_is_no_attic(source_files: list[Path]) -> None:
    assert [str(path) for path in source_files if path.stem in ATTICS or path.parent.name in ATTICS] == []


def test_no_package_uses_signals_for_domain_logic(source_files: list[Path]) -> None:
    pattern = re.compile(r"django\.(db\.models|dispatch|core)[.\w]*\s+import\s+.*(receiver|post_save|pre_save|Signal)")
    assert [str(path) for path in source_files if pattern.search(path.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize("module", ["duckdb", "pyspark", "requests", "httpx", "urllib.request"])
def test_nothing_reaches_out_of_the_machine(source_files: list[Path], module: str) -> None:
    users = [
        str(path)
        for path in source_files
        if not (module in {"duckdb", "pyspark"} and "dataplane" in path.parts)  # the engines are there
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if (isinstance(node, ast.Import) and any(name.name == module for name in node.names))
        or (isinstance(node, ast.ImportFrom) and node.module == module)
    ]
    assert users == []
