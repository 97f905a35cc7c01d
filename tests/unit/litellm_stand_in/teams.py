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
    Base,
    Body,
    Endpoints,
    check_budget_duration,
    check_types,
    detail,
    error,
    page_of,
    reset_at,
    with_management_fields,
)


class Teams(Base):
    def __init__(self) -> None:
        super().__init__()
        self.teams: dict[str, Body] = {}

    def endpoints(self) -> Endpoints:
        return super().endpoints() | {
            ("GET", "/v2/team/list"): self._team_list,
            ("GET", "/team/info"): self._team_info,
            ("POST", "/team/new"): self._team_new,
            ("POST", "/team/update"): self._team_update,
            ("POST", "/team/delete"): self._team_delete,
        }

    def add_team(self, **fields: Any) -> str:
        return self._team_new(fields)["team_id"]

    def team(self, alias: str) -> Body:
        return next(team for team in self.teams.values() if team["team_alias"] == alias)

    def _team_list(self, query: Body) -> Body:
        self.need_database()
        # The filter by alias finds parts of names in any case; the one by identity is exact.
        found = [
            team
            for team in self.teams.values()
            if query.get("team_alias", "").lower() in (team["team_alias"] or "").lower()
            and query.get("team_id", team["team_id"]) == team["team_id"]
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
        return {"team_id": query["team_id"], "team_info": self.teams[query["team_id"]], "keys": []}

    def _team_new(self, body: Body) -> Body:
        self.need_database()
        check_types(body)
        check_budget_duration(body)
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
            "budget_reset_at": reset_at(body.get("budget_duration")),
            "metadata": with_management_fields(body.get("metadata"), body),
            "max_parallel_requests": None,
            "blocked": False,
            "spend": 0.0,
            "members_with_roles": [{"user_id": "default_user_id", "role": "admin"}],
        }
        self.teams[team_id] = self.kept_of(team, {}, new=body)
        return self.teams[team_id]

    def _team_update(self, body: Body) -> Body:
        self.need_database()
        check_types(body)
        if body.get("team_id") not in self.teams:
            raise detail(404, f"Team not found, passed team_id={body.get('team_id')}")
        if any(name in body and body[name] is None for name in ("models", "blocked")):
            raise error(500, "Internal Server Error, argument of type NoneType")
        team = self.teams[body["team_id"]]
        # The duration is not looked at here, unlike in a new team, and begins a new period whenever it is sent.
        changes = {name: body[name] for name in team if name in body and name not in ("members_with_roles", "spend")}
        changes.pop("max_parallel_requests", None)
        if "budget_duration" in body:
            changes["budget_reset_at"] = reset_at(body["budget_duration"])
        if "metadata" in body and body["metadata"] is not None:
            kept = {
                name: team["metadata"][name] for name in ("team_member_budget_id",) if name in (team["metadata"] or {})
            }
            changes["metadata"] = with_management_fields(body["metadata"], body) | kept
        self.teams[team["team_id"]] = self.kept_of(team | changes, team)
        return {"team_id": team["team_id"], "data": self.teams[team["team_id"]]}

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
