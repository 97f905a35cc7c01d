# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""LiteLLM's management API as it behaves (1.106), with its oddities, over real HTTP. Each oddity says so.

Nothing here is shared with the collection's own tables: they would agree with each other, and not with LiteLLM.
"""

from __future__ import annotations

import hashlib
import json
import re
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

MASTER_KEY = "sk-master-3Zr9cQ1xVb7Lk5Tn"  # for the stand-in alone

Body = dict[str, Any]
# The management fields that LiteLLM keeps inside metadata.
IN_METADATA = ("model_rpm_limit", "model_tpm_limit", "rpm_limit_type", "tpm_limit_type", "enforced_params", "tags")


class RefusedError(Exception):
    def __init__(self, status: int, content: Any) -> None:
        self.status, self.content = status, content


def error(status: int, message: str, kind: str = "bad_request_error") -> RefusedError:
    """The first of LiteLLM's three shapes of errors; code is a string."""
    return RefusedError(status, {"error": {"message": message, "type": kind, "param": None, "code": str(status)}})


def detail(status: int, message: str) -> RefusedError:
    """The second; the third is the list of a 422."""
    return RefusedError(status, {"detail": {"error": message}})


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


class LiteLLMStandIn:
    def __init__(self) -> None:
        self.teams: dict[str, Body] = {}
        self.keys: dict[str, Body] = {}
        self.deleted_keys: dict[str, Body] = {}
        self.models = ["chat-small", "chat-large"]
        self.requests: list[Request] = []
        self.faults: list[Fault] = []
        self.dropped: set[str] = set()  # fields that it accepts and does not keep
        self.defaults: Body = {}  # what default_team_settings or default_key_generate_params put into new objects
        self.database = True
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
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

    def add_team(self, **fields: Any) -> str:
        return self._team_new(fields)["team_id"]

    def add_key(self, value: str, **fields: Any) -> str:
        self._key_generate({"key": value} | fields)
        return digest(value)

    def key(self, alias: str) -> Body:
        return next(key for key in self.keys.values() if key["key_alias"] == alias)

    def team(self, alias: str) -> Body:
        return next(team for team in self.teams.values() if team["team_alias"] == alias)

    def answer(self, request: Request) -> tuple[int, Any]:
        with self._lock:
            try:
                if request.headers.get("Authorization") != f"Bearer {MASTER_KEY}":
                    got = request.headers.get("Authorization", "")
                    # It repeats a part of the key that it was sent.
                    raise error(401, f"Authentication Error, Invalid proxy server token passed. Received {got}", "auth")
                endpoint = self._endpoints().get((request.method, request.path))
                if endpoint is None:
                    raise RefusedError(404, {"detail": "Not Found"})
                return 200, endpoint(request.query if request.method == "GET" else request.body)
            except RefusedError as refused:
                return refused.status, refused.content

    def _endpoints(self) -> dict[tuple[str, str], Callable[[Body], Any]]:
        return {
            ("GET", "/v1/models"): lambda query: {"data": [{"id": name} for name in self.models], "object": "list"},
            ("GET", "/v2/team/list"): self._team_list,
            ("GET", "/team/info"): self._team_info,
            ("POST", "/team/new"): self._team_new,
            ("POST", "/team/update"): self._team_update,
            ("POST", "/team/delete"): self._team_delete,
            ("GET", "/key/list"): self._key_list,
            ("GET", "/key/info"): self._key_info,
            ("POST", "/key/generate"): self._key_generate,
            ("POST", "/key/update"): self._key_update,
            ("POST", "/key/block"): self._key_block,
            ("POST", "/key/delete"): self._key_delete,
        }

    # Teams

    def _team_list(self, query: Body) -> Body:
        self._need_database()
        # The filter by alias finds parts of names in any case; the one by identity is exact.
        found = [
            team
            for team in self.teams.values()
            if query.get("team_alias", "").lower() in (team["team_alias"] or "").lower()
            and query.get("team_id", team["team_id"]) == team["team_id"]
        ]
        rows = [
            team | {"keys_count": sum(key["team_id"] == team["team_id"] for key in self.keys.values())}
            for team in found
        ]
        return _page(rows, query, "page_size", "teams", "total", "page")

    def _team_info(self, query: Body) -> Body:
        # Also when it is the database that is not there.
        if not self.database or query.get("team_id") not in self.teams:
            raise detail(404, "Team not found")
        return {"team_id": query["team_id"], "team_info": self.teams[query["team_id"]], "keys": []}

    def _team_new(self, body: Body) -> Body:
        self._need_database()
        _check_types(body)
        _check_budget_duration(body)
        team_id = body.get("team_id") or str(uuid.uuid4())
        if team_id in self.teams:
            raise detail(400, f"Team id = {team_id} already exists. Please use a different team id.")
        # An alias may be there twice; models and unknown fields are not looked at; max_parallel_requests is dropped.
        team = {
            "team_id": team_id,
            "team_alias": body.get("team_alias"),
            "models": body.get("models") or [],
            "rpm_limit": body.get("rpm_limit"),
            "tpm_limit": body.get("tpm_limit"),
            "max_budget": body.get("max_budget"),
            "budget_duration": body.get("budget_duration"),
            "budget_reset_at": _reset_at(body.get("budget_duration")),
            "metadata": _with_management_fields(body.get("metadata"), body),
            "max_parallel_requests": None,
            "blocked": False,
            "spend": 0.0,
            "members_with_roles": [{"user_id": "default_user_id", "role": "admin"}],
        }
        self.teams[team_id] = self._kept(team, {}, new=body)
        return self.teams[team_id]

    def _team_update(self, body: Body) -> Body:
        self._need_database()
        _check_types(body)
        if body.get("team_id") not in self.teams:
            raise detail(404, f"Team not found, passed team_id={body.get('team_id')}")
        if any(name in body and body[name] is None for name in ("models", "blocked")):
            raise error(500, "Internal Server Error, argument of type NoneType")
        team = self.teams[body["team_id"]]
        # The duration is not looked at here, unlike in a new team, and begins a new period whenever it is sent.
        changes = {name: body[name] for name in team if name in body and name not in ("members_with_roles", "spend")}
        changes.pop("max_parallel_requests", None)
        if "budget_duration" in body:
            changes["budget_reset_at"] = _reset_at(body["budget_duration"])
        if "metadata" in body and body["metadata"] is not None:
            kept = {
                name: team["metadata"][name] for name in ("team_member_budget_id",) if name in (team["metadata"] or {})
            }
            changes["metadata"] = _with_management_fields(body["metadata"], body) | kept
        self.teams[team["team_id"]] = self._kept(team | changes, team)
        return {"team_id": team["team_id"], "data": self.teams[team["team_id"]]}

    def _team_delete(self, body: Body) -> Any:
        self._need_database()
        # One that is missing, and none is deleted.
        for team_id in body["team_ids"]:
            if team_id not in self.teams:
                raise detail(404, f"Team not found, passed team_id={team_id}")
        for team_id in body["team_ids"]:
            del self.teams[team_id]
            for token in [token for token, key in self.keys.items() if key["team_id"] == team_id]:
                self.deleted_keys[token] = self.keys.pop(token)
        return len(body["team_ids"])

    # Keys

    def _key_list(self, query: Body) -> Body:
        self._need_database()
        # Here the alias is compared exactly, and a deleted key is not shown.
        names = {"key_alias": "key_alias", "team_id": "team_id", "key_hash": "token"}
        rows = [
            key
            for key in self.keys.values()
            if all(key[column] == query[name] for name, column in names.items() if name in query)
        ]
        whole = query.get("return_full_object") == "true"
        return _page(
            rows if whole else [key["token"] for key in rows], query, "size", "keys", "total_count", "current_page"
        )

    def _key_info(self, query: Body) -> Body:
        token = _token(query["key"])
        # A deleted key is still answered for.
        key = self.keys.get(token) or (token in self.deleted_keys and self.deleted_keys[token] | {"status": "deleted"})
        if not key:
            raise error(404, "Key not found in database", "not_found_error")
        return {"key": query["key"], "info": {name: value for name, value in key.items() if name != "token"}}

    def _key_generate(self, body: Body) -> Body:
        self._need_database()
        _check_types(body)
        value = body.get("key") or f"sk-{uuid.uuid4().hex}"
        if not value.startswith("sk-"):
            raise error(400, "Invalid key format. LiteLLM Virtual Key must start with 'sk-'.")
        self._check_alias(body.get("key_alias"), None)
        if body.get("duration") and not re.match(r"\d+(mo|[smhdw])", body["duration"]):
            raise error(500, "Internal Server Error, Invalid duration format")
        _check_budget_duration(body)
        token = digest(value)
        key = {
            "token": token,
            "key_name": f"sk-...{value[-4:]}",
            "key_alias": body.get("key_alias"),
            "team_id": body.get("team_id"),  # one that does not exist will do
            "models": body.get("models") or [],
            "rpm_limit": body.get("rpm_limit"),
            "tpm_limit": body.get("tpm_limit"),
            "max_parallel_requests": body.get("max_parallel_requests"),
            "max_budget": body.get("max_budget"),
            "budget_duration": body.get("budget_duration"),
            "budget_reset_at": _reset_at(body.get("budget_duration")),
            "expires": _expires(body.get("duration")),
            "metadata": _with_management_fields(body.get("metadata"), body),
            "blocked": None,
            "spend": 0.0,
            "user_id": "default_user_id",
        }
        # A value that exists already is answered for with what was sent, and nothing is stored.
        if token not in self.keys:
            self.keys[token] = self._kept(key, {}, new=body)
        return key | {"key": value, "duration": None}

    def _key_update(self, body: Body) -> Body:
        self._need_database()
        _check_types(body)
        key = self.keys.get(_token(body["key"]))
        if key is None:
            raise error(404, "Key not found", "not_found_error")
        if body.get("team_id") == "":
            raise error(500, "Internal Server Error, team_id")
        if "key_alias" in body:
            self._check_alias(body["key_alias"], key["token"])
        changes = {name: body[name] for name in key if name in body and name not in ("token", "key_name", "spend")}
        if "duration" in body:
            changes["expires"] = _expires(body["duration"])
        if "budget_duration" in body:
            changes["budget_reset_at"] = _reset_at(body["budget_duration"])
        if "metadata" in body:
            changes["metadata"] = body["metadata"] and _with_management_fields(body["metadata"], body)
        self.keys[key["token"]] = self._kept(key | changes, key)
        return self.keys[key["token"]]

    def _key_block(self, body: Body) -> Body:
        token = _token(body["key"])
        if token not in self.keys:
            raise error(404, "Key not found", "not_found_error")
        self.keys[token]["blocked"] = True
        return self.keys[token]

    def _key_delete(self, body: Body) -> Body:
        self._need_database()
        there = [_token(key) for key in body["keys"] if _token(key) in self.keys]
        if not there:
            raise error(404, "No keys found", "not_found_error")
        for token in there:
            self.deleted_keys[token] = self.keys.pop(token)
        return {"deleted_keys": body["keys"]}

    def _check_alias(self, alias: str | None, token: str | None) -> None:
        if alias and any(key["key_alias"] == alias and key["token"] != token for key in self.keys.values()):
            raise error(
                400, f"Key with alias '{alias}' already exists. Unique key aliases across all keys are required."
            )

    def _need_database(self) -> None:
        if not self.database:
            raise error(500, "Internal Server Error, Can't reach database server", "internal_server_error")

    def _kept(self, row: Body, before: Body, new: Body | None = None) -> Body:
        kept = row | {name: before.get(name) for name in self.dropped if name in row}
        if new is not None:
            kept |= {name: value for name, value in self.defaults.items() if not new.get(name)}
        if kept.get("max_budget") is not None:
            kept["max_budget"] = float(kept["max_budget"])
        return kept


def digest(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()


def _token(key: str) -> str:
    return digest(key) if key.startswith("sk-") else key


def _page(rows: list[Any], query: Body, size: str, items: str, total: str, current: str) -> Body:
    page, count = int(query.get("page", 1)), int(query.get(size, 10))
    if count > 100:
        entry = {"loc": ["query", size], "msg": "Input should be less than or equal to 100", "input": str(count)}
        raise RefusedError(422, {"detail": [entry]})
    return {
        items: rows[(page - 1) * count : page * count],
        total: len(rows),
        current: page,
        "total_pages": -(-len(rows) // count),
    }


def _check_types(body: Body) -> None:
    types = {
        "rpm_limit": int,
        "tpm_limit": int,
        "max_parallel_requests": int,
        "max_budget": (int, float),
        "models": list,
    }
    wrong = [
        {"loc": ["body", name], "msg": "Input should be valid", "input": body[name]}
        for name in types
        if body.get(name) is not None and not isinstance(body[name], types[name])
    ]
    if wrong:
        raise RefusedError(422, {"detail": wrong})
    if (body.get("max_budget") or 0) < 0:
        raise detail(400, f"max_budget must be a non-negative finite number. Received: {body['max_budget']}")


def _check_budget_duration(body: Body) -> None:
    duration = body.get("budget_duration")
    if duration is not None and not re.match(r"\d+(mo|[smhdw])", duration):
        raise detail(400, f"Invalid budget_duration '{duration}'")


def _with_management_fields(metadata: Body | None, body: Body) -> Body:
    return (metadata or {}) | {name: body[name] for name in IN_METADATA if body.get(name) is not None}


def _seconds(duration: str) -> int:
    value, unit = re.match(r"(\d+)(mo|[smhdw])", duration).groups()
    return int(value) * {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800, "mo": 2592000}[unit]


def _expires(duration: str | None) -> str | None:
    return duration and (datetime.now(UTC) + timedelta(seconds=_seconds(duration))).isoformat()


def _reset_at(duration: str | None) -> str | None:
    """Never the same twice, so that a test sees a period that was begun anew."""
    return duration and f"{datetime.now(UTC).isoformat()}+{duration}"


def _handler(stand_in: LiteLLMStandIn) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._serve()

        def do_POST(self) -> None:
            self._serve()

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
