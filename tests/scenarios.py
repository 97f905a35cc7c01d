# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run scenarios of Molecule one after the other, each bounded in time, and show at the end which tasks failed.

Each leaves its log in tests/output.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
OUTPUT = ROOT / "tests" / "output"
BIN = Path(sys.executable).parent
# The longest, diagnose, takes a bit more than half an hour on two cores.
SECONDS = 90 * 60
# Lines of a task that failed: CI shows the end of what was printed.
SHOWN = 30


def main(scenarios: Sequence[str]) -> int:
    OUTPUT.mkdir(parents=True, exist_ok=True)
    failed = {scenario: why for scenario in scenarios if (why := run(scenario))}
    for scenario, why in failed.items():
        print(f"\n{scenario} failed: {why}", file=sys.stderr)
    return 1 if failed else 0


def run(scenario: str, program: Sequence[str] = ("molecule",), seconds: float = SECONDS) -> str:
    """Why it failed, or nothing."""
    command = [*program, "test", "--scenario-name", scenario]
    # Molecule looks for Ansible's programs there.
    environment = os.environ | {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    with (OUTPUT / f"molecule-{scenario}.log").open("w+") as log:
        # A group of its own, for what it starts ends with it.
        with subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            process_group=0,
        ) as process:
            late = threading.Timer(seconds, os.killpg, (process.pid, signal.SIGTERM))
            late.start()
            try:
                for line in process.stdout or ():
                    print(line, end="", flush=True)
                    log.write(line)
                code = process.wait()
            except KeyboardInterrupt:
                os.killpg(process.pid, signal.SIGTERM)
                raise
            finally:
                late.cancel()
        if code == 0:
            return ""
        if late.finished.is_set() and code < 0:
            subprocess.run([*program, "destroy", "--scenario-name", scenario], cwd=ROOT, env=environment, check=False)
            return f"it was not done within {seconds / 60:.0f} minutes"
        log.seek(0)
        return failed_task(log.read()) or f"it ended with {code}"


def failed_task(log: str) -> str:
    """What the last task that failed has printed."""
    tasks = [
        part for part in re.split(r"\b(?=TASK \[|PLAY (?:\[|RECAP))", log) if re.search(r"\b(fatal|failed): \[", part)
    ]
    return "\n".join(tasks[-1].splitlines()[-SHOWN:]) if tasks else ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
