"""Makes the rivals' environment: `python -m benchmarks.peers FOLDER`, or var/bench-peers when `make bench` asks."""

import hashlib
import subprocess
import sys
import venv
from pathlib import Path

REQUIREMENTS = Path(__file__).with_name("peers.txt")
USUAL = Path(__file__).resolve().parents[1] / "var" / "bench-peers"


def open_environment(folder: Path = USUAL) -> Path | None:
    """Give the Python of the rivals' environment, made when it is missing or out of date; None when it cannot be made."""
    python, mark = folder / "bin" / "python", folder / ".installed"
    wanted = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()
    if mark.exists() and mark.read_text("utf-8") == wanted:
        return python
    print(f"  installing the rivals into {folder} (some 500 MB, once)", flush=True)
    venv.create(folder, with_pip=True, clear=True)
    command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", str(REQUIREMENTS)]
    ended = subprocess.run(command, check=False, capture_output=True, text=True)
    if ended.returncode:
        last = (ended.stderr.strip().splitlines() or ["pip said nothing"])[-1]
        print(f"  rivals not measured: they could not be installed ({last})")
        return None
    mark.write_text(wanted, "utf-8")
    return python


if __name__ == "__main__":
    made = open_environment(Path(sys.argv[1]) if len(sys.argv) > 1 else USUAL)
    print(made or "not made")
    sys.exit(0 if made else 1)
