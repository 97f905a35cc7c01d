# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From all that was read of a cluster to what runs there."""

from __future__ import annotations

DOCUMENTATION = r"""
name: status
short_description: Tell what runs of a gateway, by what was read of its cluster
version_added: 0.3.0
author: inference.gateway contributors
description:
  - Puts together what the objects of a cluster and the answers of the gateway's parts say, and reads nothing itself.
  - What is not there is V(null), so that it can be asked of a system that is installed in part.
  - Secrets are named, their values are not returned.
options:
  _input:
    description: What was read, as the role P(inference.gateway.status#role) puts it together.
    type: dict
    required: true
    suboptions:
      names:
        description: Names of the gateway's parts, as C(gateway_cluster_*) has them.
        type: dict
        required: true
      now:
        description: Time of the reading, in seconds since 1970.
        type: float
        required: true
      reads:
        description: What M(inference.gateway.k8s_objects_info) read.
        type: list
        elements: dict
        required: true
      sentinels:
        description: What Valkey's pods say of each other.
        type: dict
      url:
        description: Address that clients use. Empty if there is none.
        type: str
      health:
        description: What M(inference.gateway.litellm_health_info) returned, or C(reason), why it did not.
        type: dict
      keys:
        description: The keys that M(inference.gateway.litellm_key_info) returned.
        type: list
        elements: dict
"""

EXAMPLES = r"""
- name: Show the version of LiteLLM
  ansible.builtin.debug:
    msg: "{{ (seen | inference.gateway.status).proxy.version }}"
"""

RETURN = r"""
_value:
  description: What runs.
  type: dict
  contains:
    proxy:
      description: Deployment, image, version and Service of LiteLLM.
      type: dict
    migration:
      description: Job that migrated the database, and its state.
      type: dict
    database:
      description: Where the database is, who uses it, and how its servers are.
      type: dict
    valkey:
      description: Servers and Sentinels of Valkey, and the primary.
      type: dict
    health:
      description: What LiteLLM says of itself.
      type: dict
    keys:
      description: Secrets with keys, those of the administrator and those that were delivered to tenants.
      type: dict
    gateway:
      description: Address, listeners and route.
      type: dict
    scaling:
      description: Autoscaler and disruption budget of the proxy.
      type: dict
    monitoring:
      description: ServiceMonitor of the proxy.
      type: dict
    models:
      description: Models that are served in the cluster, and those of elsewhere.
      type: dict
    degraded:
      description: What is broken, by what the objects say. The role P(inference.gateway.diagnose#role) looks further.
      type: list
      elements: str
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ansible_collections.inference.gateway.plugins.module_utils._key_value import MANAGED_BY, digest
from ansible_collections.inference.gateway.plugins.plugin_utils._diagnosis._seen import (
    Seen,
    Thing,
    UnreadError,
    condition,
    decoded,
    environment_of,
    get,
    has_labels,
    name_of,
)
from ansible_collections.inference.gateway.plugins.plugin_utils._diagnosis.all import diagnosed
from ansible_collections.inference.gateway.plugins.plugin_utils._diagnosis.gateway import gateway_of
from ansible_collections.inference.gateway.plugins.plugin_utils._diagnosis.keys import expired
from ansible_collections.inference.gateway.plugins.plugin_utils._diagnosis.models import configured, inside
from ansible_collections.inference.gateway.plugins.plugin_utils._rollouts import by_parents

Told = dict[str, Any] | None


def status(told: Mapping[str, Any]) -> dict[str, Any]:
    seen = Seen(told)
    keys = told.get("keys") or []
    parts: dict[str, Callable[[], Told]] = {
        "proxy": lambda: proxy(seen, told.get("health") or {}),
        "migration": lambda: migration(seen),
        "database": lambda: database(seen),
        "valkey": lambda: valkey(seen),
        "health": lambda: health(told.get("health") or {}),
        "keys": lambda: secrets(seen, keys),
        "gateway": lambda: gateway(seen, told.get("url") or ""),
        "scaling": lambda: scaling(seen),
        "monitoring": lambda: monitoring(seen),
        "models": lambda: models(seen),
    }
    return {
        "namespace": seen.names.namespace,
        **{name: there(part) for name, part in parts.items()},
        "degraded": [result["cause"] for result in diagnosed(seen) if result["status"] == "broken"],
    }


def there(part: Callable[[], Any]) -> Any:
    """A part; nothing, where it could not be read, as where there is no namespace."""
    try:
        return part()
    except UnreadError:
        return None


def proxy(seen: Seen, health: Thing) -> Told:
    deployment = seen.deployment
    if not deployment:
        return None
    service = seen.our("Service", seen.names.proxy) or {}
    return {
        "deployment": name_of(deployment),
        **replicas(deployment),
        "image": seen.container.get("image"),
        "version": health.get("version"),
        "service": name_of(service) if service else None,
        "port": get(service, "spec", "ports", 0, "port"),
    }


def replicas(workload: Thing | None) -> dict[str, int]:
    return {
        "ready": get(workload or {}, "status", "readyReplicas", default=0),
        "wanted": get(workload or {}, "spec", "replicas", default=1) if workload else 0,
    }


def migration(seen: Seen) -> Told:
    job = seen.migration
    if job is None:
        return None
    ended = next((kind for kind in ("Complete", "Failed") if condition(job, kind).get("status") == "True"), "Running")
    return {"job": name_of(job), "state": ended.lower(), "finished": get(job, "status", "completionTime")}


def database(seen: Seen) -> Told:
    cluster = seen.our("Cluster", seen.names.database)
    pooler = seen.our("Pooler", f"{seen.names.database}-pooler")
    password = next((each for each in seen.container.get("env") or [] if each["name"] == "DATABASE_PASSWORD"), {})
    secret = get(password, "valueFrom", "secretKeyRef", "name")
    host, _colon, port = environment_of(seen.container).get("DATABASE_HOST", "").partition(":")
    if cluster is None and not host:
        return None
    return {
        "host": host or None,
        "port": int(port) if port.isdigit() else port or 5432,
        "name": seen.secret(secret, "dbname") if secret else None,
        "user": seen.secret(secret, "username") if secret else None,
        "secret": secret,
        "key": get(password, "valueFrom", "secretKeyRef", "key"),
        "pool_limit": there(lambda: get(seen.config, "general_settings", "database_connection_pool_limit")),
        "phase": get(cluster or {}, "status", "phase"),
        "primary": get(cluster or {}, "status", "currentPrimary"),
        "ready": get(cluster or {}, "status", "readyInstances", default=0),
        "wanted": get(cluster or {}, "spec", "instances", default=0),
        "pooler": replicas(seen.our("Deployment", name_of(pooler))) if pooler else None,
    }


def valkey(seen: Seen) -> Told:
    servers = seen.our("StatefulSet", seen.names.valkey)
    sentinels = seen.our("StatefulSet", f"{seen.names.valkey}-sentinel")
    if servers is None and sentinels is None:
        return None
    said = (seen.sentinels.get("stdout") or "").strip()
    return {
        # On agreement it is all that they say.
        "primary": said.split(".")[0] if said and seen.sentinels.get("rc") == 0 else None,
        "servers": replicas(servers),
        "sentinels": replicas(sentinels),
    }


def health(told: Thing) -> Told:
    return {name: told.get(name) for name in ("ready", "database", "cache", "reason")}


def secrets(seen: Seen, keys: Sequence[Thing]) -> Told:
    of_the_proxy = [f"{seen.names.proxy}-master-key", f"{seen.names.proxy}-salt-key"]
    by_token = {key["token"]: key for key in keys}
    try:
        everywhere = seen.all("Secret")
    except UnreadError:  # who may not read Secrets elsewhere is told of those here
        everywhere = seen.ours("Secret")
    managed = {
        (secret["metadata"]["namespace"], name_of(secret)): secret
        for secret in everywhere
        if has_labels(secret, MANAGED_BY) and name_of(secret) not in of_the_proxy
    }
    return {
        "master_key": of_the_proxy[0] if seen.our("Secret", of_the_proxy[0]) else None,
        "salt_key": of_the_proxy[1] if seen.our("Secret", of_the_proxy[1]) else None,
        "delivered": [
            each for _place, secret in sorted(managed.items()) for each in delivered(secret, by_token, seen.now)
        ],
    }


def delivered(secret: Thing, keys: Mapping[str, Thing], now: float) -> list[dict[str, Any]]:
    """The keys in a Secret, and what LiteLLM calls them. Beside them the Secret may hold what is none."""
    entries = {entry: decoded(value).strip() for entry, value in (secret.get("data") or {}).items()}
    found = {entry: keys[digest(value)] for entry, value in entries.items() if digest(value) in keys}
    # Nobody knows them any more, or LiteLLM could not be asked.
    unknown = {entry: {} for entry, value in entries.items() if value.startswith("sk-")}
    return [
        {
            "namespace": secret["metadata"]["namespace"],
            "secret": name_of(secret),
            "entry": entry,
            "alias": key.get("key_alias"),
            "models": key.get("models") or [],
            "usable": bool(key) and not key.get("blocked") and there(lambda key=key: expired(key, now)) is False,
        }
        for entry, key in sorted((found or unknown).items())
    ]


def gateway(seen: Seen, url: str) -> Told:
    found = gateway_of(seen)
    if found is None:
        return None
    route = seen.our("HTTPRoute", seen.names.proxy)
    conditions = by_parents(route) if route else []
    attached = {each["name"]: each.get("attachedRoutes", 0) for each in get(found, "status", "listeners", default=[])}
    return {
        "name": name_of(found),
        "url": url or None,
        "programmed": condition(found, "Programmed").get("status") == "True",
        "addresses": [each["value"] for each in get(found, "status", "addresses", default=[])],
        "listeners": [
            {"name": each["name"], "protocol": each["protocol"], "port": each["port"]}
            | {"routes": attached.get(each["name"], 0)}
            for each in get(found, "spec", "listeners", default=[])
        ],
        "route": name_of(route) if route else None,
        "route_taken": bool(conditions)
        and all(each["status"] == "True" for each in conditions if each["type"] in ("Accepted", "ResolvedRefs")),
    }


def scaling(seen: Seen) -> Told:
    budget = seen.our("PodDisruptionBudget", seen.names.proxy)
    scaler = seen.our("HorizontalPodAutoscaler", seen.names.proxy)
    targets = [
        {
            "resource": get(each, "resource", "name"),
            "target": get(each, "resource", "target", "averageUtilization"),
            "now": current(scaler or {}, get(each, "resource", "name")),
        }
        for each in get(scaler or {}, "spec", "metrics", default=[])
    ]
    return {
        "autoscaler": {
            "min": get(scaler, "spec", "minReplicas"),
            "max": get(scaler, "spec", "maxReplicas"),
            "targets": targets,
        }
        if scaler
        else None,
        "min_available": get(budget or {}, "spec", "minAvailable"),
        "disruptions_allowed": get(budget or {}, "status", "disruptionsAllowed"),
    }


def current(scaler: Thing, resource: str) -> int | None:
    return next(
        (
            get(each, "resource", "current", "averageUtilization")
            for each in get(scaler, "status", "currentMetrics", default=[])
            if get(each, "resource", "name") == resource
        ),
        None,
    )


def monitoring(seen: Seen) -> Told:
    monitor = seen.our("ServiceMonitor", seen.names.proxy)
    if monitor is None:
        return None
    endpoint = get(monitor, "spec", "endpoints", 0, default={})
    return {
        "service_monitor": name_of(monitor),
        "path": endpoint.get("path", "/metrics"),
        "port": endpoint.get("port"),
        "interval": endpoint.get("interval"),
        "timeout": endpoint.get("scrapeTimeout"),
    }


def models(seen: Seen) -> Told:
    listed = there(lambda: configured(seen)) or []
    services = {name_of(each): each for each in seen.all("InferenceService", seen.names.models_namespace)}
    local = [
        {"name": name, "ready": condition(each, "Ready").get("status") == "True"} for name, each in services.items()
    ]
    return {
        "served": local,
        "elsewhere": [
            {"name": each["name"], "model": each["model"]} for each in listed if inside(seen, each["api_base"]) is None
        ],
        "listed": [each["name"] for each in listed],
    }


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"status": status}
