# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_util is private to the inference.gateway collection. It may change at any time.
"""The Gateway: its address, Envoy, the route, and what a client gets there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ansible_collections.inference.gateway.plugins.plugin_utils._diagnosis._seen import (
    Check,
    Finding,
    Seen,
    Thing,
    UnreadError,
    condition,
    get,
    has_labels,
    name_of,
    refused,
    said,
)
from ansible_collections.inference.gateway.plugins.plugin_utils._diagnosis.cluster import SITE
from ansible_collections.inference.gateway.plugins.plugin_utils._rollouts import by_parents

HOME = "envoy-gateway-system"
OWNER = "gateway.envoyproxy.io/owning-gateway-"
AWS = "service.beta.kubernetes.io/aws-load-balancer-"
# What makes a Service an NLB, whichever controller does, and for how many seconds one keeps a silent connection.
NLB_TYPES, NLB_CLASSES = ("external", "nlb", "nlb-ip"), ("service.k8s.aws/nlb", "eks.amazonaws.com/nlb")
KEPT_BY_NLB = 350
# Where nothing is said of it: seconds after which Linux asks whether the other end is there, and for which Envoy
# Gateway lets a stream be silent.
FIRST_KEEPALIVE, SILENT_BY_DEFAULT = 7200, 3600
# By which annotations cert-manager makes the certificates of a Gateway's listeners.
ISSUERS = ("cert-manager.io/issuer", "cert-manager.io/cluster-issuer")
# What stands for the status of an answer that did not come.
SILENT = -1
# Seconds for which each keeps an unused connection that nothing is said of: Uvicorn's own, and Envoy's hour.
KEPT_BY_LITELLM, KEPT_BY_ENVOY = 5, 3600
POLICIES = ("ClientTrafficPolicy", "BackendTrafficPolicy", "SecurityPolicy", "EnvoyProxy")


def gateway_of(seen: Seen) -> Thing | None:
    return seen.our("Gateway", seen.names.gateway)


def envoy_service(seen: Seen) -> Thing | None:
    return next((each for each in seen.all("Service", HOME) if owned(seen, each)), None)


def owned(seen: Seen, thing: Thing) -> bool:
    """Whether it is made for our Gateway, and not for one of the same name elsewhere."""
    return has_labels(thing, {f"{OWNER}name": seen.names.gateway, f"{OWNER}namespace": seen.names.namespace})


def gateway_class(seen: Seen) -> Iterator[Finding]:
    wanted = get(gateway_of(seen) or {}, "spec", "gatewayClassName")
    if wanted is None or not seen.knows("GatewayClass"):
        return
    found = seen.one("GatewayClass", wanted)
    if found is None:
        yield Finding(
            f"There is no GatewayClass {wanted}, so nobody takes care of the Gateway.",
            f"kubectl get gatewayclass {wanted}: not found",
            f"{SITE} --tags gateway",
        )
    elif condition(found, "Accepted").get("status") != "True":
        yield Finding(
            f"The GatewayClass {wanted} is not accepted: Envoy Gateway does not run, or is not its controller.",
            said(condition(found, "Accepted")) or "it has no condition Accepted",
            f"kubectl describe gatewayclass {wanted}; {SITE} --tags gateway",
        )


def load_balancer(seen: Seen) -> Iterator[Finding]:
    service = envoy_service(seen)
    if service is None or get(service, "spec", "type") != "LoadBalancer":
        return
    if not get(service, "status", "loadBalancer", "ingress"):
        yield Finding(
            "The load balancer has no address: nothing in the cluster gave it one.",
            f"Service {name_of(service)} of type LoadBalancer has no status.loadBalancer.ingress",
            f"{seen.kubectl(f'describe service {name_of(service)}', HOME)}; install a load balancer controller "
            "(AWS Load Balancer Controller, MetalLB), or set gateway_service_type to NodePort",
        )
    annotations = get(service, "metadata", "annotations", default={})
    # The older controller, which is in Kubernetes itself, makes public ones.
    controlled = annotations.get(f"{AWS}type") in ("external", "nlb-ip")
    if controlled and not {f"{AWS}scheme", f"{AWS}internal"} & annotations.keys():
        yield Finding(
            "The load balancer is internal, for nothing says otherwise: no client outside of the network reaches it.",
            f"Service {name_of(service)} has no annotation {AWS}scheme",
            "set gateway_load_balancer: aws_nlb and gateway_load_balancer_scheme",
        )


def proxy_protocol(seen: Seen) -> Iterator[Finding]:
    """What is in front of Envoy need not show in the cluster: a client that is answered tells that both sides agree."""
    service = envoy_service(seen)
    if service is None:
        return
    sent = f"{AWS}proxy-protocol" in get(service, "metadata", "annotations", default={})
    policies = [
        policy
        for policy in seen.ours("ClientTrafficPolicy")
        if get(policy, "spec", "proxyProtocol") is not None or get(policy, "spec", "enableProxyProtocol")
    ]
    optional = all(get(policy, "spec", "proxyProtocol", "optional") for policy in policies)
    status = seen.edge.get("status", SILENT)
    # To an Envoy that does not expect it, the PROXY protocol's line is a bad request.
    if sent and not policies and status in (SILENT, 400):
        yield Finding(
            "The load balancer sends the PROXY protocol, which Envoy does not expect: every connection breaks.",
            f"Service {name_of(service)} has {AWS}proxy-protocol, no ClientTrafficPolicy has proxyProtocol",
            f"set gateway_proxy_protocol, which is for both sides, then {SITE} --tags gateway",
        )
    elif policies and not sent and not optional and seen.edge.get("url") and status == SILENT:
        yield Finding(
            "Envoy expects the PROXY protocol, which nothing in front of it sends: every connection breaks.",
            f"ClientTrafficPolicy {name_of(policies[0])} has proxyProtocol, Service {name_of(service)} has no "
            f"annotation {AWS}proxy-protocol",
            f"set gateway_proxy_protocol: false unless your load balancer does send it; then {SITE} --tags gateway",
        )


def programmed(seen: Seen) -> Iterator[Finding]:
    gateway = gateway_of(seen)
    if gateway is None:
        if seen.knows("Gateway"):
            yield Finding(
                f"There is no Gateway {seen.names.gateway}: no client reaches the proxy.",
                f"kubectl -n {seen.names.namespace} get gateway {seen.names.gateway}: not found",
                f"{SITE} --tags gateway",
            )
        return
    told = refused(get(gateway, "status", "conditions", default=[]), "Accepted", "Programmed")
    listeners = [
        (listener["name"], each)
        for listener in get(gateway, "status", "listeners", default=[])
        for each in refused(listener.get("conditions") or [], "Accepted", "ResolvedRefs", "Programmed")
    ]
    for name, each in listeners:
        yield Finding(
            f"The listener {name} of the Gateway is not in order.",
            said(each),
            f"{seen.kubectl(f'describe gateway {name_of(gateway)}')}; a certificate comes from gateway_tls_secret",
        )
        break
    if told and not listeners:
        yield Finding(
            "The Gateway is not programmed: Envoy does not serve it.",
            "; ".join(map(said, told)),
            f"{seen.kubectl(f'describe gateway {name_of(gateway)}')}; {SITE} --tags gateway",
        )
    elif not told and condition(gateway, "Programmed").get("status") != "True":
        yield Finding(
            "Nobody has looked at the Gateway: Envoy Gateway does not run, or its class is another's.",
            f"Gateway {name_of(gateway)} has no condition Programmed",
            f"{seen.kubectl('get pods', HOME)}; {SITE} --tags gateway",
        )
    elif not told and not get(gateway, "status", "addresses"):
        yield Finding(
            "The Gateway has no address.",
            f"status.addresses of Gateway {name_of(gateway)} is empty",
            f"{seen.kubectl('get service', HOME)}; or set gateway_cluster_url",
        )


def envoy(seen: Seen) -> Iterator[Finding]:
    for deployment in filter(lambda each: owned(seen, each), seen.all("Deployment", HOME)):
        wanted = get(deployment, "spec", "replicas", default=1)
        ready = get(deployment, "status", "readyReplicas", default=0)
        if ready == 0 or ready < wanted:
            yield Finding(
                f"{'No' if ready == 0 else 'Not every'} pod of Envoy is ready.",
                f"Deployment {name_of(deployment)}: {ready} of {wanted} pods ready",
                f"{seen.kubectl(f'describe deployment {name_of(deployment)}', HOME)}; "
                + seen.kubectl(f"logs deployment/{name_of(deployment)} -c envoy --tail 50", HOME),
            )


def policies(seen: Seen) -> Iterator[Finding]:
    """What Envoy Gateway refuses it leaves out, and goes on without."""
    for kind in POLICIES:
        for policy in seen.ours(kind):
            conditions = [
                each
                for ancestor in get(policy, "status", "ancestors", default=[])
                for each in ancestor.get("conditions") or []
            ]
            for each in refused(conditions, "Accepted"):
                yield Finding(
                    f"The {kind} {name_of(policy)} is not accepted, and has no effect.",
                    said(each),
                    f"{seen.kubectl(f'describe {kind.lower()} {name_of(policy)}')}; {SITE} --tags gateway",
                )


def route(seen: Seen) -> Iterator[Finding]:
    name = seen.names.proxy
    found = seen.our("HTTPRoute", name)
    if found is None:
        if seen.knows("HTTPRoute"):
            yield Finding(
                f"There is no HTTPRoute {name}: the Gateway does not know the proxy.",
                f"kubectl -n {seen.names.namespace} get httproute {name}: not found",
                f"{SITE} --tags proxy",
            )
        return
    wanted = [each.get("name") for each in get(found, "spec", "parentRefs", default=[])]
    conditions = by_parents(found)
    told = refused(conditions, "Accepted", "ResolvedRefs")
    if wanted and not any(name_of(gateway) in wanted for gateway in seen.ours("Gateway")):
        yield Finding(
            "The proxy's HTTPRoute leads from no Gateway that is there.",
            f"parentRefs of HTTPRoute {name} name {', '.join(map(str, wanted))}",
            f"{SITE} --tags gateway,proxy",
        )
    elif told or not conditions:
        yield Finding(
            "The Gateway does not take the proxy's HTTPRoute.",
            "; ".join(map(said, told))
            or f"no Gateway has looked at HTTPRoute {name}: its parentRefs name none that is there",
            f"{seen.kubectl(f'describe httproute {name}')}; check proxy_listener and proxy_hostnames",
        )


def timeouts(seen: Seen) -> Iterator[Finding]:
    """Without a word from a route or a policy Envoy ends every request after 15 seconds."""
    found = seen.our("HTTPRoute", seen.names.proxy)
    if found is None:
        return
    by_route = all(
        get(rule, "timeouts", "request") is not None
        for rule in get(found, "spec", "rules", default=[])
        if rule.get("backendRefs")
    )
    if not by_route and not backend_timeouts(seen, "requestTimeout"):
        yield Finding(
            "Long answers are cut off: Envoy ends every request after 15 seconds, for nothing says otherwise.",
            f"neither HTTPRoute {seen.names.proxy} (timeouts.request) nor a BackendTrafficPolicy of the Gateway "
            "(timeout.http.requestTimeout) has a limit",
            f"{SITE} --tags gateway (gateway_request_timeout)",
        )


def backend_timeouts(seen: Seen, name: str) -> list[str]:
    """What the policies for the way to the proxy say of one of their timeouts for HTTP."""
    return said_by(policies_for(seen, "BackendTrafficPolicy"), name)


def policies_for(seen: Seen, kind: str) -> list[Thing]:
    """The policies of a kind for our Gateway, or for the proxy's route."""
    targets = {("Gateway", seen.names.gateway), ("HTTPRoute", seen.names.proxy)}
    return [
        policy
        for policy in seen.ours(kind)
        for target in get(policy, "spec", "targetRefs", default=[get(policy, "spec", "targetRef", default={})])
        if (target.get("kind"), target.get("name")) in targets
    ]


def said_by(policies: Iterable[Thing], name: str) -> list[str]:
    values = (get(policy, "spec", "timeout", "http", name) for policy in policies)
    return [value for value in values if value is not None]


def unused_connections(seen: Seen) -> Iterator[Finding]:
    """Who closes a connection that nobody uses has to be the one who would use it again."""
    if not seen.deployment:
        return
    given = seen.environment.get("KEEPALIVE_TIMEOUT", "")
    kept = int(given) if given.isdigit() else KEPT_BY_LITELLM
    by_envoy = max(map(seconds, backend_timeouts(seen, "connectionIdleTimeout")), default=KEPT_BY_ENVOY)
    if kept <= by_envoy:
        yield Finding(
            "Now and then a request is answered with 503: LiteLLM closes unused connections before Envoy does.",
            f"Deployment {seen.names.proxy} keeps them for {kept} s (KEEPALIVE_TIMEOUT), Envoy for {by_envoy:.0f} s "
            "(connectionIdleTimeout of its BackendTrafficPolicy)",
            f"{SITE} --tags gateway,proxy; proxy_env must not set KEEPALIVE_TIMEOUT lower",
        )


def silence(seen: Seen) -> Iterator[Finding]:
    """An NLB forgets a connection on which nothing is said, and tells neither end. TCP's keep-alive is something."""
    service = envoy_service(seen)
    if service is None or not is_nlb(service):
        return
    annotations = get(service, "metadata", "annotations", default={})
    ports = [each["port"] for each in get(service, "spec", "ports", default=[])]
    kept = min((kept_by_nlb(annotations, port) for port in ports), default=KEPT_BY_NLB)
    clients = policies_for(seen, "ClientTrafficPolicy")
    keepalives = [
        seconds(get(policy, "spec", "tcpKeepalive", "idleTime", default="")) or FIRST_KEEPALIVE
        for policy in clients
        if get(policy, "spec", "tcpKeepalive") is not None
    ]
    told = backend_timeouts(seen, "streamIdleTimeout") or said_by(clients, "streamIdleTimeout")
    silent = [seconds(each) for each in told] or [SILENT_BY_DEFAULT]
    if min(keepalives, default=FIRST_KEEPALIVE) >= kept and (0 in silent or max(silent) > kept):
        longest = "for ever" if 0 in silent else f"for {max(silent):.0f} s"
        spoken = f"after {min(keepalives):.0f} s" if keepalives else "never, for no ClientTrafficPolicy has it"
        yield Finding(
            f"A stream on which nothing comes for {kept} s is lost: the load balancer forgets its connection.",
            f"Service {name_of(service)} keeps one for {kept} s, a stream may be silent {longest} (streamIdleTimeout), "
            f"tcpKeepalive speaks up {spoken}",
            f"{SITE} --tags gateway (gateway_tcp_keepalive_time, gateway_load_balancer_idle_timeout)",
        )


def is_nlb(service: Thing) -> bool:
    kind = get(service, "metadata", "annotations", f"{AWS}type")
    return kind in NLB_TYPES or get(service, "spec", "loadBalancerClass") in NLB_CLASSES


def kept_by_nlb(annotations: Thing, port: int) -> int:
    """The seconds that an NLB keeps a silent connection of a port, which it has an annotation of its own for."""
    attributes = str(annotations.get(f"{AWS}listener-attributes.TCP-{port}"))
    told = re.search(r"tcp\.idle_timeout\.seconds=(\d+)", attributes)
    return int(told[1]) if told else KEPT_BY_NLB


def certificates(seen: Seen) -> Iterator[Finding]:
    """cert-manager passes over what it does not know the name of: the certificate that is there is the last one."""
    gateway = gateway_of(seen) or {}
    issuers = [name for name in ISSUERS if name in get(gateway, "metadata", "annotations", default={})]
    for listener in get(gateway, "spec", "listeners", default=[]) if issuers else []:
        name, secure = listener["name"], listener.get("protocol") in ("HTTPS", "TLS")
        if secure and get(listener, "tls", "mode") != "Passthrough" and not listener.get("hostname"):
            yield Finding(
                f"cert-manager neither makes nor renews the certificate of the listener {name}, which has no hostname.",
                f"Gateway {name_of(gateway)} has the annotation {issuers[0]}, its listener {name} no hostname",
                "set gateway_tls_issuer and gateway_tls_hostnames, for which the role orders the certificate itself, "
                f"then {SITE} --tags gateway; {seen.kubectl(f'annotate gateway {name_of(gateway)} {issuers[0]}-')}",
            )


def seconds(duration: str) -> float:
    """What 1h30m or 500ms is."""
    units = {"h": 3600, "m": 60, "s": 1, "ms": 0.001}
    return sum(int(number) * units[unit] for number, unit in re.findall(r"(\d+)(ms|h|m|s)", str(duration)))


def edge(seen: Seen) -> Iterator[Finding]:
    """What this machine gets where clients ask."""
    told = seen.edge
    url, status = told.get("url"), told.get("status")
    if not url:
        raise UnreadError(told.get("msg") or "the Gateway was not asked")
    if status == 200:
        return
    if status in (None, SILENT):
        yield Finding(
            "The Gateway's address does not answer from here.",
            f"{url}: {told.get('msg')}",
            "check the way there: name, firewall, the load balancer's health checks; or set gateway_cluster_url",
        )
    else:
        meaning = {
            404: "no route fits: its host names or its listener are others",
            503: "Envoy has no replica of the proxy to send it to, or does not reach one",
            504: "no replica answers in time",
            500: "Envoy has no way to the proxy: its route refers to something that is missing",
        }
        yield Finding(
            f"The Gateway answers {status}: {meaning.get(status, 'the request did not reach the proxy')}.",
            f"{url}: {status}",
            f"{seen.kubectl(f'describe httproute {seen.names.proxy}')}; {seen.kubectl('get endpointslices')}",
        )


CHECKS = (
    Check("The GatewayClass is accepted", gateway_class),
    Check("The load balancer has an address", load_balancer),
    Check("Both sides speak the PROXY protocol", proxy_protocol),
    Check("The Gateway is programmed", programmed),
    Check("Envoy runs", envoy),
    Check("Policies are accepted", policies),
    Check("The route is taken", route),
    Check("Long answers are not cut off", timeouts),
    Check("The Gateway answers", edge),
    Check("Envoy gives unused connections up first", unused_connections, risk=True),
    Check("Silent streams are not forgotten", silence, risk=True),
    Check("cert-manager knows what certificates are for", certificates, risk=True),
)
