# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.inference.gateway.plugins.filter.verify_metrics import verify_metrics

REQUESTS = "litellm_proxy_total_requests_metric_total"
BREAKER = "litellm_redis_circuit_breaker_state"
TEXT = f"""\
# TYPE {REQUESTS} counter
{REQUESTS}{{api_key_alias="a",status_code="200",team_alias="run"}} 7.0
{REQUESTS}{{api_key_alias="a",status_code="429",team_alias="run"}} 5.0
{REQUESTS}{{api_key_alias="b",status_code="200",team_alias="other \\"run\\""}} 1e+03
# TYPE {BREAKER} gauge
{BREAKER}{{state="closed"}} 1.0
"""


class Lazy(dict):
    """Like a mapping within a template, whose items come one by one."""

    def items(self):
        yield from super().items()


def replica(pod: str, text: str, rc: int = 0, stderr: str = "") -> dict[str, Any]:
    return {"item": pod, "stdout": text, "stderr": stderr, "rc": rc}


def judged(check: dict[str, Any], *replicas: dict[str, Any]) -> tuple[bool, str, str]:
    (result,) = verify_metrics([{"name": "check"} | check], replicas)
    return result["passed"], result["expected"], result["found"]


SPREAD = {"metric": REQUESTS, "labels": Lazy(team_alias="run"), "at_least": 1, "replicas": 2}
CLOSED = {"metric": BREAKER, "labels": {"state": "open"}, "at_most": 0}


def test_requests_reached_two_replicas() -> None:
    assert judged(SPREAD, replica("p1", TEXT), replica("p2", TEXT), replica("p3", "")) == (
        True,
        f"{REQUESTS}{{team_alias=run}} at least 1 in 2 replicas or more",
        "p1 12, p2 12, p3 has no such metric",
    )


def test_requests_reached_one_replica_only() -> None:
    elsewhere = TEXT.replace('team_alias="run"', 'team_alias="x"')
    passed, _expected, found = judged(SPREAD, replica("p1", TEXT), replica("p2", elsewhere))
    assert (passed, found) == (False, "p1 12, p2 0")


def test_every_breaker_is_closed() -> None:
    assert judged(CLOSED, replica("p1", TEXT), replica("p2", TEXT)) == (
        True,
        f"{BREAKER}{{state=open}} at most 0 in every replica",
        "p1 0, p2 0",
    )


def test_one_breaker_is_open() -> None:
    passed, _expected, found = judged(CLOSED, replica("p1", TEXT), replica("p2", f'{BREAKER}{{state="open"}} 1\n'))
    assert (passed, found) == (False, "p1 0, p2 1")


def test_a_metric_that_is_unknown_is_not_zero() -> None:
    assert judged(CLOSED, replica("p1", "# nothing\n"))[::2] == (False, "p1 has no such metric")


def test_no_replica() -> None:
    assert judged(CLOSED)[::2] == (False, "no replica")


def test_families_are_known_to_some_replica() -> None:
    families = {"families": [REQUESTS, BREAKER]}
    assert judged(families, replica("p1", TEXT), replica("p2", "")) == (
        True,
        f"the metrics {REQUESTS}, {BREAKER}",
        "all 2 of them",
    )
    assert judged(families, replica("p1", ""))[::2] == (False, f"without {REQUESTS}, {BREAKER}")


def test_a_replica_that_does_not_answer() -> None:
    broken = replica("p2", "", rc=1, stderr="Traceback\nurllib.error.URLError: connection refused\n")
    passed, _expected, found = judged(SPREAD | {"replicas": 1}, replica("p1", TEXT), broken)
    assert not passed
    assert found == "p1 12; p2: no metrics (Traceback urllib.error.URLError: connection refused)"


def test_a_check_without_a_bound_is_refused() -> None:
    with pytest.raises(AnsibleFilterError, match="'check' sets neither at_least nor at_most"):
        judged({"metric": REQUESTS}, replica("p1", TEXT))
