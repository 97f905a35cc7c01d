# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Users."""

from __future__ import annotations

import uuid
from typing import Any

from .base import (
    Base,
    Body,
    Endpoints,
    RefusedError,
    check_budget_duration,
    check_types,
    detail,
    error,
    page_of,
    reset_at,
    with_management_fields,
)

ROLES = ("proxy_admin", "proxy_admin_viewer", "internal_user", "internal_user_viewer")
# What null clears, and the first release that does so. Of all others, an update ignores null and what is empty.
CLEARED = {
    "max_budget": (1, 80),
    "budget_duration": (1, 102),
    "model_max_budget": (1, 102),
    "rpm_limit": (1, 106),
    "tpm_limit": (1, 106),
}
# What SCIM has written into metadata, and only SCIM is told of.
OF_THE_DIRECTORY = ("scim_enterprise", "scim_entitlements", "scim_roles")


class Users(Base):
    def __init__(self) -> None:
        super().__init__()
        self.users: dict[str, Body] = {}

    def endpoints(self) -> Endpoints:
        return super().endpoints() | {
            ("GET", "/user/list"): self._user_list,
            ("GET", "/v2/user/info"): self._user_info,
            ("POST", "/user/new"): self._user_new,
            ("POST", "/user/update"): self._user_update,
            ("POST", "/user/delete"): self._user_delete,
        }

    def add_user(self, user_id: str, **fields: Any) -> str:
        return self._user_new({"user_id": user_id, "auto_create_key": False} | fields)["user_id"]

    def _user_list(self, query: Body) -> Body:
        self.need_database()
        # Every filter finds parts, in any case of letters, and takes a backslash for a sign of its own. user_ids is
        # left out here: it takes a comma for the end of a name.
        search, email = (query.get(name, "").lower().replace("\\", "") for name in ("search", "user_email"))
        rows = [
            user
            for user in self.users.values()
            if (search in user["user_id"].lower() or search in (user["user_email"] or "").lower())
            and email in (user["user_email"] or "").lower()
        ]
        if "sort_by" in query:
            rows.sort(key=lambda user: user[query["sort_by"]])
        return page_of(list(map(_shown, rows)), query, "page_size", "users", "total", "page")

    def _user_info(self, query: Body) -> Body:
        """What the user is allowed, but not all of the limits."""
        self.need_database()
        user = self.users.get(query["user_id"])
        if user is None:
            raise detail(404, f"User not found: {query['user_id']}")
        told = {name: user[name] for name in ("user_id", "user_email", "user_alias", "user_role", "spend")}
        told["metadata"] = _shown(user)["metadata"]
        return told | {"object_permission": self.object_permissions.get(user["object_permission_id"])}

    def _user_new(self, body: Body) -> Body:
        self.need_database()
        self._check_user(body)
        user_id = body.get("user_id") or str(uuid.uuid4())
        if user_id in self.users:
            raise error(409, f"User with id {user_id} already exists", "internal_server_error")
        email = body.get("user_email")
        if email and any((user["user_email"] or "").lower() == email.strip().lower() for user in self.users.values()):
            raise error(409, f"User with email {email} already exists", "internal_server_error")
        if body.get("model_max_budget") and not self.licence:
            raise error(500, "Invalid model_max_budget: You must have an enterprise license to set model_max_budget.")
        self.users[user_id] = self.kept_of(self._new_user(user_id, body), {}, new=body)
        key = self._key_generate({"user_id": user_id}) if body.get("auto_create_key", True) else {"key": ""}
        return key | self.users[user_id]

    def _new_user(self, user_id: str, body: Body) -> Body:
        return {
            "user_id": user_id,
            "user_email": body.get("user_email"),
            "user_alias": body.get("user_alias"),
            "user_role": body.get("user_role"),
            "sso_user_id": body.get("sso_user_id"),
            "teams": [],
            "models": body.get("models") or [],
            "object_permission_id": self._object_permission(body, None),
            "object_permission": None,  # the listing leaves it out
            "rpm_limit": body.get("rpm_limit"),
            "tpm_limit": body.get("tpm_limit"),
            "max_parallel_requests": body.get("max_parallel_requests"),
            "max_budget": body.get("max_budget"),
            "budget_duration": body.get("budget_duration"),
            "budget_reset_at": reset_at(body.get("budget_duration")),
            "model_max_budget": body.get("model_max_budget") or {},
            "metadata": with_management_fields(body.get("metadata"), body),
            "spend": 0.0,
        }

    def _user_update(self, body: Body) -> Body:
        self.need_database()
        self._check_user(body)
        # One that is missing comes to be; an address that another user has will do.
        user = self.users.get(body["user_id"]) or self._new_user(body["user_id"], {})
        changes = {
            name: body[name]
            for name in user
            if name in body
            and name not in ("user_id", "sso_user_id", "teams", "spend", "object_permission")
            and (body[name] not in (None, [], {}) or (name in CLEARED and not self.older_than(*CLEARED[name])))
        }
        if "budget_duration" in changes:
            changes["budget_reset_at"] = reset_at(body["budget_duration"])
        if changes.get("model_max_budget", 0) is None:
            changes["model_max_budget"] = {}
        if body.get("object_permission"):
            changes["object_permission_id"] = self._object_permission(body, user["object_permission_id"])
        changes["metadata"] = with_management_fields(changes.get("metadata", user["metadata"]), body)
        self.users[user["user_id"]] = self.kept_of(user | changes, user)
        return {"user_id": user["user_id"], "data": self.users[user["user_id"]]}

    def _user_delete(self, body: Body) -> int:
        self.need_database()
        for user_id in body["user_ids"]:
            if user_id not in self.users:
                raise detail(404, f"User not found, passed user_id={user_id}")
        for user_id in body["user_ids"]:
            del self.users[user_id]
            for token in [token for token, key in self.keys.items() if key["user_id"] == user_id]:
                self.deleted_keys[token] = self.keys.pop(token)
        return len(body["user_ids"])

    def _check_user(self, body: Body) -> None:
        check_types(body)
        check_budget_duration(body)
        if body.get("user_role") not in (None, *ROLES):
            entry = {"loc": ["body", "user_role"], "msg": "Input should be 'proxy_admin'", "input": body["user_role"]}
            raise RefusedError(422, {"detail": [entry]})


def _shown(user: Body) -> Body:
    metadata = {name: value for name, value in (user["metadata"] or {}).items() if name not in OF_THE_DIRECTORY}
    return user | {"metadata": metadata}
