# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from conftest import Run
from litellm_stand_in import Fault, LiteLLMStandIn

FULL: dict[str, Any] = {
    "models": ["chat-small", "chat-large"],
    "object_permission": {"vector_stores": ["a"], "mcp_tool_permissions": {"git": ["log"]}},
    "rpm_limit": 60,
    "tpm_limit": 1000,
    "max_parallel_requests": 8,
    "max_budget": 5.0,
    "soft_budget": 4.0,
    "budget_duration": "30d",
    "model_max_budget": {"chat-small": {"max_budget": 1.0, "budget_duration": "1d"}},
    "model_rpm_limit": {"chat-small": 3},
    "model_tpm_limit": {"chat-small": 300},
    "metadata": {"cost_center": "4711"},
}
OTHER: dict[str, Any] = {
    "models": [],
    "object_permission": {"vector_stores": ["a", "b"], "agents": ["c"]},
    "rpm_limit": 0,
    "tpm_limit": 1001,
    "max_parallel_requests": 9,
    "max_budget": 6.0,
    "soft_budget": 3.0,
    "budget_duration": "7d",
    "model_max_budget": {"chat-large": {"max_budget": 2.0, "budget_duration": "1d"}},
    "model_rpm_limit": {"chat-large": 3},
    "model_tpm_limit": {"chat-small": 301},
    "metadata": {"other": 1},
}
EMPTY: dict[str, Any] = {name: type(FULL[name])() if isinstance(FULL[name], (list, dict)) else None for name in FULL}


@pytest.fixture(autouse=True)
def _not_gated(litellm: LiteLLMStandIn) -> None:
    litellm.organizations_are_gated = False


def test_life_of_an_organization(litellm: LiteLLMStandIn, run: Run) -> None:
    foretold = run("litellm_organization", check=True, organization_alias="research", **FULL)
    assert foretold["changed"]
    known = {"organization_alias": "research", "organization_id": None, "budget_id": None, "spend": None}
    assert foretold["organization"] == FULL | known
    assert not litellm.written

    created = run("litellm_organization", organization_alias="research", **FULL)
    assert created["diff"] == foretold["diff"] == {"before": {}, "after": FULL | {"organization_alias": "research"}}
    assert {name: created["organization"][name] for name in FULL} == FULL
    identity = created["organization"]["organization_id"]
    assert identity == litellm.organization("research")["organization_id"]
    assert len(litellm.written) == 1

    for check in (True, False):
        again = run("litellm_organization", check=check, organization_alias="research", **FULL)
        assert not again["changed"]
        assert again["organization"] == created["organization"]

    changed = run("litellm_organization", organization_alias="research", rpm_limit=30)
    assert changed["diff"] == {"before": {"rpm_limit": 60}, "after": {"rpm_limit": 30}}
    assert litellm.written[-1].path == f"/v2/organization/{identity}"
    assert litellm.written[-1].body == {"rpm_limit": 30}

    for check in (True, False):
        gone = run("litellm_organization", organization_alias="research", state="absent", check=check)
        assert gone["changed"]
        assert gone["organization"] is None
        assert gone["diff"]["before"].items() >= (FULL | {"rpm_limit": 30}).items()
        assert bool(litellm.organizations) == check
    assert not run("litellm_organization", organization_alias="research", state="absent")["changed"]


@pytest.mark.parametrize("name", FULL)
def test_each_field_changes_and_is_cleared_alone(litellm: LiteLLMStandIn, run: Run, name: str) -> None:
    run("litellm_organization", organization_alias="research", **FULL)
    for given, before, after in [
        (OTHER[name], FULL[name], OTHER[name]),
        (FULL[name], OTHER[name], FULL[name]),
        (None, FULL[name], EMPTY[name]),
        (FULL[name], EMPTY[name], FULL[name]),
        (EMPTY[name], FULL[name], EMPTY[name]),
    ]:
        foretold = run("litellm_organization", check=True, organization_alias="research", **{name: given})
        changed = run("litellm_organization", organization_alias="research", **{name: given})
        assert foretold["diff"] == changed["diff"] == {"before": {name: before}, "after": {name: after}}
        again = run("litellm_organization", organization_alias="research", **{name: given})
        assert not again["changed"]
        assert {each: again["organization"][each] for each in FULL} == FULL | {name: after}


def test_without_a_licence_one_sentence_says_so(litellm: LiteLLMStandIn, run: Run) -> None:
    litellm.organizations_are_gated = True
    for options in ({}, {"check": True}, {"state": "absent"}):
        result = run("litellm_organization", organization_alias="research", **options)
        assert result["failed"]
        assert result["msg"].startswith(
            f"GET {litellm.url}/organization/list was refused (403), this needs an enterprise licence of LiteLLM."
        )
    assert not litellm.written
    litellm.licence = True
    assert run("litellm_organization", organization_alias="research")["changed"]


def test_a_part_of_a_name_is_another_name(litellm: LiteLLMStandIn, run: Run) -> None:
    litellm.add_organization(organization_alias="research-eu", rpm_limit=1)
    litellm.add_organization(organization_alias="RESEARCH", rpm_limit=1)
    assert run("litellm_organization", organization_alias="research", rpm_limit=2)["changed"]
    assert len(litellm.organizations) == 3


def test_two_organizations_with_one_alias_are_an_error_that_names_both(litellm: LiteLLMStandIn, run: Run) -> None:
    litellm.add_organization(organization_alias="research", organization_id="one")
    litellm.add_organization(organization_alias="research", organization_id="two")
    assert run("litellm_organization", organization_alias="research", rpm_limit=1)["msg"] == (
        "2 organizations have the alias 'research': one, two."
        " Give organization_id to say which one is meant, or delete the others."
    )
    assert not litellm.written
    assert run("litellm_organization", organization_alias="research", organization_id="two", state="absent")["changed"]
    assert list(litellm.organizations) == ["one"]


def test_an_organization_is_renamed_by_its_identity(litellm: LiteLLMStandIn, run: Run) -> None:
    litellm.add_organization(organization_alias="research", organization_id="a b#c?", rpm_limit=1)
    renamed = run("litellm_organization", organization_alias="discovery", organization_id="a b#c?")
    assert renamed["diff"] == {
        "before": {"organization_alias": "research"},
        "after": {"organization_alias": "discovery"},
    }
    assert litellm.organizations["a b#c?"]["organization_alias"] == "discovery"


def test_a_budget_is_shared_from_the_beginning_or_never(litellm: LiteLLMStandIn, run: Run) -> None:
    litellm.add_budget("shared")
    run("litellm_organization", organization_alias="research", budget_id="shared")
    assert not run("litellm_organization", organization_alias="research", budget_id="shared")["changed"]
    for check in (True, False):
        assert run("litellm_organization", check=check, organization_alias="research", budget_id="mine")["msg"] == (
            "budget_id of organization 'research' is 'shared' and cannot become 'mine':"
            " LiteLLM cannot give an organization another budget."
        )
    assert len(litellm.written) == 1


def test_a_budget_that_does_not_exist_is_an_error_that_names_it(litellm: LiteLLMStandIn, run: Run) -> None:
    """LiteLLM answers with an error of its database."""
    assert run("litellm_organization", organization_alias="research", budget_id="fre")["msg"] == (
        "There is no budget 'fre': create it first."
    )
    assert not litellm.written


def test_what_belongs_to_an_organization_is_only_deleted_by_force(litellm: LiteLLMStandIn, run: Run) -> None:
    identity = litellm.add_organization(organization_alias="research")
    team_id = litellm.add_team(team_alias="search")
    litellm.add_team(team_alias="other")
    tokens = {
        # It stays one of the team's alone when the team comes into the organization.
        litellm.add_key("sk-team", key_alias="team", team_id=team_id),
        litellm.add_key("sk-own", key_alias="own", organization_id=identity),
    }
    litellm.add_key("sk-other", key_alias="other")
    litellm.teams[team_id]["organization_id"] = identity
    for check in (True, False):
        assert run("litellm_organization", organization_alias="research", state="absent", check=check)["msg"] == (
            "Organization 'research' has teams (1) and keys (2), which would be deleted with it:"
            " delete them first, or set force to true."
        )
    assert run("litellm_organization", organization_alias="research", state="absent", force=True, check=True)["changed"]
    assert not litellm.written
    assert run("litellm_organization", organization_alias="research", state="absent", force=True)["changed"]
    assert not litellm.organizations
    assert [team["team_alias"] for team in litellm.teams.values()] == ["other"]
    assert [key["key_alias"] for key in litellm.keys.values()] == ["other"]
    blocked = {request.body["key"] for request in litellm.written if request.path == "/key/block"}
    assert blocked == tokens


def test_teams_without_an_alias_are_deleted_with_their_organization(litellm: LiteLLMStandIn, run: Run) -> None:
    identity = litellm.add_organization(organization_alias="research")
    for alias in (None, None, "search"):
        litellm.add_team(team_alias=alias, organization_id=identity)
    litellm.add_team(team_alias=None)
    assert run("litellm_organization", organization_alias="research", state="absent", force=True)["changed"]
    assert [team["organization_id"] for team in litellm.teams.values()] == [None]


def test_nothing_is_created_while_the_database_is_away(litellm: LiteLLMStandIn, run: Run) -> None:
    litellm.add_organization(organization_alias="research")
    litellm.database = False
    assert "failed in LiteLLM (500)" in run("litellm_organization", organization_alias="research")["msg"]
    assert not litellm.written


def test_an_unknown_model_is_an_error_that_names_it(litellm: LiteLLMStandIn, run: Run) -> None:
    result = run("litellm_organization", organization_alias="research", models=["chat-smal"])
    assert result["msg"] == "models has chat-smal, which LiteLLM does not serve: it serves chat-large, chat-small."
    assert not litellm.written


@pytest.mark.parametrize("method", ["POST", "PATCH", "DELETE"])
@pytest.mark.parametrize("after", [True, False], ids=["done", "not done"])
def test_a_lost_answer_is_cleared_up_by_reading(litellm: LiteLLMStandIn, run: Run, method: str, after: bool) -> None:
    if method != "POST":
        litellm.add_organization(organization_alias="research")
    litellm.faults = [Fault(method, after=after)]
    state = "absent" if method == "DELETE" else "present"
    assert run("litellm_organization", organization_alias="research", rpm_limit=9, state=state)["changed"]
    limits = [each["litellm_budget_table"]["rpm_limit"] for each in litellm.organizations.values()]
    assert limits == ([] if state == "absent" else [9])


@pytest.mark.parametrize("name", ["rpm_limit", "max_budget"])
def test_a_field_that_litellm_drops_is_an_error_that_names_it(litellm: LiteLLMStandIn, run: Run, name: str) -> None:
    litellm.dropped = {name}
    expected = f"LiteLLM accepted organization 'research' but did not keep {name} (wanted 7"
    for _run in range(2):
        assert run("litellm_organization", organization_alias="research", **{name: 7})["msg"].startswith(expected)


@pytest.mark.parametrize(
    ("option", "sentence"),
    [
        ({"rpm_limit": -1}, "rpm_limit is -1, give a number of 0 or more, or null for no limit."),
        ({"budget_duration": "monthly"}, "budget_duration is 'monthly', give a number and a unit"),
        (
            {"organization_alias": ""},
            "organization_alias is None, give a name that does not begin or end with a space.",
        ),
        ({"model_rpm_limit": {"a": -1}}, "model_rpm_limit is {'a': -1}, give a whole number of 0 or more"),
    ],
)
def test_a_value_that_cannot_be_is_refused_before_anything_is_asked(
    litellm: LiteLLMStandIn, run: Run, option: dict[str, Any], sentence: str
) -> None:
    result = run("litellm_organization", **{"organization_alias": "research"} | option)
    assert result["failed"]
    assert result["msg"].startswith(sentence)
    assert not litellm.requests
