# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_util is private to the inference.gateway collection. It may change at any time.

"""What a diagnosis looks at, and what it says."""

from __future__ import annotations

import base64
import binascii
import json
import re
import typing as t
from datetime import UTC, datetime
from functools import cached_property

import yaml

Thing = t.Mapping[str, t.Any]

# Colours of a log, the user and password of a URL, keys of LiteLLM, and what follows a word for a secret.
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_HIDDEN = (
    (re.compile(r"(://)[^@/\s]+@"), r"\1"),
    (re.compile(r"\bsk-[\w-]{8,}"), "sk-..."),
    (re.compile(r"(?i)(password|passwd|secret|token)([=:]\s*)\S+"), r"\1\2..."),
)
# What stands in a Secret beside what is secret.
_PUBLIC = frozenset({"host", "port", "dbname", "user", "username", "namespace", "ca.crt", "tls.crt"})
# A shorter value would be found by chance, and hide words that are no secret.
_LONG_ENOUGH = 8


class Finding(t.NamedTuple):
    """Something that is wrong: why, by what it is seen, and what to do about it."""

    cause: str
    evidence: str
    remedy: str


class Check(t.NamedTuple):
    """One question to the cluster. A risk is what works today, and will not when something else happens."""

    name: str
    judge: t.Callable[[Seen], t.Iterable[Finding]]
    risk: bool = False


class UnreadError(Exception):
    """Why something that a check looks at could not be read."""


class Names(t.NamedTuple):
    """What the inventory calls the parts of the gateway."""

    namespace: str
    models_namespace: str
    domain: str
    database: str
    valkey: str
    gateway: str
    proxy: str


class Seen:
    """All that was read of a cluster, of which any part may be missing."""

    def __init__(self, told: Thing) -> None:
        self.names = Names(**told["names"])
        self.now: float = told["now"]
        self._reads: t.Sequence[Thing] = told["reads"]
        self._logs: t.Sequence[Thing] = told.get("logs") or []
        self._asked: t.Sequence[Thing] = told.get("asked") or []
        self.sentinels: Thing = told.get("sentinels") or {}
        self.disk: Thing = told.get("disk") or {}
        self.edge: Thing = told.get("edge") or {}
        self.key: Thing = told.get("key") or {}

    # Objects

    def all(self, kind: str, namespace: str | None = None) -> list[Thing]:
        """The objects of a kind, everywhere or in a namespace. None, where the cluster does not know the kind."""
        reads = self._of(kind, namespace)
        for read in reads:
            if read.get("resources") is None:
                raise UnreadError(f"{_place(kind, read['item'].get('namespace'))} could not be read: {_reason(read)}")
        if kind != "Namespace" and namespace == self.names.namespace and not self.installed:
            raise UnreadError(f"there is no namespace {namespace}")
        return [thing for read in reads for thing in read["resources"]]

    def one(self, kind: str, name: str, namespace: str | None = None) -> Thing | None:
        return next((thing for thing in self.all(kind, namespace) if name_of(thing) == name), None)

    def ours(self, kind: str) -> list[Thing]:
        """The objects of a kind in the namespace of the gateway."""
        return self.all(kind, self.names.namespace)

    def our(self, kind: str, name: str) -> Thing | None:
        return self.one(kind, name, self.names.namespace)

    def knows(self, kind: str) -> bool:
        return all(read.get("api_found", True) for read in self._of(kind))

    def _of(self, kind: str, namespace: str | None = None) -> list[Thing]:
        """The reads that answer a question. Where there is none, nobody knows whether such objects are there."""
        reads = [
            read
            for read in self._reads
            if read["item"]["kind"] == kind and namespace in (None, read["item"].get("namespace"))
        ]
        if not reads:
            raise UnreadError(f"{_place(kind, namespace)} was not read")
        return reads

    @cached_property
    def installed(self) -> bool:
        return self.one("Namespace", self.names.namespace) is not None

    # What is made of them

    def pods(self, namespace: str | None = None, labels: Thing | None = None) -> list[Thing]:
        """Pods that are there to stay, all of them or those with these labels."""
        return [pod for pod in self.all("Pod", namespace) if not gone(pod) and has_labels(pod, labels or {})]

    def replicas(self) -> list[Thing]:
        """The pods of the proxy."""
        return self.pods(self.names.namespace, {"app.kubernetes.io/name": self.names.proxy})

    def endpoints(self, service: str, namespace: str) -> int:
        """How many pods a Service leads to."""
        slices = [
            each
            for each in self.all("EndpointSlice", namespace)
            if get(each, "metadata", "labels", "kubernetes.io/service-name") == service
        ]
        return sum(
            len(endpoint.get("addresses") or [])
            for each in slices
            for endpoint in each.get("endpoints") or []
            if get(endpoint, "conditions", "ready", default=True)
        )

    def place(self, host: str) -> tuple[str, str] | None:
        """The Service that a name inside the cluster means, and its namespace; None for a name outside of it."""
        labels = host.split(".")
        if labels[3:4] == ["svc"]:
            labels = labels[1:]  # one pod of the Service
        ours = (self.names.namespace, self.names.models_namespace)
        # Names outside have two labels, too: that of a Service goes on with svc, or ends with a namespace of ours.
        if labels[2:3] != ["svc"] and not (len(labels) == 2 and labels[1] in ours):
            return None
        return labels[0], labels[1]

    def service(self, address: str) -> str:
        """The Service beside the proxy that the host of an address means; empty for any other host."""
        host = re.match(r"(?:\S*(?:@|//))?([\w.-]*)", address)[1]
        service, namespace = self.place(host) or (host, self.names.namespace if "." not in host else "")
        return service if namespace == self.names.namespace else ""

    def secret(self, name: str, key: str) -> str | None:
        """A value of a Secret; None where there is no such Secret or key."""
        value = get(self.our("Secret", name) or {}, "data", key)
        return None if value is None else decoded(value)

    @property
    def deployment(self) -> Thing:
        """The proxy's Deployment; empty where there is none, which another check tells."""
        return self.our("Deployment", self.names.proxy) or {}

    @property
    def migration(self) -> Thing | None:
        """The Job that migrates the database."""
        return self.our("Job", f"{self.names.proxy}-migration")

    @property
    def container(self) -> Thing:
        """The container that serves in the proxy's pods."""
        return container_of(self.deployment)

    @property
    def environment(self) -> dict[str, str]:
        """What the proxy's container is given as text. A value that comes from a Secret is empty here."""
        return environment_of(self.container)

    @property
    def config_map(self) -> str:
        """The name of the ConfigMap that the proxy's pods read; each configuration has its own."""
        volumes = get(self.deployment, "spec", "template", "spec", "volumes", default=[])
        return next((name for each in volumes if (name := get(each, "configMap", "name"))), self.names.proxy)

    @property
    def config_text(self) -> str | None:
        return get(self.our("ConfigMap", self.config_map) or {}, "data", "config.yaml")

    @cached_property
    def config(self) -> Thing:
        """LiteLLM's configuration, as the proxy's ConfigMap has it."""
        if self.config_text is None:
            raise UnreadError(f"ConfigMap {self.config_map} has no config.yaml")
        try:
            return yaml.safe_load(self.config_text) or {}
        except yaml.YAMLError as error:
            raise UnreadError(f"config.yaml in ConfigMap {self.config_map} is no YAML: {error}") from None

    # What the parts say

    def log(self, pod: Thing) -> list[str]:
        """The end of a pod's log, as far as it was read: of the container that ended, where one has."""
        return [
            cleaned
            for read in self._logs
            if read["item"]["pod"] == name_of(pod) and read["item"]["namespace"] == pod["metadata"]["namespace"]
            for line in read.get("log_lines") or []
            if (cleaned := self.clean(line).strip())
        ]

    def answers(self) -> dict[str, Thing]:
        """What each replica of the proxy says when it is asked from inside, by the pod's name."""
        told = {read["item"]: answer for read in self._asked if (answer := _json(read)) is not None}
        if not told:
            reasons = [_reason(read) for read in self._asked] or ["no replica of the proxy runs"]
            raise UnreadError(f"no replica of the proxy could be asked: {reasons[0]}")
        return told

    def answer(self) -> Thing:
        """What one of them says, of what all of them see alike."""
        return next(iter(self.answers().values()))

    def clean(self, text: t.Any) -> str:
        """A text without a secret in it."""
        clean = _COLOUR.sub("", str(text))
        for secret in self._secrets:
            clean = clean.replace(secret, "...")
        for pattern, shown in _HIDDEN:
            clean = pattern.sub(shown, clean)
        return clean

    @cached_property
    def _secrets(self) -> list[str]:
        """The values of the Secrets that were read, the longest first, for one may be a part of another.

        Who reads a value may leave out its last line break, and a log has its lines one by one.
        """
        values = {
            text.strip()
            for read in self._reads
            if read["item"]["kind"] == "Secret"
            for thing in read.get("resources") or []
            for key, value in (thing.get("data") or {}).items()
            if key not in _PUBLIC
            for whole in [decoded(value)]
            for text in (whole, *whole.splitlines())
        }
        return sorted((value for value in values if len(value) >= _LONG_ENOUGH), key=len, reverse=True)

    def kubectl(self, command: str, namespace: str | None = None) -> str:
        return f"kubectl -n {namespace or self.names.namespace} {command}"

    def patch(self, what: str, change: Thing) -> str:
        return self.kubectl(f"patch {what} --type merge -p '{json.dumps(change)}'")


def get(thing: t.Any, *path: str | int, default: t.Any = None) -> t.Any:
    """What stands at a path inside an object; the default, where any part of it is not there."""
    for step in path:
        try:
            thing = thing[step]
        except (KeyError, IndexError, TypeError):
            return default
    return default if thing is None else thing


def moment(text: str | None) -> float:
    """Seconds since 1970 of a time as Kubernetes and LiteLLM write it, in UTC where nothing else is said; 0 of none."""
    if not text:
        return 0.0
    told = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return (told if told.tzinfo else told.replace(tzinfo=UTC)).timestamp()


def name_of(thing: Thing) -> str:
    return thing["metadata"]["name"]


def gone(pod: Thing) -> bool:
    """Whether a pod is done, or goes, or was ended by its node, so that another has taken its place."""
    phase, stays = get(pod, "status", "phase"), get(pod, "spec", "restartPolicy") == "Always"
    return bool(get(pod, "metadata", "deletionTimestamp")) or phase == "Succeeded" or (phase == "Failed" and stays)


def has_labels(thing: Thing, labels: Thing) -> bool:
    there = get(thing, "metadata", "labels", default={})
    return all(there.get(name) == value for name, value in labels.items())


def condition(thing: Thing, kind: str) -> Thing:
    """A condition of an object; empty where it says nothing of that."""
    return _condition(get(thing, "status", "conditions", default=[]), kind)


def _condition(conditions: t.Iterable[Thing], kind: str) -> Thing:
    return next((each for each in conditions if each.get("type") == kind), {})


def refused(conditions: t.Iterable[Thing], *kinds: str) -> list[Thing]:
    """Those of these conditions that are told and are not true."""
    told = [_condition(conditions, kind) for kind in kinds]
    return [each for each in told if each and each.get("status") != "True"]


def said(told: Thing) -> str:
    """A condition in words."""
    return ": ".join(str(told[name]) for name in ("reason", "message") if told.get(name))


def container_of(workload: Thing) -> Thing:
    return get(workload, "spec", "template", "spec", "containers", 0, default={})


def environment_of(container: Thing) -> dict[str, str]:
    return {each["name"]: each.get("value") or "" for each in container.get("env") or []}


def decoded(value: str) -> str:
    try:
        return base64.b64decode(value).decode(errors="replace")
    except binascii.Error:
        return ""


def _place(kind: str, namespace: str | None) -> str:
    return f"{kind} in namespace {namespace}" if namespace else kind


def _reason(read: Thing) -> str:
    """Why there is no answer. The client's own texts hold the whole of the server's, of which the message counts."""
    text = " ".join(str(read.get("stderr") or read.get("msg") or "the question failed").split())
    message = re.search(r'"message":\s*"((?:[^"\\]|\\.)*)"', text.replace('\\"', '"'))
    return (message[1] if message else text)[-240:]


def _json(read: Thing) -> Thing | None:
    try:
        return json.loads(read.get("stdout") or "")
    except ValueError:
        return None
