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
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from servers import Server

from .base import Body, RefusedError, digest, error
from .budgets import Budgets
from .credentials import Credentials
from .customers import Customers
from .keys import Keys
from .members import Members
from .models import Models
from .organizations import Organizations
from .serving import JSON, Reply, Serving
from .teams import Teams
from .users import Users

__all__ = ["MASTER_KEY", "Fault", "LiteLLMStandIn", "Request", "digest"]

MASTER_KEY = "sk-master-3Zr9cQ1xVb7Lk5Tn"  # for the stand-in alone


@dataclass
class Fault:
    """What goes wrong with requests: instead of the answer, or, with `after`, once LiteLLM has done the work.

    With `twice` it does the work once more, as when something on the way sends a request again, and answers what came
    of that. With `late` it goes on working for so many requests, and has done the work when it gets the last of them.
    """

    method: str = "GET"
    path: str = ""
    status: int | None = None
    body: bytes = b'{"error": {"message": "a fault", "code": "500"}}'
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "application/json"})
    after: bool = False
    twice: bool = False
    late: int = 0
    skip: int = 0  # so many requests go well before
    seconds: float = 0  # of silence; without a status, the connection is then closed without an answer
    times: int = 1


@dataclass
class Request:
    method: str
    path: str
    query: dict[str, str]
    body: Body
    headers: dict[str, str]


class LiteLLMStandIn(Members, Teams, Users, Keys, Customers, Budgets, Organizations, Models, Credentials, Serving):
    def __init__(self) -> None:
        super().__init__()
        self.requests: list[Request] = []
        self.faults: list[Fault] = []
        self.working: dict[int, Request] = {}  # by the number of requests by which the work is done
        self.choosing = threading.Lock()
        self._lock = threading.Lock()
        self._server = Server(("127.0.0.1", 0), _handler(self))
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

    def answer(self, request: Request) -> Reply:
        key = request.headers.get("Authorization", "").removeprefix("Bearer ")
        with self._lock:
            try:
                content = self.serve(request, key)
                if content is None:
                    if not self.admin(key):
                        # It repeats a part of the key that it was sent.
                        message = f"Authentication Error, Invalid proxy server token passed. Received {key}"
                        raise error(401, message, "auth_error")
                    content = self.do(request.method, request.path, request.query | request.body)
                return content if isinstance(content, Reply) else Reply(json.dumps(content).encode())
            except RefusedError as refused:
                headers = JSON | refused.headers
                return Reply(json.dumps(refused.content).encode(), refused.status, headers)

    def admin(self, key: str) -> bool:
        return key == MASTER_KEY

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
        disable_nagle_algorithm = True  # or each answer waits for 40 ms between its head and its body

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
            if len(stand_in.requests) in stand_in.working:
                stand_in.answer(stand_in.working.pop(len(stand_in.requests)))
            fault = self._fault(request)
            if fault is None or fault.after or fault.twice:
                reply = stand_in.answer(request)
            if fault and fault.twice:
                reply = stand_in.answer(request)
            if fault is None or fault.twice:
                (self._stream if reply.pieces else self._send)(reply)
                return
            if fault.late:
                stand_in.working[len(stand_in.requests) + fault.late] = request
            if fault.seconds:
                time.sleep(fault.seconds)
            if fault.status is None:
                self.close_connection = True
                self.connection.close()
            else:
                self._send(Reply(fault.body, fault.status, fault.headers))

        def _fault(self, request: Request) -> Fault | None:
            with stand_in.choosing:
                for fault in stand_in.faults:
                    if fault.times and fault.method == request.method and request.path.startswith(fault.path):
                        if fault.skip:
                            fault.skip -= 1
                        else:
                            fault.times -= 1
                            return fault
            return None

        def _send(self, reply: Reply) -> None:
            self._head(reply, {"Content-Length": str(len(reply.body))})
            self.wfile.write(reply.body)

        def _stream(self, reply: Reply) -> None:
            self._head(reply, {"Transfer-Encoding": "chunked"})
            for piece in reply.pieces:
                time.sleep(reply.pause)
                self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
            self.wfile.write(b"0\r\n\r\n")

        def _head(self, reply: Reply, headers: dict[str, str]) -> None:
            self.send_response(reply.status)
            for name, value in (reply.headers | headers).items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *unused: object) -> None:
            pass

    return Handler
