"""Pipelines that a city declares in code: files of a folder that list plans. What is wrong with one file is told, the others hold."""

import importlib.util
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from types import ModuleType

from chengshu.base.errors import ChengshuError
from chengshu.dataplane.runs.contracts import Plan
from chengshu.dataplane.tables.shapes import Shape
from chengshu.dataplane.tables.table import Table

_LISTED, _LONGEST = "PLANS", 150


@dataclass(frozen=True, slots=True)
class Declared:
    """A plan with the file that declares it, and the tables that the file declares as classes."""

    plan: Plan
    file: str
    tables: tuple[Shape, ...] = ()


@dataclass(frozen=True, slots=True)
class Folder:
    """What a folder declares: plans by the name of their pipeline, and what is wrong, a sentence a file."""

    plans: tuple[Declared, ...]
    faults: tuple[str, ...]

    def find(self, name: str) -> Declared | None:
        """Give the plan of a pipeline."""
        return next((one for one in self.plans if one.plan.pipeline.name == name), None)


def read_folder(folder: str) -> Folder:
    """Read the plans of a folder's files in the order of their names; the same files are read once in a process."""
    if not folder:
        return Folder((), ())
    path = Path(folder)
    if not path.is_dir():
        return Folder((), (f"加工管道的目录“{folder}”不存在；请改正设置 CHENGSHU_PIPELINES。",))
    files = sorted(file for file in path.glob("*.py") if file.name[0] not in "._" and file.is_file())
    try:
        return _read(tuple((str(file), file.stat().st_mtime_ns) for file in files))
    except OSError as fault:
        return Folder((), (f"加工管道的目录“{folder}”读不了：{fault.strerror}。",))


@lru_cache(maxsize=4)
def _read(files: tuple[tuple[str, int], ...]) -> Folder:
    plans: list[Declared] = []
    faults: list[str] = []
    for file, _changed in files:
        try:
            plans += _plans_of(Path(file), known={one.plan.pipeline.name for one in plans})
        except ChengshuError as fault:
            faults.append(f"{Path(file).name}：{fault.message}")
        except (Exception, SystemExit) as fault:  # noqa: BLE001 - whatever the code of a city raises is told with its file
            faults.append(f"{Path(file).name}：{type(fault).__name__}：{fault}")
    return Folder(tuple(plans), tuple(faults))


def _plans_of(file: Path, *, known: set[str]) -> Iterable[Declared]:
    module = _load(file)
    listed = getattr(module, _LISTED, None)
    if not isinstance(listed, tuple | list) or not all(isinstance(one, Plan) for one in listed):
        raise TypeError(f"没有 {_LISTED}，或其中有不是 Plan 的；请写 {_LISTED} = (Plan(…), …)。")
    names = [plan.pipeline.name for plan in listed]
    twice = [name for at, name in enumerate(names) if name in known or name in names[:at]]
    if twice:
        raise ValueError(f"管道“{twice[0]}”声明了两次；请改名。")
    if long := next((name for name in names if len(name) > _LONGEST), None):
        raise ValueError(f"管道的名称“{long[:20]}…”太长；至多 {_LONGEST} 个字。")
    tables = tuple(
        value.__shape__
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, Table) and value is not Table
    )
    return [Declared(plan, file.name, tables) for plan in listed]


def _load(file: Path) -> ModuleType:
    name = f"chengshu_pipelines_{sha256(str(file).encode()).hexdigest()[:12]}"
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise TypeError("不是 Python 文件。")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module
