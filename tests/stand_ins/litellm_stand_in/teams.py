# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Teams."""

from __future__ import annotations

import random
import uuid
from collections import Counter
from typing import Any

from .base import (
    IN_METADATA,
    LICENSED_IN_METADATA,
    NOT_LICENSED,
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

# What an update ignores.
ONLY_OF_A_NEW_TEAM = (
    "team_id",
    "members_with_roles",
    "max_parallel_requests",
    "spend",
    "team_member_permissions",
    "object_permission_id",
    "litellm_model_table",
)
# How limits are meant, which an update does not know at all.
LIMIT_TYPES = ("rpm_limit_type", "tpm_limit_type")
NEVER_NULL = {
    "models",
    "blocked",
    "access_group_ids",
    "default_team_member_models",
    "object_permission",
    *IN_METADATA,
    *LICENSED_IN_METADATA,
}.difference(LIMIT_TYPES)
# The columns of the budget that a team's members share, by the names that requests have for them.
MEMBER_BUDGET = {
    "team_member_budget": "max_budget",
    "team_member_budget_duration": "budget_duration",
    "team_member_rpm_limit": "rpm_limit",
    "team_member_tpm_limit": "tpm_limit",
}
SERVER_OWNED = ("team_member_budget_id",)
PERMISSION_LISTS = ("mcp_servers", "mcp_access_groups", "vector_stores", "agents", "models")


class Teams(Base):
    def __init__(self) -> None:
        super().__init__()
        self.teams: dict[str, Body] = {}
        self.team_budgets: dict[str, Body] = {}  # of members, those that are shared and those of one member
        self.object_permissions: dict[str, Body] = {}

    def endpoints(self) -> Endpoints:
        return super().endpoints() | {
            ("GET", "/v2/team/list"): self._team_list,
            ("GET", "/team/info"): self._team_info,
            ("POST", "/team/new"): self._team_new,
            ("POST", "/team/update"): self._team_update,
            ("POST", "/team/permissions_update"): self._team_permissions_update,
            ("POST", "/team/delete"): self._team_delete,
        }

    def add_team(self, **fields: Any) -> str:
        return self._team_new(fields)["team_id"]

    def team(self, alias: str) -> Body:
        return next(team for team in self.teams.values() if team["team_alias"] == alias)

    def _team_list(self, query: Body) -> Body:
        self.need_database()
        # The filter by alias finds parts of names in any case; the others are exact.
        found = [
            team
            for team in self.teams.values()
            if query.get("team_alias", "").lower() in (team["team_alias"] or "").lower()
            and all(query.get(name, team[name]) == team[name] for name in ("team_id", "organization_id"))
        ]
        if query.get("sort_by"):
            found.sort(key=lambda team: team[query["sort_by"]] or "")
        else:
            # By the time of creation, in which many are alike, and PostgreSQL sorts these differently for each page.
            random.shuffle(found)
        page = page_of(found, query, "page_size", "teams", "total", "page")
        counts = Counter(key["team_id"] for key in self.keys.values())
        return page | {"teams": [team | {"keys_count": counts[team["team_id"]]} for team in page["teams"]]}

    def _team_info(self, query: Body) -> Body:
        # Also when it is the database that is not there.
        if not self.database or query.get("team_id") not in self.teams:
            raise detail(404, "Team not found")
        return {
            "team_id": query["team_id"],
            "team_info": self.team_with_relations(self.teams[query["team_id"]]),
            "team_memberships": [],
            "keys": [],
        }

    def team_with_relations(self, team: Body) -> Body:
        """What the listing leaves out."""
        return team | {
            "object_permission": self.object_permissions.get(team["object_permission_id"]),
            "team_member_budget_table": self.team_budgets.get((team["metadata"] or {}).get("team_member_budget_id")),
        }

    def _team_new(self, body: Body) -> Body:
        self.need_database()
        self._check(body)
        check_budget_duration(body)
        team_id = body.get("team_id") or str(uuid.uuid4())
        if team_id in self.teams:
            raise detail(400, f"Team id = {team_id} already exists. Please use a different team id.")
        if body.get("organization_id") and body["organization_id"] not in self.organizations:
            raise detail(400, f"Organization not found for organization_id={body['organization_id']}")
        # An alias may be there twice; models and unknown fields are not looked at; max_parallel_requests is dropped.
        team = {
            "team_id": team_id,
            "team_alias": body.get("team_alias"),
            "organization_id": body.get("organization_id"),
            "models": body.get("models") or [],
            "rpm_limit": body.get("rpm_limit"),
            "tpm_limit": body.get("tpm_limit"),
            "tpd_limit": body.get("tpd_limit"),
            "max_budget": body.get("max_budget"),
            "soft_budget": body.get("soft_budget"),
            "budget_duration": body.get("budget_duration"),
            "budget_reset_at": reset_at(body.get("budget_duration")),
            "budget_limits": with_ends(body.get("budget_limits")),
            "model_max_budget": body.get("model_max_budget") or {},
            "metadata": with_management_fields(body.get("metadata"), body),
            "access_group_ids": body.get("access_group_ids") or [],
            "default_team_member_models": body.get("default_team_member_models") or [],
            "team_member_permissions": body.get("team_member_permissions") or [],
            "router_settings": body.get("router_settings") or {},
            "max_parallel_requests": None,
            "blocked": body.get("blocked", False),
            "spend": 0.0,
            "members_with_roles": [{"user_id": "default_user_id", "user_email": None, "role": "admin"}],
            "litellm_model_table": self._aliases(body),
            "object_permission_id": self._object_permission(body, None),
        }
        # The budget that members share is renewed as the team's own, unless said otherwise.
        shared = {column: body[name] for name, column in MEMBER_BUDGET.items() if body.get(name) is not None}
        if shared:
            self._share_budget(team, {"budget_duration": body.get("budget_duration")} | shared)
        self.teams[team_id] = self.kept_of(team, {}, new=body)
        return self.teams[team_id]

    def _team_update(self, body: Body) -> Body:
        self.need_database()
        self._check(body)
        if body.get("team_id") not in self.teams:
            raise detail(404, f"Team not found, passed team_id={body.get('team_id')}")
        if any(name in body and body[name] is None for name in NEVER_NULL):
            raise error(500, "Unable to match input value to any allowed input type for the field.")
        team = self.teams[body["team_id"]]
        if body.get("organization_id") and body["organization_id"] not in self.organizations:
            raise detail(404, f"Organization not found, passed organization_id={body['organization_id']}")
        # The duration begins a new period whenever it is sent.
        changes = {name: body[name] for name in team if name in body and name not in ONLY_OF_A_NEW_TEAM}
        if "budget_duration" in body:
            changes["budget_reset_at"] = reset_at(body["budget_duration"])
        if "budget_limits" in body:
            changes["budget_limits"] = with_ends(body["budget_limits"])
        if body.get("model_aliases") is not None:
            changes["litellm_model_table"] = self._aliases(body)
        if body.get("object_permission") is not None:
            changes["object_permission_id"] = self._object_permission(body, team["object_permission_id"])
        named = {name: value for name, value in body.items() if name not in LIMIT_TYPES}
        if "metadata" in body or with_management_fields({}, named) or any(name in body for name in MEMBER_BUDGET):
            # Of metadata that is not sent, some versions keep nothing.
            shared = {name: team["metadata"][name] for name in SERVER_OWNED if name in (team["metadata"] or {})}
            changes["metadata"] = with_management_fields(body.get("metadata"), named) | shared
        team = self.kept_of(team | changes, team)
        if any(name in body for name in MEMBER_BUDGET):
            self._share_budget(team, {column: body[name] for name, column in MEMBER_BUDGET.items() if name in body})
        self.teams[team["team_id"]] = team
        return {"team_id": team["team_id"], "data": team}

    def _team_permissions_update(self, body: Body) -> Body:
        self.need_database()
        if not isinstance(body.get("team_member_permissions"), list):
            entry = {"loc": ["body", "team_member_permissions"], "msg": "Input should be a valid list"}
            raise RefusedError(422, {"detail": [entry]})
        self.teams[body["team_id"]]["team_member_permissions"] = body["team_member_permissions"]
        return self.teams[body["team_id"]]

    def _team_delete(self, body: Body) -> Any:
        self.need_database()
        # One that is missing, and none is deleted.
        for team_id in body["team_ids"]:
            if team_id not in self.teams:
                raise detail(404, f"Team not found, passed team_id={team_id}")
        for team_id in body["team_ids"]:
            del self.teams[team_id]
            for token in [token for token, key in self.keys.items() if key["team_id"] == team_id]:
                self.deleted_keys[token] = self.keys.pop(token)
        return len(body["team_ids"])

    def _check(self, body: Body) -> None:
        check_types(body)
        self.check_licence(body)
        if body.get("model_max_budget") and not self.licence:
            raise detail(403, f"Setting model_max_budget on a team is an enterprise feature. {NOT_LICENSED}")

    def _aliases(self, body: Body) -> Body | None:
        """Aliases of models are in a table of their own."""
        return None if body.get("model_aliases") is None else {"id": 1, "model_aliases": body["model_aliases"]}

    def _object_permission(self, body: Body, identity: str | None) -> str | None:
        """It is merged into what is there, and told with an empty list for what it does not name."""
        if body.get("object_permission") is None:
            return identity
        identity = identity or str(uuid.uuid4())
        empty = {name: [] for name in PERMISSION_LISTS} | {
            "object_permission_id": identity,
            "mcp_tool_permissions": None,
        }
        self.object_permissions[identity] = (
            empty | self.object_permissions.get(identity, {}) | body["object_permission"]
        )
        return identity

    def _share_budget(self, team: Body, columns: Body) -> None:
        """Change or make the budget that the members of a team share. A request that only clears makes none."""
        identity = (team["metadata"] or {}).get("team_member_budget_id")
        if identity is None and all(value is None for value in columns.values()):
            return
        identity = identity or f"team-budget-{uuid.uuid4().hex}"
        self.team_budgets[identity] = (
            dict.fromkeys(MEMBER_BUDGET.values()) | self.team_budgets.get(identity, {}) | columns
        )
        team["metadata"] = (team["metadata"] or {}) | {"team_member_budget_id": identity}


def with_ends(windows: list[Body] | None) -> list[Body] | None:
    return windows and [window | {"reset_at": reset_at(window["budget_duration"])} for window in windows]
