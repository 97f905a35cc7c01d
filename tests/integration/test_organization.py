# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import secrets
from typing import Any

import pytest
from conftest import Run
from stack import MODEL, Stack

FULL: dict[str, Any] = {
    "models": [MODEL],
    "object_permission": {"vector_stores": ["a"], "mcp_tool_permissions": {"git": ["log"]}},
    "rpm_limit": 60,
    "tpm_limit": 1000,
    "max_parallel_requests": 8,
    "max_budget": 5.0,
    "soft_budget": 4.0,
    "budget_duration": "30d",
    "model_rpm_limit": {MODEL: 3},
    "model_tpm_limit": {MODEL: 300},
    "metadata": {"cost_center": "4711", "nested": {"list": [1, 2.5, None, "ü"]}},
}
OTHER: dict[str, Any] = {
    "models": ["all-proxy-models"],
    "object_permission": {"vector_stores": ["a", "b"], "agents": ["c"]},
    "rpm_limit": 0,
    "tpm_limit": 9007199254740993,  # more than a double holds
    "max_parallel_requests": 0,
    "max_budget": 0.0,
    "soft_budget": 0.0,
    "budget_duration": "7d",
    "model_rpm_limit": {"other": 0},
    "model_tpm_limit": {MODEL: 301},
    "metadata": {"other": True},
}
EMPTY: dict[str, Any] = {name: type(FULL[name])() if isinstance(FULL[name], (list, dict)) else None for name in FULL}


@pytest.fixture
def keep(run: Run, name: str, organizations_need_a_licence: bool) -> Run:
    """Run the module for the one organization of a test, where LiteLLM keeps such without a licence."""
    if organizations_need_a_licence:
        pytest.skip("This LiteLLM only keeps organizations with a licence.")
    return lambda **options: run("litellm_organization", **{"organization_alias": name} | options)


def organizations(stack: Stack, alias: str) -> list[dict[str, Any]]:
    """What LiteLLM itself has under exactly this alias."""
    found = stack.request("GET", "/organization/list").json()
    return [each for each in found if each["organization_alias"] == alias]


@pytest.mark.parametrize("options", [{}, {"check": True}, {"state": "absent"}, {"rpm_limit": 5, "models": []}])
def test_without_a_licence_one_sentence_says_so(
    stack: Stack, run: Run, name: str, organizations_need_a_licence: bool, options: dict[str, Any]
) -> None:
    if not organizations_need_a_licence:
        pytest.skip("This LiteLLM keeps organizations without a licence.")
    refused = run("litellm_organization", organization_alias=name, **options)
    assert refused["failed"]
    assert refused["msg"].startswith(
        f"GET {stack.url}/organization/list was refused (403), this needs an enterprise licence of LiteLLM."
        " LiteLLM said: Organizations are only available for LiteLLM Enterprise users."
    )
    assert refused["msg"] == run("litellm_organization_info")["msg"]


def test_life_of_an_organization(stack: Stack, run: Run, keep: Run, name: str) -> None:
    foretold = keep(check=True, **FULL)
    assert foretold["changed"]
    assert organizations(stack, name) == []

    created = keep(**FULL)
    assert created["diff"] == foretold["diff"]
    assert {option: created["organization"][option] for option in FULL} == FULL
    [live] = organizations(stack, name)
    assert live["organization_id"] == created["organization"]["organization_id"]
    for check in (True, False):
        again = keep(check=check, **FULL)
        assert not again["changed"]
        assert again["organization"] == created["organization"]
    for asked in ({"organization_alias": name}, {"organization_id": live["organization_id"]}):
        assert run("litellm_organization_info", **asked)["organizations"] == [created["organization"]]

    for check in (True, False):
        assert keep(check=check, state="absent")["changed"]
        assert bool(organizations(stack, name)) == check
    assert not keep(state="absent")["changed"]


@pytest.mark.parametrize("option", FULL)
def test_each_field_changes_and_is_cleared_alone(keep: Run, option: str) -> None:
    keep(**FULL)
    for given, before, after in [
        (OTHER[option], FULL[option], OTHER[option]),
        (None, OTHER[option], EMPTY[option]),
        (FULL[option], EMPTY[option], FULL[option]),
        (EMPTY[option], FULL[option], EMPTY[option]),
    ]:
        foretold = keep(check=True, **{option: given})
        changed = keep(**{option: given})
        assert foretold["diff"] == changed["diff"] == {"before": {option: before}, "after": {option: after}}
        again = keep(**{option: given})
        assert not again["changed"]
        assert {each: again["organization"][each] for each in FULL} == FULL | {option: after}


def test_an_organization_is_renamed_by_its_identity(stack: Stack, keep: Run, name: str) -> None:
    identity = keep(rpm_limit=5)["organization"]["organization_id"]
    renamed = keep(organization_alias=f"{name}-new", organization_id=identity)
    assert renamed["diff"]["after"] == {"organization_alias": f"{name}-new"}
    assert organizations(stack, name) == []
    assert organizations(stack, f"{name}-new")[0]["litellm_budget_table"]["rpm_limit"] == 5


def test_its_teams_and_keys_fall_with_it_by_force_only(stack: Stack, run: Run, keep: Run, name: str) -> None:
    keep()
    values = [f"sk-{secrets.token_urlsafe(24)}" for _key in range(2)]
    run("litellm_team", team_alias=name, organization_alias=name)
    run("litellm_key", key_alias=f"{name}-team", key=values[0], team_alias=name)
    run("litellm_key", key_alias=f"{name}-own", key=values[1], organization_alias=name)
    assert not run("litellm_team", team_alias=name, organization_alias=name)["changed"]
    assert not run("litellm_key", key_alias=f"{name}-own", organization_alias=name)["changed"]
    assert [stack.request("GET", "/v1/models", key=value).status_code for value in values] == [200, 200]
    assert "has teams (1) and keys (2)" in keep(state="absent")["msg"]
    assert keep(state="absent", force=True)["changed"]
    assert run("litellm_team_info", team_alias=name)["teams"] == []
    assert all(stack.request("GET", "/v1/models", key=value).status_code in (401, 403) for value in values)


def test_a_declaration_of_an_organization(run: Run, keep: Run, name: str) -> None:
    declared = {
        "organizations": [{"organization_alias": name, "max_budget": 5, "metadata": {"a": 1}}],
        "teams": [{"team_alias": name, "organization_alias": name}],
    }
    for changed in (True, False):
        result = run("litellm_sync", owner=name, **declared)
        assert (result.get("msg"), result["changed"]) == (None, changed)
    exported = run("litellm_export", owner=name)["declaration"]
    assert exported["organizations"][0].items() >= declared["organizations"][0].items()
    assert exported["teams"] == declared["teams"]
    absent = {"organizations": [], "teams": []}
    assert run("litellm_sync", owner=name, prune=True, **absent)["summary"]["deleted"] == 2
    assert keep(check=True)["diff"]["before"] == {}


def test_a_budget_that_is_not_there_is_named(stack: Stack, keep: Run, name: str) -> None:
    refused = keep(budget_id=f"none-{name}")
    assert refused["msg"] == f"There is no budget 'none-{name}': create it first."
    assert organizations(stack, name) == []
