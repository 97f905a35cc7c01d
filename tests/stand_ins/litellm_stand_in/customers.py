# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Customers, which are also called end users."""

from __future__ import annotations

from typing import Any

from .base import Base, Body, Endpoints, RefusedError, check_budget_duration, check_types, detail, error
from .budgets import LIMITS

# The lists of what may be allowed.
PERMISSIONS = {
    "agent_access_groups",
    "agents",
    "blocked_tools",
    "mcp_access_groups",
    "mcp_servers",
    "mcp_toolsets",
    "models",
    "search_tools",
    "skills",
    "vector_stores",
}


class Customers(Base):
    def __init__(self) -> None:
        super().__init__()
        self.customers: dict[str, Body] = {}

    def endpoints(self) -> Endpoints:
        return super().endpoints() | {
            ("GET", "/customer/list"): self._customer_list,
            ("GET", "/customer/info"): self._customer_info,
            ("POST", "/customer/new"): self._customer_new,
            ("POST", "/customer/update"): self._customer_update,
            ("POST", "/customer/delete"): self._customer_delete,
        }

    def add_customer(self, user_id: str, **fields: Any) -> str:
        return self._customer_new({"user_id": user_id} | fields)["user_id"]

    def _customer_list(self, query: Body) -> list[Body]:
        self.need_database()
        return [self._with_budget(customer) for customer in self.customers.values()]

    def _customer_info(self, query: Body) -> Body:
        self.need_database()
        return self._with_budget(self._customer(query["end_user_id"]))

    def _customer_new(self, body: Body) -> Body:
        self.need_database()
        self._check_customer(body)
        if body.get("max_budget") is not None and body.get("budget_id") is not None:
            entry = {"loc": ["body"], "msg": "Value error, Set either 'max_budget' or 'budget_id', not both."}
            raise RefusedError(422, {"detail": [entry]})
        if body.get("default_model") not in (None, *self.models):
            raise detail(422, f"Default Model not on proxy. Default_model={body['default_model']}")
        if body["user_id"] in self.customers:
            raise error(400, f"Customer already exists, passed user_id={body['user_id']}.", "bad_request")
        # Limits make a budget that is linked instead of the one that is named.
        limits = {name: body[name] for name in LIMITS if body.get(name) is not None}
        budget_id = self._new_budget(limits)["budget_id"] if limits else body.get("budget_id")
        customer = {
            "user_id": body["user_id"],
            "alias": body.get("alias"),
            "blocked": body.get("blocked", False),
            "budget_id": self._linked(budget_id),
            "models": body.get("models") or [],
            "object_permission_id": self._object_permission(body, None),
            "default_model": body.get("default_model"),
            "allowed_model_region": body.get("allowed_model_region"),
            "spend": 0.0,
        }
        self.customers[customer["user_id"]] = self.kept_of(customer, {})
        return self._with_budget(customer)

    def _customer_update(self, body: Body) -> Body:
        self.need_database()
        self._check_customer(body)
        customer = self._customer(body["user_id"])
        # Nothing is cleared by null, nor by 0, but by an empty string, models by an empty list, and blocked by false.
        cleared = ("models",) if self.older_than(1, 101) else ("models", "blocked")
        changes = {
            name: body[name]
            for name in customer
            if name in body
            and name not in ("user_id", "spend")
            and (body[name] not in (None, [], 0) or name in cleared)
        }
        if "object_permission" in body:
            if not body["object_permission"].keys() >= PERMISSIONS:
                raise error(500, "A value is required but not set", "internal_server_error")
            changes["object_permission_id"] = self._object_permission(body, customer["object_permission_id"])
        if "budget_id" in changes:
            self._linked(changes["budget_id"])
        if body.get("max_budget"):
            # Of all limits this alone can be changed here, for all who share the budget.
            if customer["budget_id"]:
                self._budget_update({"budget_id": customer["budget_id"], "max_budget": body["max_budget"]})
            else:
                changes["budget_id"] = self._new_budget({"max_budget": body["max_budget"]})["budget_id"]
        self.customers[customer["user_id"]] = self.kept_of(customer | changes, customer)
        return self._with_budget(self.customers[customer["user_id"]])

    def _customer_delete(self, body: Body) -> Body:
        self.need_database()
        for user_id in body["user_ids"]:
            self._customer(user_id)
        for user_id in body["user_ids"]:
            del self.customers[user_id]
        return {"deleted_customers": len(body["user_ids"]), "message": "Successfully deleted customers"}

    def _customer(self, user_id: str) -> Body:
        if user_id not in self.customers:
            raise error(404, f"End User Id={user_id} does not exist in db", "not_found")
        return self.customers[user_id]

    def _with_budget(self, customer: Body) -> Body:
        return customer | {
            "litellm_budget_table": self.budgets.get(customer["budget_id"]),
            "object_permission": self.object_permissions.get(customer["object_permission_id"]),
        }

    def _linked(self, budget_id: str | None) -> str | None:
        if budget_id is not None and budget_id not in self.budgets:
            raise error(500, "Foreign key constraint failed on the field: `LiteLLM_EndUserTable_budget_id_fkey`")
        return budget_id

    def _check_customer(self, body: Body) -> None:
        check_types(body)
        check_budget_duration(body)
        if body.get("allowed_model_region") not in (None, "eu", "us"):
            entry = {"loc": ["body", "allowed_model_region"], "msg": "Input should be 'eu' or 'us'"}
            raise RefusedError(422, {"detail": [entry]})
