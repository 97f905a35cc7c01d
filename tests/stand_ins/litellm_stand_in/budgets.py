# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Budgets."""

from __future__ import annotations

import uuid
from typing import Any

from .base import Base, Body, Endpoints, check_budget_duration, check_types, detail, reset_at

LIMITS = (
    "max_budget",
    "soft_budget",
    "budget_duration",
    "rpm_limit",
    "tpm_limit",
    "tpd_limit",
    "max_parallel_requests",
    "model_max_budget",
)


class Budgets(Base):
    def __init__(self) -> None:
        super().__init__()
        self.budgets: dict[str, Body] = {}

    def endpoints(self) -> Endpoints:
        return super().endpoints() | {
            ("GET", "/budget/list"): self._budget_list,
            ("POST", "/budget/new"): self._budget_new,
            ("POST", "/budget/update"): self._budget_update,
            ("POST", "/budget/delete"): self._budget_delete,
        }

    def add_budget(self, budget_id: str | None = None, **fields: Any) -> str:
        return self._budget_new({"budget_id": budget_id} | fields)["budget_id"]

    def _budget_list(self, query: Body) -> list[Body]:
        self.need_database()
        return list(self.budgets.values())

    def _budget_new(self, body: Body) -> Body:
        self.need_database()
        self._check_budget(body)
        return self._new_budget(body)

    def _new_budget(self, body: Body) -> Body:
        # Limits of models are not looked at in a budget that is made for a customer.
        budget_id = body.get("budget_id") or str(uuid.uuid4())
        if budget_id in self.budgets:
            raise detail(400, f"Budget with id '{budget_id}' already exists.")
        budget = {"budget_id": budget_id} | {name: body.get(name) for name in LIMITS}
        budget["budget_reset_at"] = reset_at(budget["budget_duration"])
        self.budgets[budget_id] = self.kept_of(budget, {}, new=body)
        return self.budgets[budget_id]

    def _budget_update(self, body: Body) -> Body | None:
        self.need_database()
        self._check_budget(body)
        budget = self.budgets.get(body["budget_id"])
        # One that is missing is nothing to speak of, here and when it is deleted.
        if budget is None:
            return None
        changes = {name: body[name] for name in LIMITS if name in body}
        if body.get("budget_duration") or ("budget_duration" in body and not self.older_than(1, 102)):
            changes["budget_reset_at"] = reset_at(body["budget_duration"])
        elif "budget_reset_at" in body:
            changes["budget_reset_at"] = body["budget_reset_at"]
        self.budgets[budget["budget_id"]] = self.kept_of(budget | changes, budget)
        return self.budgets[budget["budget_id"]]

    def _budget_delete(self, body: Body) -> Body | None:
        self.need_database()
        # What is linked to it loses it silently.
        for linked in (*self.customers.values(), *self.keys.values()):
            if linked["budget_id"] == body["id"]:
                linked["budget_id"] = None
        return self.budgets.pop(body["id"], None)

    def _check_budget(self, body: Body) -> None:
        check_types(body)
        check_budget_duration(body)
        if body.get("model_max_budget") and not self.licence:
            raise detail(400, "Invalid model_max_budget: You must have an enterprise license to set model_max_budget.")
