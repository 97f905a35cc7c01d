# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The PrometheusRules of the roles. Whether Prometheus takes them and knows their metrics, tests/metrics looks."""

from __future__ import annotations

import re
from typing import Any

import pytest
from role_data import RoleData

MONITORED = ("proxy", "database", "valkey", "gateway", "model_serving")
SEVERITIES = {"critical", "warning", "info"}


def rule(role: str, **variables: Any) -> dict[str, Any]:
    return RoleData(role, **variables)[f"__{role}_alerts"]


def alerts(role: str, **variables: Any) -> list[dict[str, Any]]:
    return [each for group in rule(role, **variables)["spec"]["groups"] for each in group["rules"]]


@pytest.mark.parametrize("role", MONITORED)
def test_each_alert_says_how_bad_it_is_and_what_to_do(role: str) -> None:
    found = alerts(role)
    assert found
    for each in found:
        assert each["labels"]["severity"] in SEVERITIES, each["alert"]
        assert each["annotations"].keys() == {"summary", "description"}, each["alert"]
        assert re.fullmatch(r"\d+m", each["for"]), each["alert"]


@pytest.mark.parametrize("role", MONITORED)
def test_what_prometheus_fills_in_is_left_to_it(role: str) -> None:
    for each in alerts(role):
        text = " ".join(each["annotations"].values())
        assert re.findall(r"\{\{ (?!\$(?:labels\.\w+|value))", text) == [], each["alert"]
        assert "{{" not in each["expr"], each["alert"]


@pytest.mark.parametrize("role", MONITORED)
def test_alerts_are_about_this_gateway_alone(role: str) -> None:
    names = {"gateway_cluster_namespace": "llm", "gateway_cluster_models_namespace": "llm-models"}
    for each in alerts(role, **names):
        selectors = re.findall(r"\{(.*?)\}", each["expr"])
        assert selectors, each["alert"]
        assert all('"llm' in selector for selector in selectors), each["alert"]


@pytest.mark.parametrize("role", MONITORED)
def test_prometheus_selects_them_as_it_does_monitors(role: str) -> None:
    labels = rule(role, gateway_cluster_monitor_labels={"release": "prometheus"})["metadata"]["labels"]
    assert labels["release"] == "prometheus"


@pytest.mark.parametrize("role", MONITORED)
@pytest.mark.parametrize(
    ("kinds", "variables", "made"),
    [
        (["PrometheusRule"], {}, True),
        (["PodMonitor"], {}, False),
        (["PrometheusRule"], {"gateway_cluster_alerts": False}, False),
    ],
)
def test_they_are_made_where_the_cluster_knows_them(
    role: str, kinds: list[str], variables: dict[str, Any], made: bool
) -> None:
    known = {"gateway_cluster_info": {"apis": {"monitoring.coreos.com/v1": {kind: {} for kind in kinds}}}}
    assert RoleData(role, **known, **variables)["gateway_cluster_alerting"] is made


def test_backups_are_watched_where_there_are_any() -> None:
    assert "PostgreSQLBackupFailed" not in [each["alert"] for each in alerts("database")]
    assert "PostgreSQLBackupFailed" in [each["alert"] for each in alerts("database", __database_backs_up=True)]


def test_a_missing_replica_of_valkey_is_one_that_should_be_there() -> None:
    (found,) = [each for each in alerts("valkey", valkey_replicas=3) if each["alert"] == "ValkeyReplicaMissing"]
    assert found["expr"].endswith("< 2")
