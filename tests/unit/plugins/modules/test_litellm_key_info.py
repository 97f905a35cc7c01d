# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from conftest import Run
from litellm_stand_in import LiteLLMStandIn, digest


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, ["backend", "frontend", "lone"]),
        ({"key_alias": "backend"}, ["backend"]),
        ({"key_alias": "back"}, []),
        ({"team_alias": "search"}, ["backend", "frontend"]),
        ({"team_alias": "search", "key_alias": "lone"}, []),
        ({"team_id": "one"}, ["backend", "frontend"]),
    ],
)
def test_keys_by_what_is_asked_for(litellm: LiteLLMStandIn, run: Run, asked: dict[str, Any], found: list[str]) -> None:
    team_id = litellm.add_team(team_alias="search", team_id="one")
    litellm.add_team(team_alias="search-eu")
    for alias, team in (("frontend", team_id), ("backend", team_id), ("lone", None)):
        litellm.add_key(f"sk-{alias}", key_alias=alias, team_id=team)
    for check in (True, False):
        result = run("litellm_key_info", check=check, **asked)
        assert not result["changed"]
        assert [key["key_alias"] for key in result["keys"]] == found
    assert not litellm.written


def test_what_is_said_of_a_key_authenticates_nobody(litellm: LiteLLMStandIn, run: Run) -> None:
    value = "sk-backend-4cV8bN1mQ"
    mark = {"inference_gateway_duration": "90d"}
    litellm.add_key(value, key_alias="backend", rpm_limit=3, duration="90d", metadata={"a": 1} | mark)
    (key,) = run("litellm_key_info")["keys"]
    assert (key["rpm_limit"], key["duration"], key["metadata"]) == (3, "90d", {"a": 1})
    assert key["token"] == digest(value)
    for secret in (value, value[-4:]):
        assert secret not in run.printed  # type: ignore[attr-defined]


def test_keys_without_a_name_are_listed_too(litellm: LiteLLMStandIn, run: Run) -> None:
    litellm.add_key("sk-nameless")
    litellm.add_key("sk-named", key_alias="named")
    assert [key["key_alias"] for key in run("litellm_key_info")["keys"]] == [None, "named"]


def test_a_team_that_is_not_there_is_an_error(litellm: LiteLLMStandIn, run: Run) -> None:
    assert run("litellm_key_info", team_alias="search")["msg"] == "There is no team 'search'."
