# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from conftest import Run
from litellm_stand_in import LiteLLMStandIn, digest

from ansible_collections.inference.gateway.plugins.module_utils._kinds.key import KEY

OWNED = {"inference_gateway_owner": "platform"}


@pytest.fixture(autouse=True)
def _nothing_secret_is_printed(run: Run, litellm: LiteLLMStandIn) -> Any:
    yield
    for token in litellm.keys:
        assert token not in run.printed  # type: ignore[attr-defined]


def furnish(litellm: LiteLLMStandIn) -> None:
    limits = {"rpm_limit": 0, "max_budget": 2.5, "metadata": {"a": {"b": None}, "guardrails": ["x"]} | OWNED}
    litellm.add_team(team_id="1", team_alias="search", models=["retired"], **limits)
    litellm.add_team(team_id="2", team_alias="chat", budget_duration="30d")
    litellm.add_key("sk-a", key_alias="a", team_id="1", duration="30d", **limits)
    litellm.add_key("sk-b", key_alias="b", tpm_limit=7)


def test_what_is_there_without_what_is_empty(litellm: LiteLLMStandIn, run: Run) -> None:
    furnish(litellm)
    for check in (True, False):
        result = run("litellm_export", check=check)
        assert not result["changed"]
        assert result["declaration"] == {
            "credentials": [],
            "models": [],
            "budgets": [],
            "teams": [
                {"team_alias": "chat", "budget_duration": "30d"},
                {
                    "team_alias": "search",
                    "models": ["retired"],
                    "rpm_limit": 0,
                    "max_budget": 2.5,
                    "guardrails": ["x"],
                    "metadata": {"a": {"b": None}},
                },
            ],
            "users": [],
            # LiteLLM makes who creates a team its admin.
            "team_members": [
                {"team_alias": team, "user_id": "default_user_id", "role": "admin"} for team in ("search", "chat")
            ],
            "keys": [
                {
                    "key_alias": "a",
                    "team_alias": "search",
                    "rpm_limit": 0,
                    "max_budget": 2.5,
                    "guardrails": ["x"],
                    "metadata": {"a": {"b": None}},
                },
                {"key_alias": "b", "tpm_limit": 7},
            ],
        }
        assert result["left_out"].pop("models") == 2  # those of the configuration file
        assert set(result["left_out"].values()) == {0}
    assert not litellm.written


def test_what_is_asked_for(litellm: LiteLLMStandIn, run: Run) -> None:
    furnish(litellm)
    assert run("litellm_export", kinds=["keys"])["declaration"].keys() == {"keys"}
    mine = run("litellm_export", owner="platform")["declaration"]
    assert [each["team_alias"] for each in mine["teams"]] == ["search"]
    assert [each["key_alias"] for each in mine["keys"]] == ["a"]
    nobodys = run("litellm_export", owner="")["declaration"]
    assert [each["key_alias"] for each in nobodys["keys"]] == ["b"]
    assert run("litellm_export", kinds=[])["declaration"] == {}
    assert run("litellm_export", kinds="")["declaration"].keys() > {"teams", "keys"}
    assert run("litellm_export", kinds=["users!"])["msg"].startswith(
        "value of kinds must be one or more of: credentials, models, "
    )


def test_what_no_declaration_can_have_is_left_out(litellm: LiteLLMStandIn, run: Run) -> None:
    for identity in ("1", "2"):
        litellm.add_team(team_id=identity, team_alias="twin")
    litellm.add_team(team_id="3", team_alias=" padded ")
    litellm.add_team(team_id="4")
    litellm.teams["4"]["budget_duration"] = "monthly"
    litellm.add_team(team_id="5", team_alias="odd")
    litellm.teams["5"]["budget_duration"] = "monthly"  # an update takes it
    litellm.add_key("sk-a", key_alias="a", team_id="2")
    litellm.add_key("sk-b", key_alias="b", team_id="nobody")  # LiteLLM takes any
    litellm.add_key("sk-c")
    result = run("litellm_export", kinds=["teams", "keys"])
    assert result["declaration"] == {
        "teams": [{"team_alias": "odd"}],
        "keys": [
            {"key_alias": "a", "team_id": "2"},
            {"key_alias": "b"},
        ],
    }
    assert result["left_out"] == {"teams": 4, "keys": 1}
    assert not run("litellm_sync", **result["declaration"])["changed"]


# By the names of LiteLLM's own fields, and of other types than LiteLLM writes.
FREE_FORM: dict[str, Any] = {
    "default_estimated_output_tokens": "100",
    "mcp_rpm_limit": "none",
    "model_rpm_limit": {"chat-small": "fast"},
    "rpm_limit_type": ["a"],
    "team_member_key_duration": 30,
    "tags": "one",
    "allowed_passthrough_routes": [1],
    "disable_global_guardrails": 1,
    "enforced_file_expires_after": {"seconds": "5"},
}
MARKS: dict[str, Any] = {"inference_gateway_duration": 5, "inference_gateway_formerly": ["x"]}


@pytest.mark.parametrize("name", FREE_FORM)
def test_what_no_option_can_say_is_left_in_metadata(litellm: LiteLLMStandIn, run: Run, name: str) -> None:
    litellm.add_team(team_id="1", team_alias="search")
    litellm.add_key("sk-a", key_alias="a")
    metadata = {"mine": 1, name: FREE_FORM[name]}
    litellm.teams["1"]["metadata"] = metadata
    litellm.key("a")["metadata"] = MARKS | metadata
    declaration = run("litellm_export", kinds=["teams", "keys"])["declaration"]
    assert declaration["teams"] == [{"team_alias": "search", "metadata": metadata}]
    # A key has not all fields that a team has.
    said = metadata if any(each.name == name for each in KEY.fields) else {"mine": 1}
    assert declaration["keys"] == [{"key_alias": "a", "metadata": said}]
    assert not run("litellm_sync", **declaration)["changed"]


@pytest.mark.parametrize("owner", [["x"], 5])
def test_an_owner_that_is_no_name_is_another_one(litellm: LiteLLMStandIn, run: Run, owner: Any) -> None:
    litellm.add_team(team_id="1", team_alias="search")
    litellm.teams["1"]["metadata"] = {"inference_gateway_owner": owner}
    assert run("litellm_export", kinds=["teams"], owner="platform")["declaration"] == {"teams": []}
    refused = run("litellm_sync", owner="platform", teams=[{"team_alias": "search", "rpm_limit": 5}])
    assert f"belongs to the declaration '{owner}'" in refused["msg"]


@pytest.mark.parametrize("owner", [None, "platform"])
def test_given_to_litellm_sync_it_changes_nothing(litellm: LiteLLMStandIn, run: Run, owner: str | None) -> None:
    furnish(litellm)
    # A key that was made valid for a time by this collection.
    timed = {"key_alias": "c", "key": f"sk-{digest('c')}", "duration": "30d"}
    assert run("litellm_sync", owner=owner, keys=[timed])["changed"]
    written = len(litellm.written)
    declaration = run("litellm_export", **({"owner": owner} if owner else {}))["declaration"]
    assert declaration["keys"][-1].get("duration") == "30d"
    result = run("litellm_sync", owner=owner, prune=bool(owner), **declaration)
    assert (result["changed"], len(litellm.written)) == (False, written)


@pytest.mark.parametrize("kinds", [None, ["teams", "keys"]])
def test_an_organization_that_may_not_be_read_is_named_by_its_identity(
    litellm: LiteLLMStandIn, run: Run, kinds: list[str] | None
) -> None:
    """As when a licence has expired."""
    litellm.licence = True
    organization = litellm.add_organization(organization_alias="acme")
    for number in range(3):
        litellm.add_team(team_alias=f"team-{number}", organization_id=organization, metadata=OWNED)
    litellm.add_key("sk-a", key_alias="a", organization_id=organization)
    litellm.licence = False
    declaration = run("litellm_export", **({"kinds": kinds} if kinds else {}))["declaration"]
    assert declaration["teams"][0] == {"team_alias": "team-0", "organization_id": organization}
    assert declaration["keys"] == [{"key_alias": "a", "organization_id": organization}]
    assert len([each for each in litellm.requests if each.path == "/organization/list"]) == 1
    assert not run("litellm_sync", teams=declaration["teams"], keys=declaration["keys"])["changed"]
    pruned = run("litellm_sync", owner="platform", prune=True, teams=[])
    assert [each["before"]["organization_id"] for each in pruned["plan"]] == [organization] * 3
    refused = run("litellm_sync", teams=[{"team_alias": "new", "organization_alias": "acme"}])
    assert "/organization/list was refused (403)" in refused["msg"]
    assert "was refused (403)" in run("litellm_export", kinds=["organizations"])["msg"]
