# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role database: what operator, servers and poolers are told. test_backups.py has what is about backups."""

from __future__ import annotations

import re
from typing import Any

import pytest
from role_data import RoleData

from ansible_collections.inference.gateway.plugins.filter.amend_manifest import amend_manifest

EMPTY = {"__database_secrets_there": {"resources": []}, "__database_there": {"resources": []}}


def database(**variables: Any) -> RoleData:
    return RoleData("database", **EMPTY | variables)


def spec(template: str, **variables: Any) -> dict[str, Any]:
    [described] = database(**variables).documents(template)
    return described["spec"]


# The operator

MANIFEST = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: cnpg-controller-manager}
spec:
  replicas: 1
  template:
    spec:
      containers:
        - name: manager
          args: [controller, --leader-elect]
          env: [{name: MONITORING_QUERIES_CONFIGMAP, value: cnpg-default-monitoring}]
"""


def operator(**variables: Any) -> dict[str, Any]:
    """The spec of CloudNativePG's Deployment."""
    [deployment] = amend_manifest(MANIFEST, [], database(**variables)["__database_operator_changes"])
    return deployment["spec"]


def test_pods_of_the_operator_stand_by_on_other_nodes() -> None:
    assert operator(database_operator_replicas=1)["replicas"] == 1
    told = operator()
    assert told["replicas"] == 2
    [spread] = told["template"]["spec"]["topologySpreadConstraints"]
    assert (spread["topologyKey"], spread["whenUnsatisfiable"]) == ("kubernetes.io/hostname", "ScheduleAnyway")
    assert told["template"]["spec"]["containers"][0]["args"] == ["controller", "--leader-elect"]


def test_there_is_one_of_everything_at_least() -> None:
    [told] = database(database_operator_replicas=0).problems("__database_checks")
    assert told.startswith(
        "database_operator_replicas, database_instances and database_pooler_instances must each be 1"
    )


# Settings


def test_settings_are_merged_over_the_roles_own() -> None:
    limits = {
        "statement_timeout": "5min",
        "lock_timeout": "1min",
        "idle_in_transaction_session_timeout": "5min",
    }
    own = spec("cluster.yaml.j2")["postgresql"]["parameters"]
    assert own == {"max_connections": "200", "shared_buffers": "512MB"} | limits
    given = {"max_connections": "400", "shared_buffers": None, "work_mem": "16MB"}
    told = spec("cluster.yaml.j2", database_parameters=given)["postgresql"]["parameters"]
    assert told == {"max_connections": "400", "work_mem": "16MB"} | limits


def test_settings_of_the_poolers_are_merged_over_the_roles_own() -> None:
    own = {
        "max_client_conn": "1000",
        "default_pool_size": "25",
        "max_prepared_statements": "0",
        "server_login_retry": "1",
    }
    assert spec("pooler.yaml.j2")["pgbouncer"]["parameters"] == own
    given = {"max_client_conn": "2000", "server_login_retry": None}
    told = spec("pooler.yaml.j2", database_pooler_parameters=given)["pgbouncer"]["parameters"]
    assert told == {"max_client_conn": "2000", "default_pool_size": "25", "max_prepared_statements": "0"}


@pytest.mark.parametrize(
    ("given", "connections"),
    [({}, 2000), ({"max_client_conn": "2000"}, 4000), ({"max_client_conn": None}, 200), ({"min_pool_size": "5"}, 2000)],
)
def test_the_connections_that_the_poolers_take(given: dict[str, Any], connections: int) -> None:
    assert database(database_pooler_parameters=given)["database_pooler_connections"] == connections


@pytest.mark.parametrize(
    ("variables", "most"),
    [
        ({}, 0),
        ({"database_parameters": {"max_connections": "59"}}, 59),
        ({"database_parameters": {"work_mem": "16MB"}, "database_pooler_instances": 8}, 200),
        ({"database_parameters": {"max_connections": None}, "database_pooler_instances": 4}, 100),
        ({"database_pooler_parameters": {"default_pool_size": "100"}}, 200),
        ({"database_pooler_parameters": {"max_client_conn": "2000"}, "database_pooler_instances": 7}, 0),  # 7 x 25 + 10
    ],
)
def test_more_connections_than_the_servers_take_are_refused(variables: dict[str, Any], most: int) -> None:
    told = database(**variables).problems("__database_checks")
    assert [f"but PostgreSQL's max_connections is {most}: " in sentence for sentence in told] == [True] * bool(most)


# What may be lost


@pytest.mark.parametrize("instances", [1, 2, 3])
def test_what_is_committed_is_on_two_servers_if_two_are_there(instances: int) -> None:
    """A commit that waited for a standby that is not there would stop everything."""
    described = spec("cluster.yaml.j2", database_instances=instances)
    waits = {"method": "any", "number": 1, "dataDurability": "preferred"}
    assert described["postgresql"].get("synchronous") == (waits if instances > 1 else None)
    # The budget of a single one would block each drain of its node.
    assert described["enablePDB"] is (instances > 1)


@pytest.mark.parametrize(("poolers", "budgets"), [(1, 0), (2, 1), (3, 1)])
def test_drains_take_poolers_one_by_one_but_are_not_blocked_by_a_single_one(poolers: int, budgets: int) -> None:
    others = {"gateway_cluster_network_policies": False, "database_pod_monitors": False}
    role = database(database_pooler_instances=poolers, **others)
    # Templates can only be looked up in a play.
    described = role.templated(re.sub(r"lookup\([^)]*\)", "'{}'", role.variables["__database_described"]))
    found = [each for each in described if each.get("kind") == "PodDisruptionBudget"]
    of_the_poolers = {"matchLabels": {"cnpg.io/poolerName": "litellm-db-pooler"}}
    assert [each["spec"] for each in found] == [{"maxUnavailable": 1, "selector": of_the_poolers}] * budgets
    # What is no longer described goes.
    assert ("PodDisruptionBudget", "litellm-db-pooler") in [(e["kind"], e["name"]) for e in role["__database_optional"]]


# The certificate


@pytest.mark.parametrize(("domain", "added"), [("cluster.local", False), ("example.internal", True)])
def test_the_certificate_has_the_hosts_that_clients_ask(domain: str, added: bool) -> None:
    """Poolers, and the primary where the operator does not write its name down by itself."""
    names = spec("cluster.yaml.j2", gateway_cluster_domain=domain)["certificates"]["serverAltDNSNames"]
    proxy = RoleData("proxy", gateway_cluster_domain=domain)
    assert proxy["proxy_database_host"] in names
    assert (proxy["proxy_database_direct_host"] in names) is added
    assert len(set(names)) == len(names)


# Where they run


@pytest.mark.parametrize(
    ("template", "labels"),
    [
        ("cluster.yaml.j2", {"cnpg.io/cluster": "litellm-db", "cnpg.io/podRole": "instance"}),
        ("pooler.yaml.j2", {"cnpg.io/poolerName": "litellm-db-pooler"}),
    ],
)
def test_servers_and_poolers_are_spread_over_zones(template: str, labels: dict[str, str]) -> None:
    """And over nodes by affinity: where nodes have no zone, the scheduler looks at no constraint."""
    described = spec(template)
    pod = described["template"]["spec"] if "template" in described else described
    assert pod["topologySpreadConstraints"] == [
        {
            "maxSkew": 1,
            "topologyKey": "topology.kubernetes.io/zone",
            "whenUnsatisfiable": "ScheduleAnyway",
            "labelSelector": {"matchLabels": labels},
        }
    ]
    assert "kubernetes.io/hostname" in str(pod["affinity"])
