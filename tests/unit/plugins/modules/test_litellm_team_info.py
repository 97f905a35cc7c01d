# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from conftest import Run
from litellm_stand_in import LiteLLMStandIn


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, ["one", "two", "three"]),
        ({"team_alias": "search"}, ["one"]),
        ({"team_alias": "twins"}, []),
        ({"team_id": "two"}, ["two"]),
        ({"team_alias": "search", "team_id": "two"}, []),
        ({"team_alias": "nobody"}, []),
    ],
)
def test_teams_by_what_is_asked_for(litellm: LiteLLMStandIn, run: Run, asked: dict[str, Any], found: list[str]) -> None:
    litellm.add_team(team_id="three", team_alias="twin")
    litellm.add_team(team_id="two", team_alias="search-eu", rpm_limit=5)
    litellm.add_team(team_id="one", team_alias="search", metadata={"a": 1, "tags": ["hidden"]})
    for check in (True, False):
        result = run("litellm_team_info", check=check, **asked)
        assert not result["changed"]
        assert [team["team_id"] for team in result["teams"]] == found
    assert not litellm.written


def test_what_is_said_of_a_team(litellm: LiteLLMStandIn, run: Run) -> None:
    litellm.add_team(
        team_id="one",
        team_alias="search",
        max_budget=5,
        model_rpm_limit={"chat-small": 3},
        model_aliases={"chat": "chat-small"},
        object_permission={"agents": ["a"]},
        team_member_budget=2,
        metadata={"a": 1, "logging": ["secret"]},
    )
    [team] = run("litellm_team_info")["teams"]
    assert {name: value for name, value in team.items() if value} == {
        "team_id": "one",
        "team_alias": "search",
        "max_budget": 5.0,
        "model_rpm_limit": {"chat-small": 3},
        "model_aliases": {"chat": "chat-small"},
        "object_permission": {"agents": ["a"]},
        "team_member_budget": 2,
        "metadata": {"a": 1},
    }
    assert team["models"] == team["tags"] == []
    assert team["blocked"] is False
    assert team["rpm_limit"] is None


def test_all_pages_are_read(litellm: LiteLLMStandIn, run: Run) -> None:
    for number in range(201):
        litellm.add_team(team_alias=f"team-{number:03}")
    assert len(run("litellm_team_info")["teams"]) == 201
    assert len(litellm.requests) == 3


def test_a_list_that_changes_while_it_is_read_is_read_again(
    litellm: LiteLLMStandIn, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(150):
        litellm.add_team(team_id=f"{number:03}", team_alias=f"team-{number:03}")
    answer = litellm.answer

    def shifting(request: Any) -> Any:
        answered = answer(request)
        if request.query["page"] == "1" and leaving:
            litellm.teams.pop(leaving.pop())  # of the first page, so that all teams of the second move up
        return answered

    monkeypatch.setattr(litellm, "answer", shifting)
    leaving = ["000"]
    assert len(run("litellm_team_info")["teams"]) == 149
    assert len(litellm.requests) == 4
    leaving = [f"{number:03}" for number in range(10, 20)]
    result = run("litellm_team_info")
    assert "/v2/team/list had other teams on every of 5 readings: run this again when fewer" in result["msg"]
