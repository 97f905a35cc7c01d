# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The NetworkPolicies of the roles: who may talk to whom. tests/network proves on a cluster that they are enforced."""

from __future__ import annotations

from typing import Any

import pytest
from role_data import RoleData

NOTHING = {"resources": []}
# The list of a role's policies, and what the role has read of the cluster by then.
POLICIES = {
    "database": "__database_policies",
    "valkey": "[__valkey_policy]",
    "gateway": "__gateway_policies",
    "model_serving": "__model_serving_policies",
    "proxy": "__proxy_policies",
}
READ = {
    "__database_api_server": NOTHING,
    "__proxy_secrets": NOTHING,
    "__proxy_configs": NOTHING,
    "gateway_cluster_info": {"apis": {}},
}
ALL_ISSUED = {
    "gateway_tls_secret": "tls",
    "gateway_tls_issuer": "letsencrypt",
    "gateway_tls_hostnames": ["llm.example.com"],
}


def policies(role: str, **variables: Any) -> dict[str, dict[str, Any]]:
    return {each["metadata"]["name"]: each["spec"] for each in RoleData(role, **READ | variables)[POLICIES[role]]}


def ports(rules: list[dict[str, Any]]) -> set[int]:
    return {port["port"] for rule in rules for port in rule.get("ports", [])}


def open_ports(rules: list[dict[str, Any]]) -> set[int]:
    """The ports of rules that name nobody, and so mean everybody."""
    return ports([rule for rule in rules if "to" not in rule and "from" not in rule])


@pytest.mark.parametrize("role", POLICIES)
def test_every_policy_is_about_both_directions_and_is_ours_to_remove(role: str) -> None:
    for policy in RoleData(role, **READ)[POLICIES[role]]:
        assert policy["spec"]["policyTypes"] == ["Ingress", "Egress"]
        assert policy["metadata"]["labels"]["app.kubernetes.io/managed-by"] == "inference.gateway"


def selects(selector: dict[str, Any], labels: dict[str, str]) -> bool:
    wanted = selector.get("matchLabels", {}).items() <= labels.items()
    for expression in selector.get("matchExpressions", []):
        wanted = wanted and (expression["key"] in labels) == (expression["operator"] == "Exists")
    return wanted


@pytest.mark.parametrize(
    ("role", "policy", "service"),
    [
        # CloudNativePG's litellm-db-rw and litellm-db-pooler.
        ("database", "litellm-db-pooler", {"cnpg.io/cluster": "litellm-db", "cnpg.io/instanceRole": "primary"}),
        ("proxy", "litellm-proxy-migration", {"cnpg.io/cluster": "litellm-db", "cnpg.io/instanceRole": "primary"}),
        ("proxy", "litellm-proxy", {"cnpg.io/poolerName": "litellm-db-pooler"}),
        # KServe's tiny-predictor.
        ("proxy", "litellm-proxy", {"app": "isvc.tiny-predictor"}),
        ("model_serving", "model-question", {"app": "isvc.tiny-predictor"}),
        ("proxy", "litellm-proxy", RoleData("valkey")["__valkey_sentinel_labels"]),
        ("proxy", "litellm-proxy", RoleData("valkey")["__valkey_data_labels"]),
        ("gateway", "inference-gateway-inference", RoleData("proxy")["__proxy_selector"]),
    ],
)
def test_who_asks_through_a_service_may_do_so_by_its_selector(role: str, policy: str, service: dict[str, str]) -> None:
    """Amazon's VPC CNI sees a request before it gets the address of a pod, and knows Services by their selectors."""
    peers = [peer for rule in policies(role)[policy]["egress"] for peer in rule.get("to", [])]
    assert [peer for peer in peers if selects(peer.get("podSelector", {}), service)] != []


def test_what_refuses_everything_comes_after_what_the_proxy_needs() -> None:
    assert list(policies("proxy"))[-1] == "default-deny"


def test_a_gateway_removes_its_own_policies_and_leaves_those_of_another() -> None:
    def made(**variables: Any) -> list[dict[str, Any]]:
        return [each for role in POLICIES for each in RoleData(role, **READ | ALL_ISSUED | variables)[POLICIES[role]]]

    ours, theirs = made(), made(gateway_cluster_namespace="other", gateway_cluster_models_namespace="other-models")
    there = {"__prerequisites_policies": {"resources": theirs + ours}}
    removed = RoleData("prerequisites", **there)["__prerequisites_own_policies"]
    assert sorted(map(str, removed)) == sorted(map(str, ours))


@pytest.mark.parametrize("role", [role for role in POLICIES if role != "gateway"])
def test_nobody_but_envoy_takes_connections_from_everywhere(role: str) -> None:
    assert all(not open_ports(spec.get("ingress", [])) for spec in policies(role).values())


def test_envoy_takes_requests_at_its_listeners_only() -> None:
    (plain,) = policies("gateway").values()
    assert open_ports(plain["ingress"]) == {10080, 19003}
    encrypted = policies("gateway", **ALL_ISSUED, gateway_http_port=0, gateway_https_port=8443)
    assert open_ports(encrypted["inference-gateway-inference"]["ingress"]) == {8443, 19003}


def test_cert_manager_proves_a_name_through_the_gateway() -> None:
    found = policies("gateway", **ALL_ISSUED)
    assert 8089 in ports(found["inference-gateway-inference"]["egress"])
    assert ports(found["inference-acme"]["ingress"]) == {8089}


def model(**params: Any) -> dict[str, Any]:
    return {"model_name": "gpt-4o", "litellm_params": {"model": "openai/gpt-4o", **params}}


HERE = model(api_base="http://tiny-predictor.models.svc.cluster.local/v1")


@pytest.mark.parametrize(
    ("variables", "asks"),
    [
        ({}, False),
        ({"proxy_models": [model()]}, True),
        ({"proxy_models": [model(api_base="os.environ/AZURE_API_BASE")]}, True),
        ({"proxy_models": [HERE], "tenants_models": [HERE, {"model_name": "old", "state": "absent"}]}, False),
        ({"tenants_models": [HERE, model(api_base="https://api.svc.example.com/v1")]}, True),
        ({"tenants_models": None}, False),
        ({"proxy_litellm_settings": {"callbacks": ["prometheus"], "drop_params": True}}, False),
        ({"proxy_litellm_settings": {"callbacks": ["prometheus", "langfuse"]}}, True),
        ({"proxy_litellm_settings": {"failure_callback": ["sentry"]}}, True),
        ({"proxy_general_settings": {"alerting": ["slack"]}}, True),
        ({"proxy_internet_access": True}, True),
        ({"proxy_models": [model()], "proxy_internet_access": False}, False),
    ],
)
def test_the_proxy_asks_the_internet_only_for_what_is_there(variables: dict[str, Any], asks: bool) -> None:
    assert open_ports(policies("proxy", **variables)["litellm-proxy"]["egress"]) == ({53, 443} if asks else {53})


def test_of_servers_that_were_there_already_the_ports_are_open() -> None:
    found = policies(
        "proxy",
        gateway_cluster_database_host="db.example.com:5433",
        gateway_cluster_valkey_sentinels=["a.example.com", "b.example.com:26380"],
        proxy_valkey_port=6390,
    )
    assert open_ports(found["litellm-proxy"]["egress"]) == {53, 5433, 6390, 26379, 26380}
    assert open_ports(found["litellm-proxy-migration"]["egress"]) == {53, 5433}


@pytest.mark.parametrize(
    ("model", "loads"),
    [
        ({"runtime": "simulator"}, False),
        ({"runtime": "vllm", "storage_uri": "pvc://models/qwen"}, False),
        ({"runtime": "vllm", "storage_uri": "hf://Qwen/Qwen3-8B"}, True),
        ({"runtime": "vllm", "args": ["--model=Qwen/Qwen3-8B"]}, True),
    ],
)
def test_models_ask_the_internet_only_if_they_are_loaded_from_there(model: dict[str, Any], loads: bool) -> None:
    found = policies("model_serving", model_serving_models=[{"name": "qwen", **model}])
    assert open_ports(found["models"]["egress"]) == ({53, 443} if loads else {53})


@pytest.mark.parametrize(
    ("told", "reached"), [([], {443}), ([6443], {443, 6443}), ([443], {443}), ([16443], {443, 16443})]
)
def test_the_api_server_is_reached_where_the_cluster_says(told: list[int], reached: set[int]) -> None:
    slices = [{"ports": [{"name": "https", "port": port, "protocol": "TCP"}], "endpoints": []} for port in told]
    for spec in policies("database", __database_api_server={"resources": slices}).values():
        assert open_ports(spec["egress"]) == {53} | reached


def test_the_api_server_is_looked_for_in_networks_only() -> None:
    within = ["10.0.0.0/16", "172.20.0.0/16"]
    for spec in policies("database", database_api_server_networks=within).values():
        assert open_ports(spec["egress"]) == {53}
        assert networks(spec["egress"]) == set(within)


def test_what_refuses_everything_comes_after_what_models_need() -> None:
    assert list(policies("model_serving"))[-1] == "default-deny"


IDENTITY = {"169.254.169.254/32", "169.254.170.23/32", "169.254.169.252/32"}


def networks(rules: list[dict[str, Any]]) -> set[str]:
    return {peer["ipBlock"]["cidr"] for rule in rules for peer in rule.get("to", []) if "ipBlock" in peer}


@pytest.mark.parametrize(
    ("variables", "asks"),
    [
        ({}, False),
        ({"database_backup_destination": "s3://backups/llm"}, True),
        ({"database_backup_destination": "s3://backups/llm", "database_backup_secret": "s3"}, False),
        (
            {
                "database_backup_destination": "s3://backups/llm",
                "database_service_account_annotations": {"eks.amazonaws.com/role-arn": "arn:aws:iam::1:role/llm"},
            },
            False,
        ),
    ],
)
def test_the_database_asks_whose_rights_it_has_only_if_nothing_says_so(variables: dict[str, Any], asks: bool) -> None:
    assert networks(policies("database", **variables)["litellm-db"]["egress"]) == (IDENTITY if asks else set())


@pytest.mark.parametrize(
    ("model", "asks"),
    [
        ({"storage_uri": "hf://Qwen/Qwen3-8B"}, False),
        ({"storage_uri": "s3://models/qwen"}, True),
        ({"storage_uri": "gs://models/qwen"}, True),
        ({"storage_uri": "s3://models/qwen", "storage_secret": "s3"}, False),
        (
            {"storage_uri": "s3://models/qwen", "service_account_annotations": {"eks.amazonaws.com/role-arn": "a"}},
            False,
        ),
    ],
)
def test_models_ask_whose_rights_they_have_only_if_nothing_says_so(model: dict[str, Any], asks: bool) -> None:
    found = policies("model_serving", model_serving_models=[{"name": "qwen", "runtime": "vllm", **model}])
    assert networks(found["models"]["egress"]) == (IDENTITY if asks else set())


ROLE = {"eks.amazonaws.com/role-arn": "arn:aws:iam::1:role/llm"}


@pytest.mark.parametrize(
    ("params", "annotations", "asks"),
    [
        ({"model": "openai/gpt-4o"}, {}, False),
        ({"model": "bedrock/eu.anthropic.claude-sonnet-4-5"}, {}, True),
        ({"model": "sagemaker_chat/llama"}, {}, True),
        ({"model": "vertex_ai/gemini-3-pro"}, {"iam.gke.io/gcp-service-account": "llm@example"}, True),
        ({"model": "bedrock/nova"}, ROLE, False),
        ({"model": "bedrock/nova", "api_key": "os.environ/BEDROCK"}, {}, False),
        ({"model": "bedrock/nova", "aws_access_key_id": "os.environ/ID"}, {}, False),
        ({"model": "vertex_ai/gemini-3-pro", "vertex_credentials": "os.environ/VERTEX"}, {}, False),
    ],
)
@pytest.mark.parametrize("variable", ["proxy_models", "tenants_models"])
def test_the_proxy_asks_whose_rights_it_has_only_if_nothing_says_so(
    variable: str, params: dict[str, Any], annotations: dict[str, str], asks: bool
) -> None:
    told = {variable: [model(**params), {"model_name": "old", "state": "absent"}]}
    found = policies("proxy", proxy_service_account_annotations=annotations, **told)
    assert networks(found["litellm-proxy"]["egress"]) == (IDENTITY if asks else set())


@pytest.mark.parametrize(
    ("annotations", "port"),
    [
        ({}, 443),
        ({"s3-endpoint": "minio.example.com:9000", "s3-usehttps": "1"}, 9000),
        ({"s3-endpoint": "minio.example.com:9000", "s3-usehttps": "0"}, 9000),
        ({"s3-endpoint": "minio.example.com", "s3-usehttps": "0"}, 80),
    ],
)
def test_models_reach_the_s3_that_their_secret_names(annotations: dict[str, str], port: int) -> None:
    named = {f"serving.kserve.io/{name}": value for name, value in annotations.items()}
    secrets = [
        {"metadata": {"name": "s3", "annotations": named}},
        {"metadata": {"name": "other", "annotations": {"serving.kserve.io/s3-endpoint": "other.example.com:1234"}}},
    ]
    model = {"name": "qwen", "runtime": "vllm", "storage_uri": "s3://models/qwen", "storage_secret": "s3"}
    found = policies("model_serving", model_serving_models=[model], __model_serving_secrets={"resources": secrets})
    assert open_ports(found["models"]["egress"]) == {53, 443, port}
