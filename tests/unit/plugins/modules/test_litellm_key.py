# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
from typing import Any

import pytest
import yaml
from conftest import OMIT, Run
from kubernetes_stand_in import TOKEN, KubernetesStandIn
from litellm_stand_in import MASTER_KEY, Fault, LiteLLMStandIn, digest

from ansible_collections.inference.gateway.plugins.module_utils._kinds.key import KEY

SECRET = {"name": "backend-llm", "namespace": "apps"}
OURS = {"app.kubernetes.io/managed-by": "inference.gateway"}
GIVEN = "sk-given-8vN2qW6zR4tY"
OTHER = "sk-other-5hJ7kL9mB3xC"
FULL: dict[str, Any] = {
    "models": ["chat-small"],
    "rpm_limit": 60,
    "tpm_limit": 1000,
    "max_parallel_requests": 2,
    "max_budget": 5,
    "budget_duration": "30d",
    "duration": "90d",
    "metadata": {"owner": "search"},
}


@pytest.fixture
def deliver(run: Run, kubernetes: KubernetesStandIn) -> Run:
    """The module as it is mostly used: the key `backend`, delivered into a Secret."""

    def run_module(**options: Any) -> dict[str, Any]:
        defaults = {"key_alias": "backend", "secret": SECRET, "kubeconfig": kubernetes.kubeconfig}
        return run("litellm_key", **defaults | options)

    return run_module


@pytest.fixture(autouse=True)
def _nothing_secret_is_printed(
    run: Run, litellm: LiteLLMStandIn, kubernetes: KubernetesStandIn, request: pytest.FixtureRequest
) -> Any:
    """After every test: nothing that authenticates is in what the modules printed. The hash of a key does not."""
    yield
    values = {MASTER_KEY, TOKEN, GIVEN, OTHER}
    values |= {request.body["key"] for request in litellm.written if request.path == "/key/generate"}
    values |= {value for secret in kubernetes.secrets.values() for value in secret["data"].values()}
    for value in values:
        assert value not in run.printed  # type: ignore[attr-defined]


def test_life_of_a_key(litellm: LiteLLMStandIn, kubernetes: KubernetesStandIn, deliver: Run) -> None:
    team_id = litellm.add_team(team_alias="search")
    foretold = deliver(check=True, team_alias="search", **FULL)
    assert foretold["changed"]
    assert not litellm.written
    assert not kubernetes.written

    created = deliver(team_alias="search", **FULL)
    assert created["changed"]
    assert created["diff"] == foretold["diff"]
    assert created["diff"]["after"] == FULL | {"key_alias": "backend", "team_id": team_id, "secret": "holds the key"}
    assert {name: created["key"][name] for name in FULL} == FULL
    assert created["key"]["expires"]
    value = kubernetes.value("backend-llm")
    assert created["key"]["token"] == digest(value)
    assert value.startswith("sk-")
    assert len(value) > 40
    assert digest(value) == litellm.key("backend")["token"]
    assert kubernetes.secrets["apps", "backend-llm"]["metadata"]["labels"] == OURS

    again = deliver(team_alias="search", **FULL)
    assert not again["changed"]
    assert again["key"] == created["key"]
    assert len(litellm.written) == len(kubernetes.written) == 1

    changed = deliver(rpm_limit=30)
    assert changed["diff"] == {"before": {"rpm_limit": 60}, "after": {"rpm_limit": 30}}
    assert litellm.written[-1].body == {"key": digest(value), "rpm_limit": 30}
    assert kubernetes.value("backend-llm") == value

    assert deliver(state="absent", check=True)["changed"]
    assert len(litellm.written) == 2
    gone = deliver(state="absent")
    assert gone["changed"]
    assert gone["key"] is None
    assert not kubernetes.secrets
    # Blocked before it was deleted, for replicas go on to accept a deleted key for a minute.
    assert litellm.deleted_keys[digest(value)]["blocked"]
    assert not deliver(state="absent")["changed"]

    # LiteLLM goes on to answer for the deleted key; its alias is free again.
    assert deliver()["changed"]
    assert kubernetes.value("backend-llm") != value


@pytest.mark.parametrize(("name", "empty"), [(name, None) for name in FULL] + [("models", []), ("metadata", {})])
def test_null_and_empty_clear_and_not_given_is_left_alone(
    litellm: LiteLLMStandIn, deliver: Run, name: str, empty: Any
) -> None:
    before = deliver(**FULL)["key"]
    nothing = {"models": [], "metadata": {}}.get(name)
    cleared = deliver(**{name: empty})
    assert cleared["diff"] == {"before": {name: FULL[name]}, "after": {name: nothing}}
    assert cleared["key"][name] == nothing
    unchanged = set(FULL) - {name}
    assert {other: cleared["key"][other] for other in unchanged} == {other: before[other] for other in unchanged}
    assert not deliver(**{name: empty})["changed"]


def test_a_key_is_not_prolonged_by_a_second_run(litellm: LiteLLMStandIn, deliver: Run) -> None:
    expires = deliver(duration="90d")["key"]["expires"]
    assert deliver(duration="90d", rpm_limit=5, metadata={"a": 1})["key"]["expires"] == expires
    assert not deliver(duration="90d")["changed"]
    prolonged = deliver(duration="180d")
    assert prolonged["diff"] == {"before": {"duration": "90d"}, "after": {"duration": "180d"}}
    assert prolonged["key"]["expires"] > expires
    # The metadata that is not asked about goes along.
    assert prolonged["key"]["metadata"] == {"a": 1}
    assert deliver(duration=None)["key"]["expires"] is None
    assert litellm.key("backend")["metadata"] == {"a": 1}


def test_an_expiry_that_somebody_else_has_set_is_cleared(litellm: LiteLLMStandIn, run: Run) -> None:
    litellm.add_key(GIVEN, key_alias="backend", duration="90d")
    expires = litellm.key("backend")["expires"]
    assert not run("litellm_key", key_alias="backend")["changed"]
    cleared = run("litellm_key", key_alias="backend", duration=None)
    assert cleared["diff"] == {"before": {"duration": expires}, "after": {"duration": None}}
    assert litellm.key("backend")["expires"] is None
    assert not run("litellm_key", key_alias="backend", duration=None)["changed"]


def test_an_expiry_that_somebody_else_took_away_is_set_again(litellm: LiteLLMStandIn, deliver: Run, run: Run) -> None:
    deliver(duration="90d")
    litellm.key("backend")["expires"] = None
    assert run("litellm_key_info", key_alias="backend")["keys"][0]["duration"] is None
    assert not deliver(check=True, duration=None)["changed"]
    again = deliver(duration="90d")
    assert again["diff"] == {"before": {"duration": None}, "after": {"duration": "90d"}}
    assert litellm.key("backend")["expires"]
    assert not deliver(duration="90d")["changed"]


def test_a_budget_period_is_only_begun_anew_when_the_duration_changes(litellm: LiteLLMStandIn, deliver: Run) -> None:
    began = deliver(**FULL)["key"]["budget_reset_at"]
    assert deliver(**FULL | {"max_budget": 6, "rpm_limit": 1})["key"]["budget_reset_at"] == began


def test_metadata_keeps_what_litellm_keeps_there(litellm: LiteLLMStandIn, run: Run) -> None:
    litellm.add_key(GIVEN, key_alias="backend", model_rpm_limit={"chat-small": 3}, metadata={"old": 1})
    result = run("litellm_key", key_alias="backend", metadata={"new": 2})
    assert result["diff"] == {"before": {"metadata": {"old": 1}}, "after": {"metadata": {"new": 2}}}
    assert litellm.key("backend")["metadata"] == {"new": 2, "model_rpm_limit": {"chat-small": 3}}


def test_a_stored_null_of_metadata_is_empty(litellm: LiteLLMStandIn, run: Run) -> None:
    litellm.add_key(GIVEN, key_alias="backend")
    litellm.key("backend")["metadata"] = None
    assert not run("litellm_key", key_alias="backend", metadata={})["changed"]
    assert run("litellm_key", key_alias="backend", metadata={"a": 1})["key"]["metadata"] == {"a": 1}


# Each field: what it is set to, what it is changed to, and what it reads as when there is nothing.
FIELDS: dict[str, tuple[Any, Any, Any]] = {
    "user_id": ("somebody", "somebody else", None),
    "organization_id": ("acme", "other", None),
    "agent_id": ("one", "two", None),
    "blocked": (True, False, False),
    "aliases": ({"small": "chat-small"}, {"large": "chat-large"}, {}),
    "access_group_ids": (["one"], ["two", "three"], []),
    "allowed_routes": (["llm_api_routes"], ["/key/info"], []),
    "allowed_passthrough_routes": (["/rerank"], ["/other"], []),
    "denied_passthrough_routes": (["/rerank/admin"], ["/other"], []),
    "permissions": ({"pii": True}, {"pii": False}, {}),
    "object_permission": ({"agents": ["one"], "vector_stores": ["two"]}, {"vector_stores": ["three"]}, {}),
    "allowed_vector_store_indexes": (
        [{"index_name": "one", "index_permissions": ["read"]}],
        [{"index_name": "two", "index_permissions": ["write"]}],
        [],
    ),
    "tpd_limit": (100000, 0, None),
    "rpm_limit_type": ("guaranteed_throughput", "dynamic", None),
    "tpm_limit_type": ("best_effort_throughput", "dynamic", None),
    "model_rpm_limit": ({"chat-small": 3}, {"chat-large": 0}, {}),
    "model_tpm_limit": ({"chat-small": 3}, {"chat-large": 0}, {}),
    "mcp_rpm_limit": ({"github": 3}, {"slack": 0}, {}),
    "tag_rpm_limit": ({"batch": 3}, {"live": 0}, {}),
    "default_estimated_output_tokens": (100, 200, None),
    "default_estimated_output_tokens_per_model": ({"chat-small": 100}, {"chat-small": 200}, {}),
    "soft_budget": (4.5, 0.0, None),
    "budget_limits": (
        [{"max_budget": 1.0, "budget_duration": "1d"}, {"max_budget": 5.0, "budget_duration": "7d"}],
        [{"max_budget": 0.0, "budget_duration": "30d"}],
        [],
    ),
    "model_max_budget": (
        {"chat-small": {"budget_limit": 1.0, "time_period": "1d"}},
        {"chat-small": {"budget_limit": 2.0, "time_period": "1d"}},
        {},
    ),
    "budget_fallbacks": ({"chat-large": ["chat-small"]}, {"chat-small": ["chat-large"]}, {}),
    "temp_budget_increase": (2.5, 0.5, None),
    "temp_budget_expiry": ("2030-01-31T12:00:00+00:00", "2031-01-01T00:00:00+00:00", None),
    "throttle_on_budget_exceeded": (True, False, False),
    "end_user_budget_id": ("visitors", "guests", None),
    "tags": (["batch"], ["live", "batch"], []),
    "guardrails": (["pii"], ["toxic"], []),
    "disable_global_guardrails": (True, False, False),
    "policies": (["strict"], ["lax"], []),
    "prompts": (["greeting"], ["farewell"], []),
    "enforced_params": (["user"], ["metadata.ticket"], []),
    "enable_prompt_caching": (True, False, False),
    "allowed_cache_controls": (["no-cache"], ["no-store"], []),
    "router_settings": ({"num_retries": 2}, {"timeout": 3.5}, {}),
}
ALL = {name: value for name, (value, _other, _nothing) in FIELDS.items()}


@pytest.fixture
def full(litellm: LiteLLMStandIn, deliver: Run) -> dict[str, Any]:
    """The key, with everything."""
    litellm.licence = True
    for identity in ("acme", "other"):
        litellm.add_organization(organization_id=identity, organization_alias=f"{identity}-name")
    for identity in ("somebody", "somebody else"):
        litellm.add_user(identity)
    return deliver(**FULL | ALL)["key"]


def test_a_key_has_all_fields_at_once(litellm: LiteLLMStandIn, full: dict[str, Any], deliver: Run) -> None:
    assert {name: full[name] for name in ALL} == ALL
    for check in (True, False):
        assert not deliver(check=check, **FULL | ALL)["changed"]


@pytest.mark.parametrize("name", FIELDS)
def test_each_field_changes_and_is_cleared_alone(full: dict[str, Any], deliver: Run, name: str) -> None:
    value, other, nothing = FIELDS[name]
    for check in (True, False):
        changed = deliver(check=check, **{name: other})
        assert changed["diff"] == {"before": {name: value}, "after": {name: other}}
    assert changed["key"] == full | {name: other}
    deliver(**{name: value})
    for empty in (nothing, None):
        cleared = deliver(**{name: empty})
        assert cleared["diff"] == {"before": {name: value}, "after": {name: nothing}}
        assert cleared["key"] == full | {name: nothing}
        assert not deliver(**{name: empty})["changed"]
        deliver(**{name: value})


def test_fields_inside_metadata_survive_a_change_of_metadata(full: dict[str, Any], deliver: Run) -> None:
    for metadata in ({"other": 1}, {}):
        assert deliver(metadata=metadata)["key"] == full | {"metadata": metadata}


def test_no_field_is_left_out_of_these_tests() -> None:
    elsewhere = {"key_alias", "team_id", "key_type", "budget_id"}
    assert KEY.options().keys() == FULL.keys() | FIELDS.keys() | elsewhere


def test_a_field_that_is_given_twice_is_refused(litellm: LiteLLMStandIn, deliver: Run) -> None:
    result = deliver(tags=["batch"], metadata={"tags": ["live"]})
    assert result["msg"] == "tags is given twice, leave it out of metadata."
    assert not litellm.requests


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"rpm_limit": -1}, "rpm_limit is -1, give a number of 0 or more, or null for no limit."),
        ({"tpd_limit": -1}, "tpd_limit is -1, give a number of 0 or more"),
        ({"soft_budget": -0.5}, "soft_budget is -0.5, give a number of 0 or more"),
        ({"model_rpm_limit": {"chat-small": "many"}}, "model_rpm_limit is {'chat-small': 'many'}, give a whole number"),
        ({"budget_limits": [{"max_budget": 1, "budget_duration": "monthly"}]}, "give a number and a unit"),
        ({"budget_limits": [{"max_budget": -1, "budget_duration": "1d"}]}, "give a number of 0 or more"),
        (
            {"temp_budget_expiry": "9999-12-31T23:59:59-05:00"},
            "temp_budget_expiry is '9999-12-31T23:59:59-05:00', give a moment, as in 2027-01-31T12:00:00Z.",
        ),
        ({"rpm_limit": 10**400}, "000, give a number of 0 or more, or null for no limit."),
        ({"model_rpm_limit": {"chat-small": 10**400}}, "000}, give a whole number of 0 or more for each name"),
        ({"max_budget": "nan"}, "max_budget is nan, give a number of 0 or more"),
        ({"temp_budget_expiry": "soon"}, "temp_budget_expiry is 'soon', give a moment, as in 2027-01-31T12:00:00Z."),
        ({"rpm_limit_type": "fast"}, "value of rpm_limit_type must be one of: guaranteed_throughput, best_effort"),
        ({"key_type": "default", "allowed_routes": []}, "mutually exclusive: allowed_routes|key_type"),
        ({"soft_budget": 1, "budget_id": "shared"}, "mutually exclusive: budget_id|soft_budget"),
    ],
)
def test_what_cannot_be_is_said_before_anything_is_asked(
    litellm: LiteLLMStandIn, deliver: Run, options: dict[str, Any], sentence: str
) -> None:
    result = deliver(**options)
    assert result["failed"]
    assert sentence in result["msg"]
    assert not litellm.requests


@pytest.mark.parametrize("name", ["tags", "guardrails", "policies", "prompts", "model_max_budget"])
def test_what_only_a_licence_allows(
    litellm: LiteLLMStandIn, kubernetes: KubernetesStandIn, deliver: Run, name: str
) -> None:
    result = deliver(**{name: FIELDS[name][0]})
    assert result["failed"]
    assert name in result["msg"]
    assert "LiteLLM Enterprise" in result["msg"]
    assert not litellm.keys
    assert not kubernetes.secrets


def test_the_type_of_a_key_is_for_ever(litellm: LiteLLMStandIn, deliver: Run) -> None:
    made = deliver(key_type="read_only")["key"]
    assert (made["key_type"], made["allowed_routes"]) == ("read_only", ["info_routes"])
    assert not deliver(key_type="read_only")["changed"]
    writes = len(litellm.written)
    for check in (True, False):
        assert deliver(key_type="llm_api", check=check)["msg"] == (
            "key_type of key 'backend' is 'read_only' and cannot become 'llm_api': LiteLLM turns it into routes when"
            " it makes the key, change allowed_routes instead."
        )
    assert len(litellm.written) == writes
    assert deliver(allowed_routes=["llm_api_routes"])["key"]["key_type"] == "read_only"


def test_a_budget_that_others_may_have(litellm: LiteLLMStandIn, deliver: Run) -> None:
    litellm.budgets["shared"] = {"budget_id": "shared", "max_budget": 9.0, "soft_budget": 8.0}
    made = deliver(budget_id="shared")["key"]
    assert (made["budget_id"], made["soft_budget"], made["max_budget"]) == ("shared", None, None)
    writes = len(litellm.written)
    assert deliver(soft_budget=3)["msg"] == (
        "soft_budget of key 'backend' is None and cannot become 3.0: LiteLLM would change budget shared, which others"
        " may have too, set it there."
    )
    assert len(litellm.written) == writes
    assert deliver(budget_id=None)["key"]["budget_id"] is None
    assert deliver(soft_budget=3)["key"]["soft_budget"] == 3
    assert deliver(budget_id="shared")["diff"]["after"] == {"budget_id": "shared"}
    assert litellm.budgets["shared"]["soft_budget"] == 8.0


@pytest.mark.parametrize("noun", ["user", "budget"])
def test_what_a_key_belongs_to_must_be_there(
    litellm: LiteLLMStandIn, kubernetes: KubernetesStandIn, deliver: Run, noun: str
) -> None:
    sentence = f"There is no {noun} 'typo': create it first."
    foretold = deliver(**{f"{noun}_id": "typo"}, check=True)
    assert foretold["changed"]
    assert sentence in foretold["warnings"]
    assert deliver(**{f"{noun}_id": "typo"})["msg"] == sentence
    assert not kubernetes.secrets
    assert not litellm.written


def test_what_may_not_be_read_is_not_missed(litellm: LiteLLMStandIn, deliver: Run) -> None:
    """As with the key of a team's admin."""
    litellm.faults = [Fault("GET", "/user/list", status=403, body=b'{"detail": "admins only"}', times=9)]
    assert deliver(user_id="somebody")["key"]["user_id"] == "somebody"


@pytest.mark.parametrize("strange", ["soon", "9999-12-31T23:59:59-05:00", 5])
def test_a_moment_that_is_none_is_read_as_it_is(litellm: LiteLLMStandIn, run: Run, strange: Any) -> None:
    litellm.add_key(GIVEN, key_alias="backend", metadata={"temp_budget_expiry": strange})
    assert run("litellm_key_info")["keys"][0]["temp_budget_expiry"] == strange


def test_a_moment_is_the_same_in_every_zone(deliver: Run) -> None:
    deliver(temp_budget_increase=1, temp_budget_expiry="2030-01-31T13:00:00+01:00")
    assert not deliver(temp_budget_increase=1, temp_budget_expiry="2030-01-31T12:00:00Z")["changed"]


# Its name


def test_a_key_is_renamed_by_its_token(litellm: LiteLLMStandIn, kubernetes: KubernetesStandIn, deliver: Run) -> None:
    token = deliver(rpm_limit=5)["key"]["token"]
    value = kubernetes.value("backend-llm")
    for check in (True, False):
        renamed = deliver(key_alias="server", token=token, check=check)
        assert renamed["diff"] == {"before": {"key_alias": "backend"}, "after": {"key_alias": "server"}}
    assert renamed["key"]["rpm_limit"] == 5
    assert not deliver(key_alias="server", token=token)["changed"]
    assert not deliver(key_alias="server")["changed"]
    assert kubernetes.value("backend-llm") == value


def test_the_old_generations_of_a_key_are_renamed_with_it(litellm: LiteLLMStandIn, deliver: Run, run: Run) -> None:
    old = deliver()["key"]["token"]
    token = deliver(rotation={"generation": "2"})["key"]["token"]
    foretold = deliver(key_alias="server", token=token, check=True)
    renamed = deliver(key_alias="server", token=token)
    assert foretold["diff"] == renamed["diff"]
    assert renamed["diff"]["after"] == {"key_alias": "server", "generations": [f"server@{old[:8]}"]}
    assert [key["key_alias"] for key in run("litellm_key_info")["keys"]] == ["server", f"server@{old[:8]}"]
    assert not deliver(key_alias="server")["changed"]


def test_a_key_is_not_renamed_to_the_name_of_another(litellm: LiteLLMStandIn, run: Run) -> None:
    token = litellm.add_key(GIVEN, key_alias="backend")
    other = litellm.add_key(OTHER, key_alias="frontend")
    assert run("litellm_key", key_alias="frontend", token=token)["msg"] == (
        f"The alias 'frontend' is to be that of key {token}, but belongs to {other}: rename or delete that one first."
    )
    assert not litellm.written


def test_a_token_that_no_key_has(litellm: LiteLLMStandIn, deliver: Run) -> None:
    token = digest(GIVEN)
    assert deliver(token=token)["msg"] == (
        f"No key has the token {token}: look it up again, or leave it out to have a key made."
    )
    assert not deliver(token=token, state="absent")["changed"]
    assert deliver(token=token, recreate=True)["msg"] == "parameters are mutually exclusive: token|recreate"


def test_the_secret_of_another_generation_is_left_alone(
    litellm: LiteLLMStandIn, kubernetes: KubernetesStandIn, deliver: Run
) -> None:
    token = deliver()["key"]["token"]
    for check in (True, False):
        gone = deliver(token="0" * 64, state="absent", check=check)
        assert (gone["changed"], gone["key"]) == (False, None)
    assert list(litellm.keys) == [token] == [digest(kubernetes.value("backend-llm"))]
    # What a run that died has left behind of the key is taken away.
    litellm.keys.clear()
    assert deliver(token=token, state="absent")["changed"]
    assert not kubernetes.secrets


def test_one_generation_alone_is_deleted_by_its_name(litellm: LiteLLMStandIn, deliver: Run, run: Run) -> None:
    old = deliver()["key"]["token"]
    deliver(rotation={"generation": "2"})
    assert run("litellm_key", key_alias=f"backend@{old[:8]}", state="absent")["changed"]
    assert [key["key_alias"] for key in litellm.keys.values()] == ["backend"]
    assert not deliver()["changed"]


# The team


def test_a_key_moves_between_teams_and_out_of_them(litellm: LiteLLMStandIn, deliver: Run) -> None:
    one, two = litellm.add_team(team_alias="one"), litellm.add_team(team_alias="two")
    assert deliver(team_alias="one")["key"]["team_id"] == one
    assert deliver(team_id=two)["key"]["team_id"] == two
    assert not deliver()["changed"]
    assert deliver(team_alias="")["key"]["team_id"] is None
    assert litellm.written[-1].body["team_id"] is None
    assert not deliver(team_alias=None)["changed"]


@pytest.mark.parametrize("option", ["team_alias", "team_id"])
def test_a_team_that_is_not_there_is_an_error(litellm: LiteLLMStandIn, deliver: Run, option: str) -> None:
    litellm.add_team(team_alias="searching")
    result = deliver(**{option: "search"})
    assert result["failed"]
    assert result["msg"].startswith("There is no team")
    assert not litellm.written
    # It may come with an earlier task of the same play.
    foretold = deliver(check=True, **{option: "search"})
    assert foretold["changed"]
    assert "There is no team" in foretold["warnings"]
    # To delete the key, its team does not matter.
    assert not deliver(state="absent", **{option: "search"})["changed"]


def test_a_key_joins_an_organization_by_its_name_and_leaves_it(litellm: LiteLLMStandIn, deliver: Run) -> None:
    litellm.licence = True
    litellm.add_organization(organization_id="acme", organization_alias="Acme")
    assert deliver(organization_alias="Acme")["key"]["organization_id"] == "acme"
    assert not deliver(organization_id="acme")["changed"]
    assert deliver(organization_alias="Other")["msg"] == "There is no organization 'Other': create it first."
    assert deliver(organization_alias="")["key"]["organization_id"] is None


def test_two_teams_with_one_alias_are_an_error(litellm: LiteLLMStandIn, deliver: Run) -> None:
    litellm.add_team(team_alias="search", team_id="one")
    litellm.add_team(team_alias="search", team_id="two")
    assert deliver(team_alias="search")["msg"].startswith("2 teams have the alias 'search': one, two.")


def test_an_unknown_model_is_an_error_that_names_it(litellm: LiteLLMStandIn, deliver: Run) -> None:
    litellm.models = ["chat-large"]
    result = deliver(models=["chat-small"])
    assert result["msg"] == "models has chat-small, which LiteLLM does not serve: it serves chat-large."
    assert not litellm.written


# The value


def test_a_key_whose_value_nobody_would_have_is_not_created(litellm: LiteLLMStandIn, run: Run) -> None:
    for check in (True, False):
        result = run("litellm_key", key_alias="backend", check=check)
        assert result["msg"] == (
            "Key 'backend' does not exist, and its value would be lost, for LiteLLM tells it only once: give secret to"
            " have it delivered into a Kubernetes Secret, or give the value in key."
        )
    assert not litellm.written


def test_a_key_that_exists_is_managed_without_its_value(litellm: LiteLLMStandIn, run: Run) -> None:
    litellm.add_key(GIVEN, key_alias="backend")
    assert run("litellm_key", key_alias="backend", rpm_limit=3)["changed"]
    assert run("litellm_key", key_alias="backend", state="absent")["changed"]


def test_a_given_value(litellm: LiteLLMStandIn, run: Run) -> None:
    assert run("litellm_key", key_alias="backend", key=GIVEN)["changed"]
    assert litellm.key("backend")["token"] == digest(GIVEN)
    assert not run("litellm_key", key_alias="backend", key=GIVEN)["changed"]
    result = run("litellm_key", key_alias="backend", key=OTHER)
    assert result["msg"].startswith("Key 'backend' exists, but has another value than key gives:")
    assert run("litellm_key", key_alias="backend", key=OTHER, recreate=True)["changed"]
    assert list(litellm.keys) == [digest(OTHER)]


def test_a_given_value_that_litellm_would_not_take(litellm: LiteLLMStandIn, run: Run) -> None:
    result = run("litellm_key", key_alias="backend", key="no-sk-7Gh2Kq")
    assert result["msg"] == "key does not begin with sk-, which LiteLLM wants of every key."
    assert not litellm.written


def test_a_given_value_that_another_alias_has_is_refused(litellm: LiteLLMStandIn, run: Run) -> None:
    # LiteLLM would answer with the new alias, and store nothing.
    litellm.add_key(GIVEN, key_alias="frontend")
    result = run("litellm_key", key_alias="backend", key=GIVEN)
    assert result["msg"] == "key holds the key 'frontend', not 'backend': give each key its own."
    assert not litellm.written


def test_a_given_value_is_put_back_into_a_secret_that_lost_it(
    litellm: LiteLLMStandIn, kubernetes: KubernetesStandIn, deliver: Run
) -> None:
    deliver(key=GIVEN)
    del kubernetes.secrets["apps", "backend-llm"]
    restored = deliver(key=GIVEN)
    assert restored["diff"] == {"before": {"secret": "does not hold the key"}, "after": {"secret": "holds the key"}}
    assert kubernetes.value("backend-llm") == GIVEN
    assert len(litellm.written) == 1


# The Secret


def test_a_key_whose_secret_is_lost_is_an_error_until_it_is_to_be_made_anew(
    litellm: LiteLLMStandIn, kubernetes: KubernetesStandIn, deliver: Run
) -> None:
    deliver(**FULL)
    old = kubernetes.value("backend-llm")
    for loss in (
        kubernetes.secrets.clear,
        lambda: kubernetes.add_secret("backend-llm", OURS, **{"api-key": OTHER}),
    ):
        loss()
        writes = len(litellm.written), len(kubernetes.written)
        for check in (True, False):
            assert deliver(check=check)["msg"] == (
                "Key 'backend' exists, but its value is lost, Secret apps/backend-llm does not hold it: put that right,"
                " or set recreate to true to have another key take its place, whereby the old value stops working."
            )
        assert (len(litellm.written), len(kubernetes.written)) == writes
    assert deliver(recreate=True, check=True)["changed"]
    made = deliver(recreate=True, rpm_limit=7)
    assert made["changed"]
    # It keeps what it had and is not given now: a key without its limits would be a surprise.
    assert {name: made["key"][name] for name in FULL} == FULL | {"rpm_limit": 7}
    assert kubernetes.value("backend-llm") not in (old, OTHER)
    assert list(litellm.keys) == [digest(kubernetes.value("backend-llm"))]
    assert litellm.deleted_keys[digest(old)]["blocked"]
    assert not deliver(recreate=True)["changed"]


def test_there_is_no_key_when_its_secret_cannot_be_written(
    litellm: LiteLLMStandIn, kubernetes: KubernetesStandIn, deliver: Run
) -> None:
    kubernetes.missing, nowhere = {"nowhere"}, SECRET | {"namespace": "nowhere"}
    sentence = "There is no namespace 'nowhere' for Secret nowhere/backend-llm: make it first."
    for options in ({}, {"rotation": {"every": "30d"}}):
        assert deliver(secret=nowhere, **options)["msg"] == sentence
    # It may come with an earlier task of the same play.
    assert sentence in deliver(secret=nowhere, check=True)["warnings"]
    assert not kubernetes.written
    assert not deliver(secret=nowhere, state="absent")["changed"]
    kubernetes.forbidden = {"NAMESPACE"}
    assert deliver(secret=nowhere)["msg"] == (
        'Cannot create Secret nowhere/backend-llm (404): namespaces "nowhere" not found.'
    )
    kubernetes.forbidden = {"POST"}
    assert "Cannot create Secret apps/backend-llm (403): secrets" in deliver()["msg"]
    kubernetes.forbidden = {"GET"}
    assert "Cannot read Secret apps/backend-llm (403)" in deliver()["msg"]
    assert not litellm.keys
    assert not litellm.written


@pytest.mark.parametrize("there", [None, {"other": "x"}, {"api-key": OTHER}], ids=["none", "others", "another"])
def test_the_secret_is_as_before_when_litellm_does_not_make_the_key(
    litellm: LiteLLMStandIn, kubernetes: KubernetesStandIn, deliver: Run, there: dict[str, str] | None
) -> None:
    if there:
        kubernetes.add_secret("backend-llm", OURS, **there)
    before = {name: secret["data"] for name, secret in kubernetes.secrets.items()}
    litellm.faults = [Fault("POST", "/key/generate", status=400, body=b'{"error": {"message": "not today"}}')]
    result = deliver()
    assert result["msg"].endswith("was refused (400): not today. Secret apps/backend-llm is as it was before.")
    assert {name: secret["data"] for name, secret in kubernetes.secrets.items()} == before
    assert not litellm.keys
    assert deliver()["changed"]


def test_a_key_that_was_made_although_its_answer_was_lost_is_the_delivered_one(
    litellm: LiteLLMStandIn, kubernetes: KubernetesStandIn, deliver: Run
) -> None:
    litellm.faults = [Fault("POST", "/key/generate", after=True)]
    assert deliver()["changed"]
    assert list(litellm.keys) == [digest(kubernetes.value("backend-llm"))]


@pytest.mark.parametrize("there", [None, {"api-key": OTHER}], ids=["created", "changed"])
@pytest.mark.parametrize("then", [504, 400])
@pytest.mark.parametrize("late", [True, False], ids=["it comes to be", "it never does"])
def test_a_key_that_may_come_to_be_later_has_a_holder(
    litellm: LiteLLMStandIn,
    kubernetes: KubernetesStandIn,
    deliver: Run,
    there: dict[str, str] | None,
    then: int,
    late: bool,
) -> None:
    if there:
        kubernetes.add_secret("backend-llm", OURS, **there)
    litellm.faults = [Fault("POST", "/key/generate", status=status, late=100) for status in (504, then)]
    assert deliver()["msg"].endswith(
        " Secret apps/backend-llm holds a key that may not exist, or not yet, which the next run mends."
    )
    for request in [*litellm.working.values()][:late]:
        litellm.answer(request)
    assert deliver()["changed"] is not late
    assert list(litellm.keys) == [digest(kubernetes.value("backend-llm"))]


def test_a_run_that_died_between_secret_and_key_is_mended_by_the_next(
    litellm: LiteLLMStandIn, kubernetes: KubernetesStandIn, deliver: Run
) -> None:
    kubernetes.add_secret("backend-llm", OURS, **{"api-key": "sk-never-made"})
    assert deliver()["changed"]
    assert list(litellm.keys) == [digest(kubernetes.value("backend-llm"))]


@pytest.mark.parametrize("there", [None, {"other": "x"}], ids=["created", "changed"])
def test_a_run_that_loses_against_another_leaves_the_others_key_in_the_secret(
    litellm: LiteLLMStandIn,
    kubernetes: KubernetesStandIn,
    deliver: Run,
    monkeypatch: pytest.MonkeyPatch,
    there: dict[str, str] | None,
) -> None:
    if there:
        kubernetes.add_secret("backend-llm", OURS, **there)
    answer = litellm.answer

    def another_run_was_quicker(request: Any) -> Any:
        if request.path == "/key/generate":
            litellm.add_key(OTHER, key_alias="backend")
            kubernetes.add_secret("backend-llm", OURS, **{"api-key": OTHER})
        return answer(request)

    monkeypatch.setattr(litellm, "answer", another_run_was_quicker)
    result = deliver()
    assert "Key with alias 'backend' already exists" in result["msg"]
    assert "the object has been modified" in result["msg"]
    assert kubernetes.value("backend-llm") == OTHER
    monkeypatch.setattr(litellm, "answer", answer)
    assert not deliver()["changed"]


def test_a_key_with_a_dropped_field_stays_with_its_secret(
    litellm: LiteLLMStandIn, kubernetes: KubernetesStandIn, deliver: Run
) -> None:
    litellm.dropped = {"tpm_limit"}
    result = deliver(tpm_limit=9)
    assert "did not keep tpm_limit (wanted 9, kept None)" in result["msg"]
    assert result["msg"].endswith("The key is there, and Secret apps/backend-llm holds it.")
    assert list(litellm.keys) == [digest(kubernetes.value("backend-llm"))]


def test_a_secret_of_somebody_else_is_not_touched(
    litellm: LiteLLMStandIn, kubernetes: KubernetesStandIn, deliver: Run
) -> None:
    kubernetes.add_secret("backend-llm", {"app": "shop"}, password="x")
    for state in ("present", "absent"):
        assert deliver(state=state)["msg"] == (
            "Secret apps/backend-llm exists already and belongs to something else: give another name, or hand it over"
            " with the label app.kubernetes.io/managed-by=inference.gateway."
        )
    assert not litellm.written
    assert not kubernetes.written


def test_other_entries_of_a_secret_are_left_alone(
    litellm: LiteLLMStandIn, kubernetes: KubernetesStandIn, deliver: Run
) -> None:
    deliver()
    deliver(key_alias="frontend", secret=SECRET | {"key": "frontend"})
    assert deliver(state="absent")["changed"]
    assert list(kubernetes.secrets["apps", "backend-llm"]["data"]) == ["frontend"]
    assert deliver(key_alias="frontend", secret=SECRET | {"key": "frontend"}, state="absent")["changed"]
    assert not kubernetes.secrets


def test_two_keys_in_one_entry_are_an_error(
    litellm: LiteLLMStandIn, kubernetes: KubernetesStandIn, deliver: Run
) -> None:
    deliver()
    value = kubernetes.value("backend-llm")
    for state in ("present", "absent"):
        assert deliver(key_alias="frontend", state=state)["msg"] == (
            "Secret apps/backend-llm holds the key 'backend', not 'frontend': give each key its own."
        )
    assert kubernetes.value("backend-llm") == value


def test_labels_of_the_secret(litellm: LiteLLMStandIn, kubernetes: KubernetesStandIn, deliver: Run) -> None:
    deliver()
    value = kubernetes.value("backend-llm")
    labelled = deliver(secret=SECRET | {"labels": {"team": "search", "tier": 1, "live": True}})
    told = {"before": {"secret": "holds the key without all labels"}, "after": {"secret": "holds the key"}}
    assert labelled["diff"] == told
    assert kubernetes.secrets["apps", "backend-llm"]["metadata"]["labels"] == OURS | {
        "team": "search",
        "tier": "1",
        "live": "true",
    }
    assert kubernetes.value("backend-llm") == value
    assert not deliver(secret=SECRET | {"labels": {"team": "search"}})["changed"]


@pytest.mark.parametrize(
    ("kubeconfig", "sentence"),
    [
        (
            "/does/not/exist",
            "No Kubernetes cluster is known for Secret apps/backend-llm: check kubeconfig and context.",
        ),
        (
            {"clusters": 1, "current-context": "x", "contexts": 3},
            "The kubeconfig for Secret apps/backend-llm cannot be used",
        ),
        (OMIT, "No Kubernetes cluster is known for Secret apps/backend-llm"),
    ],
)
def test_a_kubeconfig_that_does_not_do(
    deliver: Run, monkeypatch: pytest.MonkeyPatch, kubeconfig: Any, sentence: str
) -> None:
    monkeypatch.setenv("HOME", "/does/not/exist")
    assert sentence in deliver(kubeconfig=kubeconfig)["msg"]


def test_a_cluster_that_does_not_answer(kubernetes: KubernetesStandIn, deliver: Run) -> None:
    kubeconfig = kubernetes.kubeconfig
    kubeconfig["clusters"][0]["cluster"]["server"] = "http://127.0.0.1:9"
    assert "No Kubernetes API can be reached for Secret apps/backend-llm" in deliver(kubeconfig=kubeconfig)["msg"]


def test_a_cluster_that_does_not_know_the_user(kubernetes: KubernetesStandIn, deliver: Run) -> None:
    kubeconfig = kubernetes.kubeconfig
    kubeconfig["users"][0]["user"]["token"] = "another"
    assert "does not answer for Secret apps/backend-llm: Unauthorized" in deliver(kubeconfig=kubeconfig)["msg"]


def test_a_successor_has_what_callbacks_authenticate_with(
    litellm: LiteLLMStandIn, run: Run, kubernetes: KubernetesStandIn, deliver: Run
) -> None:
    variables = {"langfuse_secret_key": "TOPSECRET"}
    metadata = {"logging": [{"callback_name": "langfuse", "callback_vars": variables}]}
    deliver(metadata=metadata)
    kept = litellm.key("backend")["metadata"]["logging"]
    # Without the metadata, the successor gets what LiteLLM has encrypted; with it, that once more.
    assert deliver(rotation={"generation": "2"})["changed"]
    assert litellm.key("backend")["metadata"]["logging"] == kept
    assert deliver(rotation={"generation": "3"}, metadata=metadata)["changed"]
    assert not deliver(rotation={"generation": "3"}, metadata=metadata)["changed"]
    assert "TOPSECRET" not in run.printed  # type: ignore[attr-defined]


@pytest.mark.parametrize("given", [f"{GIVEN}\n", f"  {GIVEN}\r\n"])
@pytest.mark.parametrize("module", ["litellm_key", "litellm_sync"])
def test_the_line_break_of_a_file_is_no_part_of_a_key(
    litellm: LiteLLMStandIn, kubernetes: KubernetesStandIn, run: Run, module: str, given: str
) -> None:
    key = {"key_alias": "backend", "key": given, "secret": SECRET}
    options = {"kubeconfig": kubernetes.kubeconfig, **(key if module == "litellm_key" else {"keys": [key]})}
    assert run(module, **options)["changed"]
    assert not run(module, **options)["changed"]
    assert litellm.key("backend")["token"] == digest(GIVEN)
    assert kubernetes.value("backend-llm") == GIVEN


@pytest.mark.parametrize("given", ["sk-gr\u00fcn", "sk-a b", "sk-a\nb", " ", "sk-\x7f"])
@pytest.mark.parametrize("module", ["litellm_key", "litellm_sync"])
def test_a_key_that_nobody_could_send(litellm: LiteLLMStandIn, run: Run, module: str, given: str) -> None:
    key = {"key_alias": "backend", "key": given}
    message = run(module, **(key if module == "litellm_key" else {"keys": [key]}))["msg"]
    assert "key is empty or holds characters that an HTTP header cannot carry: check where it is read." in message
    assert not litellm.written


def test_a_kubeconfig_as_a_dictionary_hides_nothing_else(kubernetes: KubernetesStandIn, run: Run) -> None:
    kubeconfig = json.loads(json.dumps(kubernetes.kubeconfig).replace("stand-in", "default"))
    fetch = {"env": [{"name": "CLOUD_SECRET", "value": "cloud-s3cret"}, {"name": "PROFILE", "value": "default"}]}
    kubeconfig["users"].append({"name": "other", "user": {"client-key-data": "S0VZ", "password": 4711, "exec": fetch}})
    secret = {"name": "v1-default", "namespace": "apps"}
    for module, options in (
        ("litellm_key", {"key_alias": "default-app", "secret": secret}),
        ("litellm_sync", {"keys": [{"key_alias": "default-app", "secret": secret}]}),
    ):
        result = run(module, kubeconfig=kubeconfig, **options)
        shown = json.dumps(result)
        assert "default-app" in shown
        assert result["invocation"]["module_args"]["kubeconfig"]["current-context"] == "default"
        for each in (TOKEN, "S0VZ", "4711", "cloud-s3cret"):
            assert each not in shown


@pytest.mark.parametrize("dump", [json.dumps, yaml.safe_dump])
def test_the_text_of_a_kubeconfig_is_refused(deliver: Run, kubernetes: KubernetesStandIn, dump: Any) -> None:
    result = deliver(kubeconfig=dump(kubernetes.kubeconfig))
    assert result["msg"] == (
        "kubeconfig is the text of a kubeconfig: give the path of its file, or what from_yaml makes of the text."
    )
