# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Steps with what they need, run as soon as they can; skipped when what they are made from did not change."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from graphlib import TopologicalSorter
from pathlib import Path

import settings
from settings import ClusterError

LAST_LINES = 12


def last_lines(log: Path) -> str:
    """The end of a log file, for an error message, and where the whole of it is."""
    lines = [f"    | {line}" for line in log.read_text(errors="replace").splitlines()[-LAST_LINES:]]
    return "\n".join([*lines, f"    whole log: {log}"])


class Log:
    """Runs programs with their output in one file, and shows its end when one fails."""

    def __init__(self, name: str) -> None:
        settings.LOGS.mkdir(parents=True, exist_ok=True)
        self.path = settings.LOGS / (re.sub(r"[^\w.-]+", "_", name) + ".log")
        self.path.write_text("")

    def run(
        self,
        *command: str | Path,
        cwd: Path | None = None,
        env: dict[str, str] | None = None,
        stdin: str | bytes | None = None,
    ) -> str:
        """Run `command` to its end and return what it wrote to its standard output.

        Raises ClusterError with the last lines of the log when it exits with another code than 0.
        """
        argv = [str(part) for part in command]
        with self.path.open("a") as log:
            log.write("$ " + " ".join(argv) + "\n")
            log.flush()
            done = subprocess.run(
                argv,
                cwd=cwd,
                env={**settings.subprocess_environment(), **(env or {})},
                input=stdin.encode() if isinstance(stdin, str) else stdin if stdin is not None else b"",
                stdout=subprocess.PIPE,
                stderr=log,
                check=False,
            )
            log.write(done.stdout.decode(errors="replace"))
        if done.returncode:
            raise ClusterError(
                f"`{' '.join(argv[:4])} ...` ended with code {done.returncode}:\n{last_lines(self.path)}"
            )
        return done.stdout.decode(errors="replace")


@dataclass(frozen=True)
class Step:
    """Something to be made: `action` makes it, `made_from` identifies its sources, `exists` says if it is there."""

    name: str
    action: Callable[[Log], None]
    needs: tuple[str, ...] = ()
    made_from: str = ""
    exists: Callable[[], bool] = lambda: True
    uses_all_cores: bool = False

    @property
    def stamp(self) -> Path:
        return settings.STAMPS / (re.sub(r"[^\w.-]+", "_", self.name) + ".json")

    def is_fresh(self) -> bool:
        """Whether the thing was made, from the same sources, and is still there."""
        try:
            return bool(self.made_from) and read_stamp(self.stamp).get("made_from") == self.made_from and self.exists()
        except ClusterError:
            return False


@dataclass
class Progress:
    """One line for every step that did something, with the time since the start."""

    started: float = field(default_factory=time.monotonic)
    cached: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)

    def say(self, text: str) -> None:
        print(f"{time.monotonic() - self.started:7.1f} s  {text}", flush=True)


def read_stamp(path: Path) -> dict[str, object]:
    try:
        return json.loads(path.read_text())
    except (OSError, ValueError):
        return {}


def write_stamp(step: Step, seconds: float) -> None:
    settings.STAMPS.mkdir(parents=True, exist_ok=True)
    part = step.stamp.with_suffix(".part")
    part.write_text(json.dumps({"made_from": step.made_from, "seconds": round(seconds, 1)}))
    part.replace(step.stamp)


def digest(*parts: str | bytes | Path) -> str:
    """One hash over texts, files and whole folders (their files' names and contents)."""
    total = hashlib.sha256()
    for part in parts:
        if isinstance(part, Path):
            files = (
                sorted(p for p in part.rglob("*") if p.is_file() and "node_modules" not in p.parts)
                if part.is_dir()
                else [part]
            )
            for path in files:
                total.update(path.relative_to(part.parent).as_posix().encode() + b"\0" + path.read_bytes())
        else:
            total.update(part.encode() if isinstance(part, str) else part)
        total.update(b"\1")
    return total.hexdigest()


def run_steps(steps: Iterable[Step], progress: Progress) -> None:
    """Run every step after those it needs; two at a time, but only one of those that use all cores.

    Raises ClusterError with the name of the first step that failed, after the others under way have ended.
    """
    by_name = {step.name: step for step in steps}
    order = TopologicalSorter({step.name: step.needs for step in by_name.values()})
    order.prepare()
    compiling, others = ThreadPoolExecutor(1), ThreadPoolExecutor(2)
    under_way: dict[Future[bool], str] = {}
    failure: tuple[str, Exception] | None = None
    try:
        while order.is_active() and not (failure and not under_way):
            ready = () if failure else order.get_ready()
            for name in sorted(ready, key=list(by_name).index):
                step = by_name[name]
                under_way[(compiling if step.uses_all_cores else others).submit(_run, step, progress)] = name
            for future in wait(under_way, return_when=FIRST_COMPLETED).done:
                name = under_way.pop(future)
                if error := future.exception():
                    failure = failure or (name, error)
                    for waiting in under_way:
                        waiting.cancel()
                    under_way = {f: n for f, n in under_way.items() if not f.cancelled()}
                else:
                    order.done(name)
    finally:
        compiling.shutdown(cancel_futures=True)
        others.shutdown(cancel_futures=True)
    if failure:
        name, error = failure
        if isinstance(error, ClusterError):
            raise ClusterError(
                f"step `{name}` failed: {error}\n"
                "    what is done stays done: run the same command again when the cause is gone."
            ) from error
        raise error


def _run(step: Step, progress: Progress) -> bool:
    if step.is_fresh():
        progress.cached.append(step.name)
        return False
    started = time.monotonic()
    step.stamp.unlink(missing_ok=True)
    step.action(Log(step.name))
    took = time.monotonic() - started
    progress.seconds[step.name] = took
    if step.made_from:
        write_stamp(step, took)
    if step.made_from or took > 1:
        progress.say(f"{step.name} ({took:.0f} s)")
    return True


def require(program: str, what_to_do: str) -> None:
    """Raise ClusterError when `program` is not on the PATH of the steps."""
    if not shutil.which(program, path=settings.subprocess_environment()["PATH"]):
        raise ClusterError(f"the program `{program}` is missing: {what_to_do}")
