# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""API keys."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, datetime
from typing import Any

from .base import (
    NOT_LICENSED,
    Base,
    Body,
    Endpoints,
    RefusedError,
    check_budget_duration,
    check_types,
    detail,
    digest,
    error,
    expires,
    page_of,
    reset_at,
    token_of,
    with_management_fields,
)

# The columns of a key by what they hold when nothing was said of them.
SCALARS = (
    "key_alias",
    "team_id",  # one that does not exist will do, and so will a user or agent
    "user_id",
    "agent_id",
    "blocked",
    "rpm_limit",
    "tpm_limit",
    "tpd_limit",
    "max_parallel_requests",
    "max_budget",
    "budget_duration",
    "budget_limits",
    "budget_id",
    "project_id",
)
LISTS = ("models", "access_group_ids", "allowed_routes", "allowed_cache_controls")
DICTIONARIES = ("aliases", "permissions", "model_max_budget", "budget_fallbacks", "router_settings", "config")
# What else of a key LiteLLM keeps inside metadata; the last two of it only when both are said of a key that is there.
IN_KEY_METADATA = (
    "tag_rpm_limit",
    "throttle_on_budget_exceeded",
    "enable_prompt_caching",
    "end_user_budget_id",
)
TEMPORARY = ("temp_budget_increase", "temp_budget_expiry")
ROUTES = {"llm_api": "llm_api_routes", "management": "management_routes", "read_only": "info_routes"}
NO_PERMISSION = {
    "mcp_servers": [],
    "mcp_access_groups": [],
    "mcp_tool_permissions": None,
    "vector_stores": [],
    "agents": [],
    "agent_access_groups": [],
    "models": [],
    "mcp_toolsets": [],
    "blocked_tools": [],
    "search_tools": [],
    "mcp_tool_search_enabled": None,
    "skills": [],
}


class Keys(Base):
    def __init__(self) -> None:
        super().__init__()
        self.keys: dict[str, Body] = {}
        self.deleted_keys: dict[str, Body] = {}
        self.budgets: dict[str, Body] = {}

    def endpoints(self) -> Endpoints:
        return super().endpoints() | {
            ("GET", "/key/list"): self._key_list,
            ("GET", "/key/info"): self._key_info,
            ("POST", "/key/generate"): self._key_generate,
            ("POST", "/key/update"): self._key_update,
            ("POST", "/key/block"): self._key_block,
            ("POST", "/key/delete"): self._key_delete,
        }

    def add_key(self, value: str, **fields: Any) -> str:
        self._key_generate({"key": value} | fields)
        return digest(value)

    def key(self, alias: str) -> Body:
        return next(key for key in self.keys.values() if key["key_alias"] == alias)

    def _key_list(self, query: Body) -> Body:
        self.need_database()
        # Here the alias is compared exactly, unless something else is asked for, and a deleted key is not shown.
        alias = query.get("key_alias")
        names = {"team_id": "team_id", "user_id": "user_id", "organization_id": "org_id", "key_hash": "token"}
        parts = query.get("substring_matching") == "true"
        rows = [
            key
            for key in self.keys.values()
            if all(key[column] == query[name] for name, column in names.items() if name in query)
            and (alias in (None, key["key_alias"]) or (parts and alias.lower() in (key["key_alias"] or "").lower()))
        ]
        # One such key, and no list that has it is answered with.
        if any(key["budget_fallbacks"] is None for key in rows):
            raise error(500, "Authentication Error, 1 validation error for UserAPIKeyAuth\nbudget_fallbacks")
        whole = query.get("return_full_object") == "true"
        return page_of(
            [self.listed(key) if whole else key["token"] for key in rows],
            query,
            "size",
            "keys",
            "total_count",
            "current_page",
        )

    def listed(self, key: Body) -> Body:
        """A key as the list has it, with its budget."""
        return key | {"litellm_budget_table": self.budgets.get(key["budget_id"]), "soft_budget": None}

    def _key_info(self, query: Body) -> Body:
        token = token_of(query["key"])
        # A deleted key is still answered for.
        key = self.keys.get(token) or (token in self.deleted_keys and self.deleted_keys[token] | {"status": "deleted"})
        if not key:
            raise error(404, "Key not found in database", "not_found_error")
        return {"key": query["key"], "info": {name: value for name, value in key.items() if name != "token"}}

    def _key_generate(self, body: Body) -> Body:
        self.need_database()
        check_types(body)
        value = body.get("key") or f"sk-{uuid.uuid4().hex}"
        if not value.startswith("sk-"):
            raise error(400, "Invalid key format. LiteLLM Virtual Key must start with 'sk-'.")
        self._check_alias(body.get("key_alias"), None)
        if body.get("duration") and not re.match(r"\d+(mo|[smhdw])", body["duration"]):
            raise error(500, "Internal Server Error, Invalid duration format")
        check_budget_duration(body)
        self.check_licence(body)
        self._check_model_budgets(body, 500)
        token = digest(value)
        key = {name: body.get(name) for name in SCALARS} | {name: body.get(name) or [] for name in LISTS}
        key |= {name: body.get(name) or {} for name in DICTIONARIES}
        key |= {
            "token": token,
            "key_name": f"sk-...{value[-4:]}",
            "budget_reset_at": reset_at(body.get("budget_duration")),
            "budget_limits": _windows(body.get("budget_limits")),
            "budget_id": self._budget_of(body.get("budget_id"), body),
            "created_at": datetime.now(UTC).isoformat(),
            "expires": expires(body.get("duration")),
            "metadata": _with_management_fields(body.get("metadata"), body),
            "object_permission": body.get("object_permission") and _permission(NO_PERMISSION, body),
            "spend": body.get("spend", 0.0),
            "key_type": body.get("key_type", "default"),
            "user_id": body.get("user_id") or "default_user_id",
            "org_id": body.get("organization_id") or self.teams.get(body.get("team_id"), {}).get("organization_id"),
        }
        if key["key_type"] != "default":
            key["allowed_routes"] = [ROUTES[key["key_type"]]]
        # A value that exists already is answered for with what was sent, and nothing is stored.
        if token not in self.keys:
            self.keys[token] = self.kept_of(key, {}, new=body)
        return key | {"key": value, "duration": None}

    def _key_update(self, body: Body) -> Body:
        self.need_database()
        check_types(body)
        key = self.keys.get(token_of(body["key"]))
        if key is None:
            raise error(404, "Key not found", "not_found_error")
        if body.get("team_id") == "":
            raise error(500, "Internal Server Error, team_id")
        if any(name in body and body[name] is None for name in (*LISTS[1:], "spend")):
            raise error(400, "Authentication Error, Unable to match input value to any allowed input type")
        if sum(body.get(name) is not None for name in TEMPORARY) == 1:
            sentence = "Value error, temp_budget_increase and temp_budget_expiry must be set together"
            raise RefusedError(422, {"detail": [{"loc": ["body"], "msg": sentence}]})
        self.check_licence(body)
        self._check_model_budgets(body, 400)
        if "key_alias" in body:
            self._check_alias(body["key_alias"], key["token"])
        # Null is stored even where it breaks the key: of aliases and of budget_fallbacks.
        never = ("token", "key_name", "key_type", "created_at", "object_permission", "metadata")
        changes = {name: body[name] for name in key if name in body and name not in never}
        if "organization_id" in body:
            changes["org_id"] = body["organization_id"]
        if "duration" in body:
            changes["expires"] = expires(body["duration"])
        if "budget_duration" in body:
            changes["budget_reset_at"] = reset_at(body["budget_duration"])
        if "budget_limits" in body:
            changes["budget_limits"] = _windows(body["budget_limits"])
        if body.get("object_permission"):
            changes["object_permission"] = _permission(key["object_permission"] or NO_PERMISSION, body)
        if "soft_budget" in body:
            changes["budget_id"] = self._budget_of(body.get("budget_id", key["budget_id"]), body, key)
        # As a whole, with the fields of other names, of which null is ignored.
        if body.get("metadata", {}) is not None:
            changes["metadata"] = _with_management_fields(body.get("metadata", key["metadata"]), body)
            changes["metadata"] |= {name: body[name] for name in TEMPORARY if body.get(name) is not None}
        else:
            changes["metadata"] = None
        self.keys[key["token"]] = self.kept_of(key | changes, key)
        return self.keys[key["token"]]

    def _key_block(self, body: Body) -> Body:
        token = token_of(body["key"])
        if token not in self.keys:
            raise error(404, "Key not found", "not_found_error")
        self._check_sound(self.keys[token])
        self.keys[token]["blocked"] = True
        return self.keys[token]

    def _key_delete(self, body: Body) -> Body:
        self.need_database()
        there = [token_of(key) for key in body["keys"] if token_of(key) in self.keys]
        if not there:
            raise error(404, "No keys found", "not_found_error")
        for token in there:
            self._check_sound(self.keys[token])
            self.deleted_keys[token] = self.keys.pop(token)
        return {"deleted_keys": body["keys"]}

    def _check_alias(self, alias: str | None, token: str | None) -> None:
        if alias and any(key["key_alias"] == alias and key["token"] != token for key in self.keys.values()):
            raise error(
                400, f"Key with alias '{alias}' already exists. Unique key aliases across all keys are required."
            )

    def _check_sound(self, key: Body) -> None:
        if key["aliases"] is None:
            raise error(500, "Internal Server Error, 1 validation error for UserAPIKeyAuth\naliases")

    def _check_model_budgets(self, body: Body, status: int) -> None:
        if body.get("model_max_budget") and not self.licence:
            raise error(status, f"Invalid model_max_budget: You must have an enterprise license. {NOT_LICENSED}")

    def _budget_of(self, budget_id: str | None, body: Body, there: Body | None = None) -> str | None:
        """The budget of a key. For a soft limit it gets one of its own, unless it has one, which is changed then."""
        if there is None and body.get("soft_budget") is not None:
            budget_id = None
        elif budget_id is not None and budget_id not in self.budgets:
            raise error(500 if there is None else 400, "Internal Server Error, Foreign key constraint failed")
        soft = body.get("soft_budget")
        if soft is not None and soft < 0:
            raise detail(400, f"soft_budget must be a non-negative finite number. Received: {soft}")
        if budget_id is None and soft is not None:
            budget_id = str(uuid.uuid4())
            self.budgets[budget_id] = {"budget_id": budget_id, "soft_budget": None, "max_budget": None}
        if budget_id is not None and "soft_budget" in body:
            self.budgets[budget_id]["soft_budget"] = soft if soft is None else float(soft)
        return budget_id


def _with_management_fields(metadata: Body | None, body: Body) -> Body:
    return with_management_fields(metadata, body) | {
        name: body[name] for name in IN_KEY_METADATA if body.get(name) is not None
    }


def _windows(windows: list[Body] | None) -> list[Body] | None:
    """Each with an end of its own; what they last is not looked at."""
    return [
        {**window, "max_budget": float(window["max_budget"]), "reset_at": reset_at(window["budget_duration"])}
        for window in windows or []
    ] or None


def _permission(there: Body, body: Body) -> Body:
    """What there is, with what is said in its place; unknown names are not kept."""
    said = body["object_permission"]
    if any(said.get(name, ...) is None for name, nothing in NO_PERMISSION.items() if nothing == []):
        raise error(400, "Authentication Error, Unable to match input value to any allowed input type")
    changed = {name: said.get(name, there.get(name)) for name in NO_PERMISSION}
    return {"object_permission_id": there.get("object_permission_id") or str(uuid.uuid4())} | changed
