# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_util is private to the inference.gateway collection. It may change at any time.

"""Teams."""

from __future__ import annotations

import typing as t
from dataclasses import replace

from ansible_collections.inference.gateway.plugins.module_utils._kinds._table import (
    ALLOWED_PASSTHROUGH_ROUTES,
    BUDGET_DURATION,
    BUDGET_WINDOWS,
    DENIED_PASSTHROUGH_ROUTES,
    DISABLE_GLOBAL_GUARDRAILS,
    ESTIMATED_OUTPUT,
    ESTIMATED_OUTPUT_PER_MODEL,
    GUARDRAILS,
    MAX_BUDGET,
    MCP_RPM_LIMIT,
    METADATA,
    MODEL_MAX_BUDGET,
    MODEL_RPM_LIMIT,
    MODEL_TPM_LIMIT,
    MODELS,
    NAMES,
    OBJECT_PERMISSION,
    OWNER,
    POLICIES,
    PROMPTS,
    RPM,
    SOFT_BUDGET,
    TAGS,
    TPD,
    TPM,
    VECTOR_STORE_INDEXES,
    Call,
    Detail,
    Field,
    Kind,
    Listing,
    Object,
    in_metadata,
    no_duration,
    no_limit,
    no_name,
)

# The routes that LiteLLM knows as permissions. Any other it would store, and then fail for every member.
PERMISSIONS = [
    "/auto_router/manage",
    "/key/access_group_assignment",
    "/key/aliases",
    "/key/block",
    "/key/bulk_update",
    "/key/delete",
    "/key/generate",
    "/key/health",
    "/key/info",
    "/key/list",
    "/key/regenerate",
    "/key/service-account/generate",
    "/key/unblock",
    "/key/update",
    "/key/{key_id}/regenerate",
    "/key/{key_id}/reset_spend",
    "/spend/logs",
    "/spend/logs/v2",
    "/team/daily/activity",
    "/team/daily/activity/aggregated",
    "/team/key/bulk_update",
]
LIMIT_TYPE = {"type": "str", "choices": ["guaranteed_throughput", "best_effort_throughput"]}
EXPIRY = {
    "type": "dict",
    "options": {
        "seconds": {"type": "int", "required": True},
        "anchor": {"type": "str", "choices": ["created_at"], "default": "created_at"},
    },
}


def shared(name: str, column: str, option: Object, refuse: t.Callable[[t.Any], str | None]) -> Field:
    """A field of the budget that the members of a team share. Its identity is in the team's metadata."""
    return Field(name, option, at=f"team_member_budget_table.{column}", drops_metadata=True, refuse=refuse)


def incomplete(team: Object) -> bool:
    """Whether the listing only has the identity of something that is asked for."""
    return bool(
        team.get("object_permission_id")
        or (team.get("metadata") or {}).get("team_member_budget_id")
        or (team.get("model_id") and not team.get("litellm_model_table"))
    )


TEAM = Kind(
    noun="team",
    alias="team_alias",
    id="team_id",
    # Not /team/info, which answers "not found" when the database is away; nor /team/list, which ignores the filter.
    listing=Listing(
        "/v2/team/list",
        "teams",
        "page_size",
        # By something that no two teams share, or what has one place on two pages may be on neither of them.
        query={"sort_by": "team_id"},
        filters={"team_alias": "team_alias", "team_id": "team_id", "organization_id": "organization_id"},
        detail=Detail(
            "/team/info",
            "team_id",
            lambda answer, entry: [answer["team_info"]],
            query={"key_limit": 1},
            needed=incomplete,
        ),
    ),
    create=Call("/team/new", "team_id"),
    update=Call("/team/update", "team_id"),
    delete=(Call("/team/delete", "team_ids", many=True),),
    fields=(
        Field("team_alias", {"type": "str", "required": True}, refuse=no_name),
        Field("organization_id", {"type": "str"}, refers="organization", falls_with=True),
        Field("blocked", {"type": "bool"}, empty=False),
        MODELS,
        Field("model_aliases", {"type": "dict"}, empty={}, at="litellm_model_table.model_aliases"),
        Field("access_group_ids", NAMES, empty=[], unordered=True),
        OBJECT_PERMISSION,
        RPM,
        TPM,
        TPD,
        # An update only takes these two as a part of metadata.
        Field("rpm_limit_type", LIMIT_TYPE, mark="rpm_limit_type"),
        Field("tpm_limit_type", LIMIT_TYPE, mark="tpm_limit_type"),
        MODEL_RPM_LIMIT,
        MODEL_TPM_LIMIT,
        MCP_RPM_LIMIT,
        ESTIMATED_OUTPUT,
        ESTIMATED_OUTPUT_PER_MODEL,
        MAX_BUDGET,
        SOFT_BUDGET,
        BUDGET_DURATION,
        BUDGET_WINDOWS,
        replace(MODEL_MAX_BUDGET, since="1.103.0"),
        shared("team_member_budget", "max_budget", {"type": "float"}, no_limit),
        shared("team_member_budget_duration", "budget_duration", {"type": "str"}, no_duration),
        shared("team_member_rpm_limit", "rpm_limit", {"type": "int"}, no_limit),
        shared("team_member_tpm_limit", "tpm_limit", {"type": "int"}, no_limit),
        in_metadata("team_member_key_duration", {"type": "str", "no_log": False}, refuse=no_duration),
        Field(
            "team_member_permissions",
            NAMES | {"choices": PERMISSIONS},
            empty=[],
            unordered=True,
            by=Call("/team/permissions_update", "team_id"),
            values_since={"/auto_router/manage": "1.103.0"},
        ),
        Field("default_team_member_models", NAMES, empty=[], unordered=True),
        TAGS,
        GUARDRAILS,
        DISABLE_GLOBAL_GUARDRAILS,
        POLICIES,
        PROMPTS,
        ALLOWED_PASSTHROUGH_ROUTES,
        DENIED_PASSTHROUGH_ROUTES,
        VECTOR_STORE_INDEXES,
        in_metadata("enforced_file_expires_after", EXPIRY),
        in_metadata("enforced_batch_output_expires_after", EXPIRY),
        in_metadata("secret_manager_settings", {"type": "dict", "no_log": False}, empty={}),
        in_metadata("require_trace_id", {"type": "bool"}, empty=False, since="1.108.0"),
        Field("router_settings", {"type": "dict"}, empty={}),
        METADATA,
        OWNER,
    ),
    shown=("team_id", "spend", "budget_reset_at"),
)
