# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from conftest import Run
from releases import having, is_there
from stack import MODEL, Stack

from ansible_collections.inference.gateway.plugins.module_utils._client import ApiError, Client
from ansible_collections.inference.gateway.plugins.module_utils._kinds.team import PERMISSIONS, TEAM

FULL: dict[str, Any] = {
    "models": [MODEL],
    "rpm_limit": 60,
    "tpm_limit": 1000,
    "max_budget": 5.0,
    "budget_duration": "30d",
    "metadata": {"cost_center": "4711", "nested": {"list": [1, 2.5, None, "ü"]}},
}
OTHER: dict[str, Any] = {
    "models": ["all-proxy-models"],
    "rpm_limit": 61,
    "tpm_limit": 9007199254740993,  # more than a double holds
    "max_budget": 0.25,
    "budget_duration": "7d",
    "metadata": {"other": True},
}
EMPTY: dict[str, Any] = dict.fromkeys(FULL) | {"models": [], "metadata": {}}
# Of every other field that needs no licence: a value, another, and what it reads as when it is cleared.
FIELDS: dict[str, tuple[Any, Any, Any]] = having(
    TEAM,
    {
        "blocked": (True, False, False),
        "model_aliases": ({"chat": MODEL}, {"other": MODEL}, {}),
        "access_group_ids": (["a", "b"], ["c"], []),
        "object_permission": (
            {"vector_stores": ["a"], "mcp_tool_permissions": {"git": ["log"]}, "mcp_tool_search_enabled": True},
            {"vector_stores": ["a", "b"], "agents": ["c"]},
            {},
        ),
        "tpd_limit": (9007199254740993, 0, None),
        "rpm_limit_type": ("guaranteed_throughput", "best_effort_throughput", None),
        "tpm_limit_type": ("best_effort_throughput", "guaranteed_throughput", None),
        "model_rpm_limit": ({MODEL: 3}, {MODEL: 0}, {}),
        "model_tpm_limit": ({MODEL: 300}, {"other": 301}, {}),
        "mcp_rpm_limit": ({"git": 3}, {"git": 4}, {}),
        "default_estimated_output_tokens": (100, 200, None),
        "default_estimated_output_tokens_per_model": ({MODEL: 100}, {MODEL: 200}, {}),
        "soft_budget": (2.5, 3.0, None),
        "budget_limits": (
            [{"max_budget": 1.0, "budget_duration": "1d"}, {"max_budget": 5.5, "budget_duration": "30d"}],
            [{"max_budget": 2.0, "budget_duration": "1d"}],
            [],
        ),
        "team_member_budget": (1.5, 0.0, None),
        "team_member_budget_duration": ("30d", "7d", None),
        "team_member_rpm_limit": (10, 0, None),
        "team_member_tpm_limit": (100, 200, None),
        "team_member_permissions": (["/key/generate"], ["/key/delete", "/key/{key_id}/regenerate"], []),
        "default_team_member_models": ([MODEL], ["all-proxy-models"], []),
        "allowed_vector_store_indexes": (
            [{"index_name": "a", "index_permissions": ["read"]}],
            [{"index_name": "a", "index_permissions": ["read", "write"]}],
            [],
        ),
        "enforced_file_expires_after": (
            {"anchor": "created_at", "seconds": 60},
            {"anchor": "created_at", "seconds": 61},
            None,
        ),
        "enforced_batch_output_expires_after": (
            {"anchor": "created_at", "seconds": 60},
            {"anchor": "created_at", "seconds": 61},
            None,
        ),
        "require_trace_id": (True, False, False),
        "router_settings": ({"num_retries": 1}, {"num_retries": 2, "timeout": 5.5}, {}),
    },
)
LICENSED: dict[str, Any] = having(
    TEAM,
    {
        "model_max_budget": {MODEL: {"max_budget": 1.0, "budget_duration": "1d"}},
        "team_member_key_duration": "30d",
        "tags": ["a"],
        "guardrails": ["a"],
        "disable_global_guardrails": True,
        "policies": ["a"],
        "prompts": ["a"],
        "allowed_passthrough_routes": ["/a"],
        "denied_passthrough_routes": ["/a"],
        "secret_manager_settings": {"mount": "a"},
    },
)


def teams(stack: Stack, alias: str) -> list[dict[str, Any]]:
    """What LiteLLM itself has under exactly this alias."""
    found = stack.request("GET", "/v2/team/list", params={"team_alias": alias, "page_size": 100}).json()["teams"]
    return [team for team in found if team["team_alias"] == alias]


def test_a_team_is_created_once_and_read_back(stack: Stack, run: Run, name: str) -> None:
    foretold = run("litellm_team", check=True, team_alias=name, **FULL)
    assert foretold["changed"]
    assert teams(stack, name) == []

    created = run("litellm_team", team_alias=name, **FULL)
    assert created["changed"]
    assert created["diff"] == foretold["diff"]
    assert {option: created["team"][option] for option in FULL} == FULL
    [live] = teams(stack, name)
    assert live["team_id"] == created["team"]["team_id"]
    assert {option: live[option] for option in FULL} == FULL

    for check in (True, False):
        again = run("litellm_team", check=check, team_alias=name, **FULL)
        assert not again["changed"]
        assert again["team"] == created["team"]
    assert run("litellm_team_info", team_alias=name)["teams"] == [created["team"]]
    assert run("litellm_team_info", team_id=live["team_id"])["teams"] == [created["team"]]


@pytest.mark.parametrize("option", FULL)
def test_each_field_changes_alone(stack: Stack, run: Run, name: str, option: str) -> None:
    run("litellm_team", team_alias=name, **FULL)
    for check in (True, False):
        changed = run("litellm_team", check=check, team_alias=name, **{option: OTHER[option]})
        assert changed["diff"] == {"before": {option: FULL[option]}, "after": {option: OTHER[option]}}
        [live] = teams(stack, name)
        assert live[option] == (FULL if check else OTHER)[option]
    assert not run("litellm_team", team_alias=name, **{option: OTHER[option]})["changed"]
    assert {each: live[each] for each in FULL} == FULL | {option: OTHER[option]}


@pytest.mark.parametrize("option", FULL)
def test_each_field_is_cleared_alone(stack: Stack, run: Run, name: str, option: str) -> None:
    run("litellm_team", team_alias=name, **FULL)
    cleared = run("litellm_team", team_alias=name, **{option: EMPTY[option]})
    assert cleared["changed"]
    assert cleared["team"][option] == EMPTY[option]
    assert not run("litellm_team", team_alias=name, **{option: EMPTY[option]})["changed"]
    [live] = teams(stack, name)
    assert {each: live[each] for each in FULL} == FULL | {option: EMPTY[option]}


@pytest.mark.parametrize("option", FIELDS)
def test_each_other_field_is_set_changed_and_cleared(run: Run, name: str, option: str) -> None:
    value, other, empty = FIELDS[option]
    for given, before in [(value, empty), (other, value), (None, other)]:
        foretold = run("litellm_team", check=True, team_alias=name, **FULL | {option: given})
        changed = run("litellm_team", team_alias=name, **FULL | {option: given})
        assert changed["team"][option] == (empty if given is None else given)
        assert changed["diff"] == foretold["diff"]
        assert changed["diff"]["before"].get(option, empty) == before
        again = run("litellm_team", team_alias=name, **FULL | {option: given})
        assert not again["changed"]
        assert {each: again["team"][each] for each in [*FULL, option]} == FULL | {option: again["team"][option]}


def test_all_fields_at_once(stack: Stack, run: Run, name: str) -> None:
    everything = FULL | {option: value for option, (value, _other, _empty) in FIELDS.items()}
    nothing = EMPTY | {option: empty for option, (_value, _other, empty) in FIELDS.items()}
    created = run("litellm_team", team_alias=name, **everything)
    assert {option: created["team"][option] for option in everything} == everything
    assert not run("litellm_team", team_alias=name, **everything)["changed"]
    assert run("litellm_team_info", team_alias=name)["teams"] == [created["team"]]
    cleared = run("litellm_team", team_alias=name, **dict.fromkeys(everything))
    assert {option: cleared["team"][option] for option in nothing} == nothing
    assert not run("litellm_team", team_alias=name, **nothing)["changed"]
    # Nothing is left of it in metadata but, in newer versions, the budget that members share, which has no limits.
    [live] = teams(stack, name)
    assert live["metadata"].keys() <= {"team_member_budget_id"}


@pytest.mark.parametrize("option", LICENSED)
def test_without_a_licence_a_field_that_needs_one_can_only_be_cleared(
    stack: Stack, run: Run, name: str, option: str
) -> None:
    refused = run("litellm_team", team_alias=name, **{option: LICENSED[option]})["msg"]
    assert "needs an enterprise licence of LiteLLM" in refused
    assert teams(stack, name) == []
    run("litellm_team", team_alias=name)
    assert "needs an enterprise licence" in run("litellm_team", team_alias=name, **{option: LICENSED[option]})["msg"]
    assert not run("litellm_team", team_alias=name, **{option: None})["changed"]
    # LiteLLM lets it in with metadata.
    team_id = teams(stack, name)[0]["team_id"]
    if option != "model_max_budget":
        within = {"team_id": team_id, "metadata": {"mine": 1, option: LICENSED[option]}}
        stack.request("POST", "/team/update", json=within).raise_for_status()
        cleared = run("litellm_team", team_alias=name, **{option: None})
        assert cleared["diff"]["before"] == {option: LICENSED[option]}
        assert teams(stack, name)[0]["metadata"] == {"mine": 1}


def test_an_organization_that_does_not_exist(
    stack: Stack, run: Run, name: str, organizations_need_a_licence: bool
) -> None:
    assert "Organization not found" in run("litellm_team", team_alias=name, organization_id="none-such")["msg"]
    said = "needs an enterprise licence" if organizations_need_a_licence else "There is no organization 'none-such'"
    assert said in run("litellm_team", team_alias=name, organization_alias="none-such")["msg"]
    assert teams(stack, name) == []


def test_litellm_knows_the_permissions_of_members(stack: Stack, run: Run, name: str) -> None:
    newer = next(field.values_since for field in TEAM.fields if field.name == "team_member_permissions")
    permissions = {each for each in PERMISSIONS if is_there(newer.get(each))}
    run("litellm_team", team_alias=name, team_member_permissions=sorted(permissions))
    [team] = teams(stack, name)
    told = stack.request("GET", "/team/permissions_list", params={"team_id": team["team_id"]}).json()
    assert set(told["team_member_permissions"]) == permissions
    # What every member may do need not be given.
    assert permissions - set(told["all_available_permissions"]) == {"/key/health"}
    for each in set(PERMISSIONS) - permissions:
        assert each not in told["all_available_permissions"]
        refused = run("litellm_team", team_alias=name, team_member_permissions=[each])["msg"]
        assert f"is too old for {each} in team_member_permissions of team '{name}'" in refused


def test_a_budget_period_goes_on_when_something_else_changes(stack: Stack, run: Run, name: str) -> None:
    began = run("litellm_team", team_alias=name, **FULL)["team"]["budget_reset_at"]
    assert began
    assert run("litellm_team", team_alias=name, max_budget=6)["team"]["budget_reset_at"] == began


def test_metadata_and_what_is_kept_there_do_not_touch_each_other(stack: Stack, run: Run, name: str) -> None:
    run("litellm_team", team_alias=name, metadata={"old": 1}, rpm_limit_type="best_effort_throughput")
    run("litellm_team", team_alias=name, model_rpm_limit={MODEL: 3})
    kept = {"model_rpm_limit": {MODEL: 3}, "rpm_limit_type": "best_effort_throughput"}
    assert teams(stack, name)[0]["metadata"] == {"old": 1} | kept
    assert run("litellm_team", team_alias=name, metadata={"new": 2})["changed"]
    assert teams(stack, name)[0]["metadata"] == {"new": 2} | kept
    assert run("litellm_team", team_alias=name, model_rpm_limit={}, rpm_limit_type=None)["changed"]
    assert teams(stack, name)[0]["metadata"] == {"new": 2}


def test_a_team_is_renamed_by_its_identity(stack: Stack, run: Run, name: str) -> None:
    team_id = run("litellm_team", team_alias=name, rpm_limit=5)["team"]["team_id"]
    renamed = run("litellm_team", team_alias=f"{name}-new", team_id=team_id)
    assert renamed["diff"] == {"before": {"team_alias": name}, "after": {"team_alias": f"{name}-new"}}
    assert teams(stack, name) == []
    assert teams(stack, f"{name}-new")[0]["rpm_limit"] == 5


def test_a_team_is_not_renamed_to_the_name_of_another(stack: Stack, run: Run, name: str) -> None:
    run("litellm_team", team_alias=f"{name}-taken")
    team_id = run("litellm_team", team_alias=name)["team"]["team_id"]
    refused = run("litellm_team", team_alias=f"{name}-taken", team_id=team_id)
    assert refused["failed"]
    assert f"The alias '{name}-taken'" in refused["msg"]
    assert teams(stack, name)[0]["team_id"] == team_id


def test_two_teams_of_one_name_are_both_named(stack: Stack, run: Run, name: str) -> None:
    identities = [stack.request("POST", "/team/new", json={"team_alias": name}).json()["team_id"] for _copy in range(2)]
    refused = run("litellm_team", team_alias=name, rpm_limit=5)
    assert refused["failed"]
    assert all(identity in refused["msg"] for identity in identities)
    assert [team["rpm_limit"] for team in teams(stack, name)] == [None, None]


def test_a_creation_that_takes_longer_than_its_answer_makes_one_team(
    stack: Stack, run: Run, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """LiteLLM goes on working on a request whose answer nobody waits for any more, and gets another one like it."""
    send, working = Client.send, []

    def slow(client: Client, *request: Any) -> Any:
        working.append(request)
        if len(working) == 1:
            raise ApiError("there is no answer yet", unfinished=True)
        send(client, *working[0])
        return send(client, *request)

    monkeypatch.setattr(Client, "send", slow)
    result = run("litellm_team", team_alias=name, rpm_limit=5)
    assert (result["changed"], result["team"]["rpm_limit"]) == (True, 5)
    assert len(working) == 2
    assert len(run("litellm_team_info", team_alias=name)["teams"]) == 1


def test_an_alias_that_is_part_of_another_is_another(stack: Stack, run: Run, name: str) -> None:
    run("litellm_team", team_alias=f"{name}-eu", rpm_limit=1)
    assert run("litellm_team", team_alias=name, rpm_limit=2)["diff"]["before"] == {}
    assert teams(stack, f"{name}-eu")[0]["rpm_limit"] == 1


def test_a_model_that_is_not_served_is_refused_and_nothing_created(stack: Stack, run: Run, name: str) -> None:
    refused = run("litellm_team", team_alias=name, models=[MODEL, "no-such-model"])
    assert refused["failed"]
    assert "no-such-model" in refused["msg"]
    assert MODEL in refused["msg"]
    assert teams(stack, name) == []


def test_a_team_is_deleted_once(stack: Stack, run: Run, name: str) -> None:
    run("litellm_team", team_alias=name)
    assert run("litellm_team", check=True, team_alias=name, state="absent")["changed"]
    assert len(teams(stack, name)) == 1
    gone = run("litellm_team", team_alias=name, state="absent")
    assert gone["changed"]
    assert gone["team"] is None
    assert teams(stack, name) == []
    assert not run("litellm_team", team_alias=name, state="absent")["changed"]


def test_a_team_with_keys_is_deleted_with_force_only(stack: Stack, run: Run, name: str) -> None:
    team_id = run("litellm_team", team_alias=name)["team"]["team_id"]
    key = stack.request("POST", "/key/generate", json={"team_id": team_id}).json()["key"]
    assert stack.request("GET", "/v1/models", key=key).status_code == 200
    refused = run("litellm_team", team_alias=name, state="absent")
    assert refused["failed"]
    assert "set force to true" in refused["msg"]
    assert run("litellm_team", team_alias=name, state="absent", force=True)["changed"]
    assert teams(stack, name) == []
    # At once, although LiteLLM goes on to accept the keys of a team that was just deleted.
    assert stack.request("GET", "/v1/models", key=key).status_code in (401, 403)
