# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""API keys."""

from __future__ import annotations

import re
import uuid
from typing import Any

from .base import (
    Base,
    Body,
    Endpoints,
    check_budget_duration,
    check_types,
    digest,
    error,
    expires,
    page_of,
    reset_at,
    token_of,
    with_management_fields,
)


class Keys(Base):
    def __init__(self) -> None:
        super().__init__()
        self.keys: dict[str, Body] = {}
        self.deleted_keys: dict[str, Body] = {}

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
        # Here the alias is compared exactly, and a deleted key is not shown.
        names = {
            "key_alias": "key_alias",
            "team_id": "team_id",
            "user_id": "user_id",
            "organization_id": "org_id",
            "key_hash": "token",
        }
        rows = [
            key
            for key in self.keys.values()
            if all(key[column] == query[name] for name, column in names.items() if name in query)
        ]
        whole = query.get("return_full_object") == "true"
        return page_of(
            rows if whole else [key["token"] for key in rows], query, "size", "keys", "total_count", "current_page"
        )

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
            "budget_reset_at": reset_at(body.get("budget_duration")),
            "expires": expires(body.get("duration")),
            "metadata": with_management_fields(body.get("metadata"), body),
            "blocked": None,
            "spend": 0.0,
            "user_id": body.get("user_id") or "default_user_id",
            "budget_id": body.get("budget_id"),
            "org_id": body.get("organization_id") or self.teams.get(body.get("team_id"), {}).get("organization_id"),
        }
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
        if "key_alias" in body:
            self._check_alias(body["key_alias"], key["token"])
        changes = {name: body[name] for name in key if name in body and name not in ("token", "key_name", "spend")}
        if "duration" in body:
            changes["expires"] = expires(body["duration"])
        if "budget_duration" in body:
            changes["budget_reset_at"] = reset_at(body["budget_duration"])
        if "metadata" in body:
            changes["metadata"] = body["metadata"] and with_management_fields(body["metadata"], body)
        self.keys[key["token"]] = self.kept_of(key | changes, key)
        return self.keys[key["token"]]

    def _key_block(self, body: Body) -> Body:
        token = token_of(body["key"])
        if token not in self.keys:
            raise error(404, "Key not found", "not_found_error")
        self.keys[token]["blocked"] = True
        return self.keys[token]

    def _key_delete(self, body: Body) -> Body:
        self.need_database()
        there = [token_of(key) for key in body["keys"] if token_of(key) in self.keys]
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
