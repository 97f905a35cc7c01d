# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_util is private to the inference.gateway collection. It may change at any time.
"""Which of the connections that the gateway needs its NetworkPolicies refuse."""

from __future__ import annotations

import typing as t
from collections.abc import Iterator

from ansible_collections.inference.gateway.plugins.plugin_utils._diagnosis._seen import (
    Check,
    Finding,
    Seen,
    Thing,
    get,
    name_of,
)
from ansible_collections.inference.gateway.plugins.plugin_utils._diagnosis.gateway import HOME, owned


class End(t.NamedTuple):
    """One end of a connection: pods of these labels."""

    namespace: str
    labels: Thing


class Flow(t.NamedTuple):
    what: str
    source: End
    target: End
    port: int


def flows(seen: Seen) -> Iterator[Flow]:
    """The connections that the parts need, with the labels that their pods really have."""
    names = seen.names
    proxy = pods(seen, {"app.kubernetes.io/name": names.proxy})
    pooler = pods(seen, {"cnpg.io/poolerName": f"{names.database}-pooler"})
    database = pods(seen, {"cnpg.io/cluster": names.database, "cnpg.io/podRole": "instance"})
    valkey = {"app.kubernetes.io/instance": names.valkey, "app.kubernetes.io/component": "data"}
    sentinel = valkey | {"app.kubernetes.io/component": "sentinel"}
    envoy = [pod for pod in seen.pods(HOME) if owned(seen, pod)]
    envoy_gateway = seen.pods(HOME, {"control-plane": "envoy-gateway"})
    models = seen.pods(names.models_namespace, {"component": "predictor"})
    needed = [
        ("the pooler to PostgreSQL", pooler, database, 5432),
        ("the proxy to the pooler", proxy, pooler, 5432),
        ("the proxy to Valkey", proxy, pods(seen, valkey), 6379),
        ("the proxy to the Sentinels", proxy, pods(seen, sentinel), 26379),
        ("Envoy to the proxy", envoy, proxy, 4000),
        ("Envoy to Envoy Gateway", envoy, envoy_gateway, 18000),
        *((f"the proxy to the model {served(model)}", proxy, [model], port_of(model)) for model in models),
    ]
    for what, sources, targets, port in needed:
        if sources and targets:
            yield Flow(what, end(sources[0]), end(targets[0]), port)


def served(pod: Thing) -> str:
    return get(pod, "metadata", "labels", "serving.kserve.io/inferenceservice", default=name_of(pod))


def port_of(pod: Thing) -> int:
    return get(pod, "spec", "containers", 0, "ports", 0, "containerPort", default=8080)


def pods(seen: Seen, labels: Thing) -> list[Thing]:
    return seen.pods(seen.names.namespace, labels)


def end(pod: Thing) -> End:
    return End(pod["metadata"]["namespace"], get(pod, "metadata", "labels", default={}))


def refused_flows(seen: Seen) -> Iterator[Finding]:
    told = set()
    for flow in flows(seen):
        ends = (("Ingress", flow.target, flow.source), ("Egress", flow.source, flow.target))
        for direction, inside, outside in ends:
            refusing = refusals(seen, direction, inside, outside, flow.port)
            if refusing and flow.what not in told:
                told.add(flow.what)
                names = ", ".join(map(name_of, refusing))
                yield Finding(
                    f"A NetworkPolicy refuses the connections of {flow.what}.",
                    f"{direction} to port {flow.port}: no rule of {names} in namespace {inside.namespace} allows it",
                    seen.kubectl(f"get networkpolicy {name_of(refusing[0])} -o yaml", inside.namespace)
                    + "; add a rule for it, or remove the policy",
                )


def refusals(seen: Seen, direction: str, inside: End, outside: End, port: int) -> list[Thing]:
    """The policies of a direction for one end, if none of them lets the other end through."""
    governing = [
        policy
        for policy in seen.all("NetworkPolicy", inside.namespace)
        if direction in get(policy, "spec", "policyTypes", default=["Ingress"])
        and selects(get(policy, "spec", "podSelector", default={}), inside.labels)
    ]
    peers = {"Ingress": "from", "Egress": "to"}[direction]
    for policy in governing:
        for rule in get(policy, "spec", direction.lower(), default=[]):
            allowed = rule.get(peers) or [{}]
            if opens(rule, port) and any(admits(seen, peer, outside, inside.namespace) for peer in allowed):
                return []
    return governing


def opens(rule: Thing, port: int) -> bool:
    """Whether a rule is about a port. What it calls by name may be any port, so it is believed."""
    for each in rule.get("ports") or [{}]:
        first = each.get("port", port)
        if isinstance(first, str) or first <= port <= each.get("endPort", first):
            return True
    return False


def admits(seen: Seen, peer: Thing, pod: End, home: str) -> bool:
    """Whether a rule is about a pod. A block of addresses may hold that of the pod, so it is believed."""
    if not peer or "ipBlock" in peer:
        return True
    if "namespaceSelector" in peer:
        namespace = seen.one("Namespace", pod.namespace) or {}
        if not selects(peer["namespaceSelector"] or {}, get(namespace, "metadata", "labels", default={})):
            return False
    elif pod.namespace != home:
        return False
    return selects(peer.get("podSelector") or {}, pod.labels)


def selects(selector: Thing, labels: Thing) -> bool:
    wanted = selector.get("matchLabels") or {}
    return all(labels.get(name) == value for name, value in wanted.items()) and all(
        expressed(expression, labels) for expression in selector.get("matchExpressions") or []
    )


def expressed(expression: Thing, labels: Thing) -> bool:
    key, operator, values = expression["key"], expression["operator"], expression.get("values") or []
    return {
        "In": labels.get(key) in values,
        "NotIn": labels.get(key) not in values,
        "Exists": key in labels,
        "DoesNotExist": key not in labels,
    }[operator]


CHECKS = (Check("NetworkPolicies let through what is needed", refused_flows),)
