# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may talk to whom on the running gateway: every flow that is needed passes, and every other one is refused.

Each part is asked from inside: a container with curl joins its pod for a moment, and tries to connect to every part.
Needs KUBECONFIG, kubectl, and a network that enforces NetworkPolicies; `make molecule` runs it at its end.
"""

from __future__ import annotations

import json
import os
import time
import uuid
from collections.abc import Iterator

import pytest
from cluster import NAMESPACE, kubectl

MODELS = os.environ.get("GATEWAY_MODELS_NAMESPACE", "models")
ENVOY = "envoy-gateway-system"
CURL = "docker.io/curlimages/curl:8.14.1"

TARGETS = {
    "pooler": f"litellm-db-pooler.{NAMESPACE}.svc:5432",
    "database": f"litellm-db-rw.{NAMESPACE}.svc:5432",
    "valkey": f"valkey-0.valkey-headless.{NAMESPACE}.svc:6379",
    "sentinel": f"valkey-sentinel.{NAMESPACE}.svc:26379",
    "proxy": f"litellm-proxy.{NAMESPACE}.svc:4000",
    "model": f"tiny-predictor.{MODELS}.svc:80",
    "gateway": "the Service of Envoy, whose name only the cluster knows",
    "API server": "kubernetes.default.svc:443",
}

# A part, the namespace and the label of its pods, and whom they reach.
PARTS = {
    "proxy": (NAMESPACE, "app.kubernetes.io/component=proxy", {"pooler", "valkey", "sentinel", "model"}),
    "database": (NAMESPACE, "cnpg.io/podRole=instance", {"pooler", "database", "API server"}),
    "pooler": (NAMESPACE, "cnpg.io/podRole=pooler", {"database", "API server"}),
    "valkey": (NAMESPACE, "app.kubernetes.io/component=data", {"valkey", "sentinel"}),
    "sentinel": (NAMESPACE, "app.kubernetes.io/component=sentinel", {"valkey", "sentinel"}),
    "envoy": (ENVOY, "gateway.envoyproxy.io/owning-gateway-name=inference", {"proxy"}),
    "model": (MODELS, "serving.kserve.io/inferenceservice=tiny", set()),
}
# Envoy takes connections from everybody, so whether somebody may ask it is not looked at, except for whom it is there.
OPEN = "gateway"

# Pods that are no part of the gateway.
STRANGERS = {NAMESPACE: set(), MODELS: set(), "default": {"gateway", "API server"}}

# Prints the parts that it could connect to. What a server says to a client that says nothing does not matter.
TRY_ALL = """
reaches() {
    address=$(curl --silent --connect-timeout 3 --max-time 4 --output /dev/null --write-out '%{remote_ip}' \\
        "telnet://$1" </dev/null)
    [ -n "$address" ]
}
for pair in $TARGETS; do
    if reaches "${pair#*=}"; then echo "${pair%%=*}"; fi
done
echo done
"""


@pytest.fixture(scope="module")
def script() -> str:
    label = f"gateway.envoyproxy.io/owning-gateway-namespace={NAMESPACE}"
    service = kubectl("get", "service", "-n", ENVOY, "-l", label, "-o", "jsonpath={.items[0].metadata.name}")
    targets = TARGETS | {"gateway": f"{service}.{ENVOY}.svc:80"}
    pairs = " ".join(f"{name.replace(' ', '_')}={address}" for name, address in targets.items())
    return f"TARGETS='{pairs}'\n{TRY_ALL}"


def reached(namespace: str, pod: str, container: str) -> set[str]:
    """The parts that the container names in its log, once it has tried all."""
    logs = ("logs", pod, "-n", namespace, "-c", container)
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        lines = kubectl(*logs, check=False).split()
        if lines and lines[-1] == "done":
            return {line.replace("_", " ") for line in lines[:-1]}
        time.sleep(1)
    raise AssertionError(f"{container} in {namespace}/{pod} did not try all in 120 s: {kubectl(*logs)}")


@pytest.mark.parametrize("part", PARTS)
def test_a_part_reaches_what_it_needs_and_nothing_else(part: str, script: str) -> None:
    namespace, label, needed = PARTS[part]
    selector = ("-l", label, "--field-selector", "status.phase=Running")
    pod = kubectl("get", "pods", "-n", namespace, *selector, "-o", "jsonpath={.items[0].metadata.name}")
    container = f"flows-{uuid.uuid4().hex[:8]}"
    kubectl(
        *("debug", pod, "-n", namespace, "--quiet", "--profile=restricted", f"--image={CURL}"),
        *(f"--container={container}", "--", "sh", "-c", script),
    )
    assert reached(namespace, pod, container) - {OPEN} == needed


@pytest.fixture(params=STRANGERS)
def stranger(request: pytest.FixtureRequest, script: str) -> Iterator[tuple[str, str]]:
    name = f"stranger-{uuid.uuid4().hex[:8]}"
    container = {
        "name": "curl",
        "image": CURL,
        "command": ["sh", "-c", script],
        "securityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}},
    }
    pod = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "namespace": request.param},
        "spec": {
            "restartPolicy": "Never",
            "securityContext": {
                "runAsNonRoot": True,
                "runAsUser": 65534,
                "seccompProfile": {"type": "RuntimeDefault"},
            },
            "containers": [container],
        },
    }
    kubectl("create", "-f", "-", stdin=json.dumps(pod))
    yield request.param, name
    kubectl("delete", "pod", name, "-n", request.param, "--wait=false")


def test_a_stranger_reaches_the_gateway_only(stranger: tuple[str, str]) -> None:
    namespace, name = stranger
    found = reached(namespace, name, "curl")
    assert found - {OPEN} == STRANGERS[namespace] - {OPEN}
    assert STRANGERS[namespace] <= found
