# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.inference.gateway.plugins.filter.variable_problems import variable_problems

SPECIFICATIONS: dict[str, dict[str, Any]] = {
    "gateway": {"gateway_type": {"type": "str", "choices": ["LoadBalancer", "NodePort"]}},
    "gateway_cluster": {"gateway_cluster_namespace": {"type": "str"}},
    "proxy": {
        "proxy_replicas": {"type": "int"},
        "proxy_master_key": {"type": "str", "no_log": True},
        "proxy_ports": {"type": "dict", "no_log": True},
        "proxy_models": {
            "type": "list",
            "elements": "dict",
            "options": {"model_name": {"type": "str", "required": True}},
        },
    },
}


@pytest.fixture
def roles(tmp_path: Path) -> str:
    for role, options in SPECIFICATIONS.items():
        path = tmp_path / role / "meta" / "argument_specs.yml"
        path.parent.mkdir(parents=True)
        path.write_text(yaml.safe_dump({"argument_specs": {"main": {"options": options}}}))
    return str(tmp_path)


@pytest.mark.parametrize(
    "variables",
    [
        {},
        {"proxy_replicas": 3, "gateway_type": "NodePort", "gateway_cluster_namespace": "x"},
        {"proxy_replicas": None},
        {"proxy_models": [{"model_name": "m"}]},
        {"ansible_host": "localhost", "proximity": 3},
    ],
)
def test_right_variables(roles: str, variables: dict[str, Any]) -> None:
    assert variable_problems(variables, roles) == []


@pytest.mark.parametrize(
    ("variables", "problem"),
    [
        ({"proxy_replica": 3}, "proxy_replica is no variable of the role proxy: did you mean proxy_replicas?"),
        (
            {"proxy_zzz": 3},
            "proxy_zzz is no variable of the role proxy: roles/proxy/meta/argument_specs.yml lists those that are.",
        ),
        (
            {"gateway_cluster_name": "x"},
            "gateway_cluster_name is no variable of the role gateway_cluster: did you mean gateway_cluster_namespace?",
        ),
        ({"proxy_ports": "s3cret"}, "proxy_ports: its value is not a valid dict."),
    ],
)
def test_wrong_variables(roles: str, variables: dict[str, Any], problem: str) -> None:
    assert variable_problems(variables, roles) == [problem]


@pytest.mark.parametrize(
    ("variables", "part"),
    [
        ({"proxy_replicas": "many"}, "'many'"),
        ({"gateway_type": "ClusterIP"}, "LoadBalancer, NodePort"),
        ({"proxy_models": [{"name": "m"}]}, "model_name"),
    ],
)
def test_wrong_values_are_named(roles: str, variables: dict[str, Any], part: str) -> None:
    problems = variable_problems(variables, roles)
    name = next(iter(variables))
    assert problems
    assert all(problem.startswith(f"{name}: ") for problem in problems)
    assert any(part in problem for problem in problems)
