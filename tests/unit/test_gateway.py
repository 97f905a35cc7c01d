# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role gateway: what it makes of its variables, and what it refuses."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from role_data import ROLES, RoleData, read

TASKS = ROLES / "gateway" / "tasks"
GATEWAY = {"name": "inference", "namespace": "inference-gateway"}
AWS = "service.beta.kubernetes.io/aws-load-balancer-"


def gateway(*apis: str, **variables: Any) -> RoleData:
    known: dict[str, Any] = {"gateway_cluster_info": {"apis": {name: {} for name in apis}}}
    for registered in ("__gateway_services", "__gateway_nodes", "__gateway_address_pools", "__gateway_secrets"):
        known[registered] = {"resources": []}
    known["__gateway_read"] = {"reads": []}
    return RoleData("gateway", **known | variables)


def spec(kind: str, **variables: Any) -> dict[str, Any]:
    return next(each["spec"] for each in gateway(**variables)["__gateway_described"] if each["kind"] == kind)


def provider(**variables: Any) -> dict[str, Any]:
    return spec("EnvoyProxy", **variables)["provider"]["kubernetes"]


# What clients meet first: the load balancer


def test_a_plain_service() -> None:
    service = provider()["envoyService"]
    assert service == {"type": "LoadBalancer", "externalTrafficPolicy": "Local", "annotations": {}}


def test_an_nlb_of_aws() -> None:
    more = {f"{AWS}name": "llm", f"{AWS}scheme": "internal"}
    service = provider(
        gateway_load_balancer="aws_nlb",
        gateway_service_annotations=more,
        gateway_tls_secret="tls",
        gateway_load_balancer_idle_timeout=1200,
        gateway_load_balancer_source_ranges=["203.0.113.0/24"],
    )["envoyService"]
    assert service["loadBalancerSourceRanges"] == ["203.0.113.0/24"]
    annotations = {name.removeprefix(AWS): value for name, value in service["annotations"].items()}
    assert annotations["proxy-protocol"] == "*"
    assert annotations["listener-attributes.TCP-80"] == "tcp.idle_timeout.seconds=1200"
    assert annotations["listener-attributes.TCP-443"] == "tcp.idle_timeout.seconds=1200"
    assert (annotations["name"], annotations["scheme"]) == ("llm", "internal")


@pytest.mark.parametrize(
    ("given", "scheme"), [({}, "internet-facing"), ({"gateway_load_balancer_scheme": "internal"}, "internal")]
)
def test_all_that_an_nlb_is_told(given: dict[str, Any], scheme: str) -> None:
    aws = {"gateway_load_balancer": "aws_nlb"} | given
    annotations = provider(**aws)["envoyService"]["annotations"]
    assert {name.removeprefix(AWS): value for name, value in annotations.items()} == {
        "type": "external",
        "nlb-target-type": "ip",
        "scheme": scheme,
        "attributes": "load_balancing.cross_zone.enabled=true",
        # At Envoy's readiness port: the others take no check without the PROXY protocol.
        "healthcheck-protocol": "http",
        "healthcheck-port": "19003",
        "healthcheck-path": "/ready",
        "proxy-protocol": "*",
        "listener-attributes.TCP-80": "tcp.idle_timeout.seconds=3600",
    }
    assert spec("ClientTrafficPolicy", **aws)["proxyProtocol"] == {"optional": False}


def test_a_load_balancer_of_a_class() -> None:
    service = provider(gateway_load_balancer="aws_nlb", gateway_load_balancer_class="eks.amazonaws.com/nlb")
    assert service["envoyService"]["loadBalancerClass"] == "eks.amazonaws.com/nlb"


def test_rollouts_wait_for_an_nlb() -> None:
    (task,) = yaml.safe_load((TASKS / "install.yml").read_text())
    labels = task["vars"]["operator_namespace_labels"]
    assert gateway().templated(labels) == {}
    assert gateway(gateway_load_balancer="metallb").templated(labels) == {}
    assert gateway(gateway_load_balancer="aws_nlb").templated(labels) == {
        "elbv2.k8s.aws/pod-readiness-gate-inject": "enabled",
        "eks.amazonaws.com/pod-readiness-gate-inject": "enabled",
    }


def test_an_envoy_that_stops_stays_until_an_nlb_has_seen_it() -> None:
    assert spec("EnvoyProxy")["shutdown"] == {"drainTimeout": "300s", "minDrainDuration": "10s"}
    aws = spec("EnvoyProxy", gateway_load_balancer="aws_nlb")
    assert aws["shutdown"] == {"drainTimeout": "300s", "minDrainDuration": "180s"}


def test_an_envoy_that_answers_late_stays_in_its_service() -> None:
    patched = provider()["envoyDeployment"]["patch"]["value"]["spec"]["template"]["spec"]["containers"]
    envoy = next(each for each in patched if each["name"] == "envoy")
    assert envoy["readinessProbe"] == {"timeoutSeconds": 5, "failureThreshold": 3}
    assert envoy["livenessProbe"] == {"timeoutSeconds": 5}


def test_envoy_gives_an_unused_connection_up_before_the_proxy_does() -> None:
    """Or requests meet connections that LiteLLM is just closing."""
    proxy = RoleData("proxy", __proxy_secrets={"resources": []}, __proxy_configs={"resources": []})
    env = {each["name"]: each.get("value") for each in proxy["__proxy_serving_env"]}
    envoy = spec("BackendTrafficPolicy")["timeout"]["http"]["connectionIdleTimeout"]
    assert int(envoy.removesuffix("s")) + 10 <= int(env["KEEPALIVE_TIMEOUT"])


@pytest.mark.parametrize(
    ("least", "most", "fits"),
    [
        ("10s", "10s", True),
        ("3m", "180s", True),
        ("1h", "59m60s", True),
        ("900ms", "1s", True),
        ("1h30m", "89m", False),
        ("1m", "1m1ms", True),
        ("180s", "2m", False),
    ],
)
def test_an_envoy_that_stops_is_gone_in_time(least: str, most: str, fits: bool) -> None:
    told = refused(gateway_min_drain_duration=least, gateway_drain_timeout=most)
    sentence = f"gateway_min_drain_duration ({least}) must not be longer than gateway_drain_timeout ({most}), when an "
    assert told == ([] if fits else [f"{sentence}Envoy that stops is gone."])


def test_the_proxy_protocol_is_spoken_on_both_sides_or_on_none() -> None:
    aws = {"gateway_load_balancer": "aws_nlb"}
    assert spec("ClientTrafficPolicy", **aws)["proxyProtocol"] == {"optional": False}
    without = aws | {"gateway_proxy_protocol": False}
    assert "proxyProtocol" not in spec("ClientTrafficPolicy", **without)
    assert f"{AWS}proxy-protocol" not in provider(**without)["envoyService"]["annotations"]


def test_metallb() -> None:
    assert provider(gateway_load_balancer="metallb")["envoyService"]["annotations"] == {}
    given = {"gateway_load_balancer_pool": "public", "gateway_load_balancer_address": "192.0.2.10"}
    assert provider(gateway_load_balancer="metallb", **given)["envoyService"]["annotations"] == {
        "metallb.io/address-pool": "public",
        "metallb.io/loadBalancerIPs": "192.0.2.10",
    }


def test_a_cluster_without_a_load_balancer() -> None:
    ports = {"http": 30080}
    service = provider(gateway_service_type="NodePort", gateway_node_ports=ports)["envoyService"]
    assert service["patch"]["value"] == {"spec": {"ports": [{"port": 80, "nodePort": 30080}]}}


# Envoy's pods


def test_the_number_of_pods_belongs_to_the_autoscaler() -> None:
    assert provider()["envoyDeployment"]["replicas"] == 2
    assert "envoyHpa" not in provider()
    scaled = provider(gateway_envoy_max_replicas=6, gateway_envoy_cpu_target=50)
    assert "replicas" not in scaled["envoyDeployment"]
    assert (scaled["envoyHpa"]["minReplicas"], scaled["envoyHpa"]["maxReplicas"]) == (2, 6)
    (metric,) = scaled["envoyHpa"]["metrics"]
    assert metric["resource"] == {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 50}}


@pytest.mark.parametrize(
    ("variables", "budget"),
    [
        ({}, {"minAvailable": 1}),
        ({"gateway_envoy_replicas": 3, "gateway_envoy_min_available": 2}, {"minAvailable": 2}),
        ({"gateway_envoy_replicas": 1}, None),
        ({"gateway_envoy_replicas": 1, "gateway_envoy_max_replicas": 4}, {"maxUnavailable": 1}),
    ],
)
def test_drains_take_envoys_one_by_one(variables: dict[str, Any], budget: dict[str, int] | None) -> None:
    assert provider(**variables).get("envoyPDB") == budget
    assert refused(**variables) == []


def test_where_the_pods_may_run() -> None:
    toleration = {"key": "edge", "operator": "Exists"}
    pod = provider(
        gateway_envoy_node_selector={"pool": "edge"},
        gateway_envoy_tolerations=[toleration],
        gateway_envoy_priority_class="system-cluster-critical",
    )["envoyDeployment"]["pod"]
    assert (pod["nodeSelector"], pod["tolerations"]) == ({"pool": "edge"}, [toleration])
    assert pod["priorityClassName"] == "system-cluster-critical"
    assert "priorityClassName" not in provider()["envoyDeployment"]["pod"]


def test_pods_are_spread_over_nodes_and_zones() -> None:
    pod = provider()["envoyDeployment"]["pod"]
    spread = pod["topologySpreadConstraints"]
    assert [each["topologyKey"] for each in spread] == ["topology.kubernetes.io/zone"]
    (apart,) = pod["affinity"]["podAntiAffinity"]["preferredDuringSchedulingIgnoredDuringExecution"]
    assert apart["podAffinityTerm"]["topologyKey"] == "kubernetes.io/hostname"
    for each in spread:
        assert (each["maxSkew"], each["whenUnsatisfiable"]) == (1, "ScheduleAnyway")
        assert each["labelSelector"]["matchLabels"]["gateway.envoyproxy.io/owning-gateway-name"] == "inference"
        # Of a rollout, the pods that go do not count.
        assert each["matchLabelKeys"] == ["pod-template-hash"]


def test_a_change_of_the_pods_is_waited_for() -> None:
    before = gateway()["__gateway_checksum"]
    assert gateway(gateway_envoy_priority_class="high")["__gateway_checksum"] != before
    assert gateway(gateway_min_drain_duration="20s")["__gateway_checksum"] != before
    assert gateway(gateway_requests_per_second=5)["__gateway_checksum"] == before


@pytest.mark.parametrize(
    ("most", "wished", "there", "done"),
    [(0, 2, 2, True), (0, 2, 1, False), (6, 1, 1, False), (6, 2, 2, True), (6, 4, 4, True), (6, 4, 3, False)],
)
def test_a_rollout(most: int, wished: int, there: int, done: bool) -> None:
    data = gateway(gateway_envoy_max_replicas=most)
    annotations = {data["__gateway_checksum_annotation"]: data["__gateway_checksum"]}
    counts = {"replicas": there, "updatedReplicas": there, "availableReplicas": there}
    deployment = {
        "metadata": {"generation": 3},
        "spec": {"replicas": wished, "template": {"metadata": {"annotations": annotations}}},
        "status": {"observedGeneration": 3} | counts,
    }
    data.variables["__gateway_state"] = read(Deployment=[deployment])
    assert data["__gateway_rolled_out"] is done


def waiting(*, addressed: bool, certified: bool) -> RoleData:
    data = gateway(**TLS)
    conditions = {
        "conditions": [{"type": "Ready", "status": str(certified), "observedGeneration": 1, "message": "No."}]
    }
    address = {"addresses": [{"type": "Hostname", "value": "lb.example.com"}]} if addressed else {}
    data.variables["__gateway_state"] = read(
        Gateway=[{"metadata": {"generation": 1}, "spec": {"listeners": []}, "status": address}],
        Certificate=[{"metadata": {"generation": 1}, "status": conditions}],
    )
    return data


def test_the_address_is_told_before_a_certificate_is_waited_for() -> None:
    (block,), settle = (yaml.safe_load((TASKS / f"{name}.yml").read_text()) for name in ("wait", "settle"))
    first, look, tell, included, _redirect, _ask = block["block"]
    assert first["until"].startswith("__gateway_addressed or ")
    assert look["ansible.builtin.import_role"]["tasks_from"] == "address"
    assert "has to lead to" in tell["ansible.builtin.debug"]["msg"]
    assert included["ansible.builtin.include_tasks"] == "settle.yml"
    assert settle[0]["until"].startswith("__gateway_settled or ")
    for addressed in (False, True):
        data = waiting(addressed=addressed, certified=False)
        assert data.templated("{{ " + first["failed_when"] + " }}") is not addressed
        assert data.templated("{{ " + settle[0]["failed_when"] + " }}") is True


def test_a_failure_tells_what_a_certificate_waits_for() -> None:
    wait = "an issuer that solves by HTTP-01 gives its certificate once llm.example.com leads to that address"
    assert wait in waiting(addressed=True, certified=False)["__gateway_complaints"]
    assert wait not in waiting(addressed=True, certified=True)["__gateway_complaints"]
    assert wait not in waiting(addressed=False, certified=False)["__gateway_complaints"]


def test_a_failure_tells_the_address() -> None:
    (block,) = yaml.safe_load((TASKS / "wait.yml").read_text())
    text = block["rescue"][0]["ansible.builtin.fail"]["msg"]
    known = {"gateway_cluster_address": "https://lb.example.com", "ansible_failed_task": {"name": "Settle"}}
    data = waiting(addressed=True, certified=False)
    data.variables |= known
    there = "The Gateway inference in namespace inference-gateway"
    assert data.templated(text).startswith(f'{there}, at lb.example.com, is not as described (task "Settle"): No.; ')
    data = waiting(addressed=False, certified=False)
    data.variables |= {"ansible_failed_task": {"name": "Wait"}}
    assert data.templated(text).startswith(f"{there} is not as described (task")


# What goes through


def test_limits_are_off_unless_they_are_asked_for() -> None:
    policy = spec("BackendTrafficPolicy")
    assert not policy.keys() & {"requestBuffer", "rateLimit"}
    policy = spec("BackendTrafficPolicy", gateway_max_request_size="32Mi", gateway_requests_per_second=200)
    assert policy["requestBuffer"] == {"limit": "32Mi"}
    assert policy["rateLimit"]["local"]["rules"] == [
        {"limit": {"requests": 200, "unit": "Second"}, "xRateLimitHeaders": "Off"}
    ]


def test_the_access_log_reads_nothing_secret() -> None:
    log = spec("EnvoyProxy")["telemetry"]["accessLog"]
    fields = log["settings"][0]["format"]["json"]
    text = " ".join(fields.values())
    assert "AUTHORIZATION" not in text
    assert "API-KEY" not in text
    assert "%REQ(:PATH)" not in text
    assert fields["path"] == "%REQ_WITHOUT_QUERY(X-ENVOY-ORIGINAL-PATH?:PATH)%"
    assert spec("EnvoyProxy", gateway_access_log=False)["telemetry"]["accessLog"] == {"disable": True}


def test_tls() -> None:
    assert "tls" not in spec("ClientTrafficPolicy")
    assert spec("ClientTrafficPolicy", gateway_tls_secret="tls", gateway_tls_min_version="1.3")["tls"] == {
        "minVersion": "1.3"
    }
    assert [each["name"] for each in spec("Gateway", gateway_tls_secret="tls", gateway_http_port=0)["listeners"]] == [
        "https"
    ]


# What is refused

TLS = {"gateway_tls_secret": "tls", "gateway_tls_issuer": "letsencrypt", "gateway_tls_hostnames": ["llm.example.com"]}
ISSUED = {"resources": [{"metadata": {"name": "tls"}}]}


def refused(*apis: str, **variables: Any) -> list[str]:
    return gateway(*apis, **variables).problems("__gateway_checks")


def test_the_defaults_are_not_refused() -> None:
    assert refused() == []


@pytest.mark.parametrize(
    ("variables", "told"),
    [
        ({"gateway_max_request_size": "32 MB"}, "gateway_max_request_size must be a number of bytes such as 4Mi."),
        ({"gateway_min_drain_duration": "3 min"}, "gateway_min_drain_duration must be a duration such as "),
        ({"gateway_buffer_limit": ""}, "gateway_buffer_limit must be a number of bytes such as 4Mi."),
        ({"gateway_envoy_max_replicas": 1}, "gateway_envoy_max_replicas is 1, but must not be less than "),
        (
            {"gateway_envoy_min_available": 2},
            "gateway_envoy_min_available (2) must be less than gateway_envoy_replicas (2)",
        ),
        ({"gateway_load_balancer_idle_timeout": 9000}, "gateway_load_balancer_idle_timeout is 9000, but AWS"),
        ({"gateway_load_balancer": "aws_nlb"}, "gateway_load_balancer is aws_nlb, but the cluster has no AWS"),
        ({"gateway_load_balancer": "metallb"}, "gateway_load_balancer is metallb, but the cluster has no "),
    ],
)  # fmt: skip
def test_what_cannot_be(variables: dict[str, Any], told: str) -> None:
    (sentence,) = refused(**variables)
    assert sentence.startswith(told)


@pytest.mark.parametrize(
    ("variables", "address"),
    [
        (TLS, "https://llm.example.com"),
        (TLS | {"gateway_https_port": 8443}, "https://llm.example.com:8443"),
        ({"gateway_tls_secret": "tls", "__gateway_secrets": ISSUED}, "https://llm.example.com"),
    ],
)
def test_a_certificate_is_for_a_name(variables: dict[str, Any], address: str) -> None:
    (sentence,) = refused(**variables)
    assert sentence.startswith("gateway_tls_secret is set but gateway_cluster_url is not")
    assert sentence.endswith(f", such as {address}.")
    assert refused(**variables, gateway_cluster_url=address) == []
    assert refused(**variables, gateway_cluster_validate_certs=False) == []


def test_load_balancers_that_are_there() -> None:
    pools = {"resources": [{"metadata": {"name": "public"}}]}
    metallb = {"gateway_load_balancer": "metallb", "__gateway_address_pools": pools}
    assert refused("metallb.io/v1beta1", **metallb) == []
    assert refused("metallb.io/v1beta1", **metallb, gateway_load_balancer_pool="private") == [
        "MetalLB has no IPAddressPool private: set gateway_load_balancer_pool to one that it has (public)."
    ]
    assert refused("elbv2.k8s.aws/v1beta1", gateway_load_balancer="aws_nlb") == []
    assert refused(gateway_load_balancer="aws_nlb", gateway_load_balancer_class="eks.amazonaws.com/nlb") == []


@pytest.mark.parametrize(
    ("there", "wanted", "refused_class"),
    [
        ("eks.amazonaws.com/nlb", "eks.amazonaws.com/nlb", False),
        # Put there by a load balancer.
        ("service.k8s.aws/nlb", "", False),
        ("service.k8s.aws/nlb", "eks.amazonaws.com/nlb", True),
        (None, "eks.amazonaws.com/nlb", True),
    ],
)
def test_the_class_of_a_load_balancer_never_changes(there: str | None, wanted: str, refused_class: bool) -> None:
    ours = {f"gateway.envoyproxy.io/owning-gateway-{name}": of for name, of in GATEWAY.items()}
    kind = {"type": "LoadBalancer"} | ({"loadBalancerClass": there} if there else {})
    address = {"loadBalancer": {"ingress": [{}]}}
    services = [
        {"metadata": {"name": "envoy", "labels": ours | {"app": "envoy"}}, "spec": kind, "status": address},
        {
            "metadata": {"name": "other", "labels": {"app": "envoy"}},
            "spec": {"type": "LoadBalancer"},
            "status": address,
        },
    ]
    told = refused(gateway_load_balancer_class=wanted, __gateway_services={"resources": services})
    assert [sentence.split(", which")[0] for sentence in told] == (
        [
            f"gateway_load_balancer_class is {wanted}, but Envoy's Service envoy in namespace envoy-gateway-system was "
            "made with another one or none"
        ]
        if refused_class
        else []
    )


WAITING = {"metadata": {"name": "grafana"}, "spec": {"type": "LoadBalancer"}, "status": {"loadBalancer": {}}}
SERVED = {"metadata": {"name": "web"}, "spec": {"type": "LoadBalancer"}, "status": {"loadBalancer": {"ingress": [{}]}}}
INNER = {"metadata": {"name": "dns"}, "spec": {"type": "ClusterIP"}, "status": {"loadBalancer": {}}}


def node(provider_id: str) -> dict[str, Any]:
    return {"spec": {"providerID": provider_id} if provider_id else {}}


@pytest.mark.parametrize("provider_id", ["", "kind://docker/edge/edge-control-plane"])
def test_a_service_that_waits_in_vain(provider_id: str) -> None:
    nodes = {"resources": [node(provider_id)]}
    assert refused(__gateway_services={"resources": [WAITING, INNER]}, __gateway_nodes=nodes) == [
        "Nothing in the cluster gives a Service of type LoadBalancer an address (grafana has none): install a load "
        "balancer such as MetalLB, or set gateway_service_type to NodePort."
    ]


@pytest.mark.parametrize(
    ("apis", "services", "provider_id"),
    [
        ([], [INNER], ""),
        ([], [WAITING, SERVED], ""),
        ([], [WAITING], "aws:///eu-central-1a/i-0abc"),
        (["metallb.io/v1beta1"], [WAITING], ""),
    ],
)
def test_an_address_may_come(apis: list[str], services: list[dict[str, Any]], provider_id: str) -> None:
    nodes = {"resources": [node(provider_id)]}
    assert refused(*apis, __gateway_services={"resources": services}, __gateway_nodes=nodes) == []


@pytest.mark.parametrize(
    ("programmed", "redirected_already", "check_mode", "now"),
    [
        (None, False, False, False),
        ("False", False, False, False),
        ("True", False, False, True),
        # A certificate that is lost for a moment changes nothing.
        ("False", True, False, True),
        (None, False, True, True),
    ],
)
def test_clients_are_redirected_once_https_serves(
    programmed: str | None, redirected_already: bool, check_mode: bool, now: bool
) -> None:
    listeners = [{"name": "http", "conditions": [{"type": "Programmed", "status": "True"}]}]
    if programmed:
        listeners.append({"name": "https", "conditions": [{"type": "Programmed", "status": programmed}]})
    reads = [
        {"item": {"kind": "Gateway"}, "resources": [{"status": {"listeners": listeners}}] if programmed else []},
        {"item": {"kind": "HTTPRoute"}, "resources": [{"metadata": {}}] if redirected_already else []},
    ]
    data = gateway(**TLS, __gateway_read={"reads": reads}, ansible_check_mode=check_mode)
    assert ("HTTPRoute" in [each["kind"] for each in data["__gateway_described"]]) is now


@pytest.mark.parametrize(
    ("variables", "programmed", "then"),
    [(TLS, False, True), (TLS, True, False), (TLS | {"gateway_http_port": 0}, False, False), ({}, False, False)],
)
def test_a_redirect_that_was_left_out_comes_when_all_has_settled(
    variables: dict[str, Any], programmed: bool, then: bool
) -> None:
    (block,) = yaml.safe_load((TASKS / "wait.yml").read_text())
    names = [task.get("ansible.builtin.include_tasks") for task in block["block"]]
    redirect = block["block"][names.index("settle.yml") + 1]
    listener = {"name": "https", "conditions": [{"type": "Programmed", "status": str(programmed)}]}
    data = gateway(**variables, __gateway_read=read(Gateway=[{"status": {"listeners": [listener]}}], HTTPRoute=[]))
    assert data.templated("{{ " + redirect["when"] + " }}") is then
    assert data.templated(redirect["vars"]["gateway_cluster_described"][0])["kind"] == "HTTPRoute"


# Envoy Gateway's manifest

MANIFEST = """
kind: Deployment
metadata: {name: envoy-gateway}
spec:
  template:
    spec: {containers: [{name: envoy-gateway, image: gateway, env: [{name: KUBERNETES_CLUSTER_DOMAIN}]}]}
---
kind: Job
metadata: {name: eg-gateway-helm-certgen}
spec:
  ttlSecondsAfterFinished: 30
  template:
    spec: {containers: [{name: envoy-gateway-certgen, image: gateway, env: [{name: KUBERNETES_CLUSTER_DOMAIN}]}]}
"""


@pytest.mark.parametrize("name", ["eg-gateway-helm-certgen", ".*certgen"])
def test_each_document_can_be_changed_by_the_name_that_it_has_in_the_manifest(name: str) -> None:
    image = {"spec": {"template": {"spec": {"containers": {"envoy-gateway-certgen": {"image": "mirror/gateway"}}}}}}
    override = {"kind": "Job", "name": name, "definition": image}
    data = gateway(gateway_operator_overrides=[override], manifest=MANIFEST)
    (task,) = yaml.safe_load((TASKS / "install.yml").read_text())
    data.variables["changes"] = data.templated(task["vars"]["operator_overrides"])
    job = data["manifest | inference.gateway.amend_manifest([], changes) | last"]
    assert job["spec"]["template"]["spec"]["containers"][0]["image"] == "mirror/gateway"
    # Or each run would make it anew.
    assert "ttlSecondsAfterFinished" not in job["spec"]
