# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No secret of the running gateway stands anywhere but in its Secret.

Needs KUBECONFIG and kubectl; `make molecule` runs it at its end.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable

import pytest
from cluster import NAMESPACE, kubectl
from playbook import play

OURS = "app.kubernetes.io/managed-by=inference.gateway"
# Entries of Secrets that hold no secret, or hold one of the other entries among other words.
OPEN = {
    "ca.crt",
    "tls.crt",
    "dbname",
    "host",
    "port",
    "user",
    "username",
    "uri",
    "fqdn-uri",
    "jdbc-uri",
    "fqdn-jdbc-uri",
    "pgpass",
}
# What is shorter would be found by chance.
SHORTEST = 12
LOGGING = (NAMESPACE, "models", "envoy-gateway-system")
# A run with nothing to change takes a minute; every result of every task is printed here.
SITE_SECONDS = 600


def secrets_of(*options: str) -> Iterable[tuple[str, str]]:
    for secret in json.loads(kubectl("get", "secrets", *options, "-o", "json"))["items"]:
        metadata = secret["metadata"]
        for entry, value in (secret.get("data") or {}).items():
            if entry not in OPEN:
                yield f"{metadata['namespace']}/{metadata['name']} ({entry})", base64.b64decode(value).decode().strip()


@pytest.fixture(scope="module")
def secrets() -> dict[str, str]:
    """The value of each, by where it is. Of a private key, one line: logs break it there."""
    found = dict(secrets_of("-n", NAMESPACE)) | dict(secrets_of("-A", "-l", OURS))
    return {
        where: value.splitlines()[1] if value.startswith("-----BEGIN") else value
        for where, value in found.items()
        if len(value) >= SHORTEST
    }


def told(secrets: dict[str, str], text: str) -> list[str]:
    """Where the secrets are that a text tells, in clear or encoded."""
    return [
        where
        for where, value in secrets.items()
        if value in text or base64.b64encode(value.encode()).decode().rstrip("=") in text
    ]


def test_every_part_has_a_secret_that_is_looked_for(secrets: dict[str, str]) -> None:
    for wanted in ("litellm-proxy-master-key", "litellm-proxy-salt-key", "litellm-db-app", "valkey", "demo"):
        assert [where for where in secrets if where.startswith(f"{NAMESPACE}/{wanted} ")], wanted
    assert told(secrets, "".join(secrets.values())) == list(secrets)


@pytest.mark.parametrize("options", [("--diff",), ("--check", "--diff")])
def test_site_tells_none(options: tuple[str, ...], secrets: dict[str, str]) -> None:
    run = play("site", options=("-vvvv", *options), seconds=SITE_SECONDS)
    assert told(secrets, run.shown) == []
    assert run.changed == 0


@pytest.mark.parametrize(
    "kinds", ["configmaps", "deployments,statefulsets,daemonsets,jobs", "pods", "events", "inferenceservices,gateways"]
)
def test_no_object_tells_one(kinds: str, secrets: dict[str, str]) -> None:
    assert told(secrets, kubectl("get", kinds, "-A", "-o", "json")) == []


@pytest.mark.parametrize("namespace", LOGGING)
def test_no_log_tells_one(namespace: str, secrets: dict[str, str]) -> None:
    pods = kubectl("get", "pods", "-n", namespace, "-o", "name").split()
    assert pods
    logs = {pod: kubectl("logs", pod, "-n", namespace, "--all-containers", check=False) for pod in pods}
    assert {pod: told(secrets, log) for pod, log in logs.items() if told(secrets, log)} == {}
