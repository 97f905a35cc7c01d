# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_util is private to the inference.gateway collection. It may change at any time.

"""The Kubernetes Secret that a LiteLLM key is delivered into."""

from __future__ import annotations

import base64
import binascii
import json
import math
import threading
import typing as t
from dataclasses import dataclass, field, replace
from datetime import timedelta

from ansible_collections.inference.gateway.plugins.module_utils import _kubeconfig
from ansible_collections.inference.gateway.plugins.module_utils._client import FORBIDDEN, ApiError, Client
from ansible_collections.inference.gateway.plugins.module_utils._key_value import DELIVERY, MANAGED_BY, digest, new_key
from ansible_collections.inference.gateway.plugins.module_utils._kinds._table import Object
from ansible_collections.inference.gateway.plugins.module_utils._kinds.key import KEY, remaining
from ansible_collections.inference.gateway.plugins.module_utils._reconcile import Goal, find_by_id

REQUEST_TIMEOUT = 30  # seconds
SECRETS_PER_PAGE = 500
DELIVERED = "holds the key"
NOT_DELIVERED = "does not hold the key"

ARGUMENT_SPEC: dict[str, dict[str, t.Any]] = {"secret": DELIVERY} | _kubeconfig.ARGUMENT_SPEC


def choose_value(
    alias: str, live: Object | None, given: str | None, secret: KeySecret | None, recreate: bool, due: bool
) -> tuple[str | None, bool]:
    """The value of a key, as far as it is known, and whether a new key is to be made with it.

    It is `due` when another key is to take the place of this one, although its value is known.
    """
    if live is None and not (given or secret):
        raise ApiError(
            f"Key '{alias}' does not exist, and its value would be lost, for LiteLLM tells it only once:"
            " give secret to have it delivered into a Kubernetes Secret, or give the value in key."
        )
    if live is None or due:
        return given or new_key(), True
    known = given or (secret.value if secret else None)
    if not (given or secret) or (known and digest(known) == live[KEY.id]):
        return known, False
    if recreate:
        return given or new_key(), True
    trouble = "has another value than key gives" if given else f"its value is lost, {secret} does not hold it"
    raise ApiError(
        f"Key '{alias}' exists, but {trouble}: put that right, or set recreate to true to have another key take its"
        " place, whereby the old value stops working."
    )


def like(key: Object, changes: Object) -> tuple[dict[str, t.Any], dict[str, t.Any]]:
    """What is to be asked for to get another key like this one, but for the changes; and what is to go along with it.

    One without the limits of the one before would be a surprise, and so would one without what was spent, or with a
    longer life.
    """
    options = KEY.copy(key, changes)
    inherited = {name: key[name] for name in ("spend", "project_id", "config") if key.get(name)}
    if key["expires"] and not options["duration"] and "duration" not in changes:
        # It was set elsewhere: only the date is known.
        left = remaining(key)
        if left <= timedelta():
            raise ApiError(f"Key '{key['key_alias']}' has expired: say in duration how long its successor is valid.")
        inherited["duration"] = f"{math.ceil(left.total_seconds())}s"
        del options["duration"]
    return options, inherited


class SecretError(ApiError):
    """What went wrong with a Secret. It is `unfinished` when Kubernetes does not answer."""


class Cluster:
    """The Kubernetes cluster that Secrets are in. Threads may share it. It is connected when it is first asked."""

    def __init__(self, kubeconfig: t.Any, context: str | None) -> None:
        wrong = _kubeconfig.no_kubeconfig(kubeconfig)
        if wrong:
            raise ApiError(wrong)
        self._how = {"kubeconfig": kubeconfig, "context": context}
        self._connecting = threading.Lock()
        self._client: t.Any = None

    def ask(self, verb: str, what: str, kind: str = "Secret", **arguments: t.Any) -> dict[str, t.Any] | None:
        """What Kubernetes answers. None for what is not there, when it is to be read or deleted."""
        with self._connecting:
            if self._client is None:
                self._connect(what)
        method = {"read": "get", "list": "get", "change": "patch"}.get(verb, verb)
        options = {"_request_timeout": REQUEST_TIMEOUT, "serialize": False}
        try:
            answer = getattr(self._client, method)(self._resources[kind], **options, **arguments)
        except self._api_error as error:
            if error.status == 404 and verb in ("read", "delete"):
                return None
            sentence = f"Cannot {verb} {what} ({error.status}): {self._reason(error)}."
            raise SecretError(sentence, status=error.status) from None
        except self._http_error:
            raise SecretError(f"Cannot {verb} {what}: the Kubernetes API does not answer.", unfinished=True) from None
        return json.loads(answer.data)

    def secrets(self, namespace: str) -> dict[str, dict[str, t.Any]]:
        """The Secrets of a namespace that are ours, by name."""
        found: dict[str, dict[str, t.Any]] = {}
        following = None
        while True:
            page = {"label_selector": "=".join(*MANAGED_BY.items()), "limit": SECRETS_PER_PAGE, "_continue": following}
            answer = self.ask("list", f"the Secrets of namespace {namespace}", namespace=namespace, **page)
            found |= {each["metadata"]["name"]: each for each in answer["items"]}
            following = answer["metadata"].get("continue")
            if not following:
                return found

    def lacks(self, namespace: str) -> bool:
        """Whether there is no such namespace, which Kubernetes only says when a Secret is to be created in it."""
        try:
            return self.ask("read", f"namespace {namespace}", "Namespace", name=namespace) is None
        except SecretError as error:
            if error.status != FORBIDDEN:
                raise
            return False

    def _connect(self, what: str) -> None:
        # Imported here, because it takes time, which modules without a Secret need not spend.
        try:
            import kubernetes.config
            import urllib3.exceptions
            from kubernetes.dynamic.exceptions import DynamicApiError
        except ImportError:
            raise SecretError(f"Cannot reach {what} without the Python library kubernetes: install it.") from None
        from ansible_collections.kubernetes.core.plugins.module_utils.k8s.client import get_api_client
        from ansible_collections.kubernetes.core.plugins.module_utils.k8s.exceptions import CoreException

        self._api_error, self._http_error = DynamicApiError, urllib3.exceptions.HTTPError
        try:
            # Without the module: its api_key and validate_certs are those of LiteLLM, not of Kubernetes.
            client = get_api_client(**self._how)
            self._resources = {kind: client.resource(kind, "v1") for kind in ("Secret", "Namespace")}
        except self._api_error as error:
            raise SecretError(f"The Kubernetes API does not answer for {what}: {self._reason(error)}.") from None
        except self._http_error:
            raise SecretError(f"No Kubernetes API can be reached for {what}: check kubeconfig and context.") from None
        except (CoreException, kubernetes.config.ConfigException) as error:
            raise SecretError(
                f"No Kubernetes cluster is known for {what}: check kubeconfig and context. {error}"
            ) from None
        except Exception as error:
            # A damaged kubeconfig ends in many ways, and the text of some repeats what is in it.
            raise SecretError(f"The kubeconfig for {what} cannot be used ({type(error).__name__}): check it.") from None
        self._client = client

    @staticmethod
    def _reason(error: t.Any) -> str:
        """What Kubernetes says, which names fields and never their content."""
        try:
            return json.loads(error.body)["message"]
        except (KeyError, TypeError, ValueError):
            return str(error.reason)


class Secret:
    """One Secret, as it was last seen. Several keys may have an entry in it: each holds `lock` while it writes."""

    def __init__(self, cluster: Cluster, namespace: str, name: str, there: dict[str, t.Any] | None) -> None:
        self._cluster, self.namespace, self._name = cluster, namespace, name
        self.there = there
        self.lock = threading.Lock()

    @classmethod
    def read(cls, cluster: Cluster, namespace: str, name: str) -> Secret:
        secret = cls(cluster, namespace, name, None)
        secret.there = secret._ask("read", name=name)
        return secret

    def __str__(self) -> str:
        return f"Secret {self.namespace}/{self._name}"

    def reread(self) -> Secret:
        """The same Secret as it is by now."""
        return self.read(self._cluster, self.namespace, self._name)

    @property
    def data(self) -> dict[str, str]:
        return (self.there or {}).get("data") or {}

    def value(self, entry: str) -> str | None:
        """What an entry says. None if there is none, or if it is empty or no text."""
        try:
            return base64.b64decode(self.data[entry]).decode().strip() or None
        except (KeyError, binascii.Error, UnicodeDecodeError):
            return None

    @property
    def nowhere(self) -> str | None:
        """The sentence about a Secret that cannot be made, for its namespace is not there."""
        if self.there or not self._cluster.lacks(self.namespace):
            return None
        return f"There is no namespace '{self.namespace}' for {self}: make it first."

    def labelled(self, labels: t.Mapping[str, str]) -> bool:
        return labels.items() <= ((self.there or {}).get("metadata", {}).get("labels") or {}).items()

    def create(self, labels: t.Mapping[str, str], data: t.Mapping[str, str]) -> None:
        metadata = {"name": self._name, "namespace": self.namespace, "labels": labels}
        definition = {"apiVersion": "v1", "kind": "Secret", "type": "Opaque", "metadata": metadata, "data": data}
        self.there = self._ask("create", definition=definition)

    # With the version that was seen: when two runs want the same Secret, one of them is told so.

    def change(self, labels: t.Mapping[str, str], data: t.Mapping[str, str | None]) -> None:
        definition = {"metadata": {"resourceVersion": self._version, "labels": labels}, "data": data}
        merge = {"content_type": "application/merge-patch+json"}
        self.there = self._ask("change", definition=definition, name=self._name, **merge)

    def delete(self) -> None:
        self._ask("delete", name=self._name, body={"preconditions": {"resourceVersion": self._version}})
        self.there = None

    @property
    def _version(self) -> str:
        return self.there["metadata"]["resourceVersion"]

    def _ask(self, verb: str, **arguments: t.Any) -> dict[str, t.Any] | None:
        return self._cluster.ask(verb, str(self), namespace=self.namespace, **arguments)


def read_secrets(
    cluster: Cluster, places: t.Iterable[tuple[str, str]], each: t.Callable[..., list[t.Any]]
) -> dict[tuple[str, str], Secret]:
    """Many Secrets, by namespace and name: ours by namespace, and only those by themselves that are not among them."""
    wanted = set(places)
    namespaces = sorted({namespace for namespace, _name in wanted})
    ours = dict(zip(namespaces, each(cluster.secrets, namespaces), strict=True))
    found = {place: Secret(cluster, *place, ours[place[0]].get(place[1])) for place in wanted}
    absent = [place for place in wanted if not found[place].there]
    return found | dict(zip(absent, each(lambda place: Secret.read(cluster, *place), absent), strict=True))


class KeySecret:
    """One entry of one Secret: what is in it, how it is written, and how the writing is undone."""

    def __init__(self, where: t.Mapping[str, t.Any], secret: Secret) -> None:
        self._entry, self._secret = where["key"], secret
        labels = where["labels"].items()
        # As YAML has them: true and not True.
        texts = {name: value if isinstance(value, str) else json.dumps(value) for name, value in labels}
        self._labels = texts | MANAGED_BY
        if secret.there and not secret.labelled(MANAGED_BY):
            raise ApiError(
                f"{secret} exists already and belongs to something else: give another name, or hand it over"
                f" with the label {'='.join(*MANAGED_BY.items())}."
            )
        self.value = secret.value(self._entry)

    @classmethod
    def of(cls, params: t.Mapping[str, t.Any]) -> KeySecret | None:
        """What a module's options name, if they do."""
        where = params["secret"]
        if not where:
            return None
        cluster = Cluster(params["kubeconfig"], params["context"])
        return cls(where, Secret.read(cluster, where["namespace"], where["name"]))

    def __str__(self) -> str:
        return str(self._secret)

    @property
    def nowhere(self) -> str | None:
        return self._secret.nowhere

    def state(self, value: str) -> str:
        """What is to be said of the Secret, in words without the value."""
        if self.value != value:
            return "holds another value" if self.value else NOT_DELIVERED
        return DELIVERED if self._secret.labelled(self._labels) else "holds the key without all labels"

    def write(self, value: str) -> None:
        """Keep the value in the Secret, beside the other entries that it may have."""
        data = {self._entry: base64.b64encode(value.encode()).decode()}
        with self._secret.lock:
            self._before = self._secret.data.get(self._entry)
            self._made = self._secret.there is None
            if self._made:
                self._secret.create(self._labels, data)
            else:
                self._secret.change(self._labels, data)

    def restore(self) -> None:
        """Put back what was there before `write`, unless somebody else has changed it since."""
        with self._secret.lock:
            if self._made and self._secret.data.keys() <= {self._entry}:
                self._secret.delete()
            else:
                self._secret.change({}, {self._entry: self._before})

    def remove(self) -> None:
        """Take the entry out, and the Secret away when nothing else is in it."""
        with self._secret.lock:
            if self._secret.data.keys() <= {self._entry}:
                self._secret.delete()
            else:
                self._secret.change({}, {self._entry: None})

    @property
    def present(self) -> bool:
        """Whether there is something to be removed."""
        return self._entry in self._secret.data

    def holds(self, value: str) -> bool:
        """Whether the value is in the Secret by now."""
        return self._secret.reread().value(self._entry) == value


@dataclass(frozen=True)
class Delivery:
    """A key's value as far as it is known, whether a new key is made with it, and what that changes in its Secret."""

    value: str | None = field(repr=False)
    new: bool
    secret: KeySecret | None  # that the value is to be written to; None: nothing is to be written
    before: str = ""  # what is to be said of the Secret as it was

    @classmethod
    def of(
        cls,
        alias: str,
        live: Object | None,
        params: Object,
        secret: KeySecret | None,
        foreign: t.Callable[[str], Object | None],
        *,
        due: bool = False,
    ) -> Delivery:
        """What the options `key` and `recreate` ask for, where LiteLLM and the Secret have what they have."""
        value, new = choose_value(alias, live, params["key"], secret, params["recreate"], due)
        state = secret.state(value) if secret else DELIVERED
        if new or state != DELIVERED:
            refuse_foreign(foreign, alias, value, secret)
        return cls(value, new, secret if state != DELIVERED else None, state)

    def goal(self, goal: Goal, live: Object | None) -> Goal:
        """The goal for the key that has this value."""
        if not self.new:
            return goal
        options, inherited = like(live, goal.options) if live else (goal.options, {})
        return replace(goal, options=options, identity=digest(self.value), extra={"key": self.value} | inherited)


def refuse_foreign(
    foreign: t.Callable[[str], Object | None], alias: str, value: str | None, secret: KeySecret | None
) -> None:
    """Fail when a value that is to be written, overwritten or removed is a key, and none of the alias's own.

    `foreign` tells which key has an identity, unless it is one of those.
    """
    for where, known in (("key", value), (str(secret), secret and secret.value)):
        found = foreign(digest(known)) if known else None
        if found:
            raise ApiError(f"{where} holds the key '{found['key_alias']}', not '{alias}': give each key its own.")


def take_back(client: Client, secret: KeySecret, value: str, *, unfinished: bool) -> str:
    """Put the Secret back as it was, unless the key has come to be, or may yet; say which.

    It may while a try to make it is `unfinished`. The key would then be one that nobody has.
    """
    left = f"{secret} holds a key that may not exist, or not yet, which the next run mends."
    try:
        if find_by_id(client, KEY, digest(value)):
            return f"The key is there, and {secret} holds it."
        if unfinished:
            return left
        secret.restore()
    except ApiError as error:
        return f"{left} {error}"
    return f"{secret} is as it was before."


def with_change(result: dict[str, t.Any], name: str, before: t.Any, after: t.Any) -> dict[str, t.Any]:
    """A module's result, to which one more change is added, if it is one."""
    if before == after:
        return result
    diff = {side: result["diff"][side] | {name: value} for side, value in (("before", before), ("after", after))}
    return result | {"changed": True, "diff": diff}
