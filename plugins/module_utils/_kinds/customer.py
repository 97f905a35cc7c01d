# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_util is private to the inference.gateway collection. It may change at any time.

"""Customers: whom a request is made for, LiteLLM's end users."""

from __future__ import annotations

import typing as t
from dataclasses import replace

from ansible_collections.inference.gateway.plugins.module_utils._kinds._table import (
    BUDGET_DURATION,
    MAX_BUDGET,
    MODEL_MAX_BUDGET,
    MODELS,
    OBJECT_PERMISSION,
    PARALLEL,
    RPM,
    SOFT_BUDGET,
    TPD,
    TPM,
    Call,
    Field,
    Kind,
    Listing,
    Object,
    no_name,
)

# Some could be changed through the customer, and would then change for all that share its budget.
LIMITS = tuple(
    replace(each, fixed="it belongs to the customer's budget, change that with litellm_budget, or give budget_id")
    for each in (MAX_BUDGET, SOFT_BUDGET, BUDGET_DURATION, RPM, TPM, TPD, PARALLEL, MODEL_MAX_BUDGET)
)


# An update sets each of these that it is not told of to null, which the database refuses.
PERMISSIONS = (
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
)


def with_all_permissions(body: dict[str, t.Any]) -> dict[str, t.Any]:
    if "object_permission" not in body:
        return body
    return body | {"object_permission": {**{name: [] for name in PERMISSIONS}, **body["object_permission"]}}


def with_budget(answer: Object) -> Object:
    """A customer with the limits of its budget, which LiteLLM gives beneath."""
    return {**(answer.get("litellm_budget_table") or {}), **answer}


CUSTOMER = Kind(
    noun="customer",
    alias="user_id",
    id="user_id",
    # LiteLLM adds a customer for every new `user` of a request: there may be very many.
    listing=Listing("/customer/list", one=("/customer/info", "end_user_id")),
    create=Call("/customer/new", "user_id"),
    update=Call("/customer/update", "user_id", shape=with_all_permissions),
    delete=(Call("/customer/delete", "user_ids", many=True),),
    fields=(
        Field("user_id", {"type": "str", "required": True}, refuse=no_name),
        Field("alias", {"type": "str"}, clear=""),
        Field("blocked", {"type": "bool"}, empty=False, clears_since="1.101.0"),
        Field("budget_id", {"type": "str"}, refers="budget", stays="LiteLLM ignores that, give another budget"),
        *LIMITS,
        replace(MODELS, since="1.106.0"),
        OBJECT_PERMISSION,
        Field("default_model", {"type": "str"}, clear=""),
        Field(
            "allowed_model_region",
            {"type": "str", "choices": ["eu", "us"]},
            stays="LiteLLM ignores that, give another region",
        ),
    ),
    shown=("spend", "budget_reset_at"),
    metadata=None,
    read=with_budget,
)
