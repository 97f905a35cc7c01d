# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every kind of object has in common: errors in LiteLLM's shapes, pages, and how values are checked."""

from __future__ import annotations

import copy
import hashlib
import re
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

Body = dict[str, Any]
Endpoints = dict[tuple[str, str], Callable[[Body], Any]]
# The management fields that LiteLLM keeps inside metadata, and those of them that only a licence allows.
IN_METADATA = (
    "allowed_vector_store_indexes",
    "default_estimated_output_tokens",
    "default_estimated_output_tokens_per_model",
    "enforced_batch_output_expires_after",
    "enforced_file_expires_after",
    "enforced_params",
    "mcp_rpm_limit",
    "model_rpm_limit",
    "model_tpm_limit",
    "require_trace_id",  # since 1.108
    "rpm_limit_type",
    "tpm_limit_type",
)
LICENSED_IN_METADATA = (
    "allowed_passthrough_routes",
    "denied_passthrough_routes",
    "disable_global_guardrails",
    "guardrails",
    "policies",
    "prompts",
    "secret_manager_settings",
    "tags",
    "team_member_key_duration",
)
NOT_LICENSED = (
    "You must be a LiteLLM Enterprise user to use this feature. If you have a license please set `LITELLM_LICENSE` in"
    " your env."
)


class RefusedError(Exception):
    def __init__(self, status: int, content: Any, headers: dict[str, str] | None = None) -> None:
        self.status, self.content, self.headers = status, content, headers or {}


def error(
    status: int, message: str, kind: str = "bad_request_error", headers: dict[str, str] | None = None
) -> RefusedError:
    """The first of LiteLLM's three shapes of errors; code is a string."""
    content = {"error": {"message": message, "type": kind, "param": None, "code": str(status)}}
    return RefusedError(status, content, headers)


def detail(status: int, message: str) -> RefusedError:
    """The second; the third is the list of a 422."""
    return RefusedError(status, {"detail": {"error": message}})


class Base:
    def __init__(self) -> None:
        self.dropped: set[str] = set()  # fields that it accepts and does not keep
        self.defaults: Body = {}  # what default_team_settings or default_key_generate_params put into new objects
        self.database: bool | None = True  # False: it is away; None: it was never given
        self.licence = False  # for what only the enterprise edition does
        self.version: str | None = "1.106.2"
        # How many listings after a change come from a replica that does not know of it yet, where it lists from memory.
        self.lag = 0
        self._stale = 0

    def endpoints(self) -> Endpoints:
        return {}

    def older_than(self, *release: int) -> bool:
        return self.version is not None and tuple(map(int, self.version.split("."))) < release

    def need_database(self) -> None:
        if self.database is None:
            raise detail(500, "No db connected. prisma client=None")
        if not self.database:
            raise error(500, "Internal Server Error, Can't reach database server", "internal_server_error")

    def check_licence(self, body: Body) -> None:
        """Empty values pass without a licence, and are kept."""
        licensed = [name for name in LICENSED_IN_METADATA if body.get(name)]
        if licensed and not self.licence:
            raise detail(
                403, f"This feature is only available for LiteLLM Enterprise users: {licensed[0]}. {NOT_LICENSED}"
            )

    def remember(self, rows: dict[str, Body]) -> dict[str, Body]:
        """What a replica goes on to list while it does not know of the change that is coming."""
        self._stale = self.lag
        return copy.deepcopy(rows)

    def listed_of(self, before: dict[str, Body], rows: dict[str, Body]) -> list[Body]:
        self._stale -= 1
        return list((rows if self._stale < 0 else before).values())

    def kept_of(self, row: Body, before: Body, new: Body | None = None) -> Body:
        kept = row | {name: before.get(name) for name in self.dropped if name in row}
        if new is not None:
            kept |= {name: value for name, value in self.defaults.items() if not new.get(name)}
        if kept.get("max_budget") is not None:
            kept["max_budget"] = float(kept["max_budget"])
        if kept.get("metadata"):
            kept["metadata"] = encrypted(kept["metadata"])
        return kept


def encrypted(metadata: Body) -> Body:
    """With the secrets of callbacks as they are kept and given back, each time others, unless they are already."""
    metadata = copy.deepcopy(metadata)
    holders = [*(metadata.get("logging") or ()), metadata.get("callback_settings") or {}]
    for variables in (holder.get("callback_vars", {}) for holder in holders if isinstance(holder, dict)):
        for name, value in variables.items():
            if {"key", "secret"} & {*name.split("_")} and not value.startswith("litellm_enc::"):
                variables[name] = f"litellm_enc::{uuid.uuid4().hex}"
    return metadata


def without_nulls(values: Body) -> Body:
    return {name: value for name, value in values.items() if value is not None}


def digest(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()


def token_of(key: str) -> str:
    return digest(key) if key.startswith("sk-") else key


def page_of(
    rows: list[Any], query: Body, size: str, items: str, total: str, current: str, *, most: float = 100
) -> Body:
    page, count = int(query.get("page", 1)), int(query.get(size, 10))
    if count > most:
        entry = {"loc": ["query", size], "msg": "Input should be less than or equal to 100", "input": str(count)}
        raise RefusedError(422, {"detail": [entry]})
    return {
        items: rows[(page - 1) * count : page * count],
        total: len(rows),
        current: page,
        "total_pages": -(-len(rows) // count),
    }


def check_types(body: Body) -> None:
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


def check_budget_duration(body: Body) -> None:
    duration = body.get("budget_duration")
    if duration is not None and not re.match(r"\d+(mo|[smhdw])", duration):
        raise detail(400, f"Invalid budget_duration '{duration}'")


def with_management_fields(metadata: Body | None, body: Body) -> Body:
    names = (*IN_METADATA, *LICENSED_IN_METADATA)
    return (metadata or {}) | {name: body[name] for name in names if body.get(name) is not None}


def seconds(duration: str) -> int:
    value, unit = re.match(r"(\d+)(mo|[smhdw])", duration).groups()
    return int(value) * {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800, "mo": 2592000}[unit]


def expires(duration: str | None) -> str | None:
    return duration and (datetime.now(UTC) + timedelta(seconds=seconds(duration))).isoformat()


def reset_at(duration: str | None) -> str | None:
    """Never the same twice, so that a test sees a period that was begun anew."""
    return duration and f"{datetime.now(UTC).isoformat()}+{duration}"
