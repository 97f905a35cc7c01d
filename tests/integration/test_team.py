# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from conftest import Run
from stack import MODEL, Stack

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


def test_a_budget_period_goes_on_when_something_else_changes(stack: Stack, run: Run, name: str) -> None:
    began = run("litellm_team", team_alias=name, **FULL)["team"]["budget_reset_at"]
    assert began
    assert run("litellm_team", team_alias=name, max_budget=6)["team"]["budget_reset_at"] == began


def test_metadata_keeps_what_litellm_keeps_there(stack: Stack, run: Run, name: str) -> None:
    team_id = run("litellm_team", team_alias=name, metadata={"old": 1})["team"]["team_id"]
    limits = {"team_id": team_id, "model_rpm_limit": {MODEL: 3}}
    stack.request("POST", "/team/update", json=limits).raise_for_status()
    assert run("litellm_team", team_alias=name, metadata={"new": 2})["changed"]
    [live] = teams(stack, name)
    assert live["metadata"] == {"new": 2, "model_rpm_limit": {MODEL: 3}}


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
