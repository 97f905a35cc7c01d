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
        ({}, ["one", "two"]),
        ({"organization_alias": "research"}, ["one"]),
        ({"organization_alias": "resear"}, []),
        ({"organization_id": "two"}, ["two"]),
        ({"organization_alias": "research", "organization_id": "two"}, []),
    ],
)
def test_organizations_by_what_is_asked_for(
    litellm: LiteLLMStandIn, run: Run, asked: dict[str, Any], found: list[str]
) -> None:
    litellm.licence = True
    litellm.add_organization(organization_id="two", organization_alias="research-eu")
    litellm.add_organization(organization_id="one", organization_alias="research")
    for check in (True, False):
        result = run("litellm_organization_info", check=check, **asked)
        assert not result["changed"]
        assert [each["organization_id"] for each in result["organizations"]] == found
    assert not litellm.written


def test_what_is_said_of_an_organization(litellm: LiteLLMStandIn, run: Run) -> None:
    litellm.licence = True
    litellm.add_organization(
        organization_id="one",
        organization_alias="research",
        budget_id="shared",
        max_budget=5,
        object_permission={"agents": ["a"]},
        metadata={"a": 1, "model_rpm_limit": {"chat-small": 3}},
    )
    [organization] = run("litellm_organization_info")["organizations"]
    assert {name: value for name, value in organization.items() if value} == {
        "organization_id": "one",
        "organization_alias": "research",
        "budget_id": "shared",
        "max_budget": 5.0,
        "object_permission": {"agents": ["a"]},
        "model_rpm_limit": {"chat-small": 3},
        "metadata": {"a": 1},
    }


def test_without_a_licence_one_sentence_says_so(run: Run) -> None:
    assert "this needs an enterprise licence of LiteLLM" in run("litellm_organization_info")["msg"]
