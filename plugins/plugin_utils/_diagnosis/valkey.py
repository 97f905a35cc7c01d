# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_util is private to the inference.gateway collection. It may change at any time.
"""Valkey and its Sentinels, and whether all replicas of the proxy count limits together there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ansible_collections.inference.gateway.plugins.plugin_utils._diagnosis._seen import (
    Check,
    Finding,
    Seen,
    UnreadError,
    get,
)
from ansible_collections.inference.gateway.plugins.plugin_utils._diagnosis.cluster import SITE
from ansible_collections.inference.gateway.plugins.plugin_utils._diagnosis.database import ADVICE

# What LiteLLM connects by in place of the Sentinels, or cannot start with beside them.
BESIDE_SENTINEL = {
    "REDIS_HOST": "LiteLLM cannot start with it beside Sentinel",
    "REDIS_PORT": "LiteLLM cannot start with it beside Sentinel",
    "REDIS_URL": "it silently wins over the Sentinels",
    "REDIS_USERNAME": "LiteLLM would use it for the Sentinels, too",
    "REDIS_DB": "LiteLLM would use it for the Sentinels, too, which have no databases",
}


def servers(seen: Seen) -> Iterator[Finding]:
    if external(seen):
        return
    for name, what in (
        (seen.names.valkey, "server of Valkey"),
        (f"{seen.names.valkey}-sentinel", "Sentinel of Valkey"),
    ):
        found = seen.our("StatefulSet", name)
        if found is None:
            yield Finding(
                f"There is no StatefulSet {name}: Valkey is not installed.",
                f"kubectl -n {seen.names.namespace} get statefulset {name}: not found",
                f"{SITE} --tags valkey",
            )
            continue
        wanted = get(found, "spec", "replicas", default=1)
        ready = get(found, "status", "readyReplicas", default=0)
        if wanted == 0:
            yield Finding(
                f"No {what} runs: the StatefulSet {name} is scaled to 0.",
                f"spec.replicas of StatefulSet {name} is 0",
                f"{SITE} --tags valkey",
            )
        elif ready < wanted:
            yield Finding(
                f"{'No' if ready == 0 else 'Not every'} {what} is ready.",
                f"StatefulSet {name}: {ready} of {wanted} pods ready",
                f"{seen.kubectl(f'describe statefulset {name}')}; {seen.kubectl(f'logs {name}-0')}",
            )


def external(seen: Seen) -> bool:
    """Whether the proxy's Valkey is none of ours."""
    nodes = str(seen.environment.get("REDIS_SENTINEL_NODES", "")) + str(
        [get(params, "sentinel_nodes", default="") for params in connections(seen).values()]
    )
    services = map(seen.service, re.findall(r"[\w.-]+", nodes))
    return bool(seen.deployment) and not any(name.startswith(f"{seen.names.valkey}-sentinel") for name in services)


def connections(seen: Seen) -> dict[str, dict]:
    """The connections to Valkey that LiteLLM's configuration describes, by where it does."""
    try:
        config = seen.config
    except UnreadError:
        return {}
    found = {
        "litellm_settings.cache_params": get(config, "litellm_settings", "cache_params"),
        "general_settings.coordination_redis": get(config, "general_settings", "coordination_redis"),
    }
    return {where: params for where, params in found.items() if params}


def agreement(seen: Seen) -> Iterator[Finding]:
    """What `valkey.sh verify` says in one of Valkey's own pods. That pods are missing is told elsewhere."""
    if external(seen) or any(servers(seen)):
        return
    if seen.sentinels.get("rc") is None:
        raise UnreadError(f"Valkey's pods could not be asked: {seen.sentinels.get('msg') or 'none runs'}")
    if seen.sentinels["rc"] != 0:
        yield Finding(
            "Valkey's servers and Sentinels do not agree.",
            (seen.sentinels.get("stdout") or seen.sentinels.get("stderr") or "no answer").strip(),
            "wait half a minute for a failover to end; then "
            + seen.kubectl(
                f"delete pod -l app.kubernetes.io/instance={seen.names.valkey},app.kubernetes.io/component=sentinel"
            ),
        )


def reach(seen: Seen) -> Iterator[Finding]:
    answers = seen.answers()
    told = [each for answer in list(answers.values())[:1] for each in answer.get("sentinels") or []]
    for pod, answer in answers.items():
        failed = [each for each in answer.get("sentinels") or [] if each["error"]]
        if failed:
            every = len(failed) == len(told)
            yield Finding(
                f"The proxy cannot connect to {'any' if every else 'some'} Sentinel: {failed[0]['error']}.",
                f"{pod} tried {', '.join(each['host'].split('.')[0] for each in failed)} at port {failed[0]['port']}",
                f"{ADVICE.get(failed[0]['kind'], ADVICE['other'])}; {seen.kubectl('get pods,networkpolicy')}",
            )
            return


def cache(seen: Seen) -> Iterator[Finding]:
    """What LiteLLM says of its own connection, which it keeps when the Sentinels are gone."""
    for pod, answer in seen.answers().items():
        told = answer.get("cache")
        if told and told.get("status") != 200:
            yield Finding(
                "The cache does not work: LiteLLM has no working connection to Valkey.",
                f"/cache/ping of {pod}: {told.get('status') or ''} {told.get('said') or told.get('error')}",
                f"{seen.kubectl(f'logs {pod}')} | grep -i -e redis -e sentinel; the passwords are in the Secret "
                f"{seen.names.valkey}",
            )
            return


def breaker(seen: Seen) -> Iterator[Finding]:
    opened = [pod for pod, answer in seen.answers().items() if get(answer, "metrics", "breaker_open")]
    if opened:
        yield Finding(
            "Rate limits are not shared: replicas have given Valkey up and count alone.",
            f"litellm_redis_circuit_breaker_state is open in {', '.join(opened)}",
            "get Valkey well; each replica tries again after a minute. To refuse instead meanwhile: "
            "proxy_general_settings: {fail_closed_rate_limit_enforcement: true}",
        )


def beside(seen: Seen) -> Iterator[Finding]:
    given = {name for each in (seen.container.get("env") or []) for name in [each["name"]]}
    sentinel = bool(given & {"REDIS_SENTINEL_NODES"}) or any(
        "sentinel_nodes" in each for each in connections(seen).values()
    )
    if not sentinel:
        return
    for name, consequence in BESIDE_SENTINEL.items():
        if name in given:
            yield Finding(
                f"{name} is set beside Sentinel: {consequence}.",
                f"environment of the Deployment {seen.names.proxy}",
                f"take {name} out of proxy_env, then {SITE} --tags proxy",
            )
    for where, params in connections(seen).items():
        wrong = [name for name in ("host", "port", "url", "db", "username") if params.get(name) is not None]
        if wrong and "sentinel_nodes" in params:
            yield Finding(
                f"{where} has {', '.join(wrong)} beside sentinel_nodes: LiteLLM would use that for the Sentinels, too.",
                f"ConfigMap {seen.config_map}",
                f"take {', '.join(wrong)} out of it, and use Valkey's default user; then {SITE} --tags proxy",
            )
    router = [name for name in ("redis_host", "redis_port", "redis_url") if get(seen.config, "router_settings", name)]
    if router:
        yield Finding(
            f"router_settings has {', '.join(router)} beside Sentinel: the router would follow no failover.",
            f"ConfigMap {seen.config_map}",
            "take it out of proxy_router_settings: the router takes the cache's connection by itself",
        )


def sharing(seen: Seen) -> Iterator[Finding]:
    """Whether LiteLLM is told to count in Valkey at all, which a single replica need not."""
    if get(seen.deployment, "spec", "replicas", default=1) < 2:
        return
    params = connections(seen)
    cached = get(params, "litellm_settings.cache_params", "type") in ("redis", "redis-semantic")
    given = any(name in seen.environment for name in ("REDIS_HOST", "REDIS_URL", "REDIS_SENTINEL_NODES"))
    if not (cached or "general_settings.coordination_redis" in params or given):
        yield Finding(
            "Rate limits are not shared: LiteLLM is told of no Valkey, so that each replica counts alone.",
            f"ConfigMap {seen.config_map} has neither coordination_redis nor cache_params of type redis",
            f"{SITE} --tags proxy; proxy_general_settings and proxy_litellm_settings must not take them out",
        )
    elif not cached and "general_settings.coordination_redis" not in params:
        yield Finding(
            "Rate limits may not be shared: a replica that starts while Valkey is away counts alone for its life.",
            f"ConfigMap {seen.config_map} has no general_settings.coordination_redis, so that the environment decides "
            "at the start",
            f"{SITE} --tags proxy; proxy_general_settings must not take it out",
        )
    if seen.environment.get("LEGACY_MULTI_INSTANCE_RATE_LIMITING", "").lower() == "true":
        yield Finding(
            "Rate limits are counted the old way, which lets more through than the limit.",
            "LEGACY_MULTI_INSTANCE_RATE_LIMITING is true",
            "take it out of proxy_env",
        )


def caching(seen: Seen) -> Iterator[Finding]:
    """A cache that is switched off is no fault; one that is on and told of no Valkey is one for each replica."""
    settings = get(seen.config, "litellm_settings", default={})
    if get(settings, "cache") and get(settings, "cache_params", "type", default="local") == "local":
        yield Finding(
            "The cache is not shared: each replica remembers its own answers.",
            "litellm_settings.cache is true, and cache_params has no type redis",
            f"set proxy_cache and leave cache_params to the role, then {SITE} --tags proxy",
        )


CHECKS = (
    Check("Valkey and its Sentinels run", servers),
    Check("Valkey's servers and Sentinels agree", agreement),
    Check("Nothing stands beside Sentinel", beside),
    Check("The proxy reaches the Sentinels", reach),
    Check("LiteLLM has its cache", cache),
    Check("No replica has given Valkey up", breaker),
    Check("Limits are shared", sharing),
    Check("The cache is shared", caching),
)
