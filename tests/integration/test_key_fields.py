# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every field of a key that the other tests leave out: how the real LiteLLM keeps, changes and clears it."""

from __future__ import annotations

import secrets
from typing import Any

import pytest
from conftest import Run
from releases import having, needs
from stack import MODEL, Stack

from ansible_collections.inference.gateway.plugins.module_utils._kinds.key import KEY

FIELDS = {field.name: field for field in KEY.fields}
FULL: dict[str, Any] = having(
    KEY,
    {
        "user_id": "somebody",
        "agent_id": "some-agent",
        "blocked": True,
        "aliases": {"small": MODEL},
        "access_group_ids": ["one", "two"],
        "allowed_routes": ["llm_api_routes"],
        "permissions": {"pii": True},
        "object_permission": {"vector_stores": ["one"], "agents": ["two"], "mcp_tool_search_enabled": True},
        "allowed_vector_store_indexes": [{"index_name": "one", "index_permissions": ["read", "write"]}],
        "tpd_limit": 100000,
        "rpm_limit_type": "best_effort_throughput",
        "tpm_limit_type": "best_effort_throughput",
        "model_rpm_limit": {MODEL: 3},
        "model_tpm_limit": {MODEL: 1000},
        "mcp_rpm_limit": {"github": 5},
        "tag_rpm_limit": {"batch": 5},
        "default_estimated_output_tokens": 100,
        "default_estimated_output_tokens_per_model": {MODEL: 50},
        "max_budget": 5.0,
        "soft_budget": 4.5,
        "budget_limits": [{"max_budget": 1.0, "budget_duration": "1d"}, {"max_budget": 5.0, "budget_duration": "7d"}],
        "budget_fallbacks": {MODEL: [MODEL]},
        "temp_budget_increase": 2.5,
        "temp_budget_expiry": "2030-01-31T12:00:00+00:00",
        "throttle_on_budget_exceeded": True,
        "enforced_params": ["user", "metadata.ticket"],
        "enable_prompt_caching": True,
        "allowed_cache_controls": ["no-cache"],
        "router_settings": {"num_retries": 2, "timeout": 30.0, "fallbacks": [{MODEL: [MODEL]}]},
        "metadata": {"cost_center": "4711"},
    },
)
OTHER: dict[str, Any] = having(
    KEY,
    {
        "user_id": "somebody else",
        "agent_id": "other-agent",
        "blocked": False,
        "aliases": {"large": MODEL},
        "access_group_ids": ["two", "three"],
        "allowed_routes": ["/v1/models", "/v1/chat/completions"],
        "permissions": {"pii": False, "other": 1},
        "object_permission": {"vector_stores": ["two"], "models": [MODEL]},
        "allowed_vector_store_indexes": [{"index_name": "two", "index_permissions": ["read"]}],
        "tpd_limit": 0,
        "rpm_limit_type": "dynamic",
        "tpm_limit_type": "dynamic",
        "model_rpm_limit": {"other": 0},
        "model_tpm_limit": {MODEL: 1001},
        "mcp_rpm_limit": {"slack": 1},
        "tag_rpm_limit": {"batch": 6},
        "default_estimated_output_tokens": 101,
        "default_estimated_output_tokens_per_model": {MODEL: 51},
        "max_budget": 6.0,
        "soft_budget": 0.0,
        "budget_limits": [{"max_budget": 0.0, "budget_duration": "30d"}],
        "budget_fallbacks": {"other": [MODEL]},
        "temp_budget_increase": 0.5,
        "temp_budget_expiry": "2031-01-01T00:00:00+00:00",
        "throttle_on_budget_exceeded": False,
        "enforced_params": ["user"],
        "enable_prompt_caching": False,
        "allowed_cache_controls": ["no-store", "ttl"],
        "router_settings": {"num_retries": 3},
        "metadata": {"other": True},
    },
)
EMPTY: dict[str, Any] = {
    name: type(value)() if isinstance(value, (dict, list, bool)) else None for name, value in FULL.items()
}
LICENSED: dict[str, Any] = having(
    KEY,
    {
        "tags": ["batch"],
        "guardrails": ["pii"],
        "disable_global_guardrails": True,
        "policies": ["strict"],
        "prompts": ["greeting"],
        "allowed_passthrough_routes": ["/rerank"],
        "denied_passthrough_routes": ["/rerank/admin"],
        "model_max_budget": {MODEL: {"budget_limit": 1.0, "time_period": "1d"}},
    },
)


@pytest.fixture
def value() -> str:
    return f"sk-{secrets.token_urlsafe(24)}"


@pytest.fixture
def full(run: Run, name: str, value: str) -> dict[str, Any]:
    """A key that has everything."""
    for fields in (FULL, OTHER):
        run("litellm_user", user_id=fields["user_id"])
    created = run("litellm_key", key_alias=name, key=value, **FULL)
    assert created["changed"], created
    return created["key"]


def test_a_key_has_all_of_them_at_once(run: Run, name: str, full: dict[str, Any]) -> None:
    assert {option: full[option] for option in FULL} == FULL
    for check in (True, False):
        assert not run("litellm_key", check=check, key_alias=name, **FULL)["changed"]
    assert run("litellm_key_info", key_alias=name)["keys"] == [full]


@pytest.mark.parametrize("option", FULL)
def test_each_changes_alone(run: Run, name: str, full: dict[str, Any], option: str) -> None:
    for check in (True, False):
        changed = run("litellm_key", check=check, key_alias=name, **{option: OTHER[option]})
        assert changed["diff"] == {"before": {option: FULL[option]}, "after": {option: OTHER[option]}}
    assert changed["key"] == full | {option: OTHER[option]}
    assert not run("litellm_key", key_alias=name, **{option: OTHER[option]})["changed"]


@pytest.mark.parametrize("option", EMPTY)
@pytest.mark.parametrize("empty", ["null", "empty"])
def test_each_is_cleared_alone(run: Run, name: str, full: dict[str, Any], option: str, empty: str) -> None:
    given = None if empty == "null" else EMPTY[option]
    cleared = run("litellm_key", key_alias=name, **{option: given})
    assert cleared["diff"] == {"before": {option: FULL[option]}, "after": {option: EMPTY[option]}}
    assert cleared["key"] == full | {option: EMPTY[option]}
    assert not run("litellm_key", key_alias=name, **{option: given})["changed"]


def test_all_are_cleared_at_once(run: Run, name: str, full: dict[str, Any]) -> None:
    assert run("litellm_key", key_alias=name, **EMPTY)["key"] == full | EMPTY
    assert not run("litellm_key", key_alias=name, **EMPTY)["changed"]


def test_the_type_of_a_key_is_for_ever(run: Run, name: str, value: str) -> None:
    made = run("litellm_key", key_alias=name, key=value, key_type="read_only")["key"]
    assert (made["key_type"], made["allowed_routes"]) == ("read_only", ["info_routes"])
    assert not run("litellm_key", key_alias=name, key_type="read_only")["changed"]
    refused = run("litellm_key", key_alias=name, key_type="llm_api")
    assert "cannot become 'llm_api': LiteLLM turns it into routes" in refused["msg"]
    assert run("litellm_key", key_alias=name, allowed_routes=["llm_api_routes"])["changed"]


def new_budget(stack: Stack, budget: str) -> None:
    stack.request("POST", "/budget/new", json={"budget_id": budget, "max_budget": 9}).raise_for_status()


@pytest.mark.parametrize("option", having(KEY, {"budget_id": None, "end_user_budget_id": None}))
def test_a_budget_is_given_and_taken(stack: Stack, run: Run, name: str, value: str, option: str) -> None:
    for budget in (name, f"{name}-other"):
        new_budget(stack, budget)
    made = run("litellm_key", key_alias=name, key=value, **{option: name})["key"]
    assert (made[option], made["max_budget"]) == (name, None)
    for budget in (f"{name}-other", None):
        changed = run("litellm_key", key_alias=name, **{option: budget})
        assert changed["diff"]["after"] == {option: budget}
        assert not run("litellm_key", key_alias=name, **{option: budget})["changed"]


@needs(FIELDS["soft_budget"].since)
def test_the_soft_budget_of_a_budget_that_others_may_have(stack: Stack, run: Run, name: str, value: str) -> None:
    new_budget(stack, name)
    run("litellm_key", key_alias=name, key=value, budget_id=name)
    refused = run("litellm_key", key_alias=name, soft_budget=3)
    assert f"LiteLLM would change budget {name}, which others may have too" in refused["msg"]
    run("litellm_key", key_alias=name, budget_id=None)
    assert run("litellm_key", key_alias=name, soft_budget=3)["key"]["soft_budget"] == 3.0
    budgets = stack.request("POST", "/budget/info", json={"budgets": [name]}).json()
    assert [budget["soft_budget"] for budget in budgets] == [None]


def test_a_blocked_key_is_refused_at_once(stack: Stack, run: Run, name: str, value: str) -> None:
    run("litellm_key", key_alias=name, key=value)
    for blocked, status in ((True, 401), (False, 200)):
        assert run("litellm_key", key_alias=name, blocked=blocked)["changed"]
        assert stack.request("GET", "/v1/models", key=value).status_code == status


@pytest.mark.parametrize("option", LICENSED)
def test_what_needs_a_licence_is_refused_and_nothing_made(
    stack: Stack, run: Run, name: str, value: str, option: str
) -> None:
    refused = run("litellm_key", key_alias=name, key=value, **{option: LICENSED[option]})
    assert refused["failed"]
    assert "LiteLLM Enterprise" in refused["msg"] or "enterprise license" in refused["msg"]
    assert run("litellm_key_info", key_alias=name)["keys"] == []
    # Empty, it is nothing.
    empty = type(LICENSED[option])()
    created = run("litellm_key", key_alias=name, key=value, **{option: empty})
    assert created["key"][option] == empty
    refused = run("litellm_key", key_alias=name, **{option: LICENSED[option]})
    assert refused["failed"]
    assert not run("litellm_key", key_alias=name, **{option: empty})["changed"]
