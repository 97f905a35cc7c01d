# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_util is private to the inference.gateway collection. It may change at any time.
"""What no part can run without: the namespace, the kinds of objects, the operators, pods that can start."""

from __future__ import annotations

import re
import typing as t
from collections.abc import Iterator

from ansible_collections.inference.gateway.plugins.plugin_utils._diagnosis._seen import (
    Check,
    Finding,
    Seen,
    Thing,
    condition,
    get,
    moment,
    name_of,
    said,
)

SITE = "ansible-playbook inference.gateway.site"
# The oldest Gateway API that has all kinds which Envoy Gateway looks for.
OLDEST_GATEWAY_API = (1, 4)
# What was killed before, in seconds, and has run since, has enough by now.
RECENTLY_KILLED = 86400
BUNDLE = "gateway.networking.k8s.io/bundle-version"
# Images of Bitnami at Docker Hub: most are gone, and bitnamilegacy gets no fixes. Those of a mirror stay.
BITNAMI = re.compile(r"(?:(?:docker|index\.docker|registry-1\.docker)\.io/)?bitnami(?:legacy)?/")

# Whose kinds they are: what is made by which role.
KINDS = {
    "Gateway": "prerequisites",
    "HTTPRoute": "prerequisites",
    "EnvoyProxy": "gateway",
    "BackendTrafficPolicy": "gateway",
    "Cluster": "database",
    "Pooler": "database",
    "InferenceService": "model_serving",
}
OPERATORS = {
    "cert-manager": ("cert-manager", "prerequisites", "certificates are not issued"),
    "cnpg-system": ("CloudNativePG", "database", "nothing repairs PostgreSQL or moves its primary"),
    "envoy-gateway-system": ("Envoy Gateway", "gateway", "changes to the Gateway and its routes have no effect"),
    "kserve": ("KServe", "model_serving", "changes to models have no effect"),
}


def namespace(seen: Seen) -> Iterator[Finding]:
    name = seen.names.namespace
    if not seen.installed:
        yield Finding(
            f"There is no namespace {name}: the gateway is not installed, or has another.",
            f"kubectl get namespace {name}: not found",
            f"{SITE}, or set gateway_cluster_namespace",
        )


def kinds(seen: Seen) -> Iterator[Finding]:
    # An external database needs no operator, and a gateway to models elsewhere no KServe.
    optional = {"Cluster", "Pooler"} if external_database(seen) else set()
    if not any("-predictor." in base for base in api_bases(seen)):
        optional.add("InferenceService")
    missing: dict[str, list[str]] = {}
    for kind, role in KINDS.items():
        if kind not in optional and not seen.knows(kind):
            missing.setdefault(role, []).append(kind)
    for role, lacking in missing.items():
        yield Finding(
            f"The cluster does not know the kinds {', '.join(lacking)}: their CRDs are missing.",
            f"kubectl api-resources lists no {lacking[0]}",
            f"{SITE} --tags {role}",
        )


def external_database(seen: Seen) -> bool:
    """Whether the proxy's database is none of ours."""
    host = seen.environment.get("DATABASE_HOST")
    return host is not None and not seen.service(host).startswith(f"{seen.names.database}-")


def api_bases(seen: Seen) -> list[str]:
    """The addresses of the models in LiteLLM's configuration; none, where there is no configuration."""
    return re.findall(r"api_base:\s*(\S+)", seen.config_text or "")


def gateway_api(seen: Seen) -> Iterator[Finding]:
    versions = {
        name_of(crd): get(crd, "metadata", "annotations", BUNDLE, default="unknown")
        for crd in seen.all("CustomResourceDefinition")
    }
    evidence = ", ".join(f"{name}: {version}" for name, version in versions.items())
    if len(set(versions.values())) > 1:
        yield Finding(
            "The Gateway API's CRDs are of different versions: two owners install them.",
            evidence,
            f"leave them to one owner: {SITE} --tags prerequisites, and switch them off in what else brings them",
        )
    elif versions:
        [version, *_others] = versions.values()
        found = re.match(r"v(\d+)\.(\d+)", version)
        if found and (int(found[1]), int(found[2])) < OLDEST_GATEWAY_API:
            yield Finding(
                "The Gateway API's CRDs are older than Envoy Gateway needs.",
                evidence,
                f"{SITE} --tags prerequisites (prerequisites_gateway_api_version)",
            )


def operators(seen: Seen) -> Iterator[Finding]:
    for home, (operator, role, consequence) in OPERATORS.items():
        for deployment in seen.all("Deployment", home):
            if get(deployment, "spec", "replicas", default=1) == 0:
                evidence = f"Deployment {name_of(deployment)} is scaled to 0"
            elif get(deployment, "status", "availableReplicas", default=0) == 0:
                evidence = f"Deployment {name_of(deployment)}: {said(condition(deployment, 'Available'))}"
            else:
                continue
            if get(deployment, "metadata", "labels", "gateway.envoyproxy.io/owning-gateway-name"):
                continue  # Envoy itself, which is looked at with the Gateway
            yield Finding(
                f"{operator} does not run, so {consequence}.",
                evidence,
                f"{seen.kubectl(f'describe deployment {name_of(deployment)}', home)}, then {SITE} --tags {role}",
            )


def waiting(seen: Seen) -> Iterator[tuple[Thing, Thing]]:
    """Pods with the containers of theirs that wait for something, and what they say of it."""
    for pod in seen.pods():
        for kind in ("initContainerStatuses", "containerStatuses"):
            for status in get(pod, "status", kind, default=[]):
                if get(status, "state", "waiting", "reason"):
                    yield pod, status


def workload(pod: Thing) -> str:
    """What a pod belongs to, without what makes its name unique."""
    owner = get(pod, "metadata", "ownerReferences", 0, "name", default=name_of(pod))
    revision = get(pod, "metadata", "labels", "pod-template-hash")
    return owner.removesuffix(f"-{revision}") if revision else owner


def of_each_workload(
    found: t.Iterable[tuple[Thing, str]], cause: str, remedy: t.Callable[[Thing], str]
) -> Iterator[Finding]:
    """One finding for all pods of a workload, for they fail alike. `cause` is about {workload}."""
    told: dict[str, list[tuple[Thing, str]]] = {}
    for pod, evidence in found:
        told.setdefault(workload(pod), []).append((pod, evidence))
    for name, pods in told.items():
        pod, evidence = pods[0]
        more = f" (and {len(pods) - 1} more pods)" if len(pods) > 1 else ""
        yield Finding(cause.format(workload=name), f"{name_of(pod)}{more}: {evidence}", remedy(pod))


def described(seen: Seen, pod: Thing) -> str:
    return seen.kubectl(f"describe pod {name_of(pod)}", pod["metadata"]["namespace"])


def images(seen: Seen) -> Iterator[Finding]:
    reasons = ("ImagePullBackOff", "ErrImagePull", "InvalidImageName", "ErrImageNeverPull")
    return of_each_workload(
        (
            (pod, f"{status['image']}: {said(status['state']['waiting'])}")
            for pod, status in waiting(seen)
            if status["state"]["waiting"]["reason"] in reasons
        ),
        "An image of {workload} cannot be pulled.",
        lambda pod: (
            f"check name and tag of the image, the way to its registry and its pull secret; {described(seen, pod)}"
        ),
    )


def withdrawn(seen: Seen) -> Iterator[Finding]:
    return of_each_workload(
        (
            (pod, ", ".join(found))
            for pod in seen.pods(seen.names.namespace)
            if (found := [image for image in images_of(pod) if BITNAMI.match(image)])
        ),
        "An image of {workload} is one of Bitnami's, which were withdrawn: a node that does not have it may get none.",
        lambda pod: (
            "use an image of the software's own project, such as valkey_image: docker.io/valkey/valkey, or a mirror of "
            f"yours; {described(seen, pod)}"
        ),
    )


def images_of(pod: Thing) -> list[str]:
    containers = [
        *get(pod, "spec", "initContainers", default=[]),
        *get(pod, "spec", "containers", default=[]),
    ]
    return [container["image"] for container in containers if container.get("image")]


def scheduling(seen: Seen) -> Iterator[Finding]:
    return of_each_workload(
        (
            (pod, str(scheduled.get("message") or scheduled.get("reason")))
            for pod in seen.pods()
            if get(pod, "status", "phase") == "Pending"
            if (scheduled := condition(pod, "PodScheduled")).get("status") == "False"
        ),
        "No node takes the pods of {workload}.",
        lambda pod: f"lower what it asks for, or add a node that has it; {described(seen, pod)}",
    )


def volumes(seen: Seen) -> Iterator[Finding]:
    for claim in seen.ours("PersistentVolumeClaim"):
        phase = get(claim, "status", "phase")
        if phase == "Bound" or get(claim, "metadata", "deletionTimestamp"):
            continue
        storage_class = get(claim, "spec", "storageClassName", default="the default one, and there is none")
        yield Finding(
            f"The volume {name_of(claim)} is {str(phase).lower()}: no storage was given to it.",
            f"StorageClass: {storage_class}",
            f"{seen.kubectl(f'describe pvc {name_of(claim)}')}; set gateway_cluster_storage_class to one of "
            "`kubectl get storageclass`",
        )


def configuration(seen: Seen) -> Iterator[Finding]:
    reasons = ("CreateContainerConfigError", "CreateContainerError", "RunContainerError")
    return of_each_workload(
        (
            (pod, said(status["state"]["waiting"]))
            for pod, status in waiting(seen)
            if status["state"]["waiting"]["reason"] in reasons
        ),
        "A container of {workload} cannot be made: something that it refers to is missing.",
        lambda pod: f"{SITE} makes what its roles refer to; what proxy_env names, you make; {described(seen, pod)}",
    )


def creation(seen: Seen) -> Iterator[Finding]:
    for deployment in seen.all("Deployment"):
        failure = condition(deployment, "ReplicaFailure")
        if failure.get("status") == "True":
            home = deployment["metadata"]["namespace"]
            yield Finding(
                f"No pod of {name_of(deployment)} can be made: a quota or a policy of the cluster refuses it.",
                said(failure),
                f"{seen.kubectl('get resourcequota', home)}; raise the quota, or name an exception in the policy",
            )


def memory(seen: Seen) -> Iterator[Finding]:
    def killed() -> Iterator[tuple[Thing, str]]:
        for pod in seen.pods():
            for status in get(pod, "status", "containerStatuses", default=[]):
                ended = get(status, "state", "terminated") or get(status, "lastState", "terminated", default={})
                if ended.get("reason") == "OOMKilled" and seen.now - moment(ended.get("finishedAt")) < RECENTLY_KILLED:
                    yield pod, f"container {status['name']} was OOMKilled at {ended.get('finishedAt')}"

    return of_each_workload(
        killed(),
        "A container of {workload} was killed: it needs more memory than its limit.",
        lambda pod: "raise limits.memory in the resources variable of its role, such as proxy_resources",
    )


CHECKS = (
    Check("The namespace is there", namespace),
    Check("The kinds of objects are known", kinds),
    Check("The Gateway API has one owner", gateway_api),
    Check("The operators run", operators),
    Check("Pods may be made", creation),
    Check("Images can be pulled", images),
    Check("Nodes take the pods", scheduling),
    Check("Volumes are given", volumes),
    Check("Containers can be made", configuration),
    Check("Memory is enough", memory),
    Check("Images stay where they are", withdrawn, risk=True),
)
