# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Members of teams."""

from __future__ import annotations

import uuid
from typing import Any

from .base import NOT_LICENSED, Base, Body, Endpoints, check_budget_duration, detail, error

# The columns of a member's own budget, by the names that requests have for them.
OWN_BUDGET = {
    "max_budget_in_team": "max_budget",
    "budget_duration": "budget_duration",
    "rpm_limit": "rpm_limit",
    "tpm_limit": "tpm_limit",
    "allowed_models": "allowed_models",
}
TAKEN_FROM_A_NEW_MEMBER = ("max_budget_in_team", "budget_duration", "allowed_models")
NO_BUDGET: Body = {
    "max_budget": None,
    "budget_duration": None,
    "rpm_limit": None,
    "tpm_limit": None,
    "allowed_models": [],
}


class Members(Base):
    def __init__(self) -> None:
        super().__init__()
        self.emails: dict[str, str | None] = {}  # of users, by identity
        self.memberships: dict[tuple[str, str], str | None] = {}  # the budget, by team and user

    def endpoints(self) -> Endpoints:
        return super().endpoints() | {
            ("POST", "/team/member_add"): self._member_add,
            ("POST", "/team/member_update"): self._member_update,
            ("POST", "/team/member_delete"): self._member_delete,
        }

    def add_member(self, team_id: str, **fields: Any) -> None:
        member = {name: fields.pop(name) for name in ("user_id", "user_email", "role") if name in fields}
        self._member_add({"team_id": team_id, "member": {"role": "user"} | member} | fields)

    def invite(self, team_id: str, user_email: str) -> None:
        """A member as it comes with a new team: nobody is made of the address, so that there is no identity."""
        member = {"user_id": None, "user_email": user_email, "role": "user"}
        self.teams[team_id]["members_with_roles"].append(member)

    def member(self, team_id: str, user_id: str) -> Body:
        """A member's own budget, and what the team knows of the member."""
        [entry] = [each for each in self.teams[team_id]["members_with_roles"] if each["user_id"] == user_id]
        return self.team_budgets.get(self.memberships[team_id, user_id], NO_BUDGET) | entry

    def _team_info(self, query: Body) -> Body:
        answer = super()._team_info(query)
        team_id = query["team_id"]
        members = answer["team_info"]["members_with_roles"]
        # Also those who were given an identity only; this is looked up each time.
        known = [each | {"user_email": each["user_email"] or self.emails.get(each["user_id"])} for each in members]
        memberships = [
            {"user_id": user, "team_id": team, "budget_id": budget, "spend": 0.0}
            | {"litellm_budget_table": self.team_budgets.get(budget)}
            for (team, user), budget in self.memberships.items()
            if team == team_id
        ]
        return answer | {
            "team_info": answer["team_info"] | {"members_with_roles": known},
            "team_memberships": memberships,
        }

    def _member_add(self, body: Body) -> Body:
        self.need_database()
        member = body["member"]
        self._check_role(member["role"])
        check_budget_duration(body)
        team = self.teams.get(body["team_id"])
        if team is None:
            raise detail(404, f"Team not found for team_id={body['team_id']}")
        there = team["members_with_roles"]
        if any(
            member.get(name) is not None and each[name] == member[name]
            for each in there
            for name in ("user_id", "user_email")
        ):
            raise error(400, "User already in team.", "team_member_already_in_team")
        # A user who does not exist is made. One who does is found by email in any case of letters.
        email = member.get("user_email")
        named = [user for user, known in self.emails.items() if email and (known or "").lower() == email.lower()]
        user_id = member.get("user_id") or (named[0] if named else str(uuid.uuid4()))
        self.emails.setdefault(user_id, email)
        if any(each["user_id"] == user_id for each in there):
            return team  # and nothing is done
        there.append({"user_id": user_id, "user_email": email or self.emails[user_id], "role": member["role"]})
        # Limits per minute are not taken here. Without limits of their own, members share the team's budget.
        own = {OWN_BUDGET[name]: body[name] for name in TAKEN_FROM_A_NEW_MEMBER if body.get(name) is not None}
        if "allowed_models" not in own and team["default_team_member_models"]:
            own["allowed_models"] = team["default_team_member_models"]
        shared = (team["metadata"] or {}).get("team_member_budget_id")
        if own.keys() == {"budget_duration"}:
            own = self.team_budgets.get(shared, {}) | own
        self.memberships[team["team_id"], user_id] = self._budget(own) if own else shared
        return team

    def _member_update(self, body: Body) -> Body:
        self.need_database()
        self._check_role(body.get("role"))
        check_budget_duration(body)
        team = self.teams.get(body["team_id"])
        if team is None:
            raise detail(400, f"Team id={body['team_id']} does not exist in db")
        entries = [each for each in team["members_with_roles"] if each["user_id"] == body["user_id"]]
        if body.get("role"):
            for each in entries:
                each["role"] = body["role"]
        patch = {OWN_BUDGET[name]: body[name] for name in OWN_BUDGET if name in body}
        if patch.get("allowed_models", []) is None:
            raise error(500, "Internal server error", "internal_server_error")
        if not patch:
            return body
        identity = self.memberships.get((team["team_id"], body["user_id"]))
        shared = (team["metadata"] or {}).get("team_member_budget_id")
        # A budget that is shared is copied, and one without a limit given up.
        budget = NO_BUDGET | self.team_budgets.get(identity, {}) | patch
        if not any(value not in (None, []) for value in budget.values()):
            self.memberships[team["team_id"], body["user_id"]] = None
        elif identity in (None, shared):
            self.memberships[team["team_id"], body["user_id"]] = self._budget(budget)
        else:
            self.team_budgets[identity] = budget
        return body

    def _member_delete(self, body: Body) -> Body:
        self.need_database()
        team = self.teams.get(body["team_id"])
        if team is None:
            raise detail(400, f"Team id={body['team_id']} does not exist in db")
        # By the one or the other, which has to be the same in every letter.
        if body.get("user_id") is None and body.get("user_email") is None:
            raise detail(400, "Either user_id or user_email needs to be passed in")
        said = {name: body[name] for name in ("user_id", "user_email") if body.get(name) is not None}
        stay = [each for each in team["members_with_roles"] if not said.items() & each.items()]
        if len(stay) == len(team["members_with_roles"]):
            raise detail(400, "User not found in team")
        team["members_with_roles"] = stay
        if body.get("user_id") is None:
            return team
        self.memberships.pop((team["team_id"], body["user_id"]), None)
        # With all the keys of the user in this team.
        mine = {"team_id": team["team_id"], "user_id": body["user_id"]}
        for token in [token for token, key in self.keys.items() if key.items() >= mine.items()]:
            self.deleted_keys[token] = self.keys.pop(token)
        return team

    def _share_budget(self, team: Body, columns: Body) -> None:
        """Members without a budget of their own when it is changed share it from then on."""
        super()._share_budget(team, columns)
        shared = (team["metadata"] or {}).get("team_member_budget_id")
        for team_id, user_id in self.memberships:
            if team_id == team["team_id"] and self.memberships[team_id, user_id] is None and shared:
                self.memberships[team_id, user_id] = shared

    def _check_role(self, role: str | None) -> None:
        if role == "admin" and not self.licence:
            raise detail(400, f"Assigning team admins is a premium feature. {NOT_LICENSED}")

    def _budget(self, columns: Body) -> str:
        identity = str(uuid.uuid4())
        self.team_budgets[identity] = NO_BUDGET | columns
        return identity
