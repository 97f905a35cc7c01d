# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One part of the running gateway after the other dies under steady load: how many requests fail, is all well after it?

For a gateway with replicas of everything (`molecule/ha`). What each drill cost is printed.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest
from cluster import NAMESPACE, kubectl
from gateway import MODEL, Gateway
from load import Load

ENVOY = "envoy-gateway-system"
ENVOY_LABEL = f"gateway.envoyproxy.io/owning-gateway-namespace={NAMESPACE}"
PROXY_LABEL = "app.kubernetes.io/name=litellm-proxy"
# One of molecule/ha: half a second for each token.
SLOW_MODEL = "slow"
STREAM_SECONDS = 40
# Seconds of load before a part dies, and after all is well again.
BEFORE, AFTER = 5, 10
# Requests at once, and the seconds of rest between: around the five after which a server in Python closes what rests.
BURST, RESTS = 30, [4.2 + 0.04 * number for number in range(22)]

# Something that only the database knows.
LOOK_UP = """
import os, urllib.request
question = urllib.request.Request("http://127.0.0.1:4000/key/list?size=1")
question.add_header("Authorization", "Bearer " + os.environ["LITELLM_MASTER_KEY"])
print(urllib.request.urlopen(question).status)
"""
BREAKER = """
import urllib.request
lines = urllib.request.urlopen("http://127.0.0.1:4000/metrics/").read().decode().splitlines()
print(*(line for line in lines if line.startswith("litellm_redis_circuit_breaker_state{")), sep="\\n")
"""


def pods(label: str, namespace: str = NAMESPACE) -> list[str]:
    listed = json.loads(kubectl("get", "pods", "-n", namespace, "-l", label, "-o", "json"))["items"]
    return [pod["metadata"]["name"] for pod in listed if not pod["metadata"].get("deletionTimestamp")]


def pods_and_leaving(label: str, namespace: str = NAMESPACE) -> list[str]:
    return kubectl("get", "pods", "-n", namespace, "-l", label, "-o", "name").split()


def kill(pod: str, namespace: str = NAMESPACE) -> None:
    """At once, as if its node had gone."""
    kubectl("delete", "pod", pod, "-n", namespace, "--grace-period=0", "--force", "--wait=false")


def until(what: str, true: Callable[[], bool], seconds: float = 300) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, f"not within {seconds:.0f} s: {what}"
        time.sleep(1)


def valkey_primary() -> str:
    command = "REDISCLI_AUTH=$SENTINEL_PASSWORD valkey-cli -p 26379 SENTINEL GET-MASTER-ADDR-BY-NAME mymaster"
    answer = kubectl("exec", "-n", NAMESPACE, "valkey-sentinel-0", "--", "sh", "-c", command, check=False)
    return answer.split(".", 1)[0]


def postgres_primary() -> str:
    path = "jsonpath={.status.currentPrimary}"
    return kubectl("get", "clusters.postgresql.cnpg.io", "litellm-db", "-n", NAMESPACE, "-o", path)


def postgres_is_well() -> bool:
    path = "jsonpath={.status.phase}/{.status.readyInstances}/{.spec.instances}"
    phase, ready, wanted = kubectl(
        "get", "clusters.postgresql.cnpg.io", "litellm-db", "-n", NAMESPACE, "-o", path
    ).split("/")
    return phase == "Cluster in healthy state" and ready == wanted


def postgres_is_used() -> None:
    until("PostgreSQL is whole", postgres_is_well)
    until("every replica of the proxy reaches it", lambda: all(map(reaches_the_database, pods(PROXY_LABEL))))


def reaches_the_database(pod: str) -> bool:
    return kubectl("exec", "-n", NAMESPACE, pod, "--", "python", "-c", LOOK_UP, check=False).strip() == "200"


def rolled_out(kind: str, namespace: str, *names: str) -> None:
    for name in names:
        kubectl("rollout", "status", f"{kind}/{name}", "-n", namespace, "--timeout=300s")


def valkey_is_well() -> None:
    rolled_out("statefulset", NAMESPACE, "valkey", "valkey-sentinel")
    verify = ("exec", "-n", NAMESPACE, "valkey-sentinel-0", "--", "sh", "/etc/valkey/valkey.sh", "verify")
    until("primary, replicas and Sentinels agree", lambda: kubectl(*verify, check=False).startswith("valkey-"))
    # A replica of the proxy that gave Valkey up counts limits for itself, until it tries again after a minute.
    until("every replica uses Valkey", lambda: not any(map(breaker_is_open, pods(PROXY_LABEL))))


def breaker_is_open(pod: str) -> bool:
    states = kubectl("exec", "-n", NAMESPACE, pod, "--", "python", "-c", BREAKER).splitlines()
    return any('state="closed"' not in line and float(line.rsplit(" ", 1)[1]) > 0 for line in states)


def envoy_deployment() -> str:
    path = "jsonpath={.items[0].metadata.name}"
    return kubectl("get", "deployment", "-n", ENVOY, "-l", ENVOY_LABEL, "-o", path)


@dataclass(frozen=True)
class Drill:
    """What happens, how to tell that all is well again, and the most requests that it may cost."""

    happens: Callable[[], None]
    heals: Callable[[], None]
    may_fail: int


def valkey_primary_dies() -> None:
    """And stays away: back within a second or two, before the Sentinels miss it, it may remain the primary."""
    gone = valkey_primary()
    nodes = kubectl("get", "nodes", "-o", "name").split()
    kubectl("cordon", *nodes)
    try:
        kill(gone)
        until("another Valkey is the primary", lambda: valkey_primary() not in ("", gone))
    finally:
        kubectl("uncordon", *nodes)


def postgres_primary_dies() -> None:
    gone = postgres_primary()
    kill(gone)
    until("another PostgreSQL is the primary", lambda: postgres_primary() != gone)


def proxy_is_restarted() -> None:
    kubectl("rollout", "restart", "deployment/litellm-proxy", "-n", NAMESPACE)


DRILLS = {
    "the primary of Valkey dies": Drill(valkey_primary_dies, valkey_is_well, may_fail=0),
    "the primary of PostgreSQL dies": Drill(postgres_primary_dies, postgres_is_used, may_fail=0),
    "a replica of the proxy is drained": Drill(
        lambda: kubectl("delete", "pod", pods(PROXY_LABEL)[0], "-n", NAMESPACE, "--wait=false") and None,
        lambda: rolled_out("deployment", NAMESPACE, "litellm-proxy"),
        may_fail=0,
    ),
    # What it has under way is lost, and what is sent to it until its endpoint goes.
    "a replica of the proxy dies": Drill(
        lambda: kill(pods(PROXY_LABEL)[0]), lambda: rolled_out("deployment", NAMESPACE, "litellm-proxy"), may_fail=8
    ),
    "all replicas of the proxy are replaced": Drill(
        proxy_is_restarted, lambda: rolled_out("deployment", NAMESPACE, "litellm-proxy"), may_fail=0
    ),
    "a pod of Envoy is drained": Drill(
        lambda: kubectl("delete", "pod", pods(ENVOY_LABEL, ENVOY)[0], "-n", ENVOY, "--wait=false") and None,
        lambda: rolled_out("deployment", ENVOY, envoy_deployment()),
        may_fail=0,
    ),
    "a pod of Envoy dies": Drill(
        lambda: kill(pods(ENVOY_LABEL, ENVOY)[0], ENVOY),
        lambda: rolled_out("deployment", ENVOY, envoy_deployment()),
        may_fail=8,
    ),
}


def passed_at_a_limit_of_ten(gateway: Gateway) -> int:
    """How many of 15 requests at once pass with a key that may send 10 a minute."""
    limited = gateway.make_key(rpm_limit=10)
    load = Load(gateway.url, limited, MODEL)
    with ThreadPoolExecutor(max_workers=15) as pool:
        answers = list(pool.map(load.ask, range(15)))
    gateway.delete_key(limited)
    others = [why for why, _seconds in answers if why and not why.startswith("HTTP 429")]
    assert not others, others
    return sum(not why for why, _seconds in answers)


@pytest.mark.parametrize("name", DRILLS)
def test_a_part_dies_under_load(name: str, gateway: Gateway, key: str, capsys: pytest.CaptureFixture[str]) -> None:
    drill = DRILLS[name]
    with Load(gateway.url, key, MODEL) as record:
        time.sleep(BEFORE)
        started = time.monotonic()
        drill.happens()
        drill.heals()
        seconds = time.monotonic() - started
        time.sleep(AFTER)
    with capsys.disabled():
        print(f"\n{name}: all was well after {seconds:.0f} s, {record}")
    assert record.failed <= drill.may_fail
    assert passed_at_a_limit_of_ten(gateway) == 10


def test_connections_that_rest_cost_no_request(gateway: Gateway, key: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Envoy uses its connections to the proxy again: one that the proxy is just closing would lose the request."""
    load = Load(gateway.url, key, MODEL)
    failed = []
    with ThreadPoolExecutor(max_workers=BURST) as pool:
        for rest in RESTS:
            failed += [why for why, _seconds in pool.map(load.ask, range(BURST)) if why]
            time.sleep(rest)
    with capsys.disabled():
        print(f"\nafter rests of {RESTS[0]:.1f} to {RESTS[-1]:.1f} s: {len(failed)} of {len(RESTS) * BURST} failed")
    assert failed == []


def test_streams_outlive_the_replicas_that_they_began_on(
    gateway: Gateway, key: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Longer than the half minute that LiteLLM gives its streams unless told otherwise."""
    # Between its tokens there is one pause less than there are tokens.
    stream = {"stream": True, "ignore_eos": True, "max_tokens": STREAM_SECONDS * 2 + 1}
    # On both replicas some are under way at any moment, whenever their turn comes.
    with Load(gateway.url, key, SLOW_MODEL, per_second=0.25, **stream) as record:
        time.sleep(BEFORE)
        proxy_is_restarted()
        rolled_out("deployment", NAMESPACE, "litellm-proxy")
        until("no replica of before is left", lambda: len(pods_and_leaving(PROXY_LABEL)) == len(pods(PROXY_LABEL)))
    with capsys.disabled():
        print(f"\nstreams of {STREAM_SECONDS} s while all replicas of the proxy are replaced: {record}")
    assert record.failed == 0
    assert record.slowest >= STREAM_SECONDS
