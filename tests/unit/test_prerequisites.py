# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role prerequisites: what it finds wrong with a cluster, and in which words."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml
from role_data import ROLES, RoleData, loaded, read

from ansible_collections.inference.gateway.plugins.filter.amend_manifest import amend_manifest
from ansible_collections.inference.gateway.plugins.filter.operator_problems import operator_problems

PHASES = ("database", "valkey", "gateway", "model_serving", "proxy")
APIS: dict[str, Any] = {
    "gateway.networking.k8s.io/v1": {},
    "cert-manager.io/v1": {},
    "metrics.k8s.io/v1beta1": {},
    "monitoring.coreos.com/v1": {"PodMonitor": {}, "ServiceMonitor": {}},
}


def cluster(*, without: str = "", version: str = "v1.36.3") -> dict[str, Any]:
    apis = {name: kinds for name, kinds in APIS.items() if name != without}
    return {"apis": apis, "version": {"server": {"kubernetes": {"gitVersion": version}}}}


def prerequisites(**variables: Any) -> RoleData:
    known = {"gateway_cluster_info": cluster(), "__prerequisites_denied": []}
    return RoleData("prerequisites", *PHASES, **known | variables)


# What the user may do


def plural(kind: str) -> str:
    """The name of a kind's resource: policies, classes, gateways."""
    return re.sub("s$", "se", re.sub("([^aeiou])y$", r"\1ie", kind.lower())) + "s"


def test_the_rights_that_are_asked_for_are_those_that_the_roles_use() -> None:
    """Every kind of which a role describes an object, by the group and the plural that permissions are given for."""
    used = set()
    for path in [*ROLES.glob("*/tasks/*.yml"), *ROLES.glob("*/vars/**/*.yml"), *ROLES.glob("*/templates/*")]:
        for version, kind in re.findall(r"apiVersion: ([\w./-]+),?\s+(?:- )?kind: (\w+)", path.read_text()):
            used.add((version.rpartition("/")[0], plural(kind)))
    used -= {("authorization.k8s.io", "selfsubjectaccessreviews")}  # everybody may ask
    groups = prerequisites()["__prerequisites_resources"]
    assert len(used) > 20
    assert sorted(used - {(group, each) for group, resources in groups.items() for each in resources}) == []


def test_the_rights_to_remove_that_are_asked_for_are_those_that_the_roles_use() -> None:
    """What tasks remove by itself, and what is removed as soon as it is no longer described."""
    removed = set()
    for path in ROLES.glob("*/tasks/*.yml"):
        removed |= set(re.findall(r"state: absent\s+api_version: ([\w./-]+)\s+kind: (\w+)", path.read_text()))
    for path in ROLES.glob("*/vars/**/*.yml"):
        for block in re.findall(r"^__\w+_(?:optional|own):.*?(?:\n\n|\Z)", path.read_text(), re.DOTALL | re.MULTILINE):
            removed |= set(re.findall(r"api_version'?: '?([\w./-]+)'?, '?kind'?: '?(\w+)", block))
    groups = prerequisites()["__prerequisites_removed"]
    assert {(group, each) for group, resources in groups.items() for each in resources} == {
        (version.rpartition("/")[0], plural(kind)) for version, kind in removed
    }


def test_rights_that_are_missing() -> None:
    assert prerequisites(__prerequisites_denied=["jobs", "nodes"]).problems("__prerequisites_checks") == [
        "The user of this kubeconfig may not do all that the roles do with jobs, nodes: "
        "use one with the rights of cluster-admin."
    ]


def test_what_roles_find_out_for_each_other_is_no_stranger() -> None:
    """Preflight refuses variables with a role's prefix that are none of its options."""
    files = [*ROLES.glob("*/vars/*.yml"), *ROLES.glob("*/vars/main/*.yml")]
    public = {name for name in loaded(*files) if not name.startswith("__")}
    assert "gateway_cluster_monitors" in public
    assert sorted(public - set(prerequisites()["__prerequisites_not_options"])) == []


def test_a_namespace_of_models_that_is_somebody_elses_is_left_alone() -> None:
    def made(**variables: Any) -> dict[str, str]:
        return {
            each["metadata"]["name"]: each["metadata"]["labels"]["pod-security.kubernetes.io/enforce"]
            for each in prerequisites(**variables)["__prerequisites_namespaces"]
        }

    assert made() == {"inference-gateway": "restricted", "models": "baseline"}
    assert made(gateway_cluster_phases=["database", "valkey", "gateway", "proxy"]) == {
        "inference-gateway": "restricted"
    }


# What the cluster is


@pytest.mark.parametrize(
    ("version", "fits"), [("v1.33.9", False), ("v1.34.0", True), ("v1.36.3+k3s1", True), ("v1.37.0", False)]
)
def test_versions_of_kubernetes(version: str, fits: bool) -> None:
    told = prerequisites(gateway_cluster_info=cluster(version=version)).problems("__prerequisites_checks")
    assert [f"The cluster runs Kubernetes {version}" in sentence for sentence in told] == ([] if fits else [True])


def test_a_prometheus_operator_that_has_to_be_there() -> None:
    bare = cluster(without="monitoring.coreos.com/v1")
    assert prerequisites(gateway_cluster_info=bare).problems("__prerequisites_checks") == []
    asked = prerequisites(gateway_cluster_info=bare, prerequisites_prometheus_operator=True)
    assert asked.problems("__prerequisites_checks") == [
        "prerequisites_prometheus_operator is true, but the cluster does not know PodMonitor and ServiceMonitor: "
        "install the Prometheus operator, or set prerequisites_prometheus_operator to false to do without monitors."
    ]


# Its network


@pytest.mark.parametrize(
    ("families", "fits"),
    [(["IPv4"], True), (["IPv4", "IPv6"], True), (["IPv6", "IPv4"], True), (["IPv6"], False), (None, True)],
)
def test_addresses_of_ipv4(families: list[str] | None, fits: bool) -> None:
    service = {"metadata": {"name": "kubernetes"}, "spec": {"ipFamilies": families} if families else {}}
    data = prerequisites(__prerequisites_read=read(Service=[service]))
    assert {"kind": "Service", "namespace": "default", "name": "kubernetes"} in data["__prerequisites_kinds"]
    told = [
        "The cluster gives Services and pods IPv6 addresses first (Service kubernetes in namespace default), but "
        "Envoy, the proxy and vLLM listen on IPv4 alone: take a cluster whose only or first family of addresses is "
        "IPv4."
    ]
    assert data.problems("__prerequisites_network_checks") == ([] if fits else told)


# Storage


def storage_class(
    name: str, provisioner: str, *, default: bool = False, made: str = "2026-01-01T00:00:00Z"
) -> dict[str, Any]:
    annotations = {"storageclass.kubernetes.io/is-default-class": "true"} if default else {}
    metadata = {"name": name, "creationTimestamp": made} | ({"annotations": annotations} if annotations else {})
    return {"metadata": metadata, "provisioner": provisioner}


def storage(*classes: dict[str, Any], drivers: tuple[str, ...] = ()) -> dict[str, Any]:
    return read(StorageClass=classes, CSIDriver=[{"metadata": {"name": driver}} for driver in drivers])


LOCAL = storage_class("standard", "rancher.io/local-path", default=True)
GP2 = storage_class("gp2", "kubernetes.io/aws-ebs")
GP3 = storage_class("gp3", "ebs.csi.aws.com", default=True, made="2026-02-01T00:00:00Z")


@pytest.mark.parametrize(
    ("found", "wanted", "told"),
    [
        (storage(LOCAL), "", ""),
        (storage(LOCAL, GP3, drivers=("ebs.csi.aws.com",)), "", ""),
        (storage(GP2, drivers=("ebs.csi.aws.com",)), "gp2", ""),
        (storage(LOCAL), "gold", "There is no StorageClass gold: set gateway_cluster_storage_class to one "),
        (storage(LOCAL), "gold", "that the cluster has (standard)."),
        (storage(), "gold", "that the cluster has (none)."),
        (storage(GP2), "", "The cluster has no default StorageClass: set "),
        (storage(GP2), "gp2", "StorageClass gp2 has its volumes from ebs.csi.aws.com"),
        (storage(LOCAL, GP3), "", "StorageClass gp3 has its volumes from ebs.csi.aws.com"),
    ],
)  # fmt: skip
def test_storage_classes(found: dict[str, Any], wanted: str, told: str) -> None:
    data = prerequisites(__prerequisites_read=found, gateway_cluster_storage_class=wanted)
    sentences = data.problems("__prerequisites_storage_checks")
    assert [told in sentence for sentence in sentences] == ([True] if told else [])


@pytest.mark.parametrize(
    ("variables", "needed"),
    [
        ({}, True),
        ({"valkey_persistence": False}, True),
        ({"gateway_cluster_database_host": "db.example.com"}, True),
        ({"gateway_cluster_database_host": "db.example.com", "valkey_persistence": False}, False),
        (
            {"gateway_cluster_database_host": "db.example.com", "gateway_cluster_valkey_host": "redis.example.com"},
            False,
        ),
        ({"gateway_cluster_phases": ["gateway", "proxy"]}, False),
    ],
)
def test_storage_is_asked_for_only_where_something_has_a_volume(variables: dict[str, Any], needed: bool) -> None:
    assert prerequisites(**variables)["__prerequisites_has_volumes"] == needed


# What others have installed


def component(name: str, **variables: Any) -> list[str]:
    """What is said of a component that somebody else has put into the cluster."""
    known = prerequisites(**{"prerequisites_metrics_server": True} | variables)["__prerequisites_components"]
    reads = [
        {"item": each["mark"], "resources": [{"metadata": {"managedFields": [{"manager": "helm"}]}}]} for each in known
    ]
    return operator_problems([each for each in known if each["name"] == name], reads, APIS)


@pytest.mark.parametrize("name", ["gateway-api", "cert-manager", "metrics-server"])
def test_what_somebody_else_has_installed_can_be_used_as_it_is(name: str) -> None:
    variable = f"prerequisites_{name.replace('-', '_')}"
    (told,) = component(name)
    assert f"{name} is in the cluster already, put there by helm: set {variable} to false" in told
    assert component(name, **{variable: False}) == []


def test_a_gateway_api_of_somebody_else_can_be_taken_over() -> None:
    assert component("gateway-api", prerequisites_gateway_api_take_over=True) == []
    assert len(component("cert-manager", prerequisites_gateway_api_take_over=True)) == 1


def test_what_the_cluster_is_said_to_have_and_has_not() -> None:
    known = prerequisites(prerequisites_cert_manager=False)["__prerequisites_components"]
    assert operator_problems(known, [], APIS) == []
    (told,) = operator_problems(known, [], {name: {} for name in APIS if name != "cert-manager.io/v1"})
    assert told.startswith("prerequisites_cert_manager is false, but the cluster has no cert-manager")
    # metrics-server is missed where something is scaled, which is looked at apart.
    assert operator_problems(known, [], {name: {} for name in APIS if name != "metrics.k8s.io/v1beta1"}) == []


# What it installs

CONTROLLER = """\
kind: Deployment
metadata: {name: cert-manager}
spec: {template: {spec: {containers: [{name: cert-manager-controller, args: [--v=2]}]}}}
"""


def cert_manager(**variables: Any) -> list[str]:
    tasks = yaml.safe_load((ROLES / "prerequisites" / "tasks" / "install.yml").read_text())
    (call,) = [each["vars"] for each in tasks if each.get("vars", {}).get("operator_name") == "cert-manager"]
    overrides = prerequisites(**variables).templated(call["operator_overrides"])
    (deployment,) = amend_manifest(CONTROLLER, overrides=overrides)
    (container,) = deployment["spec"]["template"]["spec"]["containers"]
    return container["args"]


@pytest.mark.parametrize(
    ("version", "flag"),
    [
        ("v1.11.5", "--feature-gates=ExperimentalGatewayAPISupport=true"),
        ("v1.14.7", "--feature-gates=ExperimentalGatewayAPISupport=true"),
        ("v1.15.0", "--enable-gateway-api"),
        ("v1.21.2", "--enable-gateway-api"),
    ],
)
def test_cert_manager_solves_through_the_gateway(version: str, flag: str) -> None:
    assert cert_manager(prerequisites_cert_manager_version=version) == ["--v=2", flag]


def test_the_inventory_has_the_last_word_on_cert_manager() -> None:
    def override(args: Any) -> list[dict[str, Any]]:
        containers = {"cert-manager-controller": {"args": args}}
        spec = {"template": {"spec": {"containers": containers}}}
        return [{"kind": "Deployment", "name": "cert-manager", "definition": {"spec": spec}}]

    assert cert_manager(prerequisites_cert_manager_overrides=override(["--v=4"])) == ["--v=4"]
    added = override({"-": ["--enable-gateway-api=false"]})
    assert cert_manager(prerequisites_cert_manager_overrides=added)[-1] == "--enable-gateway-api=false"


# What the phases ask for

MODELS = [
    {"name": "small", "runtime": "simulator"},
    {"name": "large", "runtime": "vllm", "min_replicas": 2, "max_replicas": 4, "resources": {"requests": {"cpu": "4"}}},
]
NODE = {"spec": {}, "status": {"conditions": [{"type": "Ready", "status": "True"}]}}


def demanding(cpu: str = "64", memory: str = "256Gi", **variables: Any) -> list[str]:
    node = {"spec": {}, "status": NODE["status"] | {"allocatable": {"cpu": cpu, "memory": memory}}}
    known = {
        "__prerequisites_nodes": {"resources": [node]},
        "__prerequisites_read": read(Node=[node]),
        "model_serving_models": MODELS,
    }
    return prerequisites(**known | variables).problems("__prerequisites_demand_checks")


def test_a_cluster_that_gives_what_is_asked() -> None:
    assert demanding() == []


def test_models_that_run_as_root() -> None:
    (told,) = demanding(prerequisites_models_pod_security="restricted")
    assert "which that forbids (large): set it to baseline" in told
    rootless = [MODELS[0], MODELS[1] | {"predictor": {"securityContext": {"runAsNonRoot": True, "runAsUser": 2000}}}]
    assert demanding(prerequisites_models_pod_security="restricted", model_serving_models=rootless) == []
    others = ["database", "valkey", "gateway", "proxy"]
    assert demanding(prerequisites_models_pod_security="restricted", gateway_cluster_phases=others) == []


def test_models_whose_nodes_come_with_their_devices() -> None:
    assert len(demanding(cpu="12")) == 1
    assert demanding(cpu="12", model_serving_gpu_autoscaling=True) == []
    (told,) = demanding(cpu="1", model_serving_gpu_autoscaling=True)
    assert "model small 1 x 0.05 CPU, proxy" in told


def test_nothing_is_scaled_without_a_metrics_api() -> None:
    bare = {"gateway_cluster_info": cluster(without="metrics.k8s.io/v1beta1")}
    assert demanding(**bare, gateway_envoy_max_replicas=6) == [
        "No metrics API (metrics.k8s.io) answers in the cluster, without which nothing is scaled "
        "(gateway_envoy_max_replicas, max_replicas of the model large, proxy_autoscaling): set "
        "prerequisites_metrics_server to have metrics-server "
        "installed, install it yourself, or do without autoscaling."
    ]
    assert demanding(**bare, prerequisites_metrics_server=True) == []
    assert demanding(**bare, gateway_cluster_phases=["database", "valkey"]) == []
    assert demanding(**bare, proxy_autoscaling=False, model_serving_models=MODELS[:1]) == []


def test_a_cluster_that_is_too_small() -> None:
    """Envoy 3 x 0.1, database 3 x 0.5 and 2 x 0.1, Valkey 3 x 0.1 and 3 x 0.02, proxy 3 x 1, models 0.05 and 2 x 4.

    Of Envoy and the proxy one each for a rollout, which starts it before it ends another one.
    """
    (told,) = demanding(cpu="12")
    assert told.startswith("the pods ask for 13.41 CPU (database 3 x 0.5 CPU, database pooler 2 x 0.1 CPU, ")
    assert (
        "model small 1 x 0.05 CPU, model large 2 x 4 CPU, proxy 2 x 1 CPU, proxy being replaced 1 x 1 CPU), "
        "but the nodes that take pods have 12 CPU" in told
    )
    assert told.endswith("or set prerequisites_node_autoscaling if an autoscaler adds nodes.")
    assert demanding(cpu="12", prerequisites_node_autoscaling=True) == []
    assert demanding(cpu="12", gateway_cluster_phases=["database", "valkey", "gateway", "proxy"]) == []


def test_the_namespaces_of_tenants_are_theirs_to_make() -> None:
    keys: list[Any] = [
        {"key_alias": "search", "secret": {"namespace": "search", "name": "llm"}},
        {"key_alias": "again", "secret": {"namespace": "search", "name": "other"}, "state": "present"},
        {"key_alias": "support", "secret": {"namespace": "support", "name": "llm"}},
        {"key_alias": "gone", "secret": {"namespace": "gone", "name": "llm"}, "state": "absent"},
        {"key_alias": "ours", "secret": {"namespace": "inference-gateway", "name": "llm"}},
        {"key_alias": "given"},
        "nonsense",
    ]
    data = prerequisites(tenants_keys=keys)
    looked_for = [each["name"] for each in data["__prerequisites_kinds"] if each["kind"] == "Namespace"]
    assert looked_for == ["cert-manager", "kube-system", "search", "support"]
    reads = [
        {"item": {"kind": "Namespace", "name": name}, "resources": [{}] if name == "search" else [], "msg": ""}
        for name in looked_for
    ]
    assert prerequisites(tenants_keys=keys, __prerequisites_read={"reads": reads})[
        "__prerequisites_namespaces_missing"
    ] == ["support"]
    assert prerequisites(tenants_keys=None)["__prerequisites_tenants_namespaces"] == []
