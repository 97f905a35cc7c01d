# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_util is private to the inference.gateway collection. It may change at any time.
"""PostgreSQL and its pooler, and the way of the proxy there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ansible_collections.inference.gateway.plugins.plugin_utils._diagnosis._seen import (
    Check,
    Finding,
    Seen,
    Thing,
    UnreadError,
    container_of,
    environment_of,
    get,
    name_of,
)
from ansible_collections.inference.gateway.plugins.plugin_utils._diagnosis.cluster import (
    SITE,
    external_database,
    workload,
)

HEALTHY = "Cluster in healthy state"
# Of the disk of PostgreSQL, above which little time is left to act.
NEARLY_FULL = 85
# LiteLLM's settings for the time that the database may take.
TIME_LIMITS = (
    "database_statement_timeout",
    "database_lock_timeout",
    "database_idle_in_transaction_session_timeout",
)
# What PostgreSQL keeps back for its operator, and CloudNativePG's own values for what nobody sets.
RESERVED, POOL_SIZE, CLIENTS, CONNECTIONS = 10, 20, 100, 100
# Where a server listens whose host is given without a port.
PORT = "5432"
# A URL whose password stands in it, and is none that Kubernetes puts there.
OPEN_PASSWORD = re.compile(r"://[^@/\s]*:(?!\$\()[^@/\s]+@")

# What logs say of the database, and what it means: a pattern, the cause, the remedy.
LOGGED = (
    (
        r"P1000|password authentication failed|authentication failed against database",
        "PostgreSQL does not accept the user and password of {workload}.",
        "compare {kubectl} get secret {database}-app with the one that proxy_database_secret names, "
        f"then {SITE} --tags proxy",
    ),
    (
        r"P1003|database \S+ does not exist",
        "The database that {workload} asks for does not exist.",
        "set dbname in the Secret of proxy_database_secret to a database that is there",
    ),
    (
        r"P1002|72707369",
        "The migration waits for a lock that no other session gives up, or that a pooler loses.",
        "set proxy_database_direct_host to the server itself (<cluster>-rw), not to a pooler; end other migrations",
    ),
    (
        r"P2024|Timed out fetching a new connection from the connection pool|query_wait_timeout|no more connections "
        r"allowed|max_client_conn",
        "The connections to the database are exhausted.",
        "raise max_client_conn or default_pool_size in database_pooler_parameters, or lower proxy_database_connections",
    ),
    (
        r"prepared statement \\?\"?\S+\\?\"? (already exists|does not exist)",
        "The pooler hands a connection's prepared statements to another.",
        "set general_settings.database_disable_prepared_statements: true (proxy_general_settings must not unset it)",
    ),
    (
        r"P1011|Error opening a TLS connection|CERTIFICATE_VERIFY_FAILED.*(postgres|database)",
        "{workload} does not accept the certificate of the database's server.",
        "check proxy_database_ca_secret; a pooler has its cluster's certificate, which needs the pooler's names, too "
        "(certificates.serverAltDNSNames, as the role database sets them)",
    ),
    (
        r"P1001|Can't reach database server|Name or service not known.*database|could not translate host name",
        "{workload} cannot reach the database server.",
        "{kubectl} get cluster,pooler,pods; the host is DATABASE_HOST (proxy_database_host)",
    ),
)


def cluster_of(seen: Seen) -> Thing | None:
    return seen.our("Cluster", seen.names.database)


def pooler_of(seen: Seen) -> Thing | None:
    return seen.our("Pooler", f"{seen.names.database}-pooler")


def is_pooler(seen: Seen, host: str) -> bool:
    """Whether a host is the Service of our pooler, however it is written."""
    return seen.service(host) == f"{seen.names.database}-pooler"


def instances_of(thing: Thing) -> int:
    """How many instances a Cluster or a Pooler wants."""
    return get(thing, "spec", "instances", default=1)


def presence(seen: Seen) -> Iterator[Finding]:
    if external_database(seen) or not seen.knows("Cluster"):
        return
    for kind, name, thing in (
        ("Cluster", seen.names.database, cluster_of(seen)),
        ("Pooler", f"{seen.names.database}-pooler", pooler_of(seen)),
    ):
        if thing is None:
            yield Finding(
                f"There is no {kind} {name}: the database is not installed.",
                seen.kubectl(f"get {kind.lower()}.postgresql.cnpg.io {name}: not found"),
                f"{SITE} --tags database",
            )


def health(seen: Seen) -> Iterator[Finding]:
    cluster = cluster_of(seen)
    if cluster is None:
        return
    name, status = name_of(cluster), cluster.get("status") or {}
    phase, wanted = status.get("phase", "no phase yet"), instances_of(cluster)
    ready = status.get("readyInstances", 0)
    annotations = get(cluster, "metadata", "annotations", default={})
    told = f"{ready} of {wanted} instances ready, phase: {phase}"
    if status.get("phaseReason"):
        told += f" ({status['phaseReason']})"
    if annotations.get("cnpg.io/hibernation") == "on":
        yield Finding(
            "PostgreSQL is hibernated: its servers are switched off on purpose.",
            f"annotation cnpg.io/hibernation of Cluster {name}; {told}",
            seen.kubectl(f"annotate cluster.postgresql.cnpg.io {name} cnpg.io/hibernation=off --overwrite"),
        )
    elif annotations.get("cnpg.io/fencedInstances"):
        yield Finding(
            f"Instances of PostgreSQL are fenced: {annotations['cnpg.io/fencedInstances']}.",
            told,
            seen.kubectl(f"annotate cluster.postgresql.cnpg.io {name} cnpg.io/fencedInstances-"),
        )
    elif "disk space" in phase:
        yield Finding(
            "The disk of PostgreSQL is full, so it was stopped.",
            told,
            f"raise database_storage_size (or database_wal_storage_size), then {SITE} --tags database",
        )
    elif phase != HEALTHY or ready < wanted:
        yield Finding(
            "PostgreSQL is not healthy.",
            told,
            f"{seen.kubectl(f'describe cluster.postgresql.cnpg.io {name}')}; {seen.kubectl(f'logs {name}-1')}",
        )


def disk(seen: Seen) -> Iterator[Finding]:
    """What `df` says in the primary, which is read for its percentages alone."""
    for used, path in re.findall(r"(\d+)%\s+(/\S+)", seen.disk.get("stdout") or ""):
        if int(used) >= NEARLY_FULL:
            yield Finding(
                "The disk of PostgreSQL is nearly full.",
                f"{path} is used to {used} %",
                f"raise database_storage_size (or database_wal_storage_size), then {SITE} --tags database",
            )


def pooling(seen: Seen) -> Iterator[Finding]:
    pooler = pooler_of(seen)
    if pooler is None:
        return
    name = name_of(pooler)
    deployment = seen.our("Deployment", name) or {}
    if get(pooler, "spec", "pgbouncer", "paused"):
        yield Finding(
            "The pooler is paused: every query waits until it is resumed.",
            f"spec.pgbouncer.paused of Pooler {name} is true",
            seen.patch(f"pooler {name}", {"spec": {"pgbouncer": {"paused": False}}}),
        )
    elif instances_of(pooler) == 0:
        yield Finding(
            "The pooler is scaled to 0, so nobody reaches the database through it.",
            f"spec.instances of Pooler {name} is 0",
            f"{SITE} --tags database",
        )
    elif seen.endpoints(name, seen.names.namespace) == 0:
        ready = get(deployment, "status", "readyReplicas", default=0)
        yield Finding(
            "No pod of the pooler is ready, so nobody reaches the database through it.",
            f"Service {name} has no endpoint; {ready} of {instances_of(pooler)} pods ready",
            f"{seen.kubectl(f'describe deployment {name}')}; {seen.kubectl(f'logs deployment/{name}')}",
        )


def reach(seen: Seen) -> Iterator[Finding]:
    """What the replicas say when they connect to the database's port."""
    failed = {pod: answer["database"] for pod, answer in seen.answers().items() if get(answer, "database", "error")}
    if failed:
        [(pod, told), *_others] = failed.items()
        yield Finding(
            f"The proxy cannot connect to the database's host {told['host']}: {told['error']}.",
            f"{len(failed)} of {len(seen.answers())} replicas, {pod} for one, tried port {told['port']}",
            f"{ADVICE.get(told['kind'], ADVICE['other'])}; {seen.kubectl('get pooler,cluster,networkpolicy')}",
        )


# What to do where a connection fails, by how it does.
ADVICE = {
    "name": "see whether what has that name is there, and whether the name is right: the cluster knows none such",
    "refused": "see what should listen there: its Service has no pod that is ready, or a NetworkPolicy rejects it",
    "silent": "look for a NetworkPolicy or a firewall, for packets are dropped on the way",
    "other": "look at what should listen there",
}


def logged(seen: Seen) -> Iterator[Finding]:
    """What the logs of the proxy, its migration and the pooler say of the database."""
    told = set()
    for pod in seen.pods(seen.names.namespace):
        for line in seen.log(pod):
            for pattern, cause, remedy in LOGGED:
                if re.search(pattern, line):
                    place = {
                        "workload": workload(pod),
                        "kubectl": seen.kubectl("").strip(),
                        "database": seen.names.database,
                    }
                    finding = Finding(cause.format(**place), f"{name_of(pod)}: {line}", remedy.format(**place))
                    if finding.cause not in told:
                        told.add(finding.cause)
                        yield finding
                    break


def readiness(seen: Seen) -> Iterator[Finding]:
    """What LiteLLM says of its own connection. Of a server that cannot even be reached, another check tells."""
    for pod, answer in seen.answers().items():
        state = get(answer, "readiness", "db")
        if state not in (None, "connected") and not get(answer, "database", "error"):
            yield Finding(
                f"LiteLLM has no database although its host answers: it says '{state}'.",
                f"/health/readiness of {pod}: {answer['readiness']}",
                f"{seen.kubectl(f'logs {pod} --tail 50')}; check the user, the password and the database's name",
            )
            return


def direct(seen: Seen) -> Iterator[Finding]:
    """Whether the proxies go through the pooler, as they would for want of one say nothing."""
    host, pooler = seen.environment.get("DATABASE_HOST", ""), pooler_of(seen)
    if pooler is None:
        return
    if seen.service(host) in {f"{seen.names.database}-{way}" for way in ("rw", "ro", "r")}:
        yield Finding(
            "The proxies go past the pooler: each of their connections is one of PostgreSQL's few.",
            f"DATABASE_HOST is {host}",
            f"set proxy_database_host to {name_of(pooler)}.{seen.names.namespace}.svc.{seen.names.domain}",
        )
    elif (
        get(pooler, "spec", "pgbouncer", "poolMode") == "transaction"
        and is_pooler(seen, host)
        and not get(seen.config, "general_settings", "database_disable_prepared_statements")
    ):
        yield Finding(
            "The pooler is in transaction mode, but LiteLLM prepares statements, which the next transaction lacks.",
            "general_settings.database_disable_prepared_statements is not true",
            f"take it out of proxy_general_settings, then {SITE} --tags proxy",
        )


def migration(seen: Seen) -> Iterator[Finding]:
    environment = environment_of(container_of(seen.migration or {}))
    host = environment.get("DIRECT_URL") or environment.get("DATABASE_HOST", "")
    if is_pooler(seen, host):
        yield Finding(
            "The migration goes through the pooler, which loses the lock that it takes (P1002).",
            f"DATABASE_HOST of Job {seen.names.proxy}-migration is {host}",
            f"leave proxy_database_direct_host to the role, which takes {seen.names.database}-rw",
        )


def port(seen: Seen) -> Iterator[Finding]:
    """LiteLLM reads the port as a part of the host, and that variable for tokens of AWS alone."""
    given, host = given_port(seen), seen.environment.get("DATABASE_HOST")
    by_token = seen.environment.get("IAM_TOKEN_DB_AUTH", "").lower() == "true"
    if not given or not host or by_token or "DATABASE_URL" in seen.environment:
        return
    told = re.search(r":(\d+)$", host)
    asked = told[1] if told else PORT
    if given != asked:
        yield Finding(
            f"LiteLLM does not read DATABASE_PORT: it asks for the database at port {asked}, and not at {given}.",
            f"environment of the Deployment {seen.names.proxy}; DATABASE_HOST is {host}",
            f"write the port into proxy_database_host ({host.partition(':')[0]}:{given}) and take DATABASE_PORT out of "
            f"proxy_env, then {SITE} --tags proxy",
        )


def given_port(seen: Seen) -> str:
    """DATABASE_PORT, also of a Secret. Empty where nobody knows it."""
    for each in seen.container.get("env") or []:
        if each["name"] == "DATABASE_PORT":
            source = get(each, "valueFrom", "secretKeyRef", default={})
            return each.get("value") or seen.secret(source.get("name", ""), source.get("key", "")) or ""
    return ""


def override(seen: Seen) -> Iterator[Finding]:
    """A whole URL, which wins over all that the role says of the database."""
    if not seen.deployment:
        return
    urls = (
        ("DATABASE_URL", seen.environment, f"Deployment {seen.names.proxy}", "proxy_env"),
        (
            "database_url",
            get(seen.config, "general_settings", default={}),
            f"ConfigMap {seen.config_map}",
            "proxy_general_settings",
        ),
    )
    for name, settings, where, variable in urls:
        url = get(settings, name)
        if url is None:
            continue
        yield Finding(
            f"{name} is set: LiteLLM takes it, and nothing of DATABASE_HOST, which is what other checks look at.",
            f"{where} has {name}",
            f"take {name} out of {variable} and set proxy_database_host and proxy_database_secret instead, then {SITE} "
            "--tags proxy",
        )
        if OPEN_PASSWORD.search(str(url)):
            yield Finding(
                f"The password of the database stands in {name}, where everybody reads it who may read the {where}.",
                f"{name} is {url}",
                f"take {name} out of {variable}, give the database's user another password, keep it in the Secret of "
                f"proxy_database_secret, then {SITE} --tags proxy",
            )


def time_limits(seen: Seen) -> Iterator[Finding]:
    """LiteLLM asks for them with each connection, by `options`, which CloudNativePG's pooler leaves out."""
    settings = get(seen.config, "general_settings", default={})
    lost = [name for name in TIME_LIMITS if settings.get(name) is not None]
    if lost and is_pooler(seen, seen.environment.get("DATABASE_HOST", "")):
        yield Finding(
            f"The pooler drops {' and '.join(lost)}: the database does not know of it.",
            f"general_settings in ConfigMap {seen.config_map}, with the pooler as DATABASE_HOST",
            "take them out of proxy_general_settings; statement_timeout, lock_timeout and "
            "idle_in_transaction_session_timeout of database_parameters hold for all connections",
        )


def budget(seen: Seen) -> Iterator[Finding]:
    cluster, pooler = cluster_of(seen), pooler_of(seen)
    if cluster is None or pooler is None or not seen.deployment or instances_of(pooler) == 0:
        return
    replicas = max(
        [get(seen.deployment, "spec", "replicas", default=1)]
        + [
            get(hpa, "spec", "maxReplicas", default=1)
            for hpa in seen.ours("HorizontalPodAutoscaler")
            if get(hpa, "spec", "scaleTargetRef", "name") == seen.names.proxy
        ]
    )
    workers = worker_count(seen)
    each = whole(seen, get(seen.config, "general_settings", "database_connection_pool_limit", default=10))
    parameters = get(pooler, "spec", "pgbouncer", "parameters", default={})
    instances = instances_of(pooler)
    clients = whole(seen, parameters.get("max_client_conn", CLIENTS)) * instances
    servers = whole(seen, parameters.get("default_pool_size", POOL_SIZE)) * instances + RESERVED
    limit = whole(seen, get(cluster, "spec", "postgresql", "parameters", "max_connections", default=CONNECTIONS))
    if replicas * workers * each > clients:
        yield Finding(
            "All replicas of the proxy together may ask for more connections than the pooler takes.",
            f"{replicas} replicas x {workers} workers x {each} connections, max_client_conn {clients} in all",
            "lower proxy_database_connections or proxy_max_replicas, or raise max_client_conn in "
            "database_pooler_parameters",
        )
    if servers > limit:
        yield Finding(
            "The poolers may open more connections than PostgreSQL takes.",
            f"{instances} poolers x default_pool_size and {RESERVED} in reserve make {servers}, max_connections is "
            f"{limit}",
            "raise max_connections in database_parameters, or lower default_pool_size in database_pooler_parameters",
        )


def worker_count(seen: Seen) -> int:
    arguments = [str(argument) for argument in seen.container.get("args") or []]
    if "--num_workers" in arguments[:-1]:
        return whole(seen, arguments[arguments.index("--num_workers") + 1])
    return whole(seen, seen.environment.get("NUM_WORKERS") or 1)


def whole(seen: Seen, told: Any) -> int:
    """A number of the configuration, or of an argument. Both may name a variable of the environment that holds it."""
    variable = re.fullmatch(r"os\.environ/(\w+)|\$\((\w+)\)", str(told))
    value = seen.environment.get(variable[1] or variable[2], "") if variable else str(told)
    if not re.fullmatch(r"\d+", value):
        raise UnreadError(f"{told} is {'not told by the Deployment' if variable else 'no whole number'}")
    return int(value)


def backups(seen: Seen) -> Iterator[Finding]:
    cluster = cluster_of(seen)
    if cluster is None:
        return
    found = ["spec.backup"] if get(cluster, "spec", "backup", "barmanObjectStore") else []
    found += [
        f"spec.externalClusters[{each.get('name')}]"
        for each in get(cluster, "spec", "externalClusters", default=[])
        if each.get("barmanObjectStore")
    ]
    if found:
        name = name_of(cluster)
        yield Finding(
            f"The Cluster {name} uses barmanObjectStore for its backups, which CloudNativePG no longer has from 1.31.",
            f"barmanObjectStore in {' and '.join(found)} of Cluster {name}",
            f"take it out ({seen.kubectl(f'edit cluster.postgresql.cnpg.io {name}')}) and set "
            f"database_backup_destination, with which the plugin backs up, then {SITE} --tags database",
        )


def drains(seen: Seen) -> Iterator[Finding]:
    cluster, pooler = cluster_of(seen), pooler_of(seen)
    alone = cluster is not None and instances_of(cluster) == 1
    if alone and get(cluster, "spec", "enablePDB", default=True):
        yield Finding(
            "The disruption budget of the only PostgreSQL server blocks every drain of its node.",
            f"Cluster {name_of(cluster)}: instances 1, enablePDB true",
            seen.patch(f"cluster.postgresql.cnpg.io {name_of(cluster)}", {"spec": {"enablePDB": False}}),
        )
    if pooler is not None and instances_of(pooler) > 1:
        name = name_of(pooler)
        selectors = [
            get(budget, "spec", "selector", "matchLabels", default={}) for budget in seen.ours("PodDisruptionBudget")
        ]
        if not any(selector.get("cnpg.io/poolerName") == name for selector in selectors):
            yield Finding(
                "The poolers have no disruption budget: a drain may take all of them at once.",
                f"no PodDisruptionBudget selects cnpg.io/poolerName: {name}",
                seen.kubectl(
                    f"create poddisruptionbudget {name} --selector cnpg.io/poolerName={name} --max-unavailable 1"
                ),
            )


CHECKS = (
    Check("PostgreSQL and its pooler are there", presence),
    Check("PostgreSQL is healthy", health),
    Check("The pooler serves", pooling),
    Check("The database's port is read", port),
    Check("The proxy reaches the database", reach),
    Check("The migration goes past the pooler", migration),
    Check("The logs say nothing of the database", logged),
    Check("LiteLLM has its database", readiness),
    Check("The proxy goes through the pooler", direct),
    Check("PostgreSQL has disk left", disk, risk=True),
    Check("Connections are enough", budget, risk=True),
    Check("The database knows its time limits", time_limits, risk=True),
    Check("Nothing stands beside the database's host", override, risk=True),
    Check("Backups go by the plugin", backups, risk=True),
    Check("Nodes can be drained of the database", drains, risk=True),
)
