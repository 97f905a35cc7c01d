# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How fast litellm_sync is beside what else there is. README.md tells how to run this and how to read the table."""

from __future__ import annotations

import argparse
import json
import os
import resource
import secrets
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import requests

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "tests" / "integration"), str(ROOT / "tests" / "stand_ins")]

from litellm_stand_in import MASTER_KEY, LiteLLMStandIn  # noqa: E402
from stack import VERSION, Stack  # noqa: E402

Entry = dict[str, Any]
PLAYBOOK = Path(sys.executable).with_name("ansible-playbook")
MODULE = b"AnsiballZ_litellm_sync"


class Took(NamedTuple):
    """What something took: seconds, and how many of these this side of the network computed."""

    seconds: float
    cpu: float

    def and_(self, other: Took) -> Took:
        return Took(self.seconds + other.seconds, self.cpu + other.cpu)


class Stopwatch:
    def __init__(self) -> None:
        self._begun = self._now()

    def took(self) -> Took:
        return Took(*(now - then for now, then in zip(self._now(), self._begun, strict=True)))

    @staticmethod
    def _now() -> tuple[float, float]:
        children = resource.getrusage(resource.RUSAGE_CHILDREN)
        return time.perf_counter(), time.process_time() + children.ru_utime + children.ru_stime


class Table:
    """Lines that are printed as they come."""

    def __init__(self) -> None:
        print("| what | objects | seconds | of CPU | per object (ms) | |\n|---|---:|---:|---:|---:|---|")

    def line(self, what: str, objects: int, took: Took, remark: str = "") -> None:
        figures = f"{took.seconds:.1f} | {took.cpu:.1f} | {took.seconds / objects * 1000:.1f}"
        print(f"| {what} | {objects} | {figures} | {remark} |", flush=True)


class Proxy:
    """A LiteLLM, real or not, with the ways of writing to it that are compared."""

    def __init__(self, url: str, key: str, folder: Path, connections: int) -> None:
        self.url, self.key, self.folder, self.connections = url, key, folder, connections
        self.peak = 0  # of the module's memory, in MB

    def play(self, task: dict[str, Any], **variables: Any) -> tuple[Took, int]:
        """What a whole ansible-playbook process with this one task took, and how many changes it tells."""
        play = {"hosts": "localhost", "gather_facts": False, "tasks": [task]}
        (self.folder / "play.json").write_text(json.dumps([play]))
        (self.folder / "vars.json").write_text(json.dumps(variables | {"ansible_python_interpreter": sys.executable}))
        environment = os.environ | {
            "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"),
            "ANSIBLE_STDOUT_CALLBACK": "ansible.posix.json",
            "LITELLM_API_BASE": self.url,
            "LITELLM_MASTER_KEY": self.key,
        }
        inputs = ["--inventory", "localhost,", "--connection", "local", "--extra-vars", f"@{self.folder / 'vars.json'}"]
        stopwatch = Stopwatch()
        with self._watched():
            ended = subprocess.run(
                [str(PLAYBOOK), *inputs, str(self.folder / "play.json")],
                env=environment, cwd=ROOT, capture_output=True, text=True, check=False,
            )  # fmt: skip
        took = stopwatch.took()
        if ended.returncode:
            [ran] = json.loads(ended.stdout)["plays"][0]["tasks"]
            sys.exit(ran["hosts"]["localhost"]["msg"])
        return took, json.loads(ended.stdout)["stats"]["localhost"]["changed"]

    def sync(self, owner: str, teams: list[Entry], keys: list[Entry], *, changes: bool) -> Took:
        options = {"owner": owner, "prune": True, "parallel": self.connections, "teams": "{{ teams }}"}
        task = {"inference.gateway.litellm_sync": options | {"keys": "{{ declared }}"}}
        took, changed = self.play(task, teams=teams, declared=keys)
        if bool(changed) != changes:
            sys.exit(f"The run has told {changed} changes.")
        return took

    def loop(self, task: dict[str, Any], items: list[Entry]) -> Took:
        took, _changed = self.play(task | {"loop": "{{ items }}", "loop_control": {"label": "-"}}, items=items)
        return took

    def bare(self, path: str, bodies: list[Entry]) -> Took:
        """What a program took that does nothing but send these, over as many connections."""
        session = requests.Session()
        session.headers["Authorization"] = f"Bearer {self.key}"
        session.mount(self.url, requests.adapters.HTTPAdapter(pool_maxsize=self.connections))

        def send(body: Entry) -> None:
            session.post(f"{self.url}{path}", json=body, timeout=60).raise_for_status()

        stopwatch = Stopwatch()
        with ThreadPoolExecutor(self.connections) as threads:
            list(threads.map(send, bodies))
        return stopwatch.took()

    @contextmanager
    def _watched(self) -> Iterator[None]:
        """Note the most memory that the module has while this lasts."""
        ended = threading.Event()

        def watch() -> None:
            while not ended.wait(0.05):
                for process in Path("/proc").glob("[0-9]*"):
                    try:
                        if MODULE in (process / "cmdline").read_bytes():
                            status = (process / "status").read_text()
                            kilobytes = int(status.split("VmHWM:")[1].split()[0])
                            self.peak = max(self.peak, kilobytes // 1024)
                    except (OSError, IndexError):
                        continue  # the process has ended

        watcher = threading.Thread(target=watch)
        watcher.start()
        try:
            yield
        finally:
            ended.set()
            watcher.join()


def declared(name: str, teams: int, keys: int) -> tuple[list[Entry], list[Entry]]:
    return (
        [{"team_alias": f"{name}-team-{number}", "rpm_limit": 600, "max_budget": 50} for number in range(teams)],
        [
            {
                "key_alias": f"{name}-key-{number}",
                "key": f"sk-{secrets.token_urlsafe(24)}",
                "team_alias": f"{name}-team-{number % teams}",
                "rpm_limit": 60,
                "max_budget": 5,
            }
            for number in range(keys)
        ],
    )


def against_the_real_one(proxy: Proxy, table: Table, teams: int, keys: int, sample: int) -> list[tuple[str, bool]]:
    name = f"benchmark-{secrets.token_hex(3)}"
    declared_teams, declared_keys = declared(name, teams, keys)
    proxy.sync(name, declared_teams, [], changes=True)
    identities = {each["team_alias"]: each["team_id"] for each in _teams(proxy, name)}

    def bodies(entries: list[Entry]) -> list[Entry]:
        """What litellm_sync sends for the entries, under other aliases."""
        return [
            {name: each[name] for name in each if name != "team_alias"}
            | {"key_alias": f"{each['key_alias']}-{secrets.token_hex(3)}", "key": f"sk-{secrets.token_urlsafe(24)}"}
            | {"team_id": identities[each["team_alias"]], "metadata": {"inference_gateway_owner": f"{name}-bare"}}
            for each in entries
        ]

    # Around what it is compared with, for a machine has good and bad moments.
    others = bodies(declared_keys[: keys // 2]), bodies(declared_keys[keys // 2 :])
    bare = proxy.bare("/key/generate", others[0])
    create = proxy.sync(name, declared_teams, declared_keys, changes=True)
    bare = bare.and_(proxy.bare("/key/generate", others[1]))
    create_share = bare.seconds / create.seconds
    table.line("create: bare client", keys, bare, f"{proxy.connections} connections")
    table.line("create: litellm_sync", keys, create, f"{create_share:.0%} of the bare client's speed")

    unchanged = min(proxy.sync(name, declared_teams, declared_keys, changes=False) for _run in range(3))
    table.line("no change: litellm_sync", keys + teams, unchanged, "the best of three runs")

    for each in declared_keys:
        each["rpm_limit"] = 61
    halves = [[{"key": each["key"], "rpm_limit": 61} for each in half] for half in others]
    bare_update = proxy.bare("/key/update", halves[0])
    update = proxy.sync(name, declared_teams, declared_keys, changes=True)
    bare_update = bare_update.and_(proxy.bare("/key/update", halves[1]))
    update_share = bare_update.seconds / update.seconds
    table.line("change one field of each: bare client", keys, bare_update)
    table.line("change one field of each: litellm_sync", keys, update, f"{update_share:.0%}")

    looped = bodies(declared_keys[:sample])
    options = {each: f"{{{{ item.{each} }}}}" for each in looped[0]}
    by_module = proxy.loop({"inference.gateway.litellm_key": options}, looped)
    speed_up = by_module.seconds / sample / (create.seconds / keys)
    table.line("create: loop of litellm_key", sample, by_module, f"litellm_sync is {speed_up:.0f} times as fast")
    request = {
        "url": f"{proxy.url}/key/generate",
        "method": "POST",
        "headers": {"Authorization": "Bearer {{ lookup('ansible.builtin.env', 'LITELLM_MASTER_KEY') }}"},
        "body_format": "json",
        "body": "{{ item }}",
    }
    by_uri = proxy.loop({"ansible.builtin.uri": request}, bodies(declared_keys[:sample]))
    uri_speed_up = by_uri.seconds / sample / (create.seconds / keys)
    table.line(
        "create: loop of ansible.builtin.uri", sample, by_uri, f"litellm_sync is {uri_speed_up:.0f} times as fast"
    )

    proxy.sync(f"{name}-bare", [], [], changes=True)
    gone = proxy.sync(name, [], [], changes=True)
    table.line("delete: litellm_sync", keys + teams, gone, "each key is blocked first: two requests")
    return [
        (f"creating is {speed_up:.0f} times as fast as a loop of litellm_key, 20 wanted", speed_up >= 20),
        (f"creating has {create_share:.0%} of a bare client's speed, 70% wanted", create_share >= 0.7),
        (f"changing has {update_share:.0%} of a bare client's speed, 70% wanted", update_share >= 0.7),
        (f"a run without a change takes {unchanged.seconds:.1f} s, 3 allowed", unchanged.seconds <= 3),
        (f"the module has {proxy.peak} MB at most, 150 allowed", 0 < proxy.peak <= 150),
    ]


def against_the_stand_in(proxy: Proxy, table: Table, objects: int) -> list[tuple[str, bool]]:
    teams, keys = declared("many", objects // 20, objects - objects // 20)
    for what, changes in (("create", True), ("no change", False)):
        table.line(f"{what}: litellm_sync, stand-in", objects, proxy.sync("many", teams, keys, changes=changes))
    for each in keys:
        each["rpm_limit"] = 61
    table.line("change one field: litellm_sync, stand-in", objects, proxy.sync("many", teams, keys, changes=True))
    return [(f"the module has {proxy.peak} MB at most for {objects} objects, 150 allowed", 0 < proxy.peak <= 150)]


def _teams(proxy: Proxy, name: str) -> list[Entry]:
    headers = {"Authorization": f"Bearer {proxy.key}"}
    found: list[Entry] = []
    while True:
        query = {"team_alias": f"{name}-", "page_size": 100, "page": 1 + len(found) // 100, "sort_by": "team_id"}
        answer = requests.get(f"{proxy.url}/v2/team/list", params=query, headers=headers, timeout=60).json()
        found += answer["teams"]
        if len(found) >= answer["total"]:
            return found


@contextmanager
def real(folder: Path) -> Iterator[Stack]:
    """The servers of the integration tests: those that INTEGRATION_STACK names, or others for this run alone."""
    kept = os.environ.get("INTEGRATION_STACK")
    stack = Stack.found(kept) if kept else None
    if stack:
        yield stack
        return
    stack = Stack(folder, VERSION)
    try:
        stack.start()
        yield stack
    finally:
        stack.stop()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keys", type=int, default=1000)
    parser.add_argument("--teams", type=int, default=50)
    parser.add_argument("--sample", type=int, default=20, help="keys of the loops, which take about a second for each")
    parser.add_argument("--parallel", type=int, default=8, help="connections")
    parser.add_argument("--many", type=int, default=10_000, help="objects for the stand-in")
    parser.add_argument("--only", choices=["real", "stand-in"])
    options = parser.parse_args()
    told: list[tuple[str, bool]] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        measure: Callable[[str, str], Proxy] = lambda url, key: Proxy(url, key, folder, options.parallel)  # noqa: E731
        if options.only != "stand-in":
            with real(folder) as stack:
                proxy = measure(stack.url, stack.master_key)
                told += against_the_real_one(proxy, Table(), options.teams, options.keys, options.sample)
        if options.only != "real":
            with LiteLLMStandIn() as stand_in:
                told += against_the_stand_in(measure(stand_in.url, MASTER_KEY), Table(), options.many)
    for sentence, met in told:
        print(f"{'met' if met else 'NOT MET'}: {sentence}")
    sys.exit(not all(met for _sentence, met in told))


if __name__ == "__main__":
    main()
