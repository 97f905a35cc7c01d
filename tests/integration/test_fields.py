# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every field that LiteLLM takes is an option, or left out on purpose."""

from __future__ import annotations

import re
from typing import Any

import pytest
from stack import Stack

from ansible_collections.inference.gateway.plugins.module_utils._kinds._table import Call
from ansible_collections.inference.gateway.plugins.module_utils._kinds.all import KINDS

LEFT_OUT: dict[str, set[str]] = {
    "credential": {
        "credential_values_to_delete",  # how values are taken out
        "model_id",  # whose parameters become a credential
    },
    "model": set(),
    "budget": {"budget_reset_at"},  # LiteLLM works it out
    # Of its budget, and no update of an organization takes them.
    "organization": {"allowed_models", "temp_budget_expiry", "temp_budget_increase", "tpd_limit"},
    "team": {
        *("admins", "members", "members_with_roles"),  # litellm_team_member has them
        "team_member_model_max_budget",  # needs a licence
    },
    "user": {
        *("organizations", "team_id", "teams"),  # what a user is a member of
        *("agent_id", "password", "send_invite_email", "spend"),  # no part of a description
        # Of the key that LiteLLM would make along with a user.
        *("aliases", "allowed_cache_controls", "auto_create_key", "blocked", "budget_fallbacks", "budget_limits"),
        *("config", "duration", "guardrails", "key_alias", "mcp_rpm_limit", "model_rpm_limit", "model_tpm_limit"),
        *("permissions", "policies", "prompts", "tag_rpm_limit"),
    },
    "member": {
        *("member", "team_id"),  # who is meant
        "model_max_budget",  # needs a licence
        *("temp_budget_expiry", "temp_budget_increase"),  # more for one member for a time, which is given by hand
    },
    "key": {
        *("auto_rotate", "rotation_interval"),  # LiteLLM's own rotation needs a licence, and tells nobody the new value
        "key",  # the value, which is an option besides the fields
        *("config", "project_id", "send_invite_email", "spend"),  # no part of a description
    },
    "customer": {"budget_reset_at", "spend"},  # LiteLLM works them out
}


def taken(api: dict[str, Any], call: Call) -> set[str]:
    """What a request takes, as LiteLLM itself describes it."""
    paths = {re.sub(r"{\w+}", "{id}", path): operations for path, operations in api["paths"].items()}
    body = paths[call.path][call.method.lower()]["requestBody"]["content"]["application/json"]["schema"]
    return set(api["components"]["schemas"][body["$ref"].rpartition("/")[2]]["properties"])


@pytest.mark.once
@pytest.mark.parametrize("noun", KINDS)
def test_every_field_is_an_option_or_left_out_on_purpose(stack: Stack, noun: str) -> None:
    kind, api = KINDS[noun], stack.request("GET", "/openapi.json").json()
    known = {field.name for field in kind.fields} | {kind.id}
    assert (taken(api, kind.create) | taken(api, kind.update)) - known == LEFT_OUT[noun]
