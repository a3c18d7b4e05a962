"""Find the Chromium that the browser tests drive; on Debian, as root, install it when it is missing."""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
PACKAGES = ["chromium", "fonts-noto-cjk"]


def main() -> int:
    """Say what was found or done; a missing browser is no failure here, the tests decide what it means."""
    if find_chromium():
        return 0
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        print(
            "browser tests: no Chromium on this machine, and it can be installed here only as root on Debian.\n"
            "  They cannot run. Install it by: sudo apt-get install chromium fonts-noto-cjk",
            file=sys.stderr,
        )
        return 0
    print("browser tests: installing Debian's Chromium")
    if not install() or not find_chromium():
        print("browser tests: Chromium could not be installed, so they cannot run", file=sys.stderr)
    return 0


def find_chromium() -> str | None:
    """Return the path of the first browser that is there, or None."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def install() -> bool:
    """Install the browser and a Chinese font by apt-get; tell whether it worked."""
    quiet = {"DEBIAN_FRONTEND": "noninteractive", "PATH": os.defpath}
    update = subprocess.run(["apt-get", "update", "-qq"], check=False, env=quiet)
    command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *PACKAGES]
    return update.returncode == 0 and subprocess.run(command, check=False, env=quiet).returncode == 0


if __name__ == "__main__":
    sys.exit(main())
