# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.inference.gateway.plugins.filter.verify_rollouts import verify_rollouts


def thing(
    kind: str, spec: dict[str, Any], status: dict[str, Any], name: str = "x", generation: int = 3
) -> dict[str, Any]:
    return {"kind": kind, "metadata": {"name": name, "generation": generation}, "spec": spec, "status": status}


def judged(*objects: dict[str, Any], names: tuple[str, ...] = ("x",), kind: str | None = None) -> dict[str, Any]:
    check = {"name": "check", "kind": kind or objects[0]["kind"], "objects": list(names)}
    (result,) = verify_rollouts([check], objects)
    assert result["name"] == "check"
    return result


ROLLED_OUT = {"observedGeneration": 3, "replicas": 2, "readyReplicas": 2, "updatedReplicas": 2}


@pytest.mark.parametrize("kind", ["Deployment", "StatefulSet"])
def test_a_workload_that_is_rolled_out(kind: str) -> None:
    result = judged(thing(kind, {"replicas": 2}, ROLLED_OUT))
    assert result["passed"]
    assert result["expected"] == result["found"] == "2 of 2 replicas ready and up to date"


@pytest.mark.parametrize(
    ("spec", "status", "found"),
    [
        ({"replicas": 2}, ROLLED_OUT | {"readyReplicas": 1}, "1 of 2 replicas ready, 2 up to date"),
        ({"replicas": 2}, ROLLED_OUT | {"updatedReplicas": 1}, "2 of 2 replicas ready, 1 up to date"),
        ({"replicas": 2}, ROLLED_OUT | {"replicas": 3}, "2 of 2 replicas ready, 2 up to date, 1 too many"),
        (
            {"replicas": 2},
            ROLLED_OUT | {"observedGeneration": 2},
            "2 of 2 replicas ready, 2 up to date, the last change not seen yet",
        ),
        ({"replicas": 0}, {"observedGeneration": 3}, "0 of 0 replicas ready, 0 up to date"),
        ({}, {}, "0 of 1 replicas ready, 0 up to date, the last change not seen yet"),
    ],
)
def test_a_workload_that_is_not(spec: dict[str, Any], status: dict[str, Any], found: str) -> None:
    result = judged(thing("Deployment", spec, status))
    assert (result["passed"], result["found"]) == (False, found)


def test_every_object_must_be_there_and_rolled_out() -> None:
    good = thing("StatefulSet", {"replicas": 2}, ROLLED_OUT, name="valkey")
    bad = thing("StatefulSet", {"replicas": 2}, ROLLED_OUT | {"readyReplicas": 0}, name="sentinel")
    names = ("valkey", "sentinel", "other")
    result = judged(good, bad, names=names)
    assert not result["passed"]
    assert result["found"] == (
        "valkey: 2 of 2 replicas ready and up to date; sentinel: 0 of 2 replicas ready, 2 up to date; other: not there"
    )
    assert judged(good, names=("valkey",))["passed"]
    assert not judged(good, names=("valkey", "other"))["passed"]


def test_nothing_there() -> None:
    result = judged(kind="Deployment")
    assert (result["passed"], result["expected"], result["found"]) == (False, "rolled out", "not there")


def test_an_object_of_another_kind_does_not_count() -> None:
    assert not judged(thing("Deployment", {"replicas": 2}, ROLLED_OUT), kind="StatefulSet")["passed"]


@pytest.mark.parametrize(
    ("status", "passed", "found"),
    [
        ({"conditions": [{"type": "Complete", "status": "True"}]}, True, "complete"),
        (
            {"conditions": [{"type": "Failed", "status": "True", "message": "reached the backoff limit"}]},
            False,
            "failed: reached the backoff limit",
        ),
        ({"active": 1}, False, "1 pods at work"),
        ({}, False, "0 pods at work"),
    ],
)
def test_a_job(status: dict[str, Any], passed: bool, found: str) -> None:
    result = judged(thing("Job", {}, status))
    assert (result["passed"], result["found"]) == (passed, found)


@pytest.mark.parametrize(
    ("ready", "phase", "passed", "found"),
    [
        (3, "Cluster in healthy state", True, "3 of 3 instances ready"),
        (2, "Cluster in healthy state", False, "2 of 3 instances ready"),
        (3, "Failing over", False, "3 of 3 instances ready, Failing over"),
    ],
)
def test_a_database(ready: int, phase: str, passed: bool, found: str) -> None:
    result = judged(thing("Cluster", {"instances": 3}, {"readyInstances": ready, "phase": phase}))
    assert (result["passed"], result["found"]) == (passed, found)


def condition(kind: str, status: str = "True", **more: Any) -> dict[str, Any]:
    return {"type": kind, "status": status, **more}


@pytest.mark.parametrize(
    ("conditions", "passed", "found"),
    [
        ([condition("Accepted"), condition("Programmed", observedGeneration=3)], True, "Accepted and Programmed"),
        ([condition("Accepted"), condition("Programmed", observedGeneration=2)], False, "Programmed True"),
        ([condition("Accepted")], False, "Programmed not told"),
        (
            [condition("Accepted"), condition("Programmed", "False", reason="NoResources", message="No address.")],
            False,
            "Programmed False NoResources No address.",
        ),
    ],
)
def test_a_gateway(conditions: list[dict[str, Any]], passed: bool, found: str) -> None:
    result = judged(thing("Gateway", {}, {"conditions": conditions}))
    assert (result["passed"], result["found"]) == (passed, found)


def test_a_route_must_be_accepted_by_every_parent_that_it_has() -> None:
    good = {"parentRef": {"name": "new"}, "conditions": [condition("Accepted"), condition("ResolvedRefs")]}
    bad = {"parentRef": {"name": "old"}, "conditions": [condition("Accepted", "False"), condition("ResolvedRefs")]}
    one, both = ({"parentRefs": [{"name": name} for name in names]} for names in (["new"], ["new", "old"]))
    assert judged(thing("HTTPRoute", one, {"parents": [good]}))["passed"]
    assert judged(thing("HTTPRoute", one, {"parents": [good, bad]}))["passed"]
    assert not judged(thing("HTTPRoute", both, {"parents": [good, bad]}))["passed"]
    assert not judged(thing("HTTPRoute", one, {"parents": []}))["passed"]


def test_a_served_model() -> None:
    assert judged(thing("InferenceService", {}, {"conditions": [condition("Ready")]}))["passed"]
    assert not judged(thing("InferenceService", {}, {"conditions": [condition("Ready", "Unknown")]}))["passed"]


@pytest.mark.parametrize(
    ("check", "sentence"),
    [
        ({"name": "check", "kind": "Secret", "objects": ["x"]}, "'check' is about a Secret, but only Cluster"),
        ({"name": "check", "kind": "Job", "objects": []}, "'check' names no object"),
    ],
)
def test_bad_input_is_one_sentence(check: dict[str, Any], sentence: str) -> None:
    with pytest.raises(AnsibleFilterError, match=sentence):
        verify_rollouts([check], [])
