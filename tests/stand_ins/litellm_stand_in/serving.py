# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What LiteLLM serves besides its management API: chats within limits, health, metrics, its version."""

from __future__ import annotations

import json
import uuid
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .base import Base, Body, Endpoints, RefusedError, digest, error

if TYPE_CHECKING:
    from . import Request

JSON = {"Content-Type": "application/json"}
LIMITED = {"retry-after": "60", "rate_limit_type": "requests", "reset_at": "2026-11-25 10:00:00 UTC"}
METRICS = """\
# HELP litellm_proxy_total_requests_metric_total Total number of requests made to the proxy server
# TYPE litellm_proxy_total_requests_metric_total counter
litellm_proxy_total_requests_metric_total{api_key_alias="a",status_code="200",team_alias="search"} 7.0
litellm_proxy_total_requests_metric_total{api_key_alias="b",status_code="429",team_alias="other \\"x\\""} 5.0
# HELP litellm_request_total_latency_metric Total latency (seconds) for a request to LiteLLM
# TYPE litellm_request_total_latency_metric histogram
litellm_request_total_latency_metric_bucket{le="0.005",model="tiny"} 0.0
litellm_request_total_latency_metric_bucket{le="+Inf",model="tiny"} 7.0
litellm_request_total_latency_metric_count{model="tiny"} 7.0
litellm_request_total_latency_metric_sum{model="tiny"} 0.36
# HELP litellm_remaining_team_budget_metric Remaining budget for team
# TYPE litellm_remaining_team_budget_metric gauge
litellm_remaining_team_budget_metric{team_alias="unlimited"} +Inf
"""


@dataclass
class Reply:
    """An answer that is more than JSON. With pieces it is streamed, each of them after a pause."""

    body: bytes = b""
    status: int = 200
    headers: Body = field(default_factory=lambda: dict(JSON))
    pieces: list[bytes] = field(default_factory=list)
    pause: float = 0.0


class Serving(Base):
    def __init__(self) -> None:
        super().__init__()
        self.shutting_down = False
        self.cache: str | None = "redis"
        self.valkey = True
        self.valkey_role = "master"
        self.unhealthy: set[str] = set()
        self.words = ["Hello", " from", " afar"]
        self.pause = 0.01  # seconds before each word of a stream
        self.breaks_after: int | None = None  # words of a stream, after which the model fails
        self.metrics: str | None = METRICS
        self.metrics_need_key = True
        self.spent: Counter[str] = Counter()

    def endpoints(self) -> Endpoints:
        return super().endpoints() | {("GET", "/model/info"): self._model_info}

    def serve(self, request: Request, key: str) -> Any:
        """The answer, or None where it is for the management API to answer."""
        public = {
            "/health/liveliness": self._liveliness,
            "/health/readiness": self._readiness,
            "/public/model_hub/info": self._model_hub_info,
        }
        if request.path in public:
            return public[request.path]()
        if request.path.startswith("/metrics"):
            return self._metrics(request.path, key)
        if request.path == "/v1/chat/completions":
            self._check_key(key)
            return self._chat(request.body, key)
        if request.path == "/health":
            self._check_key(key)
            return self._health()
        cache = {"/cache/ping": self._cache_ping, "/cache/redis/info": self._redis_info}
        if request.path in cache:
            self._check_admin(key)
            return cache[request.path]()
        return None

    def admin(self, key: str) -> bool:
        raise NotImplementedError

    # Chats

    def _check_key(self, key: str) -> None:
        row = self.keys.get(digest(key))
        if not self.admin(key) and (row is None or row["blocked"]):
            # It repeats a part of the key that it was sent.
            raise error(401, f"Authentication Error, Invalid proxy server token passed. Received {key}", "auth_error")

    def _check_admin(self, key: str) -> None:
        self._check_key(key)
        if not self.admin(key):
            raise error(401, "Authentication Error, Only proxy admin can be used to generate, ...", "auth_error")

    def _chat(self, body: Body, key: str) -> Reply:
        row = self.keys.get(digest(key), {})
        if body["model"] not in self.models:
            message = f"/chat/completions: Invalid model name passed in model={body['model']}."
            raise error(400, message, "invalid_request_error")
        if row.get("models") and body["model"] not in row["models"]:
            message = f"The requested model '{body['model']}' is not available for this API key."
            raise error(403, message, "key_model_access_denied")
        if row.get("max_budget") == 0:
            raise error(422, "Budget has been exceeded! Current cost: 0.0, Max budget: 0.0", "budget_exceeded")
        self._count(f"api_key: {digest(key)}", row.get("rpm_limit"))
        team = self.teams.get(row.get("team_id"), {})
        self._count(f"team: {row.get('team_id')}", team.get("rpm_limit"))
        answer = {"id": f"chatcmpl-{uuid.uuid4()}", "created": 1, "model": body["model"]}
        headers = JSON | {"x-litellm-call-id": str(uuid.uuid4()), "x-litellm-version": self.version or ""}
        if body.get("stream"):
            usage = (body.get("stream_options") or {}).get("include_usage")
            headers["Content-Type"] = "text/event-stream; charset=utf-8"
            events = [*(json.dumps(answer | event) for event in self._events(usage)), "[DONE]"]
            return Reply(headers=headers, pieces=[f"data: {event}\n\n".encode() for event in events], pause=self.pause)
        message = {"role": "assistant", "content": "".join(self.words)}
        choice = {"index": 0, "finish_reason": "stop", "message": message}
        return Reply(json.dumps(answer | {"choices": [choice], "usage": self._usage()}).encode(), headers=headers)

    def _events(self, usage: bool) -> list[Body]:
        def chunk(delta: Body, **more: Any) -> Body:
            return {"choices": [{"index": 0, "delta": delta} | more]}

        # The first event has no word yet, and the last ones have none any more.
        events = [chunk({"role": "assistant"})]
        events += [chunk({"content": word}) for word in self.words[: self.breaks_after]]
        if self.breaks_after is not None:
            return [*events, {"error": {"message": "the model is gone", "type": "None", "code": "500"}}]
        return [*events, chunk({}, finish_reason="stop"), *([chunk({}) | {"usage": self._usage()}] if usage else [])]

    def _usage(self) -> Body:
        return {"prompt_tokens": 4, "completion_tokens": len(self.words), "total_tokens": 4 + len(self.words)}

    def _count(self, whose: str, limit: int | None) -> None:
        if limit is None:
            return
        self.spent[whose] += 1
        if self.spent[whose] > limit:
            message = f"Rate limit exceeded for {whose}. Limit type: requests. Current limit: {limit}, Remaining: 0."
            raise error(429, message, "throttling_error", LIMITED)

    # Health

    def _liveliness(self) -> Any:
        if self.shutting_down:
            raise RefusedError(503, {"status": "shutting_down"})
        return "I'm alive!"

    def _readiness(self) -> Body:
        if self.shutting_down:
            raise RefusedError(503, {"status": "shutting_down"})
        if self.database is None:
            return {"status": "healthy", "db": "Not connected"}
        if not self.database:
            # The status in the body says healthy whatever happens.
            raise RefusedError(503, {"status": "healthy", "db": "disconnected"})
        return {"status": "healthy", "db": "connected"}

    def _model_hub_info(self) -> Body:
        if self.version is None:
            raise RefusedError(404, {"detail": "Not Found"})
        return {
            "docs_title": "LiteLLM API",
            "custom_docs_description": None,
            "litellm_version": self.version,
            "useful_links": {},
        }

    def _health(self) -> Body:
        endpoints = {name: {"model": f"hosted_vllm/{name}", "model_id": f"id-of-{name}"} for name in self.models}
        healthy = [endpoints[name] for name in self.models if name not in self.unhealthy]
        unhealthy = [
            endpoints[name] | {"error": "litellm.APIConnectionError: no route\nstack trace: Traceback ..."}
            for name in self.models
            if name in self.unhealthy
        ]
        return {
            "healthy_endpoints": healthy,
            "unhealthy_endpoints": unhealthy,
            "healthy_count": len(healthy),
            "unhealthy_count": len(unhealthy),
        }

    def _model_info(self, query: Body) -> Body:
        return {"data": [{"model_name": name, "model_info": {"id": f"id-of-{name}"}} for name in self.models]}

    def _cache_ping(self) -> Body:
        if self.cache is None:
            message = {"message": "Cache not initialized. litellm.cache is None", "litellm_cache_params": "{}"}
            raise error(503, json.dumps(message), "cache_ping_error")
        if self.cache != "redis":
            return {"status": "healthy", "cache_type": self.cache, "ping_response": None}
        if not self.valkey:
            raise error(503, json.dumps({"message": "Service Unhealthy"}), "cache_ping_error")
        return {"status": "healthy", "cache_type": "redis", "ping_response": True, "set_cache_response": "success"}

    def _redis_info(self) -> Body:
        if self.cache != "redis" or not self.valkey:
            raise RefusedError(503, {"detail": "Service Unhealthy (503: Cache not initialized. litellm.cache is None)"})
        return {"num_clients": 1, "clients": [], "info": {"role": self.valkey_role}}

    # Metrics

    def _metrics(self, path: str, key: str) -> Any:
        if self.metrics_need_key and not self.admin(key):
            # A JSON string, unlike every other error.
            raise RefusedError(401, "Unauthorized access to metrics endpoint: Authentication Error")
        if self.metrics is None:
            raise RefusedError(404, {"detail": "Not Found"})
        if path == "/metrics":
            return Reply(status=307, headers={"Location": "/metrics/"})
        return Reply(self.metrics.encode(), headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"})
