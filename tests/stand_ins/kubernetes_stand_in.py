# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The part of the Kubernetes API that keeps Secrets, over real HTTP, for the real Kubernetes client."""

from __future__ import annotations

import base64
import itertools
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

Object = dict[str, Any]
TOKEN = "kubernetes-token-9dK2mX4q"  # for the stand-in alone


class KubernetesStandIn:
    def __init__(self) -> None:
        self.missing: set[str] = set()  # the namespaces that are not there: all others are
        self.secrets: dict[tuple[str, str], Object] = {}
        self.requests: list[tuple[str, str]] = []
        self._versions = itertools.count(1)
        self._lock = threading.Lock()
        self.forbidden: set[str] = set()  # HTTP methods that the user may not use, LIST, and NAMESPACE
        self.gone_after: int | None = None  # so many writes, there is no answer any more
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> KubernetesStandIn:
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *unused: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def kubeconfig(self) -> Object:
        return {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": "stand-in",
            "clusters": [{"name": "stand-in", "cluster": {"server": self.url}}],
            "users": [{"name": "stand-in", "user": {"token": TOKEN}}],
            "contexts": [{"name": "stand-in", "context": {"cluster": "stand-in", "user": "stand-in"}}],
        }

    @property
    def written(self) -> list[tuple[str, str]]:
        return [(method, path) for method, path in self.requests if method != "GET"]

    def add_secret(self, name: str, labels: dict[str, str] | None = None, **data: str) -> None:
        encoded = {entry: base64.b64encode(value.encode()).decode() for entry, value in data.items()}
        self.secrets["apps", name] = {
            "apiVersion": "v1",
            "kind": "Secret",
            "metadata": {"name": name, "namespace": "apps", "labels": labels or {}, "resourceVersion": self._version()},
            "data": encoded,
        }

    def value(self, name: str, entry: str = "api-key") -> str:
        return base64.b64decode(self.secrets["apps", name]["data"][entry]).decode()

    def _version(self) -> str:
        return str(next(self._versions))

    def answer(self, method: str, path: str, query: dict[str, str], body: Object | None) -> tuple[int, Object]:
        if path == "/version":
            return 200, {"major": "1", "minor": "36", "gitVersion": "v1.36.0"}
        if path == "/api":
            return 200, {"kind": "APIVersions", "versions": ["v1"]}
        if path == "/apis":
            return 200, {"kind": "APIGroupList", "apiVersion": "v1", "groups": []}
        if path == "/api/v1":
            verbs = ["create", "delete", "get", "list", "patch", "update"]
            secrets = {
                "name": "secrets",
                "singularName": "secret",
                "namespaced": True,
                "kind": "Secret",
                "verbs": verbs,
            }
            namespaces = {
                "name": "namespaces",
                "singularName": "namespace",
                "namespaced": False,
                "kind": "Namespace",
                "verbs": verbs,
            }
            return 200, {"kind": "APIResourceList", "groupVersion": "v1", "resources": [secrets, namespaces]}
        if path.startswith("/api/v1/namespaces/") and path.count("/") == 4:
            return self._namespace(path.split("/")[4])
        with self._lock:
            if method == "GET" and path.endswith("/secrets"):
                return self._list(path.split("/")[4], query)
            return self._secret(method, path.split("/")[4:], body)

    def _namespace(self, name: str) -> tuple[int, Object]:
        if "NAMESPACE" in self.forbidden:
            return _status(403, f'namespaces "{name}" is forbidden: User "demo" cannot get resource "namespaces"')
        if name in self.missing:
            return _status(404, f'namespaces "{name}" not found')
        return 200, {"kind": "Namespace", "apiVersion": "v1", "metadata": {"name": name}}

    def _list(self, namespace: str, query: dict[str, str]) -> tuple[int, Object]:
        if "LIST" in self.forbidden:
            return _status(403, 'secrets is forbidden: User "demo" cannot list resource "secrets"')
        label, _equals, value = query.get("labelSelector", "").partition("=")
        found = [
            {name: value for name, value in secret.items() if name not in ("apiVersion", "kind")}
            for (place, name), secret in sorted(self.secrets.items())
            if place == namespace
            and (not label or secret["metadata"].get("labels", {}).get(label) == value)
            and query.get("fieldSelector", f"metadata.name={name}") == f"metadata.name={name}"
        ]
        start = int(query.get("continue", 0))
        end = start + int(query.get("limit", len(found)))
        following = str(end) if end < len(found) else ""
        metadata = {"resourceVersion": self._version(), "continue": following}
        return 200, {"kind": "SecretList", "apiVersion": "v1", "metadata": metadata, "items": found[start:end]}

    def _secret(self, method: str, path: list[str], body: Object | None) -> tuple[int, Object]:
        namespace, name = path[0], path[2] if len(path) > 2 else body["metadata"]["name"]
        if method in self.forbidden:
            return _status(
                403, f'secrets "{name}" is forbidden: User "demo" cannot {method.lower()} resource "secrets"'
            )
        there = self.secrets.get((namespace, name))
        if method == "POST":
            if namespace in self.missing:
                return _status(404, f'namespaces "{namespace}" not found')
            if there:
                return _status(409, f'secrets "{name}" already exists')
            self.secrets[namespace, name] = _merged(body, {"metadata": {"resourceVersion": self._version()}})
            return 201, self.secrets[namespace, name]
        if there is None:
            return _status(404, f'secrets "{name}" not found')
        known = {"PATCH": "metadata", "DELETE": "preconditions"}.get(method)
        if known and body.get(known, {}).get("resourceVersion") != there["metadata"]["resourceVersion"]:
            return _status(409, f'Operation cannot be fulfilled on secrets "{name}": the object has been modified')
        if method == "PATCH":
            patched = _merged(there, body)
            self.secrets[namespace, name] = _merged(patched, {"metadata": {"resourceVersion": self._version()}})
        if method == "DELETE":
            del self.secrets[namespace, name]
            return 200, {"kind": "Status", "apiVersion": "v1", "status": "Success"}
        return 200, self.secrets[namespace, name]


def _merged(there: Any, patch: Any) -> Any:
    """A JSON merge patch (RFC 7396)."""
    if not isinstance(patch, dict):
        return patch
    merged = dict(there) if isinstance(there, dict) else {}
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = _merged(merged.get(name), value)
    return merged


def _status(code: int, message: str) -> tuple[int, Object]:
    return code, {"kind": "Status", "apiVersion": "v1", "status": "Failure", "message": message, "code": code}


def _metadata_of(found: Object) -> Object:
    """As the API server sends them, which says null of an empty list."""
    api = "meta.k8s.io/v1"
    items = [
        {"kind": "PartialObjectMetadata", "apiVersion": api, "metadata": each["metadata"]} for each in found["items"]
    ]
    metadata = found["metadata"]
    return {"kind": "PartialObjectMetadataList", "apiVersion": api, "metadata": metadata, "items": items or None}


def _handler(stand_in: KubernetesStandIn) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # or each answer waits for 40 ms between its head and its body

        def _serve(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length)) if length else None
            parts = urlsplit(self.path)
            path, query = parts.path.rstrip("/"), dict(parse_qsl(parts.query))
            stand_in.requests.append((self.command, path))
            if stand_in.gone_after is not None and len(stand_in.written) > stand_in.gone_after:
                self.close_connection = True
                self.connection.close()
                return
            if self.command == "PATCH" and self.headers["Content-Type"] != "application/merge-patch+json":
                code, content = _status(415, "the stand-in takes merge patches only")
            elif self.headers.get("Authorization") != f"Bearer {TOKEN}":
                code, content = _status(401, "Unauthorized")
            else:
                code, content = stand_in.answer(self.command, path, query, body)
                if code == 200 and "as=PartialObjectMetadataList" in self.headers.get("Accept", ""):
                    content = _metadata_of(content)
            encoded = json.dumps(content).encode()
            self.send_response(code)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(encoded)))
            self.end_headers()
            self.wfile.write(encoded)

        do_GET = do_POST = do_PATCH = do_DELETE = _serve  # noqa: N815 - the names are http.server's

        def log_message(self, *unused: object) -> None:
            pass

    return Handler
