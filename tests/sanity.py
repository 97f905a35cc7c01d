# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every test of `ansible-test sanity`, on what version control has or would have. Arguments are passed on to it.

ansible-test wants to stand in .../ansible_collections/<namespace>/<name>, and takes no link for it: the tree is copied.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from pathlib import Path

import ansible_test

ROOT = Path(__file__).resolve().parents[1]
PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"

# ansible-test makes its environments with a get-pip.py of its own site. Python's own pip serves where that is not in
# reach. It must run in a process of its own, for it does away with the settings that say where packages come from.
GET_PIP = """\
import os, subprocess, sys
subprocess.check_call([sys.executable, "-m", "ensurepip"], env={k: v for k, v in os.environ.items() if k != "GET_PIP"})
wanted = [argument for argument in sys.argv[1:] if argument not in ("--no-setuptools", "--no-wheel")]
subprocess.check_call([sys.executable, "-m", "pip", "install", "--quiet", *wanted])
"""


def main() -> int:
    seed_get_pip()
    programs = Path(sys.executable).parent
    command = [str(programs / "ansible-test"), "sanity", "--python", PYTHON, *sys.argv[1:]]
    # For shellcheck, which stands beside ansible-test; without it, that test is left out with a mere warning.
    environment = os.environ | {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
    # The environments that ansible-test makes are kept elsewhere, so that nothing is lost with this folder.
    with tempfile.TemporaryDirectory(prefix="sanity-") as folder:
        copy = Path(folder) / "ansible_collections" / "inference" / "gateway"
        copy_tree(copy)
        return subprocess.run(command, cwd=copy, env=environment, check=False).returncode


def seed_get_pip() -> None:
    """Put a get-pip.py where ansible-test keeps its own, unless it has one or can have one."""
    setup = Path(ansible_test.__file__).parent / "_util" / "target" / "setup" / "requirements.py"
    url = re.search(r"'(https://\S+/get-pip-)%s\.py'", setup.read_text()).group(1)
    internal = Path(ansible_test.__file__).parent / "_internal" / "python_requirements.py"
    version = re.search(r"\bpip='([\d.]+)'", internal.read_text()).group(1)
    cached = Path.home() / ".ansible" / "test" / "cache" / f"get_pip_{version.replace('.', '_')}.py"
    if cached.exists():
        return
    try:
        urllib.request.urlopen(f"{url}{version}.py", timeout=10).close()
    except (urllib.error.URLError, TimeoutError):
        cached.parent.mkdir(parents=True, exist_ok=True)
        cached.write_text(GET_PIP)


def copy_tree(copy: Path) -> None:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    for name in filter(None, listed.split("\0")):
        # A file that was deleted, but not yet committed so, is listed and not there.
        if (ROOT / name).exists():
            target = copy / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target, follow_symlinks=False)


if __name__ == "__main__":
    sys.exit(main())
