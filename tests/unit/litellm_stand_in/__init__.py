# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""LiteLLM's management API as it behaves (1.106), with its oddities, over real HTTP. Each oddity says so.

Nothing here is shared with the collection's own tables: they would agree with each other, and not with LiteLLM.
"""

from __future__ import annotations

import json
import re
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from .base import Body, Endpoints, RefusedError, digest, error
from .keys import Keys
from .members import Members
from .organizations import Organizations
from .teams import Teams

__all__ = ["MASTER_KEY", "Fault", "LiteLLMStandIn", "Request", "digest"]

MASTER_KEY = "sk-master-3Zr9cQ1xVb7Lk5Tn"  # for the stand-in alone


@dataclass
class Fault:
    """What goes wrong with one request: instead of its answer, or, with `after`, once LiteLLM has done the work."""

    method: str = "GET"
    path: str = ""
    status: int | None = None
    body: bytes = b'{"error": {"message": "a fault", "code": "500"}}'
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "application/json"})
    after: bool = False
    seconds: float = 0  # of silence; without a status, the connection is then closed without an answer
    times: int = 1


@dataclass
class Request:
    method: str
    path: str
    query: dict[str, str]
    body: Body
    headers: dict[str, str]


class LiteLLMStandIn(Members, Teams, Keys, Organizations):
    def __init__(self) -> None:
        super().__init__()
        self.models = ["chat-small", "chat-large"]
        self.requests: list[Request] = []
        self.faults: list[Fault] = []
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._endpoints = self.endpoints()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> LiteLLMStandIn:
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *unused: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def written(self) -> list[Request]:
        """The requests that could have changed something."""
        return [request for request in self.requests if request.method != "GET"]

    def endpoints(self) -> Endpoints:
        return super().endpoints() | {
            ("GET", "/v1/models"): lambda query: {"data": [{"id": name} for name in self.models], "object": "list"},
        }

    def answer(self, request: Request) -> tuple[int, Any]:
        with self._lock:
            try:
                if request.headers.get("Authorization") != f"Bearer {MASTER_KEY}":
                    got = request.headers.get("Authorization", "")
                    # It repeats a part of the key that it was sent.
                    raise error(401, f"Authentication Error, Invalid proxy server token passed. Received {got}", "auth")
                return 200, self.do(request.method, request.path, request.query | request.body)
            except RefusedError as refused:
                return refused.status, refused.content

    def do(self, method: str, path: str, said: Body) -> Any:
        """What an endpoint does, with what the query, the body and the path say."""
        for (verb, template), endpoint in self._endpoints.items():
            matched = re.fullmatch(re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+)", re.escape(template)), path)
            if verb == method and matched:
                return endpoint(said | {name: unquote(value) for name, value in matched.groupdict().items()})
        raise RefusedError(404, {"detail": "Not Found"})


def _handler(stand_in: LiteLLMStandIn) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # headers and body in one packet: the second would wait for the first one's acknowledgement

        def do_GET(self) -> None:
            self._serve()

        do_POST = do_PUT = do_PATCH = do_DELETE = do_GET  # noqa: N815 - the names that http.server calls

        def _serve(self) -> None:
            parts = urlsplit(self.path)
            query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length)) if length else {}
            request = Request(self.command, parts.path, query, body, dict(self.headers))
            stand_in.requests.append(request)
            fault = self._fault(request)
            if fault is None or fault.after:
                status, content = stand_in.answer(request)
            if fault is None:
                self._send(status, json.dumps(content).encode(), {"Content-Type": "application/json"})
                return
            if fault.seconds:
                time.sleep(fault.seconds)
            if fault.status is None:
                self.close_connection = True
                self.connection.close()
            else:
                self._send(fault.status, fault.body, fault.headers)

        def _fault(self, request: Request) -> Fault | None:
            for fault in stand_in.faults:
                if fault.times and fault.method == request.method and request.path.startswith(fault.path):
                    fault.times -= 1
                    return fault
            return None

        def _send(self, status: int, content: bytes, headers: dict[str, str]) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *unused: object) -> None:
            pass

    return Handler
