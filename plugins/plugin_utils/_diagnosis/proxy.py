# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_util is private to the inference.gateway collection. It may change at any time.
"""LiteLLM: its migration, its keys, its pods."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

from ansible_collections.inference.gateway.plugins.module_utils._versions import FEATURES, Version, stealing, too_old
from ansible_collections.inference.gateway.plugins.plugin_utils._diagnosis._seen import (
    Check,
    Finding,
    Seen,
    Thing,
    condition,
    container_of,
    get,
    moment,
    name_of,
    said,
)
from ansible_collections.inference.gateway.plugins.plugin_utils._diagnosis.cluster import SITE, of_each_workload

SALT_HASH = "inference.gateway/salt-key-sha256"
SHORTEST_KEY = 20
# A migration of a large database takes minutes. Seconds after which it is worth a look.
LONG_MIGRATION = 1800
# A probe that now and then takes too long is nothing. Number of times, and seconds that they count.
FAILED_PROBES, RECENTLY = 3, 600
# metrics-server measures a new pod a minute later, and an autoscaler may leave a pod's CPU out for as long as this, in
# seconds (--horizontal-pod-autoscaler-cpu-initialization-period): until then it knows nothing, and nothing is wrong.
FIRST_MEASURED = 300
# Variables that a Service sets by its name alone (smtp sets SMTP_PORT), and that LiteLLM reads as its own settings.
LINKED = frozenset({"DATABASE_PORT", "PROMETHEUS_METRICS_PORT", "REDIS_PORT", "SMTP_PORT", "VALKEY_PORT"})

# What the log of a LiteLLM that does not start says, and what it means: a pattern, the cause, the remedy.
LOGGED = (
    (
        r"(?i)master[ _]key.*(weak|unset|not set|well.known|must|required)|LITELLM_DANGEROUSLY_PERMIT_WEAK",
        "LiteLLM refuses its master key.",
        f"remove a weak proxy_master_key, or give one of sk- and 17 more characters; {SITE} --tags proxy",
    ),
    (
        r"(?i)salt.key|Unable to decrypt|Decryption failed|nacl.*CryptoError",
        "LiteLLM cannot read what it has encrypted: its salt key is missing or another one.",
        "restore the Secret <proxy>-salt-key of the time when the proxy was set up",
    ),
    (
        r"multiple values for (keyword )?argument '(host|port)'",
        "REDIS_HOST or REDIS_PORT stands beside Sentinel, with which LiteLLM does not start.",
        f"take them out of proxy_env, then {SITE} --tags proxy",
    ),
    (
        r"No module named 'prometheus_client'|PROMETHEUS_MULTIPROC_DIR is not set or not a directory",
        "LiteLLM cannot count metrics: what its prometheus callback needs is missing.",
        "use an image with prometheus_client, and let PROMETHEUS_MULTIPROC_DIR name a directory that is there",
    ),
    (
        r"MasterNotFoundError|No master found for|Sentinel.*(refused|not known|Timeout)",
        "LiteLLM finds no primary of Valkey by its Sentinels.",
        f"{SITE} --tags valkey",
    ),
    (
        r"DATABASE_URL|datasource.*url|invalid port number in database URL|P1012|P1013",
        "LiteLLM cannot make its database URL of what it is given.",
        "check proxy_database_host and the keys username, password and dbname of the Secret of proxy_database_secret",
    ),
    (
        r"yaml\.(scanner|parser)\.|Error loading config|Config file not found",
        "LiteLLM cannot read its configuration.",
        "check proxy_litellm_settings, proxy_general_settings, proxy_router_settings and proxy_models",
    ),
    (
        r"error while loading shared libraries|exec format error|Permission denied|Read-only file system",
        "The image does not run here as it is: another architecture, user or file system than it expects.",
        "check proxy_image, proxy_run_as_user and proxy_read_only_root_filesystem",
    ),
)
WORTH_TELLING = re.compile(r"(?i)error|fail|exception|denied|refused|cannot")


def migration(seen: Seen) -> Iterator[Finding]:
    job = seen.migration
    if job is None:
        if seen.deployment:
            yield Finding(
                "The database was not migrated by a Job, or somebody has removed it.",
                f"there is no Job {seen.names.proxy}-migration",
                f"{SITE} --tags proxy",
            )
        return
    name, failed = name_of(job), condition(job, "Failed")
    if failed.get("status") == "True":
        pods = seen.pods(seen.names.namespace, {"batch.kubernetes.io/job-name": name})
        told = [line for pod in pods for line in worth_telling(seen.log(pod))]
        yield Finding(
            "The migration of the database failed, so the proxy cannot be brought to its version.",
            " | ".join(told[-3:]) or said(failed),
            f"{seen.kubectl(f'logs job/{name}')}; put right what it says, then {SITE} --tags proxy tries again",
        )
    elif condition(job, "Complete").get("status") != "True":
        started = get(job, "status", "startTime")
        if started and seen.now - moment(started) > LONG_MIGRATION:
            yield Finding(
                "The migration of the database does not end.",
                f"Job {name} runs since {started}",
                f"{seen.kubectl(f'logs job/{name} --follow')}; another session may hold the lock that it waits for",
            )


def worth_telling(lines: list[str]) -> list[str]:
    return [line for line in lines if WORTH_TELLING.search(line)] or lines


def secrets(seen: Seen) -> Iterator[Finding]:
    for what, variable, start in (("master-key", "proxy_master_key", "sk-"), ("salt-key", "proxy_salt_key", "")):
        secret = f"{seen.names.proxy}-{what}"
        value = seen.secret(secret, what)
        if value is None:
            if seen.deployment:
                yield Finding(
                    f"There is no {what.replace('-', ' ')}: LiteLLM cannot start without it.",
                    f"Secret {secret} has no key {what}, or is not there",
                    f"{SITE} --tags proxy makes a new master key"
                    if what == "master-key"
                    else "restore the Secret from a backup: what LiteLLM has encrypted can be read with no other key",
                )
        elif not value.startswith(start) or len(value) < SHORTEST_KEY or re.search(r"\s", value):
            yield Finding(
                f"The {what.replace('-', ' ')} is weak: anybody could guess it, and LiteLLM may refuse it.",
                f"{what} of Secret {secret}: {len(value)} characters"
                + ("" if value.startswith(start) else f", not beginning with {start}")
                + (", with a space or a line's end" if re.search(r"\s", value) else ""),
                f"set {variable} to {start} and {SHORTEST_KEY} random characters"
                if what == "master-key"
                else "keep it where models or credentials are stored already; else give a random one",
            )


def salt(seen: Seen) -> Iterator[Finding]:
    config = seen.our("ConfigMap", seen.config_map)
    recorded = get(config or {}, "metadata", "annotations", SALT_HASH)
    value = seen.secret(f"{seen.names.proxy}-salt-key", "salt-key")
    if recorded and value is not None and hashlib.sha256(value.encode()).hexdigest() != recorded:
        yield Finding(
            "The salt key was changed: LiteLLM cannot read the models and credentials that it stored before.",
            f"Secret {seen.names.proxy}-salt-key does not match {SALT_HASH} of ConfigMap {seen.config_map}",
            "restore that Secret as it was when the proxy was set up; a salt key can never be changed",
        )


def version(seen: Seen) -> Iterator[Finding]:
    for what, thing in (("the proxy", seen.deployment), ("its migration", seen.migration or {})):
        image = get(container_of(thing), "image", default="")
        tag = image.split("@")[0].rpartition(":")[2]
        found = Version.parse(tag)
        problem = stealing(found) or too_old(found, {each.what: each.since for each in FEATURES.values()})
        if problem:
            yield Finding(problem, f"image of {what}: {image}", f"set proxy_version, then {SITE} --tags proxy")
            return


def presence(seen: Seen) -> Iterator[Finding]:
    name = seen.names.proxy
    if not seen.deployment:
        yield Finding(
            f"There is no Deployment {name}: the proxy is not installed.",
            f"kubectl -n {seen.names.namespace} get deployment {name}: not found",
            f"{SITE} --tags proxy",
        )
    elif get(seen.deployment, "spec", "replicas", default=1) == 0:
        yield Finding(
            "The proxy is scaled to 0.",
            f"spec.replicas of Deployment {name} is 0",
            seen.kubectl(f"scale deployment {name} --replicas 2"),
        )


def crashes(seen: Seen) -> Iterator[Finding]:
    """Containers that end again and again, with what their log says of it."""
    for pod, _status in crashing(seen):
        lines = seen.log(pod)
        for pattern, cause, remedy in LOGGED if pod in seen.replicas() else ():
            told = next((line for line in lines if re.search(pattern, line)), None)
            if told:
                yield Finding(cause, f"{name_of(pod)}: {told}", remedy)
                return
    yield from of_each_workload(
        (
            (
                pod,
                f"{status.get('restartCount', 0)} restarts, {ending(status)}"
                + "".join(f" | {line}" for line in worth_telling(seen.log(pod))[-2:]),
            )
            for pod, status in crashing(seen)
        ),
        "A container of {workload} ends again and again.",
        lambda pod: seen.kubectl(f"logs {name_of(pod)} --previous", pod["metadata"]["namespace"]),
    )


def crashing(seen: Seen) -> Iterator[tuple[Thing, Thing]]:
    for pod in seen.pods():
        for kind in ("initContainerStatuses", "containerStatuses"):
            for status in get(pod, "status", kind, default=[]):
                waits = get(status, "state", "waiting", "reason") == "CrashLoopBackOff"
                ended = get(status, "state", "terminated", "exitCode", default=0) != 0
                if waits or (ended and get(pod, "spec", "restartPolicy") == "Always"):
                    yield pod, status


def ending(status: Thing) -> str:
    ended = get(status, "lastState", "terminated") or get(status, "state", "terminated", default={})
    return f"exit code {ended.get('exitCode', 'unknown')} ({ended.get('reason', 'no reason')})"


def probes(seen: Seen) -> Iterator[Finding]:
    """Probes that got no answer in time: the process was too busy for them."""
    slow = re.compile(r"^(Liveness|Readiness) probe failed:.*(deadline exceeded|Client.Timeout|timed? ?out)")
    busy = [
        event
        for event in seen.ours("Event")
        if slow.search(str(event.get("message")))
        and str(get(event, "involvedObject", "name")).startswith(f"{seen.names.proxy}-")
        and get(event, "count", default=1) >= FAILED_PROBES
        and seen.now - moment(event.get("lastTimestamp")) < RECENTLY
        and any(name_of(pod) == event["involvedObject"]["name"] for pod in seen.replicas())
    ]
    if busy:
        yield Finding(
            "Health probes of the proxy fail under load: its process answers too late.",
            f"{busy[0]['involvedObject']['name']}: {busy[0].get('count', 1)} x {busy[0]['message']}",
            "give it more CPU (proxy_resources) or more replicas (proxy_replicas, proxy_max_replicas)",
        )


def links(seen: Seen) -> Iterator[Finding]:
    """Whether Services set variables in the proxy's pods. Those of the pod itself win over theirs."""
    pod = get(seen.deployment, "spec", "template", "spec", default={})
    if not seen.deployment or pod.get("enableServiceLinks") is False:
        return
    set_by = {
        f"{name_of(each).upper().replace('-', '_')}_PORT": name_of(each)
        for each in seen.ours("Service")
        if get(each, "spec", "clusterIP") != "None"
    }
    taken = [variable for variable in sorted(set_by) if variable in LINKED and variable not in seen.environment]
    evidence = f"enableServiceLinks of Deployment {seen.names.proxy} is not false"
    if taken:
        yield Finding(
            f"The Service {set_by[taken[0]]} sets {taken[0]} in the proxy's pods, which LiteLLM takes for its own.",
            f"{evidence}; Services set {', '.join(taken)}",
            f"{SITE} --tags proxy, which switches that off; or give the Service another name",
        )
    else:
        yield Finding(
            "Services set variables in the proxy's pods: one with a name such as redis or smtp sets LiteLLM's own.",
            evidence,
            f"{SITE} --tags proxy, which switches that off",
        )


def rollout(seen: Seen) -> Iterator[Finding]:
    """That replicas are not ready, which most of what stands above brings about."""
    if not seen.deployment or get(seen.deployment, "spec", "replicas", default=1) == 0:
        return
    name, wanted = seen.names.proxy, get(seen.deployment, "spec", "replicas", default=1)
    ready = get(seen.deployment, "status", "readyReplicas", default=0)
    stuck = condition(seen.deployment, "Progressing")
    if ready < wanted or stuck.get("status") == "False":
        unready = [pod for pod in seen.replicas() if condition(pod, "Ready").get("status") != "True"]
        yield Finding(
            f"{'No replica' if ready == 0 else 'Not every replica'} of the proxy is ready.",
            f"{ready} of {wanted} ready"
            + (f"; {said(stuck)}" if stuck.get("status") == "False" else "")
            + (f"; {name_of(unready[0])}: {said(condition(unready[0], 'Ready')) or 'starting'}" if unready else ""),
            f"{seen.kubectl(f'rollout status deployment/{name}')}; {seen.kubectl(f'logs deployment/{name} --tail 50')}",
        )


def service(seen: Seen) -> Iterator[Finding]:
    name = seen.names.proxy
    if not seen.deployment:
        return
    if seen.our("Service", name) is None:
        yield Finding(
            f"There is no Service {name}, which the route leads to.",
            f"kubectl -n {seen.names.namespace} get service {name}: not found",
            f"{SITE} --tags proxy",
        )
    elif get(seen.deployment, "status", "readyReplicas", default=0) and seen.endpoints(name, seen.names.namespace) == 0:
        yield Finding(
            f"The Service {name} leads to no pod, although replicas are ready: its selector fits none.",
            f"selector: {get(seen.our('Service', name), 'spec', 'selector', default={})}",
            f"{SITE} --tags proxy",
        )


def scaling(seen: Seen) -> Iterator[Finding]:
    for hpa in seen.ours("HorizontalPodAutoscaler"):
        active = condition(hpa, "ScalingActive")
        if get(hpa, "spec", "scaleTargetRef", "name") != seen.names.proxy or active.get("status") != "False":
            continue
        if seen.now - moment(active.get("lastTransitionTime")) > FIRST_MEASURED:
            yield Finding(
                "The autoscaler does not know how busy the proxy is, so it scales nothing.",
                said(active),
                "kubectl top pods: if it fails, set prerequisites_metrics_server, or repair metrics-server",
            )


def drains(seen: Seen) -> Iterator[Finding]:
    for budget in seen.ours("PodDisruptionBudget"):
        # That of a PostgreSQL primary gives way: CloudNativePG moves the primary to another node that is not drained.
        if get(budget, "spec", "selector", "matchLabels", "cnpg.io/instanceRole") == "primary":
            continue
        status = budget.get("status") or {}
        healthy, wanted = status.get("currentHealthy", 0), status.get("desiredHealthy", 0)
        expected = status.get("expectedPods", 0)
        # One that is short of healthy pods blocks until they are back, which is what it is for.
        if expected and expected <= wanted and healthy >= expected:
            yield Finding(
                f"The disruption budget {name_of(budget)} blocks every drain: no pod of it may ever go.",
                f"{expected} pods, of which {wanted} must stay",
                "more replicas, or a smaller budget (proxy_min_available for the proxy)",
            )


CHECKS = (
    Check("The proxy is installed", presence),
    Check("LiteLLM may run", version),
    Check("The keys are there and strong", secrets),
    Check("The salt key is the one of old", salt),
    Check("The database is migrated", migration),
    Check("Containers go on running", crashes),
    Check("Probes are answered in time", probes),
    Check("All replicas are ready", rollout),
    Check("The Service leads to the replicas", service),
    Check("The autoscaler sees the load", scaling),
    Check("Nodes can be drained", drains, risk=True),
    Check("No Service sets LiteLLM's variables", links, risk=True),
)
