# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.inference.gateway.plugins.filter.shortages import shortages

GPU = "nvidia.com/gpu"


def node(cpu: str, memory: str, *, gpus: int = 0, ready: str = "True", cordoned: bool = False) -> dict[str, Any]:
    devices = {GPU: str(gpus)} if gpus else {}
    return {
        "spec": {"unschedulable": True} if cordoned else {},
        "status": {
            "allocatable": {"cpu": cpu, "memory": memory, **devices},
            "conditions": [{"type": "Ready", "status": ready}],
        },
    }


def pod(name: str, count: int, **resources: Any) -> dict[str, Any]:
    return {"name": name, "count": count, "resources": resources}


PROXY = pod("proxy", 2, requests={"cpu": "1500m", "memory": "2Gi"}, limits={"memory": "4Gi"})


def test_pods_that_fit() -> None:
    assert shortages([PROXY], [node("2", "8Gi"), node("1930m", "7900Mi")]) == []


def test_too_little_in_all_is_told_with_the_numbers() -> None:
    pods = [PROXY, pod("database", 3, requests={"cpu": "500m", "memory": "1Gi"})]
    assert shortages(pods, [node("4", "6Gi")]) == [
        "the pods ask for 4.5 CPU (proxy 2 x 1.5 CPU, database 3 x 0.5 CPU), "
        "but the nodes that take pods have 4 CPU in all",
        "the pods ask for 7Gi of memory (proxy 2 x 2Gi of memory, database 3 x 1Gi of memory), "
        "but the nodes that take pods have 6Gi of memory in all",
    ]


def test_a_pod_that_is_larger_than_every_node() -> None:
    assert shortages([PROXY], [node("1", "8Gi")] * 4) == [
        "a pod of proxy asks for 1.5 CPU, but no node that takes pods has more than 1 CPU"
    ]


def test_devices_are_counted() -> None:
    models = [pod(f"model {name}", 1, limits={"memory": "1Gi", GPU: "1"}) for name in ("a", "b", "c")]
    assert shortages(models, [node("8", "64Gi", gpus=4)]) == []
    assert shortages(models, [node("8", "64Gi", gpus=1)]) == [
        "the pods ask for 3 nvidia.com/gpu (model a 1 x 1 nvidia.com/gpu, model b 1 x 1 nvidia.com/gpu, "
        "model c 1 x 1 nvidia.com/gpu), but the nodes that take pods have 1 nvidia.com/gpu in all"
    ]
    large = [pod("model large", 1, limits={GPU: 8})]
    assert shortages(large, [node("8", "64Gi", gpus=4)] * 2) == [
        "a pod of model large asks for 8 nvidia.com/gpu, but no node that takes pods has more than 4 nvidia.com/gpu"
    ]
    assert "have 0 nvidia.com/gpu in all" in shortages(large, [node("8", "64Gi")])[0]


@pytest.mark.parametrize("useless", [node("8", "64Gi", ready="False"), node("8", "64Gi", cordoned=True)])
def test_nodes_that_take_no_pods_do_not_count(useless: dict[str, Any]) -> None:
    assert len(shortages([PROXY], [useless, node("2", "16Gi")])) == 1


def test_a_limit_alone_is_a_request() -> None:
    assert len(shortages([pod("valkey", 1, limits={"memory": "2Gi"})], [node("8", "1Gi")])) == 1


def test_pods_without_requests_fit_anywhere() -> None:
    assert shortages([pod("simulator", 3), {"name": "bare", "count": 1, "resources": None}], []) == []


@pytest.mark.parametrize(
    ("requests", "node_has"),
    [([("proxy", 3, "100m")], "300m"), ([("a", 1, "0.7"), ("b", 1, "0.1")], "800m")],
)
def test_what_fits_exactly_is_no_shortage(requests: list[tuple[str, int, str]], node_has: str) -> None:
    pods = [pod(name, count, requests={"cpu": cpu}) for name, count, cpu in requests]
    assert shortages(pods, [node(node_has, "1Gi")]) == []
