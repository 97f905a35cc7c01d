# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from conftest import Run
from litellm_stand_in import LiteLLMStandIn


@pytest.fixture(autouse=True)
def _teams(litellm: LiteLLMStandIn) -> None:
    for alias in ("search", "search-eu"):
        litellm.add_team(team_alias=alias, team_id=f"id-{alias}")
        litellm.add_member(f"id-{alias}", user_id="bob", max_budget_in_team=5)
    litellm.add_member("id-search", user_id="ann", user_email="Ann@example.com")


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, [("ann", "search"), ("bob", "search"), ("bob", "search-eu")]),
        ({"team_alias": "search"}, [("ann", "search"), ("bob", "search")]),
        ({"team_id": "id-search-eu"}, [("bob", "search-eu")]),
        ({"user_id": "bob"}, [("bob", "search"), ("bob", "search-eu")]),
        ({"user_email": "ANN@example.com"}, [("ann", "search")]),
        ({"team_alias": "search-eu", "user_id": "ann"}, []),
        ({"team_alias": "none"}, []),
    ],
)
def test_members_by_what_is_asked_for(
    litellm: LiteLLMStandIn, run: Run, asked: dict[str, Any], found: list[tuple[str, str]]
) -> None:
    for check in (True, False):
        result = run("litellm_team_member_info", check=check, **asked)
        assert not result["changed"]
        # Whoever made a team is in it as well.
        others = [member for member in result["members"] if member["user_id"] != "default_user_id"]
        assert [(member["user_id"], member["team_alias"]) for member in others] == found
    assert not litellm.written


def test_only_teams_that_are_asked_for_are_looked_into(litellm: LiteLLMStandIn, run: Run) -> None:
    run("litellm_team_member_info", team_alias="search")
    assert [request.query.get("team_id") for request in litellm.requests] == [None, "id-search"]


def test_what_is_said_of_a_member(run: Run) -> None:
    assert run("litellm_team_member_info", team_alias="search", user_id="bob")["members"] == [
        {
            "team_id": "id-search",
            "team_alias": "search",
            "user_id": "bob",
            "user_email": None,
            "role": "user",
            "max_budget_in_team": 5,
            "budget_duration": None,
            "rpm_limit": None,
            "tpm_limit": None,
            "allowed_models": [],
            "spend": 0.0,
        }
    ]
