# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role valkey's valkey.sh, run among stand-ins for servers: who becomes the primary, and who has to agree."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import NamedTuple

import pytest
from role_data import ROLES, RoleData

ENVIRONMENT = {name: str(value) for name, value in RoleData("valkey")["__valkey_environment"].items()}
ENVIRONMENT |= {"VALKEY_PASSWORD": "data-secret", "SENTINEL_PASSWORD": "sentinel-secret"}
DATA = [f"valkey-{number}.{ENVIRONMENT['DATA_DOMAIN']}" for number in range(3)]
SENTINELS = [f"valkey-sentinel-{number}.{ENVIRONMENT['SENTINEL_DOMAIN']}" for number in range(3)]
SERVICE = ENVIRONMENT["SENTINEL_SERVICE"]

STAND_INS = {
    # A server is not there unless a test says what it answers.
    "valkey-cli": 'host=$2 && shift 4 && cat "$WORLD/now/$host $*"',
    "valkey-server": 'cat "$1"',
    "valkey-sentinel": 'cat "$1"',
    "timeout": 'shift && exec "$@"',
    # Time brings what servers answer later.
    "sleep": 'echo "$1" >>"$WORLD/slept" && cp -r "$WORLD/later/." "$WORLD/now"',
}

# What a server answers to a command, by "host command".
Answers = dict[str, str]


class Ended(NamedTuple):
    code: int
    lines: list[str]
    slept: list[str]

    @property
    def follows(self) -> list[str]:
        return [line.split()[1] for line in self.lines if line.startswith("replicaof ")]


class Script:
    """A copy of the script whose folders are those of a test."""

    def __init__(self, world: Path) -> None:
        self.world = world
        for folder in ("bin", "config", "run", "data"):
            (world / folder).mkdir()
        for name, text in STAND_INS.items():
            (world / "bin" / name).write_text(f"#!/bin/sh\n{text}\n")
            (world / "bin" / name).chmod(0o755)
        for name in ("valkey", "sentinel"):
            (world / "config" / f"{name}.conf").write_text("port 1\n")
        text = (ROLES / "valkey" / "files" / "valkey.sh").read_text()
        for folder, ours in (("/data/", "data"), ("/etc/valkey/", "config"), ("/run/valkey/", "run")):
            text = text.replace(folder, f"{world / ours}/")
        (world / "valkey.sh").write_text(text)

    def __call__(self, command: str, host: str = "", *, now: Answers, later: Answers | None = None) -> Ended:
        slept = self.world / "slept"
        slept.write_text("")
        for folder, answers in (("now", now), ("later", later or {})):
            (self.world / folder).mkdir(exist_ok=True)
            for asked, answer in answers.items():
                (self.world / folder / asked).write_text(answer)
        known = {"PATH": f"{self.world / 'bin'}:{os.environ['PATH']}", "WORLD": str(self.world)}
        known["POD_NAME"] = host.partition(".")[0]
        program, env = ["sh", str(self.world / "valkey.sh"), command], ENVIRONMENT | known
        ended = subprocess.run(program, env=env, capture_output=True, text=True, timeout=30, check=False)
        return Ended(ended.returncode, ended.stdout.splitlines(), slept.read_text().split())


@pytest.fixture
def script(tmp_path: Path) -> Script:
    return Script(tmp_path)


def primary(host: str, by: list[str]) -> Answers:
    return {f"{each} SENTINEL GET-MASTER-ADDR-BY-NAME mymaster": f"{host}\n6379\n" for each in by}


def chosen(host: str) -> Answers:
    return primary(host, [SERVICE, *SENTINELS])


# A data server that starts


@pytest.mark.parametrize(
    ("now", "first"),
    [
        ({}, DATA[0]),  # the first start of everything
        (chosen(DATA[2]), DATA[2]),
        (primary(DATA[2], SENTINELS[1:2]), DATA[2]),  # the first Sentinel is away
        (chosen(DATA[2]) | {f"{DATA[1]} ROLE": "master\n0\n"}, DATA[2]),  # a failover: the Sentinels know better
        ({f"{DATA[1]} ROLE": "slave\n", f"{DATA[2]} ROLE": "master\n0\n"}, DATA[2]),  # no Sentinel is there
    ],
)
def test_all_follow_one(script: Script, now: Answers, first: str) -> None:
    if now:
        (script.world / "data" / "appendonlydir").mkdir()
    for host in DATA:
        started = script("start-data", host, now=now)
        assert started.follows == ([] if host == first else [first])
        assert started.slept == []
        own = {f"replica-announce-ip {host}", "requirepass data-secret", "masterauth data-secret"}
        assert own | {"port 1"} <= set(started.lines)


def test_a_primary_that_lost_its_data_lets_another_be_chosen(script: Script) -> None:
    """Or the replicas would drop theirs to be like it."""
    started = script("start-data", DATA[0], now=chosen(DATA[0]), later=chosen(DATA[1]))
    assert started.slept == [ENVIRONMENT["FAILOVER_SECONDS"]]
    assert started.follows == [DATA[1]]


def test_a_primary_that_lost_its_data_starts_if_there_is_no_other(script: Script) -> None:
    started = script("start-data", DATA[0], now=chosen(DATA[0]))
    assert (started.slept, started.follows) == ([ENVIRONMENT["FAILOVER_SECONDS"]], [])


@pytest.mark.parametrize(("milliseconds", "seconds"), [(5000, 10), (7200, 13)])
def test_the_sentinels_have_the_time_that_they_take(milliseconds: int, seconds: int) -> None:
    role = RoleData("valkey", valkey_down_after=milliseconds)
    assert role["__valkey_environment.FAILOVER_SECONDS"] == seconds


@pytest.mark.parametrize(
    ("replication", "code"),
    [("role:master", 0), ("role:slave\r\nmaster_link_status:up", 0), ("role:slave\r\nmaster_link_status:down", 1)],
)
def test_a_replica_is_ready_when_it_holds_what_the_primary_holds(script: Script, replication: str, code: int) -> None:
    assert script("ready-data", now={"localhost INFO replication": f"# Replication\r\n{replication}\r\n"}).code == code


# A Sentinel that starts, and a primary that goes


def test_a_sentinel_waits_for_a_primary_that_answers(script: Script) -> None:
    started = script("start-sentinel", SENTINELS[1], now={}, later={f"{DATA[0]} PING": "PONG\n"})
    assert started.slept == ["1"]
    assert f"sentinel monitor mymaster {DATA[0]} 6379 2" in started.lines
    assert {"requirepass sentinel-secret", "sentinel auth-pass mymaster data-secret"} <= set(started.lines)
    # Its identity is its own, and the same after each restart.
    assert started.lines == script("start-sentinel", SENTINELS[1], now={}).lines
    identities = {line for line in started.lines if line.startswith("sentinel myid ")}
    assert len(identities) == 1
    assert not identities & set(script("start-sentinel", SENTINELS[0], now={}).lines)


def test_a_primary_goes_when_another_has_taken_over(script: Script) -> None:
    now = {"localhost ROLE": "master\n", f"{SERVICE} SENTINEL FAILOVER mymaster": "OK\n"}
    left = script("leave", now=now, later={"localhost ROLE": "slave\n"})
    assert (left.code, left.slept) == (0, ["1"])
    refused = {"localhost ROLE": "master\n", f"{SERVICE} SENTINEL FAILOVER mymaster": "NOGOODSLAVE\n"}
    assert script("leave", now=refused).slept == []


# Whether all agree

AGREED = chosen(DATA[1]) | {f"{each} SENTINEL CKQUORUM mymaster": "OK 3 usable Sentinels.\n" for each in SENTINELS}
AGREED |= {
    f"{DATA[1]} PING": "PONG\n",
    f"{DATA[1]} INFO replication": "role:master\r\nslave0:ip=a,state=online\r\nslave1:ip=b,state=online\r\n",
}


def test_servers_that_agree(script: Script) -> None:
    assert script("verify", now=AGREED) == Ended(0, [DATA[1]], [])


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        (
            primary(DATA[0], [SENTINELS[2]]),
            f"{SENTINELS[2]} says that the primary is {DATA[0]}, another Sentinel says {DATA[1]}",
        ),
        (
            primary("", [SENTINELS[1]]),
            f"{SENTINELS[1]} says that the primary is unknown, another Sentinel says {DATA[1]}",
        ),
        (
            {f"{SENTINELS[1]} SENTINEL CKQUORUM mymaster": "OK 2 usable Sentinels.\n"},
            f"{SENTINELS[1]} does not see all Sentinels: OK 2 usable Sentinels.",
        ),
        ({f"{DATA[1]} PING": "LOADING\n"}, f"{DATA[1]}, the primary, answers PING with: LOADING"),
        (
            {f"{DATA[1]} INFO replication": "slave0:ip=a,state=online\r\nslave1:ip=b,state=wait_bgsave\r\n"},
            f"{DATA[1]}, the primary, has 1 replicas, not 2",
        ),
    ],
)
def test_who_disagrees_is_told(script: Script, changed: Answers, told: str) -> None:
    assert script("verify", now=AGREED | changed) == Ended(1, [told], [])
