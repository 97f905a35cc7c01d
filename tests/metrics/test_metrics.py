# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a real Prometheus sees of the running gateway, and an autoscaler that takes the proxy's replicas over.

Needs KUBECONFIG, kubectl, and what molecule/metrics/prepare.yml installs; the scenario metrics of Molecule runs it.
"""

from __future__ import annotations

import json
import os
import re
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import quote

import pytest
import requests
from cluster import NAMESPACE, kubectl, secret
from playbook import ROOT, play

PROMETHEUS = "/api/v1/namespaces/monitoring/services/prometheus-operated:web/proxy/api/v1"

# What the monitors lead to: the scrape pool that the operator makes of each, and its pods in the kind inventory.
TARGETS = {
    f"serviceMonitor/{NAMESPACE}/litellm-proxy/0": 2,
    f"podMonitor/{NAMESPACE}/inference-envoy/0": 1,
    f"podMonitor/{NAMESPACE}/envoy-gateway/0": 1,
    f"podMonitor/{NAMESPACE}/litellm-db/0": 1,
    f"podMonitor/{NAMESPACE}/litellm-db-pooler/0": 1,
    f"podMonitor/{NAMESPACE}/valkey/0": 2,
    "podMonitor/models/models/0": 2,
}

# One series of each part that tells that its metrics are about the thing itself.
TELLING = {
    "the proxy": 'sum(litellm_proxy_total_requests_metric_total{team_alias="demo"}) > 0',
    "Envoy": "sum(envoy_http_downstream_rq_total) > 0",
    "Envoy Gateway": "sum(watchable_subscribe_total) > 0",
    "PostgreSQL": "min(cnpg_collector_up) == 1",
    "PgBouncer": "max(cnpg_pgbouncer_last_collection_error) == 0",
    "Valkey": "count(redis_up == 1) == 2",
    "the primary of Valkey": "sum(redis_connected_slaves) == 1",
    "a model": 'count(vllm:num_requests_running{serving_kserve_io_inferenceservice="tiny"}) == 1',
}

# Of the metrics that the guide names: they appear with what did not happen here.
SELDOM = {"litellm_deployment_failure_responses_total"}

Seen = TypeVar("Seen")


def prometheus(path: str) -> Any:
    """The answer of Prometheus' API, through the API server."""
    return json.loads(kubectl("get", "--raw", f"{PROMETHEUS}/{path}"))["data"]


def query(expression: str) -> list[Any]:
    return prometheus(f"query?query={quote(expression)}")["result"]


def until(look: Callable[[], Seen], good: Callable[[Seen], object], seconds: float) -> Seen:
    """What `look` gave at last: as `good` wants it, or when the time was over."""
    end = time.monotonic() + seconds
    while not good(seen := look()) and time.monotonic() < end:
        time.sleep(2)
    return seen


def changes(**variables: Any) -> int:
    """Run the proxy's part of site.yml; return the number of changes."""
    inventory = "molecule/metrics/inventory/hosts.yml"
    return play("site", inventory, options=("--tags", "proxy"), seconds=600, **variables).changed


@pytest.fixture(scope="module", autouse=True)
def _a_request_of_a_tenant() -> None:
    """Series of the proxy, of Envoy and of a model appear with the first request."""
    answer = requests.post(
        os.environ.get("GATEWAY_URL", "http://localhost") + "/v1/chat/completions",
        json={"model": "tiny", "max_tokens": 4, "messages": [{"role": "user", "content": "Hello"}]},
        headers={"Authorization": f"Bearer {secret('demo')}"},
        timeout=60,
    )
    assert answer.status_code == 200, answer.text


def pools() -> dict[str, list[dict[str, Any]]]:
    found = defaultdict(list)
    for target in prometheus("targets?state=active")["activeTargets"]:
        found[target["scrapePool"]].append(target)
    return dict(found)


def test_every_monitor_leads_to_its_pods_and_every_pod_answers() -> None:
    """The NetworkPolicies are in place: Prometheus asks from its own namespace."""

    def wrong(found: dict[str, list[dict[str, Any]]]) -> list[str]:
        counts = {name: (len(found.get(name, [])), wanted) for name, wanted in TARGETS.items()}
        said = [f"{name}: {seen} targets, not {wanted}" for name, (seen, wanted) in counts.items() if seen != wanted]
        said += [
            f"{target['scrapePool']}: {target['scrapeUrl']}: {target['lastError'] or target['health']}"
            for targets in found.values()
            for target in targets
            if target["health"] != "up"
        ]
        return said + [f"{name}: is not expected" for name in found if name not in TARGETS]

    assert until(lambda: wrong(pools()), lambda said: not said, 120) == []


@pytest.mark.parametrize("part", TELLING)
def test_the_metrics_are_about_the_part_itself(part: str) -> None:
    assert until(lambda: query(TELLING[part]), bool, 60) != [], TELLING[part]


def test_the_metrics_that_the_guide_names_are_there() -> None:
    guide = (ROOT / "docs" / "docsite" / "rst" / "production_eks.rst").read_text()
    named = set(re.findall(r"\* - ``(litellm_\w+)``", guide)) - SELDOM
    assert len(named) > 4

    def lacking() -> set[str]:
        known = set(prometheus("label/__name__/values"))
        return {name for name in named if not known & {name, f"{name}_bucket"}}

    assert until(lacking, lambda names: not names, 60) == set()


def alerts() -> list[dict[str, Any]]:
    return [rule for group in prometheus("rules?type=alert")["groups"] for rule in group["rules"]]


def test_prometheus_takes_the_alerts_and_has_nothing_to_tell() -> None:
    def told() -> dict[str, tuple[str, str, str]]:
        return {rule["name"]: (rule["health"], rule["state"], rule.get("lastError", "")) for rule in alerts()}

    quiet = ("ok", "inactive", "")
    found = until(told, lambda rules: rules and set(rules.values()) == {quiet}, 120)
    assert {name: said for name, said in found.items() if said != quiet} == {}
    assert found.keys() >= {"LiteLLMDown", "PostgreSQLDown", "ValkeyDown", "EnvoyDown", "ModelDown"}


def test_alerts_are_about_series_that_are_there() -> None:
    """A misspelt label selects nothing, and its alert would be silent for ever. Of errors there are none yet."""
    selectors = {each for rule in alerts() for each in re.findall(r"[a-z][\w:]+\{.*?\}", rule["query"])}
    assert len(selectors) > 10

    def empty() -> list[str]:
        return [each for each in selectors if '"5' not in each and not query(each)]

    assert until(empty, lambda found: not found, 60) == []


def test_the_autoscaler_takes_the_replicas_over() -> None:
    """At one percent of a request for CPU an idle replica is too busy: the autoscaler goes to the most that it may."""

    def replicas() -> int:
        template = "jsonpath={.spec.replicas}"
        return int(kubectl("get", "deployment", "litellm-proxy", "--namespace", NAMESPACE, "--output", template))

    assert replicas() == 2
    assert changes(proxy_cpu_target=1) > 0
    assert until(replicas, lambda number: number == 3, 300) == 3
    kubectl("rollout", "status", "deployment/litellm-proxy", "--namespace", NAMESPACE, "--timeout=300s")

    assert changes(proxy_cpu_target=1) == 0
    assert replicas() == 3
    # Another change of what is applied together leaves them alone, too.
    assert changes(proxy_cpu_target=2, proxy_service_monitor_timeout="4s") > 0
    assert replicas() == 3


def test_an_alert_tells_of_a_proxy_that_is_gone() -> None:
    def state() -> str:
        return next(rule["state"] for rule in alerts() if rule["name"] == "LiteLLMDown")

    scale = ("scale", "deployment", "litellm-proxy", "--namespace", NAMESPACE)
    assert state() == "inactive"
    kubectl(*scale, "--replicas=0")
    try:
        assert until(state, lambda told: told != "inactive", 180) in ("pending", "firing")
    finally:
        kubectl(*scale, "--replicas=2")
    kubectl("rollout", "status", "deployment/litellm-proxy", "--namespace", NAMESPACE, "--timeout=300s")
    assert until(state, lambda told: told == "inactive", 120) == "inactive"
