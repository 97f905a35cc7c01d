# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Organizations. LiteLLM 1.106 gates all of it by a licence, 1.100 does not."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from .base import NOT_LICENSED, Base, Body, Endpoints, RefusedError, check_types, detail, reset_at

BUDGET = (
    "rpm_limit",
    "tpm_limit",
    "max_parallel_requests",
    "max_budget",
    "soft_budget",
    "budget_duration",
    "model_max_budget",
)
PATCHED = {"organization_alias", "models", "metadata", "object_permission", *BUDGET}


class Organizations(Base):
    def __init__(self) -> None:
        super().__init__()
        self.organizations: dict[str, Body] = {}
        self.organizations_are_gated = True

    def endpoints(self) -> Endpoints:
        return super().endpoints() | {
            ("GET", "/organization/list"): self._gated(self._organization_list),
            ("GET", "/organization/info"): self._gated(self._organization_info),
            ("POST", "/organization/new"): self._gated(self._organization_new),
            ("PATCH", "/v2/organization/{organization_id}"): self._gated(self._organization_patch),
            ("DELETE", "/organization/delete"): self._gated(self._organization_delete),
        }

    def add_organization(self, **fields: Any) -> str:
        return self._organization_new(fields)["organization_id"]

    def organization(self, alias: str) -> Body:
        return next(each for each in self.organizations.values() if each["organization_alias"] == alias)

    def _gated(self, endpoint: Callable[[Body], Any]) -> Callable[[Body], Any]:
        def answer(body: Body) -> Any:
            if self.organizations_are_gated and not self.licence:
                raise detail(403, f"Organizations are only available for LiteLLM Enterprise users. {NOT_LICENSED}")
            self.need_database()
            return endpoint(body)

        return answer

    def _organization_list(self, query: Body) -> list[Body]:
        # All at once. The filter by alias finds parts of names in any case; what it is allowed is left out.
        return [
            self._with_relations(each) | {"object_permission": None}
            for each in self.organizations.values()
            if query.get("org_alias", "").lower() in each["organization_alias"].lower()
            and query.get("org_id", each["organization_id"]) == each["organization_id"]
        ]

    def _organization_info(self, query: Body) -> Body:
        if query["organization_id"] not in self.organizations:
            raise detail(404, "Organization not found")
        return self._with_relations(self.organizations[query["organization_id"]])

    def _with_relations(self, organization: Body) -> Body:
        identity = organization["organization_id"]
        return organization | {
            "teams": [team for team in self.teams.values() if team["organization_id"] == identity],
            "members": [],
            "object_permission": self.object_permissions.get(organization["object_permission_id"]),
        }

    def _organization_new(self, body: Body) -> Body:
        check_types(body)
        identity = body.get("organization_id") or str(uuid.uuid4())
        # The end of the first period is not set.
        budget = {name: body.get(name) for name in BUDGET} | {"budget_reset_at": None}
        organization = {
            "organization_id": identity,
            "organization_alias": body["organization_alias"],  # may be there twice
            "models": body.get("models") or [],
            "metadata": body.get("metadata") or {},
            "budget_id": body.get("budget_id") or str(uuid.uuid4()),
            "spend": 0.0,
            "litellm_budget_table": self.kept_of(budget, {}, new=body),
            "object_permission_id": self._object_permission(body, None),
        }
        self.organizations[identity] = organization
        return organization

    def _organization_patch(self, body: Body) -> Body:
        identity = body.pop("organization_id")
        organization = self.organizations.get(identity)
        if "/" in identity:  # however it is quoted
            raise RefusedError(404, {"detail": "Not Found"})
        if organization is None:
            raise detail(404, "Organization not found")
        unknown = [
            {"loc": ["body", name], "msg": "Extra inputs are not permitted"} for name in body if name not in PATCHED
        ]
        if unknown:
            raise RefusedError(422, {"detail": unknown})
        check_types(body)
        for name in ("organization_alias", "models"):
            if name in body and body[name] is None:
                raise detail(422, f"{name} cannot be cleared")
        if body.get("object_permission") == {}:
            raise detail(422, "object_permission cannot be an empty object; send null to clear it")
        columns = {name: body[name] for name in ("organization_alias", "models") if name in body}
        if "metadata" in body:
            columns["metadata"] = body["metadata"] or {}  # as a whole
        if "object_permission" in body:
            columns["object_permission_id"] = self._object_permission(body, organization["object_permission_id"])
        budget = {name: body[name] for name in BUDGET if name in body}
        if "budget_duration" in budget:
            budget["budget_reset_at"] = reset_at(budget["budget_duration"])
        there = organization["litellm_budget_table"]
        organization |= columns | {"litellm_budget_table": self.kept_of(there | budget, there)}
        return self._with_relations(organization)

    def _organization_delete(self, body: Body) -> list[Body]:
        gone = []
        for identity in body["organization_ids"]:
            if identity not in self.organizations:
                raise detail(404, f"Organization={identity} not found")
            # With its teams and keys. Those that a team had before it came stay behind.
            self.teams = {name: team for name, team in self.teams.items() if team["organization_id"] != identity}
            self.keys = {token: key for token, key in self.keys.items() if key["org_id"] != identity}
            gone.append(self.organizations.pop(identity))
        return gone
