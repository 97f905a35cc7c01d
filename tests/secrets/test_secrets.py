# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No secret of the running gateway stands anywhere but in its Secret.

A failure names the secret and the place, and shows no value. Needs KUBECONFIG and kubectl; `make molecule` runs it at
its end.
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

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
LOGGING = (NAMESPACE, os.environ.get("GATEWAY_MODELS_NAMESPACE", "models"), "envoy-gateway-system")
# A run with nothing to change takes a minute; every result of every task is printed here.
SITE_SECONDS = 600


@dataclass(frozen=True)
class Secret:
    """Where it is, and what is looked for: hidden, for pytest shows what a test that fails was given."""

    where: str
    value: bytes = field(repr=False)

    def __str__(self) -> str:
        return self.where

    def is_in(self, text: str) -> bool:
        return any(form in text for form in (self.value.decode(errors="replace"), *self.encoded()))

    def encoded(self) -> Iterator[str]:
        """What base64 makes of it alone, and behind one or two of the three bytes that it takes at once."""
        for before in range(3):
            encoded = base64.b64encode(bytes(before) + self.value).decode()
            # The first and the last character may also hold bits of what stands beside it.
            yield encoded[(before * 8 + 5) // 6 : (before + len(self.value)) * 8 // 6]


def secrets_of(*options: str) -> Iterator[Secret]:
    for each in json.loads(kubectl("get", "secrets", *options, "-o", "json"))["items"]:
        name = f"{each['metadata']['namespace']}/{each['metadata']['name']}"
        for entry, data in (each.get("data") or {}).items():
            # Of many lines the longest: logs and JSON break a private key there. It is the first that says something.
            value = max(base64.b64decode(data).split(b"\n"), key=len).strip()
            if entry not in OPEN and len(value) >= SHORTEST:
                yield Secret(f"{name} ({entry})", value)


@pytest.fixture(scope="module")
def secrets() -> list[Secret]:
    return list(dict.fromkeys([*secrets_of("-n", NAMESPACE), *secrets_of("-A", "-l", OURS)]))


def told(secrets: list[Secret], places: Iterable[tuple[str, str]]) -> list[str]:
    """Which secrets the texts of these places tell, in clear or encoded."""
    return [f"{place} tells {secret}" for place, text in places for secret in secrets if secret.is_in(text)]


@pytest.mark.parametrize(
    "wanted",
    [
        "litellm-proxy-master-key (master-key)",
        "litellm-proxy-salt-key (salt-key)",
        "litellm-db-app (password)",
        "litellm-db-server (tls.key)",
        "valkey (password)",
        "valkey (sentinel-password)",
        "demo (api-key)",
    ],
)
def test_every_part_has_a_secret_that_is_looked_for_and_would_be_found(wanted: str, secrets: list[Secret]) -> None:
    assert f"{NAMESPACE}/{wanted}" in [secret.where for secret in secrets]
    [secret] = [secret for secret in secrets if secret.where == f"{NAMESPACE}/{wanted}"]
    beside = [b"-" * length + secret.value + b"-" for length in range(3)]
    places = [("clear", beside[0].decode()), *(("encoded", base64.b64encode(text).decode()) for text in beside)]
    found = told(secrets, places)
    assert [each for each in found if each.endswith(f"tells {secret}")] == [
        f"{place} tells {secret}" for place, _text in places
    ]


@pytest.mark.parametrize("options", [("--diff",), ("--check", "--diff")], ids=" ".join)
def test_site_tells_none(options: tuple[str, ...], secrets: list[Secret]) -> None:
    run = play("site", options=("-vvvv", *options), seconds=SITE_SECONDS)
    tasks = [(task.partition("]")[0], task) for task in run.shown.split("\nTASK [")]
    found = told(secrets, tasks)
    assert not found, "\n".join(found)
    assert run.changed == 0


@pytest.mark.parametrize(
    "kinds",
    [
        "configmaps",
        "deployments,replicasets,statefulsets,controllerrevisions,daemonsets,jobs,cronjobs",
        "pods",
        "events",
        "inferenceservices,gateways,clusters.postgresql.cnpg.io,poolers",
    ],
)
def test_no_object_tells_one(kinds: str, secrets: list[Secret]) -> None:
    objects = json.loads(kubectl("get", kinds, "-A", "-o", "json"))["items"]
    found = told(
        secrets,
        (
            (f"{each['kind']} {each['metadata']['namespace']}/{each['metadata']['name']}", json.dumps(each))
            for each in objects
        ),
    )
    assert not found, "\n".join(found)


def logs_of(namespace: str) -> Iterator[tuple[str, str]]:
    """What each container of each pod has logged, also before its last restart."""
    for pod in json.loads(kubectl("get", "pods", "-n", namespace, "-o", "json"))["items"]:
        name = pod["metadata"]["name"]
        for kind in ("initContainerStatuses", "containerStatuses", "ephemeralContainerStatuses"):
            for container in pod["status"].get(kind, []):
                place = f"log of {namespace}/{name} ({container['name']})"
                logs = ("logs", name, "-n", namespace, "-c", container["name"])
                # Of one that waits or has ended there may be none.
                yield place, kubectl(*logs, check="running" in container["state"])
                if container["restartCount"] > 0:
                    yield f"{place} before its restart", kubectl(*logs, "--previous", check=False)


@pytest.mark.parametrize("namespace", LOGGING)
def test_no_log_tells_one(namespace: str, secrets: list[Secret]) -> None:
    logs = list(logs_of(namespace))
    assert [place for place, log in logs if log], f"nothing in {namespace} has logged anything"
    found = told(secrets, logs)
    assert not found, "\n".join(found)
