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
        ({}, ["alice", "alice-2", "bob"]),
        ({"user_id": "alice"}, ["alice"]),
        ({"user_id": "lice"}, []),
        ({"user_email": "alice@example.com"}, ["alice"]),
        ({"user_email": "alice"}, []),
        ({"user_id": "bob", "user_email": "alice@example.com"}, []),
    ],
)
def test_users_by_what_is_asked_for(litellm: LiteLLMStandIn, run: Run, asked: dict[str, Any], found: list[str]) -> None:
    litellm.add_user("bob")
    litellm.add_user("alice-2", user_email="malice@example.com")
    litellm.add_user("alice", user_email="alice@example.com")
    for check in (True, False):
        result = run("litellm_user_info", check=check, **asked)
        assert not result["changed"]
        assert [user["user_id"] for user in result["users"]] == found
    assert not litellm.written


def test_what_is_said_of_a_user(litellm: LiteLLMStandIn, run: Run) -> None:
    litellm.add_user("alice", user_alias="", max_budget=5, metadata={"a": 1, "logging": ["secret"]})
    assert run("litellm_user_info")["users"] == [
        {
            "user_id": "alice",
            "user_email": None,
            "user_alias": None,
            "user_role": None,
            "sso_user_id": None,
            "teams": [],
            "models": [],
            "object_permission": {},
            "rpm_limit": None,
            "tpm_limit": None,
            "max_parallel_requests": None,
            "max_budget": 5.0,
            "budget_duration": None,
            "budget_reset_at": None,
            "model_max_budget": {},
            "metadata": {"a": 1},
            "spend": 0.0,
        }
    ]


def test_all_pages_are_read(litellm: LiteLLMStandIn, run: Run) -> None:
    for number in range(201):
        litellm.add_user(f"user-{number:03}")
    assert len(run("litellm_user_info")["users"]) == 201
    # Without an order of its own, LiteLLM may give a user on two pages, and another on none.
    assert [request.query["sort_by"] for request in litellm.requests] == ["user_id"] * 3
