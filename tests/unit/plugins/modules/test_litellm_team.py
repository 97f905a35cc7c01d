# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from conftest import Run
from litellm_stand_in import Fault, LiteLLMStandIn

from ansible_collections.inference.gateway.plugins.module_utils._kinds.team import TEAM

FULL: dict[str, Any] = {
    "models": ["chat-small", "chat-large"],
    "rpm_limit": 60,
    "tpm_limit": 1000,
    "max_budget": 5,
    "budget_duration": "30d",
    "metadata": {"cost_center": "4711"},
}


# Of every other field: a value, another, and what it reads as when it is cleared.
FIELDS: dict[str, tuple[Any, Any, Any]] = {
    "organization_id": ("org-1", "org-2", None),
    "blocked": (True, True, False),
    "model_aliases": ({"chat": "chat-small"}, {"chat": "chat-large", "big": "chat-large"}, {}),
    "access_group_ids": (["a", "b"], ["c"], []),
    "object_permission": (
        {"vector_stores": ["a"], "mcp_tool_permissions": {"git": ["log"]}},
        {"vector_stores": ["a", "b"], "agents": ["c"]},
        {},
    ),
    "tpd_limit": (5000, 0, None),
    "rpm_limit_type": ("guaranteed_throughput", "best_effort_throughput", None),
    "tpm_limit_type": ("best_effort_throughput", "guaranteed_throughput", None),
    "model_rpm_limit": ({"chat-small": 3}, {"chat-large": 0}, {}),
    "model_tpm_limit": ({"chat-small": 300}, {"chat-small": 301}, {}),
    "mcp_rpm_limit": ({"git": 3}, {"git": 4}, {}),
    "default_estimated_output_tokens": (100, 200, None),
    "default_estimated_output_tokens_per_model": ({"chat-small": 100}, {"chat-small": 200}, {}),
    "soft_budget": (2.5, 3.0, None),
    "budget_limits": (
        [{"max_budget": 1.0, "budget_duration": "1d"}, {"max_budget": 5.0, "budget_duration": "30d"}],
        [{"max_budget": 2.0, "budget_duration": "1d"}],
        [],
    ),
    "model_max_budget": (
        {"chat-small": {"max_budget": 1.0, "budget_duration": "1d"}},
        {"chat-large": {"max_budget": 2.0, "budget_duration": "1d"}},
        {},
    ),
    "team_member_budget": (1.5, 2.0, None),
    "team_member_budget_duration": ("30d", "7d", None),
    "team_member_rpm_limit": (10, 0, None),
    "team_member_tpm_limit": (100, 200, None),
    "team_member_key_duration": ("30d", "7d", None),
    "team_member_permissions": (["/key/generate"], ["/key/delete", "/key/{key_id}/regenerate"], []),
    "default_team_member_models": (["chat-small"], ["chat-large"], []),
    "tags": (["a", "b"], ["c"], []),
    "guardrails": (["pii"], ["toxic"], []),
    "disable_global_guardrails": (True, True, False),
    "policies": (["a"], ["b"], []),
    "prompts": (["a"], ["b"], []),
    "allowed_passthrough_routes": (["/a"], ["/b"], []),
    "denied_passthrough_routes": (["/a"], ["/b"], []),
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
    "secret_manager_settings": ({"mount": "a"}, {"mount": "b"}, {}),
    "require_trace_id": (True, True, False),
    "router_settings": ({"num_retries": 1}, {"num_retries": 2, "timeout": 5}, {}),
}
LICENSED = [
    "model_max_budget",
    "team_member_key_duration",
    "tags",
    "guardrails",
    "disable_global_guardrails",
    "policies",
    "prompts",
    "allowed_passthrough_routes",
    "denied_passthrough_routes",
    "secret_manager_settings",
]


def test_life_of_a_team(litellm: LiteLLMStandIn, run: Run) -> None:
    foretold = run("litellm_team", check=True, team_alias="search", **FULL)
    assert foretold["changed"]
    assert foretold["team"].items() >= (FULL | {"team_alias": "search", "team_id": None, "spend": None}).items()
    assert not litellm.written

    created = run("litellm_team", team_alias="search", **FULL)
    assert created["changed"]
    assert created["diff"] == foretold["diff"] == {"before": {}, "after": FULL | {"team_alias": "search"}}
    assert {name: created["team"][name] for name in FULL} == FULL
    assert created["team"]["team_id"] == litellm.team("search")["team_id"]

    again = run("litellm_team", team_alias="search", **FULL)
    assert not again["changed"]
    assert again["team"] == created["team"]
    assert len(litellm.written) == 1

    changed = run("litellm_team", team_alias="search", rpm_limit=30)
    assert changed["diff"] == {"before": {"rpm_limit": 60}, "after": {"rpm_limit": 30}}
    assert litellm.written[-1].body == {"team_id": created["team"]["team_id"], "rpm_limit": 30}

    gone = run("litellm_team", team_alias="search", state="absent", check=True)
    assert gone["changed"]
    assert len(litellm.written) == 2
    gone = run("litellm_team", team_alias="search", state="absent")
    assert gone["changed"]
    assert gone["team"] is None
    assert gone["diff"] == {"before": FULL | {"team_alias": "search", "rpm_limit": 30}, "after": {}}
    assert not litellm.teams
    assert not run("litellm_team", team_alias="search", state="absent")["changed"]


@pytest.mark.parametrize(("name", "empty"), [(name, None) for name in FULL] + [("models", []), ("metadata", {})])
def test_null_and_empty_clear_and_not_given_is_left_alone(
    litellm: LiteLLMStandIn, run: Run, name: str, empty: Any
) -> None:
    run("litellm_team", team_alias="search", **FULL)
    cleared = run("litellm_team", team_alias="search", **{name: empty})
    nothing = {"models": [], "metadata": {}}.get(name)
    assert cleared["diff"] == {"before": {name: FULL[name]}, "after": {name: nothing}}
    team = litellm.team("search")
    assert team[name] == nothing
    assert {other: team[other] for other in FULL if other != name} == {
        other: FULL[other] for other in FULL if other != name
    }
    assert not run("litellm_team", team_alias="search", **{name: empty})["changed"]


def test_every_field_is_tried() -> None:
    assert FIELDS.keys() | FULL.keys() | {"team_alias"} == TEAM.options().keys()


@pytest.mark.parametrize("name", FIELDS)
def test_each_field_is_set_changed_and_cleared(litellm: LiteLLMStandIn, run: Run, name: str) -> None:
    litellm.licence = True
    litellm.version = "1.108.7"  # which has the newest of them
    for identity in ("org-1", "org-2"):
        litellm.add_organization(organization_alias=identity, organization_id=identity)
    value, other, empty = FIELDS[name]

    def keep(given: Any, before: Any) -> None:
        foretold = run("litellm_team", check=True, team_alias="search", **FULL | {name: given})
        changed = run("litellm_team", team_alias="search", **FULL | {name: given})
        assert changed["team"][name] == (empty if given is None else given)
        assert foretold["diff"] == changed["diff"]
        assert changed["diff"]["before"].get(name, empty) == before
        again = run("litellm_team", team_alias="search", **FULL | {name: given})
        assert not again["changed"]
        assert again["team"] == changed["team"]
        assert {each: again["team"][each] for each in FULL} == FULL

    keep(value, empty)
    keep(other, value if other != value else empty)
    keep(None, other)
    # The same to a team that is there already.
    keep(value, empty)
    if empty is not None:
        keep(empty, value)


@pytest.mark.parametrize("name", LICENSED)
def test_without_a_licence_a_field_that_needs_one_can_only_be_cleared(
    litellm: LiteLLMStandIn, run: Run, name: str
) -> None:
    litellm.licence = True
    value, _other, empty = FIELDS[name]
    run("litellm_team", team_alias="search", **{name: value})
    litellm.licence = False
    assert "needs an enterprise licence" in run("litellm_team", team_alias="other", **{name: value})["msg"]
    assert "other" not in [team["team_alias"] for team in litellm.teams.values()]
    assert run("litellm_team", team_alias="search", **{name: None})["team"][name] == empty
    assert "needs an enterprise licence" in run("litellm_team", team_alias="search", **{name: value})["msg"]
    assert run("litellm_team", team_alias="search", **{name: None})["changed"] is False


def test_what_is_kept_in_metadata_and_metadata_do_not_touch_each_other(litellm: LiteLLMStandIn, run: Run) -> None:
    run(
        "litellm_team",
        team_alias="search",
        model_rpm_limit={"chat-small": 3},
        rpm_limit_type="guaranteed_throughput",
        default_estimated_output_tokens=9,
        team_member_budget=1,
        metadata={"mine": 1},
    )
    shared = litellm.team("search")["metadata"]["team_member_budget_id"]
    kept = {
        "model_rpm_limit": {"chat-small": 3},
        "rpm_limit_type": "guaranteed_throughput",
        "default_estimated_output_tokens": 9,
        "team_member_budget_id": shared,
    }
    run("litellm_team", team_alias="search", metadata={"mine": 2})
    assert litellm.team("search")["metadata"] == {"mine": 2} | kept
    run("litellm_team", team_alias="search", team_member_budget=2, team_member_rpm_limit=5)
    run("litellm_team", team_alias="search", team_member_budget=None)
    assert litellm.team("search")["metadata"] == {"mine": 2} | kept
    run("litellm_team", team_alias="search", default_estimated_output_tokens=None)
    del kept["default_estimated_output_tokens"]
    assert litellm.team("search")["metadata"] == {"mine": 2} | kept
    run("litellm_team", team_alias="search", model_rpm_limit={}, metadata={"mine": 3})
    del kept["model_rpm_limit"]
    assert litellm.team("search")["metadata"] == {"mine": 3} | kept


def test_what_is_not_named_in_an_object_permission_is_cleared(litellm: LiteLLMStandIn, run: Run) -> None:
    run("litellm_team", team_alias="search", object_permission={"agents": ["a"], "mcp_tool_permissions": {"x": ["y"]}})
    changed = run("litellm_team", team_alias="search", object_permission={"vector_stores": ["b"], "agents": []})
    assert changed["diff"]["after"] == {"object_permission": {"vector_stores": ["b"]}}
    assert litellm.written[-1].body["object_permission"] == {
        "vector_stores": ["b"],
        "agents": [],
        "mcp_tool_permissions": {},
    }
    assert not run("litellm_team", team_alias="search", object_permission={"vector_stores": ["b"]})["changed"]


def test_details_are_only_asked_for_where_there_are_some(litellm: LiteLLMStandIn, run: Run) -> None:
    litellm.add_team(team_alias="search")
    litellm.add_team(team_alias="search-eu", team_member_budget=5)
    run("litellm_team", team_alias="search")
    assert [request.path for request in litellm.requests] == ["/v2/team/list"]


def test_a_team_is_not_taken_for_gone_when_its_details_are_not_to_be_had(litellm: LiteLLMStandIn, run: Run) -> None:
    litellm.add_team(team_alias="search", team_member_budget=5)
    litellm.faults = [Fault("GET", "/team/info", status=404)]
    assert "found nothing (404)" in run("litellm_team", team_alias="search")["msg"]
    litellm.faults = [Fault("GET", "/team/info", status=200, body=b"{}")]
    assert "/team/info?team_id=" in run("litellm_team", team_alias="search")["msg"]
    assert not litellm.written


def test_the_members_budget_is_renewed_as_the_teams_unless_that_is_said(litellm: LiteLLMStandIn, run: Run) -> None:
    run("litellm_team", team_alias="search", budget_duration="30d", team_member_budget=5)
    assert run("litellm_team_info")["teams"][0]["team_member_budget_duration"] == "30d"
    said = {"budget_duration": "30d", "team_member_budget": 5, "team_member_budget_duration": None}
    created = run("litellm_team", team_alias="other", **said)
    assert created["team"]["team_member_budget_duration"] is None
    assert not run("litellm_team", team_alias="other", **said)["changed"]


def test_a_team_is_put_into_the_organization_of_a_name(litellm: LiteLLMStandIn, run: Run) -> None:
    litellm.organizations_are_gated = False
    missing = "There is no organization 'research': create it first."
    assert run("litellm_team", team_alias="search", organization_alias="research")["msg"] == missing
    foretold = run("litellm_team", check=True, team_alias="search", organization_alias="research")
    assert foretold["diff"]["after"]["organization_id"] == "(of the new organization research)"
    assert not litellm.written
    identity = litellm.add_organization(organization_alias="research")
    litellm.add_organization(organization_alias="research-eu")
    assert run("litellm_team", team_alias="search", organization_alias="research")["changed"]
    assert not run("litellm_team", team_alias="search", organization_alias="research")["changed"]
    assert litellm.team("search")["organization_id"] == identity
    assert run("litellm_team", team_alias="search", organization_alias=None)["team"]["organization_id"] is None
    refused = run("litellm_team", team_alias="search", organization_id="none-such")["msg"]
    assert "Organization not found" in refused


def test_a_field_that_is_given_twice_is_refused(litellm: LiteLLMStandIn, run: Run) -> None:
    result = run("litellm_team", team_alias="search", tags=["a"], metadata={"tags": ["b"], "mine": 1})
    assert result["msg"] == "tags is given twice, leave it out of metadata."
    assert not litellm.requests


def test_an_empty_duration_is_cleared_and_never_sent(litellm: LiteLLMStandIn, run: Run) -> None:
    run("litellm_team", team_alias="search", budget_duration="30d")
    assert run("litellm_team", team_alias="search", budget_duration="")["changed"]
    assert litellm.written[-1].body["budget_duration"] is None


def test_the_order_of_models_and_the_type_of_a_number_are_no_change(litellm: LiteLLMStandIn, run: Run) -> None:
    litellm.add_team(team_alias="search", models=["chat-small", "chat-large"], max_budget=5)
    assert not run("litellm_team", team_alias="search", models=["chat-large", "chat-small"], max_budget="5.0")[
        "changed"
    ]


def test_a_budget_period_is_only_begun_anew_when_the_duration_changes(litellm: LiteLLMStandIn, run: Run) -> None:
    run("litellm_team", team_alias="search", **FULL)
    began = litellm.team("search")["budget_reset_at"]
    run("litellm_team", team_alias="search", **FULL | {"max_budget": 6, "metadata": {"a": 1}})
    assert litellm.team("search")["budget_reset_at"] == began


def test_metadata_keeps_what_litellm_keeps_there(litellm: LiteLLMStandIn, run: Run) -> None:
    litellm.add_team(team_alias="search", model_rpm_limit={"chat-small": 3}, metadata={"old": 1, "guardrails": ["pii"]})
    result = run("litellm_team", team_alias="search", metadata={"new": 2, "nothing": None})
    assert result["diff"] == {"before": {"metadata": {"old": 1}}, "after": {"metadata": {"new": 2, "nothing": None}}}
    assert litellm.team("search")["metadata"] == {
        "new": 2,
        "nothing": None,
        "guardrails": ["pii"],
        "model_rpm_limit": {"chat-small": 3},
    }
    # What is named is made so.
    assert run("litellm_team", team_alias="search", metadata={"guardrails": ["pii"]})["changed"]
    assert not run("litellm_team", team_alias="search", metadata={"guardrails": ["pii"]})["changed"]
    assert run("litellm_team", team_alias="search", metadata={"guardrails": []})["changed"]
    assert litellm.team("search")["metadata"] == {"guardrails": [], "model_rpm_limit": {"chat-small": 3}}


def test_an_alias_that_is_part_of_another_is_another(litellm: LiteLLMStandIn, run: Run) -> None:
    litellm.add_team(team_alias="search-eu", rpm_limit=1)
    litellm.add_team(team_alias="SEARCH", rpm_limit=1)
    assert run("litellm_team", team_alias="search", rpm_limit=2)["changed"]
    assert len(litellm.teams) == 3
    assert litellm.team("search-eu")["rpm_limit"] == 1


def test_a_team_on_a_later_page_is_found(litellm: LiteLLMStandIn, run: Run) -> None:
    for number in range(250):
        litellm.add_team(team_alias=f"search-{number}")
    litellm.add_team(team_alias="search")
    assert not run("litellm_team", team_alias="search")["changed"]


def test_two_teams_with_one_alias_are_an_error_that_names_both(litellm: LiteLLMStandIn, run: Run) -> None:
    litellm.add_team(team_alias="search", team_id="one")
    litellm.add_team(team_alias="search", team_id="two")
    assert run("litellm_team", team_alias="search", rpm_limit=1)["msg"] == (
        "2 teams have the alias 'search': one, two. Give team_id to say which one is meant, or delete the others."
    )
    assert run("litellm_team", team_alias="search", team_id="one")["msg"] == (
        "The alias 'search' is to be that of team one, but belongs to two: rename or delete that one first."
    )
    assert not litellm.written
    assert run("litellm_team", team_alias="search", team_id="two", state="absent")["changed"]
    assert list(litellm.teams) == ["one"]


def test_a_team_is_renamed_by_its_identity(litellm: LiteLLMStandIn, run: Run) -> None:
    litellm.add_team(team_alias="search", team_id="one", rpm_limit=1)
    renamed = run("litellm_team", team_alias="discovery", team_id="one")
    assert renamed["diff"] == {"before": {"team_alias": "search"}, "after": {"team_alias": "discovery"}}
    assert litellm.teams["one"]["team_alias"] == "discovery"
    # To delete, both must fit.
    assert not run("litellm_team", team_alias="search", team_id="one", state="absent")["changed"]


def test_a_new_team_gets_the_identity_that_is_given(litellm: LiteLLMStandIn, run: Run) -> None:
    assert run("litellm_team", team_alias="search", team_id="search-1")["team"]["team_id"] == "search-1"
    assert not run("litellm_team", team_alias="search", team_id="search-1")["changed"]


def test_nothing_is_created_while_the_database_is_away(litellm: LiteLLMStandIn, run: Run) -> None:
    litellm.add_team(team_alias="search")
    litellm.database = False
    result = run("litellm_team", team_alias="search")
    assert result["failed"]
    assert "failed in LiteLLM (500)" in result["msg"]
    assert not litellm.written


def test_a_team_with_keys_is_only_deleted_by_force(litellm: LiteLLMStandIn, run: Run) -> None:
    team_id = litellm.add_team(team_alias="search")
    tokens = [litellm.add_key(f"sk-{name}", key_alias=name, team_id=team_id) for name in ("a", "b")]
    for check in (True, False):
        assert run("litellm_team", team_alias="search", state="absent", check=check)["msg"] == (
            "Team 'search' has keys (2), which would be deleted with it: delete them first, or set force to true."
        )
    assert not litellm.written
    assert run("litellm_team", team_alias="search", state="absent", force=True, check=True)["changed"]
    assert not litellm.written
    assert run("litellm_team", team_alias="search", state="absent", force=True)["changed"]
    # Blocked before they were deleted, for replicas go on to accept a deleted key for a minute.
    assert [litellm.deleted_keys[token]["blocked"] for token in tokens] == [True, True]


def test_an_unknown_model_is_an_error_that_names_it(litellm: LiteLLMStandIn, run: Run) -> None:
    result = run("litellm_team", team_alias="search", models=["chat-small", "chat-smal"])
    assert result["msg"] == "models has chat-smal, which LiteLLM does not serve: it serves chat-large, chat-small."
    assert not litellm.written
    # It may come with an earlier task of the same play.
    foretold = run("litellm_team", check=True, team_alias="search", models=["chat-smal"])
    assert foretold["changed"]
    assert "models has chat-smal, which LiteLLM does not serve" in foretold["warnings"]


@pytest.mark.parametrize("name", ["all-proxy-models", "openai/gpt-x", "anthropic/*", "chat-*"])
def test_groups_and_patterns_are_known_models(litellm: LiteLLMStandIn, run: Run, name: str) -> None:
    litellm.models += ["openai/*", "anthropic/claude"]
    assert run("litellm_team", team_alias="search", models=[name])["changed"]


def test_a_model_that_is_no_longer_served_is_not_a_matter_when_it_was_there(litellm: LiteLLMStandIn, run: Run) -> None:
    litellm.add_team(team_alias="search", models=["retired"])
    assert not run("litellm_team", team_alias="search", models=["retired"])["changed"]
    assert run("litellm_team", team_alias="search", models=["retired", "chat-small"])["changed"]


@pytest.mark.parametrize("name", ["rpm_limit", "max_budget"])
def test_a_field_that_litellm_drops_is_an_error_that_names_it(litellm: LiteLLMStandIn, run: Run, name: str) -> None:
    litellm.dropped = {name}
    expected = f"LiteLLM accepted team 'search' but did not keep {name} (wanted 7"
    assert run("litellm_team", team_alias="search", **{name: 7})["msg"].startswith(expected)
    assert run("litellm_team", team_alias="search", **{name: 7})["msg"].startswith(expected)


def test_what_the_server_puts_into_a_new_team_is_taken_out_when_that_was_asked_for(
    litellm: LiteLLMStandIn, run: Run
) -> None:
    litellm.defaults = {"max_budget": 10.0, "rpm_limit": 5}
    run("litellm_team", team_alias="search", max_budget=None)
    assert litellm.team("search")["max_budget"] is None
    assert litellm.team("search")["rpm_limit"] == 5


@pytest.mark.parametrize("path", ["/team/new", "/team/update", "/team/delete"])
@pytest.mark.parametrize("after", [True, False], ids=["done", "not done"])
@pytest.mark.parametrize("status", [None, 502, 504])
def test_a_lost_answer_is_cleared_up_by_reading(
    litellm: LiteLLMStandIn, run: Run, path: str, after: bool, status: int | None
) -> None:
    if path != "/team/new":
        litellm.add_team(team_alias="search")
    litellm.faults = [Fault("POST", path, status=status, after=after)]
    state = "absent" if path == "/team/delete" else "present"
    result = run("litellm_team", team_alias="search", rpm_limit=9, state=state)
    assert result["changed"]
    assert [team["rpm_limit"] for team in litellm.teams.values()] == ([] if state == "absent" else [9])


def test_a_lost_answer_that_is_lost_again_is_an_error(litellm: LiteLLMStandIn, run: Run) -> None:
    litellm.faults = [Fault("POST", "/team/new", times=9)]
    assert "the connection broke" in run("litellm_team", team_alias="search")["msg"]
    assert len(litellm.written) == 2


def test_a_team_that_goes_away_meanwhile_is_gone(litellm: LiteLLMStandIn, run: Run) -> None:
    litellm.add_team(team_alias="search")
    litellm.faults = [Fault("POST", "/team/delete", status=404, after=True)]
    assert run("litellm_team", team_alias="search", state="absent")["changed"]


@pytest.mark.parametrize(
    ("option", "sentence"),
    [
        ({"rpm_limit": -1}, "rpm_limit is -1, give a number of 0 or more, or null for no limit."),
        ({"max_budget": float("nan")}, "max_budget is nan, give a number of 0 or more, or null for no limit."),
        (
            {"budget_duration": "monthly"},
            "budget_duration is 'monthly', give a number and a unit (s, m, h, d, w or mo), as in 30d,"
            " or null for none.",
        ),
        ({"team_alias": " x"}, "team_alias is ' x', give a name that does not begin or end with a space."),
        (
            {"model_rpm_limit": {"a": "many"}},
            "model_rpm_limit is {'a': 'many'}, give a whole number of 0 or more for each name, or {} for no limit.",
        ),
        (
            {"allowed_passthrough_routes": ["v1/x"]},
            "allowed_passthrough_routes is ['v1/x'], give routes, as in /v1/embeddings.",
        ),
        (
            {"metadata": {"a": [1, {"b": float("nan")}]}, "router_settings": {"timeout": float("inf")}},
            "router_settings.timeout is inf, which JSON has no word for."
            " metadata.a.1.b is nan, which JSON has no word for.",
        ),
        (
            {"enforced_file_expires_after": {}},
            "missing required arguments: seconds found in enforced_file_expires_after",
        ),
        ({"team_alias": ""}, "team_alias is None, give a name that does not begin or end with a space."),
    ],
)
def test_a_value_that_cannot_be_is_refused_before_anything_is_asked(
    litellm: LiteLLMStandIn, run: Run, option: dict[str, Any], sentence: str
) -> None:
    result = run("litellm_team", **{"team_alias": "search"} | option)
    assert result["failed"]
    assert result["msg"] == sentence
    assert not litellm.requests


def logging_to(secret: str) -> dict[str, Any]:
    variables = {"langfuse_public_key": f"pk-{secret}", "langfuse_secret_key": secret, "langfuse_environment": "search"}
    return {"logging": [{"callback_name": "langfuse", "callback_type": "success", "callback_vars": variables}]}


def test_what_callbacks_authenticate_with_is_kept_and_never_shown(litellm: LiteLLMStandIn, run: Run) -> None:
    """LiteLLM encrypts it, and gives it back like that."""
    first, second = (logging_to(f"TOPSECRET-{each}") | {"cost_center": "4711"} for each in "12")
    for metadata in (first, second):
        assert run("litellm_team", check=True, team_alias="search", metadata=metadata)["changed"]
        assert run("litellm_team", team_alias="search", metadata=metadata)["changed"]
        [written] = [request.body["metadata"] for request in litellm.written[-1:]]
        assert written["logging"] == metadata["logging"]
        again = run("litellm_team", team_alias="search", metadata=metadata)
        assert (again["changed"], again["team"]["metadata"]) == (False, {"cost_center": "4711"})
    # It stays, and is known again, when other metadata changes.
    assert run("litellm_team", team_alias="search", metadata={"cost_center": "4712"})["changed"]
    declared = {"team_alias": "search", "metadata": second | {"cost_center": "4712"}}
    assert not run("litellm_sync", teams=[declared])["changed"]
    assert run("litellm_sync", teams=[{"team_alias": "other", "metadata": first}])["changed"]
    assert run("litellm_team", team_alias="search", metadata={"logging": []})["changed"]
    assert not run("litellm_team", team_alias="search", metadata={"logging": []})["changed"]
    run("litellm_team_info")
    run("litellm_export")
    assert "TOPSECRET" not in run.printed  # type: ignore[attr-defined]


@pytest.mark.parametrize("module", ["litellm_team", "litellm_sync"])
def test_what_is_not_kept_is_named_without_what_could_be_a_secret(
    litellm: LiteLLMStandIn, run: Run, module: str
) -> None:
    team = {"team_alias": "search", "metadata": logging_to("TOPSECRET") | {"note": "TOPSECRET", "tier": 1}}
    litellm.dropped = {"metadata"}
    message = run(module, **(team if module == "litellm_team" else {"teams": [team]}))["msg"]
    assert "metadata (wanted {'logging': ..., 'note': ..., 'tier': 1}, kept {})" in message
    # But for what was asked for and is no secret by its name.
    assert "TOPSECRET" not in message
