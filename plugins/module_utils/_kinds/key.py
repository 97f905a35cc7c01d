# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_util is private to the inference.gateway collection. It may change at any time.

"""API keys."""

from __future__ import annotations

import re
import typing as t
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from ansible_collections.inference.gateway.plugins.module_utils._kinds._table import (
    ALLOWED_PASSTHROUGH_ROUTES,
    BUDGET_DURATION,
    BUDGET_WINDOWS,
    DENIED_PASSTHROUGH_ROUTES,
    DISABLE_GLOBAL_GUARDRAILS,
    DURATION_MARK,
    ESTIMATED_OUTPUT,
    ESTIMATED_OUTPUT_PER_MODEL,
    FORMERLY_MARK,
    GENERATION_MARK,
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
    PARALLEL,
    POLICIES,
    PROMPTS,
    RPM,
    SOFT_BUDGET,
    SUCCEEDS_MARK,
    TAGS,
    TPD,
    TPM,
    VECTOR_STORE_INDEXES,
    Call,
    Field,
    Kind,
    Listing,
    Object,
    in_metadata,
    look_up,
    no_duration,
    no_limit,
    no_limits,
    no_name,
)

# Their names look secret to Ansible, and are not.
LIMIT_TYPE = {"type": "str", "choices": ["guaranteed_throughput", "best_effort_throughput", "dynamic"]}
KEY_TYPE = {"type": "str", "choices": ["default", "llm_api", "management", "read_only"], "no_log": False}
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# What a budget can have besides a soft limit.
BUDGET_LIMITS = (
    "max_budget",
    "budget_duration",
    "rpm_limit",
    "tpm_limit",
    "tpd_limit",
    "max_parallel_requests",
    "model_max_budget",
    "allowed_models",
)


def read(answer: Object) -> Object:
    """A key with its soft budget, for which LiteLLM makes a budget of its own, and with the marks in its metadata.

    The list calls its organization by another name than requests do.
    """
    budget = answer.get("litellm_budget_table") or {}
    own = UUID.fullmatch(answer.get("budget_id") or "") and not any(budget.get(name) for name in BUDGET_LIMITS)
    return {
        **answer,
        "budget_id": None if own else answer.get("budget_id"),
        "own_budget": answer.get("budget_id") if own else None,
        "organization_id": answer.get("org_id"),
        "soft_budget": budget.get("soft_budget") if own else None,
        "generation": mark(answer, GENERATION_MARK),
        "succeeds": mark(answer, SUCCEEDS_MARK),
        "formerly": mark(answer, FORMERLY_MARK),
    }


def mark(key: Object, name: str) -> str | None:
    """A text that this collection keeps in metadata. What somebody else has put there is none."""
    found = look_up(key, f"metadata.{name}")
    return found if isinstance(found, str) else None


def shares_budget(key: Object) -> str | None:
    """Why a key's soft budget cannot be set: LiteLLM would set that of the budget which it was given."""
    budget = key["budget_id"]
    return budget and f"LiteLLM would change budget {budget}, which others may have too, set it there"


def in_utc(moment: str) -> str:
    """A moment as LiteLLM writes it; what is none stays as it is."""
    parsed = parse(moment)
    return parsed.isoformat() if parsed else moment


def no_moment(moment: str | None) -> str | None:
    return None if moment is None or parse(moment) else "give a moment, as in 2027-01-31T12:00:00Z"


def parse(moment: t.Any) -> datetime | None:
    try:
        parsed = datetime.fromisoformat(moment)
        return (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).astimezone(UTC)
    # Far in the past or the future, there are moments that another zone has no date for.
    except (OverflowError, TypeError, ValueError):
        return None


def remaining(key: Object) -> timedelta:
    """For how long a key is still valid."""
    return time_to(key["expires"]) if key["expires"] else timedelta.max


def time_to(moment: str) -> timedelta:
    at = datetime.fromisoformat(moment)
    return (at if at.tzinfo else at.replace(tzinfo=UTC)) - datetime.now(UTC)


KEY = Kind(
    noun="key",
    alias="key_alias",
    id="token",  # the SHA-256 of the key, which identifies it but does not authenticate
    # Not /key/info, which goes on to answer for a deleted key, and does not know aliases.
    listing=Listing(
        "/key/list",
        "keys",
        "size",
        query={"return_full_object": "true"},
        filters={
            "key_alias": "key_alias",
            "token": "key_hash",
            "team_id": "team_id",
            "user_id": "user_id",
            "organization_id": "organization_id",
        },
    ),
    # The value goes along as `key`; LiteLLM makes the identity of it.
    create=Call("/key/generate"),
    update=Call("/key/update", "key"),
    # A replica goes on to accept a deleted key for a minute, a blocked one not for a moment.
    delete=(Call("/key/block", "key"), Call("/key/delete", "keys", many=True)),
    read=read,
    fields=(
        Field("key_alias", {"type": "str", "required": True, "no_log": False}, refuse=no_name),
        Field("team_id", {"type": "str"}, refers="team", falls_with=True),
        Field("user_id", {"type": "str"}, refers="user"),
        Field("organization_id", {"type": "str"}, refers="organization", falls_with=True),
        Field("agent_id", {"type": "str"}),
        Field("blocked", {"type": "bool"}, empty=False),
        MODELS,
        # Never null: it would be stored, and the key could then be neither used nor blocked nor deleted.
        Field("aliases", {"type": "dict"}, empty={}),
        Field("access_group_ids", NAMES, empty=[], unordered=True),
        Field(
            "key_type",
            KEY_TYPE,
            empty="default",
            fixed="LiteLLM turns it into routes when it makes the key, change allowed_routes instead",
        ),
        Field("allowed_routes", NAMES, empty=[], unordered=True),
        ALLOWED_PASSTHROUGH_ROUTES,
        DENIED_PASSTHROUGH_ROUTES,
        Field("permissions", {"type": "dict"}, empty={}),
        OBJECT_PERMISSION,
        VECTOR_STORE_INDEXES,
        RPM,
        TPM,
        TPD,
        in_metadata("rpm_limit_type", LIMIT_TYPE),
        in_metadata("tpm_limit_type", LIMIT_TYPE),
        PARALLEL,
        MODEL_RPM_LIMIT,
        MODEL_TPM_LIMIT,
        MCP_RPM_LIMIT,
        in_metadata("tag_rpm_limit", {"type": "dict"}, empty={}, refuse=no_limits),
        ESTIMATED_OUTPUT,
        ESTIMATED_OUTPUT_PER_MODEL,
        MAX_BUDGET,
        replace(SOFT_BUDGET, fixed=shares_budget, since="1.102.0"),
        BUDGET_DURATION,
        BUDGET_WINDOWS,
        Field("budget_id", {"type": "str"}, refers="budget"),
        MODEL_MAX_BUDGET,
        # Never null: it would be stored, and LiteLLM could then list no keys at all.
        Field("budget_fallbacks", {"type": "dict"}, empty={}),
        # Only as a part of metadata: by their own names a new key does not get them, and neither changes alone.
        Field("temp_budget_increase", {"type": "float"}, mark="temp_budget_increase", unsent=True, refuse=no_limit),
        Field(
            "temp_budget_expiry", {"type": "str"}, mark="temp_budget_expiry", unsent=True, tidy=in_utc, refuse=no_moment
        ),
        in_metadata("throttle_on_budget_exceeded", {"type": "bool"}, empty=False),
        in_metadata("end_user_budget_id", {"type": "str"}, since="1.103.0"),
        TAGS,
        GUARDRAILS,
        DISABLE_GLOBAL_GUARDRAILS,
        POLICIES,
        PROMPTS,
        in_metadata("enforced_params", NAMES, empty=[], unordered=True),
        in_metadata("enable_prompt_caching", {"type": "bool"}, empty=False),
        Field("allowed_cache_controls", NAMES, empty=[], unordered=True),
        Field("router_settings", {"type": "dict"}, empty={}),
        # LiteLLM only gives back the date that it made of it.
        Field("duration", {"type": "str"}, mark=DURATION_MARK, trace="expires", refuse=no_duration),
        METADATA,
        OWNER,
        Field("generation", None, mark=GENERATION_MARK, unsent=True),
        Field("succeeds", None, mark=SUCCEEDS_MARK, unsent=True),
        Field("formerly", None, mark=FORMERLY_MARK, unsent=True),
    ),
    exclusive=(("allowed_routes", "key_type"), ("budget_id", "soft_budget")),
    beside=lambda key: key.get("succeeds") or key.get("formerly"),
    shown=("token", "generation", "formerly", "spend", "created_at", "expires", "budget_reset_at"),
)
