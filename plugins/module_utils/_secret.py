# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_util is private to the inference.gateway collection. It may change at any time.

"""The Kubernetes Secret that a LiteLLM key is delivered into."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import secrets
import typing as t

from ansible_collections.inference.gateway.plugins.module_utils._client import ApiError, Client
from ansible_collections.inference.gateway.plugins.module_utils._kinds.key import KEY
from ansible_collections.inference.gateway.plugins.module_utils._reconcile import find_by_id

MANAGED_BY = {"app.kubernetes.io/managed-by": "inference.gateway"}
REQUEST_TIMEOUT = 30  # seconds
DELIVERED = "holds the key"

ARGUMENT_SPEC: dict[str, dict[str, t.Any]] = {
    "secret": {
        "type": "dict",
        "no_log": False,
        "options": {
            "name": {"type": "str", "required": True},
            "namespace": {"type": "str", "required": True},
            "key": {"type": "str", "default": "api-key", "no_log": False},
            "labels": {"type": "dict", "default": {}},
        },
    },
    "kubeconfig": {"type": "raw", "no_log": True},
    "context": {"type": "str"},
}


def new_key() -> str:
    """A key as LiteLLM makes them, with 256 random bits."""
    return f"sk-{secrets.token_urlsafe(32)}"


def digest(key: str) -> str:
    """What LiteLLM keeps of a key, and identifies it by."""
    return hashlib.sha256(key.encode()).hexdigest()


class KeySecret:
    """One entry of one Secret: what is in it, how it is written, and how the writing is undone."""

    def __init__(self, where: t.Mapping[str, t.Any], kubeconfig: t.Any, context: str | None) -> None:
        self.name, self.namespace, self.entry = where["name"], where["namespace"], where["key"]
        self._labels = {name: str(value) for name, value in where["labels"].items()} | MANAGED_BY
        self._client, self._resource = self._connect(kubeconfig, context)
        self._there = self._read()
        self.value = self._decoded(self._there)

    @classmethod
    def of(cls, params: t.Mapping[str, t.Any]) -> KeySecret | None:
        """The Secret that a module's options name, if they do. It is ours, or not there yet."""
        if not params["secret"]:
            return None
        secret = cls(params["secret"], params["kubeconfig"], params["context"])
        if secret.exists and not secret.labelled(MANAGED_BY):
            raise ApiError(
                f"{secret} exists already and belongs to something else: give another name, or hand it over"
                f" with the label {'='.join(*MANAGED_BY.items())}."
            )
        return secret

    def __str__(self) -> str:
        return f"Secret {self.namespace}/{self.name}"

    def state(self, value: str) -> str:
        """What is to be said of the Secret, in words without the value."""
        if self.value != value:
            return "holds another value" if self.value else "does not hold the key"
        return DELIVERED if self.labelled(self._labels) else "holds the key without all labels"

    def write(self, value: str) -> None:
        """Keep the value in the Secret, beside the other entries that it may have."""
        metadata = {"name": self.name, "namespace": self.namespace, "labels": self._labels}
        definition = {"metadata": metadata, "data": {self.entry: base64.b64encode(value.encode()).decode()}}
        if self._there:
            self._written = self._patch(definition, self._there)
        else:
            definition |= {"apiVersion": "v1", "kind": "Secret", "type": "Opaque"}
            self._written = self._call("create", self._client.create, definition=definition)

    def restore(self) -> None:
        """Put back what was there before `write`, unless somebody else has changed it since."""
        if self._there:
            self._patch({"metadata": {}, "data": {self.entry: self._data().get(self.entry)}}, self._written)
        else:
            self._delete(self._written)

    def remove(self) -> None:
        """Take the entry out, and the Secret away when nothing else is in it."""
        if set(self._data()) <= {self.entry}:
            self._delete(self._there)
        else:
            self._patch({"metadata": {}, "data": {self.entry: None}}, self._there)

    @property
    def present(self) -> bool:
        """Whether there is something to be removed."""
        return self.entry in self._data()

    @property
    def exists(self) -> bool:
        return self._there is not None

    def holds(self, value: str) -> bool:
        """Whether the value is in the Secret now."""
        return self._decoded(self._read()) == value

    def _read(self) -> dict[str, t.Any] | None:
        return self._call("read", self._client.get, name=self.name)

    def _data(self) -> dict[str, str]:
        return (self._there or {}).get("data") or {}

    def _decoded(self, secret: t.Mapping[str, t.Any] | None) -> str | None:
        try:
            return base64.b64decode(secret["data"][self.entry]).decode().strip() or None
        except (KeyError, TypeError, binascii.Error, UnicodeDecodeError):
            return None

    def labelled(self, labels: t.Mapping[str, str]) -> bool:
        return labels.items() <= ((self._there or {}).get("metadata", {}).get("labels") or {}).items()

    # With the version that was read: when two runs want the same Secret, one of them is told so.

    def _patch(self, definition: dict[str, t.Any], known: t.Mapping[str, t.Any]) -> dict[str, t.Any] | None:
        definition["metadata"]["resourceVersion"] = known["metadata"]["resourceVersion"]
        merge = {"content_type": "application/merge-patch+json"}
        return self._call("change", self._client.patch, definition=definition, name=self.name, **merge)

    def _delete(self, known: t.Mapping[str, t.Any]) -> None:
        version = {"resourceVersion": known["metadata"]["resourceVersion"]}
        self._call("delete", self._client.delete, name=self.name, body={"preconditions": version})

    def _connect(self, kubeconfig: t.Any, context: str | None) -> tuple[t.Any, t.Any]:
        # Imported here, because it takes most of a second, which modules without a Secret need not spend.
        try:
            import kubernetes.config
            import urllib3.exceptions
            from kubernetes.dynamic.exceptions import DynamicApiError
        except ImportError:
            raise ApiError(f"{self} is only in reach with the Python library kubernetes: install it.") from None
        from ansible_collections.kubernetes.core.plugins.module_utils.k8s.client import get_api_client
        from ansible_collections.kubernetes.core.plugins.module_utils.k8s.exceptions import CoreException

        self._api_error, self._http_error = DynamicApiError, urllib3.exceptions.HTTPError
        try:
            # Without the module: its api_key and validate_certs are those of LiteLLM, not of Kubernetes.
            client = get_api_client(kubeconfig=kubeconfig, context=context)
            return client, client.resource("Secret", "v1")
        except self._api_error as error:
            raise ApiError(f"The Kubernetes API does not answer for {self}: {self._reason(error)}.") from None
        except self._http_error:
            raise ApiError(f"No Kubernetes API can be reached for {self}: check kubeconfig and context.") from None
        except (CoreException, kubernetes.config.ConfigException) as error:
            raise ApiError(
                f"No Kubernetes cluster is known for {self}: check kubeconfig and context. {error}"
            ) from None
        except Exception as error:
            # A damaged kubeconfig ends in many ways, and the text of some repeats what is in it.
            raise ApiError(f"The kubeconfig for {self} cannot be used ({type(error).__name__}): check it.") from None

    def _call(self, verb: str, method: t.Callable[..., t.Any], **arguments: t.Any) -> dict[str, t.Any] | None:
        try:
            answer = method(self._resource, namespace=self.namespace, _request_timeout=REQUEST_TIMEOUT, **arguments)
        except self._api_error as error:
            if error.status == 404 and verb in ("read", "delete"):
                return None
            raise ApiError(f"Cannot {verb} {self} ({error.status}): {self._reason(error)}.") from None
        except self._http_error:
            raise ApiError(f"Cannot {verb} {self}: the Kubernetes API does not answer.") from None
        return answer.to_dict()

    @staticmethod
    def _reason(error: t.Any) -> str:
        """What Kubernetes says, which names fields and never their content."""
        try:
            return json.loads(error.body)["message"]
        except (KeyError, TypeError, ValueError):
            return str(error.reason)


def refuse_foreign(
    client: Client, alias: str, own: t.Collection[str], value: str | None, secret: KeySecret | None
) -> None:
    """Fail when a value that is to be written, overwritten or removed is a key, and none of the alias's own."""
    for where, known in (("key", value), (str(secret), secret and secret.value)):
        holder = find_by_id(client, KEY, digest(known)) if known and digest(known) not in own else None
        if holder:
            raise ApiError(f"{where} holds the key '{holder['key_alias']}', not '{alias}': give each key its own.")


def take_back(client: Client, secret: KeySecret, value: str) -> str:
    """Put the Secret back as it was, unless the key has come to be; say which."""
    try:
        if find_by_id(client, KEY, digest(value)):
            return f"The key is there, and {secret} holds it."
        secret.restore()
    except ApiError as error:
        return f"{secret} may hold a key that does not exist, which the next run mends. {error}"
    return f"{secret} is as it was before."


def with_change(result: dict[str, t.Any], name: str, before: t.Any, after: t.Any) -> dict[str, t.Any]:
    """A module's result, to which one more change is added, if it is one."""
    if before == after:
        return result
    diff = {side: result["diff"][side] | {name: value} for side, value in (("before", before), ("after", after))}
    return result | {"changed": True, "diff": diff}
