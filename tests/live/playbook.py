# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The collection's playbooks, started as a user starts them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[2]
PROGRAM = Path(sys.executable).with_name("ansible-playbook")


class Run(NamedTuple):
    """How many tasks changed something, and what was printed."""

    changed: int
    shown: str


def play(
    name: str,
    *inventories: str,
    options: tuple[str, ...] = (),
    code: int = 0,
    seconds: float = 300,
    **variables: Any,
) -> Run:
    """Run playbooks/<name>.yml with the kind inventory and more.

    Another exit code than `code`, and more than these seconds, end the test.
    """
    given = [f"--inventory={path}" for path in ("inventories/kind", *inventories)]
    done = subprocess.run(
        [str(PROGRAM), *given, f"playbooks/{name}.yml", "--extra-vars", json.dumps(variables), *options],
        cwd=ROOT,
        env=os.environ | {"ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"), "ANSIBLE_NOCOLOR": "1"},
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )
    assert done.returncode == code, done.stdout[-5000:] + done.stderr[-2000:]
    recap = done.stdout.split("PLAY RECAP")[1]
    return Run(int(recap.split("changed=")[1].split()[0]), done.stdout + done.stderr)
